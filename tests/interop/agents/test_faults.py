"""Storage and crash reports on disks that fail, folders that vanish, beside processes that die."""

import os
import random
import signal
import subprocess
import time
from pathlib import Path

import pytest

from opswire.agents import Storage
from tests.forms import two_forms
from tests.interop import child
from tests.interop.agents.full_system import full_system
from tests.servers.small_disk import with_small_disk

STORAGE = "SERVER_SIDE_PROGRAM_STORAGE_PATH"
CRASHES = "SERVER_SIDE_PROGRAM_CRASHES_PATH"
MOST_WRITES_BEFORE_A_KILL = 40

# Each value says how long it is and is made of one letter, so that a torn one shows.
WRITER = """
import sys
from opswire.agents import Storage
storage = Storage("agent", "db1", durable=sys.argv[1] == "durable")
for number in range(int(sys.argv[2]), 10**9):
    length = 1 + number * 7919 % 20_000
    storage.write("key", f"{number} {length} " + chr(97 + number % 26) * length)
    print(number, flush=True)
"""


def is_whole(text: str) -> bool:
    """Whether a value of the writer is one of those that it wrote."""
    number, length, letters = text.split(" ")
    return letters == chr(97 + int(number) % 26) * int(length)


@pytest.mark.parametrize("kills", two_forms(20, 1000))
@pytest.mark.parametrize("durable", ["durable", "plain"])
def test_kill_9_at_any_moment_leaves_the_old_or_the_new_value(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, durable: str, kills: int
) -> None:
    """Writers are killed, one after the other, each in the middle of one of its first writes."""
    monkeypatch.setenv(STORAGE, str(tmp_path))
    chance = random.Random(4)  # noqa: S311 - moments, not secrets
    storage = Storage("agent", "db1")
    last = -1
    for _ in range(kills):
        writer = subprocess.Popen(
            child.command(WRITER, durable, last + 1),
            cwd=child.ROOT,
            stdout=subprocess.PIPE,
            text=True,
        )
        assert writer.stdout is not None
        for _ in range(chance.randint(1, MOST_WRITES_BEFORE_A_KILL)):
            assert writer.stdout.readline()
        time.sleep(chance.uniform(0, 0.002))
        writer.send_signal(signal.SIGKILL)
        reported = [int(line) for line in writer.stdout.read().splitlines() if line]
        writer.wait()
        writer.stdout.close()
        text = storage.read("key", None)
        assert text is not None
        assert is_whole(text)
        found = int(text.split(" ")[0])
        # What was reported as written is there, or the next one, of which the report was cut off.
        assert found >= max(reported, default=last + 1)
        last = found
    storage.write("key", "the end")
    assert storage.keys() == ["key"]
    storage.remove_leftovers(older_than=-1)
    assert os.listdir(tmp_path / "db1/agent") == ["key"]


UPDATER = """
import sys
from opswire.agents import Storage
storage = Storage("agent", "db1")
sys.stdin.read()
for _ in range(int(sys.argv[1])):
    storage.update("counter", lambda old: str(int(old) + 1), "0")
"""


@pytest.mark.parametrize("times", two_forms(200, 5000))
def test_16_processes_that_update_one_key_lose_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, times: int
) -> None:
    """Some of them are disturbed by clean-ups of the lock file, too."""
    monkeypatch.setenv(STORAGE, str(tmp_path))
    processes = [
        subprocess.Popen(child.command(UPDATER, times), cwd=child.ROOT, stdin=subprocess.PIPE)
        for _ in range(16)
    ]
    for process in processes:
        assert process.stdin is not None
        process.stdin.close()
    storage = Storage("agent", "db1")
    while any(process.poll() is None for process in processes):
        storage.remove_leftovers()
        time.sleep(0.01)
    assert [process.returncode for process in processes] == [0] * 16
    assert storage.read("counter", None) == str(16 * times)


HOLDER = """
import time
from opswire.agents import Storage
def hold(old):
    print("held", flush=True)
    time.sleep(600)
Storage("agent", "db1").update("key", hold)
"""


def test_the_lock_of_a_killed_holder_is_free(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The kernel lets go of it."""
    monkeypatch.setenv(STORAGE, str(tmp_path))
    storage = Storage("agent", "db1")
    with subprocess.Popen(
        child.command(HOLDER), cwd=child.ROOT, stdout=subprocess.PIPE, text=True
    ) as holder:
        assert holder.stdout is not None
        assert holder.stdout.readline() == "held\n"
        with pytest.raises(TimeoutError):
            storage.update("key", lambda _: "mine", timeout=0)
        holder.kill()
        holder.wait()
        assert storage.update("key", lambda _: "mine", timeout=5) == "mine"


FULL_DISK = """
import os, sys
from opswire.agents import Storage, report_agent_crashes
base = os.environ["SERVER_SIDE_PROGRAM_STORAGE_PATH"]
storage = Storage("agent", "db1")
storage.write("key", "old")
try:
    storage.write("key", "new" * 1_000_000)
except OSError as error:
    print(error.errno, error.filename == f"{base}/db1/agent/key")
filler = open(f"{base}/filler", "wb", buffering=0)
try:
    while filler.write(b"x" * 4096):
        pass
except OSError:
    pass
for call in (
    lambda: storage.write("key", "new"),
    lambda: storage.write("key", "new", durable=True),
    lambda: storage.update("key", lambda old: old + "new"),
):
    try:
        call()
        print("written")
    except OSError as error:
        print(error.errno)
print(storage.read("key", None), sorted(os.listdir(f"{base}/db1/agent")))

@report_agent_crashes("agent", "1.0")
def main():
    raise ValueError("what happened")
print(main())
filler.close()
os.unlink(f"{base}/filler")
print([path for path, _, files in os.walk(os.environ["SERVER_SIDE_PROGRAM_CRASHES_PATH"]) if files])
storage.write("key", "new")
print(storage.read("key", None))
"""


def test_a_full_disk_leaves_the_old_value_and_the_report_goes_elsewhere(tmp_path: Path) -> None:
    """A tmpfs of 256 KiB."""
    disk, spare = tmp_path / "disk", tmp_path / "spare"
    disk.mkdir()
    spare.mkdir()
    around = with_small_disk([], disk, 256 * 1024)
    variables = {STORAGE: f"{disk}/s", CRASHES: f"{disk}/c", "TMPDIR": str(spare)}
    lines = child.run(FULL_DISK, around=around, extra=variables).splitlines()
    assert lines == ["28 True", "28", "28", "28", "old ['%lock-key', 'key']", "1", "[]", "new"]
    [report] = spare.rglob("crash.info")
    assert "what happened" in report.read_text()
    # In the namespace of an ordinary user COMMAND is root, too.
    assert report.parents[2].name == "opswire-crashes-0"


READ_ONLY = """
import os, subprocess, sys
from opswire.agents import Storage
base = os.environ["SERVER_SIDE_PROGRAM_STORAGE_PATH"]
storage = Storage("agent", "db1")
storage.write("key", "old")
# "bind", because an ordinary user's namespace may not change the file system itself.
subprocess.run(["mount", "-o", "remount,bind,ro", base], check=True)
for call in (
    lambda: storage.write("key", "new"),
    lambda: storage.update("key", lambda _: "new"),
    lambda: storage.unset("key"),
    lambda: Storage("other", "db1").write("key", "new"),
):
    try:
        call()
        print("done")
    except OSError as error:
        print(error.errno, error.filename)
print(storage.read("key", None), storage.keys())
"""


def test_a_read_only_disk_can_be_read(tmp_path: Path) -> None:
    """Everything else is an error that says so, with the path."""
    around = with_small_disk([], tmp_path, 256 * 1024)
    lines = child.run(READ_ONLY, around=around, extra={STORAGE: str(tmp_path)}).splitlines()
    key = f"30 {tmp_path}/db1/agent/key"
    assert lines == [key, key, key, f"30 {tmp_path}/db1/other/key", "old ['key']"]


NO_RIGHTS = """
import os, sys
from opswire.agents import Storage, report_check_crashes
from opswire.agents.storage import expiry
from opswire.agents.crashes import handling
import encodings.unicode_escape, tempfile, uuid, json.encoder
os.chdir(os.environ["BASE"])
tempfile.tempdir = "/proc"
os.environ["SERVER_SIDE_PROGRAM_STORAGE_PATH"] = "."
if os.geteuid() == 0:
    os.setgroups([])
    os.setgid(65534)
    os.setuid(65534)
print(Storage("agent", "db1").read("key", "default"))
for call in (
    lambda: Storage("agent", "db1").write("key", "new"),
    lambda: Storage("agent", "db2").write("key", "new"),
    lambda: Storage("agent", "db1").update("key", lambda _: "new"),
    lambda: Storage("agent", "db1").unset("key"),
    lambda: Storage("agent", "db1").keys(),
):
    try:
        call()
        print("done")
    except PermissionError as error:
        print(error.filename)

@report_check_crashes("check", "1.0")
def main():
    raise ValueError("what happened")
print(main())
"""


def test_without_rights_reading_gives_the_default_and_all_else_an_error(tmp_path: Path) -> None:
    """Root becomes nobody for this; anybody else loses the rights on the folder."""
    (tmp_path / "db1").mkdir()
    (tmp_path / "db1").chmod(0 if os.geteuid() else 0o700)
    tmp_path.chmod(0o555)
    try:
        # There is no spare folder either: the report must not get lost, and nothing may escape.
        extra = {"BASE": str(tmp_path), CRASHES: "./crashes"}
        done = subprocess.run(
            child.command(NO_RIGHTS),
            cwd=child.ROOT,
            env=child.environment(extra),
            capture_output=True,
            text=True,
            check=False,
        )
    finally:
        tmp_path.chmod(0o755)
        (tmp_path / "db1").chmod(0o755)
    assert done.returncode == 0, done.stderr
    key = "./db1/agent/key"
    lines = done.stdout.splitlines()
    assert lines == ["default", key, "./db2/agent/key", key, key, "./db1/agent", "1"]
    assert "Failed: what happened - failed to create a crash report: " in done.stderr
    assert '"crash_type": "active_check"' in done.stderr


NO_DESCRIPTORS = """
import os, resource, sys
from opswire.agents import report_agent_crashes

@report_agent_crashes("agent", "1.0")
def main():
    api_token = "t0ken-of-main"
    taken = []
    try:
        while True:
            taken.append(os.open("/dev/null", os.O_RDONLY))
    except OSError as error:
        raise ValueError(f"not with {api_token}") from error

if sys.argv[2] == "of its own":
    resource.setrlimit(resource.RLIMIT_NOFILE, (60, 60))
if sys.argv[1] == "early":
    while True:
        try:
            os.open("/dev/null", os.O_RDONLY)
        except OSError:
            break
    os.close(59)
    os.close(58)
sys.exit(main())
"""


@pytest.mark.parametrize("place", ["base", "spare"])
@pytest.mark.parametrize("when", ["late", "early"])
@pytest.mark.parametrize(
    ("limit", "reason"),
    [
        ("of its own", "[Errno 24] Too many open files"),
        ("of the system", "[Errno 23] Too many open files in system"),
    ],
)
def test_without_a_descriptor_left_the_report_is_whole(
    tmp_path: Path, place: str, when: str, limit: str, reason: str
) -> None:
    """A program opens files until none can be opened; two were free when it began."""
    base, spare = tmp_path / "base", tmp_path / "spare"
    spare.mkdir()
    if place == "spare":
        base.touch()
    variables = {CRASHES: f"{base}/crashes", "TMPDIR": str(spare)}
    if limit == "of the system":
        variables |= full_system(tmp_path, 60)
    done = subprocess.run(
        child.command(NO_DESCRIPTORS, when, limit),
        cwd=child.ROOT,
        env=child.environment(variables),
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.stderr.startswith("Traceback (most recent call last):\n")
    assert f"OSError: {reason}: '/dev/null'\n" in done.stderr
    assert "\nFailed: not with redacted - please submit a crash report! (Crash-ID: " in done.stderr
    [report] = (spare if place == "spare" else base).rglob("crash.info")
    assert '"exc_value": "not with redacted"' in report.read_text()
    assert "t0ken" not in done.stderr + report.read_text()


DAEMON = """
import os, stat
from opswire.agents import report_agent_crashes

@report_agent_crashes("agent", "1.0")
def main():
    os.closerange(3, 100)
    kept.extend(os.pipe() + os.pipe() + (os.open("/dev/null", os.O_RDONLY),))
    raise ValueError("what happened")

kept = []
print(main(), [stat.S_ISFIFO(os.fstat(one).st_mode) for one in kept])
"""


def test_descriptors_that_are_no_longer_ours_are_not_closed(tmp_path: Path) -> None:
    """A daemon closes all of them, and has others under the same numbers."""
    printed = child.run(DAEMON, extra={CRASHES: str(tmp_path)})
    assert printed == "1 [True, True, True, True, False]\n"


RETURNING = """
import os
from opswire.agents import report_agent_crashes

def descriptors():
    return sorted(os.listdir("/proc/self/fd"))

@report_agent_crashes("agent", "1.0")
def main(how):
    if how:
        raise how
    return len(descriptors())

before = descriptors()
print(main(None) - len(before))
for how in (ValueError("x"), SystemExit(3), KeyboardInterrupt()):
    try:
        main(how)
    except BaseException as error:
        print(type(error).__name__)
    assert descriptors() == before
"""


def test_however_a_function_ends_no_descriptor_is_left(tmp_path: Path) -> None:
    """Two are kept for a crash while it runs."""
    printed = child.run(RETURNING, extra={CRASHES: str(tmp_path)})
    assert printed == "2\nSystemExit\nKeyboardInterrupt\n"


INTERRUPTED = """
import os, signal, sys
from opswire.agents import report_agent_crashes

class Slow:
    def __repr__(self):
        os.kill(os.getpid(), signal.SIGTERM if sys.argv[1] == "exit" else signal.SIGINT)
        return "interrupted"

class Swallowing(Slow):
    def __repr__(self):
        try:
            return super().__repr__()
        except BaseException:
            return "swallowed"

def leave(number, frame):
    sys.exit(143)

signal.signal(signal.SIGTERM, leave)
# Whoever runs the tests in the background may have it ignored.
signal.signal(signal.SIGINT, signal.default_int_handler)

@report_agent_crashes("agent", "1.0")
def main():
    value = Swallowing() if sys.argv[1] == "swallow" else Slow()
    password = "s3cret-of-main"
    raise ValueError(f"not with {password}")

main()
print("went on")
"""


@pytest.mark.parametrize(("how", "status"), [("raise", -2), ("swallow", -2), ("exit", 143)])
def test_ctrl_c_while_a_report_is_made_ends_the_program(
    tmp_path: Path, how: str, status: int
) -> None:
    """Also if the object that is looked at swallows it; its own KeyboardInterrupt does not."""
    done = subprocess.run(
        child.command(INTERRUPTED, how),
        cwd=child.ROOT,
        env=child.environment({CRASHES: str(tmp_path)}),
        capture_output=True,
        text=True,
        check=False,
    )
    assert (done.returncode, done.stdout) == (status, "")
    assert "s3cret" not in done.stderr
    reports = list(tmp_path.rglob("crash.info"))
    assert len(reports) == (1 if how == "swallow" else 0)


def test_a_folder_that_vanishes_at_any_moment_is_made_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A host is removed while its values are being written and read.

    How often that hits one write is for the machine to say, so that the clock of patience stands.
    """
    monkeypatch.setattr("opswire.folders.monotonic", lambda: 0.0)
    monkeypatch.setenv(STORAGE, str(tmp_path))
    storage = Storage("agent", "db1")
    working = tmp_path / "working"
    working.touch()
    # Killing the shell would leave its last rm behind.
    loop = 'while [ -e "$0" ]; do rm -rf "$1"; done'
    with subprocess.Popen(["sh", "-c", loop, str(working), str(tmp_path / "db1")]):
        try:
            for number in range(500):
                storage.write("key", str(number))
                assert storage.read("key", "gone") in {str(number), "gone"}
                storage.update("key", lambda old: old, "none")
                assert set(storage.keys()) <= {"key"}
        finally:
            working.unlink()
    storage.write("key", "the end")
    assert storage.read("key", None) == "the end"
