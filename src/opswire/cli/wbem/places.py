"""Several namespaces, one after the other: what one lacks keeps nobody from the others."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import TypeVar

from opswire.cli.standard_streams import complain
from opswire.cli.wbem.advice import one_line
from opswire.errors.wbem import CIMError
from opswire.wbem import CIM_ERR_INVALID_CLASS, CIM_ERR_NOT_FOUND

T = TypeVar("T")

ABSENT = (CIM_ERR_INVALID_CLASS, CIM_ERR_NOT_FOUND)


class Places:
    """The namespaces that somebody names.

    Attributes:
        status: 1 when one of them failed; that it has no such class is no failure where another one
            has.
    """

    def __init__(self, names: Sequence[str]) -> None:
        """Take them; none is the default one."""
        self._names: list[str | None] = list(dict.fromkeys(names)) or [None]
        self._lacking = 0
        self._failed = False

    def each(self, ask: Callable[[str | None], Iterable[T]]) -> Iterator[T]:
        """Iterate over what each has; of several, one that refuses is told, and the next asked.

        Raises:
            CIMError: the only one refuses.
            Error: there is no answer: the others would have none, too.
        """
        for name in self._names:
            try:
                yield from ask(name)
            except CIMError as error:
                if len(self._names) == 1:
                    raise
                complain(f"opswire: {one_line(error)}")
                if error.status_code in ABSENT:
                    self._lacking += 1
                else:
                    self._failed = True

    @property
    def status(self) -> int:
        """The exit status, when all have been asked."""
        return int(self._failed or self._lacking == len(self._names))
