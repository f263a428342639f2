"""How opswire._core._ffi is made: the declarations of include/opswire, compiled against them."""

import sys
from pathlib import Path

from cffi import FFI

sys.path.insert(0, str(Path(__file__).parent))
from declarations import LENT_TO_CFFI, OUT

BINDERS = "".join(f"void opswire_{name}_bind(uintptr_t lent);\n" for name in LENT_TO_CFFI)

ffibuilder = FFI()
ffibuilder.cdef((OUT / "cffi.h").read_text() + BINDERS)
ffibuilder.set_source(
    "opswire._core._ffi",
    "".join(
        f'#include "lending/{name}.h"\nOPSWIRE_BORROW_{name.upper()}\n' for name in LENT_TO_CFFI
    ),
    include_dirs=["include", str(OUT)],
    # cffi would choose the stable ABI. Wheels are for one CPython each, and the stable ABI's file
    # name has the processor in it from 3.15 on: that of the build, which may not be the target's.
    py_limited_api=False,
)
