"""Enumerations that are open between two pulls: bounded in number and in time."""

from collections.abc import Iterator
from typing import Any

import pytest

from opswire import wbem
from opswire.wbem.embedded import Exchange, Repository
from opswire.wbem.embedded.contexts import DEFAULT_SECONDS, LONGEST_SECONDS, MAX_OPEN, Contexts
from tests.wbem.asking import asked, output
from tests.wbem.disks import NAMESPACE, fill

DISKS = wbem.CIMClassName("TST_Disk")
C0 = wbem.CIMInstanceName("TST_Controller", {"ID": "c0"})


class Clock:
    """Seconds that a test sets."""

    now = 0.0

    def __call__(self) -> float:
        """Return them."""
        return self.now


@pytest.fixture
def clock() -> Clock:
    """A clock that stands."""
    return Clock()


@pytest.fixture
def exchange(clock: Clock) -> Exchange:
    """One with the disks."""
    repository = Repository()
    fill(repository)
    made = Exchange(repository)
    made.contexts = Contexts(clock)
    return made


def opened(exchange: Exchange, operation: str = "OpenEnumerateInstances", **given: Any) -> Any:
    """The answer to an Open…, and its context."""
    given = {"ClassName": DISKS, **given} if operation.startswith("OpenEnum") else given
    message = asked(exchange, operation, **given)
    return message, output(message, "EnumerationContext")


def pulled(exchange: Exchange, context: str, count: int, **given: Any) -> wbem.Message:
    """The answer to a Pull…."""
    operation = given.pop("operation", "PullInstancesWithPath")
    return asked(exchange, operation, EnumerationContext=context, MaxObjectCount=count, **given)


def status(exchange: Exchange, operation: str, **given: Any) -> int:
    """The status of a refused operation."""
    with pytest.raises(wbem.CIMError) as caught:
        asked(exchange, operation, **given)
    return caught.value.status_code


@pytest.mark.parametrize("first", [None, 0, 1, 2])
@pytest.mark.parametrize("count", [1, 2, 100])
def test_portions_together_are_the_whole(exchange: Exchange, first: int | None, count: int) -> None:
    message, context = opened(exchange, MaxObjectCount=first)
    found = list(message.objects)
    assert len(found) == (first or 0)
    while not output(message, "EndOfSequence"):
        assert len(exchange.contexts) == 1
        message = pulled(exchange, context, count)
        assert len(message.objects) <= count
        found += message.objects
    assert [each["ID"] for each in found] == ["sda", "sdb", "nvme\u00fc0"]
    assert {each.path.host for each in found} == {"localhost"}
    assert output(message, "EnumerationContext") is None
    assert len(exchange.contexts) == 0


def test_an_enumeration_that_fits_is_over_at_once(exchange: Exchange) -> None:
    message, context = opened(exchange, MaxObjectCount=3)
    assert (output(message, "EndOfSequence"), context) == (True, None)


@pytest.mark.parametrize(
    ("operation", "given", "count"),
    [
        ("OpenEnumerateInstancePaths", {}, 3),
        ("OpenAssociatorInstancePaths", {"InstanceName": C0}, 2),
        ("OpenReferenceInstancePaths", {"InstanceName": C0, "Role": "Controller"}, 2),
        ("OpenAssociatorInstances", {"InstanceName": C0, "PropertyList": ["ID"]}, 2),
        ("OpenReferenceInstances", {"InstanceName": C0}, 2),
    ],
)
def test_every_kind_is_pulled(
    exchange: Exchange, operation: str, given: dict[str, Any], count: int
) -> None:
    paths = operation.endswith("Paths")
    message, context = opened(exchange, operation, MaxObjectCount=1, **given)
    found = list(message.objects)
    pull = "PullInstancePaths" if paths else "PullInstancesWithPath"
    found += pulled(exchange, context, 100, operation=pull).objects
    assert len(found) == count
    assert all(isinstance(each, wbem.CIMInstanceName) is paths for each in found)


def test_a_query_is_pulled_and_tells_its_class(exchange: Exchange) -> None:
    message, context = opened(
        exchange,
        "OpenQueryInstances",
        FilterQueryLanguage="DMTF:CQL",
        FilterQuery="SELECT ID FROM TST_Disk",
        ReturnQueryResultClass=True,
        MaxObjectCount=1,
    )
    assert list(output(message, "QueryResultClass").properties) == ["ID"]
    found = message.objects + pulled(exchange, context, 9, operation="PullInstances").objects
    assert [each["ID"] for each in found] == ["sda", "sdb", "nvme\u00fc0"]


def test_a_context_is_for_its_own_pull_and_namespace(exchange: Exchange) -> None:
    _, context = opened(exchange)
    given = {"EnumerationContext": context, "MaxObjectCount": 1}
    assert status(exchange, "PullInstancePaths", **given) == 21
    assert status(exchange, "PullInstances", **given) == 21
    exchange.repository.add_namespace("root/other")
    assert status(exchange, "PullInstancesWithPath", namespace="root/other", **given) == 21
    assert len(pulled(exchange, context, 1).objects) == 1


def test_a_closed_enumeration_is_gone(exchange: Exchange) -> None:
    _, context = opened(exchange)
    asked(exchange, "CloseEnumeration", EnumerationContext=context)
    assert status(exchange, "CloseEnumeration", EnumerationContext=context) == 21
    given = {"EnumerationContext": context, "MaxObjectCount": 1}
    assert status(exchange, "PullInstancesWithPath", **given) == 21


def test_an_abandoned_enumeration_expires_and_ends_its_provider(
    exchange: Exchange, clock: Clock
) -> None:
    ended = []

    def disks() -> Iterator[wbem.CIMInstance]:
        try:
            for number in range(100):
                yield wbem.CIMInstance("TST_Made", {"ID": str(number)})
        finally:
            ended.append(True)

    exchange.repository.add(wbem.CIMClass("TST_Made", superclass="TST_Disk"))
    exchange.repository.instances("TST_Made")(disks)
    _, context = opened(
        exchange, ClassName=wbem.CIMClassName("TST_Made"), MaxObjectCount=1, OperationTimeout=5
    )
    clock.now = 4.9
    assert len(pulled(exchange, context, 1).objects) == 1  # which begins the 5 s again
    clock.now = 9.8
    assert len(pulled(exchange, context, 1).objects) == 1
    assert not ended
    clock.now = 14.9
    given = {"EnumerationContext": context, "MaxObjectCount": 1}
    assert status(exchange, "PullInstancesWithPath", **given) == 21
    assert ended == [True]


def test_what_xml_cannot_carry_ends_its_enumeration(
    exchange: Exchange, caplog: pytest.LogCaptureFixture
) -> None:
    exchange.repository.add(wbem.CIMClass("TST_Made", superclass="TST_Disk"))
    exchange.repository.instances("TST_Made")(
        lambda: (wbem.CIMInstance("TST_Made", {"ID": each}) for each in ("a", "\0", "c"))
    )
    made = wbem.CIMClassName("TST_Made")
    _, context = opened(exchange, ClassName=made, MaxObjectCount=1)
    # The log holds the exception, and so all that was on the way.
    assert (
        status(exchange, "PullInstancesWithPath", EnumerationContext=context, MaxObjectCount=2) == 1
    )
    assert caplog.records
    assert len(exchange.contexts) == 0


def test_without_a_wish_it_is_the_default(exchange: Exchange, clock: Clock) -> None:
    opened(exchange)
    clock.now = DEFAULT_SECONDS
    exchange.contexts.look()
    assert len(exchange.contexts) == 1
    clock.now = DEFAULT_SECONDS + 0.1
    exchange.contexts.look()
    assert len(exchange.contexts) == 0


@pytest.mark.parametrize(
    ("given", "code"),
    [
        ({"OperationTimeout": 0}, 22),
        ({"OperationTimeout": LONGEST_SECONDS + 1}, 22),
        ({"ContinueOnError": True}, 26),
        ({"FilterQueryLanguage": "DMTF:FQL", "FilterQuery": "a = 1"}, 25),
        ({"MaxObjectCount": -1}, 4),
    ],
    ids=str,
)
def test_what_is_not_offered_has_its_own_status(
    exchange: Exchange, given: dict[str, Any], code: int
) -> None:
    assert status(exchange, "OpenEnumerateInstances", ClassName=DISKS, **given) == code
    assert len(exchange.contexts) == 0


def test_an_open_of_associations_knows_if_its_instance_exists(exchange: Exchange) -> None:
    gone = wbem.CIMInstanceName("TST_Disk", {"ID": "gone"})
    assert status(exchange, "OpenAssociatorInstances", InstanceName=gone) == 6


def test_nobody_can_open_more_than_there_may_be(exchange: Exchange) -> None:
    contexts = [opened(exchange)[1] for _ in range(MAX_OPEN)]
    assert status(exchange, "OpenEnumerateInstances", ClassName=DISKS) == 27
    asked(exchange, "CloseEnumeration", EnumerationContext=contexts[0])
    opened(exchange)
    assert len(exchange.contexts) == MAX_OPEN


def test_two_cannot_pull_at_once(exchange: Exchange) -> None:
    _, context = opened(exchange)
    enumeration = exchange.contexts.take(context, "pullinstanceswithpath", NAMESPACE)
    given = {"EnumerationContext": context, "MaxObjectCount": 1}
    assert status(exchange, "PullInstancesWithPath", **given) == 1
    assert status(exchange, "CloseEnumeration", EnumerationContext=context) == 24
    exchange.contexts.done(context, enumeration)
    assert len(pulled(exchange, context, 1).objects) == 1


def test_how_many_are_left_nobody_knows(exchange: Exchange) -> None:
    _, context = opened(exchange)
    assert status(exchange, "EnumerationCount", EnumerationContext=context) == 7
