"""How much of a program's memory a crash report looks at, and how much of it is shown."""

from opswire.redaction.known_secrets import Secrets
from opswire.redaction.limits import MAX_DEPTH, MAX_ITEMS, MAX_TEXT
from opswire.redaction.values import TOO_DEEP, Redaction

NO_SECRETS = Secrets([])


def test_two_hundred_secrets_are_removed_by_value() -> None:
    """All of them, from a text that names none."""
    secrets = [f"S3cr3t-number-{number:03}-of-many" for number in range(200)]
    text = " ".join(secrets)
    found = Secrets([{f"password{number}": secret} for number, secret in enumerate(secrets)])
    assert not [secret for secret in secrets if secret in found.redact(text)]


def test_ten_thousand_values_of_a_collection_are_shown() -> None:
    shown = Redaction(NO_SECRETS).copy(list(range(10_001)))
    assert isinstance(shown, list)
    assert MAX_ITEMS == len(shown) - 1 == 10_000
    assert repr(shown[-1]) == "... (1 items stripped)"


def test_a_hundred_thousand_values_of_a_report_are_shown() -> None:
    """Together, however they are spread."""
    redaction = Redaction(NO_SECRETS)
    shown = [redaction.copy(list(range(10_000))) for _ in range(12)]
    count = sum(isinstance(item, int) for items in shown for item in items)  # type: ignore[attr-defined]  # a list went in
    assert 99_000 <= count <= 100_000


def test_a_megabyte_of_a_text_is_shown() -> None:
    assert MAX_TEXT == 1024 * 1024
    whole = "x" * MAX_TEXT
    assert Redaction(NO_SECRETS).copy(whole) == whole
    assert Redaction(NO_SECRETS).copy(whole + "y") == whole + "... (1 bytes stripped)"


def test_values_are_shown_down_to_the_fourth_level() -> None:
    value: object = "innermost"
    for _ in range(MAX_DEPTH):
        value = [value]
    assert MAX_DEPTH == 4
    assert Redaction(NO_SECRETS).copy(value) == [[[["innermost"]]]]
    assert Redaction(NO_SECRETS).copy([value]) == [[[[[TOO_DEEP]]]]]
