"""opswire.http and slowhttptest: clients that hold connections and do nothing with them."""

import re
import subprocess
import time
from pathlib import Path
from typing import NamedTuple

import pytest

from opswire.http import Limits, Request, Response, Server
from tests.forms import two_forms
from tests.unit.raw_client import answers, exchange

BIG = Response(200, {}, b"x" * 2_000_000)
MODES = {
    "slow heads": ["-H", "-i", "1"],
    "slow bodies": ["-B", "-i", "1"],
    "slow reads": ["-X", "-k", "3", "-w", "1", "-y", "512", "-n", "1", "-z", "5"],
}


class Attack(NamedTuple):
    """How many connections, for how long at most, and the limits of the server."""

    connections: int
    seconds: int
    limits: Limits


SHORT = Attack(100, 20, Limits(head=1, body=1, answer=1, linger=0.5))
WHOLE = Attack(1000, 60, Limits())


def answer(request: Request) -> Response:
    """Give what takes long to read slowly."""
    return BIG if request.path == "/big" else Response(200, {}, b"hello")


@pytest.mark.parametrize("attack", two_forms(SHORT, WHOLE))
@pytest.mark.parametrize("mode", MODES)
def test_slow_clients_are_ended_and_delay_nobody(
    mode: str, attack: Attack, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    """All of them, by the deadline of their phase; who comes meanwhile is served at once."""
    with Server(answer, threads=0, limits=attack.limits) as server:
        number = str(attack.connections)
        words = ["slowhttptest", *MODES[mode], "-u", f"{server.url}/big", "-c", number]
        words += ["-r", number, "-l", str(attack.seconds), "-p", "5", "-v", "0"]
        with (tmp_path / "out").open("wb") as out:
            program = subprocess.Popen(words, stdout=out, stderr=out)
        try:
            peak, delays = _visit(server, attack, program)
        finally:
            program.kill()
            program.wait()
        assert server.connections == 0
    assert peak >= attack.connections * 0.6, (tmp_path / "out").read_text()
    # Those that the server ended, in the log one by one and as a count.
    ended = len(re.findall("slow: [0-9.]+ port", caplog.text))
    ended += sum(map(int, re.findall("slow: ([0-9]+) more", caplog.text)))
    assert ended >= attack.connections
    delays.sort()
    assert delays[int(len(delays) * 0.99)] < (0.05 if attack is WHOLE else 1)
    assert delays[-1] < 1


def _visit(
    server: Server, attack: Attack, program: "subprocess.Popen[bytes]"
) -> tuple[int, list[float]]:
    """Be another client, until all slow ones have come and are gone."""
    peak = 0
    delays = []
    end = time.monotonic() + attack.seconds + 10
    while peak < attack.connections * 0.6 or server.connections:
        assert time.monotonic() < end, f"{server.connections} of {peak} connections are left"
        assert program.poll() is None or not server.connections or peak, "it has not begun"
        began = time.perf_counter()
        (said,) = answers(exchange(server.port, b"GET / HTTP/1.0\r\n\r\n"))
        delays.append(time.perf_counter() - began)
        assert said.status == 200
        peak = max(peak, server.connections)
        time.sleep(0.005)
    return peak, delays
