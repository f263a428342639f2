"""What an administrator reads of values: why one is missing, who waits, what was done again.

A file of its own, loaded when there is something to say: most runs of an agent have nothing, and
the import of logging costs more than all they do.  Of values there are paths, never a word.
"""

from __future__ import annotations

import logging

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence

_logger = logging.getLogger("opswire.agents")


def counts_as_missing(base: str, names: Sequence[str], spelling: str, reason: object) -> None:
    """A value that is there and was not given to the program."""
    _logger.warning("%s counts as missing: %s", _path(base, names, spelling), reason)


def tried_again(base: str, names: Sequence[str], spelling: str, error: OSError) -> None:
    """A value whose folder vanished while it was stored."""
    _logger.info("%s is stored again: %s", _path(base, names, spelling), error.strerror)


def waits(base: str, names: Sequence[str], spelling: str) -> None:
    """An update that another one keeps from beginning."""
    _logger.info("update of %s waits for another one", _path(base, names, spelling))


def cleared(base: str, names: Sequence[str], count: int) -> None:
    """Values past their time to live, and the temporary files of writers that died."""
    _logger.info("%s: %d files that were nobody's are removed", _path(base, names), count)


def _path(base: str, names: Sequence[str], *spelling: str) -> str:
    return "/".join((base, *names, *spelling))
