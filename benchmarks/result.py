"""The samples of one claim, and what they say."""

from statistics import median
from typing import Any

from benchmarks.claim import Absolute, Claim, Difference


class Result:
    """What was measured for one claim, in the claim's unit, round by round."""

    def __init__(self, claim: Claim, ours: list[float], peer: list[float]) -> None:
        self.claim = claim
        self.ours = ours
        self.peer = peer

    @property
    def ratios(self) -> list[float]:
        """Ours over the peer's of the same round, which cancels what changes between rounds."""
        return [ours / peer for ours, peer in zip(self.ours, self.peer, strict=False)]

    @property
    def differences(self) -> list[float]:
        """Ours minus the peer's of the same round."""
        return [ours - peer for ours, peer in zip(self.ours, self.peer, strict=False)]

    @property
    def met(self) -> bool:
        """Whether the goal is reached."""
        match self.claim.goal:
            case Absolute(at_most):
                return median(self.ours) <= at_most
            case Difference(at_most):
                return median(self.differences) <= at_most
            case goal:
                return median(self.ratios) <= goal.at_most

    def record(self) -> dict[str, Any]:
        """The result for machines; the README's table is made from nothing else."""
        return {
            "name": self.claim.name,
            "group": self.claim.group,
            "title": self.claim.title,
            "unit": self.claim.unit,
            "ours": _summary(self.ours),
            "peer": _summary(self.peer),
            "ratio": _summary(self.ratios),
            "goal": str(self.claim.goal),
            "met": self.met,
        }


def _summary(samples: list[float]) -> dict[str, Any]:
    rounded = [float(f"{sample:.5g}") for sample in samples]
    return {
        "median": float(f"{median(samples):.5g}"),
        "low": min(rounded),
        "high": max(rounded),
        "rounds": rounded,
    }
