"""How long a peer may take: a deadline that octets put off."""


class Patience:
    """The deadline of one phase after the other.

    It is looked at now and then, so that what happens at every octet costs no look at the clock: a
    phase counts from the first look at it.  Octets put the deadline off by a second for each `rate`
    of them, to at most the phase's whole time from now: who sends much and then nothing has no more
    time than others, and who sends an octet at a time has not for ever.
    """

    __slots__ = ("_deadline", "_rate", "_seconds")

    def __init__(self, rate: float) -> None:
        """Wait for ever, until a phase begins."""
        self._rate = rate
        self._seconds = 0.0
        self._deadline: float | None = None

    def begin(self, seconds: float) -> None:
        """Begin a phase of so many seconds; 0 is for ever."""
        self._seconds = seconds
        self._deadline = None

    def is_over(self, now: float, octets: int = 0) -> bool:
        """Tell whether the deadline has passed; `octets` have moved since the last look."""
        if not self._seconds:
            return False
        if self._deadline is None:
            self._deadline = now + self._seconds
        elif octets:
            self._deadline = min(self._deadline + octets / self._rate, now + self._seconds)
        return now >= self._deadline
