"""Storage: what its callers see, and what stands on the disk."""

import os
import stat
import threading
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from opswire.agents import Storage
from opswire.agents.storage.names import VARIABLE, quoted, unquoted
from opswire.agents.storage.tree import programs, purge, values

HOUR = 3600


@pytest.fixture
def base(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The folder of all values, which does not exist yet."""
    folder = tmp_path / "var" / "storage"
    monkeypatch.setenv(VARIABLE, str(folder))
    return folder


def files(base: Path) -> set[str]:
    """Every file below the base."""
    return {str(path.relative_to(base)) for path in base.rglob("*") if not path.is_dir()}


CALLS: list[Callable[[Storage, str], object]] = [
    lambda storage, key: storage.write(key, ""),
    lambda storage, key: storage.read(key, None),
    lambda storage, key: storage.unset(key),
    lambda storage, key: storage.update(key, lambda _: ""),
]
each_call = pytest.mark.parametrize("call", CALLS, ids=["write", "read", "unset", "update"])


def test_a_value_comes_back(storage: Storage) -> None:
    storage.write("key", "value")
    storage.write("key", "newer")
    assert storage.read("key", None) == "newer"


def test_the_file_is_base_host_program_key(storage: Storage, base: Path) -> None:
    storage.write("key", "value")
    assert (base / "db1" / "agent" / "key").read_text() == "value"
    assert files(base) == {"db1/agent/key"}


def test_names_are_percent_quoted_with_nothing_safe(base: Path) -> None:
    Storage("a gent", "h/öst").write("k:e_y.-~%", "")
    assert files(base) == {"h%2F%C3%B6st/a%20gent/k%3Ae_y.-~%25"}


@pytest.mark.parametrize("text", ["\r\n\r\n", "a\rb", "\0", "\ufeffä€😀", "", "x" * 3_000_000])
def test_text_comes_back_to_the_letter(storage: Storage, text: str) -> None:
    storage.write("key", text)
    assert storage.read("key", None) == text


def test_text_is_stored_as_utf_8(storage: Storage, base: Path) -> None:
    storage.write("key", "ä\r\n")
    assert (base / "db1/agent/key").read_bytes() == b"\xc3\xa4\r\n"


def test_the_default_is_the_very_object(storage: Storage) -> None:
    default = object()
    assert storage.read("missing", default) is default


def test_unset_removes_and_is_silent_if_there_is_nothing(storage: Storage, base: Path) -> None:
    storage.unset("key")
    storage.write("key", "value")
    storage.unset("key")
    storage.unset("key")
    assert storage.read("key", None) is None
    assert files(base) == set()


@each_call
@pytest.mark.parametrize("value", [None, ""], ids=["unset", "empty"])
def test_without_the_variable_each_call_says_so(
    call: Callable[[Storage, str], object], value: str | None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv(VARIABLE, raising=False)
    if value is not None:
        monkeypatch.setenv(VARIABLE, value)
    storage = Storage("agent", "db1")
    with pytest.raises(RuntimeError, match=f"{VARIABLE} environment variable is not set\\.$"):
        call(storage, "key")


def test_the_variable_is_looked_up_on_every_call(
    storage: Storage, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    storage.write("key", "first")
    monkeypatch.setenv(VARIABLE, str(tmp_path / "other"))
    assert storage.read("key", None) is None
    storage.write("key", "second")
    assert (tmp_path / "other/db1/agent/key").read_text() == "second"


@each_call
@pytest.mark.parametrize("place", ["program", "host", "key"])
def test_a_name_too_long_for_a_file_is_refused_when_it_is_used(
    base: Path, call: Callable[[Storage, str], object], place: str
) -> None:
    names = {"program": "p", "host": "h", "key": "k", place: "ä" * 43}
    storage = Storage(names["program"], names["host"])
    with pytest.raises(ValueError, match=r"too long \(max 255 characters after URL quoting\): 'ä"):
        call(storage, names["key"])


@each_call
def test_255_characters_are_not_too_long(
    base: Path, call: Callable[[Storage, str], object]
) -> None:
    call(Storage("p" * 255, "h" * 255), "k" * 255)


@pytest.mark.parametrize("content", [None, b"bytes", 1, ["text"]])
def test_what_is_not_text_is_refused_before_anything_is_touched(
    storage: Storage, base: Path, content: object
) -> None:
    with pytest.raises(TypeError, match="must be str, not"):
        storage.write("key", content)  # type: ignore[arg-type]  # a wrong type is tried
    assert not base.exists()


def test_lone_surrogates_are_refused_before_anything_is_touched(
    storage: Storage, base: Path
) -> None:
    with pytest.raises(UnicodeEncodeError):
        storage.write("key", "\ud800")
    assert not base.exists()


# Names that would leave the base or mean something else to the file system.
STRANGE = ["..", ".", "", "/", "../..", "/etc/passwd", "%2E%2E", "%", "%lock", "%tmp", "~", "\0"]


@pytest.mark.parametrize("name", STRANGE)
def test_no_name_leaves_its_folder(base: Path, tmp_path: Path, name: str) -> None:
    storage = Storage(name, name)
    storage.write(name, "value")
    storage.write("other", "")
    assert storage.read(name, None) == "value"
    assert storage.keys() == sorted([name, "other"])
    assert programs() == [(name, name)]
    assert {path.parent.parent.parent for path in tmp_path.rglob("*") if path.is_file()} == {base}
    storage.unset(name)
    assert storage.keys() == ["other"]


@pytest.mark.parametrize("name", [*STRANGE, "plain", "ä" * 42, "a.b"])
def test_a_file_name_tells_its_name(name: str) -> None:
    assert unquoted(quoted(name, "the name")) == name


@pytest.mark.parametrize(
    "spelling",
    ["%tmp1", "%lock", "%lock-key", "a b", "%e4", "%C3%", "%FF", "ä", ".", "..", "%41"],
)
def test_a_file_name_that_quoting_does_not_give_has_no_name(spelling: str) -> None:
    assert unquoted(spelling) is None


def test_no_two_names_share_a_file() -> None:
    spellings = [quoted(name, "the name") for name in STRANGE]
    assert len(set(spellings)) == len(STRANGE)


@pytest.mark.parametrize("mask", [0, 0o022, 0o077])
def test_only_the_owner_can_enter_and_read(storage: Storage, base: Path, mask: int) -> None:
    before = os.umask(mask)
    try:
        storage.update("key", lambda _: "value")
    finally:
        os.umask(before)
    modes = {path.name: stat.S_IMODE(path.stat().st_mode) for path in base.parent.rglob("*")}
    folders = {"storage": 0o700, "db1": 0o700, "agent": 0o700}
    assert modes == {**folders, "key": 0o600, "%lock-key": 0o600}


def test_values_of_others_are_others(storage: Storage, base: Path) -> None:
    storage.write("key", "value")
    assert Storage("agent", "db2").read("key", None) is None
    assert Storage("other", "db1").read("key", None) is None


def test_values_of_the_other_implementation_are_read(storage: Storage, base: Path) -> None:
    (base / "db1/agent").mkdir(parents=True)
    (base / "db1/agent/a%20key").write_text("value")
    assert storage.read("a key", None) == "value"


@pytest.mark.parametrize("octets", [b"\xff", b"\xed\xa0\x80", b"abc\xc3"])
def test_an_undecodable_value_is_the_default_and_can_be_replaced(
    storage: Storage, base: Path, octets: bytes
) -> None:
    storage.write("key", "")
    (base / "db1/agent/key").write_bytes(octets)
    assert storage.read("key", "default") == "default"
    assert storage.update("key", lambda old: f"{old}!", "default") == "default!"


@pytest.mark.timeout(20)
@pytest.mark.parametrize("kind", ["fifo", "link", "dangling link", "folder", "socket", "device"])
def test_what_is_no_file_is_no_value_and_hangs_nobody(
    storage: Storage, base: Path, tmp_path: Path, kind: str
) -> None:
    storage.write("other", "")
    trap, victim = base / "db1/agent/key", tmp_path / "victim"
    victim.write_text("the victim's")
    make_trap(kind, trap, victim)
    assert storage.read("key", "default") == "default"
    assert storage.keys() == ["other"]
    with pytest.raises(OSError, match=str(trap)):
        storage.update("key", lambda _: "new")
    if kind != "folder":
        storage.write("key", "new")
        assert storage.read("key", None) == "new"
        assert stat.S_ISREG(trap.lstat().st_mode)
    assert victim.read_text() == "the victim's"


def make_trap(kind: str, trap: Path, victim: Path) -> None:
    """Put something in the place of a file or folder."""
    if kind == "fifo":
        os.mkfifo(trap)
    elif kind == "folder":
        trap.mkdir()
    elif kind == "socket":
        import socket

        # The path of a socket has room for 107 octets.
        with socket.socket(socket.AF_UNIX) as listener:
            before = os.open(".", os.O_RDONLY)
            os.chdir(trap.parent)
            try:
                listener.bind(trap.name)
            finally:
                os.fchdir(before)
                os.close(before)
    elif kind == "device":
        trap.symlink_to("/dev/zero")
    else:
        trap.symlink_to(victim if kind == "link" else "nowhere")


@pytest.mark.timeout(20)
@pytest.mark.parametrize("level", ["db1", "db1/agent"])
@pytest.mark.parametrize("kind", ["link", "fifo"])
@pytest.mark.parametrize("seen", [True, False])
def test_a_folder_that_is_a_link_is_never_entered(
    storage: Storage, base: Path, tmp_path: Path, level: str, kind: str, seen: bool
) -> None:
    elsewhere = tmp_path / "elsewhere"
    (elsewhere / "agent").mkdir(parents=True)
    (elsewhere / "key").write_text("misleading")
    (elsewhere / "agent/key").write_text("misleading")
    if seen:
        storage.write("key", "mine")
        assert storage.read("key", None) == "mine"
    (base / "db1").mkdir(parents=True, exist_ok=True)
    if (base / level).exists():
        (base / level).rename(tmp_path / "away")
    make_trap(kind, base / level, elsewhere)
    assert storage.read("key", None) is None
    for call in (CALLS[0], CALLS[2], CALLS[3]):
        with pytest.raises(OSError, match=str(base)):
            call(storage, "key")
    assert (elsewhere / "agent/key").read_text() == "misleading"
    assert len(list(elsewhere.rglob("*"))) == 3


def test_a_folder_that_was_replaced_is_seen(storage: Storage, base: Path, tmp_path: Path) -> None:
    storage.write("key", "old")
    assert storage.read("key", None) == "old"
    (base / "db1").rename(tmp_path / "away")
    assert storage.read("key", None) is None
    Storage("agent", "db1").write("key", "new")
    assert storage.read("key", None) == "new"
    storage.write("key", "newer")
    assert (base / "db1/agent/key").read_text() == "newer"


def test_the_base_may_be_a_link(storage: Storage, base: Path, tmp_path: Path) -> None:
    (tmp_path / "real").mkdir()
    base.parent.mkdir()
    base.symlink_to(tmp_path / "real")
    storage.write("key", "value")
    assert storage.read("key", None) == "value"
    assert (tmp_path / "real/db1/agent/key").exists()


def test_keys_are_those_of_values_only(storage: Storage, base: Path) -> None:
    assert storage.keys() == []
    storage.write("b", "")
    storage.write("a/ä", "")
    storage.update("c", lambda _: "")
    (base / "db1/agent/%tmp123").touch()
    (base / "db1/agent/folder").mkdir()
    assert storage.keys() == ["a/ä", "b", "c"]


VALUES: list[object] = [None, True, 0, -1.5, "ä\ud800", [], {"a": [1, {"b": None}]}]


@pytest.mark.parametrize("value", VALUES, ids=repr)
def test_json_comes_back(storage: Storage, value: object) -> None:
    storage.write_json("key", value)
    assert storage.read_json("key", "default") == value


@pytest.mark.parametrize("text", ["", "{", "nonsense", "[" * 100_000])
def test_text_that_is_no_json_is_the_default(storage: Storage, text: str) -> None:
    storage.write("key", text)
    default = object()
    assert storage.read_json("key", default) is default


@pytest.mark.parametrize("value", [float("nan"), {1, 2}, b""])
def test_what_json_does_not_have_is_refused_before_anything_is_touched(
    storage: Storage, base: Path, value: object
) -> None:
    with pytest.raises((TypeError, ValueError)):
        storage.write_json("key", value)
    assert not base.exists()


def test_update_gives_the_old_value_and_stores_the_new_one(storage: Storage) -> None:
    assert storage.update("key", lambda old: f"{old}+", "default") == "default+"
    assert storage.update("key", lambda old: f"{old}+", "default") == "default++"
    assert storage.read("key", None) == "default++"


def test_update_to_none_removes(storage: Storage) -> None:
    storage.write("key", "value")
    assert storage.update("key", lambda _: None) is None
    assert storage.keys() == []


def test_an_exception_of_the_function_leaves_the_value_and_no_lock(storage: Storage) -> None:
    storage.write("key", "value")

    def fail(_: object) -> str:
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        storage.update("key", fail)
    assert storage.update("key", lambda old: old, timeout=0) == "value"


def test_update_of_the_same_key_inside_itself_is_an_error_and_no_deadlock(
    storage: Storage,
) -> None:
    def nested(_: object) -> str | None:
        return storage.update("key", lambda _: "inner")

    with pytest.raises(RuntimeError, match="inside the function of update"):
        storage.update("key", nested)


def test_update_of_another_key_inside_is_fine(storage: Storage) -> None:
    assert storage.update("a", lambda _: storage.update("b", lambda _: "inner")) == "inner"
    assert storage.keys() == ["a", "b"]


def test_threads_lose_no_update(storage: Storage) -> None:
    def count() -> None:
        for _ in range(100):
            storage.update("key", lambda old: str(int(old) + 1), "0")

    threads = [threading.Thread(target=count) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert storage.read("key", None) == "800"


def test_update_waits_no_longer_than_it_may(storage: Storage) -> None:
    held, leave = threading.Event(), threading.Event()

    def hold(_: object) -> str:
        held.set()
        leave.wait()
        return "held"

    holder = threading.Thread(target=lambda: storage.update("key", hold))
    holder.start()
    held.wait()
    try:
        with pytest.raises(TimeoutError, match=r"key: the lock %lock-key was held .* for 0\.05 s"):
            storage.update("key", lambda _: "mine", timeout=0.05)
    finally:
        leave.set()
        holder.join()
    assert storage.read("key", None) == "held"


def test_lock_files_that_nobody_holds_are_removed(storage: Storage, base: Path) -> None:
    storage.update("key", lambda _: "value")

    def tidy(old: object) -> str:
        storage.remove_leftovers()
        assert (base / "db1/agent/%lock-key").exists()
        return str(old)

    storage.update("key", tidy)
    storage.remove_leftovers()
    assert files(base) == {"db1/agent/key"}


def test_a_lock_that_is_a_link_is_refused(storage: Storage, base: Path, tmp_path: Path) -> None:
    storage.write("key", "value")
    (base / "db1/agent/%lock-key").symlink_to(tmp_path / "victim")
    with pytest.raises(OSError, match="key"):
        storage.update("key", lambda _: "new")
    assert not (tmp_path / "victim").exists()


def test_long_keys_have_locks_too(storage: Storage) -> None:
    assert storage.update("k" * 255, lambda _: "value") == "value"


def test_the_quota_holds_for_all_values_together(base: Path) -> None:
    storage = Storage("agent", "db1", quota=10)
    storage.write("a", "12345")
    storage.write("b", "1234")
    with pytest.raises(OSError, match="over the quota of 10 octets: other values have 9") as caught:
        storage.write("c", "ä")
    assert caught.value.errno == 122  # EDQUOT
    storage.write("b", "12345")
    assert storage.keys() == ["a", "b"]
    storage.unset("a")
    storage.write("c", "12345")
    assert "%tmp" not in str(files(base))


def test_clear_removes_the_values_of_one_program(storage: Storage, base: Path) -> None:
    storage.clear()
    storage.update("a", lambda _: "")
    other = Storage("other", "db1")
    other.write("a", "")
    storage.clear()
    assert storage.keys() == []
    assert other.keys() == ["a"]
    assert files(base) == {"db1/other/a"}


def test_all_values_are_listed(storage: Storage, base: Path) -> None:
    assert values() == []
    storage.write("b", "12345", ttl=HOUR)
    Storage("ä", "..").write("a", "1")
    found = values()
    assert [(one.host, one.program, one.key, one.size) for one in found] == [
        ("..", "ä", "a", 1),
        ("db1", "agent", "b", 5),
    ]
    assert [Path(one.path).read_text() for one in found] == ["1", "12345"]
    assert all(abs(one.written - time.time()) < HOUR for one in found)
    assert found[0].expires is None
    assert found[1].expires is not None
    assert abs(found[1].expires - time.time() - HOUR) < HOUR


@pytest.mark.parametrize("host", ["db1", "..", "a/b"])
def test_a_host_is_purged_whatever_its_name(base: Path, tmp_path: Path, host: str) -> None:
    Storage("agent", host).update("key", lambda _: "")
    Storage("other", host).write("key", "")
    Storage("agent", "stays").write("key", "")
    assert purge(host) == 2
    assert purge(host) == 0
    assert [path.name for path in base.iterdir()] == ["stays"]


def test_no_descriptor_stays_open(storage: Storage, base: Path) -> None:
    def count() -> int:
        return len(os.listdir("/proc/self/fd"))

    before = count()
    storage.update("key", lambda _: "value")
    storage.write("key", "new", durable=True, ttl=5)
    storage.keys()
    (base / "db1/agent/folder").mkdir()
    storage.read("folder", None)
    with pytest.raises(IsADirectoryError):
        storage.write("folder", "")
    values()
    storage.clear()
    purge("db1")
    assert count() == before


def test_a_storage_tells_whose_it_is(storage: Storage) -> None:
    assert repr(storage) == "Storage('agent', 'db1')"
