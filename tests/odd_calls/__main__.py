"""SEED, how many steps, and a file: calls with odd values, until an error comes that none was told.

Each step calls one function with sound arguments, one to three of which are replaced. What it may
raise is what callers are told of: TypeError, ValueError, this package's own errors, and what the
call documents. Each step is noted in the file before it is made; a hang ends all with a traceback.
"""

import contextlib
import faulthandler
import io
import os
import random
import sys
import tempfile
import warnings
from pathlib import Path

from opswire.agents.crashes import VARIABLE as CRASHES
from opswire.agents.storage.names import VARIABLE as VALUES
from opswire.errors import OpswireError
from tests.odd_calls.calls import Call, all_calls
from tests.odd_calls.odd_values import ODD
from tests.wbem.odd_objects import OddError

SECONDS = 60
#: Any call may have these: BufferError for octets that are not in a row, OddError of an odd object.
DOCUMENTED = (TypeError, ValueError, OpswireError, BufferError, OddError)


def step(call: Call, chance: random.Random) -> BaseException | None:
    """Call it once with odd values; the exception that nobody was told of, or None."""
    arguments = dict(call.arguments)
    for name in chance.sample(sorted(arguments), min(len(arguments), chance.randint(1, 3))):
        arguments[name] = chance.choice(ODD)()
    try:
        with contextlib.redirect_stderr(io.StringIO()), contextlib.redirect_stdout(io.StringIO()):
            call.function(**arguments)
    except (Exception, SystemExit) as error:
        return None if isinstance(error, (*DOCUMENTED, *call.documented)) else error
    return None


def main(seed: int, steps: int, note: Path) -> None:
    """Run, and raise the first that was not foreseen."""
    warnings.simplefilter("ignore")
    folder = tempfile.mkdtemp(prefix="odd-calls-")
    os.chdir(folder)
    os.environ |= {CRASHES: f"{folder}/crashes", VALUES: f"{folder}/values"}
    chance = random.Random(seed)  # noqa: S311 - a run that repeats
    calls = all_calls()
    lines = note.open("w", buffering=1)  # each line is there when the next call crashes
    for number in range(steps):
        name = chance.choice(sorted(calls))
        lines.write(f"seed {seed}, step {number}: {name}\n")
        faulthandler.dump_traceback_later(SECONDS, exit=True)
        unforeseen = step(calls[name], chance)
        faulthandler.cancel_dump_traceback_later()
        if unforeseen is not None:
            raise unforeseen
    lines.close()
    print(steps)


if __name__ == "__main__":
    main(int(sys.argv[1]), int(sys.argv[2]), Path(sys.argv[3]).resolve())
