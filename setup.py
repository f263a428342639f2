"""How the extensions are built.

One knob: OPSWIRE_BUILD = release (default), strict, sanitize, coverage.
"""

import os
import shutil
import sys
import sysconfig
from pathlib import Path

from Cython.Build import cythonize
from setuptools import Extension, setup
from setuptools.command.build_ext import build_ext
from setuptools.command.build_py import build_py

sys.path.insert(0, "csrc")
from declarations import LIBRARIES, OUT, generate

MODE = os.environ.get("OPSWIRE_BUILD", "release")
COMPILE = ["-std=gnu11", "-fvisibility=hidden", "-Wall", "-Wextra", "-fstack-protector-strong"]
LINK = ["-Wl,-z,relro,-z,now", "-Wl,--as-needed"]
FORTIFY = ["-U_FORTIFY_SOURCE", "-D_FORTIFY_SOURCE=3"]  # needs -O1 or more
DIRECTIVES = {
    "language_level": "3",
    # Methods that look at what they are called with: Class.method("text") is a TypeError. Those
    # that Cython makes otherwise take the text for an object of the class, and crash. The signature
    # for help() is in the docstring then.
    "binding": False,
    "embedsignature": True,
    "embedsignature.format": "clinic",
}
DEFINES = []
# The processor that is compiled for: .ci/wheels builds for another one than its own, too.
if sysconfig.get_platform().endswith("-x86_64"):
    COMPILE += ["-fcf-protection"]
elif sysconfig.get_platform().endswith("-aarch64"):
    COMPILE += ["-mbranch-protection=standard"]
if MODE == "release":
    COMPILE += ["-O2", "-g0", *FORTIFY]
elif MODE == "strict":
    COMPILE += ["-O2", "-g0", "-Werror", *FORTIFY]
elif MODE == "sanitize":
    COMPILE += [
        "-O0",  # -O1 takes five times as long for what Cython generates
        "-g",
        "-fno-omit-frame-pointer",
        "-fsanitize=address,undefined",
        "-fno-sanitize-recover=undefined",
    ]
    LINK += ["-fsanitize=address,undefined"]
elif MODE == "coverage":
    COMPILE += ["-O0", "-g", "--coverage"]
    LINK += ["--coverage"]
    DIRECTIVES["linetrace"] = True
    DEFINES += [("CYTHON_TRACE_NOGIL", "1"), ("CYTHON_USE_SYS_MONITORING", "0")]
else:
    raise SystemExit(f"OPSWIRE_BUILD={MODE}: choose release, strict, sanitize or coverage")
OUR_C = ["-Wshadow", "-Wconversion", "-Wstrict-prototypes"]
if MODE == "sanitize":
    OUR_C += ["-O1"]
generate()
# Everything that the preprocessor or Cython may read: a stale object is worse than a slow build.
INTERFACES = [
    *Path("include").rglob("*.h"),
    *Path("csrc").rglob("*.h"),
    *OUT.rglob("*.h"),
    *OUT.rglob("*.pxd"),
    *(path for kind in ("*.pxd", "*.pxi") for path in Path("src").rglob(kind)),
]


def _borrowed(ext):
    """What makes the C files of one library call those of others through their tables."""
    name = ext.name.removeprefix("opswire._core.")
    used = [each for library in LIBRARIES.values() if library.home == name for each in library.uses]
    # What a file defines before it includes anything comes too late for what is included here.
    return ["-D_GNU_SOURCE", *(o for each in used for o in ("-include", f"lending/{each}.h"))]


class Harden(build_ext):
    """Give every extension, cffi's included, the same flags, and our own C stricter warnings."""

    def build_extensions(self):
        """Link without the RUNPATH that some interpreters, pyenv's for example, ask for."""
        linker = self.compiler.linker_so
        self.compiler.linker_so = [word for word in linker if not word.startswith("-Wl,-rpath")]
        super().build_extensions()

    def build_extension(self, ext):
        """Compile the .c files of csrc/ apart: generated C does not pass -Wconversion."""
        ours = [source for source in ext.sources if source.startswith("csrc/")]
        objects = self.compiler.compile(
            ours,
            output_dir=os.path.join(self.build_temp, ext.name),
            include_dirs=["include", "csrc", str(OUT)],
            macros=ext.define_macros,
            extra_postargs=[*COMPILE, *OUR_C, *_borrowed(ext)],
            depends=ext.depends,
        )
        ext.sources = [source for source in ext.sources if source not in ours]
        ext.extra_objects = [*ext.extra_objects, *objects]
        ext.extra_compile_args = [*ext.extra_compile_args, *COMPILE]
        ext.extra_link_args = [*ext.extra_link_args, *LINK]
        super().build_extension(ext)


class WithHeaders(build_py):
    """Put the public headers into the package, where opswire.get_include() looks for them."""

    def run(self):
        """Copy; an editable install sees the checkout's own through a link (ignored by git)."""
        super().run()
        if self.editable_mode:
            link = Path("src/opswire/include")
            if not link.is_symlink():
                link.symlink_to("../../include")
            return
        target = Path(self.build_lib, "opswire/include")
        shutil.rmtree(target, ignore_errors=True)
        shutil.copytree("include", target)


def extension(name):
    """One Cython module, and the C files of the library whose home it is."""
    homes = [library for library in LIBRARIES.values() if library.home == name]
    return Extension(
        f"opswire._core.{name}",
        [
            f"src/opswire/_core/{name.replace('.', '/')}.pyx",
            *(source for library in homes for source in library.sources),
        ],
        include_dirs=["include", "csrc", str(OUT)],
        define_macros=[
            *DEFINES,
            *((f"OPSWIRE_HOME_OF_{library.name.upper()}", None) for library in homes),
        ],
        depends=[*map(str, INTERFACES), *(s for library in homes for s in library.sources)],
    )


EXTENSIONS = [
    extension(name)
    for name in (
        "foundation",
        "xml",
        "gss.binding",
        "remctl.protocol",
        "remctl.driver",
        "remctl.shortcuts",
        "performance_data",
        "folder_files",
        "cimxml.library",
        "cimxml.nocase",
        "cimxml.types",
        "cimxml.objects",
        "cimxml.uri",
        "cimxml.mof",
        "cimxml.writer",
        "cimxml.messages",
    )
]

setup(
    # A tree per mode: setuptools does not rebuild when only the flags change.
    options={
        "build": {"build_base": f"build/{MODE}"},
        "build_ext": {"parallel": len(os.sched_getaffinity(0))},
    },
    cmdclass={"build_ext": Harden, "build_py": WithHeaders},
    ext_modules=cythonize(
        EXTENSIONS,
        include_path=["src", str(OUT)],
        compiler_directives=DIRECTIVES,
        # Cython.Coverage finds the C file only beside the pyx.
        build_dir=None if MODE == "coverage" else f"build/{MODE}/cython",
    ),
    cffi_modules=["csrc/ffi_build.py:ffibuilder"],
)
