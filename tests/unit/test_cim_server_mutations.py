"""Requests that are broken in thousands of places: each is refused, or answered with a message."""

from random import Random
from typing import Any

import pytest

from opswire import wbem
from opswire._core.cimxml import imethodcall, methodcall
from opswire.wbem.embedded import Exchange, Refused, Repository, add_interop
from tests.wbem.asking import headers, octets
from tests.wbem.disks import NAMESPACE, fill

ROUNDS = 400
SDA = wbem.CIMInstanceName("TST_Disk", {"ID": "sda"}, namespace=NAMESPACE)
C0 = wbem.CIMInstanceName("TST_Controller", {"ID": "c0"})
PIECES = [b"<", b">", b'"', b"&amp;", b"\0", b"\xff", b"0", b"-1", b"TRUE", b"", b"<VALUE/>", b"/>"]
NEW = wbem.CIMInstance("TST_Disk", {"ID": "new", "Size": wbem.Uint64(3), "Names": ["a", None]})
CHANGED = wbem.CIMInstance("TST_Disk", {"Ready": False}, path=SDA)
REQUESTS: dict[str, dict[str, Any]] = {
    "GetInstance": {"InstanceName": SDA, "PropertyList": ["ID", "Size"]},
    "CreateInstance": {"NewInstance": NEW},
    "ModifyInstance": {"ModifiedInstance": CHANGED, "PropertyList": ["Ready"]},
    "Associators": {"ObjectName": C0, "ResultClass": wbem.CIMClassName("TST_Disk"), "Role": "x"},
    "CreateClass": {"NewClass": wbem.CIMClass("TST_New", superclass="TST_Disk")},
    "OpenEnumerateInstances": {"ClassName": wbem.CIMClassName("TST_Disk"), "MaxObjectCount": 1},
    "ExecQuery": {"QueryLanguage": "WQL", "Query": "SELECT ID FROM TST_Disk WHERE Size > 5"},
}


def mutated(body: bytes, random: Random) -> bytes:
    """The same with something cut, doubled or put in."""
    start = random.randrange(len(body))
    end = min(len(body), start + random.randrange(40))
    match random.randrange(3):
        case 0:
            return body[:start] + body[end:]
        case 1:
            return body[:start] + body[start:end] * 2 + body[end:]
        case _:
            return body[:start] + random.choice(PIECES) + body[end:]


def survived(exchange: Exchange, told: dict[str, str], body: bytes) -> None:
    """Whether there is an answer, and the server would go on."""
    try:
        answer = octets(exchange, told, body)
    except Refused as refused:
        status = refused.status
    else:
        status = 200
        assert wbem.parse(answer).parts
    assert status in {200, 400, 501}


@pytest.mark.parametrize("operation", REQUESTS)
@pytest.mark.filterwarnings("ignore::opswire.errors.wbem.Warning")
def test_a_broken_request_breaks_nothing(operation: str, caplog: pytest.LogCaptureFixture) -> None:
    random = Random(operation)  # noqa: S311 - the same in every run
    repository = Repository()
    add_interop(repository)
    fill(repository)
    exchange = Exchange(repository)
    body = imethodcall("7", operation, NAMESPACE, REQUESTS[operation].items())
    for _ in range(ROUNDS):
        broken = mutated(body, random)
        survived(exchange, headers(operation), broken)
        survived(exchange, headers(operation), mutated(broken, random))
    assert not caplog.records  # nothing came that nobody had thought of


@pytest.mark.filterwarnings("ignore::opswire.errors.wbem.Warning")
def test_a_broken_call_of_a_method_breaks_nothing(caplog: pytest.LogCaptureFixture) -> None:
    random = Random("Check")  # noqa: S311 - a run that repeats
    repository = Repository()
    fill(repository)
    exchange = Exchange(repository)
    body = methodcall("7", "Check", SDA, [wbem.CIMParameter("Depth", "uint32", value=4)])
    for _ in range(ROUNDS):
        survived(exchange, headers("Check", f"{NAMESPACE}:TST_Disk"), mutated(body, random))
    assert not caplog.records
