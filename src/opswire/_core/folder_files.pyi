import os
from collections.abc import Callable, Sequence
from types import TracebackType
from typing import Self, TypeVar, final

_R = TypeVar("_R")

MAX_SIZE: int

@final
class Seen: ...

@final
class FileStatus:
    @property
    def st_mode(self) -> int: ...
    @property
    def st_mtime(self) -> float: ...
    @property
    def st_mtime_ns(self) -> int: ...
    @property
    def st_ctime(self) -> float: ...

@final
class Folder:
    def __init__(self, base: str, names: Sequence[str], *, listable: bool = False) -> None: ...
    def fileno(self) -> int: ...
    def names(self) -> list[str]: ...
    def close(self) -> None: ...
    def __enter__(self) -> Self: ...
    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None: ...

@final
class FileLock:
    @property
    def held(self) -> bool: ...

def call_locked(
    folder: Folder,
    name: str,
    function: Callable[[FileLock], _R],
    timeout: float | None = None,
    *,
    mode: int = 0o600,
) -> _R: ...
def remove_idle_lock(folder: Folder, name: str) -> bool: ...
def remove_same(folder: Folder, name: str, status: os.stat_result) -> bool: ...
def refuse_unless_regular(mode: int, name: str) -> None: ...
def open_folder(base: str, names: Sequence[str], *, listable: bool = False) -> int: ...
def read_file(
    base: str, names: Sequence[str], name: str, seen: Seen, max_size: int = ...
) -> tuple[bytes, FileStatus]: ...
def replace_file(
    base: str,
    names: Sequence[str],
    name: str,
    content: bytes,
    seen: Seen,
    temporary_prefix: str,
    durable: bool = False,
    mode: int = 0o600,
    modified_ns: int | None = None,
) -> None: ...
