"""Thousands of objects made by chance, with pywbem beside us: the same attributes and texts."""

import re
from collections.abc import Iterator
from typing import Any

import pytest
import pywbem

from opswire import wbem
from opswire._core import cimxml
from tests.forms import two_forms
from tests.servers.fixed_answer import FixedAnswer
from tests.wbem.plain import plain
from tests.wbem.recipes import KINDS, Recipes

pytestmark = pytest.mark.filterwarnings("ignore")  # some of what pywbem does, it deprecates itself

FORMATS = ["standard", "canonical", "cimobject", "historical"]
QUOTES = re.compile("&(amp;)*quot;")
each_kind = pytest.mark.parametrize("kind", KINDS)


@pytest.fixture(params=two_forms(range(300), range(15_000)))
def seeds(request: pytest.FixtureRequest) -> range:
    """Of the objects that are compared."""
    found: range = request.param
    return found


def pairs(seeds: range, kind: str, **options: Any) -> Iterator[tuple[Any, Any]]:
    """Ours and theirs, from the same seeds."""
    for seed in seeds:
        ours = getattr(Recipes(wbem, seed, **options), kind)()
        theirs = getattr(Recipes(pywbem, seed, **options), kind)()
        yield ours, theirs


def repaired(text: str) -> str:
    """Without the bracket that the repr of their datetimes has too many."""
    return text.replace("), minutes_from_utc=", ", minutes_from_utc=")


def unfolded(text: str) -> str:
    """MOF without what tells breaks from other text: blanks, quotes, the letters of escapes.

    pywbem cuts escape sequences in two when it folds a string, ours does not; the strings of
    embedded objects are folded MOF themselves, whose quotes and line feeds are escaped.
    """
    return re.sub(r'[\\"\'\snt]', "", text)


@each_kind
def test_constructors_make_the_same_attributes(seeds: range, kind: str) -> None:
    """All of them."""
    for ours, theirs in pairs(seeds, kind):
        assert plain(ours) == plain(theirs)


@each_kind
def test_repr_and_str_are_the_same(seeds: range, kind: str) -> None:
    """Character by character, datetimes repaired."""
    for ours, theirs in pairs(seeds, kind):
        assert repr(ours) == repaired(repr(theirs))
        assert str(ours) == repaired(str(theirs))


@pytest.mark.parametrize("kind", ["instance", "cim_class", "declaration"])
@pytest.mark.parametrize("width", [80, 50])
def test_mof_is_the_same(seeds: range, kind: str, width: int) -> None:
    """Character by character, unless there is a backslash.

    Reals with exponents are left out: pywbem writes 1e+20, and MOF wants a point in it.
    """
    exact = 0
    for ours, theirs in pairs(seeds, kind, exponents=False):
        text, other = ours.tomof(maxline=width), theirs.tomof(maxline=width)
        assert unfolded(text) == unfolded(other)
        if "\\" not in text:
            assert text == other
            exact += 1
    assert exact > len(seeds) // 5


def test_paths_are_the_same_wbem_uris(seeds: range) -> None:
    """In every format."""
    for ours, theirs in pairs(seeds, "path"):
        for name in FORMATS:
            assert ours.to_wbem_uri(name) == theirs.to_wbem_uri(name)


def test_wbem_uris_are_read_as_the_same_paths(seeds: range) -> None:
    """A line feed in a key is refused there."""
    for ours, _ in pairs(seeds, "path"):
        for name in FORMATS:
            uri = ours.to_wbem_uri(name)
            path = wbem.CIMInstanceName.from_wbem_uri(uri)
            if "\n" not in uri:
                assert plain(path) == plain(pywbem.CIMInstanceName.from_wbem_uri(uri))


@each_kind
def test_equality_is_the_same(seeds: range, kind: str) -> None:
    """Between neighbours, and with a copy; equal objects have equal hashes."""
    previous: tuple[Any, Any] | None = None
    for ours, theirs in pairs(seeds, kind):
        twin = ours.copy()
        assert twin == ours
        assert hash(twin) == hash(ours)
        if previous is not None:
            assert (ours == previous[0]) == (theirs == previous[1])
        previous = ours, theirs


def sent_alike(item: Any) -> Any:
    """Whether pywbem can write it: arrays of booleans with NULL, for example, it cannot."""
    try:
        return item.tocimxmlstr()
    except Exception:  # its own mistakes have many classes
        return None


@each_kind
def test_what_pywbem_writes_is_read_as_the_same_objects(seeds: range, kind: str) -> None:
    """Reading what another writer has made."""
    read = 0
    for ours, theirs in pairs(seeds, kind):
        if (text := sent_alike(theirs)) is None:
            continue
        (again,) = cimxml.parse(text.encode(), fragment=True).objects
        assert plain(again) == plain(theirs_defaults(ours))
        read += 1
    assert read > len(seeds) // 2


@each_kind
def test_dom_elements_write_the_same_text(seeds: range, kind: str) -> None:
    """Character by character, whether their nodes were looked at or not.

    pywbem writes the quotes in text of objects in text of objects as references, we do not.
    """
    written = 0
    for ours, theirs in pairs(seeds, kind):
        try:
            text = theirs.tocimxml().toxml()
        except Exception:  # noqa: S112 (as above)
            continue
        element = ours.tocimxml()
        quick = element.toxml()
        assert QUOTES.sub('"', quick) == QUOTES.sub('"', text)
        assert element.getElementsByTagName("*").length == text.count("<") - text.count("</") - 1
        assert element.toxml() == quick
        written += 1
    assert written > len(seeds) // 2


def theirs_defaults(item: Any) -> Any:
    """The object after a trip through our own writer: flags not said have the defaults."""
    (again,) = cimxml.parse(wbem.tocimxmlstr(item).encode(), fragment=True).objects
    return again


ANSWER = (
    '<CIM CIMVERSION="2.0" DTDVERSION="2.0"><MESSAGE ID="1001" PROTOCOLVERSION="1.0"><SIMPLERSP>'
    '<IMETHODRESPONSE NAME="{}"><IRETURNVALUE>{}</IRETURNVALUE></IMETHODRESPONSE></SIMPLERSP>'
    "</MESSAGE></CIM>"
)


def test_what_we_write_pywbem_reads_as_the_same_instances(seeds: range) -> None:
    """A thousand and a half instances in one answer; arrays with NULL only of text.

    NULL in any other array is an AssertionError there.
    """
    instances = []
    for seed in seeds:
        instance = Recipes(wbem, seed).instance(path=False)
        if not null_in_array(instance):
            instance.path = wbem.CIMInstanceName("C", {"k": seed})
            instances.append(instance)
    text = "".join(wbem.tocimxmlstr(instance) for instance in instances)
    with FixedAnswer() as server:
        server.answer = ANSWER.format("EnumerateInstances", text).encode()
        conn = pywbem.WBEMConnection(server.url, default_namespace="n")
        theirs = conn.EnumerateInstances("C")
    assert len(theirs) > len(seeds) // 2
    ours = cimxml.parse(ANSWER.format("EnumerateInstances", text).encode()).objects
    for one in ours:
        one.path.namespace = "n"
    assert plain(ours) == plain(theirs)


def null_in_array(instance: Any) -> bool:
    """Whether an array that is not of text has NULL in it, at any depth."""
    for item in instance.properties.values():
        values = item.value if isinstance(item.value, list) else [item.value]
        missing = any(value is None for value in values)
        if isinstance(item.value, list) and missing and item.type != "string":
            return True
        for value in values:
            if isinstance(value, wbem.CIMInstance) and null_in_array(value):
                return True
            if item.embedded_object and value is None and isinstance(item.value, list):
                return True
    return False


def test_what_we_write_pywbem_reads_as_the_same_classes(seeds: range) -> None:
    """The same for declarations."""
    classes = [Recipes(wbem, seed).cim_class() for seed in seeds]
    classes = [each for each in classes if not null_in_class(each)]
    text = "".join(wbem.tocimxmlstr(each) for each in classes)
    with FixedAnswer() as server:
        server.answer = ANSWER.format("EnumerateClasses", text).encode()
        conn = pywbem.WBEMConnection(server.url, default_namespace="n")
        theirs = conn.EnumerateClasses("C")
    for each in theirs:
        each.path = None
    assert len(theirs) > len(seeds) // 3
    ours = cimxml.parse(ANSWER.format("EnumerateClasses", text).encode()).objects
    assert plain(ours) == plain(theirs)


def null_in_class(item: Any) -> bool:
    """Whether an array that is not of text has NULL in it, somewhere in a class."""
    holders = [item, *item.properties.values(), *item.methods.values()]
    holders += [each for method in item.methods.values() for each in method.parameters.values()]
    values = list(item.properties.values())
    values += [each for holder in holders for each in holder.qualifiers.values()]
    return any(
        isinstance(each.value, list) and None in each.value and each.type != "string"
        for each in values
    )
