"""The samples of one claim, and what they say."""

import json
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
        """The result for machines; the documents' tables are made from nothing else."""
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


def _summary(samples: list[float]) -> dict[str, float]:
    """Median and spread; five figures are more than a machine repeats."""
    figures = {"median": median(samples), "low": min(samples), "high": max(samples)}
    return {name: float(f"{figure:.5g}") for name, figure in figures.items()}


def written(run: dict[str, Any]) -> str:
    """A run as JSON with a line for each result, so that a change of one is a change of a line."""
    head = {name: value for name, value in run.items() if name != "results"}
    rows = ",\n".join("  " + json.dumps(row, ensure_ascii=False) for row in run["results"])
    text = json.dumps(head, indent=1, ensure_ascii=False).removesuffix("\n}")
    return f'{text},\n "results": [\n{rows}\n ]\n}}\n'
