"""What programs of a monitoring server need: special agents and active checks.

``Storage``                    text kept between two runs, by program, host and key.
``report_agent_crashes``,
``report_check_crashes``       decorators for ``main()``: a crash becomes a report for support.
``configure_logging``          the root logger on standard error.
``HostnameValidationAdapter``  TLS to an IP address with a certificate for a name.
``vcrtrace``                   a command line option that records and replays HTTP.
``Section``                    what an agent prints.
``State, Metric, Result``      what an active check prints.
``install_as``                 lets existing programs import these under their original name.

Every name is loaded at its first use, because an agent is a short process.
"""

from opswire.public_names import lazy_names

TYPE_CHECKING = False  # typing's own costs an agent a third of its start
if TYPE_CHECKING:
    from opswire.agents.crashes.decorators import report_agent_crashes, report_check_crashes
    from opswire.agents.https.adapter import HostnameValidationAdapter
    from opswire.agents.installation import install_as
    from opswire.agents.logging_configuration import configure_logging
    from opswire.agents.output.check_results import Metric, Result, State
    from opswire.agents.output.sections import Section
    from opswire.agents.storage.program_values import Storage
    from opswire.agents.traces.option import vcrtrace

__all__ = [
    "HostnameValidationAdapter",
    "Metric",
    "Result",
    "Section",
    "State",
    "Storage",
    "configure_logging",
    "install_as",
    "report_agent_crashes",
    "report_check_crashes",
    "vcrtrace",
]

__getattr__ = lazy_names(
    __name__,
    {
        "HostnameValidationAdapter": "https.adapter",
        "Metric": "output.check_results",
        "Result": "output.check_results",
        "Section": "output.sections",
        "State": "output.check_results",
        "Storage": "storage.program_values",
        "configure_logging": "logging_configuration",
        "install_as": "installation",
        "report_agent_crashes": "crashes.decorators",
        "report_check_crashes": "crashes.decorators",
        "vcrtrace": "traces.option",
    },
)


def __dir__() -> list[str]:
    """Return the public names."""
    return __all__
