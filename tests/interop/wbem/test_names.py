"""What of pywbem's names is here, as docs/from_pywbem.md tells it."""

import pywbem

from opswire import wbem

LATER = {
    "a listener": {"WBEMListener", "WBEMSubscriptionManager", "callback_interface"},
}
NOT_HERE = {
    "MOF compiler": {"MOFCompiler", "MOFWBEMConnection", "BaseRepositoryConnection"},
    "test recorder": {"TestClientRecorder"},
}


def test_only_what_the_page_names_is_not_here() -> None:
    """Modules of pywbem's are not counted: they are nobody's interface, but for `config`."""
    public = {
        name
        for name, value in vars(pywbem).items()
        if not name.startswith("_") and type(value).__name__ != "module"
    }
    told = set().union(*LATER.values(), *NOT_HERE.values())
    assert public - set(wbem.__all__) == told
    assert "config" in wbem.__all__


def test_under_the_other_name_the_same_is_there_and_not_there() -> None:
    """The version is that of the interface."""
    wbem.install_as("pywbem_under_test")
    installed = __import__("pywbem_under_test")
    told = set().union(*LATER.values(), *NOT_HERE.values())
    public = {
        name
        for name, value in vars(pywbem).items()
        if not name.startswith("_") and type(value).__name__ != "module"
    }
    assert {name for name in public if not hasattr(installed, name)} == told
    assert installed.__version__ == pywbem.__version__ == "1.9.1"
