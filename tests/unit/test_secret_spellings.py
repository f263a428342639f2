"""opswire.redaction.spellings: known secrets in every notation, and nothing but them."""

import base64
import string
from typing import Any

import pytest

from opswire.redaction.spellings import (
    LONGEST,
    LONGEST_NESTED,
    MAX_COMPARED,
    SecretSearch,
    is_like_a_word,
    spellings,
)
from tests.unit.secret_samples import EASY, HARD, NOTATIONS, secrets, seeded, spelled


def search(*known: str, whole_words: bool = True) -> SecretSearch:
    """A search for these secrets; R stands for them."""
    return SecretSearch(dict.fromkeys(known, "<R>"), whole_words=whole_words)


@pytest.mark.parametrize("seed", range(5))
def test_every_notation_in_every_other_is_found(seed: int) -> None:
    """900 spellings of each secret, between other words."""
    for secret in secrets(seeded(seed), 12):
        known = search(secret)
        for name, text in spelled(secret):
            found = known.replace(f"before {text} after")
            assert "<R>" in found, f"{name}: {text!r}"
            assert found.startswith("before ")
            assert found.endswith(" after")


@pytest.mark.parametrize(
    ("secret", "text"),
    [
        ("correct horse battery", "password=correct+horse+battery"),
        ("pä$$ w/rd1", "https://h/?p=p%C3%A4$$%20w/rd1"),
        ("ab/cd+EF/12==", "t=ab/cd%2BEF/12%3D%3D"),
        ("ab/cd+EF/12==", "t=ab%2fcd%2bEF%2f12%3d%3d"),
        ("  4711-0815\n", "x 4711-0815."),
        ("a'b\"c&d-12", "a&#39;b&#34;c&amp;d-12"),
        ("a'b\"c&d-12", "a&apos;b&quot;c&amp;d-12"),
        ('a\tb"cäd-12', "a&#9;b&quot;c&#228;d-12"),
        ("a'ä\x1b-1234", repr("a'ä\x1b-1234")),
        ("größe-12", "größe-12".encode().decode("latin-1")),
        ("s3cr3t-pw", "YWRtaW46czNjcjN0LXB3"),
        ("s3cr3t-pw", "eDpzM2NyM3QtcHc="),
    ],
)
def test_spellings_that_leaked(secret: str, text: str) -> None:
    """Written out, so that they do not hang on the table of notations."""
    assert "<R>" in search(secret).replace(text)


def test_all_of_base64_goes_and_not_the_path_before_it() -> None:
    """Its beginning is a user's name, its end may be padding."""
    text = base64.b64encode(b"somebody:s3cr3t-pw").decode()
    assert search("s3cr3t-pw").replace(f"Basic {text}, /a/b/{text}") == "Basic <R>, /a/b/<R>"


@pytest.mark.parametrize("secret", ["short-1", "1234567", "administrator", "nineteenlettersword"])
def test_what_is_like_a_word_is_no_secret_by_its_value(secret: str) -> None:
    """8 characters, or 20 if all are letters."""
    assert is_like_a_word(secret)
    assert search(secret).replace(f"a {secret} b") == f"a {secret} b"


@pytest.mark.parametrize("secret", ["short-12", "12345678", "a" * 20])
def test_what_is_a_little_longer_is_one(secret: str) -> None:
    """The limits themselves."""
    assert not is_like_a_word(secret)
    assert search(secret).replace(f"a {secret} b") == "a <R> b"


@pytest.mark.parametrize(
    "text", ["xs3cret-pw", "s3cret-pwx", "0s3cret-pw9", "äs3cret-pw", "_s3cret-pw"]
)
def test_in_the_middle_of_a_word_nothing_is_found(text: str) -> None:
    """Unless parts of words are asked for too, as in traces."""
    assert search("s3cret-pw").replace(text) == text
    assert "<R>" in search("s3cret-pw", whole_words=False).replace(text)


@pytest.mark.parametrize(
    "text", ["-s3cret-pw.", "(s3cret-pw)", '"s3cret-pw"', "a=s3cret-pw&b", "s3cret-pw"]
)
def test_between_other_characters_it_is_found(text: str) -> None:
    """Those that a word does not have."""
    assert search("s3cret-pw").replace(text) == text.replace("s3cret-pw", "<R>")


@pytest.mark.parametrize("escape", [r"\n", r"\t", r"\x1b", r"\u00e4", r"\U0001f600", "%20", "%2F"])
def test_an_escape_ends_before_a_word(escape: str) -> None:
    """Though its last character is a letter or a digit."""
    assert search("s3cret-pw").replace(f"a{escape}s3cret-pw") == f"a{escape}<R>"


def test_the_longer_of_two_secrets_goes() -> None:
    """And the shorter one where it stands alone, or where the longer one ends within a word."""
    known = search("abc-1234", "abc-1234-x1")
    assert known.replace("abc-1234-x1 abc-1234 abc-1234-x12") == "<R> <R> <R>-x12"


def test_of_two_secrets_that_overlap_nothing_is_left() -> None:
    """One mark stands for both."""
    known = search("abcd-1234", "1234-5678", whole_words=False)
    assert known.replace("x abcd-1234-5678 y") == "x <R> y"


def test_what_is_two_things_at_once_is_found_as_either() -> None:
    """A secret that is what base64 has of another one."""
    core = base64.b64encode(b"s3cr3t-pw-12").decode()
    for known in (search(core, "s3cr3t-pw-12"), search("s3cr3t-pw-12", core)):
        assert known.replace(f"x cHc6{core}cHc6 y") == "x <R> y"


def test_each_secret_has_its_own_mark() -> None:
    """A web token keeps its claims."""
    known = SecretSearch({"first-s3cret": "<1>", "other-s3cret": "<2>"}, whole_words=True)
    assert known.replace("first-s3cret other-s3cret") == "<1> <2>"


def test_a_secret_that_is_longer_than_the_longest_goes_as_a_whole() -> None:
    """In pieces."""
    secret = "".join(seeded(1).choices(EASY, k=LONGEST * 2 + 100))
    assert search(secret).replace(f"a {secret} b") == "a <R><R><R> b"
    assert search(secret).replace(f"a {secret}x b").endswith("x b")


def test_a_long_secret_is_known_in_each_notation() -> None:
    """Not in two at once."""
    secret = "ab c/ä" * LONGEST_NESTED
    known = search(secret)
    for name, spell in NOTATIONS.items():
        assert "<R>" in known.replace(spell(secret)), name
    assert len(spellings(secret)) < 50


def test_no_secrets_change_nothing() -> None:
    """The usual case."""
    assert search().replace("text") == "text"
    assert search().longest == 0


def test_many_secrets_and_megabytes_need_one_look_at_each_place() -> None:
    """The places that are looked at, and what is compared there, are counted, not timed."""
    chance = seeded(2)
    many = ["".join(chance.choices(EASY + HARD, k=24)) for _ in range(200)]
    known = search(*many)
    text = "".join(chance.choices(string.ascii_letters + " ", k=1_000_000))
    known._heads = looked = Counted(known._heads)
    assert known.replace(f"{text} {many[7]}").endswith(" <R>")
    assert looked.looks == len(text) + 1 + len(many[7])
    assert looked.found <= 100


class Counted(dict[str, list[Any]]):
    """Counts look-ups, and those that had something to compare."""

    looks = found = 0

    def __contains__(self, key: object) -> bool:
        """Look up."""
        self.looks += 1
        return super().__contains__(key)

    def __getitem__(self, key: str) -> list[Any]:
        """Look at what is there."""
        self.found += 1
        return super().__getitem__(key)


def test_a_text_that_always_begins_like_a_secret_is_given_up(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """All of it is replaced then: what was not searched is not shown."""
    monkeypatch.setattr("opswire.redaction.spellings.MAX_COMPARED", 1000)
    known = search(*(f"a1-a1-a1-a1-{number}!" for number in range(20)), whole_words=False)
    assert known.replace("a1-" * 10) == "a1-" * 10
    assert known.replace("a1-" * 1000) == "<R>"
    assert MAX_COMPARED == 2_000_000
