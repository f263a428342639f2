"""Checks wheels that are to be released, and prints a table of them.

    python .ci/release/verify.py WHEEL…

Nothing is run, so that wheels of any processor can be checked; the exit status is 1 when one
breaks a rule.
"""

import re
import sys
import tempfile
import zipfile
from pathlib import Path

import elf
from targets import TARGETS, Target

EXTENSION = re.compile(r"\w+\.cpython-(\d+)-([\w-]+)\.so")
GLIBC = re.compile(r"@+GLIBC_(\d+)\.(\d+)")
MANUAL = re.compile(r"opswire-[^/]+\.data/data/share/man/man1/opswire[\w-]*\.1")


def main(wheels: list[Path]) -> int:
    """Check all of them."""
    broken = 0
    for wheel in wheels:
        found = faults(wheel)
        broken += bool(found)
        print(f"{'BROKEN' if found else 'ok':6} {wheel.name}", *found, sep="\n         ")
    print(f"{len(wheels) - broken} wheels are fit for release, {broken} are not")
    return 1 if broken or not wheels else 0


def faults(wheel: Path) -> list[str]:
    """A sentence for each rule that this wheel breaks."""
    name, _, python, abi, platforms = wheel.name.removesuffix(".whl").split("-")
    targets = [TARGETS[tag] for tag in platforms.split(".") if tag in TARGETS]
    if name != "opswire" or len(targets) != 1 or python != abi:
        return ["its name says no CPython and target that are released"]
    with tempfile.TemporaryDirectory(prefix="opswire-verify-") as folder:
        with zipfile.ZipFile(wheel) as archive:
            archive.extractall(folder)
        return content_faults(Path(folder), f"{python}-{abi}", platforms) + [
            f"{path.name}: {fault}"
            for path in sorted(Path(folder).rglob("*.so*"))
            for fault in _extension_faults(path, abi, targets[0])
        ]


def content_faults(folder: Path, python: str, platforms: str) -> list[str]:
    """A sentence for each rule that the files of an unpacked wheel break together."""
    found = []
    files = [path for path in folder.rglob("*") if path.is_file()]
    (metadata,) = folder.glob("*.dist-info/WHEEL")
    tags = set(re.findall(r"^Tag: (.+)$", metadata.read_text(), re.MULTILINE))
    if tags != {f"{python}-{platform}" for platform in platforms.split(".")}:
        found.append(f"its tags inside are {sorted(tags)}")
    names = [path.relative_to(folder) for path in files]
    others = {name.parts[0] for name in names if not MANUAL.fullmatch(str(name))}
    if strange := sorted(others - _top(folder)):
        found.append(f"it brings {', '.join(strange)}: other people's libraries or files")
    sources = [path.name for path in files if path.suffix in {".c", ".pyx", ".pxd", ".pxi"}]
    if sources:
        found.append(f"it has sources: {', '.join(sources)}")
    extensions = [path for path in files if ".so" in path.name]
    # A file that reads nothing of the outside has nothing to fortify; all of them is an omission.
    fortified = [path for path in extensions if any("_chk" in name for name in _checks(path))]
    if "manylinux" in platforms and not fortified:
        found.append("no extension is fortified (-D_FORTIFY_SOURCE)")
    notes = [name for path in extensions for name in _sonames(path)]
    if not any("gssapi" in name for name in notes):
        found.append("no extension has a dlopen note for the GSS-API library")
    return found


def _top(folder: Path) -> set[str]:
    return {"opswire", *(path.name for path in folder.glob("opswire-*.dist-info"))}


def _checks(path: Path) -> set[str]:
    return {name for name in elf.undefined(path) if not name.startswith("__stack_chk")}


def _sonames(path: Path) -> list[str]:
    try:
        return [name for entry in elf.dlopen_note(path) for name in entry["soname"]]
    except ValueError:
        return []  # elf.faults says so


def _extension_faults(path: Path, abi: str, target: Target) -> list[str]:
    found = elf.faults(path) + elf.release_faults(path)
    header = elf.output("readelf", "-hW", path)
    if target.elf_machine not in header:
        found.append(f"it is not for {target.machine}")
    match = EXTENSION.fullmatch(path.name)
    if match is None:
        found.append("its name is none that CPython looks for")
    elif (f"cp{match[1]}", match[2]) != (abi, target.abi):
        found.append(f"its name is not that of {abi} on {target.abi}")
    libraries = elf.needed(path)
    if target.glibc is None and libraries - {"libc.so"}:
        found.append(f"it needs {sorted(libraries)}; musl is one library, libc.so")
    versions = {
        tuple(map(int, pair)) for name in elf.undefined(path) for pair in GLIBC.findall(name)
    }
    if versions and (target.glibc is None or max(versions) > target.glibc):
        found.append(f"it needs glibc {'.'.join(map(str, max(versions)))}")
    return found


if __name__ == "__main__":
    sys.exit(main([Path(argument) for argument in sys.argv[1:]]))
