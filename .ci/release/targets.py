"""The systems that wheels are built for; as a program it prints their tags."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Target:
    """One system: a processor and the oldest C library."""

    tag: str
    """The platform tag of the wheel."""
    zig: str
    """What zig calls it."""
    machine: str
    """What uname -m says there."""
    elf_machine: str
    """What readelf says of a file for it."""
    abi: str
    """The end of CPython's SOABI there."""
    glibc: tuple[int, int] | None
    """The newest glibc whose symbols a file may use; None is musl."""


TARGETS = {
    target.tag: target
    for target in (
        Target(
            "manylinux2014_x86_64",
            "x86_64-linux-gnu.2.17",
            "x86_64",
            "Advanced Micro Devices X86-64",
            "x86_64-linux-gnu",
            (2, 17),
        ),
        Target(
            "manylinux2014_aarch64",
            "aarch64-linux-gnu.2.17",
            "aarch64",
            "AArch64",
            "aarch64-linux-gnu",
            (2, 17),
        ),
        Target(
            "musllinux_1_2_x86_64",
            "x86_64-linux-musl",
            "x86_64",
            "Advanced Micro Devices X86-64",
            "x86_64-linux-musl",
            None,
        ),
    )
}

if __name__ == "__main__":
    print(*TARGETS, sep="\n")
