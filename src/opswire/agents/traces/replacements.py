"""What the caller's own filters put in the place of secrets, so that it stays in a trace."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any
from urllib.parse import parse_qsl

from opswire.redaction.marks import MARK

__all__ = ["Replacements"]


class Replacements:
    """Filters of vcrpy, and what they replaced with what.

    Attributes:
        found: the name in small letters and the new value of each replacement.
    """

    def __init__(self) -> None:
        """Start without a filter."""
        self.found: set[tuple[str, str]] = set()
        self._computed: set[str] = set()

    def of(self, filters: Iterable[Any]) -> list[Any]:
        """Return filters for vcrpy that do what the given ones do.

        Args:
            filters: names, or pairs of a name and a replacement: text, None, or a function of
                `key`, `value` and `request`.
        """
        return [self._noted(*one) if isinstance(one, tuple) else one for one in filters]

    def find_in(self, request: Any) -> None:
        """Take what a stored request has under the names of functions for their replacements.

        It was written without secrets; the functions are not called again for it.
        """
        body = request.body if isinstance(request.body, (bytes, str)) else b""
        text = body.decode("latin-1") if isinstance(body, bytes) else body
        for name, value in [*request.headers.items(), *request.query, *parse_qsl(text)]:
            for each in value if isinstance(value, list) else [value]:
                if name.lower() in self._computed and MARK not in (plain := _text(each)):
                    self.found.add((name.lower(), plain))

    def _noted(self, name: str, replacement: Any) -> tuple[str, Any]:
        if callable(replacement):
            self._computed.add(name.lower())
            return name, self._noting(name, replacement)
        if replacement is not None:
            self.found.add((name.lower(), _text(replacement)))
        return name, replacement

    def _noting(self, name: str, function: Callable[..., Any]) -> Callable[..., Any]:
        def noting(key: Any, value: Any, request: Any) -> Any:
            new = function(key=key, value=value, request=request)
            if new is not None and new != value:
                self.found.add((name.lower(), _text(new)))
            return new

        return noting


def _text(value: Any) -> str:
    return value.decode("latin-1") if isinstance(value, bytes) else str(value)
