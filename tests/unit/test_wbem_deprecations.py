"""What pywbem has deprecated warns here too, at the line that does it."""

import inspect
import warnings
from collections.abc import Callable
from typing import Any

import pytest

from opswire import wbem
from opswire.wbem import CIMClass, CIMInstance, CIMInstanceName, CIMProperty, CIMQualifier


def made() -> CIMInstance:
    """A key, which the path has too, and another property."""
    return CIMInstance("C", {"K": "k", "P": "p"}, path=CIMInstanceName("C", {"K": "k"}))


def warned(call: Callable[[], Any]) -> str:
    """The text of the only warning; it points at this file, into the function given."""
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        call()
    [warning] = caught
    assert warning.category is DeprecationWarning
    first = inspect.getsourcelines(call)[1]
    assert warning.filename == __file__
    assert first <= warning.lineno <= first + 3
    return str(warning.message)


@pytest.mark.parametrize("name", ["keys", "values", "items"])
def test_iterators_that_python_3_has_no_use_for_are_deprecated(name: str) -> None:
    """Of instances and paths; they give what the views give."""
    for mapping in (made(), made().path):
        with pytest.warns(DeprecationWarning, match=rf"^iter{name}\(\) is deprecated: use {name}"):
            assert list(getattr(mapping, f"iter{name}")()) == list(getattr(mapping, name)())
    assert warned(lambda: made().iterkeys()) == "iterkeys() is deprecated: use keys()"


def test_a_key_property_that_changes_the_path_is_deprecated() -> None:
    """Wherever an instance is given properties."""
    path = CIMInstanceName("C", {"K": "other"})
    text = "the key property 'K' has changed the key of its instance's path too: set that itself"
    instance = made()
    assert warned(lambda: instance.__setitem__("K", "new")) == text
    assert instance.path is not None
    assert instance.path["K"] == "new"
    assert warned(lambda: instance.update(K="newer")) == text
    assert instance.path["K"] == "newer"
    assert warned(lambda: setattr(instance, "properties", {"K": "newest"})) == text
    assert instance.path["K"] == "newest"
    assert warned(lambda: CIMInstance("C", {"K": "k"}, path=path)) == text


def test_a_path_that_stays_the_same_is_no_matter() -> None:
    """The same value, another property, NULL, an instance without a path."""
    instance = made()
    instance["K"] = "k"
    instance["P"] = "other"
    instance["K"] = CIMProperty("K", None, "string")
    instance.path = None
    instance["K"] = "new"
    again = made()
    assert again.path is not None
    again["K"] = CIMProperty("K", None, "string")
    assert again.path["K"] == "k"


def test_update_existing_leaves_the_path_as_it_is() -> None:
    """As pywbem does, which warns of nothing here."""
    instance = made()
    instance.update_existing(K="new")
    assert instance["K"] == "new"
    assert instance.path is not None
    assert instance.path["K"] == "k"


def test_a_warning_that_is_an_exception_comes_when_all_is_done() -> None:
    """Properties and path have the new values."""
    instance = made()
    with pytest.raises(DeprecationWarning):
        instance["K"] = "new"
    assert instance.path is not None
    assert (instance["K"], instance.path["K"]) == ("new", "new")
    instance = CIMInstance("C", path=CIMInstanceName("C", {"K": "k", "L": "l"}))
    with pytest.raises(DeprecationWarning, match="'K'"):
        instance.properties = {"K": "new", "L": "new", "P": "p"}
    assert len(instance) == 3
    assert instance.path == CIMInstanceName("C", {"K": "new", "L": "new"})


def test_an_instance_of_a_class_needs_its_keys_for_a_path() -> None:
    """A key without a value is told, and no path is made without it."""
    key = CIMProperty("K", None, "string", qualifiers=[CIMQualifier("Key", True)])
    cim_class = CIMClass("C", [key, CIMProperty("P", "p")])
    with pytest.raises(ValueError, match="no value for 'K', a key of the class 'C'"):
        CIMInstance.from_class(cim_class, include_missing_properties=False)
    bare = CIMInstance.from_class(cim_class, include_missing_properties=False, include_path=False)
    assert bare.path is None
    whole = CIMInstance.from_class(cim_class, "n", {"k": "v"})
    assert whole.path == CIMInstanceName("C", {"K": "v"}, namespace="n")


def test_a_uri_may_have_an_empty_host() -> None:
    """Three slashes: an authority that says nothing."""
    path = CIMInstanceName.from_wbem_uri("///root/cimv2:C.K=1")
    assert (path.host, path.namespace) == (None, "root/cimv2")


def test_the_version_is_that_of_the_interface() -> None:
    """Programs compare it with pywbem's."""
    assert wbem.__version__ == "1.9.1"
