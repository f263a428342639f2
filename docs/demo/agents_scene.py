"""A special agent keeps a token between two runs, crashes, and leaves a report without the token.

`./demo` runs this. The agent is a program of its own, started as a monitoring server starts it; its
folders are temporary ones and are gone at the end.
"""

import json
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from opswire.agents import crash_archive

TOKEN = "4711-0815-demo"  # noqa: S105 - what the scene is about; it opens nothing

AGENT = f'''\
import sys
from dataclasses import dataclass
from opswire.agents import Storage, report_agent_crashes

@dataclass
class Account:
    user: str
    api_token: str

def log_in() -> Account:
    storage = Storage("agent_example", "db1")
    token = storage.read("token", None)
    if token is None:
        print("no token yet: logging in, and keeping it for an hour")
        token = "{TOKEN}"
        storage.write("token", token, ttl=3600)
    else:
        print("the token of the run before is still good")
    return Account("monitoring", token)

@report_agent_crashes("agent_example", "1.0")
def main() -> int:
    account = log_in()
    url = f"https://db1.example/status?token={{account.api_token}}"
    if "--fail" in sys.argv:
        raise ConnectionError(f"no answer from {{url}}")
    print("<<<example:sep(0)>>>")
    return 0

sys.exit(main())
'''


def run(program: Path, *arguments: str) -> None:
    """Start the agent and show what it prints, and its exit code."""
    print(f">>> {' '.join((program.name, *arguments))}")
    started = time.perf_counter()
    command = [sys.executable, str(program), *arguments]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    spent = (time.perf_counter() - started) * 1000
    for line in (done.stdout + done.stderr).splitlines():
        print(f"    {line}")
    print(f"    exit code {done.returncode}, after {spent:.0f} ms")
    if TOKEN in done.stdout + done.stderr:
        raise SystemExit("the token was printed")


def show_report() -> None:
    """Print what matters of the one crash report."""
    [crash] = crash_archive.stored()
    report = crash_archive.read(crash.crash_id)
    mode = os.stat(crash.path).st_mode & 0o777
    print(f">>> crash_archive.read({crash.crash_id!r})    (its file has mode {mode:o})")
    for name in ("exc_type", "exc_value", "details"):
        print(f"    {name}: {json.dumps(report[name])}")
    print("    local variables:")
    for line in crash_archive.local_variables(report).splitlines():
        print(f"        {line}")
    if TOKEN in json.dumps(report) + crash_archive.local_variables(report):
        raise SystemExit("the token is in the report")


def main() -> None:
    """Run the agent three times and look at what it leaves."""
    with tempfile.TemporaryDirectory() as folder:
        program = Path(folder) / "agent_example"
        program.write_text(AGENT)
        os.environ["SERVER_SIDE_PROGRAM_STORAGE_PATH"] = f"{folder}/storage"
        os.environ["SERVER_SIDE_PROGRAM_CRASHES_PATH"] = f"{folder}/crashes"
        print("A special agent, started by a monitoring server: first run, second run, a crash.\n")
        run(program)
        run(program)
        run(program, "--fail")
        print("\nThe report for support; the token is in neither of its texts.\n")
        show_report()


if __name__ == "__main__":
    main()
