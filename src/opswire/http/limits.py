"""What one client may take: every bound of the HTTP engine under a name, with its default."""

from dataclasses import dataclass, fields

from opswire.public_names import public_in


@public_in("opswire.http")
@dataclass(frozen=True, slots=True)
class Limits:
    """The bounds of a server; seconds, octets and counts.

    A client that is slower than its phase allows is ended, those that wait beside it are not
    delayed.  Deadlines are looked at a few times a second, so an end may come a quarter later.

    Args:
        handshake: seconds for the TLS handshake (h2o: 10).
        head: seconds from the first octet of a request, or from the connection, to the end of its
            head (h2o: 10; Apache: 20).
        body: seconds that a body may stand still; also what it may lag behind ``rate``.
        answer: the same for a client that does not read its answer.
        rate: octets per second that a body, or the reading of an answer, must come to over time
            (Apache: 500).
        idle: seconds that a connection is kept between requests.
        linger: seconds for which what a refused client still sends is thrown away, so that it can
            read why.
        backlog: connections that may wait to be accepted; the kernel has a bound too (somaxconn).
        max_connections: at once; one more is answered 503.
        max_head: octets of the request line and headers; more is 431, or 414 without a line's end.
        max_headers: header lines; more is 431.
        max_target: octets of the target; more is 414.
        max_body: octets of a body; more is 413.
    """

    handshake: float = 10.0
    head: float = 10.0
    body: float = 30.0
    answer: float = 30.0
    rate: int = 500
    idle: float = 75.0
    linger: float = 2.0
    backlog: int = 1024
    max_connections: int = 4096
    max_head: int = 64 * 1024
    max_headers: int = 100
    max_target: int = 8192
    max_body: int = 16 * 1024 * 1024

    def __post_init__(self) -> None:
        """Refuse what would bound nothing, or everything."""
        for field in fields(self):
            value = getattr(self, field.name)
            if not value > 0:
                raise ValueError(f"{field.name} must be more than 0, not {value!r}")

    @property
    def tick(self) -> float:
        """Seconds between two looks at the deadlines."""
        shortest = min(self.head, self.body, self.answer, self.idle, self.linger)
        return max(0.01, min(0.25, shortest / 4))
