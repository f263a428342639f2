"""What is wrong with a compiled module of opswire, as readelf and nm of binutils show it."""

import json
import re
import struct
import subprocess
from dataclasses import dataclass
from pathlib import Path
from typing import Any

# https://uapi-group.org/specifications/specs/elf_dlopen_metadata/
DLOPEN_SECTION = ".note.dlopen"
DLOPEN_TYPE = 0x407C0C0A
PRIORITIES = {"required", "recommended", "suggested"}
SONAME = re.compile(rb"lib[\w+-]+\.so\.\d+")
# musl's is called libc.so; the second and third are glibc's own.
LIBRARIES = re.compile(
    r"libc\.so(\.6)?|libdl\.so\.2|libpthread\.so\.0|ld-linux-(x86-64\.so\.2|aarch64\.so\.1)"
)
BUILD_PATH = re.compile(rb"(?<![\w.])/(?:tmp|home|root|build|opt|var|work|usr/src)/[\w./-]+")


@dataclass(frozen=True)
class Section:
    """Where a section is, in octets from the beginning of the file."""

    offset: int
    size: int


def output(*command: str | Path) -> str:
    """What a program prints."""
    return subprocess.run(command, capture_output=True, text=True, check=True).stdout


def symbols(path: Path, *options: str) -> set[str]:
    """The names that nm lists, with their versions."""
    return {line.split()[-1] for line in output("nm", *options, path).splitlines() if line}


def faults(path: Path) -> list[str]:
    """A sentence for each rule that this file breaks; the rules hold for every build."""
    dynamic = output("readelf", "-dW", path)
    segments = output("readelf", "-lW", path)
    found = []
    if not re.search(r"\(FLAGS_1\).*\bNOW\b", dynamic):
        found.append("its symbols are not all bound at load time (-z now)")
    if re.search(r"\((RPATH|RUNPATH)\)", dynamic):
        found.append("it has a RUNPATH, so a folder of the build machine would be searched")
    if "GNU_RELRO" not in segments:
        found.append("its tables stay writable after loading (-z relro)")
    stack = [line for line in segments.splitlines() if "GNU_STACK" in line]
    if len(stack) != 1 or re.search(r"\bRWE\b", stack[0]):
        found.append("its stack is executable")
    exported = symbols(path, "--dynamic", "--defined-only")
    wanted = f"PyInit_{path.name.split('.')[0]}"
    if exported != {wanted}:
        found.append(f"it exports {sorted(exported)} instead of only {wanted}")
    return found + _dlopen_faults(path)


def release_faults(path: Path) -> list[str]:
    """A sentence for each rule of released files that this one breaks."""
    found = []
    if not any(name.startswith("__stack_chk_fail") for name in undefined(path)):
        found.append("no function of it has a stack protector")
    found += [
        f"it needs {name}, which not every Linux has"
        for name in sorted(needed(path))
        if not LIBRARIES.fullmatch(name)
    ]
    leftovers = [name for name in sections(path) if name.startswith(".debug") or name == ".symtab"]
    if leftovers:
        found.append(f"it is not stripped of {', '.join(leftovers)}")
    paths = sorted({match.decode() for match in BUILD_PATH.findall(path.read_bytes())})
    if paths:
        found.append(f"it names folders of the build machine: {', '.join(paths)}")
    return found


def undefined(path: Path) -> set[str]:
    """The symbols that a file takes from others, with their versions."""
    return symbols(path, "--dynamic", "--undefined-only")


def needed(path: Path) -> set[str]:
    """The libraries that the loader looks for."""
    return set(re.findall(r"\(NEEDED\).*\[(.+)\]", output("readelf", "-dW", path)))


def sections(path: Path) -> dict[str, Section]:
    """Every section that has octets in the file."""
    pattern = r"\[ *\d+\] (\S+) +(?!NOBITS)[A-Z_]+ +[0-9a-f]+ ([0-9a-f]+) ([0-9a-f]+) "
    lines = re.findall(pattern, output("readelf", "-SW", path))
    return {name: Section(int(offset, 16), int(size, 16)) for name, offset, size in lines}


def dlopen_note(path: Path) -> list[dict[str, Any]]:
    """What a file says that it opens with dlopen(); ValueError when it says so in a wrong way."""
    octets = _octets(path, DLOPEN_SECTION)
    if not octets:
        return []
    name_size, text_size, kind = struct.unpack_from("=3I", octets)
    owner, text = octets[12:16], octets[16 : 16 + text_size]
    if (name_size, kind, owner) != (4, DLOPEN_TYPE, b"FDO\0"):
        raise ValueError(f"{path.name}: {DLOPEN_SECTION} holds another kind of note")
    if len(text) != text_size or not text.endswith(b"\0") or len(octets) % 4:
        raise ValueError(f"{path.name}: {DLOPEN_SECTION} is cut off")
    entries = json.loads(text[:-1])
    for entry in entries:
        if not entry["soname"] or entry["priority"] not in PRIORITIES:
            raise ValueError(f"{path.name}: {DLOPEN_SECTION} has a wrong entry: {entry}")
    return list(entries)


def _dlopen_faults(path: Path) -> list[str]:
    """Whoever calls dlopen() has a note, and it names exactly the libraries in the constants."""
    try:
        entries = dlopen_note(path)
    except (ValueError, KeyError, struct.error) as error:
        return [f"its dlopen note is malformed: {error}"]
    noted = {name for entry in entries for name in entry["soname"]}
    opens = any(name.partition("@")[0] == "dlopen" for name in undefined(path))
    if not opens:
        return [f"it does not call dlopen(), but its note says {sorted(noted)}"] if noted else []
    named = {match.decode() for match in SONAME.findall(_octets(path, ".rodata"))}
    if named != noted:
        return [f"its constants name {sorted(named)}, its dlopen note {sorted(noted)}"]
    return []


def _octets(path: Path, name: str) -> bytes:
    section = sections(path).get(name, Section(0, 0))
    return path.read_bytes()[section.offset : section.offset + section.size]
