"""Texts that are made to be hard, three lengths of each, redacted: what valgrind counts.

A call of getppid() is the mark before each, and behind the last.
"""

import os

from opswire.redaction.bodies import body_without_secrets
from opswire.redaction.marks import HiddenSecrets
from opswire.redaction.texts import secrets_in, without_literals, without_secrets

LENGTHS = [512, 1024, 2048]
#: What is repeated: every beginning of a secret that is known, and every delimiter, without an end.
UNITS = [
    *["--password ", '--password "', '--password \\" ', '--password \\" --password \\\\" '],
    *["password=", 'password="', 'password=\\"', "('password', '", "('password', \\'"],
    *["<password>", "<password x", "a://", "a://b:c", "\nx-a-b-c-d-e-f", "\ncookie: "],
    *["basic ", "bearer aaaaaaa ", " host= password=", "\npassword: ", "password"],
    *["/services/T", "/bot11111:", '<a b="', "<a b='c' ", "<![CDATA[", "<a ", "<"],
    *["a", "a.", "-", "=", ":", " ", "\n", '"', "\\"],
]


def texts() -> list[str]:
    """Three of each kind, one behind the other."""
    return [
        (unit * (length // len(unit) + 1))[:length] + "://=" for unit in UNITS for length in LENGTHS
    ]


def redact(text: str) -> None:
    """Every way that a text of a program, of a report or of a trace goes."""
    without_secrets(text, "*")
    without_literals(text, "*")
    list(secrets_in(text))
    body_without_secrets(f"<a>{text}", "text/xml", HiddenSecrets())
    body_without_secrets(text, "application/x-www-form-urlencoded", HiddenSecrets())
    body_without_secrets(text, f"multipart/form-data; boundary={text[:50]}", HiddenSecrets())


if __name__ == "__main__":
    redact("patterns are compiled before anything is counted")
    for each in texts():
        os.getppid()
        redact(each)
    os.getppid()
