"""What several files of unit tests ask for."""

from pathlib import Path

import pytest

from opswire.agents import Storage
from opswire.agents.storage.names import VARIABLE


@pytest.fixture
def base(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The folder of all values of Storage, which does not exist yet."""
    folder = tmp_path / "storage"
    monkeypatch.setenv(VARIABLE, str(folder))
    return folder


@pytest.fixture
def storage(base: Path) -> Storage:
    """The values of agent for db1."""
    return Storage("agent", "db1")
