"""What ``opswire remctl`` does: options as remctl(1) has them, one command, its exit status.

No click here: see ``opswire.cli.main``.  ``opswire.cli.remctl`` makes its click command, for help
and completion, from the same table of options.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from signal import SIGPIPE
from typing import TYPE_CHECKING, NamedTuple

from opswire.cli import standard_streams

if TYPE_CHECKING:
    from opswire.remctl.client import Remctl

FAILED = 1
"""The exit status of everything that went wrong here and not in the command."""

REFUSED = 255
"""The exit status when the server did not run the command."""


class Option(NamedTuple):
    """An option of the command line; without a metavar it takes no value, not all have a letter."""

    short: str
    long: str
    metavar: str
    help: str


OPTIONS = (
    Option("b", "source", "ADDRESS", "Connect from this local IP address."),
    Option("d", "debug", "", "Tell on standard error what is sent and received."),
    Option("h", "help", "", "Show this help and exit."),
    Option("p", "port", "PORT", "Port of the server  [default: 4373, then 4444]."),
    Option("s", "principal", "NAME", "Principal of the server  [default: host/HOST]."),
    Option("", "srv", "", "Find the server by SRV records of _remctl._tcp."),
    Option("t", "timeout", "SECONDS", "Longest silence of the server  [default: no limit]."),
    Option("v", "version", "", "Show the version and exit."),
)

USAGE = "Usage: opswire remctl [OPTIONS] HOST COMMAND [SUBCOMMAND [ARGUMENT]...]"


class Request:
    """What the command line asks for; ``values`` has the options given, by their long names."""

    def __init__(self, host: str, command: list[str], values: dict[str, str]) -> None:
        """Take values that were checked."""
        self.host = host
        self.command = command
        self.source = values.get("source")
        self.debug = "debug" in values
        self.srv = "srv" in values
        self.port = _port(values["port"]) if "port" in values else None
        self.principal = values.get("principal")
        self.timeout = _timeout(values.get("timeout", "0"))


class UsageError(Exception):
    """A command line that means nothing; the text says why, and is empty where usage says it."""

    def __init__(self, text: str, *, usage: bool = False) -> None:
        """usage: whether to show how it is called."""
        super().__init__(text)
        self.usage = usage


class Answered(Exception):
    """-h or -v: the text was asked for, and nothing else will happen."""


def run(arguments: list[str]) -> int:
    """Run one command on one host.

    Args:
        arguments: as in sys.argv, without the names of program and sub-command.

    Returns:
        The exit status: that of the command; 255 when the server refused it; 1 for a wrong command
        line, and when there is no connection, no ticket, or the answer breaks off.
    """
    standard_streams.secure()
    try:
        request = parsed(arguments)
    except Answered as answer:
        return _print(str(answer))
    except UsageError as error:
        if str(error):
            standard_streams.complain(f"remctl: {error}")
        if error.usage:
            standard_streams.complain(usage())
        return FAILED
    return _perform(request)


def usage() -> str:
    """How it is called."""
    lines = [USAGE, "", "Options:"]
    for option in OPTIONS:
        short = f"-{option.short}, " if option.short else "    "
        names = f"{short}--{option.long} {option.metavar}"
        lines.append(f"  {names:27}{option.help}")
    lines += ["", "Exit status: that of the command; 255 if the server refused it; else 1."]
    return "\n".join(lines)


def version() -> str:
    """Which program this is."""
    from opswire import __version__

    return f"opswire remctl {__version__}"


def parsed(arguments: list[str]) -> Request:
    """Read a command line; options end at the host, so that all after it goes to the server.

    Raises:
        UsageError: an unknown option, a value that is missing or is none, no command.
        Answered: -h or -v came before any mistake.
    """
    rest = list(arguments)
    values: dict[str, str] = {}
    for name, value in _options(rest):
        if name == "help":
            raise Answered(usage())
        if name == "version":
            raise Answered(version())
        values[name] = value
        _check(name, value)
    if len(rest) < 2:
        raise UsageError("", usage=True)
    host, *command = rest
    return Request(host, command, values)


def _options(rest: list[str]) -> Iterator[tuple[str, str]]:
    """Take the options off the front of the list, by their long names."""
    while rest and rest[0].startswith("-") and rest[0] != "-":
        word = rest.pop(0)
        if word == "--":
            return
        if word.startswith("--"):
            yield _long(word[2:], rest)
        else:
            yield from _shorts(word[1:], rest)


def _long(word: str, rest: list[str]) -> tuple[str, str]:
    name, equals, value = word.partition("=")
    option = next((option for option in OPTIONS if option.long == name), None)
    if option is None:
        raise UsageError(f"unrecognized option '--{name}'", usage=True)
    if not option.metavar:
        if equals:
            raise UsageError(f"option '--{name}' doesn't allow an argument", usage=True)
        return name, ""
    if equals:
        return name, value
    if not rest:
        raise UsageError(f"option '--{name}' requires an argument", usage=True)
    return name, rest.pop(0)


def _shorts(letters: str, rest: list[str]) -> Iterator[tuple[str, str]]:
    """-dp4373 is -d -p 4373."""
    while letters:
        letter, letters = letters[0], letters[1:]
        option = next((option for option in OPTIONS if option.short == letter), None)
        if option is None:
            raise UsageError(f"invalid option -- '{letter}'", usage=True)
        if not option.metavar:
            yield option.long, ""
        elif letters or rest:
            yield option.long, letters or rest.pop(0)
            return
        else:
            raise UsageError(f"option requires an argument -- '{letter}'", usage=True)


def _check(name: str, value: str) -> None:
    """Refuse what the library would take for "not given": a script's variable was empty."""
    if name == "port":
        _port(value)
    elif name == "timeout":
        _timeout(value)
    elif name in {"source", "principal"} and not value:
        raise UsageError(f"the {name} must not be empty")


def _port(text: str) -> int:
    digits = text.strip().removeprefix("+")
    number = int(digits) if digits.isascii() and digits.isdecimal() and len(digits) < 8 else 0
    if not 0 < number <= 65535:
        raise UsageError(f"invalid port number {text}")
    return number


def _timeout(text: str) -> float:
    try:
        seconds = float(text)
    except ValueError:
        seconds = -1.0
    if not 0 <= seconds < float("inf"):
        raise UsageError(f"invalid timeout value {text}")
    return seconds


def _print(text: str) -> int:
    try:
        standard_streams.write(standard_streams.OUTPUT, f"{text}\n".encode())
    except OSError as error:
        return _local_write(error)
    return 0


def _local_write(error: OSError) -> int:
    if isinstance(error, BrokenPipeError):
        standard_streams.die_by(SIGPIPE)
    standard_streams.complain(f"remctl: local write of command output failed: {error.strerror}")
    return FAILED


def _perform(request: Request) -> int:
    from opswire.errors import OpswireError, RemctlAuthenticationError
    from opswire.remctl.client import Remctl as Connection

    if request.debug:
        standard_streams.show_log()
    doing = ""
    try:
        with Connection(
            timeout=request.timeout, source_ip=request.source, srv=request.srv
        ) as connection:
            connection.open(_server_name(request), request.port, request.principal)
            # The octets that the shell gave, whatever the locale made of them.
            command = [os.fsencode(word) for word in request.command]
            doing = "error sending command: "
            _tell(request, "sending a command of %d words", len(command))
            connection.command(command)
            doing = "error reading from server: "
            return _copied(request, connection)
    except RemctlAuthenticationError as error:  # remctl(1) gives no advice
        standard_streams.complain(f"remctl: {doing}{error.text}")
    except OpswireError as error:
        standard_streams.complain(f"remctl: {doing}{error}")
    except OSError as error:  # this machine's: no descriptors, no memory
        standard_streams.complain(f"remctl: {error.strerror or error}")
    except ValueError as error:  # an argument that no protocol can carry, such as too long a name
        standard_streams.complain(f"remctl: {error}")
    return FAILED


def _copied(request: Request, connection: Remctl) -> int:
    """Pass the answer on as it arrives; return the exit status."""
    for token in connection:
        octets = token.output or b""
        if token.type == "status":
            _tell(request, "received status %d", token.status)
            return FAILED if token.status is None else token.status
        if token.type == "error":
            _tell(request, "received error %d", token.error)
            standard_streams.complain(octets.decode("utf-8", "surrogateescape"))
            return REFUSED
        _tell(request, "received %d octets on stream %d", len(octets), token.stream)
        try:
            standard_streams.write(
                standard_streams.ERROR if token.stream == 2 else standard_streams.OUTPUT, octets
            )
        except OSError as error:
            return _local_write(error)
    return FAILED


def _server_name(request: Request) -> str:
    """The canonical name of the host, unless a principal or DNS says who the server must be.

    As remctl(1) does it: with a name that means another host each time, as load balancers make
    them, connection and Kerberos must not ask for two different ones.
    """
    from opswire.errors import RemctlError

    if request.principal is not None or request.srv:
        return request.host
    import socket
    from time import monotonic

    from opswire.calls import Call

    def canonical() -> str:
        found = socket.getaddrinfo(
            request.host, None, type=socket.SOCK_STREAM, flags=socket.AI_CANONNAME
        )
        return found[0][3] or request.host

    reason = os.strerror(0)
    try:
        if not request.host:  # Python would take it for "any address"
            raise socket.gaierror(socket.EAI_NONAME, "Name or service not known")
        return Call(canonical).wait(monotonic() + request.timeout if request.timeout else 0.0)
    except TimeoutError:
        reason = "timed out"
    except OSError as error:
        reason = error.strerror or str(error)
    except ValueError as error:  # UnicodeError: no host name, in any encoding
        reason = str(error)
    raise RemctlError(f"cannot resolve host {request.host}: {reason}")


def _tell(request: Request, text: str, *values: object) -> None:
    if request.debug:
        import logging

        logging.getLogger("opswire.remctl").debug(text, *values)
