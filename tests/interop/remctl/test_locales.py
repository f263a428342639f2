"""The locale of the program that opswire is in.

It does not change numbers on the wire, and what libraries say in its encoding is read in it.
"""

import os
import struct
import subprocess
import sys
from pathlib import Path

import pytest

from tests.interop import child
from tests.servers.clocks import ahead
from tests.servers.realm import Realm

PROGRAM = """
import ctypes, locale
from opswire._core.performance_data import Item, format, parse
locale.setlocale(locale.LC_ALL, "")
out = ctypes.create_string_buffer(64)
ctypes.CDLL(None).snprintf(out, 64, b"%.1f", ctypes.c_double(1.5))
print(ascii(out.value.decode()))
print(format(parse("a=1.5;2.25;0.000123456789012345678", strict=True), strict=True))
print(format(parse("a=1,5;2.25;12345678.9")))
print(format([Item("a", 1e-320), Item("b", 0.1), Item("c", 1e22)], strict=True)[-40:])
print(parse("a=123456789.12345678901234567890", strict=True)[0].value == 123456789.12345679)
"""


@pytest.mark.parametrize(("name", "shown"), [("de_DE", "'1,5'"), ("ps_AF", r"'1\u066b5'")])
def test_a_locale_with_another_decimal_point_changes_nothing(
    name: str, shown: str, tmp_path: Path
) -> None:
    """A comma, and a point of two octets; printf of the same process shows it."""
    subprocess.run(["localedef", "-i", name, "-f", "UTF-8", tmp_path / f"{name}.UTF-8"], check=True)
    result = subprocess.run(
        [sys.executable, "-c", PROGRAM],
        env={**os.environ, "LOCPATH": str(tmp_path), "LC_ALL": f"{name}.UTF-8"},
        capture_output=True,
        text=True,
        check=True,
    )
    lines = result.stdout.splitlines()
    assert lines[0] == shown
    assert lines[1] == "a=1.5;2.25;0.00012345678901234567"
    assert lines[2] == "'a'=1.5;2.25;12345678.9"
    assert lines[3].endswith(" b=0.1 c=10000000000000000000000")
    assert lines[4] == "True"


# ---- texts of libraries ----

TEXTS = """
import locale, os, sys
from opswire._core import gss
from opswire.errors import GSSError
from opswire.remctl import AsyncRemctl, Remctl, RemctlError
import asyncio

locale.setlocale(locale.LC_ALL, "")

def attempt(call):
    try:
        call()
    except (GSSError, RemctlError) as error:
        return error

# The library chooses its own catalogue when it is first used.
attempt(lambda: gss.Credential.from_ccache("FILE:/nonexistent"))
for domain in ("libc", "mit-krb5"):
    locale.bindtextdomain(domain, sys.argv[1])
for call in (
    lambda: Remctl("127.0.0.1", 1),
    lambda: asyncio.run(AsyncRemctl("127.0.0.1", 1).__aenter__()),
    lambda: Remctl("nosuch.invalid", 1),
    lambda: gss.Credential.from_ccache("FILE:/nonexistent"),
    lambda: gss.Credential.from_ccache(sys.argv[2]).lifetime,
):
    error = attempt(call)
    print(ascii(str(error)), type(error.__cause__).__name__)
"""

GERMAN = {
    "Success": "Erfolg, schön",
    "Connection refused": "Rückwärts",
    "Name or service not known": "Ungültig",
    "No credentials cache found": "Leider übersehen",
}


def catalogue(texts: dict[str, str]) -> bytes:
    """What msgfmt makes of translations, in ISO 8859-1 (the file format of GNU gettext)."""
    header = {"": "Content-Type: text/plain; charset=ISO-8859-1\n"}
    items = sorted((key.encode("latin-1"), {**header, **texts}[key]) for key in {**header, **texts})
    strings = [key for key, _ in items] + [text.encode("latin-1") for _, text in items]
    tables, count = 28, len(items)
    position = tables + 16 * count
    octets = struct.pack("<7I", 0x950412DE, 0, count, tables, tables + 8 * count, 0, 0)
    for string in strings:
        octets += struct.pack("<2I", len(string), position)
        position += len(string) + 1
    return octets + b"".join(string + b"\0" for string in strings)


def test_what_libraries_say_in_the_encoding_of_the_locale_is_read(
    tmp_path: Path, realm: Realm
) -> None:
    """Of the C library and of Kerberos; "Success" in any language is nothing to be told."""
    name = "de_DE.ISO-8859-1"
    subprocess.run(["localedef", "-i", "de_DE", "-f", "ISO-8859-1", tmp_path / name], check=True)
    folder = tmp_path / "texts/de/LC_MESSAGES"
    folder.mkdir(parents=True)
    for domain in ("libc", "mit-krb5"):
        (folder / f"{domain}.mo").write_bytes(catalogue(GERMAN))
    expired = ahead(realm.kinit(ccache=tmp_path / "ccache"), 2 * 24 * 3600, tmp_path / "expired")
    printed = child.run(
        TEXTS,
        tmp_path / "texts",
        expired,
        extra={"LOCPATH": str(tmp_path), "LC_ALL": name, "LANGUAGE": ""},
    )
    refused, refused_again, unknown, missing, expired_ticket = printed.splitlines()
    assert refused == (
        r"'cannot connect to 127.0.0.1 (port 1): R\xfcckw\xe4rts' ConnectionRefusedError"
    )
    assert refused_again == refused
    assert unknown == r"'unknown host nosuch.invalid: Ung\xfcltig' gaierror"
    assert missing.endswith(r", Leider \xfcbersehen' NoneType")
    assert expired_ticket == "'The referenced credential has expired' NoneType"
