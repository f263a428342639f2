"""An ordered dictionary whose keys are names of CIM: their case is kept, and never matters."""

cimport cython

import re
from collections.abc import ItemsView, KeysView, MutableMapping

from cpython.dict cimport PyDict_Contains, PyDict_Copy, PyDict_GetItemWithError
from cpython.object cimport PyObject


from opswire._core.publication cimport publish


cdef extern from *:
    object opswire_lower "PyObject_CallMethodNoArgs"(object, object)
    object PyUnicode_FromObject(object)
    int Py_EnterRecursiveCall(const char *) except *  # 1 or -1, as the CPython likes
    void Py_LeaveRecursiveCall()


cdef str LOWER = "lower"
cdef object MISSING = object()


cdef object fold(object key):
    """The form under which a name is found."""
    if type(key) is str:
        return opswire_lower(key, LOWER)
    if key is None:
        return None
    if isinstance(key, str):
        # What a subclass says is lower() is no matter here.
        return opswire_lower(PyUnicode_FromObject(key), LOWER)
    if isinstance(key, bytes):
        return (<bytes>key).decode().lower()
    raise TypeError(f"a name must be text, not {type(key).__name__}: {key!r}")


cdef NocaseDict new_nocase(bint unnamed):
    cdef NocaseDict self = NocaseDict.__new__(NocaseDict)
    self.unnamed = unnamed
    return self


cdef NocaseDict ruled_nocase(bint unnamed, Rule rule):
    cdef NocaseDict self = new_nocase(unnamed)
    self.rule = rule
    return self


cdef object another(object self):
    """A new object of the same class, with the attributes that a subclass in Python has given it.

    As copy.copy() does it where a class does not say how: __init__ is not called.
    """
    cdef object new = type(self).__new__(type(self))
    attributes = getattr(self, "__dict__", None)
    if attributes:
        new.__dict__.update(attributes)
    return new


cdef object no_key(object key):
    return KeyError(f"Key {key!r} not found")


cdef class Rule:
    """Decides what a mapping takes."""

    cdef object admitted(self, object key, str folded, object value):
        return value


@cython.freelist(8)  # a copy of an instance makes one or more
cdef class NocaseDict:
    """An ordered mapping with names as keys: looked up in any case, kept in the case given.

    Takes at most one positional argument, a mapping, an iterable of (key, value) pairs or an
    iterable of CIM objects (their name is the key), and keyword arguments. Two are equal when they
    have the same names, case aside, with equal values; the order does not matter. It can be hashed
    when its values can.

    The mappings of CIM objects take only what belongs there: TypeError for a value of another
    class, ValueError for an object that has another name than the one it is put under.
    """

    def __cinit__(self, *args, **kwargs):
        self.names = {}
        self.found = {}

    def __init__(self, *args, **kwargs):
        self.update(*args, **kwargs)

    cdef int own_names(self) except -1:
        if self.names_shared:
            self.names = PyDict_Copy(self.names)
            self.names_shared = False
        return 0

    cdef int put(self, object key, object value) except -1:
        cdef object folded = fold(key)
        if folded is None and not self.unnamed:
            raise ValueError("None is no name: only the keys of an instance path may be unnamed")
        if isinstance(key, bytes):
            key = (<bytes>key).decode()
        elif type(key) is not str and key is not None:
            key = PyUnicode_FromObject(key)
        if self.rule is not None:
            value = self.rule.admitted(key, <str>folded, value)
        self.own_names()
        self.names[folded] = key
        self.found[folded] = value
        return 0

    cdef int set_item(self, object key, object value) except -1:
        """What a subclass does not take comes in by no other way."""
        if type(self) is NocaseDict:
            return self.put(key, value)
        self[key] = value
        return 0

    cdef object fetch(self, object key):
        cdef PyObject *value = PyDict_GetItemWithError(self.found, fold(key))
        if value is NULL:
            raise no_key(key)
        return <object>value

    cdef NocaseDict twin(self):
        """A copy with the same values."""
        return self.shared_with(NocaseDict.__new__(NocaseDict))

    cdef NocaseDict shared_with(self, NocaseDict other):
        other.unnamed = self.unnamed
        other.rule = self.rule
        # Copied by whichever of the two is changed first.
        self.names_shared = other.names_shared = True
        other.names = self.names
        other.found = PyDict_Copy(self.found)
        return other

    def __getitem__(self, key):
        return self.fetch(key)

    def __setitem__(self, key, value):
        self.put(key, value)

    def __delitem__(self, key):
        folded = fold(key)
        if folded not in self.found:
            raise no_key(key)
        self.own_names()
        del self.found[folded]
        del self.names[folded]

    def __contains__(self, key):
        return PyDict_Contains(self.found, fold(key)) == 1

    def __len__(self):
        return len(self.found)

    def __iter__(self):
        return iter(self.names.values())

    def __reversed__(self):
        return reversed(self.names.values())

    def __eq__(self, other):
        cdef NocaseDict twin
        if isinstance(other, NocaseDict):
            twin = other
        elif isinstance(other, dict):
            # Names that differ in case only are one name here, and two there.
            twin = new_nocase(True)
            for key in other:
                if key is not None and not isinstance(key, (str, bytes)):
                    return False
                twin.put(key, other[key])
            if len(twin.found) != len(other):
                return False
        else:
            return NotImplemented
        return self is twin or self.found == twin.found

    def __hash__(self):
        Py_EnterRecursiveCall(" while a NocaseDict is hashed")
        try:
            return hash(frozenset(self.found.items()))
        finally:
            Py_LeaveRecursiveCall()

    def __repr__(self):
        inner = ", ".join(
            [f"{represent(key)}: {represent(value)}" for key, value in self.items()]
        )
        return f"{type(self).__name__}({{{inner}}})"

    def __reduce__(self):
        return (
            rebuild,
            (type(self), list(Items(self)), bool(self.unnamed)),
            getattr(self, "__dict__", None),
        )

    def __copy__(self):
        return self.shared_with(another(self))

    def get(self, key, default=None):
        """Return the value of that name, or the default."""
        cdef PyObject *value = PyDict_GetItemWithError(self.found, fold(key))
        return default if value is NULL else <object>value

    def setdefault(self, key, default=None):
        """Return the value of that name, which is set to the default when there is none."""
        cdef PyObject *value = PyDict_GetItemWithError(self.found, fold(key))
        if value is not NULL:
            return <object>value
        self.set_item(key, default)
        return self.fetch(key)

    def pop(self, key, default=MISSING):
        """Remove the name and return its value, or the default; KeyError without both."""
        folded = fold(key)
        if folded in self.found:
            self.own_names()
            del self.names[folded]
            return self.found.pop(folded)
        if default is MISSING:
            raise no_key(key)
        return default

    def popitem(self):
        """Remove the last name and return it with its value; KeyError when empty."""
        self.own_names()
        folded, value = self.found.popitem()
        return self.names.pop(folded), value

    @property
    def allow_unnamed_keys(self):
        """Whether None is taken as a name: that of an unnamed key."""
        return bool(self.unnamed)

    @allow_unnamed_keys.setter
    def allow_unnamed_keys(self, allow):
        self.unnamed = bool(allow)

    def clear(self):
        """Remove everything."""
        self.names = {}
        self.names_shared = False
        self.found.clear()

    def update(self, *args, **kwargs):
        """Set what the mapping, the iterable or the keyword arguments have."""
        if len(args) > 1:
            raise TypeError(f"at most 1 positional argument is taken, {len(args)} were given")
        if args:
            source = args[0]
            if isinstance(source, NocaseDict):
                for folded, value in (<NocaseDict>source).found.items():
                    self.set_item((<NocaseDict>source).names[folded], value)
            elif isinstance(source, dict):
                for key, value in (<dict>source).items():
                    self.set_item(key, value)
            elif hasattr(source, "keys"):
                for key in source.keys():
                    self.set_item(key, source[key])
            else:
                for item in source:
                    if not isinstance(item, (tuple, list)) and hasattr(item, "name"):
                        self.set_item(item.name, item)
                        continue
                    if isinstance(item, (str, bytes)) or len(item) != 2:
                        raise ValueError(f"not a (key, value) pair: {item!r}")
                    self.set_item(item[0], item[1])
        for key, value in kwargs.items():
            self.set_item(key, value)

    def copy(self):
        """Return a new dictionary with the same names and values."""
        return self.twin()

    def keys(self):
        """Return a live view of the names, as they were given."""
        return Keys(self)

    def values(self):
        """Return a live view of the values."""
        return self.found.values()

    def items(self):
        """Return a live view of the (name, value) pairs."""
        return Items(self)

    def keys_nocase(self):
        """Return a live view of the names in lower case."""
        return self.found.keys()

    @classmethod
    def __class_getitem__(cls, item):
        """For type checkers: what class the values have."""
        return cls

    @classmethod
    def fromkeys(cls, iterable, value=None):
        """Return a dictionary with these names, all with the same value."""
        new = cls()
        for key in iterable:
            new[key] = value
        return new


def rebuild(kind, items, unnamed):
    """What pickle calls."""
    cdef NocaseDict self = kind.__new__(kind)
    self.unnamed = unnamed
    for key, value in items:
        self.put(key, value)
    return self


cdef class View:
    """What keys() and items() return: a live view that combines with others as sets do."""

    cdef NocaseDict owner

    def __cinit__(self, NocaseDict owner not None):
        self.owner = owner

    def __len__(self):
        return len(self.owner.found)

    def __repr__(self):
        return f"{type(self).__name__}({list(self)!r})"

    def __and__(self, other):
        return set(self) & set(other)

    def __rand__(self, other):
        return set(other) & set(self)

    def __or__(self, other):
        return set(self) | set(other)

    def __ror__(self, other):
        return set(other) | set(self)

    def __sub__(self, other):
        return set(self) - set(other)

    def __rsub__(self, other):
        return set(other) - set(self)

    def __xor__(self, other):
        return set(self) ^ set(other)

    def __rxor__(self, other):
        return set(other) ^ set(self)

    def __le__(self, other):
        return set(self) <= set(other)

    def __lt__(self, other):
        return set(self) < set(other)

    def __ge__(self, other):
        return set(self) >= set(other)

    def __gt__(self, other):
        return set(self) > set(other)

    def isdisjoint(self, other):
        """Return whether nothing is in both."""
        return set(self).isdisjoint(other)


cdef class Keys(View):
    def __iter__(self):
        return iter(self.owner.names.values())

    def __reversed__(self):
        return reversed(self.owner.names.values())

    def __contains__(self, key):
        return PyDict_Contains(self.owner.found, fold(key)) == 1

    def __eq__(self, other):
        return set(self) == set(other)


cdef class Items(View):
    def __iter__(self):
        return zip(self.owner.names.values(), self.owner.found.values())

    def __reversed__(self):
        return zip(reversed(self.owner.names.values()), reversed(self.owner.found.values()))

    def __contains__(self, item):
        cdef PyObject *found
        key, value = item
        found = PyDict_GetItemWithError(self.owner.found, fold(key))
        return found is not NULL and <object>found == value

    def __eq__(self, other):
        return list(self) == list(other)


KeysView.register(Keys)
ItemsView.register(Items)
MutableMapping.register(NocaseDict)


# ---- repr ----

cdef str represent(object value):
    """What the repr of CIM objects shows of a value: ASCII, and numbers without their class."""
    cdef str plain
    if value is None:
        return "None"
    if isinstance(value, str):
        plain = value if type(value) is str else PyUnicode_FromObject(value)
        # Other characters are left to repr(), but its \x01 and é become \u0001 and \u00e9.
        if plain.isascii() and plain.isprintable():
            return str.__repr__(plain)
        shown = "".join(
            [ch if " " <= ch <= "~" or ch in "\t\r\n" else f"\0{ord(ch):x}\0" for ch in plain]
        )
        return re.sub(
            r"\\x00([0-9a-f]+)\\x00",
            lambda m: f"\\u{int(m[1], 16):04x}" if len(m[1]) < 5 else f"\\U{int(m[1], 16):08x}",
            str.__repr__(shown),
        )
    if isinstance(value, int) and not isinstance(value, bool):
        return int.__repr__(value)
    if isinstance(value, float):
        return float.__repr__(value)
    if isinstance(value, list):
        Py_EnterRecursiveCall(" while a value is shown")
        try:
            return "[" + ", ".join([represent(item) for item in value]) + "]"
        finally:
            Py_LeaveRecursiveCall()
    return repr(value)


publish(NocaseDict, "opswire.wbem", "(items=(), /, **kwargs)")
