"""Calls of the public API with sound arguments, of which others take one or two away."""

import asyncio
import io
import tempfile
from collections.abc import Callable, Coroutine
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from opswire import agents, remctl
from opswire._core import performance_data
from opswire.agents import crash_archive, hostname_context, hostname_pool, storage_tree
from opswire.agents import section as agents_section
from opswire.redaction import exchanges, known_secrets, texts, values
from opswire.remctl import events, protocol
from tests.servers.lame import refusing_port

#: Nobody listens there, so that no call waits for a server.
with refusing_port() as PORT:
    HOST = "127.0.0.1"
WHERE: dict[str, Any] = {"host": HOST, "port": PORT, "principal": "host/nobody"}
LIMITS: dict[str, Any] = {"timeout": 0.5, "deadline": 0.5}
#: What a key of a secret, or a trace, has.
EXCHANGE: tuple[dict[str, Any], dict[str, Any]] = (
    {"method": "POST", "uri": "https://h/?token=t", "body": b"a=b", "headers": {"A": ["b"]}},
    {"status": {"code": 200}, "headers": {"Set-Cookie": ["a=b"]}, "body": {"string": b"{}"}},
)


@dataclass(frozen=True)
class Call:
    """A function, what is sound to call it with, and what else than TypeError it may raise."""

    function: Callable[..., Any]
    arguments: dict[str, Any] = field(default_factory=dict)
    documented: tuple[type[BaseException], ...] = ()


def of(make: Callable[[], Any], method: str) -> Callable[..., Any]:
    """A method of a new object for each call."""

    def call(**arguments: Any) -> Any:
        return getattr(make(), method)(**arguments)

    return call


def finished(coroutine: Callable[..., Coroutine[Any, Any, Any]]) -> Callable[..., Any]:
    """The same as a function."""
    return lambda **arguments: asyncio.run(coroutine(**arguments))


async def streamed(**arguments: Any) -> list[Any]:
    """A stream of outcomes to its end."""
    fleet = remctl.Fleet([f"{HOST}:{PORT}"], timeout=0.5)
    return [outcome async for outcome in fleet.stream(**arguments)]


def machine() -> protocol.Connection:
    """A client's machine after its greeting."""
    made = protocol.Connection(protocol.Role.CLIENT)
    made.send(events.Hello())
    return made


def storage() -> agents.Storage:
    """With one value."""
    made = agents.Storage("agent", "db1")
    made.write("key", "value")
    return made


def section(**arguments: Any) -> None:
    """What its two ends do."""
    with agents.Section(**arguments) as made:
        made.line("x")


def attributed(**arguments: Any) -> None:
    """Both marks of another host."""
    with agents_section.piggyback(**arguments):
        pass


def in_section(method: str) -> Callable[..., Any]:
    """A method of a section."""

    def call(**arguments: Any) -> None:
        with agents.Section("name", stream=io.StringIO()) as made:
            getattr(made, method)(**arguments)

    return call


def columns(value: Any) -> None:
    """A row, whose columns have no names."""
    with agents.Section("name", stream=io.StringIO()) as made:
        made.row("a", value)


def crashed(**arguments: Any) -> None:
    """A program whose exception is anything."""

    def main() -> int:
        local = arguments["local"]
        raise arguments["kind"](local)

    agents.report_agent_crashes("agent", "1")(main)()


def sent(kind: Callable[..., Any], arguments: dict[str, Any]) -> Call:
    """A message that the machine is to send; a number that it has no room for is told so."""
    return Call(lambda **a: machine().send(kind(**a)), arguments, (OverflowError,))


def decorated(kind: Callable[..., Any]) -> Callable[..., Any]:
    """The decorator and a program that crashes."""

    def main() -> int:
        raise ValueError("crashed")

    return lambda **arguments: kind(**arguments)(main)()


def machine_methods() -> dict[str, Call]:
    """Of the protocol machine."""
    return {
        "Connection": Call(
            protocol.Connection,
            {"role": protocol.Role.CLIENT, "protocol": 2},
        ),
        "Connection.receive": Call(of(machine, "receive"), {"octets": b"\0"}),
        "Connection.send": Call(of(machine, "send"), {"event": events.Command((b"x",))}),
        "Connection.establish": Call(of(machine, "establish"), {"context": None}),
        "Command": sent(events.Command, {"arguments": (b"x",)}),
        "Output": sent(events.Output, {"stream": 1, "octets": b"x"}),
        "Error": sent(events.Error, {"code": 1, "text": b""}),
        "Status": sent(events.Status, {"number": 1}),
        "Version": sent(events.Version, {"number": 2}),
        "ContextToken": sent(events.ContextToken, {"octets": b"x"}),
    }


def clients() -> dict[str, Call]:
    """Of one host, blocking and not."""
    found = {}
    command = {"command": ["a", b"b"]}
    for name, kind in {"Remctl": remctl.Remctl, "AsyncRemctl": remctl.AsyncRemctl}.items():
        wrapped: Callable[..., Any] = finished if name == "AsyncRemctl" else lambda one: one
        options = {"timeout": 0.5, "credentials": None, "source_ip": None, "srv": False}
        where = WHERE if name == "Remctl" else {}
        found[name] = Call(kind, {**where, **options})

        def method(which: str, kind: Any = kind, wrapped: Any = wrapped) -> Callable[..., Any]:
            return wrapped(of(lambda: kind(timeout=0.5), which))  # type: ignore[no-any-return]  # either

        found |= {
            f"{name}.open": Call(method("open"), {**WHERE, "deadline": 0.5}),
            f"{name}.command": Call(method("command"), {**command, "deadline": 0.5}),
            f"{name}.run": Call(
                method("run"),
                {
                    **command,
                    **LIMITS,
                    "stdin": b"x",
                    "stdout": None,
                    "stderr": None,
                    "max_output": 5,
                },
            ),
            f"{name}.set_ccache": Call(of(kind, "set_ccache"), {"ccache": "MEMORY:x"}),
            f"{name}.set_source_ip": Call(of(kind, "set_source_ip"), {"source_ip": HOST}),
            f"{name}.set_timeout": Call(of(kind, "set_timeout"), {"timeout": 1}),
        }
    return found


def fleets() -> dict[str, Call]:
    """Of many hosts."""
    command = {"command": ["a"], "stdin": None}

    def made(**arguments: Any) -> list[Any]:
        return list(remctl.Fleet(**arguments).run(["a"]))

    return {
        "remctl": Call(
            remctl.remctl, {**WHERE, **LIMITS, "command": ["a"], "credentials": None, "srv": False}
        ),
        "Fleet": Call(
            made,
            {
                "hosts": [f"{HOST}:{PORT}", remctl.FleetHost(HOST, PORT)],
                "port": PORT,
                "principal": None,
                "concurrency": 2,
                **LIMITS,
                "retries": 0,
                "credentials": None,
                "source_ip": None,
                "srv": False,
                "executor": None,
            },
        ),
        "FleetHost.parse": Call(remctl.FleetHost.parse, {"text": "host:1"}),
        "FleetHost": Call(
            lambda **a: list(remctl.Fleet([remctl.FleetHost(**a)], timeout=0.5).run(["a"])),
            WHERE,
        ),
        "Fleet.run": Call(
            lambda **a: list(remctl.Fleet([f"{HOST}:{PORT}"], timeout=0.5).run(**a)), command
        ),
        "Fleet.prepared": Call(
            lambda **a: list(remctl.Fleet([f"{HOST}:{PORT}"]).prepared(**a).begin()), command
        ),
        "Fleet.stream": Call(finished(streamed), command),
    }


def kept() -> dict[str, Call]:
    """Of values and reports."""
    options: dict[str, Any] = {"max_age": 5, "max_size": 100}
    writing: dict[str, Any] = {"durable": False, "ttl": 5}
    names: dict[str, Any] = {"host": "db1", "program": "agent"}
    file, lookup = (OSError, RuntimeError), (OSError, LookupError)
    report = {"crash_type": "agent", "crash_id": "00000000-0000-1000-8000-000000000000"}
    base = tempfile.mkdtemp(dir=Path.cwd())
    crash = crash_archive.StoredCrash("agent", report["crash_id"], 0.0, "/x")
    return {
        "Storage": Call(
            lambda **a: agents.Storage(**a).write("key", "x"),
            {"program_ident": "agent", "host": "db1", "durable": False, "quota": 100},
            (OSError,),
        ),
        "Storage.read": Call(of(storage, "read"), {"key": "key", "default": 0, **options}),
        "Storage.read_json": Call(
            of(storage, "read_json"), {"key": "key", "default": 0, **options}
        ),
        "Storage.write": Call(
            of(storage, "write"), {"key": "key", "content": "x", **writing}, (OSError,)
        ),
        "Storage.write_json": Call(
            of(storage, "write_json"),
            {"key": "key", "value": [1], **writing},
            (OSError,),
        ),
        "Storage.update": Call(
            of(storage, "update"),
            {
                "key": "key",
                "function": lambda old: old,
                "default": "",
                **writing,
                "timeout": 0.1,
                "max_size": 100,
            },
            (OSError,),
        ),
        "Storage.unset": Call(of(storage, "unset"), {"key": "key"}, (OSError,)),
        "Storage.remove_leftovers": Call(of(storage, "remove_leftovers"), {"older_than": 5.0}),
        "content": Call(storage_tree.content, {**names, "key": "key"}, lookup),
        "remove": Call(storage_tree.remove, {**names, "key": "key"}, lookup),
        "purge": Call(storage_tree.purge, names, lookup),
        "store": Call(
            crash_archive.store,
            {"report": report, "base": base, "private": False, "keep": 3, "keep_days": 1.0},
            (*lookup, RuntimeError),
        ),
        "stored": Call(crash_archive.stored, {"base": base}, file),
        "read": Call(crash_archive.read, {"crash_id": "0", "base": base}, (*lookup, RuntimeError)),
        "load": Call(crash_archive.load, {"crash": crash, "base": base}, (*lookup, RuntimeError)),
        "prune": Call(crash_archive.prune, {"kind": "agent", "base": base, "keep": 1}, file),
        "local_variables": Call(crash_archive.local_variables, {"report": {"local_vars": ""}}),
    }


def shown() -> dict[str, Call]:
    """Of what programs of a monitoring server print."""
    metric = {
        "name": "m",
        "value": 1.0,
        "unit": "s",
        "warning": 2.0,
        "critical": "3:",
        "minimum": 0.0,
        "maximum": 9.0,
    }
    result = {"state": 0, "summary": "s", "details": "d", "metrics": [agents.Metric("m", 1.0)]}

    def written(**arguments: Any) -> None:
        agents.Result(**arguments).write(io.StringIO())

    return {
        "Metric": Call(lambda **a: agents.Metric(**a).state(), metric),
        "Result": Call(written, result),
        "Result.write": Call(
            lambda **a: agents.Result(0, "s").write(**a), {"stream": io.StringIO()}
        ),
        "Result.combined": Call(agents.Result.combined, {"results": [agents.Result(0, "s")]}),
        "Section": Call(
            section,
            {
                "name": "n",
                "separator": 0,
                "cached": (1, 2),
                "persist": 3,
                "encoding": None,
                "nostrip": False,
                "stream": io.StringIO(),
            },
            (LookupError,),
        ),
        "Section.line": Call(in_section("line"), {"text": "x"}),
        "Section.lines": Call(in_section("lines"), {"text": "x"}),
        "Section.json": Call(in_section("json"), {"value": {}}),
        "Section.row": Call(columns, {"value": "x"}),
        "piggyback": Call(attributed, {"host": "db1", "stream": io.StringIO()}),
        "State": Call(agents.State, {"value": 1}),
        "configure_logging": Call(agents.configure_logging, {"level": "INFO"}),
        "install_as": Call(
            agents.install_as, {"name": "cmk.server_side_programs"}, (RuntimeError,)
        ),
        "report_agent_crashes": Call(
            decorated(agents.report_agent_crashes),
            {"name": "a", "version": "1", "keep": 3, "keep_days": 1.0},
        ),
        "report_check_crashes": Call(
            decorated(agents.report_check_crashes),
            {"name": "a", "version": "1", "keep": 3, "keep_days": 1.0},
        ),
        "a crash": Call(crashed, {"local": "x", "kind": ValueError}),
        "vcrtrace": Call(
            agents.vcrtrace,
            {
                "filter_body": bytes,
                "filter_query_parameters": ["a"],
                "filter_headers": [("a", "b")],
                "filter_post_data_parameters": [],
            },
        ),
    }


def protected() -> dict[str, Call]:
    """Of TLS to addresses, redaction and performance data."""
    item = {
        "label": "l",
        "value": 1.0,
        "unit": "s",
        "warning": 1.0,
        "critical": 2.0,
        "minimum": 0.0,
        "maximum": 9.0,
        "warning_range": "",
        "critical_range": "",
    }
    secrets = known_secrets.Secrets([{"password": "s3cret-word-of-many"}])
    formatted = {"items": [performance_data.Item("a", 1.0)], "strict": False, "max_length": 100}
    return {
        "hostname_context": Call(
            hostname_context.hostname_context,
            {"hostname": "h", "cafile": None, "capath": None, "cadata": None},
            (OSError,),
        ),
        "hostname_pool": Call(
            hostname_pool.hostname_pool, {"hostname": "h", "proxy_url": None, "num_pools": 3}
        ),
        "HostnameValidationAdapter": Call(agents.HostnameValidationAdapter, {"hostname": "h"}),
        "redact": Call(exchanges.redact, {"interactions": [EXCHANGE], "kept": [("a", "b")]}),
        "Redaction.copy": Call(lambda **a: repr(values.Redaction(secrets).copy(**a)), {"value": 1}),
        "Secrets": Call(
            lambda **a: known_secrets.Secrets([a["scope"]], texts=["t"]), {"scope": {"key": "v"}}
        ),
        "without_secrets": Call(lambda **a: texts.without_secrets(**a, mark="m"), {"text": "a=b"}),
        "Item": Call(lambda **a: hash(performance_data.Item(**a)), item),
        "written": Call(
            lambda **a: performance_data.format([performance_data.Item(**a)], strict=True), item
        ),
        "parse": Call(performance_data.parse, {"text": "a=1s;2;3", "strict": True}),
        "parse_range": Call(performance_data.parse_range, {"text": "1:2"}),
        "format": Call(performance_data.format, formatted),
    }


def all_calls() -> dict[str, Call]:
    """By a name that tells the function."""
    return {
        **clients(),
        **fleets(),
        **machine_methods(),
        **kept(),
        **shown(),
        **protected(),
    }
