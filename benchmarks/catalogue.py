"""All benchmarks, in the order of the README's table."""

from benchmarks import (
    agents_durable,
    agents_durable_memory,
    agents_import,
    agents_read,
    agents_read_memory,
    agents_write,
    agents_write_memory,
    cli_cold_start,
    fleet_connections,
    fleet_hosts,
    fleet_lame,
    fleet_memory,
    fleet_noop,
    fleet_noop_uvloop,
    remctl_command,
    remctl_connections,
    remctl_latency,
    remctl_noop,
    remctl_output,
    remctl_output_memory,
    remctl_simple,
    remctl_simple_memory,
    remctl_standstill,
    remctl_threads,
)
from benchmarks.claim import Claim

CLAIMS: tuple[Claim, ...] = (
    remctl_noop.CLAIM,
    remctl_command.CLAIM,
    remctl_simple.CLAIM,
    remctl_latency.CLAIM,
    remctl_output.CLAIM,
    remctl_output_memory.CLAIM,
    remctl_simple_memory.CLAIM,
    remctl_threads.CLAIM,
    remctl_connections.CLAIM,
    remctl_standstill.CLAIM,
    fleet_connections.CLAIM,
    fleet_hosts.CLAIM,
    fleet_memory.CLAIM,
    fleet_noop.CLAIM,
    fleet_noop_uvloop.CLAIM,
    cli_cold_start.CLAIM,
    fleet_lame.CLAIM,
    agents_write.CLAIM,
    agents_write_memory.CLAIM,
    agents_durable.CLAIM,
    agents_durable_memory.CLAIM,
    agents_read.CLAIM,
    agents_read_memory.CLAIM,
    agents_import.CLAIM,
)


def chosen(names: list[str]) -> list[Claim]:
    """The claims with these names or groups; all without any. ValueError for an unknown one."""
    known = {claim.name for claim in CLAIMS} | {claim.group for claim in CLAIMS}
    if unknown := [name for name in names if name not in known]:
        raise ValueError(f"no benchmark or group {', '.join(unknown)}; known: {sorted(known)}")
    return [claim for claim in CLAIMS if not names or {claim.name, claim.group} & set(names)]
