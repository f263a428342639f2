"""Bodies that come by and by: pieces sent as they come, no faster than the client reads."""

from collections.abc import AsyncGenerator, AsyncIterable, Callable, Iterator
from contextlib import suppress
from typing import TypeVar

from opswire.http.connection import Connection, Phase
from opswire.http.handlers import Threads
from opswire.http.response import Body, Response

T = TypeVar("T")


async def send_pieces(
    connection: Connection, response: Response, chunked: bool, threads: Threads | None
) -> None:
    """Send an answer whose body iterates.

    Raises:
        BaseException: what the body raised, or a ValueError for another length than was said; the
            answer is not finished then.
    """
    # With the first piece: a small answer is one packet, and a body that fails at once is a 500.
    begin = connection.head_of(response, chunked)
    left = response.length
    pieces = _pieces(response.body, threads)
    try:
        async for piece in pieces:
            if connection.phase is Phase.CLOSED:
                return
            if not isinstance(piece, bytes):
                raise TypeError(f"a body gives bytes, not {type(piece).__name__}")
            if not piece:
                continue
            if left is not None:
                left -= len(piece)
                if left < 0:
                    raise ValueError("the body is longer than its Content-Length")
            connection.write(begin + (b"%x\r\n%b\r\n" % (len(piece), piece) if chunked else piece))
            begin = b""
            if not connection.writable:
                await connection.room()
    finally:
        await pieces.aclose()
    if left:
        raise ValueError("the body is shorter than its Content-Length")
    if begin or chunked:
        connection.write(begin + (b"0\r\n\r\n" if chunked else b""))


async def _pieces(body: Body, threads: Threads | None) -> AsyncGenerator[bytes, None]:
    if isinstance(body, AsyncIterable):
        try:
            async for piece in body:
                yield piece
        finally:
            aclose = getattr(body, "aclose", None)
            if aclose is not None:
                await aclose()
        return
    iterator: Iterator[bytes] = iter(body)  # type: ignore[arg-type]  # of bytes: see Body
    close: Callable[[], object] | None = getattr(body, "close", None)

    def take() -> bytes | None:
        return next(iterator, None)

    try:
        while True:
            taken = await _call(take, threads)
            if taken is None:
                return
            yield taken
    finally:
        if close is not None:
            # Still running on its thread, it cannot be closed; what it holds goes with it.
            with suppress(ValueError):
                await _call(close, threads)


async def _call(function: Callable[[], T], threads: Threads | None) -> T:
    return function() if threads is None else await threads.wait_for(function)
