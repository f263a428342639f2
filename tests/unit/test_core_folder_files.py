"""Files in folders of others: the compiled functions by themselves."""

import copy
import errno
import os
import pickle
import stat
import threading
from pathlib import Path

import pytest

from opswire._core.folder_files import (
    Seen,
    open_folder,
    read_file,
    refuse_unless_regular,
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
    """Files of /proc have a size of 0."""
    content, _ = read_file("/proc", (str(os.getpid()),), "environ", Seen())
    assert content == Path("/proc/self/environ").read_bytes() != b""


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
