"""What type checkers say of programs with remctl; as wbem_uses.py."""

from typing import assert_type

from opswire import remctl


def right() -> None:
    """Programs as users write them."""
    done = remctl.remctl("host", command=["test", b"octets", 5])
    assert_type(done, remctl.RemctlSimpleResult)
    assert_type(done.stdout, bytes | None)
    with remctl.Remctl("host") as connection:
        assert_type(connection, remctl.Remctl)
        result = connection.run(["test"], timeout=5)
        assert_type(result, remctl.Result)
        assert_type(result.status, int)
    for outcome in remctl.Fleet(["a", "b:4373"]).run(["test"]):
        assert_type(outcome, remctl.Outcome)
        assert_type(outcome.result, remctl.Result | None)


async def right_on_a_loop() -> None:
    """The same, waiting."""
    async with remctl.AsyncRemctl("host") as connection:
        assert_type(await connection.run(["test"]), remctl.Result)


def wrong() -> None:
    """Mistakes that a checker tells before a server does."""
    remctl.remctl("host", 4373, ["test"])  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]
    remctl.Remctl("host").run("test", stdin=5)  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]
    remctl.Fleet([("a", 4373)])  # type: ignore[list-item]  # pyright: ignore[reportArgumentType]
