"""What every test may ask for."""

import gc
import subprocess
import sysconfig
from pathlib import Path

import pytest

pytest_plugins = ["tests.servers.fixtures"]


def pytest_collection_finish() -> None:
    """Thousands of tests were collected: a gc.collect() of one of them need not look at the others.

    That doubled the time of test_credentials, for example.
    """
    gc.collect()
    gc.freeze()


@pytest.fixture(scope="session")
def allocator(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """failing_allocator.c, compiled for this Python."""
    library = tmp_path_factory.mktemp("allocator") / "failing_allocator.so"
    source = Path(__file__).parent / "wbem/failing_allocator.c"
    include = sysconfig.get_paths()["include"]
    command = ["cc", "-shared", "-fPIC", "-O1", f"-I{include}", str(source), "-o", str(library)]
    subprocess.run(command, check=True)
    return library
