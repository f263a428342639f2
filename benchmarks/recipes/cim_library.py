"""Single calls on the CIM objects of either library."""

from collections.abc import Callable
from types import ModuleType
from typing import Any

from benchmarks.claim import Recipes, Round
from benchmarks.recipes.cim_documents import instances
from benchmarks.recipes.cim_rounds import cpu_of_many, parse, peer_parse


class CimLibrary:
    """opswire.wbem or pywbem, with what an application has: objects from a server."""

    def __init__(self, module: ModuleType, answer: list[Any]) -> None:
        self.module: Any = module
        #: Two that are equal, each from an answer of its own.
        self.instance, self.twin = answer
        # NULL tells no type, so it cannot be given as a bare value.
        self.items = [(name, self.instance[name] or "") for name in self.instance]
        self.uri: str = self.instance.path.to_wbem_uri()

    def made(self) -> Any:
        """The same instance from its items."""
        return self.module.CIMInstance("CIM_UnixProcess", self.items)


def _ours() -> CimLibrary:
    """Those of opswire."""
    from opswire import wbem

    return CimLibrary(wbem, [parse(instances(1))[0] for _ in range(2)])


def _peers() -> CimLibrary:
    """Those of pywbem."""
    import pywbem

    return CimLibrary(pywbem, [peer_parse(instances(1))[0] for _ in range(2)])


def call(prepare: Callable[[CimLibrary], Callable[[], object]]) -> Recipes:
    """The same call with opswire and with pywbem; `prepare` makes it of a library."""
    return Recipes(
        lambda folder: cpu_of_many(prepare(_ours())),
        lambda folder: cpu_of_many(prepare(_peers())),
    )


def equal(library: CimLibrary) -> Callable[[], object]:
    """Two equal instances compared."""
    instance, twin = library.made(), library.made()
    assert instance == twin
    return lambda: instance == twin


def hashed(library: CimLibrary) -> Callable[[], object]:
    """The hash of an instance."""
    instance = library.made()
    return lambda: hash(instance)


def dom_text(library: CimLibrary) -> Callable[[], object]:
    """The text of its element, which is what most callers want of it."""
    instance = library.made()
    return lambda: instance.tocimxml().toxml()


def dom_nodes(library: CimLibrary) -> Callable[[], object]:
    """All nodes of its element: what looking at it costs, as ours has none before."""
    instance = library.made()
    return lambda: instance.tocimxml().getElementsByTagName("*")


def from_uri(library: CimLibrary) -> Callable[[], object]:
    """A path from its URI."""
    uri, kind = library.uri, library.module.CIMInstanceName
    assert kind.from_wbem_uri(uri) == library.instance.path
    return lambda: kind.from_wbem_uri(uri)


def looked_up(library: CimLibrary) -> Callable[[], object]:
    """A property's value by its name, of an instance that was parsed."""
    instance = library.instance
    return lambda: instance["ExecutionState"]


def request(folder: str) -> Round:
    """A request of CreateInstance as octets, by opswire."""
    from opswire._core import cimxml

    instance = _ours().made()
    return cpu_of_many(
        lambda: cimxml.imethodcall(
            "1001", "CreateInstance", "root/cimv2", [("NewInstance", instance)]
        )
    )


def request_by_pywbem(folder: str) -> Round:
    """What pywbem's WBEMConnection does: elements, and a text of them."""
    from pywbem import _cim_xml as xml

    instance = _peers().made()

    def octets() -> bytes:
        path = xml.LOCALNAMESPACEPATH([xml.NAMESPACE(part) for part in ("root", "cimv2")])
        parameter = xml.IPARAMVALUE("NewInstance", instance.tocimxml())
        invocation = xml.IMETHODCALL("CreateInstance", path, [parameter])
        message = xml.MESSAGE(xml.SIMPLEREQ(invocation), "1001", "1.0")
        text: str = xml.CIM(message, "2.0", "2.0").toxml()
        return b'<?xml version="1.0" encoding="utf-8" ?>\n' + text.encode()

    return cpu_of_many(octets)
