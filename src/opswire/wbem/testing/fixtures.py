"""The fixture of recordings, for pytest: ``pytest_plugins = ["opswire.wbem.testing.fixtures"]``.

``--wbem-record`` asks the real servers, and writes the recordings anew.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from opswire.wbem.testing.recordings import record, replay

__all__ = ["pytest_addoption", "wbem_recording"]


def pytest_addoption(parser: pytest.Parser) -> None:
    """Add the option."""
    parser.addoption(
        "--wbem-record", action="store_true", help="Ask WBEM servers, and record what they say."
    )


@pytest.fixture
def wbem_recording(request: pytest.FixtureRequest) -> Iterator[Path]:
    """Replay what servers said to this test; its file is in the folder ``recordings`` beside it."""
    name = re.sub(r"[^\w.-]+", "_", f"{request.path.stem}.{request.node.name}")
    path = request.path.parent / "recordings" / f"{name}.txt"
    recording = bool(request.config.getoption("--wbem-record"))
    if not recording and not path.exists():
        pytest.fail(f"{path} does not exist: run the test with --wbem-record and the real server")
    with record(path) if recording else replay(path):
        yield path
