"""The steps of a dialing, waited for on the caller's thread."""

from typing import Any

from opswire._core import remctl as core
from opswire._core.remctl.driver import Driver
from opswire.calls import Call
from opswire.pacing import Slot
from opswire.remctl.connecting.dialing import (
    Aside,
    Connect,
    Dialing,
    Handshake,
    Step,
    Turn,
)
from opswire.steps import perform


class BlockingDialing(Dialing[Driver]):
    """``run()`` in one thread, ``cancel()`` from any other."""

    closer = "thread"

    _waiting: Call[Any] | Slot | Driver | None = None

    def cancel(self) -> None:
        """Make ``run()`` raise soon."""
        self.cancelled = True
        waiting = self._waiting
        if isinstance(waiting, Driver):
            waiting.close()
        elif waiting is not None:
            waiting.cancel()

    def run(self) -> Driver:
        """Return a driver that is ready for a command.

        Raises:
            RemctlError: with the text of the step that failed.
        """
        try:
            return perform(self.steps(), self._perform)
        finally:
            self._waiting = None

    def _perform(self, step: Step) -> object:
        if isinstance(step, Connect):
            return self._connect_now(step)
        if isinstance(step, Handshake):
            step.link.handshake(step.context, step.token, self.deadline)
            return None
        if isinstance(step, Turn):
            self._take(step.slot)
            return None
        return self._call(step)

    def _call(self, step: Aside) -> object:
        call = self._waiting = Call(step.function)
        return call.wait(self.until())

    def _take(self, slot: Slot) -> None:
        self._waiting = slot
        if self.cancelled:
            raise ConnectionAbortedError
        slot.take(self.deadline)

    def _connect_now(self, step: Connect) -> Driver:
        machine = core.Connection(core.CLIENT, self.destination.protocol)
        driver = self._waiting = Driver.unconnected(machine, step.family, self.timeout)
        try:
            if self.cancelled:
                raise ConnectionAbortedError
            driver.connect(step.family, step.address, step.source, self.deadline)
        except BaseException:
            # Now: an exception that somebody keeps must not keep a descriptor.
            driver.close()
            raise
        return driver
