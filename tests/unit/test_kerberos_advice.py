"""What is advised for the codes of Kerberos, also those that no server of the tests sends."""

import pytest

from opswire._core import remctl as core
from opswire.errors import (
    GSSError,
    RemctlAuthenticationError,
    RemctlProtocolError,
    RemoteProtocolError,
)
from opswire.remctl import failures
from opswire.remctl.connecting.kerberos_advice import refusal

KRB5 = -1765328384 % (1 << 32)
CLOCKS = "set the clocks of this host and the server"
ANOTHER = "the server is another principal, or has another key"
NO_CREDENTIAL, DEFECTIVE, CREDENTIALS_EXPIRED, CONTEXT_EXPIRED, FAILURE = (
    number << 16 for number in (7, 10, 11, 12, 13)
)
BAD_SIGNATURE = 6 << 16
CALLING_ERROR = 1 << 24


@pytest.mark.parametrize(
    ("minor", "advice"),
    [
        (7, "check the name of the host, or its principal"),
        (32, "run kinit"),
        (33, CLOCKS),
        (37, CLOCKS),
        (35, ANOTHER),
        (41, ANOTHER),
        (44, ANOTHER),
        (45, ANOTHER),
        (141, "run kinit"),
        (140, "check KRB5CCNAME"),
        (156, ""),  # KRB5_KDC_UNREACH: the text says it all
    ],
)
def test_a_code_of_the_mechanism_decides(minor: int, advice: str) -> None:
    error = refusal("text", GSSError("text", FAILURE, KRB5 + minor), None)
    assert (error.text, error.advice) == ("text", advice)


@pytest.mark.parametrize(
    ("major", "advice"),
    [
        (NO_CREDENTIAL, "run kinit"),
        (NO_CREDENTIAL | CALLING_ERROR, "run kinit"),
        (DEFECTIVE, "run kinit"),
        (CREDENTIALS_EXPIRED, "run kinit"),
        (FAILURE, ""),
    ],
)
def test_else_that_of_gss_api_does(major: int, advice: str) -> None:
    assert refusal("text", GSSError("text", major, 0), None).advice == advice


@pytest.mark.parametrize("major", [CREDENTIALS_EXPIRED, CONTEXT_EXPIRED])
def test_a_ticket_that_expires_on_an_open_connection_is_told(major: int) -> None:
    """A library may notice it in our own octets, or in those that came."""
    below = GSSError("The context has expired", major, 0)
    received = RemoteProtocolError("refused", 0, core.SECURITY_REFUSED)
    received.__cause__ = below
    for doing, error in (("sending token", below), ("receiving token", received)):
        failure = failures.on_the_wire(doing, error)
        assert type(failure) is RemctlAuthenticationError
        assert str(failure) == (
            f"GSS-API error {doing}: The context has expired: run kinit, and connect again"
        )
        assert failure.__cause__ is error


def test_another_failure_on_an_open_connection_is_none_of_the_tickets() -> None:
    failure = failures.on_the_wire("sending token", GSSError("A bad signature", BAD_SIGNATURE, 0))
    assert type(failure) is RemctlProtocolError
    assert str(failure) == "GSS-API error sending token: A bad signature"
