"""Generated secrets in every spelling, in every place of a crash and of a trace."""

import ast
import base64
import html
import json
import sys
import urllib.parse
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from opswire.agents import report_agent_crashes
from opswire.agents.crashes import VARIABLE, archive
from opswire.redaction.exchanges import redact
from opswire.redaction.marks import MARK
from tests.unit.secret_samples import NOTATIONS, secrets, seeded, spelled

SECRETS = list(secrets(seeded(11), 16))


@pytest.mark.parametrize("number", range(len(SECRETS)))
def test_no_place_of_a_crash_keeps_a_secret_in_any_spelling(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    number: int,
) -> None:
    """Variables, nested ones, attributes, the command line, an exception, its notes and cause."""
    monkeypatch.setenv(VARIABLE, str(tmp_path))
    texts = [text for _, text in spelled(SECRETS[number])]
    monkeypatch.setattr(sys, "argv", ["agent", *texts[:30]])

    def inner(
        listed: list[str], nested: object, argv: list[str], causes: tuple[object, ...]
    ) -> int:
        error = ValueError(" | ".join(texts))
        error.add_note(texts[number])
        try:
            raise error from LookupError(listed[0], *causes)
        finally:
            del error

    def main() -> int:
        api_token = SECRETS[number]
        listed = [f"<{text}>" for text in texts]
        nested = {"a": {f"{at} {text}": text for at, text in enumerate(texts[:40])}}
        held = SimpleNamespace(first=texts[0], second=texts[40:60])
        return inner(listed, nested, list(sys.argv), ("one", str(held))) + len(api_token)

    assert report_agent_crashes("agent", "1")(main)() == 1
    report = archive.read(archive.stored()[0].crash_id)
    shown = archive.local_variables(report)
    everything = "\n".join([shown, json.dumps(report), capsys.readouterr().err])
    for name, notation in NOTATIONS.items():
        core = notation(SECRETS[number]).strip("'\"")
        if len(core) < 200 and name not in ("repr in a list", "urlencode") and "<" not in core:
            assert core not in everything, name
    local = ast.literal_eval(shown)
    items = [
        *local["listed"],
        *local["argv"][1:],
        *local["nested"]["a"],
        *local["nested"]["a"].values(),
    ]
    assert len(local["listed"]) == len(texts)
    assert [item for item in items if "redacted" not in item] == []
    assert len(report["exc_value"].split(" | ")) == len(texts)
    assert [one for one in report["exc_value"].split(" | ") if "redacted" not in one] == []


def multipart(secret: str) -> tuple[str, bytes]:
    """A form with a field."""
    head = b'--b\r\nContent-Disposition: form-data; name="password"\r\n\r\n'
    return "multipart/form-data; boundary=b", head + secret.encode() + b"\r\n--b--\r\n"


BODIES: dict[str, Callable[[str], tuple[str, bytes]]] = {
    "form": lambda secret: (
        "application/x-www-form-urlencoded",
        urllib.parse.urlencode({"user": "me", "password": secret}).encode(),
    ),
    "multipart": multipart,
    "json": lambda secret: (
        "application/json",
        json.dumps({"user": "me", "client_secret": secret}).encode(),
    ),
    "xml": lambda secret: ("text/xml", f"<a><pwd>{html.escape(secret)}</pwd></a>".encode()),
    "soap": lambda secret: (
        "application/soap+xml",
        f"<s:E><w:Password T='x'>{html.escape(secret)}</w:Password></s:E>".encode(),
    ),
    "attribute": lambda secret: ("text/xml", f'<a pwd="{html.escape(secret)}"/>'.encode()),
}


@pytest.mark.parametrize("place", [*BODIES, "header", "query", "user", "basic", "cookie"])
@pytest.mark.parametrize("number", range(0, len(SECRETS), 3))
def test_no_place_of_a_trace_keeps_a_secret_in_any_spelling(place: str, number: int) -> None:
    """Known from one place by its name, it goes from the answers to all other requests."""
    secret = SECRETS[number]
    uri, headers, body = "http://host/", {}, b""
    quoted = urllib.parse.quote(secret, safe="")
    if place in BODIES:
        headers["Content-Type"], body = BODIES[place](secret)
    elif place == "header":
        headers["X-Auth-Token"] = secret
    elif place == "query":
        uri += f"?{urllib.parse.urlencode({'token': secret})}"
    elif place == "user":
        uri = f"http://me:{quoted}@host/"
    elif place == "basic":
        octets = base64.b64encode(f"me:{secret}".encode())
        headers["Authorization"] = f"Basic {octets.decode()}"
    else:
        headers["Cookie"] = f"a={quoted}"
    known = secret if place != "cookie" else quoted
    answers = [text for _, text in spelled(known)]
    exchanges = [exchange(uri, headers, body, b"")]
    exchanges += [exchange("http://host/", {}, b"", f"x{text}y".encode()) for text in answers]
    (request, _), *others = redact(exchanges)
    stored = repr(request)
    assert MARK in stored
    assert secret not in stored
    assert quoted not in stored
    kept = [response["body"]["string"] for _, response in others]
    assert [text for text in kept if MARK.encode() not in text] == []


def exchange(
    uri: str, headers: dict[str, str], body: bytes, answer: bytes
) -> tuple[dict[str, Any], dict[str, Any]]:
    """A request and its response, as vcrpy has them."""
    request = {"method": "GET", "uri": uri, "headers": headers, "body": body}
    response = {"status": {"code": 200}, "headers": {}, "body": {"string": answer}}
    return request, response
