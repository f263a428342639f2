"""What stands for a secret in a trace, and which secrets have been seen so far."""

from __future__ import annotations

import re
from collections.abc import Iterable

from opswire.redaction.names import is_secret

__all__ = ["MARK", "HiddenSecrets", "mark_of"]

# Stands for a secret. Letters and a minus sign pass through URLs, JSON, cookies and base64url.
MARK = "opswire-redacted"

_JWT = re.compile(r"eyJ[\w-]+\.[\w-]+\.[\w-]+", re.ASCII)


def mark_of(secret: str) -> str:
    """Return what stands for a secret.

    Programs read the claims of a JSON Web Token; without its signature it opens nothing.
    """
    if _JWT.fullmatch(secret):
        return f"{secret.rpartition('.')[0]}.{MARK}"
    return MARK


class HiddenSecrets:
    """The secrets of a trace, with what stands for each.

    Args:
        kept: names, in small letters, and values that a caller's own filter has put there.
    """

    def __init__(self, kept: Iterable[tuple[str, str]] = ()) -> None:
        """Start with no secret."""
        self.marks: dict[str, str] = {}
        self._kept = frozenset(kept)

    def is_kept(self, name: str, value: str) -> bool:
        """Tell whether a value is a replacement already."""
        return (name.lower(), value) in self._kept

    def hide(self, secret: str) -> str:
        """Remember a secret, and return what stands for it; nothing stands for nothing."""
        mark = mark_of(secret)
        if secret and secret != mark and MARK not in secret:
            self.marks[secret] = mark
        return mark if secret else secret

    def is_secret(self, name: str, value: str, *, asked: bool = False) -> bool:
        """Tell whether a value is to be hidden because of its name, as `names.is_secret` does."""
        if not value or self.is_kept(name, value):
            return False
        return is_secret(name, value, asked=asked)
