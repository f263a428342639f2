"""C programs that count their steps and their memory: counting.c, built with what they drive."""

import subprocess
from collections.abc import Iterable
from pathlib import Path

CHECKOUT = Path(__file__).parents[2]
ALLOCATING = ("malloc", "calloc", "realloc", "free")
MOVING = ("memcpy", "memmove", "memset", "memchr", "memrchr", "memcmp")


def counting_program(folder: Path, main: str, sources: Iterable[str]) -> Path:
    """Compile tests/c/MAIN.c, the counter, and sources of csrc/, whose steps are counted."""
    compile_one = ["gcc", "-std=gnu11", "-O1", "-fno-builtin", "-Iinclude", "-Icsrc", "-c"]
    objects = []
    for source, flags in [
        *((f"csrc/{stem}.c", ["-fsanitize-coverage=trace-pc"]) for stem in sources),
        (f"tests/c/{main}.c", []),
        ("tests/c/counting.c", []),
    ]:
        target = folder / f"{Path(source).stem}.o"
        subprocess.run([*compile_one, *flags, source, "-o", target], check=True, cwd=CHECKOUT)
        objects.append(target)
    program = folder / main
    wraps = ",".join(f"--wrap={name}" for name in ALLOCATING + MOVING)
    subprocess.run(["gcc", *objects, f"-Wl,{wraps}", "-o", program], check=True)
    return program
