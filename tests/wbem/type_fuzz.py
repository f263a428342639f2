"""Any object anywhere: in every attribute, mapping and argument of the public object API.

As a program: SEED, and how many steps.  Each makes an object, changes it a few times, and asks it
everything that its class offers. What is found by introspection is what is tried, so a new class or
method is tried as well. Before each step it is noted in a file: after a crash it tells what to run.
"""

import copy
import gc
import operator
import pickle
import random
import sys
import warnings
from collections.abc import Callable
from pathlib import Path
from typing import Any

from opswire import wbem
from opswire._core import cimxml
from tests.wbem.odd_objects import ODD, SOUND

#: Would change classes, or are Python's own and take for ever with large numbers.
LEFT_ALONE = {"__class__", "__init_subclass__", "__subclasshook__", "__pow__", "__rpow__"}
FUNCTIONS: list[Callable[..., Any]] = [
    wbem.parse,
    wbem.cimvalue,
    wbem.cimtype,
    wbem.type_from_name,
    wbem.siunit,
    wbem.siunit_obj,
    wbem.CIMInstance.from_class,
    wbem.CIMInstanceName.from_instance,
    wbem.CIMInstanceName.from_wbem_uri,
    wbem.CIMClassName.from_wbem_uri,
    cimxml.imethodcall,
    cimxml.methodcall,
    cimxml.export_request,
    cimxml.export_response,
    cimxml.tocimxml,
    cimxml.tocimxmlstr,
    lambda source: list(wbem.iterate(source)),
]
# What is loaded at first use, the client, has sockets and files instead of objects.
CLASSES = sorted(
    (
        kind
        for kind in {kind for kind in vars(wbem).values() if isinstance(kind, type)}
        if kind.__module__.startswith("opswire.") and not issubclass(kind, BaseException)
    ),
    key=lambda kind: kind.__name__,
)
OPERATORS: list[Callable[[Any, Any], Any]] = [
    operator.eq,
    operator.ne,
    operator.lt,
    operator.contains,
    operator.getitem,
    operator.delitem,
    operator.and_,
    operator.or_,
    operator.sub,
    operator.xor,
    operator.add,
]
QUESTIONS: list[Callable[[Any], Any]] = [
    repr,
    str,
    hash,
    len,
    bool,
    list,
    dict,
    copy.copy,
    copy.deepcopy,
    pickle.dumps,
    lambda one: pickle.loads(pickle.dumps(one)),  # noqa: S301 - our own
    lambda one: one == copy.copy(one),
    lambda one: list(one.items()),
    lambda one: list(one.values()),
    lambda one: one.tomof(),
    lambda one: one.tocimxmlstr(),
    lambda one: one.tocimxml(),
    lambda one: one.to_wbem_uri(),
]


class Fuzz:
    """One run: the same for the same seed."""

    def __init__(self, seed: int) -> None:
        self._random = random.Random(seed)  # noqa: S311 - a run that repeats

    def step(self) -> None:
        """Make, change, ask."""
        one = self._made()
        for _ in range(self._random.randrange(4)):
            self._try(self._changed, one)
        for _ in range(3):
            self._try(self._random.choice(QUESTIONS), one)
            self._try(self._called, one)
            self._try(self._random.choice(OPERATORS), one, self._any())
        self._try(self._random.choice(FUNCTIONS), *self._arguments(one))

    def _made(self) -> Any:
        if self._random.random() < 0.7:
            return self._random.choice(SOUND)()
        kind = self._random.choice(CLASSES)
        return self._try(kind, *self._arguments())

    def _any(self) -> Any:
        return self._random.choice(ODD if self._random.random() < 0.7 else SOUND)()

    def _arguments(self, *first: object) -> list[Any]:
        return [*first, *(self._any() for _ in range(self._random.randrange(5)))]

    def _changed(self, one: Any) -> None:
        """An attribute, or what is in a mapping of it."""
        names = [name for name in dir(type(one)) if name not in LEFT_ALONE]
        if not names:
            return
        name = self._random.choice(names)
        value = self._try(getattr, one, name)
        match self._random.randrange(4):
            case 0 if not name.startswith("__"):
                setattr(one, name, self._any())
            case 1:
                value[self._random.choice(["P", "p", "K", "M", "new", None])] = self._any()
            case 2:
                value.update(*self._arguments())
            case _:
                one[self._random.choice(["P", "K", "new", None])] = self._any()

    def _called(self, one: Any) -> Any:
        names = [name for name in dir(type(one)) if name not in LEFT_ALONE]
        return getattr(one, self._random.choice(names or ["x"]))(*self._arguments())

    def _try(self, call: Callable[..., Any], *arguments: Any) -> Any:
        """The result, or None for an ordinary exception."""
        try:
            return call(*arguments)
        except (SystemError, MemoryError):
            raise  # the interpreter, or a size that was taken from nowhere
        except Exception:
            return None


def main(seed: int, steps: int, note: Path) -> None:
    """Run, and tell how far it came."""
    warnings.simplefilter("ignore")
    fuzz = Fuzz(seed)
    for step in range(steps):
        if step % 50 == 0:
            note.write_text(f"seed {seed}, between step {step} and {step + 50}")
        fuzz.step()
    gc.collect()
    print(steps)


if __name__ == "__main__":
    main(int(sys.argv[1]), int(sys.argv[2]), Path(sys.argv[3]))
