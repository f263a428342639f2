"""The secrets that a program's values have under the names of secrets, to be removed by value."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from itertools import islice

from opswire.redaction.limits import (
    MAX_BITS,
    MAX_DEPTH,
    MAX_ITEMS,
    MAX_NODES,
    MAX_READ,
    MAX_SECRET_TEXT,
    MAX_SECRETS,
)
from opswire.redaction.members import CLOSED, is_secret_variable, items_of, plain_name
from opswire.redaction.names import is_identity, looks_random, may_be_secret_name
from opswire.redaction.spellings import SecretSearch, is_like_a_word
from opswire.redaction.texts import (
    inner_secrets,
    secrets_in,
    without_literals,
    without_secrets,
)
from opswire.redaction.watched_signals import pass_signal

REDACTED = "redacted"

# Whether a text is a secret by the names above it: not, if it looks like one, in any case.
_NO, _IF_RANDOM, _YES = range(3)


class Secrets:
    """The secrets that were found by name, to be removed by value.

    Args:
        scopes: the mappings to look through: local variables by name.
        constants: mappings of which only the texts are looked at: global variables by name.
        texts: what may have secrets in it: the words of exceptions.
    """

    def __init__(
        self,
        scopes: Iterable[Mapping[str, object]],
        constants: Iterable[Mapping[str, object]] = (),
        texts: Iterable[str] = (),
    ) -> None:
        """Look for secrets."""
        self._values: dict[str, str] = {}
        self._nodes, self._room, self._unread = MAX_NODES, MAX_SECRET_TEXT, MAX_READ
        scopes = list(scopes)
        # What is a variable itself comes first: the rest may be too much to search.
        for scope in (*scopes, *constants):
            self._look_at_texts(scope)
        for text in texts:
            self._read(text)
        for scope in scopes:
            self._look(scope, 0, _NO, "")
        self._last = "", ""
        self._search = SecretSearch(self._values, whole_words=True)
        self.longest = self._search.longest

    def redact(self, text: str) -> str:
        """Return the text without the known secrets, and without those that it names itself."""
        if text != self._last[0]:  # what an exception says is asked for again and again
            self._last = text, without_secrets(self._search.replace(text), REDACTED)
        return self._last[1]

    def redact_code(self, code: str) -> str:
        """Return source without the known secrets and those written out in it."""
        return without_literals(self._search.replace(code), REDACTED)

    def redact_values(self, text: str) -> str:
        """Return the text without the known secrets."""
        return self._search.replace(text)

    def _look_at_texts(self, scope: Mapping[str, object]) -> None:
        try:
            for name, value in list(scope.items()):
                if isinstance(value, (str, bytes)) and is_secret_variable(name, value):
                    self._keep(value, name)
        except BaseException:  # a namespace of the program's own making
            pass_signal()

    def _look(self, value: object, depth: int, telling: int, name: str) -> None:
        self._nodes -= 1
        if depth > MAX_DEPTH + 1 or self._nodes < 0:
            return
        try:
            if isinstance(value, (str, bytes, bytearray)):
                text = _decoded(value)
                if telling == _YES or (telling == _IF_RANDOM and looks_random(text)):
                    self._keep(text, name)
                else:
                    self._read(text)
            elif type(value) is int and telling == _YES and value.bit_length() <= MAX_BITS:
                self._add(str(value))
            elif value is None or isinstance(value, CLOSED):
                return
            else:
                pair = telling == _YES and isinstance(value, tuple) and len(value) == 2
                items = islice(items_of(value), min(MAX_ITEMS, self._nodes))
                for number, (_, under, item) in enumerate(items):
                    below = _telling(under, item, telling)
                    # auth=("user", "password"): the user's name may be in any sentence.
                    below = _IF_RANDOM if pair and number == 0 else below
                    self._look(item, depth + 1, below, plain_name(under) or name)
        except BaseException:  # a mapping of the program's own that fails
            pass_signal()

    def _read(self, text: str) -> None:
        """Keep the secrets that a text names itself."""
        self._unread -= len(text)
        if self._unread >= 0:
            for secret in secrets_in(text):
                self._add(secret)

    def _keep(self, value: str | bytes | bytearray, name: str) -> None:
        for secret in inner_secrets(_decoded(value), name):
            self._add(secret)
            # Of a key in many lines each may stand somewhere alone; not those that say what it is.
            lines = secret.splitlines()
            for line in lines if len(lines) > 1 else ():
                if not line.startswith("-----"):
                    self._add(line)

    def _add(self, secret: str) -> None:
        if secret in self._values or is_like_a_word(secret.strip()) or secret == REDACTED:
            return
        if len(self._values) < MAX_SECRETS and len(secret) <= self._room:
            self._room -= len(secret)
            self._values[secret] = REDACTED


def _telling(name: object, value: object, above: int) -> int:
    plain = plain_name(name)
    if is_secret_variable(name, value):
        return _YES
    if above:
        return _NO if plain and is_identity(plain) else above
    return _IF_RANDOM if may_be_secret_name(plain) else _NO


def _decoded(value: str | bytes | bytearray) -> str:
    return value if isinstance(value, str) else bytes(value).decode("utf-8", "replace")
