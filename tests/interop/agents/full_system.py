"""A system whose table of open files is full (ENFILE), for one process.

Its real limit is that of everybody on the machine.
"""

from pathlib import Path

from tests.unit.binaries import output

# A new descriptor is the lowest free one: when it is MOST_OPEN, so many are open.
SHIM = r"""
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <stdarg.h>
#include <unistd.h>

static int unless_full(int descriptor)
{
    if (descriptor < MOST_OPEN) return descriptor;
    close(descriptor);
    errno = ENFILE;
    return -1;
}

#define MODE \
    va_list rest; va_start(rest, flags); int mode = va_arg(rest, int); va_end(rest)
#define NEXT(name) ((__typeof__(&name))dlsym(RTLD_NEXT, #name))

#define OPEN(name) \
    int name(const char *path, int flags, ...) \
    { \
        MODE; \
        return unless_full(NEXT(name)(path, flags, mode)); \
    }
OPEN(open)
OPEN(open64)

#define OPENAT(name) \
    int name(int folder, const char *path, int flags, ...) \
    { \
        MODE; \
        return unless_full(NEXT(name)(folder, path, flags, mode)); \
    }
OPENAT(openat)
OPENAT(openat64)
"""


def full_system(folder: Path, most_open: int) -> dict[str, str]:
    """Return the variables of a process that finds the table full with so many open files.

    Args:
        folder: where the shim is compiled.
        most_open: how many files the process can have open, standard streams included.
    """
    source, shim = folder / "full_system.c", folder / "full_system.so"
    source.write_text(SHIM)
    output("cc", "-shared", "-fPIC", f"-DMOST_OPEN={most_open}", source, "-o", shim, "-ldl")
    # The sanitizers' run time wants to be first, though here it does not matter.
    return {
        "LD_PRELOAD": str(shim),
        "ASAN_OPTIONS": "detect_leaks=0:verify_asan_link_order=0",
    }
