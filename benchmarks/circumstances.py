"""Under which circumstances figures came about: commit, date, versions, machine."""

import os
import platform
import subprocess
from collections.abc import Collection, Mapping
from datetime import UTC, datetime
from pathlib import Path
from types import MappingProxyType
from typing import Any

from benchmarks.contender import OURS, PEER, ROOT, Contender
from tests.servers.daemon import program


def circumstances(groups: Collection[str]) -> dict[str, Any]:
    """What stands in the JSON beside the results of claims of these groups."""
    return {
        "commit": _commit(),
        "date": datetime.now(UTC).strftime("%Y-%m-%d"),
        "versions": {
            "opswire": _evaluated(OURS, "opswire", "opswire.__version__"),
            "python": _evaluated(OURS, "platform", "platform.python_version()"),
            **(_remctl() if {"remctl", "fleet"} & set(groups) else {}),
            **(_wbem() if "wbem" in groups else {}),
            **(_wbem_client() if "wbem_client" in groups else {}),
            **(_http() if "http" in groups else {}),
            **({"file systems": _file_systems()} if "agents" in groups else {}),
        },
        "machine": {"processor": _processor(), "cpus": os.cpu_count(), "system": _system()},
    }


def _remctl() -> dict[str, str]:
    return {
        "python3-pyremctl": _evaluated(PEER, "remctl", "remctl.VERSION"),
        "peer's python": _evaluated(PEER, "platform", "platform.python_version()"),
        "remctld": _output(program("remctld", "remctl-server"), "-v").split()[-1],
        "krb5": _output("klist", "-V").split()[-1],
    }


def _wbem() -> dict[str, str]:
    return {
        "pywbem": _evaluated(OURS, "pywbem", "pywbem.__version__"),
        "expat": _output("pkg-config", "--modversion", "expat"),
    }


def _wbem_client() -> dict[str, str]:
    return {
        "urllib3": _evaluated(OURS, "urllib3", "urllib3.__version__"),
        "pywbem": _evaluated(OURS, "pywbem", "pywbem.__version__"),
    }


def _http() -> dict[str, str]:
    packages = ("uvicorn", "httptools", "uvloop")
    return {name: _evaluated(OURS, name, f"{name}.__version__") for name in packages}


def _file_systems() -> str:
    """Those of the claims about files, and the kernel that has them."""
    return f"ext4, tmpfs of Linux {platform.release()}"


def _commit() -> str:
    commit = _output("git", "rev-parse", "--short=12", "HEAD")
    changed = _output("git", "status", "--porcelain", "--untracked-files=no")
    return f"{commit} with changes" if changed else commit


def _evaluated(contender: Contender, module: str, expression: str) -> str:
    code = f"import {module}; print({expression})"
    return _output(contender.python, "-c", code, environment=contender.environment)


def _processor() -> str:
    for line in Path("/proc/cpuinfo").read_text().splitlines():
        name, _, value = line.partition(":")
        if name.strip() == "model name":
            return value.strip()
    return platform.machine()


def _system() -> str:
    return platform.freedesktop_os_release().get("PRETTY_NAME", platform.system())


def _output(*command: str, environment: Mapping[str, str] = MappingProxyType({})) -> str:
    variables = {**os.environ, **environment}
    result = subprocess.run(
        command, cwd=ROOT, env=variables, capture_output=True, text=True, check=False
    )
    return result.stdout.strip() or "unknown"
