"""C programs of the tests, compiled with the C under test and its sanitizers."""

import os
import subprocess
from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

CHECKOUT = Path(__file__).parents[2]
SANITIZERS = ("-fsanitize=address,undefined", "-fno-sanitize-recover=undefined")
# The programs count what they do not free, so that no other eye has to look for it; and a report
# goes to whoever reads the output, not to a file of the run that this one is part of.
ENVIRONMENT = os.environ | {"ASAN_OPTIONS": "detect_leaks=0"}


def c_files(*folders: str) -> list[str]:
    """Those of csrc, or of these folders of it, as paths from the checkout."""
    found = (path for name in folders or ("*",) for path in CHECKOUT.glob(f"csrc/{name}/*.c"))
    return sorted(str(path.relative_to(CHECKOUT)) for path in found)


def object_of(folder: Path, source: str) -> Path:
    """Where a file is compiled to: files of several folders have one name."""
    return folder / f"{source.replace('/', '.')}.o"


def compiled(
    folder: Path, sources: Iterable[str], flags: Iterable[str] = (), link: Iterable[str] = ()
) -> Path:
    """The program that those files of the checkout make; always with the sanitizers."""
    command = ["gcc", "-std=gnu11", "-g", *SANITIZERS, "-Iinclude", "-Icsrc", "-Itests/c"]

    def compile_one(source: str) -> Path:
        target = object_of(folder, source)
        subprocess.run([*command, *flags, "-c", source, "-o", target], check=True, cwd=CHECKOUT)
        return target

    with ThreadPoolExecutor(len(os.sched_getaffinity(0))) as threads:
        objects = list(threads.map(compile_one, sources))
    program = folder / "program"
    subprocess.run(["gcc", *SANITIZERS, *objects, *link, "-o", program], check=True)
    return program


def output_of(program: Path, *arguments: str | Path) -> str:
    """What it prints; a failure, a report of a sanitizer too, is told with what it has printed."""
    result = subprocess.run(
        [program, *arguments],
        capture_output=True,
        encoding="utf-8",
        errors="backslashreplace",
        check=False,
        env=ENVIRONMENT,
    )
    assert result.returncode == 0, result.stdout + result.stderr
    return result.stdout
