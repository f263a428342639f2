"""C programs that count their steps and their memory: counting.c, built with what they drive."""

import subprocess
from collections.abc import Iterable
from pathlib import Path

from tests.c.programs import CHECKOUT, object_of

ALLOCATING = ("malloc", "calloc", "realloc", "free")
MOVING = ("memcpy", "memmove", "memset", "memchr", "memrchr", "memcmp")


def counting_program(folder: Path, main: str, sources: Iterable[str]) -> Path:
    """Compile tests/c/MAIN.c, the counter, and sources of csrc/, whose steps are counted."""
    compile_one = ["gcc", "-std=gnu11", "-O1", "-fno-builtin", "-Iinclude", "-Icsrc", "-c"]
    objects = []
    for source, flags in [
        *((source, ["-fsanitize-coverage=trace-pc"]) for source in sources),
        (f"tests/c/{main}.c", []),
        ("tests/c/counting.c", []),
    ]:
        target = object_of(folder, source)
        subprocess.run([*compile_one, *flags, source, "-o", target], check=True, cwd=CHECKOUT)
        objects.append(target)
    program = folder / main
    wraps = ",".join(f"--wrap={name}" for name in ALLOCATING + MOVING)
    subprocess.run(["gcc", *objects, f"-Wl,{wraps}", "-o", program], check=True)
    return program
