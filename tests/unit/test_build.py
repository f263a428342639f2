"""What was built and installed is what setup.py promises."""

import re
import runpy
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

import opswire
from tests.unit.binaries import CHECKOUT, EXTENSIONS, PACKAGE, SANITIZED, output, symbols
from tests.unit.missing_library import without_library

ELF = runpy.run_path(str(CHECKOUT / ".ci/release/elf.py"))
C_FILES = sorted((CHECKOUT / "csrc").rglob("*.c"))


def name_of(source: Path) -> str:
    """With its folder, as files of several folders have one name."""
    return "/".join(source.parts[-2:])


EACH_EXTENSION = pytest.mark.parametrize("path", EXTENSIONS, ids=lambda path: path.name)


def test_the_installed_package_is_what_is_tested() -> None:
    """Nothing in the checkout shadows it."""
    assert not PACKAGE.is_relative_to(CHECKOUT / "src")


def test_every_compiled_module_is_there() -> None:
    """A missing extension fails; there is no slow substitute."""
    core = PACKAGE / "_core"
    assert {str(path.relative_to(core)).partition(".")[0] for path in EXTENSIONS} == {
        "_ffi",
        "cimxml/library",
        "cimxml/messages",
        "cimxml/mof",
        "cimxml/nocase",
        "cimxml/objects",
        "cimxml/types",
        "cimxml/uri",
        "cimxml/writer",
        "folder_files",
        "foundation",
        "gss/binding",
        "performance_data",
        "remctl/shortcuts",
        "remctl/driver",
        "remctl/protocol",
        "xml",
    }


@pytest.fixture(scope="module")
def global_functions(tmp_path_factory: pytest.TempPathFactory) -> dict[str, frozenset[str]]:
    """What each C file offers to the others, from compiling it alone with nothing but libc."""
    found = {}
    for source in C_FILES:
        target = tmp_path_factory.mktemp("objects") / f"{source.stem}.o"
        include = CHECKOUT / "include"
        output("cc", "-std=gnu11", f"-I{include}", "-c", source, "-o", target)
        found[name_of(source)] = symbols(target, "--defined-only", "--extern-only")
    return found


@pytest.mark.parametrize("name", [name_of(path) for path in C_FILES])
def test_each_c_file_is_in_exactly_one_extension(
    name: str, global_functions: dict[str, frozenset[str]]
) -> None:
    """One copy of the code and of its tables."""
    functions = global_functions[name]
    homes = [path.name for path in EXTENSIONS if functions & symbols(path, "--defined-only")]
    assert functions
    assert len(homes) == 1
    (home,) = (path for path in EXTENSIONS if path.name == homes[0])
    assert functions <= symbols(home, "--defined-only")


@EACH_EXTENSION
def test_it_keeps_the_rules_of_released_files(path: Path) -> None:
    """Hardened by the linker, nothing exported but the module, dlopen() noted; see test_release."""
    assert ELF["faults"](path) == []


def test_packagers_can_see_what_is_opened_at_first_use() -> None:
    """No NEEDED entry shows the GSS-API library; the note has the names in the order of trial."""
    notes = [entry for path in EXTENSIONS for entry in ELF["dlopen_note"](path)]
    assert notes == [
        {
            "feature": "kerberos",
            "description": "Kerberos authentication through GSS-API",
            "priority": "recommended",
            "soname": ["libgssapi_krb5.so.2", "libgssapi.so.3"],
        }
    ]


# They write to no buffer whose size the compiler could know.
WITHOUT_CHECKED_CALLS = {"_ffi", "foundation", "library", "mof", "objects", "uri"}


@EACH_EXTENSION
def test_the_compiler_hardened_it(path: Path) -> None:
    """Overwritten stack frames are noticed, and so are overflows that the libc can see."""
    checks = {name.partition("@")[0] for name in symbols(path, "--dynamic", "--undefined-only")}
    assert "__stack_chk_fail" in checks
    # The sanitizers check themselves.
    fortified = {name for name in checks if re.fullmatch(r"__(?!stack)\w+_chk", name)}
    assert fortified or SANITIZED or path.name.partition(".")[0] in WITHOUT_CHECKED_CALLS


@EACH_EXTENSION
def test_it_needs_only_what_every_linux_has(path: Path) -> None:
    """Kerberos is found at first use, never linked."""
    lines = output("readelf", "-dW", path).splitlines()
    needed = {line.split("[")[1].rstrip("]") for line in lines if "(NEEDED)" in line}
    allowed = {"libc.so.6", "libpthread.so.0", "libdl.so.2"}
    sanitizers = {"libasan.so.8", "libubsan.so.1"}
    assert needed <= (allowed | sanitizers if SANITIZED else allowed)


@EACH_EXTENSION
def test_the_sanitized_build_is_sanitized_and_no_other(path: Path) -> None:
    """A build tree shared between modes once gave a sanitized suite without sanitizers."""
    undefined = symbols(path, "--dynamic", "--undefined-only")
    # cffi's module only calls through a table and may have no memory access worth checking.
    marks = {name for name in undefined if name.startswith(("__asan_", "__ubsan_"))}
    assert bool(marks) == SANITIZED


def test_the_headers_are_shipped(tmp_path: Path) -> None:
    """A C program compiles against what get_include() names."""
    include = Path(opswire.get_include())
    shipped = {path.name: path.read_text() for path in (include / "opswire").iterdir()}
    ours = {path.name: path.read_text() for path in (CHECKOUT / "include/opswire").glob("*.h")}
    assert shipped == ours
    lines = [f"#include <opswire/{name}>\n" for name in sorted(shipped)]
    program = tmp_path / "program.c"
    program.write_text("".join([*lines, "int main(void) { return 0; }\n"]))
    output(
        "cc", "-std=c11", "-Wall", "-Werror", f"-I{include}", program, "-o", tmp_path / "program"
    )


def test_the_package_ships_no_sources() -> None:
    """Stubs and headers yes, Cython and C files no."""
    assert [
        path.name for path in PACKAGE.rglob("*") if path.suffix in {".c", ".pyx", ".pxd", ".pxi"}
    ] == []
    assert (PACKAGE / "py.typed").is_file()


def test_the_version_is_known() -> None:
    """From the file that the build writes; reading metadata would cost every import."""
    assert opswire.__version__[0].isdigit()


def test_builds_with_and_without_isolation_have_the_same_requirements() -> None:
    """The group repeats the list, because one cannot refer to the other."""
    project = tomllib.loads((CHECKOUT / "pyproject.toml").read_text())
    group = set(project["dependency-groups"]["build"])
    assert group - {"build"} == set(project["build-system"]["requires"])


FIRST_USE = """
import opswire, opswire.errors, opswire.remctl
from opswire._core import gss
print("imported")
try:
    gss.Name("host@localhost")
except opswire.errors.LibraryMissingError as error:
    print(error)
"""


def test_without_a_gss_library_the_first_use_says_what_to_install(tmp_path: Path) -> None:
    """Importing works: a program that never speaks Kerberos must not need it."""
    result = subprocess.run(
        [sys.executable, "-c", FIRST_USE],
        env=without_library(tmp_path),
        capture_output=True,
        text=True,
        check=False,
    )
    assert result.stderr == ""
    first, *rest = result.stdout.splitlines()
    assert first == "imported"
    assert "libgssapi-krb5-2 (Debian)" in rest[0]
    assert "krb5-libs (Red Hat)" in rest[0]
