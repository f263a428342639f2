"""C programs in each variant of csrc/xml/vectors.h: vectors of either kind, and none."""

import platform
import subprocess
from collections.abc import Iterable
from pathlib import Path
from typing import NamedTuple

from tests.c.programs import CHECKOUT, c_files

WARNINGS = ("-Wall", "-Wextra", "-Wshadow", "-Wconversion", "-Werror")


class Variant(NamedTuple):
    """How to compile a program, and how to run it here."""

    compile: tuple[str, ...]
    run: tuple[str, ...] = ()


#: By what XML_VECTORS says.  An arm64 needs no emulator, and has none for x86-64.
VARIANTS = (
    {"NEON": Variant(("gcc",))}
    if platform.machine() == "aarch64"
    else {
        "SSE2": Variant(("gcc",)),
        "NEON": Variant(("aarch64-linux-gnu-gcc", "-static"), ("qemu-aarch64",)),
    }
) | {"portable": Variant(("gcc", "-DOPSWIRE_NO_SIMD"))}
#: What scanned_documents.c drives.
SCANNER = (
    "csrc/foundation/keyed_hash.c",
    *c_files("xml"),
)


def build(folder: Path, variant: Variant, sources: Iterable[str], *flags: str) -> list[str]:
    """The command of a program that is compiled from those files of the checkout."""
    first, *others = sources
    program = folder / Path(first).stem
    command = [*variant.compile, "-std=c11", "-O2", *WARNINGS, *flags, "-Iinclude", "-Icsrc"]
    subprocess.run([*command, first, *others, "-o", program], check=True, cwd=CHECKOUT)
    return [*variant.run, str(program)]
