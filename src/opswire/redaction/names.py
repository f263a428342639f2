"""Which names say that a value is a secret: one vocabulary for crash reports and traces.

Names are compared word by word, in any spelling: X-Auth-Token, authToken and AUTH_TOKEN are one.
"""

from __future__ import annotations

import re
from functools import lru_cache

__all__ = [
    "LONGEST_NAME",
    "is_identity",
    "is_secret",
    "is_secret_name",
    "is_working_directory",
    "looks_random",
    "may_be_secret_name",
]

_KEYS = (
    "api|app|access|account|admin|aes|auth|cipher|client|consumer|crypto|deploy|encrypt|encryption"
    "|functions?|hmac|host|integration|license|master|priv|private|psk|pre_?shared|routing|rsa"
    "|secret|security|session|shared|signing|ssh|storage|subscription|webhook|wireguard"
)
_SECRET = re.compile(
    rf"""
      token(?!i[sz]|s$)              # but not tokenizer; of tokens the value decides
    | (?:access|api|auth|refresh|bearer|id|session)_?tokens$
    | secret(?!ar)
    | passw | pass_?phrase | pass_?code | pass_?key | psk$
    | (?:^|_)(?:auth|db|ftp|http|ldap|login|my|priv|proxy|root|smtp|snmp|sql|ssh|user)?_?pass$
    | pwd | (?:^|_)pw(?:_|$)
    | (?:{_KEYS})_?keys?(?:_|$)
    | authorization | auth_?headers?$
    | (?:^|_)(?:basic|digest|http|proxy)?auth$
    | cookie
    | credential | (?:^|_)creds?(?:_|$)
    | (?:^|_)communit(?:y|ies)(?:_?(?:string|name))?$
    | sess(?:ion)?_?id(?:_|$) | ^sid$ | ^x_(?:\w+_)?session$
    | (?:^|_)tickets?$
    | (?:^|_)jwt(?:_|$) | ^sig$ | signature | [cx]srf
    """,
    re.VERBOSE,
)
# What each of them has in it, in any spelling.
_HINTS = re.compile(
    r"(?i)tok|sec|pass|psk|pw|key|auth|cookie|cred|communit|sid|ses|ticket|jwt|sig|srf"
)
# token_type, passwordExpiry, key_file: programs act on them, and they are no secrets.
_HARMLESS = re.compile(
    r"(?:type|ur[il]|endpoint|expir\w*|expires_?(?:in|at|on)|lifetime|ttl|length|count)$"
    r"|(?:^|_)(?:age|algorithm|changed?|created|date|dir|domain|enabled|errors?|field|file|file_?name"
    r"|folder|format|hint|index|kind|len|limit|method|mode|number|path|pattern|policy|prefix|prompt"
    r"|regexp?|re|required|rules?|scheme|size|state|status|time|timeout|timestamp|updated|valid"
    r"|version)$"
    r"|(?<!community)_names?$"
    r"|^(?:max|min|num|number|total|prompt|completion|input|output|used|remaining)_(?:\w+_)?tokens?$"
)
# Most things called key are no secrets, but words that the rest of a report is made of.
_UNCERTAIN = re.compile(r"(?<!public)(?<!public_)(?<!pub)(?:keys?|(?:^|_)tokens|authentication)$")
_IDENTITY = re.compile(
    r"(?:^|_)(?:user|user_?name|login|e?mail|account|host|host_?name|port|server|name|realm|scope"
    r"|scopes|audience|issuer|id|tenant|region|purpose)$"
)
_CAMEL = re.compile(r"(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])")
_NO_WORD = re.compile(r"[^a-z0-9]+")
_NUMBER = re.compile(r"_*[0-9]+$")
LONGEST_NAME = 200
"""Characters; what is longer is no name."""

_LOOKS = re.compile(r"[\w+.~:=-][\w+/.~:=-]{15,}", re.ASCII)
_RUN = re.compile(r"[A-Za-z0-9]{8,}")
_OF_ONE_KIND = re.compile(r"[0-9]+|[A-Za-z]+")


def is_secret_name(name: str) -> bool:
    """Tell whether a variable, header, parameter, field or element of that name holds a secret."""
    return _may_tell(name) and _grades(name)[0]


def is_working_directory(name: str, value: str) -> bool:
    """Tell whether it is the shell's variable PWD or OLDPWD, which no password is in."""
    return name in ("PWD", "OLDPWD", "pwd") and value.startswith("/")


def may_be_secret_name(name: str) -> bool:
    """Tell whether the value decides: under key, keys, tokens it is a secret if it looks random."""
    return _may_tell(name) and _grades(name)[1]


def is_secret(name: str, value: str, *, asked: bool = False) -> bool:
    """Tell whether a value is a secret by its name, and where that does not say, by its looks.

    Args:
        name: of a variable, a header, a parameter, a field, an element.
        value: what is under it.
        asked: whether it is of what somebody asks with: a query, a form, a header, the options of a
            command.  A key is a secret there whatever it looks like.
    """
    return is_secret_name(name) or (may_be_secret_name(name) and (asked or looks_random(value)))


def is_identity(name: str) -> bool:
    """Tell whether a name inside of credentials is of something that no secret is: user, host."""
    plain = _plain(name[:LONGEST_NAME])
    return bool(_IDENTITY.search(plain) or _HARMLESS.search(plain))


def _may_tell(name: str) -> bool:
    """Nearly all names of a text are passed over by this, each in a moment."""
    return len(name) <= LONGEST_NAME and _HINTS.search(name) is not None


@lru_cache(maxsize=4096)
def _grades(name: str) -> tuple[bool, bool]:
    plain = _plain(name)
    if _HARMLESS.search(plain):
        return False, False
    return bool(_SECRET.search(plain)), bool(_UNCERTAIN.search(plain))


def _plain(name: str) -> str:
    words = _CAMEL.sub("_", name).lower()
    return _NUMBER.sub("", _NO_WORD.sub("_", words).strip("_"))


def looks_random(text: str) -> bool:
    """Tell whether a text is like a generated key: 16 characters, letters and digits mixed.

    `GigabitEthernet0/1`, a date, a path and the name of a host are not.
    """
    return bool(_LOOKS.fullmatch(text)) and any(
        len(_OF_ONE_KIND.findall(run)) > 2 for run in _RUN.findall(text)
    )
