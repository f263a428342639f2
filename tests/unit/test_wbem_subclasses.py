"""Subclasses of CIM objects that are mappings: which methods go through what they override."""

from collections.abc import Callable
from typing import Any

import pytest

from opswire import wbem
from opswire.wbem import CIMInstance, CIMInstanceName, NocaseDict


class Spelled(CIMInstance):
    """Shows values otherwise, and builds that on the methods of its base."""

    def __getitem__(self, key: str | None) -> Any:
        return f"<{self.get(key)}>"

    def __contains__(self, key: object) -> bool:
        return self.has_key(str(key).removeprefix("?"))

    def __len__(self) -> int:
        return len(self.keys()) + 100

    def __iter__(self) -> Any:
        return iter([f"<{key}>" for key in self.keys()])


class SpelledPath(CIMInstanceName):
    """The same of a path."""

    def __getitem__(self, key: str | None) -> Any:
        return f"<{self.get(key)}>"

    def __contains__(self, key: object) -> bool:
        return self.has_key(str(key).removeprefix("?"))

    def __len__(self) -> int:
        return len(self.keys()) + 100

    def __iter__(self) -> Any:
        return iter([f"<{key}>" for key in self.keys()])


SPELLED: dict[str, Callable[[], Any]] = {
    "an instance": lambda: Spelled("C", {"A": "a", "B": "b"}),
    "a path": lambda: SpelledPath("C", {"A": "a", "B": "b"}),
}


@pytest.mark.parametrize("make", SPELLED.values(), ids=SPELLED)
def test_methods_do_not_go_through_what_a_subclass_overrides(make: Callable[[], Any]) -> None:
    """So that it may build the one on the other."""
    spelled = make()
    assert (spelled["a"], spelled.get("a"), spelled.get("x", 5)) == ("<a>", "a", 5)
    assert "?A" in spelled
    assert not spelled.has_key("?A")
    assert (len(spelled), len(spelled.keys()), len(spelled.values())) == (102, 2, 2)
    assert list(spelled) == ["<A>", "<B>"]
    assert list(spelled.keys()) == ["A", "B"]
    assert list(spelled.values()) == ["a", "b"]
    assert list(spelled.items()) == [("A", "a"), ("B", "b")]
    assert "?A" not in spelled.keys()  # noqa: SIM118 (the view is what is asked)
    assert ("A", "a") in spelled.items()
    assert ("A", "<a>") not in spelled.items()
    assert ("X", "a") not in spelled.items()
    spelled.update(A="other")
    assert spelled.get("a") == "other"


def test_update_existing_asks_no_override() -> None:
    """Which properties there are."""
    spelled = Spelled("C", {"A": "a"})
    spelled.update_existing({"?A": "no", "a": "yes"})
    assert list(spelled.items()) == [("A", "yes")]


@pytest.mark.parametrize("kind", ["INSTANCE", "INSTANCENAME"])
def test_what_was_read_answers_alike_before_and_after_it_was_changed(kind: str) -> None:
    """get(), has_key(), len() and the views, from the block and from objects."""
    made = CIMInstance("C", {"A": "a", "B": "b"}, path=CIMInstanceName("C", {"A": "a", "B": "b"}))
    [read] = wbem.parse(made.tocimxmlstr().encode(), fragment=True).objects
    looked_at = read if kind == "INSTANCE" else read.path
    for _ in range(2):
        assert (looked_at.get("a"), looked_at.get("x"), looked_at.get("x", 1)) == ("a", None, 1)
        assert (looked_at.has_key("b"), looked_at.has_key("x"), len(looked_at)) == (True, False, 2)
        assert list(looked_at.items()) == [("A", "a"), ("B", "b")]
        with pytest.raises(KeyError):
            looked_at["x"]
        with pytest.raises(TypeError):
            looked_at.get(5)
        assert isinstance(
            looked_at.properties if kind == "INSTANCE" else looked_at.keybindings, NocaseDict
        )


class Strict(NocaseDict[str]):
    """Takes short texts only."""

    def __setitem__(self, key: Any, value: str) -> None:
        if len(value) > 3:
            raise ValueError(f"{value!r} is long")
        super().__setitem__(key, value)


def test_what_a_dictionary_of_a_subclass_refuses_comes_in_by_no_other_way() -> None:
    """The constructor, update() and setdefault(), with mappings, pairs and keywords."""
    strict = Strict({"a": "b"}, c="d")
    for call in (
        lambda: Strict({"a": "long text"}),
        lambda: Strict(a="long text"),
        lambda: Strict([("a", "long text")]),
        lambda: Strict(NocaseDict({"a": "long text"})),
        lambda: strict.update(x="long text"),
        lambda: strict.setdefault("x", "long text"),
    ):
        with pytest.raises(ValueError, match="is long"):
            call()
    assert strict.setdefault("A", "long text") == "b"
    assert list(strict.items()) == [("a", "b"), ("c", "d")]


def test_the_last_of_a_dictionary_can_be_popped_without_its_overrides() -> None:
    """pop() asks neither in nor del."""

    class Shut(NocaseDict[int]):
        def __contains__(self, key: object) -> bool:
            raise AssertionError(key)

        def __delitem__(self, key: Any) -> None:
            raise AssertionError(key)

    shut = Shut({"A": 1})
    assert shut.pop("a") == 1
    assert shut.pop("a", 2) == 2
    assert len(shut) == 0
    with pytest.raises(KeyError):
        shut.pop("a")
