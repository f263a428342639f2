"""What of pywbem's names is here, as docs/from_pywbem.md tells it."""

import pywbem

from opswire import wbem

LATER = {
    "a listener": {"WBEMListener", "WBEMSubscriptionManager", "callback_interface"},
}
NOT_HERE = {
    "MOF compiler": {"MOFCompiler", "MOFWBEMConnection", "BaseRepositoryConnection"},
    "recorders": {"LogOperationRecorder", "TestClientRecorder"},
    "its loggers": {
        "configure_logger", "configure_loggers_from_string", "DEFAULT_LOG_DESTINATION",
        "DEFAULT_LOG_DETAIL_LEVEL", "DEFAULT_LOG_FILENAME", "LOGGER_API_CALLS_NAME",
        "LOGGER_HTTP_NAME", "LOGGER_SIMPLE_NAMES", "LOG_DESTINATIONS", "LOG_DETAIL_LEVELS",
    },
}  # fmt: skip


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
