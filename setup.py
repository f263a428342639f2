"""How the extensions are built.

One knob: OPSWIRE_BUILD = release (default), strict, sanitize, coverage.
"""

import os
import shutil
import sysconfig
from pathlib import Path

from Cython.Build import cythonize
from setuptools import Extension, setup
from setuptools.command.build_ext import build_ext
from setuptools.command.build_py import build_py

MODE = os.environ.get("OPSWIRE_BUILD", "release")
COMPILE = ["-std=gnu11", "-fvisibility=hidden", "-Wall", "-Wextra", "-fstack-protector-strong"]
LINK = ["-Wl,-z,relro,-z,now", "-Wl,--as-needed"]
FORTIFY = ["-U_FORTIFY_SOURCE", "-D_FORTIFY_SOURCE=3"]  # needs -O1 or more
DIRECTIVES = {"language_level": "3", "embedsignature": False}
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
# Everything that the preprocessor or Cython may read: a stale object is worse than a slow build.
INTERFACES = [
    *Path("include").rglob("*.h"),
    *Path("csrc").glob("*.h"),
    *(path for kind in ("*.pxd", "*.pxi") for path in Path("src").rglob(kind)),
]


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
            include_dirs=["include"],
            extra_postargs=[*COMPILE, *OUR_C],
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


def extension(name, *stems):
    """One Cython module and the C files that live in it; no C file has a second home."""
    return Extension(
        f"opswire._core.{name}",
        [f"src/opswire/_core/{name}.pyx", *(f"csrc/{stem}.c" for stem in stems)],
        include_dirs=["include", "csrc"],
        define_macros=DEFINES,
        depends=[*map(str, INTERFACES), *(f"csrc/{stem}.c" for stem in stems)],
    )


EXTENSIONS = [
    extension("gss", "gss_dynload"),
    extension(
        "remctl",
        "status",
        "remctl_token",
        "remctl_message",
        "remctl_transitions",
        "remctl_connection",
        "remctl_sending",
        "remctl_answers",
        "remctl_requests",
    ),
    extension("performance_data", "performance_data", "performance_number", "performance_writer"),
    extension("folder_files"),
    # These two borrow the C of remctl.
    extension("remctl_driver"),
    extension("remctl_client"),
    extension("nocase"),
    extension("cim_types"),
    # The C of CIM-XML has its home here; the next ones borrow it.
    extension(
        "cim_block",
        "keyed_hash",
        "xml_scanner",
        "xml_leaf",
        "xml_text",
        "xml_tags",
        "xml_prolog",
        "xml_encoding",
        "xml_position",
        "xml_writer",
        "cimxml",
        "cimxml_faults",
        "cimxml_vocabulary",
        "cimxml_values",
        "cimxml_datetime",
        "cimxml_leaf",
        "cimxml_work",
        "cimxml_objects",
        "cimxml_paths",
        "cimxml_budget",
        "cimxml_tables",
        "cimxml_writer",
        "cimxml_blocks",
    ),
    extension("cim_objects"),
    extension("cim_uri"),
    extension("cim_mof"),
    extension("cim_writer"),
    extension("cimxml"),
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
        include_path=["src"],
        compiler_directives=DIRECTIVES,
        # Cython.Coverage finds the C file only beside the pyx.
        build_dir=None if MODE == "coverage" else f"build/{MODE}/cython",
    ),
    cffi_modules=["csrc/ffi_build.py:ffibuilder"],
)
