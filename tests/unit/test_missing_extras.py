"""Without the packages of an extra, importing works, and the first use says what to install."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

HEAVY = {"requests", "urllib3", "vcr", "ssl", "opswire._core.remctl", "json", "argparse", "typing"}


def run(program: str, folder: Path) -> str:
    """What a program prints where the modules of `folder` stand before the installed ones."""
    path = os.pathsep.join([str(folder), *filter(None, [os.environ.get("PYTHONPATH")])])
    result = subprocess.run(
        [sys.executable, "-c", program],
        env={**os.environ, "PYTHONPATH": path},
        capture_output=True,
        text=True,
        check=True,
    )
    return result.stdout


@pytest.mark.parametrize(
    ("package", "module", "what"),
    [
        ("requests", "https.adapter", "HostnameValidationAdapter"),
        ("urllib3", "hostname_pool", "hostname_pool"),
    ],
)
def test_a_missing_package_is_one_sentence(
    package: str, module: str, what: str, tmp_path: Path
) -> None:
    """It is an ImportError, and one of ours."""
    (tmp_path / f"{package}.py").write_text(
        f"raise ModuleNotFoundError('No module named {package}', name={package!r})"
    )
    program = (
        "from opswire.errors import LibraryMissingError\n"
        "import opswire.agents\n"
        "try:\n"
        f"    import opswire.agents.{module}\n"
        "except LibraryMissingError as error:\n"
        "    print(error, error.name, isinstance(error, ImportError))"
    )
    expected = f"{what} needs the package {package}: pip install 'opswire[agents]' {package} True\n"
    assert run(program, tmp_path) == expected


@pytest.mark.parametrize(
    "module", ["agents", "agents.output.check_results", "agents.hostname_context", "agents.section"]
)
def test_what_needs_no_extra_imports_none(module: str, tmp_path: Path) -> None:
    """And an active check loads no remctl, no JSON, no TLS."""
    loaded = set(run(f"import sys, opswire.{module}; print(*sys.modules)", tmp_path).split())
    allowed = {"agents.hostname_context": {"ssl"}}
    assert loaded & HEAVY == allowed.get(module, set())
