"""Where the forms are kept."""

import os
from pathlib import Path

from declarations.cffi_form import cffi_form
from declarations.cython_form import borrowing_form, cython_form, home_form
from declarations.headers import read_headers
from declarations.lending import lending
from declarations.libraries import LIBRARIES
from declarations.stub_form import stub_form

INCLUDE = Path("include/opswire")
OUT = Path("build/declarations")
STUB = Path("src/opswire/_core/_ffi.pyi")
#: What opswire._core.ffi has: the GSS-API is called by Cython alone.
LENT_TO_CFFI = [name for name in LIBRARIES if name != "gss"]


def generate() -> None:
    """Write every form of the headers; a file that would be the same is left alone.

    Raises:
        HeaderError: a header says something that not all forms can say.
    """
    names = [name for library in LIBRARIES.values() for name in library.headers]
    unknown = {path.name for path in INCLUDE.glob("*.h")} ^ set(names)
    if unknown:
        raise SystemExit(f"csrc/declarations/libraries.py: which library has {sorted(unknown)}?")
    read = {header.name: header for header in read_headers(INCLUDE, names)}
    _write(OUT / "opswire_c/__init__.pxd", "")
    structs: set[str] = set()
    for library in LIBRARIES.values():
        headers = [read[name] for name in library.headers]
        _write(OUT / f"lending/{library.name}.h", lending(library, headers))
        _write(OUT / f"opswire_c/{library.name}.pxd", cython_form(library, headers, structs))
        _write(OUT / f"opswire_c/home_of_{library.name}.pxd", home_form(library))
        _write(OUT / f"opswire_c/borrowing_{library.name}.pxd", borrowing_form(library))
    shown = [read[name] for library in LENT_TO_CFFI for name in LIBRARIES[library].headers]
    _write(OUT / "cffi.h", cffi_form(shown))
    _write(STUB, stub_form(shown, LENT_TO_CFFI))


def _write(path: Path, text: str) -> None:
    """At once, as builds of several modes may run side by side."""
    if path.is_file() and path.read_text() == text:
        return
    path.parent.mkdir(parents=True, exist_ok=True)
    temporary = path.with_name(f"{path.name}.{os.getpid()}")
    temporary.write_text(text)
    temporary.replace(path)
