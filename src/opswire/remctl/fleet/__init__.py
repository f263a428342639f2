"""One command on many hosts at once.

``Fleet``     the hosts, and how they are visited.
``FleetRun``  a command that is being run on them.
``FleetHost`` one of them, ``Outcome`` what became of it.
"""

from opswire.remctl.fleet.fleet import Fleet, FleetRun
from opswire.remctl.fleet.host_visit import Outcome
from opswire.remctl.fleet.hosts import FleetHost

__all__ = ["Fleet", "FleetHost", "FleetRun", "Outcome"]
