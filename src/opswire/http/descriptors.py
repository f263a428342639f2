"""Sockets of servers, which children must not hold: a connection would end only when they do."""

import os
import threading
from weakref import WeakSet

_holders: "WeakSet[Descriptors]" = WeakSet()

# Held while a socket is made or taken, so that none is between the kernel and its holder in a fork.
making = threading.RLock()


class Descriptors:
    """The numbers of the sockets of one server."""

    def __init__(self) -> None:
        """Hold none."""
        self.numbers: set[int] = set()
        self.process = os.getpid()
        with making:
            _holders.add(self)

    @property
    def is_inherited(self) -> bool:
        """Whether this process is a child of the one whose sockets they are."""
        return self.process != os.getpid()


def _let_go() -> None:
    """In a forked child, put /dev/null in the place of every socket.

    The number stays taken: an object that closes it later closes nothing of the child's.
    """
    making.release()
    nothing = -1
    for holder in list(_holders):
        for number in holder.numbers:
            if nothing < 0:
                nothing = os.open(os.devnull, os.O_RDWR | os.O_CLOEXEC)
            os.dup2(nothing, number, inheritable=False)
        holder.numbers.clear()
    if nothing >= 0:
        os.close(nothing)


os.register_at_fork(before=making.acquire, after_in_parent=making.release, after_in_child=_let_go)
