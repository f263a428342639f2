"""Builds the wheel of an sdist for one target and the CPython that runs this.

    PYTHON .ci/release/compile.py SDIST FOLDER TAG ZIG     into FOLDER/TAG

zig is the compiler of every target, this machine's own too: it brings the target's C library, as
old as it has to be. PYTHON is an environment with the dependency group `build`.
"""

import os
import re
import shlex
import shutil
import subprocess
import sys
import sysconfig
import tempfile
from pathlib import Path

from targets import TARGETS, Target

# What a shell may say about compilers must not get into a release.
FOREIGN = re.compile(r"C|CXX|CPP|AR|LD|(C|CXX|CPP|LD|AR)FLAGS|LDSHARED|LDCXXSHARED|_?PYTHON.*")
DISPATCH = re.compile(r"#\s*include <[\w.-]+/python[\d.]+/pyconfig.h>")


def main(sdist: Path, folder: Path, tag: str, zig: Path) -> None:
    """Build; an exception says what went wrong."""
    target = TARGETS[tag]
    with tempfile.TemporaryDirectory(prefix="opswire-wheel-") as temporary:
        settings = _cross_settings(target, zig, _headers(Path(temporary)))
        module = Path(temporary, "_sysconfigdata_opswire.py")
        module.write_text(f"build_time_vars = {settings!r}\n")
        environment = {
            **{name: value for name, value in os.environ.items() if not FOREIGN.fullmatch(name)},
            # CPython's own switches for building extensions of another system.
            "_PYTHON_SYSCONFIGDATA_NAME": module.stem,
            "_PYTHON_HOST_PLATFORM": f"linux-{target.machine}",
            "PYTHONPATH": temporary,
            "OPSWIRE_BUILD": "release",
        }
        command = [sys.executable, "-m", "pip", "wheel", "--quiet", "--no-build-isolation"]
        command += ["--no-deps", "--no-cache-dir", "-w", str(folder / tag), str(sdist)]
        subprocess.run(command, check=True, env=environment)


def _headers(temporary: Path) -> Path:
    """A copy of CPython's headers that reads the same for every target.

    Debian's pyconfig.h includes another one by processor; the targets have the same types.
    """
    original = Path(sysconfig.get_config_var("INCLUDEPY"))
    copy = temporary / "include"
    shutil.copytree(original, copy)
    if DISPATCH.search((copy / "pyconfig.h").read_text()):
        own = sysconfig.get_config_var("MULTIARCH")
        shutil.copy2(original.parent / own / original.name / "pyconfig.h", copy)
    return copy


def _cross_settings(target: Target, zig: Path, headers: Path) -> dict[str, object]:
    """CPython's build settings as they would be, had zig built it for the target.

    Its own would bring paths, a RUNPATH, debug information and options of its own compiler.
    """
    compiler = f"{shlex.quote(str(zig))} cc -target {target.zig}"
    cplusplus = f"{shlex.quote(str(zig))} c++ -target {target.zig}"
    abi = str(sysconfig.get_config_var("SOABI")).removesuffix(
        str(sysconfig.get_config_var("MULTIARCH") or "x86_64-linux-gnu")
    )
    return {
        **sysconfig.get_config_vars(),
        "CC": compiler,
        "CXX": cplusplus,
        "CFLAGS": "-DNDEBUG -fwrapv",
        "OPT": "",
        "BASECFLAGS": "",
        "CPPFLAGS": "",
        "CCSHARED": "-fPIC",
        "LDFLAGS": "",
        # -s here: strip programs know their own processor only.
        "LDSHARED": f"{compiler} -shared -s",
        "LDCXXSHARED": f"{cplusplus} -shared -s",
        "BLDSHARED": f"{compiler} -shared -s",
        "AR": f"{shlex.quote(str(zig))} ar",
        "INCLUDEPY": str(headers),
        "CONFINCLUDEPY": str(headers),
        "SOABI": f"{abi}{target.abi}",
        "EXT_SUFFIX": f".{abi}{target.abi}.so",
        "MULTIARCH": target.abi,
        # Or -L of the interpreter's own libraries would be searched.
        "Py_ENABLE_SHARED": 0,
    }


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]), sys.argv[3], Path(sys.argv[4]))
