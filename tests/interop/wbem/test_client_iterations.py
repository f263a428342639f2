"""Enumerations in pieces and in one answer: when a client pulls, what it holds, how it gives up."""

import threading
from typing import Any

import pytest

from opswire import wbem
from opswire.errors.wbem import STATUSES
from tests.interop.wbem.faces import FACES, opened
from tests.servers.scripted_http import Peer, ScriptedHTTP, cim, http, saying

PULL = {"use_pull_operations": True}
EITHER: dict[str, Any] = {"use_pull_operations": None}

pytestmark = pytest.mark.parametrize("face", FACES)


def part(operation: str, inner: str, context: str | None) -> bytes:
    """An answer of an enumeration in pieces."""
    end = "TRUE" if context is None else "FALSE"
    name = "" if context is None else f"<VALUE>{context}</VALUE>"
    return http(
        cim(
            operation,
            f"<IRETURNVALUE>{inner}</IRETURNVALUE>"
            '<PARAMVALUE NAME="EndOfSequence" PARAMTYPE="boolean">'
            f"<VALUE>{end}</VALUE></PARAMVALUE>"
            f'<PARAMVALUE NAME="EnumerationContext" PARAMTYPE="string">{name}</PARAMVALUE>',
        )
    )


PATH = (
    "<INSTANCEPATH><NAMESPACEPATH><HOST>h</HOST><LOCALNAMESPACEPATH>"
    '<NAMESPACE NAME="n"/></LOCALNAMESPACEPATH></NAMESPACEPATH><INSTANCENAME CLASSNAME="A">'
    '<KEYBINDING NAME="k"><KEYVALUE>1</KEYVALUE></KEYBINDING></INSTANCENAME></INSTANCEPATH>'
)
NAME = PATH[PATH.index("<INSTANCENAME") : -len("</INSTANCEPATH>")]


def refusal(operation: str, code: int) -> bytes:
    """An error."""
    return http(cim(operation, f'<ERROR CODE="{code}" DESCRIPTION="no"/>'))


@pytest.mark.parametrize("code", STATUSES)
def test_pulling_is_given_up_for_two_errors_of_the_first_request_alone(
    face: str, code: int
) -> None:
    opening = "OpenEnumerateInstancePaths"
    names = http(cim("EnumerateInstanceNames", f"<IRETURNVALUE>{NAME}</IRETURNVALUE>"))
    answers = [saying(refusal(opening, code)), saying(names)]
    with ScriptedHTTP(*answers) as server, opened(face, server.url, **EITHER) as client:
        if code not in (1, 7):
            with pytest.raises(wbem.CIMError):
                list(client.IterEnumerateInstancePaths("A"))
            return
        for _ in range(2):
            [path] = client.IterEnumerateInstancePaths("A")
            assert (path.namespace, path.host) == ("root/cimv2", client.host)
        asked = [head.split("CIMMethod: ")[1].split()[0] for head, _ in server.requests]
        assert asked == [opening, "EnumerateInstanceNames", "EnumerateInstanceNames"]


def test_once_there_was_an_enumeration_an_error_is_an_error(face: str) -> None:
    opening = "OpenEnumerateInstancePaths"
    answers = [saying(part(opening, PATH, None)), saying(refusal(opening, 1))]
    with ScriptedHTTP(*answers) as server, opened(face, server.url, **EITHER) as client:
        assert len(list(client.IterEnumerateInstancePaths("A"))) == 1
        with pytest.raises(wbem.CIMError):
            list(client.IterEnumerateInstancePaths("A"))


def test_an_expired_enumeration_says_what_it_was_and_how_far(face: str) -> None:
    answers = [
        saying(part("OpenEnumerateInstancePaths", PATH * 3, "c1")),
        saying(part("PullInstancePaths", PATH * 2, "c2")),
        saying(refusal("PullInstancePaths", 21)),
    ]
    with ScriptedHTTP(*answers) as server, opened(face, server.url, **PULL) as client:
        found = []
        with pytest.raises(wbem.CIMError) as caught:
            found.extend(client.IterEnumerateInstancePaths("A", namespace="root/b"))
    text = str(caught.value)
    assert text.endswith("(PullInstancePaths of A in root/b, after 5 objects)")
    assert "CIM_ERR_INVALID_ENUMERATION_CONTEXT" in text


def test_objects_are_given_before_the_answer_is_at_its_end(face: str) -> None:
    """The rest of the answer is not sent before the first object is there."""
    go_on = threading.Event()
    whole = http(cim("EnumerateInstanceNames", f"<IRETURNVALUE>{NAME * 1000}</IRETURNVALUE>"))

    def answer(peer: Peer) -> None:
        peer.send(whole[:2000])
        assert go_on.wait(20)
        peer.send(whole[2000:])

    with ScriptedHTTP(answer) as server, opened(face, server.url) as client:
        found = client.IterEnumerateInstancePaths("A")
        assert next(found).classname == "A"
        go_on.set()
        assert len(list(found)) == 999


def test_an_iteration_that_is_given_up_closes_the_enumeration(face: str) -> None:
    answers = [
        saying(part("OpenEnumerateInstancePaths", PATH * 3, "c1")),
        saying(http(cim("CloseEnumeration", ""))),
    ]
    with ScriptedHTTP(*answers) as server, opened(face, server.url, **PULL) as client:
        found = client.IterEnumerateInstancePaths("A")
        next(found)
        found.close()
        assert "CIMMethod: CloseEnumeration" in server.requests[-1][0]
        assert b"<VALUE>c1</VALUE>" in server.requests[-1][1]


def test_a_query_is_iterated_over_in_pieces(face: str) -> None:
    instance = '<INSTANCE CLASSNAME="R"></INSTANCE>'
    answers = [
        saying(part("OpenQueryInstances", instance, "c1")),
        saying(part("PullInstances", instance * 2, None)),
    ]
    with ScriptedHTTP(*answers) as server, opened(face, server.url, **EITHER) as client:
        result = client.IterQueryInstances("DMTF:CQL", "select * from R")
        assert result.query_result_class is None
        assert [each.path for each in result.generator] == [None] * 3


@pytest.mark.parametrize(
    "inner",
    [
        "",
        '<PARAMVALUE NAME="EndOfSequence" PARAMTYPE="boolean"><VALUE>FALSE</VALUE></PARAMVALUE>',
        '<PARAMVALUE NAME="EnumerationContext"><VALUE>x</VALUE></PARAMVALUE>',
    ],
)
def test_an_enumeration_that_does_not_say_how_it_goes_on_is_refused(face: str, inner: str) -> None:
    body = cim("OpenEnumerateInstancePaths", f"<IRETURNVALUE/>{inner}")
    with (
        ScriptedHTTP(saying(http(body))) as server,
        opened(face, server.url) as client,
        pytest.raises(wbem.CIMXMLParseError, match="the answer has no E"),
    ):
        client.OpenEnumerateInstancePaths("A")
