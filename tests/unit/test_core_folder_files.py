"""Files in folders of others: the compiled functions by themselves."""

import copy
import errno
import fcntl
import os
import pickle
import stat
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest

from opswire._core.folder_files import (
    FileLock,
    Folder,
    Seen,
    call_locked,
    open_folder,
    read_file,
    refuse_unless_regular,
    remove_idle_lock,
    remove_same,
    replace_file,
)

NAMES = ("host", "program")
PREFIX = "%tmp"


@pytest.fixture
def base(tmp_path: Path) -> Path:
    """A folder with the two below it."""
    tmp_path.joinpath(*NAMES).mkdir(parents=True)
    return tmp_path


@pytest.mark.parametrize("size", [0, 1, 4095, 4096, 4097, 1 << 20, (3 << 20) + 1])
def test_content_of_any_size_comes_back(base: Path, size: int) -> None:
    """Short ones are read onto the stack, others into their own bytes."""
    content = os.urandom(size)
    seen = Seen()
    for _ in range(2):
        replace_file(str(base), NAMES, "name", content, seen, PREFIX)
        found, status = read_file(str(base), NAMES, "name", seen)
        assert found == content
    expected = (base / "host/program/name").stat()
    assert (status.st_mode, status.st_mtime, status.st_mtime_ns, status.st_ctime) == (
        expected.st_mode,
        expected.st_mtime,
        expected.st_mtime_ns,
        expected.st_ctime,
    )


def test_more_is_read_than_the_status_says() -> None:
    """Files of /proc have a size of 0; the limit is about what they have in them."""
    names = (str(os.getpid()),)
    content, _ = read_file("/proc", names, "environ", Seen())
    assert content == Path("/proc/self/environ").read_bytes() != b""
    assert read_file("/proc", names, "environ", Seen(), len(content))[0] == content
    with pytest.raises(OSError, match="File too large: 'environ'"):
        read_file("/proc", names, "environ", Seen(), len(content) - 1)


@pytest.mark.parametrize("count", [0, 1, 2])
@pytest.mark.parametrize("listable", [True, False])
def test_a_folder_is_opened_by_its_names(base: Path, count: int, listable: bool) -> None:
    """Only one that is listable can be listed."""
    folder = open_folder(str(base), NAMES[:count], listable=listable)
    try:
        assert os.path.samestat(os.fstat(folder), base.joinpath(*NAMES[:count]).stat())
        assert not os.get_inheritable(folder)
        if listable:
            os.fsync(folder)
        else:
            with pytest.raises(OSError, match="Bad file descriptor"):
                os.listdir(folder)
    finally:
        os.close(folder)


def test_an_error_tells_the_system_s_number_and_the_name(base: Path) -> None:
    """Its class is that of Python's own."""
    with pytest.raises(FileNotFoundError) as missing:
        read_file(str(base), NAMES, "name", Seen())
    assert (missing.value.errno, missing.value.filename) == (errno.ENOENT, "name")
    with pytest.raises(NotADirectoryError):
        open_folder("/dev/null", ())


def test_a_base_in_no_encoding_is_taken_as_it_is(base: Path) -> None:
    """File names are octets (PEP 383)."""
    odd = os.fsdecode(bytes(base) + b"/\xff")
    os.makedirs(os.path.join(odd, *NAMES))
    replace_file(odd, NAMES, "name", b"content", Seen(), PREFIX)
    assert read_file(odd, NAMES, "name", Seen())[0] == b"content"


@pytest.mark.parametrize("base_name", ["/tmp\0", "\0"])
def test_a_base_with_a_nul_is_refused(base_name: str) -> None:
    """The system would take the part before it."""
    with pytest.raises(ValueError, match="embedded null byte"):
        read_file(base_name, NAMES, "name", Seen())


def test_a_prefix_too_long_for_a_name_is_refused(base: Path) -> None:
    """Never cut."""
    with pytest.raises(OSError, match="File name too long"):
        replace_file(str(base), NAMES, "name", b"", Seen(), "x" * 250)
    assert list(base.joinpath(*NAMES).iterdir()) == []


def test_the_way_is_found_again_after_the_folder_was_replaced(base: Path) -> None:
    """By a folder; not by a link."""
    seen = Seen()
    replace_file(str(base), NAMES, "name", b"first", seen, PREFIX)
    (base / "host").rename(base / "old")
    base.joinpath(*NAMES).mkdir(parents=True)
    replace_file(str(base), NAMES, "name", b"second", seen, PREFIX)
    assert (base / "old/program/name").read_bytes() == b"first"
    assert (base / "host/program/name").read_bytes() == b"second"
    (base / "host").rename(base / "elsewhere")
    (base / "host").symlink_to("elsewhere")
    assert read_file(str(base), NAMES, "name", seen)[0] == b"second"  # the very folder
    (base / "host").unlink()
    (base / "host").symlink_to("old")
    with pytest.raises(NotADirectoryError):
        read_file(str(base), NAMES, "name", seen)


def test_what_was_seen_is_not_copied() -> None:
    """It is the state of a machine, not of a value."""
    assert isinstance(pickle.loads(pickle.dumps(Seen())), Seen)  # noqa: S301 - our own octets
    assert isinstance(copy.deepcopy(Seen()), Seen)


def test_threads_share_what_was_seen(tmp_path: Path) -> None:
    """Each looks into another base, and never finds the value of the other."""
    bases = [str(tmp_path / name) for name in "abcd"]
    for base in bases:
        os.makedirs(os.path.join(base, *NAMES))
    seen = Seen()
    wrong: list[bytes] = []

    def work(base: str) -> None:
        for _ in range(500):
            replace_file(base, NAMES, "name", base.encode(), seen, PREFIX)
            content, _ = read_file(base, NAMES, "name", seen)
            if content != base.encode():
                wrong.append(content)

    threads = [threading.Thread(target=work, args=(base,)) for base in bases * 2]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert wrong == []


def test_what_is_no_regular_file_is_refused() -> None:
    """By the type in its st_mode."""
    refuse_unless_regular(stat.S_IFREG | 0o600, "name")
    for kind in (stat.S_IFIFO, stat.S_IFDIR, stat.S_IFSOCK, stat.S_IFCHR, 0):
        with pytest.raises(OSError, match="not a regular file: 'name'"):
            refuse_unless_regular(kind | 0o600, "name")


def open_descriptors() -> int:
    """How many this process has."""
    return len(os.listdir("/proc/self/fd"))


def test_an_open_folder_closes_itself(base: Path) -> None:
    """At the latest with its last reference: nobody has to be there to close it."""
    before = open_descriptors()
    folder = Folder(str(base), NAMES)
    assert os.path.samestat(os.fstat(folder.fileno()), base.joinpath(*NAMES).stat())
    assert not os.get_inheritable(folder.fileno())
    del folder
    assert open_descriptors() == before
    with Folder(str(base), ()) as folder:
        assert open_descriptors() == before + 1
    assert open_descriptors() == before
    folder.close()
    with pytest.raises(ValueError, match="closed"):
        folder.fileno()
    with pytest.raises(ValueError, match="closed"):
        folder.names()
    with pytest.raises(FileNotFoundError):
        Folder(str(base), ("none",))
    assert open_descriptors() == before


def test_a_folder_that_was_opened_for_searching_tells_its_names_nevertheless(base: Path) -> None:
    """Files, folders and links alike."""
    (base / "file").touch()
    (base / "link").symlink_to("nowhere")
    assert sorted(Folder(str(base), ()).names()) == ["file", "host", "link"]


@pytest.mark.parametrize("size", [0, 10, 4096, 100_000])
def test_no_more_is_read_than_asked_for(base: Path, size: int) -> None:
    """The limit itself is not too much."""
    replace_file(str(base), NAMES, "name", b"x" * size, Seen(), PREFIX)
    assert len(read_file(str(base), NAMES, "name", Seen(), size)[0]) == size
    with pytest.raises(OSError, match="File too large: 'name'") as caught:
        read_file(str(base), NAMES, "name", Seen(), size - 1)
    assert caught.value.errno == errno.EFBIG


def test_a_file_of_terabytes_costs_nothing(base: Path) -> None:
    """A sparse one has any size; it is looked at before there is memory for it."""
    with open(base / "host/program/name", "wb") as file:
        file.truncate(1 << 43)
    with pytest.raises(OSError, match="File too large: 'name'"):
        read_file(str(base), NAMES, "name", Seen())


@pytest.mark.parametrize("limit", [10, 5000, 3 << 20])
def test_a_file_that_grows_while_it_is_read_is_read_up_to_the_limit(limit: int) -> None:
    """As this one of /proc: its size is told as 0, and it goes on for hundreds of gigabytes."""
    with pytest.raises(OSError, match="File too large: 'pagemap'"):
        read_file("/proc", (str(os.getpid()),), "pagemap", Seen(), limit)


def test_a_file_that_was_looked_at_is_removed(base: Path) -> None:
    """Once."""
    path = base / "file"
    path.touch()
    status = path.lstat()
    folder = Folder(str(base), ())
    assert remove_same(folder, "file", status)
    assert not path.exists()
    assert not remove_same(folder, "file", status)


def test_a_file_that_was_replaced_is_not_removed(base: Path) -> None:
    """Though the new one may get the number of the old one."""
    path = base.joinpath(*NAMES, "file")
    replace_file(str(base), NAMES, "file", b"old", Seen(), PREFIX)
    status = path.lstat()
    replace_file(str(base), NAMES, "file", b"new", Seen(), PREFIX)
    assert not remove_same(Folder(str(base), NAMES), "file", status)
    changed = path.lstat()
    path.chmod(0o400)  # the same file, with another time of change
    while path.lstat().st_ctime_ns == changed.st_ctime_ns:
        path.chmod(0o600)  # file clocks tick slowly
    assert not remove_same(Folder(str(base), NAMES), "file", changed)
    assert path.read_bytes() == b"new"


def test_nothing_is_removed_while_somebody_is_about_to_rename(base: Path) -> None:
    """It would be tried again another day; whoever writes is not to wait for a clean-up."""
    path = base / "file"
    path.touch()
    renaming = os.open(base, os.O_RDONLY)
    try:
        fcntl.flock(renaming, fcntl.LOCK_SH)
        assert not remove_same(Folder(str(base), ()), "file", path.lstat())
    finally:
        os.close(renaming)
    assert remove_same(Folder(str(base), ()), "file", path.lstat())


@pytest.mark.parametrize("durable", [True, False])
def test_nobody_renames_between_the_look_of_a_removal_and_its_end(
    base: Path, durable: bool
) -> None:
    """The kernel says that the writer waits."""
    removing = os.open(base.joinpath(*NAMES), os.O_RDONLY)
    arguments = (str(base), NAMES, "file", b"new", Seen(), PREFIX, durable)
    writer = threading.Thread(target=replace_file, args=arguments)
    try:
        fcntl.flock(removing, fcntl.LOCK_EX)
        writer.start()
        inode = f":{os.fstat(removing).st_ino} "
        while not any(
            "->" in line and inode in line for line in Path("/proc/locks").read_text().splitlines()
        ):
            time.sleep(0.001)
        assert not base.joinpath(*NAMES, "file").exists()
    finally:
        os.close(removing)
    writer.join()
    assert base.joinpath(*NAMES, "file").read_bytes() == b"new"


def test_a_folder_without_a_right_to_list_it_is_written_to(tmp_path: Path) -> None:
    """Root becomes nobody for this."""
    folder = tmp_path / "host"
    folder.mkdir()
    program = (
        "import os, sys\n"
        "from opswire._core.folder_files import Seen, replace_file\n"
        "os.chdir(sys.argv[1])\n"
        "if os.geteuid() == 0: os.setgroups([]); os.setgid(65534); os.setuid(65534)\n"
        "replace_file('.', ('host',), 'name', b'content', Seen(), '%')\n"
    )
    tmp_path.chmod(0o755)
    folder.chmod(0o333)
    try:
        subprocess.run([sys.executable, "-c", program, tmp_path], check=True)
    finally:
        folder.chmod(0o755)
    assert (folder / "name").read_bytes() == b"content"


def test_a_call_has_the_lock_until_it_ends(base: Path) -> None:
    """With a result or with an exception."""
    folder = Folder(str(base), ())
    kept: list[FileLock] = []

    def look(lock: FileLock) -> str:
        kept.append(lock)
        assert lock.held
        assert not remove_idle_lock(folder, "lock")
        with pytest.raises(RuntimeError, match="this thread holds the lock lock already"):
            call_locked(folder, "lock", look)
        return "result"

    before = open_descriptors()
    assert call_locked(folder, "lock", look) == "result"
    assert not kept[0].held
    with pytest.raises(ZeroDivisionError):
        call_locked(folder, "lock", lambda _: 1 // 0)
    assert remove_idle_lock(folder, "lock")
    assert not remove_idle_lock(folder, "lock")
    assert open_descriptors() == before
