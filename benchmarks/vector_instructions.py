"""``python -m benchmarks.vector_instructions``: what NEON is worth, in instructions.

Counted and not timed, as qemu is no arm64: it names each instruction that it executes.  The answer
is the one of 3.45 MB; takes five minutes, and gcc-aarch64-linux-gnu, libc6-dev-arm64-cross and
qemu-user.
"""

import subprocess
import tempfile
from pathlib import Path

from benchmarks.recipes.cim_documents import instances
from tests.c.variants import SCANNER, Variant, build

ARM64 = ("aarch64-linux-gnu-gcc", "-static")
VARIANTS = {"NEON": ARM64, "portable": (*ARM64, "-DOPSWIRE_NO_SIMD")}
DOCUMENTS = {
    "the answer": instances(1000),
    "the answer on one line": instances(1000).replace(b"\n", b""),
    "a text of 1 MiB": b"<a>%s</a>" % (b"x" * (1 << 20)),
}


def executed(program: list[str], document: bytes) -> int:
    """How many instructions it takes to scan that."""
    emulator, *rest = program
    # One instruction for each block, each block named in a line of the log when it is executed.
    says = subprocess.run([emulator, "-h"], capture_output=True, text=True, check=False).stdout
    single = "-one-insn-per-tb" if "-one-insn-per-tb" in says else "-singlestep"  # until qemu 8.1
    command = [emulator, single, "-d", "exec,nochain", "-D", "/dev/stderr", *rest, "count"]
    with tempfile.TemporaryFile() as given:
        given.write(b"next %d %d\n%s" % (len(document), len(document), document))
        given.seek(0)
        with subprocess.Popen(
            command, stdin=given, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE
        ) as process:
            assert process.stderr
            lines = 0
            while log := process.stderr.read(1 << 20):
                lines += log.count(b"\n")
    assert process.returncode == 0
    return lines


def main() -> None:
    """Count, and print."""
    counts: dict[str, dict[str, int]] = {}
    with tempfile.TemporaryDirectory() as folder:
        for name, compiler in VARIANTS.items():
            sources = ["tests/c/scanned_documents.c", *SCANNER]
            program = build(Path(folder), Variant(compiler, ("qemu-aarch64",)), sources)
            # Without what it takes to start and to read the document.
            idle = executed(program, b"<a/>")
            counts[name] = {
                what: executed(program, document) - idle for what, document in DOCUMENTS.items()
            }
    for what in DOCUMENTS:
        neon, portable = counts["NEON"][what], counts["portable"][what]
        print(f"{what}: {neon:,} with NEON, {portable:,} without: {neon / portable:.3f} of them")


if __name__ == "__main__":
    main()
