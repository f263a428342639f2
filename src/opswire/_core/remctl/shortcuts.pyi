from collections.abc import Iterable
from typing import Generic, TypeVar

from typing_extensions import disjoint_base

from opswire._core.remctl.driver import Driver

_T = TypeVar("_T", bound=tuple[object, ...])

@disjoint_base
class Shortcuts(Generic[_T]):
    _link: Driver | None
    _deadline: float
    _error: str
    @property
    def _token(self) -> type[_T]: ...
    def __class_getitem__(cls, token: object) -> type[Shortcuts[_T]]: ...
    def _set_token(self, token: type[_T]) -> None: ...
    def command(self, command: Iterable[object], *, deadline: float | None = None) -> None: ...
    def output(self) -> _T: ...
    def noop(self) -> bool: ...
