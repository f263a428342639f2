"""What is said of a failure, in one line, and with the options of the command line."""

from __future__ import annotations

from opswire.cli.output import printable

# The library names its own arguments; whoever types a command line has options.
OPTIONS = (
    ("ca_certs= names who is trusted", "--ca FILE names who is trusted"),
    ("no_verification=True trusts anybody", "--insecure trusts anybody"),
    ("tls_minimum='TLSv1'", "--tls-minimum 1.0"),
    ("ciphers='DEFAULT:@SECLEVEL=0'", "--tls-minimum 1.0"),
    ("none were given: creds=", "none were given: --user NAME"),
    ("give them as creds=", "give them by --user NAME"),
)


def one_line(error: BaseException | str) -> str:
    """Return what an error or a warning says, in one line that a terminal can be given."""
    text = " ".join(str(error).split())
    for library, option in OPTIONS:
        text = text.replace(library, option)
    return printable(text)
