"""What type checkers say of agents and checks; as wbem_uses.py."""

from typing import assert_type

from opswire import agents
from opswire.agents import Metric, Result, Section, State, Storage


def right() -> None:
    """Programs as users write them."""
    storage = Storage("agent", "host")
    assert_type(storage.read("key", None), str | None)
    assert_type(storage.read("key", "nothing"), str)
    storage.write("key", "value", ttl=60)

    @agents.report_agent_crashes("agent", "1.0")
    def main() -> int:
        return 0

    assert_type(main(), int)
    Result(State.WARN, "full", metrics=[Metric("used", 90.5, unit="%")])
    Section("df").row("/", 5)


def wrong() -> None:
    """Mistakes that a checker tells before a site does."""
    Storage("agent", "host").write("key", b"octets")  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]
    Result("WARN", "full")  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]
