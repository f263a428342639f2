"""A pytest plugin for the examples in the documentation and in docstrings: a real server to ask.

Give it with `-p tests.doctest_servers`. The examples find `host` and `port` of a remctld that
accepts their ticket; `connect` gives a connected socket. The environment is that of a program which
a monitoring server has started.
"""

import socket
from pathlib import Path

import pytest

from tests.servers.remctld import Remctld

pytest_plugins = ["tests.servers.fixtures"]


@pytest.fixture(autouse=True)
def server_names(doctest_namespace: dict[str, object], remctld: Remctld) -> None:
    """Put the server's names where every example sees them."""
    doctest_namespace["host"] = "localhost"
    doctest_namespace["port"] = remctld.port
    doctest_namespace["connect"] = lambda: socket.create_connection((remctld.address, remctld.port))


@pytest.fixture(autouse=True)
def monitoring_server(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Set what a monitoring server sets: where values and crash reports go."""
    monkeypatch.setenv("SERVER_SIDE_PROGRAM_STORAGE_PATH", str(tmp_path / "storage"))
    monkeypatch.setenv("SERVER_SIDE_PROGRAM_CRASHES_PATH", str(tmp_path / "crashes"))
