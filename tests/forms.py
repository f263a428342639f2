"""Matrices of moments, seeds and counts have two forms: ``./test`` takes the short one.

The whole one is marked ``long``: ``pytest -m long`` runs it alone, and ``./test --long`` both.
"""

import pytest
from _pytest.mark import ParameterSet

#: For the whole of one matrix, on the slowest of machines and under a sanitizer.
LONG_SECONDS = 3600


def two_forms(short: object, whole: object) -> list[ParameterSet]:
    """What to parametrize a test or a fixture with."""
    marks = [pytest.mark.long, pytest.mark.timeout(LONG_SECONDS)]
    return [pytest.param(short, id="short"), pytest.param(whole, id="long", marks=marks)]
