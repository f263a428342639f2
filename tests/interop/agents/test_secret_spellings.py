"""Known secrets in what requests really sends, for crash reports and traces."""

import pytest
import requests
import requests.auth
import requests.utils

from opswire.redaction.spellings import SecretSearch
from tests.unit.secret_samples import secrets, seeded

URL = "http://host/"


def sent(secret: str) -> list[str]:
    """Texts of requests that have the secret in a place where it can be."""
    request = requests.Request
    prepared = [
        request("GET", URL, params={"q": secret}).prepare().url,
        request("POST", URL, data={"q": secret}).prepare().body,
        request("POST", URL, json={"q": secret}).prepare().body,
        request("POST", URL, files={"q": (None, secret)}).prepare().body,
        requests.utils.requote_uri(f"{URL}?q={secret}"),
        requests.auth._basic_auth_str("monitor", secret.encode()),
    ]
    if max(secret) < "\u0100":  # then it is sent in latin-1
        prepared.append(requests.auth._basic_auth_str("me", secret))
    if not set(secret) & set("#&\t"):
        prepared.append(request("GET", f"{URL}?q={secret}").prepare().url)
    if not set(secret) & set("#?%\\ \t.:"):
        prepared.append(request("GET", f"{URL}{secret}/x").prepare().url)
    return [text.decode() if isinstance(text, bytes) else str(text) for text in prepared]


@pytest.mark.parametrize("seed", range(3))
def test_what_requests_spells_in_its_own_ways_is_found(seed: int) -> None:
    """In addresses, addresses that are spelled again, bodies and Authorization."""
    for secret in ("a7[x%41y]%7e^z", "100% [a]^z7", *secrets(seeded(seed), 100)):
        search = SecretSearch({secret: "<R>"}, whole_words=True)
        for text in sent(secret):
            assert "<R>" in search.replace(text), (secret, text)
