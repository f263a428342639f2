"""opswire.wbem under the name that existing programs import: pywbem, of any release."""

from __future__ import annotations

import sys
from importlib import import_module
from importlib.machinery import ModuleSpec
from importlib.util import find_spec
from types import ModuleType

from opswire.public_names import public_in

__all__ = ["install_as"]

#: The modules of pywbem 1.x and of the releases before; each has what opswire.wbem has.
MODULES = (
    "_cim_constants",
    "_cim_http",
    "_cim_obj",
    "_cim_operations",
    "_cim_types",
    "_exceptions",
    "_features",
    "_logging",
    "_nocasedict",
    "_recorder",
    "_server",
    "_statistics",
    "_units",
    "_valuemapping",
    "_version",
    "_warnings",
    "cim_constants",
    "cim_http",
    "cim_obj",
    "cim_operations",
    "cim_types",
    "exceptions",
)
#: What programs take from a module, and is no public name: values, by module without underscore.
#: Names of classes are those of indications (DSP1054); retries are those of this client.
VALUES: dict[str, dict[str, object]] = {
    "cim_http": {"HTTP_CONNECT_TIMEOUT": 10},
    "cim_operations": {
        "HTTP_CONNECT_RETRIES": 0,
        "HTTP_MAX_REDIRECTS": 5,
        "HTTP_READ_RETRIES": 1,
        "HTTP_TOTAL_RETRIES": 1,
    },
    "subscription_manager": {
        "DEFAULT_QUERY_LANGUAGE": "WQL",
        "DESTINATION_CLASSNAME": "CIM_ListenerDestinationCIMXML",
        "FILTER_CLASSNAME": "CIM_IndicationFilter",
        "SUBSCRIPTION_CLASSNAME": "CIM_IndicationSubscription",
    },
    "version": {"version_tuple": (1, 9, 1)},
}
#: Names of the releases before 1.0.
OLD_NAMES = {"CIM_Error": "CIMError", "version": "__version__"}


@public_in("opswire.wbem")
def install_as(name: str = "pywbem", *, replace: bool = False) -> None:
    """Let ``import pywbem`` give what opswire.wbem has, in this process.

    So do the modules that programs import from it, like ``pywbem._cim_http`` and, of releases
    before 1.0, ``pywbem.cim_http``, and the name ``CIM_Error``. ``pywbem.__version__`` is the
    version of the interface. Nothing is written to disk; call it before the first import of the
    name. Calling it again changes nothing.

    Args:
        name: the name to install as.
        replace: whether to stand before a package of that name that is installed here.

    Raises:
        RuntimeError: such a package is installed, and it is not to be replaced.
        ValueError: the name is not one that an import statement can have.
    """
    if not name.isidentifier():
        raise ValueError(f"{name!r} cannot be imported: it must be an identifier")
    if isinstance(sys.modules.get(name), _Installed):
        return
    if not replace and (name in sys.modules or find_spec(name) is not None):
        raise RuntimeError(
            f"a package {name} is installed here already: import that, "
            "or call install_as(..., replace=True) to use opswire.wbem in its place"
        )
    for each in [known for known in sys.modules if known.startswith(f"{name}.")]:
        del sys.modules[each]
    package = _install(name, {}, is_package=True)
    for module in (*MODULES, "_subscription_manager"):
        values = VALUES.get(module.lstrip("_"), {})
        setattr(package, module, _install(f"{name}.{module}", values, is_package=False))
    config = import_module("opswire._core.cimxml.config")
    sys.modules[f"{name}.config"] = config
    package.config = config  # type: ignore[attr-defined]  # a module made here has any name


class _Installed(ModuleType):
    """A module of ours under another name; its names are loaded at first use, as ours are."""

    def __getattr__(self, name: str) -> object:
        wbem = import_module("opswire.wbem")
        public = OLD_NAMES.get(name, name)
        if public in wbem.__all__ or public == "__version__":
            value: object = getattr(wbem, public)
            return value
        raise AttributeError(f"module {self.__name__!r} has no attribute {name!r}")

    def __dir__(self) -> list[str]:
        return sorted({*import_module("opswire.wbem").__all__, *vars(self)})


def _install(name: str, values: dict[str, object], *, is_package: bool) -> ModuleType:
    module = _Installed(name, f"opswire.wbem under another name: {name}")
    module.__spec__ = ModuleSpec(name, None, origin="opswire.wbem", is_package=is_package)
    module.__package__ = module.__spec__.parent
    if is_package:
        module.__path__ = []
    vars(module).update(values)
    vars(module)["__all__"] = [
        each for each in import_module("opswire.wbem").__all__ if not each.startswith("_")
    ]
    sys.modules[name] = module
    return module
