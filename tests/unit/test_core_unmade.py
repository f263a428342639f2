"""Objects of _core that were made without their constructors: they refuse, and crash nothing."""

from collections.abc import Callable
from socket import AF_INET
from typing import Any

import pytest

from opswire._core import gss
from opswire._core.remctl import Arguments
from opswire._core.remctl.driver import Driver
from opswire._core.remctl.shortcuts import Shortcuts
from opswire.errors import LocalProtocolError

USES: dict[str, tuple[Any, Callable[[Any], object]]] = {
    "text of a Name": (gss.Name, str),
    "canonical Name": (gss.Name, lambda name: name.canonical()),
    "context with a Name": (gss.Name, lambda name: gss.Context.initiate(name).step()),
    "text of a Credential": (gss.Credential, repr),
    "lifetime of a Credential": (gss.Credential, lambda credential: credential.lifetime),
    "export of a Credential": (gss.Credential, lambda credential: credential.export()),
    "copy of a Credential": (gss.Credential, lambda credential: credential.in_memory()),
    "first step": (gss.Context, lambda context: context.step()),
    "step with a token": (gss.Context, lambda context: context.step(b"token")),
    "protection": (gss.Context, lambda context: context.wrap(b"")),
    "peer": (gss.Context, lambda context: context.peer),
    "event of a Driver": (Driver, lambda driver: driver.next_event()),
    "connect of a Driver": (
        Driver,
        lambda driver: driver.connect(AF_INET, ("127.0.0.1", 1)),
    ),
    "output of a Driver": (Driver, lambda driver: driver.copy_output(print, print)),
    "command of a Driver": (Driver, lambda driver: driver.send_command(Arguments([b"test"]))),
    "state of a Driver": (Driver, lambda driver: driver.free or driver.busy or driver.outstanding),
    "question of Shortcuts": (Shortcuts, lambda shortcuts: shortcuts.noop()),
}


@pytest.mark.parametrize(("kind", "use"), USES.values(), ids=USES)
def test_it_refuses(kind: Any, use: Callable[[Any], object]) -> None:
    with pytest.raises((LocalProtocolError, AttributeError)):
        use(kind.__new__(kind))
