"""Copies of the checkout in which mutants are built and run.

The checkout is built once, and the commands of that build are kept.  A mutant then repeats only
those that read what has changed: for a C file its compilation and one link.
"""

import hashlib
import os
import re
import shlex
import shutil
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

LEFT_OUT = shutil.ignore_patterns(
    "build", "dist", ".git", ".venv*", ".tox", "*.so", "*.whl", "*.egg-info", "__pycache__"
)
# Strict would call an unused variable an error, which no test has noticed.
MODE = "release"
GENERATED = Path("build", MODE, "cython")
LOG = Path("build/commands.log")
EXTENSIONS = Path("src/opswire/_core")
DECLARATIONS = Path("build/declarations")
VERSION = Path("src/opswire/_version.py")
BUILD_SECONDS = 900


class BuildError(Exception):
    """A command of a build failed; the text is what it printed."""


@dataclass(frozen=True)
class Command:
    """A command of the build, with paths from the root of the copy."""

    words: tuple[str, ...]
    inputs: frozenset[str]
    output: str


def copy_checkout(checkout: Path, copy: Path) -> None:
    """Copy what a build and the tests need."""
    shutil.copytree(checkout, copy, symlinks=True, ignore=LEFT_OUT)


def build(checkout: Path, folder: Path) -> None:
    """Build a copy of the checkout in `folder`, unless no source of its last build has changed.

    Raises:
        BuildError: it does not compile.
    """
    stamp = _stamp(checkout)
    finished = folder / "finished"
    if finished.exists() and finished.read_text() == stamp:
        return
    shutil.rmtree(folder, ignore_errors=True)
    copy_checkout(checkout, folder)
    (folder / LOG).parent.mkdir()
    command = [sys.executable, "setup.py", "--verbose", "build_ext", "--inplace"]
    # The compiler tells which headers it has read.
    environment = {**os.environ, "OPSWIRE_BUILD": MODE, "CFLAGS": "-MMD"}
    (folder / LOG).write_text(_run(command, folder, environment))
    finished.write_text(stamp)


def add_built(built: Path, copy: Path) -> None:
    """Give a copy of the checkout what was made of it: the extensions and its version."""
    for path in (built / EXTENSIONS).rglob("*.so"):
        shutil.copy2(path, copy / path.relative_to(built))
    shutil.copy2(built / VERSION, copy / VERSION)


def rebuild(built: Path, copy: Path, file: str) -> None:
    """Build what depends on a changed file of a copy.

    Raises:
        BuildError: it does not compile, or nothing is built of it.
    """
    shutil.copytree(built / "build", copy / "build")
    changed = {file}
    for command in [*_translations(copy), *_compilations(copy)]:
        if changed & command.inputs:
            _run(command.words, copy, {**os.environ})
            changed.add(command.output)
    libraries = [name for name in changed if name.endswith(".so")]
    if not libraries:
        raise BuildError(f"nothing is built of {file}")
    for name in libraries:
        # Below build/MODE/lib.PLATFORM, as it is below src.
        inside = Path(name).parts[Path(name).parts.index("opswire") :]
        shutil.copy2(copy / name, copy / "src" / Path(*inside))


def _stamp(checkout: Path) -> str:
    sources = [checkout / "setup.py", checkout / "pyproject.toml"]
    sources += [path for name in ("csrc", "include") for path in (checkout / name).rglob("*.*")]
    sources += (checkout / EXTENSIONS).rglob("*.p[yx][xdi]")
    digest = hashlib.sha256(sys.version.encode())
    for path in sorted(sources):
        if path.is_file() and path.suffix != ".pyc":
            digest.update(f"{path.relative_to(checkout)}\0".encode() + path.read_bytes())
    return digest.hexdigest()


def _translations(copy: Path) -> Iterator[Command]:
    """From Cython to C, with the directives of setup.py."""
    for path in sorted((copy / EXTENSIONS).rglob("*.pyx")):
        source = str(path.relative_to(copy))
        output = str(GENERATED / Path(source).with_suffix(".c"))
        words = [sys.executable, "-m", "cython", "-3", "-I", "src"]
        words += ["-I", str(DECLARATIONS), "-X", "embedsignature=False"]
        yield Command((*words, source, "-o", output), frozenset(_included(copy, source)), output)


def _included(copy: Path, source: str) -> Iterator[str]:
    yield source
    for name in re.findall(r'^include "(.*)"', (copy / source).read_text(), re.MULTILINE):
        yield from _included(copy, str(Path(source).parent / name))


def _compilations(copy: Path) -> list[Command]:
    """From C to objects, and from these to extensions."""
    compilations, links = [], []
    for line in (copy / LOG).read_text().splitlines():
        words = shlex.split(line) if " -o " in line else []
        if "-c" in words:
            output = words[words.index("-o") + 1]
            read = (copy / output).with_suffix(".d").read_text()
            inputs = frozenset(read.partition(":")[2].replace("\\\n", " ").split())
            # Not optimised, it compiles in a quarter of the time.
            words = [*words, "-O0", "-U_FORTIFY_SOURCE"]
            compilations.append(Command(tuple(words), inputs, output))
        elif "-shared" in words:
            output = words[words.index("-o") + 1]
            links.append(Command(tuple(words), frozenset(words) - {output}, output))
    return [*compilations, *links]


def _run(command: tuple[str, ...] | list[str], folder: Path, environment: dict[str, str]) -> str:
    done = subprocess.run(
        command,
        cwd=folder,
        env=environment,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        timeout=BUILD_SECONDS,
        check=False,
    )
    if done.returncode:
        raise BuildError(f"{shlex.join(command)}\n{done.stdout}")
    return done.stdout
