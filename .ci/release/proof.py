"""Proves that the opswire which is installed works; says with what, or fails.

PYTHON .ci/release/proof.py with|without     a GSS-API library in the system
"""

import importlib
import pkgutil
import platform
import sys

import opswire
from opswire._core import gss
from opswire.errors import LibraryMissingError

# What modules of an extra import; and the CPython that is compiled for musl has neither OpenSSL
# nor zlib.
LACKING = {"requests", "urllib3", "vcr", "_ssl", "zlib"}


def main(library: str) -> int:
    """Import everything, then call GSS-API."""
    count = lacking = 0
    for module in pkgutil.walk_packages(opswire.__path__, "opswire."):
        if module.name.endswith("__main__"):
            continue
        try:
            importlib.import_module(module.name)
            count += 1
        except ImportError as error:
            cause = error.__cause__ or error
            if getattr(cause, "name", None) not in LACKING:
                raise
            lacking += 1
    try:
        gss.load()
    except LibraryMissingError as error:
        verdict = f"LibraryMissingError: {error}"
        expected = library == "without" and "libgssapi-krb5-2 (Debian)" in verdict
    else:
        # A call into the library that needs neither KDC nor keytab.
        principal = str(gss.Name("host@localhost").canonical())
        verdict = f"GSS-API makes {principal} of host@localhost"
        expected = library == "with" and principal.startswith("host/localhost")
    libc = " ".join(platform.libc_ver()).strip() or "musl"
    python = f"CPython {platform.python_version()}"
    modules = f"{count} modules imported, {lacking} need what is not here"
    print(f"    {python}, {libc}, {platform.machine()}: {modules}; {verdict}")
    return 0 if expected else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
