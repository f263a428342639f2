"""What may be released: a file that breaks a rule is found, whatever the rule."""

import dataclasses
import importlib.util
import json
import sys
import zipfile
from collections.abc import Callable
from pathlib import Path
from types import ModuleType

import pytest

from tests.unit.binaries import CHECKOUT, output

GOOD = ["-O2", "-g0", "-fvisibility=hidden", "-fstack-protector-strong", "-Wl,-z,relro,-z,now"]
PUBLIC = '__attribute__((visibility("default")))'
MODULE = f"""
#include <string.h>
{PUBLIC} int PyInit_example(const char *text)
{{
    char copy[64];
    strncpy(copy, text, sizeof(copy) - 1);
    return copy[3] + strchr(copy, 'a')[0];
}}
"""
OPENING = f"""
#include <dlfcn.h>
#include "dlopen_note.h"
{PUBLIC} void *PyInit_example(void) {{ return dlopen("libexample.so.1", RTLD_NOW); }}
"""
FOLDER = '__attribute__((used)) static const char folder[] = "/home/builder/opswire";'

Load = Callable[[str], ModuleType]


@pytest.fixture
def load(monkeypatch: pytest.MonkeyPatch) -> Load:
    """Loads a module of .ci/release, which is no package."""
    monkeypatch.delenv("LD_PRELOAD", raising=False)

    def loaded(name: str) -> ModuleType:
        path = CHECKOUT / f".ci/release/{name}.py"
        spec = importlib.util.spec_from_file_location(name, path)
        assert spec is not None
        assert spec.loader is not None
        module = importlib.util.module_from_spec(spec)
        monkeypatch.setitem(sys.modules, name, module)
        spec.loader.exec_module(module)
        return module

    return loaded


def compiled(folder: Path, text: str, *options: str) -> Path:
    """An extension module of this C."""
    source = folder / "example.c"
    source.write_text(text)
    target = folder / "example.cpython-311-x86_64-linux-gnu.so"
    output(
        "cc",
        "-shared",
        "-fPIC",
        f"-I{CHECKOUT / 'csrc/gss'}",
        *GOOD,
        source,
        "-o",
        target,
        *options,
    )
    return target


def faults(elf: ModuleType, path: Path) -> list[str]:
    """Every sentence about this file."""
    return [*elf.faults(path), *elf.release_faults(path)]


def note(soname: str, priority: str = "recommended") -> str:
    """The C of a dlopen note."""
    text = json.dumps([{"feature": "x", "soname": [soname], "priority": priority}])
    return f"OPSWIRE_DLOPEN_NOTE({json.dumps(text)});"


def test_a_file_that_keeps_the_rules_has_no_faults(load: Load, tmp_path: Path) -> None:
    """Or the cases below would prove nothing."""
    assert faults(load("elf"), compiled(tmp_path, MODULE, "-s")) == []


@pytest.mark.parametrize(
    ("more", "options", "fault"),
    [
        ("", ["-s", "-Wl,-z,lazy"], "its symbols are not all bound"),
        ("", ["-s", "-Wl,-rpath,/usr/lib/example"], "it has a RUNPATH"),
        ("", ["-s", "-Wl,-z,norelro"], "its tables stay writable"),
        ("", ["-s", "-Wl,-z,execstack"], "its stack is executable"),
        (f"{PUBLIC} int leaked;", ["-s"], "it exports ['PyInit_example', 'leaked']"),
        ("", ["-s", "-fno-stack-protector"], "no function of it has a stack protector"),
        ("", ["-s", "-Wl,--no-as-needed", "-lm"], "it needs libm.so.6"),
        ("", [], "it is not stripped"),
        (FOLDER, ["-s"], "it names folders of the build machine: /home/builder/opswire"),
    ],
    ids=lambda value: value[:20] if isinstance(value, str) else "",
)
def test_each_broken_rule_is_found(
    more: str, options: list[str], fault: str, load: Load, tmp_path: Path
) -> None:
    """And no other with it."""
    (found,) = faults(load("elf"), compiled(tmp_path, MODULE + more, *options))
    assert found.startswith(fault)


def test_the_dlopen_note_survives_the_linker_and_strip(load: Load, tmp_path: Path) -> None:
    """Nothing refers to it, so whoever removes what is unused must know it."""
    options = ["-ffunction-sections", "-fdata-sections", "-Wl,--gc-sections,--as-needed", "-ldl"]
    path = compiled(tmp_path, OPENING + note("libexample.so.1"), *options)
    output("strip", path)
    elf = load("elf")
    assert elf.faults(path) == []
    (entry,) = elf.dlopen_note(path)
    assert entry == {"feature": "x", "soname": ["libexample.so.1"], "priority": "recommended"}


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        (OPENING, "its constants name ['libexample.so.1'], its dlopen note []"),
        (OPENING + note("libother.so.1"), "its constants name ['libexample.so.1']"),
        (OPENING + note("libexample.so.1", "nice"), "its dlopen note is malformed"),
        (f"#include <dlopen_note.h>\n{MODULE}{note('libexample.so.1')}", "it does not call dlopen"),
    ],
    ids=["none", "other", "malformed", "needless"],
)
def test_a_wrong_dlopen_note_is_found(text: str, fault: str, load: Load, tmp_path: Path) -> None:
    """Packagers rely on it: it must say what the file does."""
    (found,) = load("elf").faults(compiled(tmp_path, text, "-s", "-ldl"))
    assert found.startswith(fault)


@pytest.fixture
def verify(load: Load) -> ModuleType:
    """The module that judges wheels."""
    load("elf")
    targets = load("targets").TARGETS
    # This machine's compiler knows its own glibc only; the rule has a test of its own.
    for tag, target in targets.items():
        if target.glibc is not None:
            targets[tag] = dataclasses.replace(target, glibc=(2, 99))
    return load("verify")


def wheel(folder: Path, extension: Path, tag: str, **files: str) -> Path:
    """A wheel of opswire with this extension and these files."""
    path = folder / f"opswire-1.0-{tag}.whl"
    python, abi, platform = tag.split("-")
    with zipfile.ZipFile(path, "w") as archive:
        archive.write(extension, f"opswire/_core/{extension.name}")
        lines = [f"Tag: {python}-{abi}-{one}\n" for one in platform.split(".")]
        archive.writestr("opswire-1.0.dist-info/WHEEL", "".join(lines))
        for name, text in files.items():
            archive.writestr(name, text)
    return path


GSS = OPENING.replace("libexample.so.1", "libgssapi.so.3") + note("libgssapi.so.3")
GSS += """
#include <stdio.h>
__attribute__((used)) static int named(const char *format, int number)
{
    char text[32];
    snprintf(text, sizeof(text), format, number);
    return text[number & 7];
}
"""
FORTIFIED = ("-s", "-ldl", "-U_FORTIFY_SOURCE", "-D_FORTIFY_SOURCE=2")
TAG = "cp311-cp311-manylinux2014_x86_64"


def test_a_wheel_that_keeps_the_rules_has_no_faults(verify: ModuleType, tmp_path: Path) -> None:
    """Name, tags, file and processor belong together."""
    manual = {"opswire-1.0.data/data/share/man/man1/opswire.1": "x"}
    good = wheel(tmp_path, compiled(tmp_path, GSS, *FORTIFIED), TAG, **manual)
    assert verify.faults(good) == []
    assert verify.main([good]) == 0


def test_no_wheels_are_no_success(verify: ModuleType) -> None:
    """An empty folder is not fit for release."""
    assert verify.main([]) == 1


@pytest.mark.parametrize(
    ("tag", "files", "options", "fault"),
    [
        ("cp311-cp311-linux_x86_64", {}, FORTIFIED, "its name says no CPython"),
        ("cp312-cp312-manylinux2014_x86_64", {}, FORTIFIED, "its name is not that of cp312"),
        ("cp311-cp311-manylinux2014_aarch64", {}, FORTIFIED, "it is not for aarch64"),
        ("cp311-cp311-musllinux_1_2_x86_64", {}, FORTIFIED, "it needs glibc"),
        (TAG, {"opswire.libs/read.me": "x"}, FORTIFIED, "it brings opswire.libs"),
        (TAG, {"opswire-1.0.data/data/bin/x": "x"}, FORTIFIED, "it brings opswire-1.0.data"),
        (TAG, {"opswire/_core/gss/binding.pyx": "x"}, FORTIFIED, "it has sources: binding.pyx"),
        (TAG, {}, ("-s", "-ldl", "-U_FORTIFY_SOURCE"), "no extension is fortified"),
    ],
    ids=["target", "python", "processor", "libc", "library", "file", "source", "fortify"],
)
def test_each_broken_rule_of_a_wheel_is_found(
    tag: str,
    files: dict[str, str],
    options: tuple[str, ...],
    fault: str,
    verify: ModuleType,
    tmp_path: Path,
) -> None:
    """The file may be good and in the wrong wheel."""
    bad = wheel(tmp_path, compiled(tmp_path, GSS, *options), tag, **files)
    assert [found for found in verify.faults(bad) if fault in found], verify.faults(bad)
    assert verify.main([bad]) == 1


def test_a_symbol_newer_than_the_targets_glibc_is_found(verify: ModuleType, tmp_path: Path) -> None:
    """Installed, it would fail at import on the older system."""
    target = verify.TARGETS["manylinux2014_x86_64"]
    verify.TARGETS["manylinux2014_x86_64"] = dataclasses.replace(target, glibc=(2, 17))
    newer = f"#include <sys/random.h>\n{GSS}"
    newer += "__attribute__((used)) static long fill(char *at) { return getrandom(at, 8, 0); }"
    bad = wheel(tmp_path, compiled(tmp_path, newer, *FORTIFIED), TAG)
    (fault,) = verify.faults(bad)
    assert "it needs glibc 2." in fault
