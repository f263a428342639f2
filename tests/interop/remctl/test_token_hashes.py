"""Tokens are tuples in every respect: as members of sets, as keys, in copies and pickles."""

import copy
import pickle
from collections.abc import Callable

import pytest

from opswire.remctl import Remctl
from opswire.remctl.results import RemctlOutput
from tests.servers.remctld import Remctld


@pytest.fixture
def tokens(client: Callable[..., Remctl], remctld: Remctld) -> list[RemctlOutput]:
    """Those of one command, the last one a "done"."""
    with client("127.0.0.1", remctld.port) as connection:
        connection.command(["test", "both"])
        return [*connection, connection.output()]


def test_equal_tokens_hash_equal(tokens: list[RemctlOutput]) -> None:
    """However each was made.  From Python 3.14 on a tuple keeps its hash."""
    assert {token.type for token in tokens} == {"output", "status", "done"}
    for token in tokens:
        for equal in (
            tuple(token),
            RemctlOutput(*token),
            copy.deepcopy(token),
            pickle.loads(pickle.dumps(token)),  # noqa: S301 - our own octets
            token._replace(error=None),
        ):
            assert equal == token
            assert hash(equal) == hash(token)
        assert {token: "found"}[tuple(token)] == "found"  # type: ignore[index]  # equal, of another class
        assert type(token) is RemctlOutput


def test_other_tokens_hash_otherwise(tokens: list[RemctlOutput]) -> None:
    """A hash of zero, which was never computed, would be the same for all."""
    assert len({hash(token) for token in tokens}) == len(set(tokens)) > 2
