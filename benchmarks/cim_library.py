"""The CIM objects of either library, for the benchmarks of single calls."""

from types import ModuleType
from typing import Any

from benchmarks.cim_documents import instances
from benchmarks.cim_rounds import parse, peer_parse


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


def ours() -> CimLibrary:
    """Those of opswire."""
    from opswire import wbem

    return CimLibrary(wbem, [parse(instances(1))[0] for _ in range(2)])


def peers() -> CimLibrary:
    """Those of pywbem."""
    import pywbem

    return CimLibrary(pywbem, [peer_parse(instances(1))[0] for _ in range(2)])
