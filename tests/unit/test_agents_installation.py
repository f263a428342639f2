"""install_as: existing programs find their imports, and nothing is hidden by accident."""

import subprocess
import sys
from pathlib import Path

import pytest

from opswire import agents
from opswire.agents import install_as
from opswire.agents.installation import NAMES

ORIGINAL = "cmk.server_side_programs"


def run(program: str, *folders: Path) -> str:
    """What a program prints that runs in a process of its own."""
    paths = f"import sys; sys.path[:0] = {[str(folder) for folder in folders]!r}\n"
    command = [sys.executable, "-W", "error", "-c", paths + program]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return done.stdout


def package(folder: Path, name: str) -> Path:
    """Make a package with its parents."""
    for part in name.split("."):
        folder /= part
        folder.mkdir()
        (folder / "__init__.py").write_text(f"HERE = {part!r}\n")
    return folder


INSTALL = "from opswire.agents import install_as; install_as()\n"
USE = """
import opswire.agents
from cmk.server_side_programs.v1 import Storage, report_agent_crashes
from cmk.server_side_programs import v1, v1_unstable
import cmk.server_side_programs.v1_unstable as unstable
assert v1.Storage is Storage is unstable.Storage is opswire.agents.Storage
assert unstable is v1_unstable
assert cmk_is_a_package()
print("good")
""".replace("cmk_is_a_package()", "__import__('cmk').server_side_programs.v1 is v1")


def test_the_original_name_can_be_imported() -> None:
    assert run(INSTALL + USE) == "good\n"


def test_without_it_the_name_is_unknown() -> None:
    program = "import opswire.agents\ntry: import cmk\nexcept ModuleNotFoundError: print('unknown')"
    assert run(program) == "unknown\n"


def test_nothing_is_loaded_before_it_is_asked_for() -> None:
    program = (
        INSTALL + "print([n for n in sys.modules if n in ('requests', 'opswire.agents.storage')])"
    )
    assert run(program) == "[]\n"


def test_the_versions_have_the_names_of_the_original() -> None:
    program = INSTALL + "from cmk.server_side_programs import v1, v1_unstable\n"
    program += "print(v1.__all__ == v1_unstable.__all__, *v1.__all__)"
    assert run(program) == f"True {' '.join(NAMES)}\n"
    assert set(NAMES) < set(agents.__all__)


def test_calling_it_twice_changes_nothing() -> None:
    assert (
        run(INSTALL + "from cmk.server_side_programs import v1 as a\n" + INSTALL + USE) == "good\n"
    )


def test_a_package_that_is_installed_is_not_hidden(tmp_path: Path) -> None:
    package(tmp_path, ORIGINAL)
    program = """
from opswire.agents import install_as
try:
    install_as()
except RuntimeError as error:
    print(error)
import cmk.server_side_programs
print(cmk.server_side_programs.HERE)
"""
    refusal, here = run(program, tmp_path).splitlines()
    assert refusal == (
        "a package cmk.server_side_programs is installed here already: import that, "
        "or call install_as(…, replace=True) to use opswire.agents in its place"
    )
    assert here == "server_side_programs"


@pytest.mark.parametrize("imported", ["", "import cmk.server_side_programs\n"])
def test_a_package_that_is_installed_is_hidden_when_asked_for(
    tmp_path: Path, imported: str
) -> None:
    package(tmp_path, ORIGINAL)
    program = imported + INSTALL.replace("install_as()", "install_as(replace=True)")
    assert run(program + USE, tmp_path) == "good\n"


def test_the_rest_of_a_package_above_stays(tmp_path: Path) -> None:
    package(tmp_path, "cmk")
    (tmp_path / "cmk/other.py").write_text("ANSWER = 42\n")
    program = INSTALL + USE + "import cmk.other; print(cmk.HERE, cmk.other.ANSWER)"
    assert run(program, tmp_path) == "good\ncmk 42\n"


@pytest.mark.parametrize("name", ["", ".", "a..b", "a-b", "1"])
def test_a_name_that_cannot_be_imported_is_refused(name: str) -> None:
    with pytest.raises(ValueError, match="cannot be imported"):
        install_as(name)


def test_unknown_names_are_attribute_errors() -> None:
    program = INSTALL + "from cmk.server_side_programs import v1\nprint(hasattr(v1, 'Section'))"
    assert run(program) == "False\n"
    with pytest.raises(AttributeError, match=r"opswire\.agents.*no_such_name"):
        agents.no_such_name  # noqa: B018 - asking is the test
