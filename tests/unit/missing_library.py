"""A machine without one or any GSS-API library, for one process."""

from pathlib import Path

from tests.unit.binaries import output

NO_LIBRARY = r"""
#define _GNU_SOURCE
#include <dlfcn.h>
#include <string.h>

void *dlopen(const char *name, int flags)
{
    void *(*next)(const char *, int) = (void *(*)(const char *, int))dlsym(RTLD_NEXT, "dlopen");
    return next(name && strstr(name, HIDDEN) ? "/nonexistent/libgssapi.so" : name, flags);
}
"""


def without_library(folder: Path, hidden: str = "gssapi") -> dict[str, str]:
    """The environment in which no library with `hidden` in its name can be loaded.

    The shim is compiled in `folder`.
    """
    source = folder / "no_library.c"
    source.write_text(NO_LIBRARY)
    shim = folder / "no_library.so"
    output("cc", "-shared", "-fPIC", f'-DHIDDEN="{hidden}"', source, "-o", shim, "-ldl")
    return {
        "LD_PRELOAD": str(shim),
        # The sanitizers' run time wants to be first, though here it does not matter.
        "ASAN_OPTIONS": "detect_leaks=0:verify_asan_link_order=0",
    }
