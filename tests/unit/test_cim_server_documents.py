"""CIM-XML documents as a repository, and what is said of those that cannot be."""

from pathlib import Path
from typing import Any

import pytest

from opswire import wbem
from opswire.wbem.embedded import Exchange, Repository
from tests.wbem.asking import asked
from tests.wbem.disks import classes, key

ESXI = Path(__file__).parents[1] / "cases/cim_repositories/esxi.xml"
NAMESPACE = (
    '<LOCALNAMESPACEPATH><NAMESPACE NAME="root"/><NAMESPACE NAME="lab"/></LOCALNAMESPACEPATH>'
)


def document(folder: Path, *objects: wbem.CIMObject | str, namespace: str = NAMESPACE) -> Path:
    """A file with a declaration group."""
    path = folder / "document.xml"
    inside = "".join(
        each if isinstance(each, str) else f"<VALUE.OBJECT>{wbem.tocimxmlstr(each)}</VALUE.OBJECT>"
        for each in objects
    )
    path.write_text(
        f'<CIM CIMVERSION="2.0" DTDVERSION="2.0"><DECLARATION><DECLGROUP>{namespace}'
        f"{inside}</DECLGROUP></DECLARATION></CIM>"
    )
    return path


def test_a_host_is_loaded() -> None:
    repository = Repository()
    repository.load(ESXI)
    exchange = Exchange(repository)
    name = wbem.CIMClassName("CIM_LogicalDevice")
    found = asked(exchange, "EnumerateInstances", ClassName=name).objects
    assert len(found) == 14
    assert {each["HealthState"] for each in found} == {None, 5, 10, 25}
    [system] = asked(
        exchange, "EnumerateInstanceNames", ClassName=wbem.CIMClassName("CIM_System")
    ).objects
    assert len(asked(exchange, "Associators", ObjectName=system).objects) == 14


def test_the_classes_of_a_document_may_stand_in_any_order(tmp_path: Path) -> None:
    repository = Repository()
    repository.load(document(tmp_path, *reversed(classes())))
    assert repository.namespaces == ["root/cimv2", "root/lab"]
    schema = repository.namespace("root/lab").schema
    assert schema.node("TST_FastDisk").keys == ["ID"]


def test_the_namespace_is_the_callers_the_documents_or_the_default(tmp_path: Path) -> None:
    repository = Repository("root/default")
    repository.load(document(tmp_path, *classes()), namespace="root/mine")
    repository.load(document(tmp_path, *classes(), namespace=""))
    repository.load(document(tmp_path, *classes()))
    assert repository.namespaces == ["root/default", "root/mine", "root/lab"]
    for name in repository.namespaces:
        assert "TST_Disk" in repository.namespace(name).schema


def told(repository: Repository) -> list[wbem.CIMClass]:
    """The classes as GetClass tells them in full: what is inherited is marked."""
    asked_for: dict[str, Any] = {"LocalOnly": False, "IncludeClassOrigin": True}
    exchange = Exchange(repository)
    names = [wbem.CIMClassName(each.classname) for each in classes()]
    return [asked(exchange, "GetClass", ClassName=name, **asked_for).objects[0] for name in names]


def test_what_a_server_told_of_its_classes_is_loaded_again(tmp_path: Path) -> None:
    first, second = Repository(), Repository()
    first.add(*classes())
    second.load(document(tmp_path, *told(first), namespace=""))
    assert told(second) == told(first)


def test_a_document_that_is_no_cim_xml_is_told_with_file_and_element(tmp_path: Path) -> None:
    wrong = classes()[0].tocimxmlstr().replace('TYPE="uint64"', 'TYPE="huge"')
    path = document(tmp_path, f"<VALUE.OBJECT>{wrong}</VALUE.OBJECT>")
    with pytest.raises(wbem.CIMXMLParseError) as caught:
        Repository().load(path)
    assert str(path) in str(caught.value)
    assert "/CLASS/PROPERTY, line 1, column" in str(caught.value)
    assert caught.value.path is not None
    assert caught.value.line == 1


def looped(name: str, superclass: str) -> wbem.CIMClass:
    """A class with a superclass."""
    return wbem.CIMClass(name, superclass=superclass)


@pytest.mark.parametrize(
    ("objects", "words"),
    [
        ([looped("TST_A", "TST_None")], "object 2, CLASS TST_A: the superclass TST_None"),
        ([looped("TST_A", "TST_B"), looped("TST_B", "TST_A")], "each other's superclasses"),
        ([classes()[0], classes()[0]], "CLASS TST_Disk: there is a class TST_Disk"),
        ([wbem.CIMInstance("TST_A", {"a": "b"})], "INSTANCE of TST_A: there is no class TST_A"),
        (
            [classes()[0], wbem.CIMInstance("TST_Disk", {"ID": "a", "Size": "large"})],
            "object 3, INSTANCE of TST_Disk: Size is uint64, and not string",
        ),
        (
            [
                classes()[0],
                wbem.CIMClass(
                    "TST_B", [wbem.CIMProperty("Size", None, "string")], superclass="TST_Disk"
                ),
            ],
            "TST_B.Size is string, but the one that it overrides is uint64",
        ),
        (
            [
                classes()[0],
                wbem.CIMClass(
                    "TST_B",
                    [
                        wbem.CIMProperty(
                            "ID", None, "string", qualifiers=[wbem.CIMQualifier("Key", False)]
                        )
                    ],
                    superclass="TST_Disk",
                ),
            ],
            "the qualifier Key of TST_B.ID is inherited",
        ),
        (
            [wbem.CIMClass("TST_A", qualifiers=[wbem.CIMQualifier("Association", "yes")])],
            "the qualifier Association in TST_A is no boolean",
        ),
    ],
)
def test_what_contradicts_itself_is_told_with_its_place(
    tmp_path: Path, objects: list[wbem.CIMObject], words: str
) -> None:
    path = document(tmp_path, *objects)
    with pytest.raises(wbem.CIMError) as caught:
        Repository().load(path)
    assert str(path) in str(caught.value)
    assert words in str(caught.value)


def test_a_file_that_is_not_there_says_so(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError):
        Repository().load(tmp_path / "none.xml")


def test_an_abstract_class_has_no_instances() -> None:
    repository = Repository()
    abstract = wbem.CIMClass(
        "TST_A",
        [wbem.CIMProperty("ID", None, "string", qualifiers=[key()])],
        qualifiers=[wbem.CIMQualifier("Abstract", True, tosubclass=False)],
    )
    repository.add(abstract, wbem.CIMClass("TST_B", superclass="TST_A"))
    repository.add(wbem.CIMInstance("TST_B", {"ID": "x"}))
    with pytest.raises(wbem.CIMError, match="abstract"):
        repository.add(wbem.CIMInstance("TST_A", {"ID": "x"}))
