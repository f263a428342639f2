"""A known secret in all its spellings, found in text: for crash reports and traces alike."""

from __future__ import annotations

import base64
import json
import re
from collections.abc import Callable, Iterator, Mapping
from typing import NamedTuple
from urllib.parse import quote, quote_plus

__all__ = ["LONGEST", "SecretSearch", "is_like_a_word", "spellings"]

# A secret is removed by its value, wherever it appears; but not one that is like a word.
SHORTEST = 8
SHORTEST_OF_LETTERS = 20
LONGEST = 16 * 1024
"""Characters that are searched for as one; a longer secret is searched for in pieces."""

LONGEST_NESTED = 128
"""Characters of a secret whose spellings are spelled once more."""

MAX_COMPARED = 2_000_000
"""Comparisons in one text, each of 256 characters; of a text that takes more nothing is left."""

_PLAIN = re.compile(r"[\w.~-]+", re.ASCII)  # what no notation spells otherwise
_WORD_CHARACTER = re.compile(r"\w")
# After an escape the next character begins a word, though the escape's last one is a letter.
_ESCAPE = re.compile(
    r"(?:%[0-9A-Fa-f]{2}|\\[abfnrtv0]|\\x[0-9a-f]{2}|\\u[0-9A-Fa-f]{4}|\\U[0-9A-Fa-f]{8})$"
)
_LONGEST_ESCAPE = 10
_ESCAPED = re.compile(r"%[0-9A-Fa-f]{2}")
_UNRESERVED = re.compile(r"%(2[DEde]|3[0-9]|[46][1-9A-Fa-f]|[57][0-9Aa]|5[Ff]|7[Ee])")
# What stays as it is when an address is spelled again: by requests, and by urllib3.
_REQUESTS, _URLLIB3 = "!#$&'()*+,/:;=?@[]~", "!$&'()*+,/:;=?@~"
# Not the slash: in an address it is what the parts of a path have between them.
_BASE64 = frozenset("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+-_")

_TEXT = str.maketrans({"&": "&amp;", "<": "&lt;", ">": "&gt;"})
_QUOTED = _TEXT | {ord('"'): "&quot;"}
_WHITE = str.maketrans({"\n": "&#10;", "\r": "&#13;", "\t": "&#9;"})
_ATTRIBUTE = _QUOTED | _WHITE


def is_like_a_word(secret: str) -> bool:
    """Tell whether a secret is too short, or too much of a word, to be removed by its value."""
    return len(secret) < (SHORTEST_OF_LETTERS if secret.isalpha() else SHORTEST)


def _octets(text: str) -> bytes:
    try:
        return text.encode("utf-8", "surrogateescape")
    except UnicodeEncodeError:
        return text.encode("utf-8", "surrogatepass")


def _requoted(text: str, safe: str) -> str:
    """As libraries spell an address that they are given: what need not be quoted is not."""
    plain = _UNRESERVED.sub(lambda found: chr(int(found[1], 16)), text)
    return quote(_octets(plain), safe=safe + "%")


def _ascii_xml(table: Mapping[int, str]) -> Callable[[str], str]:
    return lambda text: text.translate(table).encode("ascii", "xmlcharrefreplace").decode("ascii")


# None has the quotation marks around it.  Whether repr() escapes one of those inside depends on all
# of a text: as for the secret alone, or as beside both of them.
_NOTATIONS: tuple[Callable[[str], str], ...] = (
    lambda text: quote(_octets(text)),
    lambda text: quote(_octets(text), safe=""),
    lambda text: quote_plus(_octets(text)),
    lambda text: _ESCAPED.sub(lambda found: found[0].lower(), quote(_octets(text), safe="")),
    lambda text: quote(_octets(text), safe=_REQUESTS),
    lambda text: _requoted(text, _REQUESTS),
    lambda text: _requoted(_ESCAPED.sub(lambda found: found[0].upper(), text), _URLLIB3),
    lambda text: json.dumps(text)[1:-1],
    lambda text: json.dumps(text)[1:-1].replace("/", "\\/"),
    lambda text: json.dumps(text, ensure_ascii=False)[1:-1],
    lambda text: text.translate(_TEXT),
    lambda text: text.translate(_ATTRIBUTE),
    lambda text: text.translate(_QUOTED).replace("'", "&#x27;"),
    lambda text: text.translate(_QUOTED).replace("'", "&#39;").replace("&quot;", "&#34;"),  # Jinja
    lambda text: text.translate(_QUOTED).replace("'", "&apos;"),
    lambda text: text.translate(_TEXT | _WHITE),
    _ascii_xml(_TEXT),
    _ascii_xml(_ATTRIBUTE),  # lxml's
    _ascii_xml(_ATTRIBUTE | {ord("\t"): "&#09;"}),  # xml.etree's
    lambda text: text.replace("'", "'\"'\"'"),
    lambda text: repr(text)[1:-1],
    lambda text: repr(f"'\"{text}")[4:-1],
    lambda text: ascii(f"'\"{text}")[4:-1],
    lambda text: repr(_octets(text))[2:-1],
    lambda text: repr(b"'\"" + _octets(text))[5:-1],
    lambda text: text.encode("unicode_escape").decode("ascii"),
    lambda text: text.encode("ascii", "backslashreplace").decode("ascii"),
    lambda text: _octets(text).decode("latin-1"),  # octets that are searched as if they were text
)


def _spelled(text: str) -> set[str]:
    if _PLAIN.fullmatch(text):
        return {text}
    return {text, *(notation(text) for notation in _NOTATIONS)}


def spellings(secret: str) -> set[str]:
    """Return how a secret may be spelled: in a URL, JSON, XML, a shell, a repr, in two of them.

    The secret itself is one of them, and what is left without the white space around it.  One of
    more than LONGEST_NESTED characters is not spelled in two notations at once.
    """
    once = _spelled(secret) | _spelled(secret.strip())
    if len(secret) > LONGEST_NESTED:
        return once
    return {twice for form in once for twice in _spelled(form)}


def _in_base64(secret: str) -> set[str]:
    """What every base64 has in common of whose text the secret is a part, such as `user:secret`.

    Where the secret begins within a group of three octets changes its letters, and those at its
    ends have bits of its neighbours.
    """
    contents = {_octets(form) for form in (_spelled(secret) | {secret.strip()})}
    contents.add(secret.encode("latin-1", "replace"))
    found = set()
    for octets in contents:
        for before in range(3):
            letters = base64.b64encode(bytes(before) + octets).decode("ascii")
            inner = letters[-(-before * 8 // 6) : (before + len(octets)) * 8 // 6]
            found |= {inner, inner.replace("/", "\\/"), quote(inner, safe="")}
            found.add(inner.replace("+", "-").replace("/", "_"))
    return found


class _Form(NamedTuple):
    """One spelling of a secret; whether a word begins with it, ends with it; what replaces it."""

    text: str
    begins: bool
    ends: bool
    encoded: bool
    mark: str


class SecretSearch:
    """Replaces secrets in texts, in time that grows with the text and not with their number.

    Args:
        marks: what stands for each secret.
        whole_words: whether a secret in the middle of a word is none, unless it is in base64.
    """

    def __init__(self, marks: Mapping[str, str], *, whole_words: bool) -> None:
        """Spell the secrets; those that are like a word are left out."""
        self._all = next(iter(marks.values()), "")
        forms: dict[str, _Form] = {}
        for secret, mark in marks.items():
            for form in _forms(secret, mark, whole_words):
                known = forms.setdefault(form.text, form)
                if known.begins > form.begins or known.ends > form.ends:
                    forms[form.text] = form
        self.longest = max(map(len, forms), default=0)
        self._heads: dict[str, list[_Form]] = {}
        for text in sorted(forms, key=len, reverse=True):
            self._heads.setdefault(text[:SHORTEST], []).append(forms[text])

    def replace(self, text: str) -> str:
        """Return the text without the secrets."""
        heads = self._heads
        if not heads:
            return text
        parts: list[str] = []
        done, left = 0, MAX_COMPARED
        # 60 ns for each place, for any number of secrets; alternatives of a pattern take longer.
        places = [at for at in range(len(text)) if text[at : at + SHORTEST] in heads]
        for start in places:
            for form in heads[text[start : start + SHORTEST]]:
                left -= 1 + len(form.text) // 256
                end = start + len(form.text)
                if end > done and text.startswith(form.text, start):
                    if not _is_word(text, start, end, form):
                        continue
                    first = start
                    if form.encoded:
                        first, end = _run(text, start, end, done)
                    if first >= done:
                        parts += (text[done:first], form.mark)
                    done = end  # what overlaps with another is gone with it
                    break
            if left < 0:
                return self._all
        return "".join([*parts, text[done:]]) if parts else text


def _forms(secret: str, mark: str, whole_words: bool) -> Iterator[_Form]:
    for start in range(0, len(secret), LONGEST):
        piece = secret[start : start + LONGEST]
        if is_like_a_word(piece.strip()):
            continue
        first, last = start == 0, start + LONGEST >= len(secret)
        for text in spellings(piece):
            if len(text) >= SHORTEST:
                begins = whole_words and first and bool(_WORD_CHARACTER.match(text))
                ends = whole_words and last and bool(_WORD_CHARACTER.match(text[-1]))
                yield _Form(text, begins, ends, False, mark)
        for text in _in_base64(piece):
            if len(text) >= SHORTEST:
                yield _Form(text, False, False, True, mark)


def _is_word(text: str, start: int, end: int, form: _Form) -> bool:
    if form.ends and end < len(text) and _WORD_CHARACTER.match(text[end]):
        return False
    if not form.begins or start == 0 or not _WORD_CHARACTER.match(text[start - 1]):
        return True
    return bool(_ESCAPE.search(text[max(0, start - _LONGEST_ESCAPE) : start]))


def _run(text: str, start: int, end: int, least: int) -> tuple[int, int]:
    """All of the base64 around what was found in it."""
    while start > least and text[start - 1] in _BASE64:
        start -= 1
    while end < len(text) and (text[end] in _BASE64 or text[end] == "="):
        end += 1
    return start, end
