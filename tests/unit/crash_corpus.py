"""Crashes of programs as they are written: what they keep in variables when something fails.

Each takes a case, puts its secret where such programs have it, and raises what they raise.
"""

import argparse
import base64
import configparser
import http.cookies
import json
import re
import shlex
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import NamedTuple, Never

from tests.unit.secret_samples import seeded

HOSTS = ("db1.example.com", "192.168.7.31", "esx-04", "nas2")
USERS = ("monitor", "admin", "svc_checks", "automation")
WORDS = (
    *("interface", "up", "down", "error", "packets", "GigabitEthernet0/1", "queue", "1500", "mtu"),
    *("full", "duplex"),
)
ITEMS = ("cpu_load", "disk.root", "memory used", "temperature_7", "uptime")
SECRETS = (
    "correct horse battery",
    "pä$$ w/rd1",
    "ab/cd+EF/12==",
    "4711-0815-xy",
    "Tr0ub4dor&3",
    "hunter2hunter2",
    "5d41402abc4b2a76b9719d911017c592",
    'it\'s "quoted" <&>',
)


class Case:
    """What a program is run with; where a program names none, `drawn` is no secret."""

    def __init__(self, number: int) -> None:
        """Draw."""
        chance = seeded(number)
        self.drawn = f"{SECRETS[number % len(SECRETS)]}{chance.randrange(1000)}"
        self.host = chance.choice(HOSTS)
        self.user = chance.choice(USERS)
        self.item = chance.choice(ITEMS)
        self.line = " ".join(chance.sample(WORDS, 8))
        # What is the secret in other letters is none of the harmless words.
        pair = f"{self.user}:{self.drawn}".encode()
        self.basic = base64.b64encode(pair).decode()


class ConnectionFailed(Exception):
    """A library's own."""


def _get(url: str, headers: dict[str, str]) -> Never:
    place = urllib.parse.urlsplit(url)
    raise ConnectionFailed(
        f"HTTPSConnectionPool(host='{place.hostname}', port=443): Max retries exceeded with url: "
        f"{place.path}?{place.query} (Caused by NewConnectionError('Connection refused'))"
    )


def bearer(case: Case) -> None:
    """A token in a header and a query."""
    headers = {"Authorization": f"Bearer {case.drawn}", "Accept": "application/json"}
    timeout, verify, items = 30, True, [case.item, "status"]
    _get(f"https://{case.host}/api/v1/items?{urllib.parse.urlencode({'t': case.drawn})}", headers)
    print(timeout, verify, items)


def basic(case: Case) -> None:
    """User and password in base64, as requests keeps them."""
    headers = {"User-Agent": "agent/1.0", "Authorization": f"Basic {case.basic}"}
    auth = (case.user, case.drawn)
    raise ConnectionFailed(
        f"401 Unauthorized for {case.host}, sent Basic {case.basic}, {len(auth)} {len(headers)}"
    )


def command(case: Case) -> None:
    """A command line that failed."""
    argv = ["check_db", "-H", case.host, "--user", case.user, "--password", case.drawn, "-v"]
    status, output = 255, f"{case.line} for {case.user}"
    raise RuntimeError(f"Command {shlex.join(argv)!r} returned {status}: {output}")


def connection(case: Case) -> None:
    """The one string of libpq."""
    password = case.drawn.replace("\\", "\\\\").replace("'", "\\'")
    conninfo = f"host={case.host} port=5432 user={case.user} password='{password}' dbname=postgres"
    del password
    query = f"SELECT count(*) FROM t WHERE state = '{case.item}'"  # noqa: S608 - only shown
    raise ConnectionFailed(f"connection to server failed: {conninfo}; {query}")


def snmp(case: Case) -> None:
    """A community."""
    community, version, oid = case.drawn, "2c", ".1.3.6.1.2.1.1.1.0"
    arguments = ["snmpget", f"-v{version}", "-c", community, case.host, oid]
    raise TimeoutError(f"no answer from {case.host} within 5 s: {arguments}")


def address(case: Case) -> None:
    """A password in a URL."""
    url = f"https://{case.user}:{urllib.parse.quote(case.drawn, safe='')}@{case.host}:8443/status"
    path, page, rows = "/status", 3, case.line.split()
    raise ConnectionFailed(f"404 Not Found: {url} page {page} of {path}, {rows}")


def namespace(case: Case) -> None:
    """Parsed arguments."""
    parser = argparse.ArgumentParser(prog="agent")
    for name in ("--host", "--user", "--password", "--timeout", "--author"):
        parser.add_argument(name)
    arguments = parser.parse_args(
        ["--host", case.host, "--user", case.user, f"--password={case.drawn}", "--author", "me"]
    )
    del parser
    raise ValueError(f"timeout is missing: {arguments}")


@dataclass
class Server:
    """A part of a configuration."""

    host: str
    user: str
    password: str
    labels: dict[str, str] = field(default_factory=dict)


@dataclass
class Configuration:
    """Another part, with an ordinary dictionary of tokens."""

    server: Server
    tokens: dict[str, str]
    max_tokens: int = 4096
    token_type: str = "Bearer"


def configuration(case: Case) -> None:
    """Dataclasses in each other."""
    config = Configuration(
        Server(case.host, case.user, case.drawn, {"site": "prod", "kind": case.item}),
        {"access_token": case.drawn, "expires_in": "3600"},
    )
    raise KeyError(f"{case.item} is not in {config}")


def split(case: Case) -> None:
    """Words of a line, no secret anywhere."""
    line = case.line
    tokens = line.split()
    key, value = tokens[0], tokens[-1]
    number = int(f"{value}x{key}")
    print(number)


def loop(case: Case) -> None:
    """Keys and values of a section."""
    section = {"cpu_load": "0.15", case.item: "n/a", "uptime": "4711 days", "passed": "37"}
    for key, value in sorted(section.items()):
        print(key, float(value))


def document(case: Case) -> None:
    """JSON that was sent, and an answer without what is expected."""
    payload = json.dumps({"username": case.user, "password": case.drawn, "items": [case.item]})
    answer = {"error": {"code": 403, "message": f"login of {case.user} failed"}, "token": None}
    raise KeyError(f"data: {answer} after {payload}")


def soap(case: Case) -> None:
    """An envelope."""
    password = case.drawn.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    body = (
        f"<Envelope><wsse:Username>{case.user}</wsse:Username><wsse:Password Type='Text'>{password}"
        f"</wsse:Password><Host>{case.host}</Host></Envelope>"
    )
    del password
    raise ValueError(f"not well-formed (invalid token): line 1, column 20 in {body}")


def cookie(case: Case) -> None:
    """A cookie as the standard library keeps it."""
    cookies = http.cookies.SimpleCookie()
    value = urllib.parse.quote(case.drawn, safe="")
    cookies["SESSIONID"] = value
    headers = [f"Cookie: SESSIONID={value}", "Accept: text/html", f"Host: {case.host}"]
    del value
    raise ConnectionFailed(f"302 Found: /login?next=/{case.item} {headers}")


def session(case: Case) -> None:
    """Headers of storage and virtualisation."""
    headers = {"X-HP3PAR-Session": case.drawn, "vmware-api-session-id": case.drawn, "X-Page": "1"}
    raise ConnectionFailed(f"session of {case.user} on {case.host} is over: {headers}")


def opener(case: Case) -> None:
    """A request of the standard library, to a port where nobody is."""
    request = urllib.request.Request(
        f"http://127.0.0.1:9/{urllib.parse.quote(case.item)}",
        headers={"X-Auth-Token": case.drawn.encode("ascii", "ignore").decode(), "Accept": "a/b"},
        data=urllib.parse.urlencode({"pw": case.drawn, "user": case.user}).encode(),
    )
    try:
        urllib.request.urlopen(request, timeout=5)  # noqa: S310 - the address stands above
    except urllib.error.URLError as error:
        raise ConnectionFailed(f"{error} for {request.headers} {request.data!r}") from error


def sections(case: Case) -> None:
    """A file of settings."""
    parser = configparser.RawConfigParser()
    parser.read_dict({"db": {"host": case.host, "user": case.user, "pw": case.drawn, "pages": "5"}})
    settings = {name: dict(parser[name]) for name in parser.sections()}
    del parser
    raise KeyError(f"timeout: {settings['db']}")


def sentence(case: Case) -> None:
    """A secret in the words of an exception."""
    secret, user = case.drawn, case.user
    reason = f"the login of {user} with {secret!r} was refused by {case.host}, {case.line}"
    raise PermissionError(reason)


def frames(case: Case) -> None:
    """The secret is a variable further out only."""
    api_token = case.drawn

    def inner(text: str, item: str) -> Never:
        parts = [item, text, "line 7"]
        raise LookupError(f"{item} not found in {parts}")

    inner(json.dumps({"t": api_token, "host": case.host}), case.item)


def causes(case: Case) -> None:
    """One exception after the other."""
    credentials = {"user": case.user, "password": case.drawn}
    try:
        print(case.line[1000])
    except IndexError as error:
        words = case.line.split()
        raise RuntimeError(f"cannot log in with {sorted(credentials.items())}: {words}") from error


def variables(case: Case) -> None:
    """An environment for a child."""
    env = {
        "PATH": "/usr/bin:/bin",
        "PWD": "/omd/sites/prod",
        "DB_PASSWORD": case.drawn,
        "LANG": "C",
    }
    raise FileNotFoundError(
        2, "No such file or directory", f"/omd/sites/prod/{case.item}", None, env
    )


def cloud(case: Case) -> None:
    """Two parts of one key."""
    config = {"aws_access_key_id": "AKIAIOSFODNN7EXAMPLE", "aws_secret_access_key": case.drawn}
    region, service, marker = "eu-central-1", "ec2", case.item
    raise ConnectionFailed(f"{service} in {region}: InvalidToken at {marker}, {len(config)}")


def pairs(case: Case) -> None:
    """Headers in a list."""
    headers = [("Host", case.host), ("X-Auth-Token", case.drawn), ("Accept", "*/*")]
    raise ConnectionFailed(f"bad gateway after {headers} for {case.item}")


class Client:
    """Its repr tells everything."""

    def __init__(self, host: str, user: str, password: str) -> None:
        """Log in."""
        self.host, self.user, self.password = host, user, password

    def __repr__(self) -> str:
        """Tell."""
        return f"<Client {self.user}:{self.password}@{self.host}>"


def objects(case: Case) -> None:
    """An object of a library, in an exception too."""
    client, rows = Client(case.host, case.user, case.drawn), case.line.split()
    raise ConnectionFailed(f"{client} has no {case.item} in {rows}")


class Row(NamedTuple):
    """A line of a table."""

    author: str
    authority: int
    key: str
    keywords: list[str]


def table(case: Case) -> None:
    """No secret, and names that are like those of secrets."""
    rows = [Row(case.user, 7, case.item, case.line.split()) for _ in range(5)]
    max_tokens, token_type, expires_in, author = 4096, "Bearer", 3600, case.user
    passed, bypass, tokenizer = 5, False, re.compile(r"\s+")
    limits = f"{max_tokens} {token_type} {expires_in} {passed} {bypass} {tokenizer.pattern}"
    raise ValueError(f"{rows[0].keywords} of {author}: {limits}")


def literal(case: Case) -> None:
    """A secret in the source."""
    password = "l1teral-in-the-source"
    raise ConnectionFailed(f"{case.user} may not log in on {case.host}", len(password), case.item)


def programs() -> Iterator[tuple[str, Callable[[Case], None], Case]]:
    """200 crashes: 25 programs, 8 times each, with the name of each."""
    chosen = (
        *(bearer, basic, command, connection, snmp, address, namespace, configuration, split, loop),
        *(document, soap, cookie, session, opener, sections, sentence, frames, causes, variables),
        *(cloud, pairs, objects, table, literal),
    )
    for number in range(8 * len(chosen)):
        program = chosen[number % len(chosen)]
        yield f"{program.__name__}-{number}", program, Case(number // len(chosen) + 8 * number)
