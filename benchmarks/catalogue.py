"""All benchmarks, in the order of the README's table."""

from benchmarks import agents, fleet, http, remctl, wbem, wbem_client
from benchmarks.claim import Claim

CLAIMS: tuple[Claim, ...] = (
    *remctl.CLAIMS,
    *fleet.CLAIMS,
    *agents.CLAIMS,
    *wbem.CLAIMS,
    *wbem_client.CLAIMS,
    *http.CLAIMS,
)


def chosen(names: list[str]) -> list[Claim]:
    """The claims with these names or groups; all without any. ValueError for an unknown one."""
    known = {claim.name for claim in CLAIMS} | {claim.group for claim in CLAIMS}
    if unknown := [name for name in names if name not in known]:
        raise ValueError(f"no benchmark or group {', '.join(unknown)}; known: {sorted(known)}")
    return [claim for claim in CLAIMS if not names or {claim.name, claim.group} & set(names)]
