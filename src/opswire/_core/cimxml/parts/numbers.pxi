# The classes of numbers and characters.

@cython.auto_pickle(False)
cdef class CIMType:
    """The base of the classes that stand for CIM data types; ``cimtype`` is the type's name."""

    cimtype = None


@cython.embedsignature(False)  # its functions are Python's, with a signature
class CIMInt(CIMType, int):
    """The base of the integer types: an int that knows its CIM type and its range."""

    __slots__ = ()
    minvalue = None
    maxvalue = None

    def __new__(cls, *args, **kwargs):
        if "x" in kwargs:
            args = (kwargs.pop("x"), *args)
        if cls.minvalue is None:
            raise TypeError(f"{cls.__name__} has no range; take one of its subclasses")
        if len(args) == 1 and not kwargs and isinstance(args[0], (str, bytes)):
            value = value_of_text(args[0], TYPE_NUMBERS[cls.cimtype])
        else:
            value = int(*args, **kwargs)
        if cim_config.ENFORCE_INTEGER_RANGE and not cls.minvalue <= value <= cls.maxvalue:
            raise ValueError(
                f"{value} is out of range for {cls.cimtype}: {cls.minvalue}..{cls.maxvalue}"
            )
        return opswire_new_number(&PyLong_Type, cls, value)

    def __repr__(self):
        name = type(self).__name__
        return (
            f"{name}(cimtype={self.cimtype!r}, minvalue={self.minvalue}, "
            f"maxvalue={self.maxvalue}, {int(self)})"
        )

    def __str__(self):
        return int.__repr__(self)

    def __format__(self, specification):
        return int.__format__(int(self), specification)

    def __reduce__(self):
        return type(self), (int(self),)


class Uint8(CIMInt):
    """An unsigned integer of 8 bits."""

    __slots__ = ()
    cimtype = "uint8"
    minvalue = 0
    maxvalue = 2**8 - 1


class Sint8(CIMInt):
    """A signed integer of 8 bits."""

    __slots__ = ()
    cimtype = "sint8"
    minvalue = -(2**7)
    maxvalue = 2**7 - 1


class Uint16(CIMInt):
    """An unsigned integer of 16 bits."""

    __slots__ = ()
    cimtype = "uint16"
    minvalue = 0
    maxvalue = 2**16 - 1


class Sint16(CIMInt):
    """A signed integer of 16 bits."""

    __slots__ = ()
    cimtype = "sint16"
    minvalue = -(2**15)
    maxvalue = 2**15 - 1


class Uint32(CIMInt):
    """An unsigned integer of 32 bits."""

    __slots__ = ()
    cimtype = "uint32"
    minvalue = 0
    maxvalue = 2**32 - 1


class Sint32(CIMInt):
    """A signed integer of 32 bits."""

    __slots__ = ()
    cimtype = "sint32"
    minvalue = -(2**31)
    maxvalue = 2**31 - 1


class Uint64(CIMInt):
    """An unsigned integer of 64 bits."""

    __slots__ = ()
    cimtype = "uint64"
    minvalue = 0
    maxvalue = 2**64 - 1


class Sint64(CIMInt):
    """A signed integer of 64 bits."""

    __slots__ = ()
    cimtype = "sint64"
    minvalue = -(2**63)
    maxvalue = 2**63 - 1


@cython.embedsignature(False)  # its functions are Python's, with a signature
class CIMFloat(CIMType, float):
    """The base of the floating point types."""

    __slots__ = ()

    def __new__(cls, x=0.0, /):
        if isinstance(x, (str, bytes)):
            x = value_of_text(x, OPSWIRE_CIM_REAL64)
        return opswire_new_number(&PyFloat_Type, cls, x)

    def __repr__(self):
        return f"{type(self).__name__}(cimtype={self.cimtype!r}, {float(self)!r})"

    def __str__(self):
        return float.__repr__(self)

    def __format__(self, specification):
        return float.__format__(float(self), specification)

    def __reduce__(self):
        return type(self), (float(self),)


class Real32(CIMFloat):
    """A floating point number of 32 bits; kept with the precision of a float."""

    __slots__ = ()
    cimtype = "real32"


class Real64(CIMFloat):
    """A floating point number of 64 bits."""

    __slots__ = ()
    cimtype = "real64"


@cython.embedsignature(False)  # its functions are Python's, with a signature
class Char16(CIMType, str):
    """A character of UCS-2: one character of the basic multilingual plane."""

    __slots__ = ()
    cimtype = "char16"

    def __new__(cls, content=""):
        return str.__new__(cls, content.decode() if isinstance(content, bytes) else content)


cdef str type_name(int number):
    """What the C library says."""
    cdef opswire_view name = opswire_cim_type_name(<opswire_cim_type>number)
    return name.data[: name.size].decode("ascii")


TYPE_NAMES = [None, *(type_name(number) for number in range(1, OPSWIRE_CIM_REFERENCE + 1))]
TYPE_NUMBERS = {name: number for number, name in enumerate(TYPE_NAMES) if name}

# The classes of numbers by the numbers of their types; None for the other types.
cdef list NUMBERS = [None] * len(TYPE_NAMES)
for _kind in (*CIMInt.__subclasses__(), *CIMFloat.__subclasses__()):
    NUMBERS[TYPE_NUMBERS[_kind.cimtype]] = _kind
del _kind


cdef object number_from(int number, opswire_cim_cell cell, const char *base):
    """A number of that type, of a cell as plain_number() takes it; known to be in its range."""
    value = plain_number(number, cell, base)
    if type(value) is float:
        return opswire_new_number(&PyFloat_Type, NUMBERS[number], value)
    return opswire_new_number(&PyLong_Type, NUMBERS[number], value)
