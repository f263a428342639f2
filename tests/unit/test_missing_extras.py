"""Without the packages of an extra, importing works, and the first use says what to install."""

import os
import pty
import socket
import subprocess
import sys
from pathlib import Path

import pytest

HEAVY = {"requests", "urllib3", "vcr", "ssl", "opswire._core.remctl", "json", "argparse", "typing"}


def environment(folder: Path) -> dict[str, str]:
    """One in which the modules of `folder` stand before the installed ones."""
    path = os.pathsep.join([str(folder), *filter(None, [os.environ.get("PYTHONPATH")])])
    return {**os.environ, "PYTHONPATH": path}


def hide(package: str, folder: Path) -> None:
    """Have `folder` hide a package."""
    (folder / f"{package}.py").write_text(
        f"raise ModuleNotFoundError('No module named {package}', name={package!r})"
    )


def run(program: str, folder: Path) -> str:
    """What a program prints where the modules of `folder` stand before the installed ones."""
    result = subprocess.run(
        [sys.executable, "-c", program],
        env=environment(folder),
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
    hide(package, tmp_path)
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


def sentence(package: str) -> str:
    """What the command line says of a package that it needs."""
    return f"opswire: the command line needs the package {package}: pip install click rich\n"


def test_the_command_line_without_click_says_how_to_get_it(tmp_path: Path) -> None:
    hide("click", tmp_path)
    command = [sys.executable, "-m", "opswire", "fleet", "--help"]
    done = subprocess.run(
        command, env=environment(tmp_path), capture_output=True, text=True, check=False
    )
    assert (done.stdout, done.stderr, done.returncode) == ("", sentence("click"), 1)


def test_one_command_on_one_host_needs_no_click(tmp_path: Path) -> None:
    hide("click", tmp_path)
    command = [sys.executable, "-m", "opswire", "remctl", "--help"]
    done = subprocess.run(
        command, env=environment(tmp_path), capture_output=True, text=True, check=False
    )
    assert (done.stderr, done.returncode) == ("", 0)


def test_the_command_line_without_rich_says_so_before_it_visits_a_host(tmp_path: Path) -> None:
    """Where it would draw a table, at the end."""
    hide("rich", tmp_path)
    terminal, stdout = pty.openpty()
    with socket.create_server(("127.0.0.1", 0)) as server:
        hosts = tmp_path / "hosts"
        hosts.write_text(f"127.0.0.1:{server.getsockname()[1]}\n")
        command = ["fleet", "run", "--deadline", "5", "--hosts", str(hosts), "true"]
        done = subprocess.run(
            [sys.executable, "-m", "opswire", *command],
            env=environment(tmp_path),
            stdout=stdout,
            stderr=subprocess.PIPE,
            text=True,
            check=False,
        )
        os.close(stdout)
        os.close(terminal)
        assert (done.stderr, done.returncode) == (sentence("rich"), 1)
        server.setblocking(False)
        with pytest.raises(BlockingIOError):
            server.accept()
