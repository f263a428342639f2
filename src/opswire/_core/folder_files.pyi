from collections.abc import Sequence
from typing import final

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

def refuse_unless_regular(mode: int, name: str) -> None: ...
def open_folder(base: str, names: Sequence[str], *, listable: bool = False) -> int: ...
def read_file(
    base: str, names: Sequence[str], name: str, seen: Seen
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
