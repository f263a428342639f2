"""The embedded CIM server without HTTP: each operation, octets in and octets out."""

import logging
from collections.abc import Iterator
from typing import Any

import pytest

from opswire import wbem
from opswire._core.cimxml import imethodcall
from opswire.wbem.embedded import Exchange, Repository, add_interop
from tests.wbem.asking import asked, headers, invoked, octets, output
from tests.wbem.disks import NAMESPACE, attached, fill, key

SDA = wbem.CIMInstanceName("TST_Disk", {"ID": "sda"}, namespace=NAMESPACE)
NVME = wbem.CIMInstanceName("TST_FastDisk", {"ID": "nvme\u00fc0"}, namespace=NAMESPACE)
C0 = wbem.CIMInstanceName("TST_Controller", {"ID": "c0"}, namespace=NAMESPACE)
DISKS = wbem.CIMClassName("TST_Disk")


@pytest.fixture
def exchange() -> Exchange:
    """One with the disks."""
    repository = Repository()
    add_interop(repository)
    fill(repository)
    return Exchange(repository)


def refused(status: int, exchange: Exchange, operation: str, **parameters: Any) -> str:
    """The words of the error that an operation is answered with."""
    with pytest.raises(wbem.CIMError) as caught:
        asked(exchange, operation, **parameters)
    assert caught.value.status_code == status, caught.value
    return caught.value.status_description


def names(found: wbem.Message) -> list[str]:
    """The values of ID."""
    return [each["ID"] for each in found.objects]


# -- instances --


def test_an_instance_has_all_properties_of_its_class_in_their_order(exchange: Exchange) -> None:
    [found] = asked(exchange, "GetInstance", InstanceName=NVME).objects
    assert list(found.items()) == [
        ("ID", "nvme\u00fc0"),
        ("Size", None),
        ("Ready", True),  # the default of the class
        ("Names", None),
        ("Speed", 7),
    ]


def test_only_the_properties_of_the_list_come_in_any_case(exchange: Exchange) -> None:
    [found] = asked(exchange, "GetInstance", InstanceName=SDA, PropertyList=["SIZE", "no"]).objects
    assert list(found.keys()) == ["Size"]
    [found] = asked(exchange, "GetInstance", InstanceName=SDA, PropertyList=[]).objects
    assert list(found.keys()) == []


def test_where_each_property_comes_from_is_told_when_asked(exchange: Exchange) -> None:
    [found] = asked(exchange, "GetInstance", InstanceName=NVME, IncludeClassOrigin=True).objects
    origins = {each.name: each.class_origin for each in found.properties.values()}
    assert origins["Speed"] == "TST_FastDisk"
    assert origins["Size"] == "TST_Disk"
    [found] = asked(exchange, "GetInstance", InstanceName=NVME).objects
    assert found.properties["Speed"].class_origin is None


@pytest.mark.parametrize("deep", [True, False])
def test_subclasses_are_enumerated_with_or_without_what_is_theirs(
    exchange: Exchange, deep: bool
) -> None:
    found = asked(exchange, "EnumerateInstances", ClassName=DISKS, DeepInheritance=deep)
    assert names(found) == ["sda", "sdb", "nvme\u00fc0"]
    assert ("Speed" in found.objects[2]) is deep
    assert [each.path.classname for each in found.objects][2] == "TST_FastDisk"


def test_the_paths_of_an_enumeration_find_their_instances(exchange: Exchange) -> None:
    found = asked(exchange, "EnumerateInstanceNames", ClassName=DISKS).objects
    for path in found:
        [instance] = asked(exchange, "GetInstance", InstanceName=path).objects
        assert instance["ID"] == path["ID"]


def test_keys_are_found_however_a_client_types_them(exchange: Exchange) -> None:
    exchange.repository.add(
        wbem.CIMClass(
            "TST_Keys",
            [
                wbem.CIMProperty("Number", None, "uint16", qualifiers=[key()]),
                wbem.CIMProperty("Flag", None, "boolean", qualifiers=[key()]),
                wbem.CIMProperty("At", None, "datetime", qualifiers=[key()]),
            ],
        ),
        wbem.CIMInstance(
            "TST_Keys",
            {
                "Number": wbem.Uint16(16),
                "Flag": True,
                "At": wbem.CIMDateTime("20260102030405.000006+060"),
            },
        ),
    )
    for number, flag in ((16, True), ("16", "true"), (wbem.Uint64(16), True)):
        path = wbem.CIMInstanceName(
            "tst_keys", {"NUMBER": number, "flag": flag, "at": "20260102030405.000006+060"}
        )
        assert asked(exchange, "GetInstance", InstanceName=path).objects
    path = wbem.CIMInstanceName("TST_Keys", {"Number": "many", "Flag": True, "At": "x"})
    assert "TST_Keys.Number" in refused(4, exchange, "GetInstance", InstanceName=path)


def test_the_only_key_may_come_without_its_name(exchange: Exchange) -> None:
    path = wbem.CIMInstanceName("TST_Disk", wbem.NocaseDict())
    path.keybindings.allow_unnamed_keys = True
    path.keybindings[None] = "sda"
    assert asked(exchange, "GetInstance", InstanceName=path).objects[0]["ID"] == "sda"


def test_an_instance_is_created_changed_and_deleted(exchange: Exchange) -> None:
    new = wbem.CIMInstance("tst_disk", {"id": "new", "Size": wbem.Uint64(1)})
    [path] = asked(exchange, "CreateInstance", NewInstance=new).objects
    assert path == wbem.CIMInstanceName("TST_Disk", {"ID": "new"})
    changed = wbem.CIMInstance("TST_Disk", {"Size": wbem.Uint64(2), "Ready": False}, path=path)
    asked(exchange, "ModifyInstance", ModifiedInstance=changed, PropertyList=["Size"])
    [found] = asked(exchange, "GetInstance", InstanceName=path).objects
    assert (found["Size"], found["Ready"]) == (2, True)
    asked(exchange, "ModifyInstance", ModifiedInstance=changed)
    [found] = asked(exchange, "GetInstance", InstanceName=path).objects
    assert (found["ID"], found["Size"], found["Ready"]) == ("new", 2, False)
    asked(exchange, "DeleteInstance", InstanceName=path)
    refused(6, exchange, "GetInstance", InstanceName=path)
    refused(6, exchange, "DeleteInstance", InstanceName=path)
    refused(6, exchange, "ModifyInstance", ModifiedInstance=changed)


def test_who_has_an_instance_keeps_it_as_it_was(exchange: Exchange) -> None:
    store = exchange.repository.namespace(NAMESPACE).instances
    before, _ = store.get(SDA)
    changed = wbem.CIMInstance("TST_Disk", {"Size": wbem.Uint64(2)}, path=SDA)
    asked(exchange, "ModifyInstance", ModifiedInstance=changed)
    assert before["Size"] == 512


@pytest.mark.parametrize(
    ("status", "instance"),
    [
        (11, wbem.CIMInstance("TST_Disk", {"ID": "sda"})),
        (5, wbem.CIMInstance("TST_None", {"ID": "x"})),
        (12, wbem.CIMInstance("TST_Disk", {"ID": "x", "Colour": "red"})),
        (13, wbem.CIMInstance("TST_Disk", {"ID": "x", "Size": "large"})),
        (13, wbem.CIMInstance("TST_Disk", {"ID": "x", "Names": "one"})),
        (4, wbem.CIMInstance("TST_Disk", {"Size": wbem.Uint64(1)})),
    ],
    ids=["exists", "class", "property", "type", "array", "key"],
)
def test_an_instance_that_cannot_be_is_refused(
    exchange: Exchange, status: int, instance: wbem.CIMInstance
) -> None:
    refused(status, exchange, "CreateInstance", NewInstance=instance)


def test_a_key_cannot_be_changed(exchange: Exchange) -> None:
    changed = wbem.CIMInstance("TST_Disk", {"ID": "other"})
    changed.path = SDA
    assert "ID is a key" in refused(7, exchange, "ModifyInstance", ModifiedInstance=changed)


# -- classes and qualifiers --


@pytest.mark.parametrize(
    ("local", "shown"), [(None, ["Speed"]), (False, ["ID", "Size", "Ready", "Names", "Speed"])]
)
def test_a_class_is_shown_with_or_without_what_it_inherits(
    exchange: Exchange, local: bool | None, shown: list[str]
) -> None:
    name = wbem.CIMClassName("TST_FastDisk")
    [found] = asked(exchange, "GetClass", ClassName=name, LocalOnly=local).objects
    assert [each.name for each in found.properties.values()] == shown
    assert found.superclass == "TST_Disk"
    assert ("Check" in found.methods) is (local is False)
    inherited = "Description" in found.qualifiers
    assert inherited is (local is False)
    assert "Version" not in found.qualifiers  # which is not for subclasses


def test_qualifiers_and_origins_come_as_asked(exchange: Exchange) -> None:
    name = wbem.CIMClassName("TST_FastDisk")
    asked_for: dict[str, Any] = {"ClassName": name, "LocalOnly": False}
    [found] = asked(exchange, "GetClass", **asked_for, IncludeClassOrigin=True).objects
    assert found.properties["ID"].qualifiers["Key"].propagated is True
    assert found.properties["ID"].propagated is True
    assert found.properties["ID"].class_origin == "TST_Disk"
    assert found.methods["Check"].class_origin == "TST_Disk"
    [found] = asked(exchange, "GetClass", **asked_for, IncludeQualifiers=False).objects
    assert not found.properties["ID"].qualifiers
    assert found.properties["ID"].class_origin is None
    # What one client was shown takes nothing away from the next.
    [found] = asked(exchange, "GetClass", **asked_for).objects
    assert found.properties["ID"].qualifiers["Key"].value is True


def test_a_property_list_leaves_methods(exchange: Exchange) -> None:
    [found] = asked(exchange, "GetClass", ClassName=DISKS, PropertyList=["size"]).objects
    assert [each.name for each in found.properties.values()] == ["Size"]
    assert "Check" in found.methods


@pytest.mark.parametrize(
    ("classname", "deep", "found"),
    [
        (None, False, ["TST_Disk", "TST_Controller", "TST_Attached"]),
        (None, True, ["TST_Disk", "TST_FastDisk", "TST_Controller", "TST_Attached"]),
        ("tst_disk", False, ["TST_FastDisk"]),
        ("TST_FastDisk", True, []),
    ],
)
def test_classes_are_enumerated_a_level_or_all(
    exchange: Exchange, classname: str | None, deep: bool, found: list[str]
) -> None:
    below: dict[str, Any] = {
        "ClassName": classname and wbem.CIMClassName(classname),
        "DeepInheritance": deep,
    }
    listed = asked(exchange, "EnumerateClassNames", **below).objects
    assert [each.classname for each in listed] == found
    whole = asked(exchange, "EnumerateClasses", **below).objects
    assert [each.classname for each in whole] == found


def test_classes_come_and_go(exchange: Exchange) -> None:
    made = wbem.CIMClass(
        "TST_Slow", [wbem.CIMProperty("Age", None, "uint8")], superclass="TST_Disk"
    )
    asked(exchange, "CreateClass", NewClass=made)
    refused(11, exchange, "CreateClass", NewClass=made)
    instance = wbem.CIMInstance("TST_Slow", {"ID": "floppy", "Age": wbem.Uint8(40)})
    [path] = asked(exchange, "CreateInstance", NewInstance=instance).objects
    name = wbem.CIMClassName("TST_Slow")
    refused(9, exchange, "DeleteClass", ClassName=name)
    refused(9, exchange, "ModifyClass", ModifiedClass=made)
    asked(exchange, "DeleteInstance", InstanceName=path)
    made.properties["Year"] = wbem.CIMProperty("Year", None, "uint16")
    asked(exchange, "ModifyClass", ModifiedClass=made)
    [found] = asked(exchange, "GetClass", ClassName=name).objects
    assert [each.name for each in found.properties.values()] == ["Age", "Year"]
    asked(exchange, "DeleteClass", ClassName=name)
    refused(6, exchange, "GetClass", ClassName=name)
    refused(6, exchange, "DeleteClass", ClassName=name)
    refused(6, exchange, "ModifyClass", ModifiedClass=made)


def test_a_class_with_subclasses_stays(exchange: Exchange) -> None:
    made = wbem.CIMClass("TST_Top", [wbem.CIMProperty("ID", None, "string", qualifiers=[key()])])
    exchange.repository.add(made, wbem.CIMClass("TST_Below", superclass="TST_Top"))
    refused(8, exchange, "DeleteClass", ClassName=wbem.CIMClassName("TST_Top"))
    refused(8, exchange, "ModifyClass", ModifiedClass=made)
    other = wbem.CIMClass("TST_Other", superclass="TST_None")
    refused(10, exchange, "CreateClass", NewClass=other)


def test_qualifier_declarations_come_and_go(exchange: Exchange) -> None:
    assert "Key" in [each.name for each in asked(exchange, "EnumerateQualifiers").objects]
    made = wbem.CIMQualifierDeclaration("Colour", "string", scopes={"any": True})
    asked(exchange, "SetQualifier", QualifierDeclaration=made)
    [found] = asked(exchange, "GetQualifier", QualifierName="colour").objects
    assert (found.name, found.type) == ("Colour", "string")
    asked(exchange, "DeleteQualifier", QualifierName="Colour")
    refused(6, exchange, "GetQualifier", QualifierName="Colour")
    refused(6, exchange, "DeleteQualifier", QualifierName="Colour")


# -- associations --


def test_associations_are_followed(exchange: Exchange) -> None:
    found = asked(exchange, "Associators", ObjectName=C0).objects
    assert [each["ID"] for each in found] == ["sda", "nvme\u00fc0"]
    assert {each.path.host for each in found} == {"localhost"}
    paths = asked(exchange, "AssociatorNames", ObjectName=C0).objects
    assert [(each.classname, each["ID"]) for each in paths] == [
        ("TST_Disk", "sda"),
        ("TST_FastDisk", "nvme\u00fc0"),
    ]
    assert len(asked(exchange, "References", ObjectName=C0).objects) == 2
    [back] = asked(exchange, "ReferenceNames", ObjectName=SDA).objects
    assert back["Controller"]["ID"] == "c0"


@pytest.mark.parametrize(
    ("restriction", "count"),
    [
        ({"ResultClass": "TST_FastDisk"}, 1),
        ({"ResultClass": "TST_Disk"}, 2),
        ({"ResultClass": "TST_Controller"}, 0),
        ({"AssocClass": "TST_Attached"}, 2),
        ({"Role": "controller"}, 2),
        ({"Role": "Disk"}, 0),
        ({"ResultRole": "DISK"}, 2),
        ({"ResultRole": "Controller"}, 0),
    ],
    ids=str,
)
def test_associations_are_restricted(
    exchange: Exchange, restriction: dict[str, str], count: int
) -> None:
    asked_for: dict[str, Any] = {
        name: wbem.CIMClassName(value) if name.endswith("Class") else value
        for name, value in restriction.items()
    }
    found = asked(exchange, "AssociatorNames", ObjectName=C0, **asked_for).objects
    assert len(found) == count


def test_classes_are_associated_too(exchange: Exchange) -> None:
    controllers = wbem.CIMClassName("TST_Controller")
    [found] = asked(exchange, "AssociatorNames", ObjectName=controllers).objects
    assert found.classname == "TST_Disk"
    fast = wbem.CIMClassName("TST_FastDisk")
    [found] = asked(exchange, "Associators", ObjectName=fast).objects
    assert (found.classname, found.path.host) == ("TST_Controller", "localhost")
    [found] = asked(exchange, "ReferenceNames", ObjectName=fast).objects
    assert found.classname == "TST_Attached"
    [found] = asked(exchange, "References", ObjectName=controllers).objects
    assert "Disk" in found.properties


def test_what_an_association_outlives_has_a_path_and_no_instance(exchange: Exchange) -> None:
    exchange.repository.add(attached("c0", "TST_Disk", "gone"))
    assert len(asked(exchange, "AssociatorNames", ObjectName=C0).objects) == 3
    assert len(asked(exchange, "Associators", ObjectName=C0).objects) == 2


def test_what_associations_have_no_class_for_is_an_invalid_parameter(exchange: Exchange) -> None:
    nothing = wbem.CIMClassName("TST_None")
    refused(4, exchange, "Associators", ObjectName=nothing)
    refused(4, exchange, "Associators", ObjectName=C0, AssocClass=nothing)
    refused(4, exchange, "Associators", ObjectName=C0, AssocClass=DISKS)


# -- methods --


def test_a_method_is_a_python_function(exchange: Exchange) -> None:
    message = invoked(exchange, "check", NVME, wbem.CIMParameter("depth", "uint32", value=4))
    assert message.return_value == 5
    assert output(message, "Found") is False
    assert output(message, "Worst") == str(NVME)
    message = invoked(exchange, "Check", wbem.CIMClassName("TST_Disk", namespace=NAMESPACE))
    assert message.return_value == 2


@pytest.mark.parametrize(
    ("status", "method", "parameters"),
    [
        (17, "Explode", []),
        (16, "Stop", []),
        (4, "Check", [wbem.CIMParameter("Colour", "string", value="red")]),
        (13, "Check", [wbem.CIMParameter("Depth", "string", value="deep")]),
        (4, "Check", [wbem.CIMParameter("Depth", "uint32", value=1)] * 2),
    ],
    ids=["unknown", "no provider", "parameter", "type", "twice"],
)
def test_a_method_that_cannot_be_called_is_refused(
    exchange: Exchange, status: int, method: str, parameters: list[wbem.CIMParameter]
) -> None:
    with pytest.raises(wbem.CIMError) as caught:
        invoked(exchange, method, SDA, *parameters)
    assert caught.value.status_code == status, caught.value


def test_a_method_of_an_instance_that_is_not_there_is_not_called(exchange: Exchange) -> None:
    gone = wbem.CIMInstanceName("TST_Disk", {"ID": "gone"}, namespace=NAMESPACE)
    with pytest.raises(wbem.CIMError) as caught:
        invoked(exchange, "Check", gone)
    assert caught.value.status_code == 6


def test_what_a_provider_raises_is_an_error_and_its_text_is_in_the_log(
    exchange: Exchange, caplog: pytest.LogCaptureFixture
) -> None:
    @exchange.repository.method("TST_Disk", "Stop")
    def stop(path: object) -> object:
        raise RuntimeError("the secret of the provider")

    with pytest.raises(wbem.CIMError) as caught, caplog.at_level(logging.ERROR):
        invoked(exchange, "Stop", SDA)
    assert caught.value.status_code == 1
    assert "RuntimeError" in str(caught.value)
    assert "secret" not in str(caught.value)
    assert "secret" in caplog.text


# -- providers --


def numbered(count: int, failing: bool = False) -> Iterator[wbem.CIMInstance]:
    """Disks with numbers."""
    for number in range(count):
        yield wbem.CIMInstance("TST_FastDisk", {"ID": str(number), "Speed": wbem.Uint32(number)})
    if failing:
        raise wbem.CIMError(27, "no more of them")


def provided(count: int, failing: bool = False) -> Exchange:
    """An exchange whose fast disks are made by a function."""
    repository = Repository()
    fill(repository)
    asked(
        Exchange(repository),
        "DeleteInstance",
        InstanceName=NVME,
    )
    repository.instances("TST_FastDisk")(lambda: numbered(count, failing))
    return Exchange(repository)


def test_a_generator_makes_instances_with_paths() -> None:
    exchange = provided(3)
    found = asked(exchange, "EnumerateInstances", ClassName=DISKS)
    assert names(found) == ["sda", "sdb", "0", "1", "2"]
    path = wbem.CIMInstanceName("TST_FastDisk", {"ID": "2"})
    assert asked(exchange, "GetInstance", InstanceName=path).objects[0]["Speed"] == 2
    refused(7, exchange, "DeleteInstance", InstanceName=path)


def test_a_large_answer_comes_in_pieces_and_ends_its_provider() -> None:
    ended = []

    def endless() -> Iterator[wbem.CIMInstance]:
        try:
            yield from numbered(10**9)
        finally:
            ended.append(True)

    repository = Repository()
    fill(repository)
    asked(Exchange(repository), "DeleteInstance", InstanceName=NVME)
    repository.instances("TST_FastDisk")(endless)
    exchange = Exchange(repository)
    request = wbem_request("EnumerateInstances", ClassName=wbem.CIMClassName("TST_FastDisk"))
    answer = exchange.answer(*exchange.read(headers("EnumerateInstances"), request))
    assert not isinstance(answer, bytes)
    sizes = [len(next(answer)) for _ in range(4)]
    assert max(sizes) < 2 * 64 * 1024
    answer.close()
    assert ended == [True]


def wbem_request(operation: str, **parameters: Any) -> bytes:
    """The octets of a request."""
    return imethodcall("7", operation, NAMESPACE, parameters.items())


@pytest.mark.parametrize("count", [3, 3000], ids=["small", "large"])
def test_what_fails_on_the_way_is_an_error_at_the_end(count: int) -> None:
    exchange = provided(count, failing=True)
    fast = wbem.CIMClassName("TST_FastDisk")
    message = wbem.parse(
        octets(
            exchange,
            headers("EnumerateInstances"),
            wbem_request("EnumerateInstances", ClassName=fast),
        )
    )
    assert message.error is not None
    assert message.error.args[:2] == (27, "no more of them")
    assert bool(message.objects) is (count == 3000)


@pytest.mark.parametrize(
    "wrong", [7, wbem.CIMInstance("TST_Disk", {"ID": "x"})], ids=["no instance", "another class"]
)
def test_what_a_provider_must_not_give_is_an_error(wrong: Any) -> None:
    exchange = provided(0)
    store = exchange.repository.namespace(NAMESPACE).instances
    store.provide("TST_FastDisk", lambda: [wrong])
    fast = wbem.CIMClassName("TST_FastDisk")
    assert "the provider" in refused(1, exchange, "EnumerateInstances", ClassName=fast)


# -- what is wrong with a request --


@pytest.mark.parametrize(
    ("status", "operation", "parameters"),
    [
        (7, "GetProperty", {}),
        (4, "GetInstance", {}),
        (4, "GetInstance", {"InstanceName": SDA, "Colour": "red"}),
        (4, "GetInstance", {"InstanceName": "sda"}),
        (4, "EnumerateInstances", {"ClassName": DISKS, "DeepInheritance": "perhaps"}),
        (4, "EnumerateInstances", {}),
        (5, "EnumerateInstances", {"ClassName": wbem.CIMClassName("TST_None")}),
        (5, "EnumerateClassNames", {"ClassName": wbem.CIMClassName("TST_None")}),
        (5, "GetInstance", {"InstanceName": wbem.CIMInstanceName("TST_None", {"a": "b"})}),
        (3, "EnumerateInstances", {"namespace": "root/none", "ClassName": DISKS}),
    ],
    ids=str,
)
def test_a_wrong_request_has_the_status_of_dsp0200(
    exchange: Exchange, status: int, operation: str, parameters: dict[str, Any]
) -> None:
    refused(status, exchange, operation, **parameters)


def test_no_text_of_a_request_breaks_the_answer(exchange: Exchange) -> None:
    odd = 'a"<&>\u2028\r\n'
    words = refused(6, exchange, "GetQualifier", QualifierName=odd)
    assert 'a"<&>' in words


# -- the Interop namespace --


def test_namespaces_are_made_and_deleted_as_instances(exchange: Exchange) -> None:
    new = wbem.CIMInstance("CIM_Namespace", {"Name": "root/new"})
    [path] = asked(exchange, "CreateInstance", namespace="interop", NewInstance=new).objects
    assert "root/new" in exchange.repository.namespaces
    found = asked(
        exchange,
        "EnumerateInstances",
        namespace="interop",
        ClassName=wbem.CIMClassName("CIM_Namespace"),
    )
    assert [each["Name"] for each in found.objects] == ["root/cimv2", "interop", "root/new"]
    asked(exchange, "DeleteInstance", namespace="interop", InstanceName=path)
    assert "root/new" not in exchange.repository.namespaces
    full = next(each.path for each in found.objects if each["Name"] == "root/cimv2")
    refused(20, exchange, "DeleteInstance", namespace="interop", InstanceName=full)
