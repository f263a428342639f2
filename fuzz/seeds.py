"""Writes the seed corpora: fuzz/corpus/<target>/<name>.

    python fuzz/seeds.py

Each seed is a whole exchange or message that goes well, so that the fuzzer starts deep.
"""

import struct
import tomllib
from pathlib import Path

FOLDER = Path(__file__).parent
CASES = FOLDER.parent / "tests/cases"

# How an input of fuzz_remctl_connection begins, and its steps.
CLIENT, SERVER, PROTOCOL_1, NEGOTIATED = 0, 1, 2, 4
HELLO, CONTEXT, ESTABLISH, COMMAND, LONG, NOOP, QUIT, OUTPUT, STATUS, ERROR, END, FAIL, SENT = (
    range(13)
)
RAW, MESSAGE = 13, 14


def step(kind: int, octets: bytes = b"") -> bytes:
    """One step of a connection."""
    return bytes([kind, len(octets)]) + octets


def argument_list(*arguments: bytes) -> bytes:
    """An argument list."""
    parts = [struct.pack("!I", len(arguments))]
    parts += [struct.pack("!I", len(each)) + each for each in arguments]
    return b"".join(parts)


def command(body: bytes, continuation: int = 0, keep_alive: int = 1) -> bytes:
    """A COMMAND message that arrives."""
    return step(MESSAGE, bytes([2, 1, keep_alive, continuation]) + body)


LIST = argument_list(b"test", b"", b"argument")
OUT = step(MESSAGE, b"\2\3\1\0\0\0\3out")
ENDED = step(MESSAGE, b"\2\4\x07")
UNKNOWN = step(MESSAGE, b"\2\5\0\0\0\5\0\0\0\2no")
VERSION = step(MESSAGE, b"\2\6\3")
ANSWERED = step(OUTPUT, b"out") + step(STATUS, b"\x07")

CONNECTIONS = {
    "client_negotiates": bytes([CLIENT])
    + step(HELLO)
    + step(CONTEXT, b"i")
    + step(RAW, b"\x42\0\0\0\1a")
    + step(ESTABLISH)
    + step(NOOP)
    + step(MESSAGE, b"\3\7"),
    "client_falls_back": bytes([CLIENT])
    + step(HELLO)
    + step(RAW, b"\2\0\0\0\1a")
    + step(ESTABLISH)
    + step(COMMAND, b"x"),
    "client_commands": bytes([CLIENT | NEGOTIATED])
    + step(COMMAND, b"x")
    + OUT
    + ENDED
    + step(COMMAND)
    + UNKNOWN
    + step(COMMAND)
    + VERSION
    + step(QUIT)
    + step(END),
    "client_continues": bytes([CLIENT | NEGOTIATED]) + step(LONG, b"x") + OUT + ENDED + step(END),
    "client_is_interrupted": bytes([CLIENT | NEGOTIATED]) + step(LONG) + UNKNOWN + step(END),
    "client_of_protocol_1": bytes([CLIENT | PROTOCOL_1 | NEGOTIATED])
    + step(COMMAND, b"x")
    + step(RAW, b"\x08\0\0\0\2Mx")
    + step(MESSAGE, b"\4\0\0\0\7\0\0\0\3out")
    + step(END),
    "client_cannot_wrap": bytes([CLIENT | NEGOTIATED]) + step(FAIL, b"\2") + step(LONG, b"x"),
    "server_negotiates": bytes([SERVER])
    + step(RAW, b"\x51\0\0\0\0\x42\0\0\0\1i")
    + step(CONTEXT, b"a")
    + step(ESTABLISH)
    + step(MESSAGE, b"\3\7"),
    "server_commands": bytes([SERVER | NEGOTIATED])
    + command(LIST)
    + ANSWERED
    + command(LIST)
    + step(ERROR, b"no")
    + step(SENT, b"\xff")
    + step(MESSAGE, b"\4\1")
    + step(MESSAGE, b"\2\2")
    + step(END),
    "server_continues": bytes([SERVER | NEGOTIATED])
    + command(LIST[:4], 1)
    + command(LIST[4:9], 2)
    + command(LIST[9:], 3, 0)
    + ANSWERED
    + step(END),
    "server_discards": bytes([SERVER | NEGOTIATED])
    + command(LIST, 2)
    + command(LIST, 2)
    + command(LIST, 3)
    + command(LIST)
    + command(LIST, 1)
    + ANSWERED
    + step(MESSAGE, b"\2\x09"),
    "server_of_protocol_1": bytes([SERVER | PROTOCOL_1 | NEGOTIATED])
    + step(RAW, b"\x24\0\0\0" + bytes([len(LIST) + 1]) + b"W" + LIST)
    + ANSWERED
    + step(END),
}


def tokens() -> dict[str, bytes]:
    """The tokens of the test cases."""
    table = tomllib.loads((CASES / "remctl_tokens.toml").read_text())
    return {each["name"]: bytes.fromhex(each["octets"]) for each in table["token"]}


def messages() -> dict[str, bytes]:
    """The messages of the test cases, sound and broken, and argument lists."""
    table = tomllib.loads((CASES / "remctl_messages.toml").read_text())
    found = {
        each["name"]: b"\0" + bytes.fromhex(each["octets"])
        for each in table["message"] + table["broken"]
    }
    found["argument list"] = b"\0" + LIST
    found["argument list in larger pieces"] = b"\x07" + LIST + b""
    return found


XML = {
    "everything": b"<?xml version='1.0' encoding='utf-8' standalone=\"no\" ?>\n"
    b"<!DOCTYPE a SYSTEM 'a.dtd'>"
    b"<!-- a - b --><?pi x ?><a b='1' c=\"&lt;&#10;\t&#x41;\">x&amp;y]]&gt;\r\n"
    b"<![CDATA[<]]>\r]]]&gt;<![CDATA[]]]]>"
    b"<d/><d />\xc3\xa9\xf0\x9f\x98\x80</a >\n<!---->",
    "latin": b"<?xml version='1.0' encoding='ISO-8859-1'?><a b='\xe9'>\xe9</a>",
    "ascii": b"<?xml version='1.0' encoding='US-ASCII'?><a>~</a>",
    "utf-16 big": b"\xfe\xff"
    + "<?xml version='1.0' encoding='utf-16'?><a>\u20ac\U0001f600</a>".encode("utf-16-be"),
    "utf-16 little": b"\xff\xfe" + "<a b='\u20ac'>\r\n\u20ac</a>".encode("utf-16-le"),
    "marked": b"\xef\xbb\xbf<a>\xef\xbf\xbd</a>",
    "names": "<\u00e9:a.b-c \u00b5='1'><\u4e00/></\u00e9:a.b-c>".encode(),
    "subset": b"<!DOCTYPE a [<!ENTITY b 'c'>]><a>&b;</a>",
    "repeats": b"<a>" + b"<b c='d'>e</b>\n<b c='d'><f/></b>\n" * 3 + b"</a>",
}

WRITTEN = {
    "plain": b"\x04nameand a text that is longer than a vector",
    "marked": b"\x0b<&>\"'\r\n\t ]]<&>\"'\r\n\t ]]>",
    "characters": b"\x09" + "\u00e9\u4e00\U0001f600".encode() + "\u00b5\ufffd\U0010ffff".encode(),
    "control": b"\x01x01234567\x0889",
    "surrogate": b"\0\xed\xa0\x80",
    "cut": b"\0" + "\u4e00".encode()[:2],
}


def cimxml() -> dict[str, bytes]:
    """The elements of the test cases, as fragments, and what is in the corpus already."""
    table = tomllib.loads((CASES / "cimxml_elements.toml").read_text())
    return {each["name"]: b"\2" + each["xml"].encode() for each in table["element"]}


def performance_data() -> dict[str, bytes]:
    """The texts of the test cases by both rule books, and one with a greatest length."""
    table = tomllib.loads((CASES / "performance_data.toml").read_text())
    found = {}
    for each in table["case"]:
        rules = each.get("rules", "recorded")
        flags = b"\1\0" if rules == "strict" else b"\0\0"
        found[f"{rules} {each['name']}"] = flags + each["text"].encode()
    found["recorded with a greatest length"] = b"\2\x0aa=1 longer=2 b=3"
    found["strict with a greatest length"] = b"\3\x06a=1 longer=2 b=3"
    return found


def main() -> None:
    """Write all seeds."""
    corpora = {
        "remctl_token": tokens(),
        "remctl_message": messages(),
        "remctl_connection": CONNECTIONS,
        "xml_scanner": {name: b"\0" + octets for name, octets in XML.items()},
        "xml_writer": WRITTEN,
        "xml_expat": XML,
        "cimxml": cimxml(),
        "performance_data": performance_data(),
    }
    for target, seeds in corpora.items():
        folder = FOLDER / "corpus" / target
        folder.mkdir(parents=True, exist_ok=True)
        for name, octets in seeds.items():
            (folder / "".join(c if c.isalnum() else "_" for c in name)).write_bytes(octets)


if __name__ == "__main__":
    main()
