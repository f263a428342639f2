"""``opswire wbem export``: scraped as Prometheus does it, and read by its own parser."""

import asyncio
import contextlib
import http.client
import threading
from collections.abc import Iterator
from types import SimpleNamespace
from typing import Any

from prometheus_client.parser import text_string_to_metric_families

from opswire import wbem
from opswire.wbem.metrics.exporter import Exporter
from opswire.wbem.metrics.families import Families
from opswire.wbem.value_names import ValueNames
from tests.interop.cli.programs import OURS, begun
from tests.interop.cli.test_wbem import INTEROP
from tests.servers.mocked_cim import MockedCIM
from tests.servers.scripted_http import Peer, ScriptedHTTP, cim
from tests.servers.scripted_http import http as http_answer

Samples = dict[str, list[tuple[dict[str, str], float]]]


@contextlib.contextmanager
def exported(*words: str) -> Iterator[int]:
    """The port of the program, while it runs."""
    process = begun(*OURS, "wbem", "export", "--port", "0", *words)
    assert process.stderr is not None
    assert process.stdout is not None
    try:
        line = process.stderr.readline().decode()
        assert line.endswith("/metrics\n"), line
        yield int(line.rpartition(":")[2].partition("/")[0])
    finally:
        process.terminate()
        assert process.stderr.read() == b"opswire: terminated\n"
        assert process.wait() == 143
        process.stderr.close()
        process.stdout.close()


def got(port: int, path: str = "/metrics") -> tuple[int, str]:
    """Status and body of an answer."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
    connection.request("GET", path)
    answer = connection.getresponse()
    text = answer.read().decode()
    connection.close()
    return answer.status, text


def scraped(port: int) -> Samples:
    """All samples, by the name of their family."""
    status, text = got(port)
    assert status == 200
    families = text_string_to_metric_families(text)
    return {
        family.name: [(sample.labels, sample.value) for sample in family.samples]
        for family in families
    }


def test_numbers_are_gauges_and_their_names_info() -> None:
    with (
        MockedCIM(interop=("interop", INTEROP)) as server,
        exported(server.url, "--class", "TST_Fan", "-n", "interop") as port,
    ):
        samples = scraped(port)
        assert got(port, "/")[0] == 404
    fan = {"server": server.url, "namespace": "interop", "class": "TST_Fan", "id": "f1"}
    other = {**fan, "id": "f2"}
    assert samples["tst_fan_state"] == [(fan, 2.0), (other, 9.0)]
    assert samples["tst_fan_state_info"] == [
        ({**fan, "value": "2", "name": "OK"}, 1.0),
        ({**other, "value": "9", "name": "Unknown"}, 1.0),
    ]
    assert samples["tst_fan_status"] == [({**fan, "index": "0"}, 2.0), ({**fan, "index": "1"}, 5.0)]
    assert samples["tst_fan_speed"] == [(fan, -7.0)]
    assert samples["tst_fan_load"] == [(fan, 0.5)]
    assert samples["tst_fan_spins"] == [(fan, 1.0)]
    assert samples["opswire_wbem_up"] == [({"server": server.url}, 1.0)]
    assert "tst_fan_id" not in samples


def test_a_server_that_hangs_is_one_metric_and_costs_no_other_its_own() -> None:
    with (
        ScriptedHTTP(Peer.hold) as hanging,
        MockedCIM() as server,
        exported(hanging.url, server.url, "--class", "TST_Disk", "-t", "1") as port,
    ):
        samples = scraped(port)
    assert samples["opswire_wbem_up"] == [
        ({"server": hanging.url}, 0.0),
        ({"server": server.url}, 1.0),
    ]
    assert len(samples["tst_disk_size"]) == 2


def test_scrapes_that_come_together_are_one() -> None:
    """Two more come while the first one's question is held back."""
    go_on = threading.Event()

    def answer(peer: Peer) -> None:
        go_on.wait(30)
        peer.send(http_answer(cim("EnumerateInstances", "<IRETURNVALUE/>")))

    async def scrape_three_times(connection: wbem.WBEMConnection) -> list[Any]:
        exporter = Exporter([connection], ["TST_Disk"], timeout=20)
        request: Any = SimpleNamespace(method="GET", path="/metrics")
        scrapes = [asyncio.create_task(exporter.answer(request)) for _ in range(3)]
        await asyncio.sleep(0)  # all of them have asked
        go_on.set()
        answers = [(await each).body for each in scrapes]
        again = (await exporter.answer(request)).body
        exporter.close()
        assert again == answers[0]
        return answers

    with ScriptedHTTP(answer) as server, wbem.WBEMConnection(server.url) as connection:
        answers = asyncio.run(scrape_three_times(connection))
    assert len(set(answers)) == 1
    assert b"opswire_wbem_up{" in answers[0]
    assert len(server.requests) == 2  # of the three, and of the one after them


def test_what_cannot_be_a_name_or_a_label_is_made_one() -> None:
    families = Families()
    path = wbem.CIMInstanceName("C", {"Name": 'a"\\\n', "Api_Password": "hunter2"}, namespace="n")
    numbers = {"FooBar": wbem.Uint8(1), "Foo_Bar": wbem.Uint8(2), "Load": wbem.Real64("inf")}
    instance = wbem.CIMInstance("C", numbers, path=path)
    names = ValueNames(SimpleNamespace(GetClass=lambda *_, **__: wbem.CIMClass("C")))
    families.add_instance("s", "C", instance, names)
    found = {each.name: each.samples for each in text_string_to_metric_families(families.text())}
    (bar,) = found["c_foo_bar"]  # the other one would be the same series
    assert bar.value == 1
    assert bar.labels["key_name"] == 'a"\\\n'
    assert found["c_load"][0].value == float("inf")
    assert "hunter2" not in families.text()
