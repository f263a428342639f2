"""How names become file names, so that no name can leave its folder, and back.

A name is percent-quoted in UTF-8 with nothing but letters, digits and ``_.-~`` left as they are
(RFC 3986, section 2.3).  Three names would then still mean something else to the file system; they
have spellings that quoting never gives.  Names of files that are not values begin with ``%`` and a
small letter, which quoting never gives either.
"""

import os

VARIABLE = "SERVER_SIDE_PROGRAM_STORAGE_PATH"
"""The environment variable with the folder of all values; it is looked up on every call."""

MAX_LENGTH = 255
"""Octets in a file name (Linux, NAME_MAX)."""

TEMPORARY = "%tmp"
"""How the names of files begin that are being written."""

LOCK = "%lock"
"""How the names of lock files begin."""

MAX_KNOWN = 256
"""File names that are remembered: an agent asks for the same few keys again and again."""

_UNRESERVED = frozenset(b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_.-~")
_OCTETS = [chr(octet) if octet in _UNRESERVED else f"%{octet:02X}" for octet in range(256)]
_SPECIAL = {"": "%", ".": "%2E", "..": "%2E%2E"}
_SPECIAL_NAMES = {spelling: name for name, spelling in _SPECIAL.items()}
_known: dict[str, str] = {}


def base_folder() -> str:
    """Return the folder of all values.

    Raises:
        RuntimeError: the environment variable is unset or empty.
    """
    try:
        if base := os.environ[VARIABLE]:
            return base
    except KeyError:
        pass  # get() costs a third more, which is 2 % of reading a value
    raise RuntimeError(f"{VARIABLE} environment variable is not set.")


def quoted(name: str, what: str) -> str:
    """Return the file name for a name; `what` it is stands in the messages.

    Raises:
        TypeError: it is not text.
        ValueError: it is too long for a file name, or has a lone surrogate.
    """
    known = _known.get(name)
    if known is not None:
        return known
    if not isinstance(name, str):
        raise TypeError(f"{what} must be str, not {type(name).__name__}")
    spelling = "".join([_OCTETS[octet] for octet in name.encode()])
    if len(spelling) > MAX_LENGTH:
        raise ValueError(f"{what} is too long (max 255 characters after URL quoting): {name!r}")
    spelling = _SPECIAL.get(spelling, spelling)
    if len(_known) < MAX_KNOWN:
        _known[name] = spelling
    return spelling


def unquoted(spelling: str) -> str | None:
    """Return the name that a file name was made of; None when it was made of none."""
    if spelling in _SPECIAL_NAMES:
        return _SPECIAL_NAMES[spelling]
    start, *parts = spelling.split("%")
    try:
        octets = [bytes.fromhex(part[:2]) + part[2:].encode() for part in parts]
        name = b"".join([start.encode(), *octets]).decode()
        return name if quoted(name, "the name") == spelling else None
    except ValueError:
        return None
