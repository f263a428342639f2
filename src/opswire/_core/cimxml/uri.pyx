# cython: nonecheck=True
"""WBEM URIs (DSP0207 1.0) of classes and instances, written and read."""

import re
import warnings

from opswire_c.cimxml cimport OPSWIRE_CIM_MAX_EMBEDDING
from opswire._core.cimxml.objects cimport CIMClassName, CIMInstanceName
from opswire._core.cimxml.types cimport CIMDateTime, read_datetime, text_of
from opswire._core.cimxml.nocase cimport NocaseDict, new_nocase

from opswire._core.cimxml.types import Char16
from opswire.errors.wbem import MissingKeybindingsWarning


cdef enum:
    STANDARD
    CANONICAL
    CIMOBJECT
    HISTORICAL

cdef dict FORMATS = {
    "standard": STANDARD, "canonical": CANONICAL, "cimobject": CIMOBJECT, "historical": HISTORICAL,
}


cdef int format_number(object format) except -1:
    found = FORMATS.get(format)
    if found is None:
        raise ValueError(f"{format!r} is no format of WBEM URIs: {', '.join(FORMATS)}")
    return found


cdef str start_of(str host, str namespace, str classname, int format):
    """Everything before the keys."""
    cdef str text = ""
    if format == CANONICAL:
        host = None if host is None else host.lower()
        namespace = None if namespace is None else namespace.lower()
        classname = classname.lower()
    if host is not None and format != CIMOBJECT:
        text = "//" + host
    if host is not None or format == STANDARD or format == CANONICAL:
        text += "/"
    if namespace is not None:
        text += namespace
    if namespace is not None or format != HISTORICAL:
        text += ":"
    return text + classname


cdef str quoted(str text):
    if "\\" in text or '"' in text:
        text = text.replace("\\", "\\\\").replace('"', '\\"')
    return '"' + text + '"'


cdef str real_text(double value):
    """The shortest text that is the same number, with the point that DSP0207 asks for."""
    cdef str text = repr(value)
    if "e" in text and "." not in text:
        text = text.replace("e", ".0e")
    return text


cdef str key_text(object value, int format, int depth):
    if isinstance(value, str):
        return quoted(text_of(value))
    if value is True:
        return "TRUE"
    if value is False:
        return "FALSE"
    if isinstance(value, int):
        return int.__repr__(value)
    if isinstance(value, float):
        return real_text(value)
    if isinstance(value, CIMInstanceName):
        # Every level has twice the backslashes.
        if depth == OPSWIRE_CIM_MAX_EMBEDDING:
            raise ValueError(f"paths are nested more than {depth} deep")
        return quoted(instance_text(value, format, depth + 1))
    return quoted(str(value))


cdef str instance_text(CIMInstanceName path, int format, int depth=0):
    cdef NocaseDict keys = path.keybindings
    cdef str start = start_of(path.host, path.namespace, path._classname, format)
    cdef list parts = []
    if not keys.found:
        warnings.warn(
            f"the path of an instance of {path._classname!r} has no keys, "
            "which a WBEM URI should have (DSP0004)",
            MissingKeybindingsWarning,
            stacklevel=4,
        )
        return start
    for folded, value in keys.found.items():
        name = folded if format == CANONICAL else keys.names[folded]
        parts.append((name or "", key_text(value, format, depth)))
    parts.sort()
    return start + "." + ",".join([f"{name}={text}" for name, text in parts])


def class_uri(CIMClassName path not None, format):
    """The path of a class as a WBEM URI."""
    return start_of(path._host, path._namespace, path._classname, format_number(format))


def instance_uri(CIMInstanceName path not None, format):
    """The path of an instance as a WBEM URI."""
    return instance_text(path, format_number(format))


# ---- reading ----

cdef object SCHEME = re.compile(r"([A-Za-z][A-Za-z0-9+.-]*):(?=//)")
cdef object KNOWN_SCHEMES = frozenset({"http", "https", "cimxml.wbem", "cimxml.wbems"})
cdef object NAME = re.compile(r"\w+")
cdef object INTEGER = re.compile(r"[+-]?(?:0[xX][0-9a-fA-F]+|[01]+[bB]|0[0-7]*|[1-9][0-9]*)")
cdef object REAL = re.compile(
    r"[+-]?(?:[0-9]*\.[0-9]+(?:[eE][+-]?[0-9]+)?|[0-9]+[eE][+-]?[0-9]+|(?:inf|INF|Inf))|nan|NaN|NAN"
)


cdef object INFINITY = float("inf")


cdef object bad(str uri, str why):
    return ValueError(f"{uri!r} is no WBEM URI: {why}")


cdef tuple split_start(str uri):
    """Host, namespace and the rest; what is absent is None."""
    cdef str host = None, namespace = None
    cdef Py_ssize_t start = 0, slash, colon, equals
    match = None
    if uri[:2] != "//" and "://" in uri:
        match = SCHEME.match(uri)
    if match is not None:
        start = match.end()
        if match[1].lower() not in KNOWN_SCHEMES:
            warnings.warn(f"the scheme of {uri!r} is unknown", UserWarning, stacklevel=4)
    if uri.startswith("//", start):
        slash = uri.find("/", start + 2)
        if slash < 0:
            raise bad(uri, "no slash is behind the host")
        host = uri[start + 2 : slash] or None
        start = slash + 1
    equals = uri.find("=", start)
    colon = uri.find(":", start, len(uri) if equals < 0 else equals)
    if colon >= 0:
        namespace = uri[start:colon].strip("/") or None
        start = colon + 1
    if ";" in (host or "") or ";" in (namespace or ""):
        raise bad(uri, "a semicolon is in the host or the namespace")
    return host, namespace, uri[start:]


def read_class_uri(uri not None):
    """The path of a class that a WBEM URI names."""
    cdef CIMClassName new
    if not isinstance(uri, str):
        raise TypeError(f"a WBEM URI is text, not {uri!r}")
    host, namespace, name = split_start(uri)
    if host is not None and not uri.endswith(":" + name):
        raise bad(uri, "no colon and no name of a class are behind the host")
    if NAME.fullmatch(name) is None:
        raise bad(uri, f"{name!r} is no name of a class")
    return CIMClassName(name, host, namespace)


def read_instance_uri(uri not None):
    """The path of an instance that a WBEM URI names."""
    cdef str rest
    if not isinstance(uri, str):
        raise TypeError(f"a WBEM URI is text, not {uri!r}")
    host, namespace, rest = split_start(uri)
    match = NAME.match(rest)
    if match is None:
        raise bad(uri, "there is no name of a class")
    cdef Py_ssize_t end = match.end()
    if end >= len(rest) or rest[end] != ".":
        raise bad(uri, "no dot and no keys are behind the name of the class")
    return CIMInstanceName(rest[:end], read_keys(uri, rest, end + 1), host, namespace)


cdef NocaseDict read_keys(str uri, str text, Py_ssize_t start):
    """name=value, with commas between."""
    cdef NocaseDict keys = new_nocase(False)
    cdef Py_ssize_t size = len(text), end
    cdef Py_UCS4 quote
    cdef str name
    while True:
        match = NAME.match(text, start)
        if match is None:
            raise bad(uri, "a key has no name")
        end = match.end()
        name = text[start:end]
        if end >= size or text[end] != "=":
            raise bad(uri, f"no = is behind the key {name!r}")
        start = end + 1
        if start >= size:
            raise bad(uri, f"the key {name!r} has no value")
        quote = text[start]
        if quote == c'"' or quote == c"'":
            end = start + 1
            while end < size and text[end] != quote:
                end += 2 if text[end] == c"\\" else 1
            if end >= size:
                raise bad(uri, f"the value of the key {name!r} does not end")
            keys.put(name, quoted_value(uri, name, quote, text[start + 1 : end]))
            end += 1
        else:
            end = text.find(",", start)
            if end < 0:
                end = size
            keys.put(name, bare_value(uri, name, text[start:end]))
        if end == size:
            return keys
        if text[end] != ",":
            raise bad(uri, f"no comma is behind the value of the key {name!r}")
        start = end + 1


cdef object quoted_value(str uri, str name, Py_UCS4 quote, str inside):
    cdef bytes octets
    if "\\" in inside:
        inside = re.sub(r"\\(.)", r"\1", inside, flags=re.DOTALL)
    if quote == c"'":
        if len(inside) != 1:
            raise bad(uri, f"the char16 value of the key {name!r} is not one character")
        return Char16(inside)
    if len(inside) == 25 and inside[14] == ".":
        try:
            octets = inside.encode()
            return read_datetime(octets, len(octets))
        except ValueError:
            return inside
    if "=" in inside and "." in inside:
        # A reference looks like any text, and only reading it tells.
        try:
            return read_instance_uri(inside)
        except ValueError:
            return inside
    return inside


cdef object bare_value(str uri, str name, str text):
    cdef str lower = text.lower()
    cdef bytes octets
    if lower == "true":
        return True
    if lower == "false":
        return False
    if INTEGER.fullmatch(text) is not None:
        if "x" in lower:
            return int(text, 16)
        if lower.endswith("b"):
            return int(lower[:-1], 2)
        if len(lower.lstrip("+-")) > 1 and lower.lstrip("+-")[0] == "0":
            return int(text, 8)
        return int(text)
    if REAL.fullmatch(text) is not None:
        number = float(text)
        if number in (INFINITY, -INFINITY) and "inf" not in lower:
            raise bad(uri, f"no double holds the value {text!r} of the key {name!r}")
        return number
    if len(text) == 25:
        try:
            octets = text.encode()
            value = read_datetime(octets, len(octets))
        except ValueError:
            pass
        else:
            warnings.warn(f"the datetime {text!r} in a WBEM URI has no quotes", UserWarning, stacklevel=5)
            return value
    raise bad(uri, f"{text!r} is no value for the key {name!r}")
