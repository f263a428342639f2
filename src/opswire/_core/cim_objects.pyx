# cython: nonecheck=True
"""CIM objects: instances, classes, paths, and what they consist of.

What a parser made is read late. Such an object holds the block of its answer that the C reader has
checked, and a shape that it shares with its like; values become Python objects when somebody asks,
the first time, and stay. The first change, or a question for ``properties``, turns all of it into
ordinary attributes.

The garbage collector does not see such objects until something is put into them, or read from
them, that can lead back to them: a thousand instances cost it nothing.

Threads: reading is safe from any number of threads, also the first time; whoever changes an object
keeps others away from it.
"""

from cpython.bytes cimport PyBytes_FromStringAndSize
from cpython.dict cimport PyDict_GetItemWithError
from cpython.list cimport PyList_GET_ITEM, PyList_GET_SIZE
from cpython.object cimport PyObject, PyTypeObject
from cpython.ref cimport Py_INCREF, Py_XDECREF
from libc.stdint cimport int64_t, uint8_t, uint32_t
from libc.string cimport memcpy, memset

from opswire._core.cim_block cimport *
from opswire._core.cim_types cimport *
from opswire._core.nocase cimport NocaseDict, fold, new_nocase, represent

from opswire._core import cim_config


cdef extern from *:
    """
    /* Two hashes as one; their order matters. */
    static Py_hash_t opswire_mixed(Py_hash_t one, Py_hash_t other)
    {
        uint64_t x = (uint64_t) one * UINT64_C(0x9E3779B97F4A7C15);

        x ^= x >> 29;
        x = (x + (uint64_t) other) * UINT64_C(0xBF58476D1CE4E5B9);
        x ^= x >> 32;
        return (Py_hash_t) x == -1 ? -2 : (Py_hash_t) x;
    }
    """
    Py_hash_t mixed "opswire_mixed" (Py_hash_t one, Py_hash_t other) noexcept
    int PyObject_GC_IsTracked(object)
    void PyObject_GC_Track(PyObject *)
    void PyObject_GC_UnTrack(PyObject *)
    int PyObject_IS_GC(object)
    object PyUnicode_New(Py_ssize_t, Py_UCS4)
    void *PyUnicode_DATA(object)
    object PyUnicode_DecodeUTF8(const char *, Py_ssize_t, const char *)
    double PyOS_string_to_double(const char *, char **, PyObject *) except? -1.0
    void PyList_SET_ITEM(object, Py_ssize_t, object)
    object PyList_New(Py_ssize_t)


cdef class Unread:
    def __repr__(self):
        return "<not read>"


cdef object UNREAD_ITEM = Unread()
UNREAD = UNREAD_ITEM


cdef inline void untrack(object new) noexcept:
    """A new object without anything in it that leads back."""
    PyObject_GC_UnTrack(<PyObject *>new)


cdef inline void track(object owner) noexcept:
    """Something that may lead back is in it from now on."""
    if not PyObject_GC_IsTracked(owner):
        PyObject_GC_Track(<PyObject *>owner)


cdef inline bint leads_back(object value) noexcept:
    return PyObject_IS_GC(value)


# ---- small conversions ----

cdef str TRUE_TEXT = "true"


cdef object flag_of(object value):
    """True, False or None, from anything that has a truth."""
    return None if value is None else bool(value)


cdef str name_of(object name, str what):
    if name is None:
        raise ValueError(f"{what} needs a name, not None")
    return text_of(name)


cdef int type_number(object type, str what) except -1:
    found = TYPE_NUMBERS.get(type)
    if found is None:
        raise ValueError(f"{type!r} is no CIM type ({what})")
    return found


cdef str namespace_of(object namespace):
    return None if namespace is None else text_of(namespace).strip("/")


cdef str folded_or_none(object text):
    return None if text is None else (<str>text).lower()


cdef bint same_fold(str one, str other):
    if one is other:
        return True
    if one is None or other is None:
        return False
    return one.lower() == other.lower()


cdef bint same_value(object one, object other) except -1:
    """Equality that never compares an object with what is none of its class."""
    cdef Py_ssize_t i
    if one is other:
        return True
    if one is None or other is None:
        return False
    if isinstance(one, list):
        if not isinstance(other, list) or len(<list>one) != len(<list>other):
            return False
        for i in range(len(<list>one)):
            if not same_value((<list>one)[i], (<list>other)[i]):
                return False
        return True
    if isinstance(one, CIMObject) or isinstance(other, CIMObject):
        return type(one) is type(other) and one == other
    return one == other


cdef bint same_mapping(NocaseDict one, NocaseDict other) except -1:
    """Equal names, case aside, with equal values; None is an empty one."""
    cdef PyObject *twin
    if one is other:
        return True
    if one is None or other is None:
        return not (other if one is None else one).found
    if len(one.found) != len(other.found):
        return False
    for folded, value in one.found.items():
        twin = PyDict_GetItemWithError(other.found, folded)
        if twin is NULL or not same_value(value, <object>twin):
            return False
    return True


cdef Py_hash_t value_hash(object value) except? -1:
    if type(value) is list:
        return hash(tuple([value_hash(item) for item in <list>value]))
    return hash(value)


cdef Py_hash_t mapping_hash(NocaseDict mapping) except? -1:
    cdef Py_hash_t total = 0
    if mapping is not None:
        for folded, value in mapping.found.items():
            total += mixed(hash(folded), value_hash(value))
    return total


cdef object wrong_class(object self, object other):
    return TypeError(f"{type(self).__name__} is compared with its like only, not with {other!r}")


cdef NocaseDict qualifiers_of(object qualifiers):
    """What was given as qualifiers: objects, or values to be made objects of."""
    cdef NocaseDict given, new
    if not qualifiers:
        return None
    given = qualifiers if isinstance(qualifiers, NocaseDict) else NocaseDict(qualifiers)
    new = new_nocase(False)
    for folded, value in given.found.items():
        key = given.names[folded]
        if key is None:
            raise ValueError("a qualifier needs a name, not None")
        if not isinstance(value, CIMQualifier):
            value = CIMQualifier(key, value)
        elif (<CIMQualifier>value)._name.lower() != folded:
            raise ValueError(
                f"the qualifier {(<CIMQualifier>value)._name!r} is given under the name {key!r}"
            )
        new.put(key, value)
    return new


cdef NocaseDict members_of(object members, object kind, str what):
    """What was given as properties, methods or parameters: objects of that class only."""
    cdef NocaseDict given, new = new_nocase(False)
    if not members:
        return new
    given = members if isinstance(members, NocaseDict) else NocaseDict(members)
    for folded, value in given.found.items():
        key = given.names[folded]
        if key is None:
            raise ValueError(f"a {what} needs a name, not None")
        if not isinstance(value, kind):
            raise TypeError(f"a {kind.__name__} is needed as {what} {key!r}, not {value!r}")
        if value.name.lower() != folded:
            raise ValueError(f"the {what} {value.name!r} is given under the name {key!r}")
        new.put(key, value)
    return new


cdef object element_of(str text):
    """The element as the standard library's DOM has it."""
    from xml.dom.minidom import parseString
    return parseString(text.encode()).documentElement


cdef str xml_of(CIMObject self, object indent, object arguments):
    from opswire._core import cim_writer
    return cim_writer.element_text(self, indent, arguments)


cdef str mof_of(CIMObject self, object arguments):
    from opswire._core import cim_mof
    return cim_mof.text_of_object(self, arguments)


# ---- what properties share ----

cdef class Facts:
    """Type and flags of properties and parameters."""

    cdef Py_hash_t hashed(self) except? -1:
        if self.digest == 0:
            self.digest = hash((
                self.type, self.is_array, self.array_size, folded_or_none(self.class_origin),
                folded_or_none(self.reference_class), folded_or_none(self.embedded_object),
                self.propagated,
            )) or 1
        return self.digest

    cdef bint same(self, Facts other) except -1:
        return self is other or (
            self.type == other.type
            and self.is_array == other.is_array
            and self.array_size == other.array_size
            and same_fold(self.class_origin, other.class_origin)
            and same_fold(self.reference_class, other.reference_class)
            and same_fold(self.embedded_object, other.embedded_object)
            and self.propagated == other.propagated
            and (self.propagated is None) == (other.propagated is None)
        )

    cdef Facts changed(self):
        """A copy, to be changed and used by one only."""
        cdef Facts new = Facts.__new__(Facts)
        new.type = self.type
        new.is_array = self.is_array
        new.array_size = self.array_size
        new.class_origin = self.class_origin
        new.reference_class = self.reference_class
        new.embedded_object = self.embedded_object
        new.propagated = self.propagated
        return new


# The most common ones: by type, array or not, and embedded object.
cdef dict PLAIN_FACTS = {}


cdef Facts plain_facts(int type, bint is_array, str embedded):
    cdef Facts new
    cdef PyObject *found
    key = type * 2 + is_array if embedded is None else (type, is_array, embedded)
    found = PyDict_GetItemWithError(PLAIN_FACTS, key)
    if found is not NULL:
        return <Facts>found
    new = Facts.__new__(Facts)
    new.type = type
    new.is_array = is_array
    new.embedded_object = embedded
    PLAIN_FACTS[key] = new
    return new


cdef CIMProperty new_property(str name, object value, Facts facts):
    cdef CIMProperty self = CIMProperty.__new__(CIMProperty)
    self._name = name
    self._value = value
    self.facts = facts
    if not leads_back(value):
        untrack(self)
    return self


cdef object first_item(object value):
    """The value, or the first item of a list that is not None."""
    if type(value) is list:
        for item in <list>value:
            if item is not None:
                return item
        return None
    return value


cdef str embedded_kind(object value):
    """"instance" or "object" for an embedded object or a list of them, else None."""
    cdef object item = first_item(value)
    if isinstance(item, CIMObject):
        kind = (<CIMObject>item).kind()
        if kind == K_INSTANCE:
            return "instance"
        if kind == K_CLASS:
            return "object"
    return None


cdef Facts facts_of(
    str what, object name, object value, object type, object is_array, object embedded
):
    """The plain facts that the arguments of a constructor tell, checked against each other."""
    cdef int number
    cdef str inside = embedded_kind(value)
    cdef bint array
    if embedded is not None:
        embedded = text_of(embedded)
        if embedded not in ("instance", "object"):
            raise ValueError(
                f"{what} {name!r}: embedded_object is 'instance' or 'object', not {embedded!r}"
            )
        if inside is None and first_item(value) is not None:
            raise ValueError(
                f"{what} {name!r}: an embedded object is a CIMInstance or a CIMClass, not {value!r}"
            )
    elif inside is not None:
        embedded = inside
    if embedded is not None and type is not None and type != "string":
        raise ValueError(f"{what} {name!r}: the type of embedded objects is 'string', not {type!r}")
    if type is not None:
        number = type_number(type, f"{what} {name!r}")
    elif inside is not None:
        number = T_STRING
    elif value is None:
        raise ValueError(f"{what} {name!r}: the value is None, so give the type")
    else:
        try:
            number = type_of(value)
        except (TypeError, ValueError) as error:
            raise ValueError(f"{what} {name!r}: {error}") from None
    if is_array is None:
        array = isinstance(value, list)
    else:
        array = bool(is_array)
        if value is not None and array != isinstance(value, list):
            raise ValueError(
                f"{what} {name!r}: is_array is {array}, but the value is "
                f"{'no' if array else 'a'} list: {value!r}"
            )
    return plain_facts(number, array, embedded)


cdef CIMProperty property_from(str name, object value):
    """A property of which only name and value are known."""
    if type(value) is str:
        return new_property(name, value, plain_facts(T_STRING, False, None))
    cdef Facts facts = facts_of("property", name, value, None, None, None)
    return new_property(name, value_as(value, facts.type), facts)


cdef class Shape:
    """Class name, names and facts of instances that are alike."""


# What objects have that were never in a block.
cdef Shape NO_SHAPE = Shape.__new__(Shape)
NO_SHAPE.names = ()
NO_SHAPE.by_fold = {}
NO_SHAPE.index = {}
NO_SHAPE.facts = []
cdef opswire_cim_instance NO_INSTANCE
cdef opswire_cim_path NO_PATH
memset(&NO_INSTANCE, 0, sizeof(NO_INSTANCE))
memset(&NO_PATH, 0, sizeof(NO_PATH))


# ---- qualifiers ----

cdef class CIMQualifier(CIMObject):
    """A qualifier: what is said about a class, property, method or parameter.

    Args:
        name: its name.
        value: a value or a list of them; None only with a type.
        type: the CIM type's name; None: as the value tells.
        propagated, overridable, tosubclass, toinstance, translatable: its flavors; None: not said.

    Raises:
        ValueError: the name is missing, or the type is none that a qualifier may have.
    """

    def __init__(
        self, name, value, type=None, propagated=None, overridable=None, tosubclass=None,
        toinstance=None, translatable=None,
    ):
        cdef Facts facts
        self._name = name_of(name, "a CIMQualifier")
        if type is not None and type not in TYPE_NUMBERS:
            raise ValueError(f"{type!r} is no CIM type (qualifier {name!r})")
        facts = facts_of("qualifier", name, value, type, None, None)
        if facts.type == T_REFERENCE:
            raise ValueError(f"qualifier {name!r}: a qualifier is no reference")
        self._type = facts.type
        self._value = value_as(value, facts.type)
        self._propagated = flag_of(propagated)
        self._overridable = flag_of(overridable)
        self._tosubclass = flag_of(tosubclass)
        self._toinstance = flag_of(toinstance)
        self._translatable = flag_of(translatable)

    @property
    def name(self):
        """The name."""
        return self._name

    @name.setter
    def name(self, name):
        self._name = name_of(name, "a CIMQualifier")

    @property
    def value(self):
        """The value, of the class for its CIM type, or a list."""
        return self._value

    @value.setter
    def value(self, value):
        value = value_as(value, self._type)
        if leads_back(value):
            track(self)
        self._value = value

    @property
    def type(self):
        """The name of the CIM type."""
        return TYPE_NAMES[self._type]

    @type.setter
    def type(self, type):
        number = type_number(type, "a qualifier")
        if number == T_REFERENCE:
            raise ValueError("a qualifier is no reference")
        self._type = number

    @property
    def propagated(self):
        """Whether it comes from a superclass; None: not said."""
        return self._propagated

    @propagated.setter
    def propagated(self, value):
        self._propagated = flag_of(value)

    @property
    def overridable(self):
        """Whether subclasses may say otherwise; None: not said."""
        return self._overridable

    @overridable.setter
    def overridable(self, value):
        self._overridable = flag_of(value)

    @property
    def tosubclass(self):
        """Whether subclasses have it; None: not said."""
        return self._tosubclass

    @tosubclass.setter
    def tosubclass(self, value):
        self._tosubclass = flag_of(value)

    @property
    def toinstance(self):
        """Whether instances have it; None: not said."""
        return self._toinstance

    @toinstance.setter
    def toinstance(self, value):
        self._toinstance = flag_of(value)

    @property
    def translatable(self):
        """Whether its text may be in several languages; None: not said."""
        return self._translatable

    @translatable.setter
    def translatable(self, value):
        self._translatable = flag_of(value)

    cdef tuple flavors(self):
        return (
            self._tosubclass, self._overridable, self._translatable, self._toinstance,
            self._propagated,
        )

    def __eq__(self, other):
        cdef CIMQualifier twin
        if not isinstance(other, CIMQualifier):
            raise wrong_class(self, other)
        twin = other
        return self is twin or (
            same_fold(self._name, twin._name)
            and self._type == twin._type
            and self.flavors() == twin.flavors()
            and same_value(self._value, twin._value)
        )

    def __hash__(self):
        return hash((self._name.lower(), value_hash(self._value), self._type, self.flavors()))

    def __repr__(self):
        return (
            f"CIMQualifier(name={represent(self._name)}, value={represent(self._value)}, "
            f"type={self.type!r}, tosubclass={self._tosubclass}, overridable={self._overridable}, "
            f"translatable={self._translatable}, toinstance={self._toinstance}, "
            f"propagated={self._propagated})"
        )

    def __str__(self):
        return (
            f"CIMQualifier(name={represent(self._name)}, value={represent(self._value)}, "
            f"type={self.type!r}, ...)"
        )

    def __reduce__(self):
        return CIMQualifier, (
            self._name, self._value, self.type, self._propagated, self._overridable,
            self._tosubclass, self._toinstance, self._translatable,
        )

    def __copy__(self):
        return self.copy()

    def copy(self):
        """Return a copy; a list is copied, its items are the same."""
        cdef CIMQualifier new = CIMQualifier.__new__(CIMQualifier)
        new._name = self._name
        new._type = self._type
        new._value = list(self._value) if isinstance(self._value, list) else self._value
        new._propagated = self._propagated
        new._overridable = self._overridable
        new._tosubclass = self._tosubclass
        new._toinstance = self._toinstance
        new._translatable = self._translatable
        return new

    def tocimxml(self):
        """Return the QUALIFIER element as an object of xml.dom.minidom."""
        return element_of(self.tocimxmlstr())

    def tocimxmlstr(self, indent=None):
        """Return the QUALIFIER element as text; indent: spaces or a text for each level."""
        return xml_of(self, indent, ())

    def tomof(self, indent=3, maxline=80, line_pos=0):
        """Return the MOF text: name and value, as between the brackets of a declaration."""
        return mof_of(self, (indent, maxline, line_pos))


# ---- properties and parameters ----

cdef class CIMProperty(CIMObject):
    """A property of an instance (with its value) or of a class (with its default).

    Args:
        name: its name.
        value: a value or a list of them; None only with a type.
        type: the CIM type's name; None: as the value tells.
        class_origin: the class that introduced it.
        array_size: how many items an array of a fixed size has.
        propagated: whether it comes from a superclass.
        is_array: None: as the value tells.
        reference_class: the class that a reference refers to.
        qualifiers: a mapping of names to CIMQualifier objects or values, or an iterable of objects.
        embedded_object: "instance", "object", or None: as the value tells.

    Raises:
        ValueError: name or type are missing or wrong, or the arguments contradict each other.
        TypeError: the value cannot become one of the type.
    """

    def __init__(
        self, name, value, type=None, class_origin=None, array_size=None, propagated=None,
        is_array=None, reference_class=None, qualifiers=None, embedded_object=None,
    ):
        self._name = name_of(name, "a CIMProperty")
        self.facts = facts_of("property", name, value, type, is_array, embedded_object)
        self._value = value_as(value, self.facts.type)
        if (
            class_origin is not None
            or array_size is not None
            or propagated is not None
            or reference_class is not None
        ):
            self.facts = self.facts.changed()
            self.facts.class_origin = text_of(class_origin)
            self.facts.array_size = array_size
            self.facts.propagated = flag_of(propagated)
            self.facts.reference_class = text_of(reference_class)
        self._qualifiers = qualifiers_of(qualifiers)

    @property
    def name(self):
        """The name."""
        return self._name

    @name.setter
    def name(self, name):
        self._name = name_of(name, "a CIMProperty")

    @property
    def value(self):
        """The value, of the class for its CIM type, or a list."""
        return self._value

    @value.setter
    def value(self, value):
        value = value_as(value, self.facts.type)
        if leads_back(value):
            track(self)
        self._value = value

    @property
    def type(self):
        """The name of the CIM type."""
        return TYPE_NAMES[self.facts.type]

    @type.setter
    def type(self, type):
        cdef int number = type_number(type, "a property")
        self.facts = self.facts.changed()
        self.facts.type = number

    @property
    def class_origin(self):
        """The class that introduced it, or None."""
        return self.facts.class_origin

    @class_origin.setter
    def class_origin(self, class_origin):
        self.facts = self.facts.changed()
        self.facts.class_origin = text_of(class_origin)

    @property
    def array_size(self):
        """How many items an array of a fixed size has, or None."""
        return self.facts.array_size

    @array_size.setter
    def array_size(self, array_size):
        self.facts = self.facts.changed()
        self.facts.array_size = array_size

    @property
    def propagated(self):
        """Whether it comes from a superclass; None: not said."""
        return self.facts.propagated

    @propagated.setter
    def propagated(self, propagated):
        self.facts = self.facts.changed()
        self.facts.propagated = flag_of(propagated)

    @property
    def is_array(self):
        """Whether it is an array."""
        return bool(self.facts.is_array)

    @is_array.setter
    def is_array(self, is_array):
        self.facts = self.facts.changed()
        self.facts.is_array = bool(is_array)

    @property
    def reference_class(self):
        """The class that a reference refers to, or None."""
        return self.facts.reference_class

    @reference_class.setter
    def reference_class(self, reference_class):
        self.facts = self.facts.changed()
        self.facts.reference_class = text_of(reference_class)

    @property
    def embedded_object(self):
        """"instance" or "object" when values are embedded objects, else None."""
        return self.facts.embedded_object

    @embedded_object.setter
    def embedded_object(self, embedded_object):
        if embedded_object not in (None, "instance", "object"):
            raise ValueError(f"embedded_object is 'instance' or 'object', not {embedded_object!r}")
        self.facts = self.facts.changed()
        self.facts.embedded_object = embedded_object

    @property
    def qualifiers(self):
        """The qualifiers by name."""
        if self._qualifiers is None:
            track(self)
            self._qualifiers = new_nocase(False)
        return self._qualifiers

    @qualifiers.setter
    def qualifiers(self, qualifiers):
        track(self)
        self._qualifiers = qualifiers_of(qualifiers)

    def __eq__(self, other):
        cdef CIMProperty twin
        if not isinstance(other, CIMProperty):
            raise wrong_class(self, other)
        twin = other
        return self is twin or (
            same_fold(self._name, twin._name)
            and self.facts.same(twin.facts)
            and same_value(self._value, twin._value)
            and same_mapping(self._qualifiers, twin._qualifiers)
        )

    def __hash__(self):
        return property_hash(self._name.lower(), self._value, self.facts, self._qualifiers)

    def __repr__(self):
        return (
            f"{str(self)[:-4]}array_size={self.facts.array_size!r}, "
            f"class_origin={represent(self.facts.class_origin)}, "
            f"propagated={self.facts.propagated}, qualifiers={self.qualifiers!r})"
        )

    def __str__(self):
        return (
            f"CIMProperty(name={represent(self._name)}, value={represent(self._value)}, "
            f"type={self.type!r}, reference_class={represent(self.facts.reference_class)}, "
            f"embedded_object={self.facts.embedded_object!r}, is_array={self.is_array}, ...)"
        )

    def __reduce__(self):
        return CIMProperty, (
            self._name, self._value, self.type, self.facts.class_origin, self.facts.array_size,
            self.facts.propagated, self.is_array, self.facts.reference_class, self._qualifiers,
            self.facts.embedded_object,
        )

    def __copy__(self):
        return self.copy()

    def copy(self):
        """Return a copy; a list and the qualifiers' mapping are copied, what they hold is not."""
        cdef CIMProperty new = CIMProperty.__new__(CIMProperty)
        new._name = self._name
        new._value = list(self._value) if isinstance(self._value, list) else self._value
        new.facts = self.facts
        if self._qualifiers is not None:
            new._qualifiers = self._qualifiers.twin()
        return new

    def tocimxml(self):
        """Return the PROPERTY, .ARRAY or .REFERENCE element as an object of xml.dom.minidom."""
        return element_of(self.tocimxmlstr())

    def tocimxmlstr(self, indent=None):
        """Return the element as text; indent: spaces or a text for each level."""
        return xml_of(self, indent, ())

    def tomof(self, is_instance=True, indent=0, maxline=80, line_pos=0):
        """Return the MOF text, as in an instance or as in a class."""
        return mof_of(self, (is_instance, indent, maxline, line_pos))


cdef Py_hash_t property_hash(
    str folded, object value, Facts facts, NocaseDict qualifiers
) except? -1:
    return mixed(
        mixed(hash(folded), value_hash(value)), mixed(facts.hashed(), mapping_hash(qualifiers))
    )


cdef class CIMParameter(CIMObject):
    """A parameter of a method: its declaration, or a value for it.

    Args:
        name: its name.
        type: the CIM type's name.
        reference_class: the class that a reference refers to.
        is_array: None: as the value tells.
        array_size: how many items an array of a fixed size has.
        qualifiers: a mapping of names to CIMQualifier objects or values, or an iterable of objects.
        value: a value or a list of them.
        embedded_object: "instance", "object", or None: as the value tells.

    Raises:
        ValueError: name or type are missing or wrong, or the arguments contradict each other.
        TypeError: the value cannot become one of the type.
    """

    def __init__(
        self, name, type, reference_class=None, is_array=None, array_size=None, qualifiers=None,
        value=None, embedded_object=None,
    ):
        self._name = name_of(name, "a CIMParameter")
        type_number(type, f"parameter {name!r}")
        self.facts = facts_of("parameter", name, value, type, is_array, embedded_object)
        self._value = value_as(value, self.facts.type)
        if array_size is not None or reference_class is not None:
            self.facts = self.facts.changed()
            self.facts.array_size = array_size
            self.facts.reference_class = text_of(reference_class)
        self._qualifiers = qualifiers_of(qualifiers)

    @property
    def name(self):
        """The name."""
        return self._name

    @name.setter
    def name(self, name):
        self._name = name_of(name, "a CIMParameter")

    @property
    def value(self):
        """The value, of the class for its CIM type, or a list."""
        return self._value

    @value.setter
    def value(self, value):
        track(self)
        self._value = value_as(value, self.facts.type)

    @property
    def type(self):
        """The name of the CIM type."""
        return TYPE_NAMES[self.facts.type]

    @type.setter
    def type(self, type):
        cdef int number = type_number(type, "a parameter")
        self.facts = self.facts.changed()
        self.facts.type = number

    @property
    def array_size(self):
        """How many items an array of a fixed size has, or None."""
        return self.facts.array_size

    @array_size.setter
    def array_size(self, array_size):
        self.facts = self.facts.changed()
        self.facts.array_size = array_size

    @property
    def is_array(self):
        """Whether it is an array."""
        return bool(self.facts.is_array)

    @is_array.setter
    def is_array(self, is_array):
        self.facts = self.facts.changed()
        self.facts.is_array = bool(is_array)

    @property
    def reference_class(self):
        """The class that a reference refers to, or None."""
        return self.facts.reference_class

    @reference_class.setter
    def reference_class(self, reference_class):
        self.facts = self.facts.changed()
        self.facts.reference_class = text_of(reference_class)

    @property
    def embedded_object(self):
        """"instance" or "object" when values are embedded objects, else None."""
        return self.facts.embedded_object

    @embedded_object.setter
    def embedded_object(self, embedded_object):
        if embedded_object not in (None, "instance", "object"):
            raise ValueError(f"embedded_object is 'instance' or 'object', not {embedded_object!r}")
        self.facts = self.facts.changed()
        self.facts.embedded_object = embedded_object

    @property
    def qualifiers(self):
        """The qualifiers by name."""
        if self._qualifiers is None:
            track(self)
            self._qualifiers = new_nocase(False)
        return self._qualifiers

    @qualifiers.setter
    def qualifiers(self, qualifiers):
        track(self)
        self._qualifiers = qualifiers_of(qualifiers)

    def __eq__(self, other):
        cdef CIMParameter twin
        if not isinstance(other, CIMParameter):
            raise wrong_class(self, other)
        twin = other
        return self is twin or (
            same_fold(self._name, twin._name)
            and self.facts.same(twin.facts)
            and same_value(self._value, twin._value)
            and same_mapping(self._qualifiers, twin._qualifiers)
        )

    def __hash__(self):
        return property_hash(self._name.lower(), self._value, self.facts, self._qualifiers)

    def __repr__(self):
        return (
            f"{str(self)[:-4]}array_size={self.facts.array_size!r}, "
            f"qualifiers={self.qualifiers!r}, value={represent(self._value)}, "
            f"embedded_object={self.facts.embedded_object!r})"
        )

    def __str__(self):
        return (
            f"CIMParameter(name={represent(self._name)}, type={self.type!r}, "
            f"reference_class={represent(self.facts.reference_class)}, "
            f"is_array={self.is_array}, ...)"
        )

    def __reduce__(self):
        return CIMParameter, (
            self._name, self.type, self.facts.reference_class, self.is_array,
            self.facts.array_size, self._qualifiers, self._value, self.facts.embedded_object,
        )

    def __copy__(self):
        return self.copy()

    def copy(self):
        """Return a copy; a list and the qualifiers' mapping are copied, what they hold is not."""
        cdef CIMParameter new = CIMParameter.__new__(CIMParameter)
        new._name = self._name
        new._value = list(self._value) if isinstance(self._value, list) else self._value
        new.facts = self.facts
        if self._qualifiers is not None:
            new._qualifiers = self._qualifiers.twin()
        return new

    def tocimxml(self, as_value=False):
        """Return the element as an object of xml.dom.minidom; as tocimxmlstr()."""
        return element_of(self.tocimxmlstr(as_value=as_value))

    def tocimxmlstr(self, indent=None, as_value=False):
        """Return the PARAMETER element of the declaration, or PARAMVALUE with the value, as text."""
        return xml_of(self, indent, (as_value,))

    def tomof(self, indent=0, maxline=80):
        """Return the MOF text of the declaration."""
        return mof_of(self, (indent, maxline))


# ---- methods, classes, declarations ----

def restore_void_method(name, return_type, parameters, class_origin, propagated, qualifiers):
    """What pickle and copy make again of a method without TYPE."""
    cdef CIMMethod self = CIMMethod(
        name, "string", parameters, class_origin, propagated, qualifiers
    )
    self._return_type = 0
    return self


cdef class CIMMethod(CIMObject):
    """A method of a class.

    Args:
        name: its name.
        return_type: the name of the CIM type that it returns; never "reference".
        parameters: a mapping of names to CIMParameter objects, or an iterable of them.
        class_origin: the class that introduced it.
        propagated: whether it comes from a superclass.
        qualifiers: a mapping of names to CIMQualifier objects or values, or an iterable of objects.

    Raises:
        ValueError: the name or the return type is missing or wrong.
        TypeError: a parameter is no CIMParameter.
    """

    def __init__(
        self, name=None, return_type=None, parameters=None, class_origin=None, propagated=None,
        qualifiers=None,
    ):
        self._name = name_of(name, "a CIMMethod")
        self.return_type = return_type
        self._parameters = members_of(parameters, CIMParameter, "parameter")
        self._class_origin = text_of(class_origin)
        self._propagated = flag_of(propagated)
        self._qualifiers = qualifiers_of(qualifiers) or new_nocase(False)

    @property
    def name(self):
        """The name."""
        return self._name

    @name.setter
    def name(self, name):
        self._name = name_of(name, "a CIMMethod")

    @property
    def return_type(self):
        """The name of the CIM type that it returns; None when a server says that it is void."""
        return TYPE_NAMES[self._return_type]

    @return_type.setter
    def return_type(self, return_type):
        cdef int number = type_number(return_type, f"what the method {self._name!r} returns")
        if number == T_REFERENCE:
            raise ValueError(f"the method {self._name!r} cannot return a reference")
        self._return_type = number

    @property
    def class_origin(self):
        """The class that introduced it, or None."""
        return self._class_origin

    @class_origin.setter
    def class_origin(self, class_origin):
        self._class_origin = text_of(class_origin)

    @property
    def propagated(self):
        """Whether it comes from a superclass; None: not said."""
        return self._propagated

    @propagated.setter
    def propagated(self, propagated):
        self._propagated = flag_of(propagated)

    @property
    def parameters(self):
        """The parameters by name."""
        return self._parameters

    @parameters.setter
    def parameters(self, parameters):
        self._parameters = members_of(parameters, CIMParameter, "parameter")

    @property
    def qualifiers(self):
        """The qualifiers by name."""
        return self._qualifiers

    @qualifiers.setter
    def qualifiers(self, qualifiers):
        self._qualifiers = qualifiers_of(qualifiers) or new_nocase(False)

    def __eq__(self, other):
        cdef CIMMethod twin
        if not isinstance(other, CIMMethod):
            raise wrong_class(self, other)
        twin = other
        return self is twin or (
            same_fold(self._name, twin._name)
            and self._return_type == twin._return_type
            and same_fold(self._class_origin, twin._class_origin)
            and self._propagated is twin._propagated
            and same_mapping(self._parameters, twin._parameters)
            and same_mapping(self._qualifiers, twin._qualifiers)
        )

    def __hash__(self):
        return hash((
            self._name.lower(), self._return_type, folded_or_none(self._class_origin),
            self._propagated, mapping_hash(self._parameters), mapping_hash(self._qualifiers),
        ))

    def __repr__(self):
        return (
            f"{str(self)[:-4]}class_origin={represent(self._class_origin)}, "
            f"propagated={self._propagated}, parameters={self._parameters!r}, "
            f"qualifiers={self._qualifiers!r})"
        )

    def __str__(self):
        return f"CIMMethod(name={represent(self._name)}, return_type={self.return_type!r}, ...)"

    def __reduce__(self):
        return CIMMethod if self._return_type else restore_void_method, (
            self._name, self.return_type, self._parameters, self._class_origin, self._propagated,
            self._qualifiers,
        )

    def __copy__(self):
        return self.copy()

    def copy(self):
        """Return a copy; the mappings are copied, what they hold is not."""
        cdef CIMMethod new = CIMMethod.__new__(CIMMethod)
        new._name = self._name
        new._return_type = self._return_type
        new._class_origin = self._class_origin
        new._propagated = self._propagated
        new._parameters = self._parameters.twin()
        new._qualifiers = self._qualifiers.twin()
        return new

    def tocimxml(self):
        """Return the METHOD element as an object of xml.dom.minidom."""
        return element_of(self.tocimxmlstr())

    def tocimxmlstr(self, indent=None):
        """Return the METHOD element as text; indent: spaces or a text for each level."""
        return xml_of(self, indent, ())

    def tomof(self, indent=0, maxline=80):
        """Return the MOF text of the declaration."""
        return mof_of(self, (indent, maxline))


cdef class CIMQualifierDeclaration(CIMObject):
    """The declaration of a qualifier: its type, default, scopes and flavors.

    Args:
        name: its name.
        type: the CIM type's name; never "reference".
        value: the default value, or None.
        is_array: whether values are arrays; None is like False.
        array_size: how many items an array of a fixed size has.
        scopes: a mapping of the names CLASS, ASSOCIATION, REFERENCE, PROPERTY, METHOD, PARAMETER,
            INDICATION and ANY to booleans.
        overridable, tosubclass, toinstance, translatable: its flavors; None: not said.

    Raises:
        ValueError: name or type are missing or wrong, or is_array contradicts the value.
    """

    def __init__(
        self, name, type, value=None, is_array=False, array_size=None, scopes=None,
        overridable=None, tosubclass=None, toinstance=None, translatable=None,
    ):
        cdef Facts facts
        self._name = name_of(name, "a CIMQualifierDeclaration")
        self.type = type
        if is_array is None:
            is_array = isinstance(value, list)
        facts = facts_of("qualifier declaration", name, value, type, is_array, None)
        self._is_array = bool(facts.is_array)
        self._value = value_as(value, facts.type)
        self._array_size = array_size
        self.scopes = scopes
        self._overridable = flag_of(overridable)
        self._tosubclass = flag_of(tosubclass)
        self._toinstance = flag_of(toinstance)
        self._translatable = flag_of(translatable)

    @property
    def name(self):
        """The name."""
        return self._name

    @name.setter
    def name(self, name):
        self._name = name_of(name, "a CIMQualifierDeclaration")

    @property
    def type(self):
        """The name of the CIM type."""
        return TYPE_NAMES[self._type]

    @type.setter
    def type(self, type):
        cdef int number = type_number(type, "a qualifier declaration")
        if number == T_REFERENCE:
            raise ValueError(f"qualifier declaration {self._name!r}: a qualifier is no reference")
        self._type = number

    @property
    def value(self):
        """The default value, or None."""
        return self._value

    @value.setter
    def value(self, value):
        track(self)
        self._value = value_as(value, self._type)

    @property
    def is_array(self):
        """Whether values are arrays."""
        return self._is_array

    @is_array.setter
    def is_array(self, is_array):
        self._is_array = bool(is_array)

    @property
    def array_size(self):
        """How many items an array of a fixed size has, or None."""
        return self._array_size

    @array_size.setter
    def array_size(self, array_size):
        self._array_size = array_size

    @property
    def scopes(self):
        """Booleans by the name of the scope."""
        return self._scopes

    @scopes.setter
    def scopes(self, scopes):
        self._scopes = NocaseDict(scopes or {})

    @property
    def overridable(self):
        """Whether subclasses may say otherwise; None: not said."""
        return self._overridable

    @overridable.setter
    def overridable(self, value):
        self._overridable = flag_of(value)

    @property
    def tosubclass(self):
        """Whether subclasses have it; None: not said."""
        return self._tosubclass

    @tosubclass.setter
    def tosubclass(self, value):
        self._tosubclass = flag_of(value)

    @property
    def toinstance(self):
        """Whether instances have it; None: not said."""
        return self._toinstance

    @toinstance.setter
    def toinstance(self, value):
        self._toinstance = flag_of(value)

    @property
    def translatable(self):
        """Whether its text may be in several languages; None: not said."""
        return self._translatable

    @translatable.setter
    def translatable(self, value):
        self._translatable = flag_of(value)

    cdef tuple flavors(self):
        return self._tosubclass, self._overridable, self._translatable, self._toinstance

    def __eq__(self, other):
        cdef CIMQualifierDeclaration twin
        if not isinstance(other, CIMQualifierDeclaration):
            raise wrong_class(self, other)
        twin = other
        return self is twin or (
            same_fold(self._name, twin._name)
            and self._type == twin._type
            and self._is_array == twin._is_array
            and self._array_size == twin._array_size
            and self.flavors() == twin.flavors()
            and same_mapping(self._scopes, twin._scopes)
            and same_value(self._value, twin._value)
        )

    def __hash__(self):
        return hash((
            self._name.lower(), self._type, value_hash(self._value), self._is_array,
            self._array_size, mapping_hash(self._scopes), self.flavors(),
        ))

    def __repr__(self):
        return (
            f"{str(self)[:-4]}array_size={self._array_size!r}, scopes={self._scopes!r}, "
            f"tosubclass={self._tosubclass}, overridable={self._overridable}, "
            f"translatable={self._translatable}, toinstance={self._toinstance})"
        )

    def __str__(self):
        return (
            f"CIMQualifierDeclaration(name={represent(self._name)}, "
            f"value={represent(self._value)}, type={self.type!r}, is_array={self._is_array}, ...)"
        )

    def __reduce__(self):
        return CIMQualifierDeclaration, (
            self._name, self.type, self._value, self._is_array, self._array_size, self._scopes,
            self._overridable, self._tosubclass, self._toinstance, self._translatable,
        )

    def __copy__(self):
        return self.copy()

    def copy(self):
        """Return a copy; a list and the scopes are copied."""
        kind, arguments = self.__reduce__()
        return kind(*arguments)

    def tocimxml(self):
        """Return the QUALIFIER.DECLARATION element as an object of xml.dom.minidom."""
        return element_of(self.tocimxmlstr())

    def tocimxmlstr(self, indent=None):
        """Return the element as text; indent: spaces or a text for each level."""
        return xml_of(self, indent, ())

    def tomof(self, maxline=80):
        """Return the MOF text of the declaration."""
        return mof_of(self, (maxline,))


cdef class CIMClass(CIMObject):
    """A class: its declaration.

    Args:
        classname: its name.
        properties, methods: mappings of names to CIMProperty or CIMMethod objects, or iterables.
        superclass: the name of the class above it, or None.
        qualifiers: a mapping of names to CIMQualifier objects or values, or an iterable of objects.
        path: a CIMClassName, which is copied; or None.

    Raises:
        ValueError: the name is missing.
        TypeError: a member or the path is of the wrong class.
    """

    def __cinit__(self, *args, **kwargs):
        self.block = NULL

    def __dealloc__(self):
        block_free(self.block)
        self.block = NULL

    def __init__(
        self, classname, properties=None, methods=None, superclass=None, qualifiers=None, path=None
    ):
        self._classname = name_of(classname, "a CIMClass")
        self._properties = members_of(properties, CIMProperty, "property")
        self._methods = members_of(methods, CIMMethod, "method")
        self._superclass = text_of(superclass)
        self._qualifiers = qualifiers_of(qualifiers) or new_nocase(False)
        self.path = path

    cdef int kind(self) noexcept:
        return K_CLASS

    cdef NocaseDict list_of(self, NocaseDict known, unsigned int offset):
        """What the block has there, unless that was read before."""
        if known is not None:
            return known
        known = list_from(self.block, offset)
        track(self)
        return known

    @property
    def classname(self):
        """The name."""
        return self._classname

    @classname.setter
    def classname(self, classname):
        self._classname = name_of(classname, "a CIMClass")

    @property
    def superclass(self):
        """The name of the class above it, or None."""
        return self._superclass

    @superclass.setter
    def superclass(self, superclass):
        self._superclass = text_of(superclass)

    @property
    def properties(self):
        """The properties by name."""
        cdef NocaseDict found
        if self._properties is None:
            found = self.list_of(None, self.record.properties if self.block else 0)
            if self._properties is None:
                self._properties = found
        return self._properties

    @properties.setter
    def properties(self, properties):
        track(self)
        self._properties = members_of(properties, CIMProperty, "property")

    @property
    def methods(self):
        """The methods by name."""
        cdef NocaseDict found
        if self._methods is None:
            found = self.list_of(None, self.record.methods if self.block else 0)
            if self._methods is None:
                self._methods = found
        return self._methods

    @methods.setter
    def methods(self, methods):
        track(self)
        self._methods = members_of(methods, CIMMethod, "method")

    @property
    def qualifiers(self):
        """The qualifiers by name."""
        cdef NocaseDict found
        if self._qualifiers is None:
            found = self.list_of(None, self.record.qualifiers if self.block else 0)
            if self._qualifiers is None:
                self._qualifiers = found
        return self._qualifiers

    @qualifiers.setter
    def qualifiers(self, qualifiers):
        track(self)
        self._qualifiers = qualifiers_of(qualifiers) or new_nocase(False)

    @property
    def path(self):
        """Where the class is, or None."""
        if self._path is UNREAD_ITEM:
            path = path_from(self.block, self.record.path)
            if self._path is UNREAD_ITEM:
                self._path = path
        return self._path

    @path.setter
    def path(self, path):
        if path is not None and not isinstance(path, CIMClassName):
            raise TypeError(f"the path of a class is a CIMClassName, not {path!r}")
        self._path = None if path is None else path.copy()

    def __eq__(self, other):
        cdef CIMClass twin
        if not isinstance(other, CIMClass):
            raise wrong_class(self, other)
        twin = other
        return self is twin or (
            same_fold(self._classname, twin._classname)
            and same_fold(self._superclass, twin._superclass)
            and same_value(self.path, twin.path)
            and same_mapping(self.qualifiers, twin.qualifiers)
            and same_mapping(self.properties, twin.properties)
            and same_mapping(self.methods, twin.methods)
        )

    def __hash__(self):
        return hash((
            self._classname.lower(), folded_or_none(self._superclass),
            mapping_hash(self.qualifiers), mapping_hash(self.properties),
            mapping_hash(self.methods), self.path,
        ))

    def __repr__(self):
        return (
            f"{str(self)[:-4]}superclass={represent(self._superclass)}, "
            f"properties={self.properties!r}, methods={self.methods!r}, "
            f"qualifiers={self.qualifiers!r}, path={self.path!r})"
        )

    def __str__(self):
        return f"CIMClass(classname={represent(self._classname)}, ...)"

    def __reduce__(self):
        return CIMClass, (
            self._classname, self.properties, self.methods, self._superclass, self.qualifiers,
            self.path,
        )

    def __copy__(self):
        return self.copy()

    def copy(self):
        """Return a copy; path and mappings are copied, what the mappings hold is not."""
        cdef CIMClass new = CIMClass.__new__(CIMClass)
        new._classname = self._classname
        new._superclass = self._superclass
        new._properties = (<NocaseDict>self.properties).twin()
        new._methods = (<NocaseDict>self.methods).twin()
        new._qualifiers = (<NocaseDict>self.qualifiers).twin()
        new._path = None if self.path is None else self.path.copy()
        return new

    def tocimxml(self):
        """Return the CLASS element as an object of xml.dom.minidom."""
        return element_of(self.tocimxmlstr())

    def tocimxmlstr(self, indent=None):
        """Return the CLASS element as text; indent: spaces or a text for each level."""
        return xml_of(self, indent, ())

    def tomof(self, maxline=80):
        """Return the MOF text of the declaration."""
        return mof_of(self, (maxline,))


# ---- paths ----

cdef class CIMClassName(CIMObject):
    """The path of a class.

    Args:
        classname: its name.
        host: the WBEM server, "host" or "host:port"; or None.
        namespace: like "root/cimv2"; slashes at both ends are dropped; or None.

    Raises:
        ValueError: the name is missing.
    """

    def __init__(self, classname, host=None, namespace=None):
        self._classname = name_of(classname, "a CIMClassName")
        self._host = text_of(host)
        self._namespace = namespace_of(namespace)

    cdef int kind(self) noexcept:
        return K_CLASS_NAME

    @property
    def classname(self):
        """The class's name."""
        return self._classname

    @classname.setter
    def classname(self, classname):
        self._classname = name_of(classname, "a CIMClassName")

    @property
    def host(self):
        """The WBEM server, or None."""
        return self._host

    @host.setter
    def host(self, host):
        self._host = text_of(host)

    @property
    def namespace(self):
        """The namespace, or None."""
        return self._namespace

    @namespace.setter
    def namespace(self, namespace):
        self._namespace = namespace_of(namespace)

    def __eq__(self, other):
        cdef CIMClassName twin
        if not isinstance(other, CIMClassName):
            raise wrong_class(self, other)
        twin = other
        return self is twin or (
            same_fold(self._classname, twin._classname)
            and same_fold(self._host, twin._host)
            and same_fold(self._namespace, twin._namespace)
        )

    def __hash__(self):
        return hash((
            self._classname.lower(), folded_or_none(self._host), folded_or_none(self._namespace)
        ))

    def __repr__(self):
        return (
            f"CIMClassName(classname={represent(self._classname)}, "
            f"namespace={represent(self._namespace)}, host={represent(self._host)})"
        )

    def __str__(self):
        return self.to_wbem_uri("historical")

    def __reduce__(self):
        return CIMClassName, (self._classname, self._host, self._namespace)

    def __copy__(self):
        return self.copy()

    def copy(self):
        """Return a copy."""
        cdef CIMClassName new = CIMClassName.__new__(CIMClassName)
        new._classname = self._classname
        new._host = self._host
        new._namespace = self._namespace
        return new

    def to_wbem_uri(self, format="standard"):
        """Return it as a WBEM URI; format: standard, canonical, cimobject or historical."""
        from opswire._core import cim_uri
        return cim_uri.class_uri(self, format)

    @staticmethod
    def from_wbem_uri(wbem_uri):
        """Return what a WBEM URI names, in any of the formats; ValueError when it is none."""
        from opswire._core import cim_uri
        return cim_uri.read_class_uri(wbem_uri)

    def tocimxml(self, ignore_host=False, ignore_namespace=False):
        """Return the element as an object of xml.dom.minidom; as tocimxmlstr()."""
        return element_of(self.tocimxmlstr(None, ignore_host, ignore_namespace))

    def tocimxmlstr(self, indent=None, ignore_host=False, ignore_namespace=False):
        """Return CLASSPATH, LOCALCLASSPATH or CLASSNAME as text, as host and namespace are known."""
        return xml_of(self, indent, (ignore_host, ignore_namespace))


cdef object key_value(object name, object value):
    """A value that a key may have."""
    if isinstance(value, (str, bool, int, float)):
        return value
    if isinstance(value, bytes):
        return (<bytes>value).decode()
    if isinstance(value, CIMProperty):
        return key_value(name, (<CIMProperty>value)._value)
    if isinstance(value, (CIMInstanceName, CIMDateTime)) or value is None:
        return value
    if isinstance(value, list):
        raise TypeError(f"key {name!r}: a key is no array")
    if isinstance(value, (CIMInstance, CIMClass)):
        raise TypeError(f"key {name!r}: a key is no embedded object")
    raise TypeError(f"key {name!r}: a key is no {type(value).__name__}: {value!r}")


cdef NocaseDict keys_from(object keybindings):
    cdef NocaseDict given, new = new_nocase(True)
    if not keybindings:
        return new
    if isinstance(keybindings, NocaseDict):
        given = keybindings
    else:
        given = new_nocase(True)
        given.update(keybindings)
    for folded, value in given.found.items():
        value = key_value(given.names[folded], value)
        if value is None:
            if cim_config.IGNORE_NULL_KEY_VALUE:
                continue
            raise ValueError(
                f"key {given.names[folded]!r}: a key is never None "
                "(config.IGNORE_NULL_KEY_VALUE = True drops such keys)"
            )
        new.put(given.names[folded], value)
    return new


cdef class CIMInstanceName(CIMObject):
    """The path of an instance: its class, its keys, and perhaps where it is.

    It is a mapping of the keys too: ``path["Name"]``, ``len(path)``, ``"Name" in path``.

    Args:
        classname: the class's name.
        keybindings: a mapping of key names to values, or an iterable of pairs or of properties.
            Values are text, booleans, numbers, CIMDateTime and CIMInstanceName objects. One key may
            have the name None (unnamed).
        host: the WBEM server, "host" or "host:port"; or None.
        namespace: like "root/cimv2"; slashes at both ends are dropped; or None.

    Raises:
        ValueError: the name is missing, or a key is None.
        TypeError: a key is of a class that keys cannot be.
    """

    def __cinit__(self, *args, **kwargs):
        self.block = NULL
        self.record = &NO_PATH
        self.shape = NO_SHAPE

    def __dealloc__(self):
        block_free(self.block)
        self.block = NULL

    def __init__(self, classname, keybindings=None, host=None, namespace=None):
        self._classname = name_of(classname, "a CIMInstanceName")
        self._keybindings = keys_from(keybindings)
        self._host = text_of(host)
        self._namespace = namespace_of(namespace)

    cdef int kind(self) noexcept:
        return K_INSTANCE_NAME

    cdef object value_at(self, Py_ssize_t number):
        """One key's value from the block."""
        cdef const opswire_cim_values *values = (
            <const opswire_cim_values *>opswire_cim_at(self.block, self.record.values)
        )
        return value_from(self.block, opswire_cim_tags(values)[number], values.cells[number])

    cdef int thaw(self) except -1:
        """Turn all keys into Python, once."""
        cdef NocaseDict keys
        cdef Py_ssize_t i
        if self._keybindings is not None:
            return 0
        keys = new_nocase(True)
        keys.names = self.shape.by_fold
        keys.names_shared = True
        i = 0
        for folded in self.shape.by_fold:
            keys.found[folded] = self.value_at(i)
            i += 1
        if self._keybindings is None:
            track(self)
            self._keybindings = keys
        return 0

    @property
    def classname(self):
        """The class's name."""
        return self._classname

    @classname.setter
    def classname(self, classname):
        self._classname = name_of(classname, "a CIMInstanceName")

    @property
    def keybindings(self):
        """The keys' values by name."""
        self.thaw()
        return self._keybindings

    @keybindings.setter
    def keybindings(self, keybindings):
        cdef NocaseDict keys = keys_from(keybindings)
        track(self)
        self._keybindings = keys

    @property
    def host(self):
        """The WBEM server, or None."""
        if self._host is None and self.block is not NULL and self.record.host.offset:
            self._host = block_text(self.block, self.record.host)
        return self._host

    @host.setter
    def host(self, host):
        self.release()
        self._host = text_of(host)

    @property
    def namespace(self):
        """The namespace, or None."""
        if self._namespace is None and self.block is not NULL and self.record.namespace_name.offset:
            self._namespace = block_text(self.block, self.record.namespace_name)
        return self._namespace

    @namespace.setter
    def namespace(self, namespace):
        self.release()
        self._namespace = namespace_of(namespace)

    cdef int release(self) except -1:
        """Take everything out of the block, so that attributes alone count."""
        cdef opswire_cim_block *block
        if self.block is NULL:
            return 0
        self.thaw()
        self._host = self.host
        self._namespace = self.namespace
        block = self.block
        self.block = NULL
        block_free(block)
        return 0

    def __getitem__(self, key):
        cdef PyObject *number
        if self._keybindings is None:
            number = PyDict_GetItemWithError(self.shape.index, key)
            if number is NULL:
                number = PyDict_GetItemWithError(self.shape.index, fold(key))
                if number is NULL:
                    raise KeyError(key)
            return self.value_at(<Py_ssize_t>(<object>number))
        return self._keybindings.fetch(key)

    def __setitem__(self, key, value):
        value = key_value(key, value)
        self.thaw()
        track(self)
        self._keybindings.put(key, value)

    def __delitem__(self, key):
        del self.keybindings[key]

    def __contains__(self, key):
        if self._keybindings is None:
            return fold(key) in self.shape.by_fold
        return key in self._keybindings

    def __len__(self):
        return self.shape.count if self._keybindings is None else len(self._keybindings.found)

    def __iter__(self):
        return iter(self.keybindings)

    def get(self, key, default=None):
        """Return the key's value, or the default."""
        try:
            return self[key]
        except KeyError:
            return default

    def has_key(self, key):
        """Return whether there is a key with that name."""
        return key in self

    def keys(self):
        """Return a live view of the names."""
        return self.keybindings.keys()

    def values(self):
        """Return a live view of the values."""
        return self.keybindings.values()

    def items(self):
        """Return a live view of the (name, value) pairs."""
        return self.keybindings.items()

    def iterkeys(self):
        """Return an iterator of the names."""
        return iter(self.keybindings.keys())

    def itervalues(self):
        """Return an iterator of the values."""
        return iter(self.keybindings.values())

    def iteritems(self):
        """Return an iterator of the (name, value) pairs."""
        return iter(self.keybindings.items())

    def update(self, *args, **kwargs):
        """Set the keys that the mapping, the pairs or the keyword arguments have."""
        new = new_nocase(True)
        new.update(*args, **kwargs)
        for key, value in new.items():
            self[key] = value

    def __eq__(self, other):
        cdef CIMInstanceName twin
        if not isinstance(other, CIMInstanceName):
            raise wrong_class(self, other)
        twin = other
        if self is twin:
            return True
        if not same_fold(self._classname, twin._classname):
            return False
        self.thaw()
        twin.thaw()
        return (
            same_mapping(self._keybindings, twin._keybindings)
            and same_fold(self.host, twin.host)
            and same_fold(self.namespace, twin.namespace)
        )

    def __hash__(self):
        self.thaw()
        return hash((
            self._classname.lower(), mapping_hash(self._keybindings), folded_or_none(self.host),
            folded_or_none(self.namespace),
        ))

    def __repr__(self):
        return (
            f"CIMInstanceName(classname={represent(self._classname)}, "
            f"keybindings={self.keybindings!r}, namespace={represent(self.namespace)}, "
            f"host={represent(self.host)})"
        )

    def __str__(self):
        return self.to_wbem_uri("historical")

    def __reduce__(self):
        return CIMInstanceName, (self._classname, self.keybindings, self.host, self.namespace)

    def __copy__(self):
        return self.copy()

    def copy(self):
        """Return a copy; the keys' mapping is copied too."""
        cdef CIMInstanceName new = CIMInstanceName.__new__(CIMInstanceName)
        new._classname = self._classname
        new._host = self._host
        new._namespace = self._namespace
        new.shape = self.shape
        new.record = self.record
        new.block = block_share(self.block) if self.block is not NULL else NULL
        if self._keybindings is not None:
            new._keybindings = self._keybindings.twin()
        return new

    def to_wbem_uri(self, format="standard"):
        """Return it as a WBEM URI; format: standard, canonical, cimobject or historical."""
        from opswire._core import cim_uri
        return cim_uri.instance_uri(self, format)

    @staticmethod
    def from_wbem_uri(wbem_uri):
        """Return what a WBEM URI names, in any of the formats; ValueError when it is none."""
        from opswire._core import cim_uri
        return cim_uri.read_instance_uri(wbem_uri)

    @staticmethod
    def from_instance(class_, instance, namespace=None, host=None, strict=False):
        """Return the path of an instance: the keys are the properties with the qualifier Key.

        Args:
            class_: the CIMClass that tells which properties are keys.
            instance: the CIMInstance that has their values.
            namespace, host: of the new path.
            strict: whether a key that the instance lacks is a ValueError, or left out.
        """
        keys = new_nocase(True)
        for name, declared in class_.properties.items():
            if "Key" not in declared.qualifiers:
                continue
            value = instance.get(name)
            if value is not None:
                keys[name] = value
            elif strict:
                raise ValueError(
                    f"the instance has no value for {name!r}, a key of the class "
                    f"{class_.classname!r}"
                )
        return CIMInstanceName(class_.classname, keys, host, namespace)

    def tocimxml(self, ignore_host=False, ignore_namespace=False):
        """Return the element as an object of xml.dom.minidom; as tocimxmlstr()."""
        return element_of(self.tocimxmlstr(None, ignore_host, ignore_namespace))

    def tocimxmlstr(self, indent=None, ignore_host=False, ignore_namespace=False):
        """Return INSTANCEPATH, LOCALINSTANCEPATH or INSTANCENAME as text, as much as is known."""
        return xml_of(self, indent, (ignore_host, ignore_namespace))


# ---- instances ----

cdef class CIMInstance(CIMObject):
    """An instance: the values of a class's properties, and perhaps its path.

    It is a mapping of property names to values too, in any case: ``instance["Name"]``. Setting a
    key property sets the key in its path as well.

    Args:
        classname: the class's name.
        properties: a mapping of names to values or CIMProperty objects, or an iterable of pairs or
            of objects.
        qualifiers: a mapping of names to CIMQualifier objects or values, or an iterable of objects.
        path: a CIMInstanceName, which is copied; or None.

    Raises:
        ValueError: the name is missing, or a property's value does not tell its CIM type.
        TypeError: the path is none.
    """

    def __cinit__(self, *args, **kwargs):
        self.block = NULL
        self.record = &NO_INSTANCE
        self.shape = NO_SHAPE

    def __dealloc__(self):
        block_free(self.block)
        self.block = NULL

    def __init__(self, classname, properties=None, qualifiers=None, path=None):
        self._classname = name_of(classname, "a CIMInstance")
        if path is not None:
            self.path = path
        self._qualifiers = qualifiers_of(qualifiers)
        self.set_properties(properties)

    cdef int kind(self) noexcept:
        return K_INSTANCE

    cdef int set_properties(self, object properties) except -1:
        cdef NocaseDict new = new_nocase(False)
        cdef dict names = new.names
        cdef dict found = new.found
        cdef object key, value
        cdef str folded
        cdef bint with_path = self._path is not None
        if properties:
            if isinstance(properties, NocaseDict):
                source = (<NocaseDict>properties).items()
            elif isinstance(properties, dict):
                source = (<dict>properties).items()
            else:
                given = NocaseDict(properties)
                source = given.items()
            for key, value in source:
                if type(key) is not str:
                    key = name_of(key, "a property")
                folded = (<str>key).lower()
                names[folded] = key
                found[folded] = property_under(<str>key, folded, value)
                if with_path:
                    self.tell_path(key, found[folded])
        self._properties = new
        return 0

    cdef int tell_path(self, object key, object item) except -1:
        """A key property decides the key of the path."""
        path = self.path
        if path is not None and key in path and (<CIMProperty>item)._value is not None:
            path[key] = (<CIMProperty>item)._value
        return 0

    cdef NocaseDict thawed(self):
        """The properties as objects: made now, if they are still in the block."""
        cdef NocaseDict properties
        cdef Py_ssize_t i
        cdef dict found
        cdef CIMProperty item
        if self._properties is not None:
            return self._properties
        properties = new_nocase(False)
        properties.names = self.shape.by_fold
        properties.names_shared = True
        found = properties.found
        i = 0
        for folded in self.shape.by_fold:
            item = new_property(
                <str>self.shape.names[i], self.value_at(i), <Facts>self.shape.facts[i]
            )
            found[folded] = item
            i += 1
        if self.record.qualified:
            add_qualifiers(self.block, self.record.qualified, self.shape, found)
        if self._properties is None:
            track(self)
            self._properties = properties
        return self._properties

    cdef Py_ssize_t number_of(self, object name) except -2:
        """Which property of the shape has that name; -1: none."""
        cdef PyObject *number = PyDict_GetItemWithError(self.shape.index, name)
        if number is NULL:
            number = PyDict_GetItemWithError(self.shape.index, fold(name))
            if number is NULL:
                return -1
        return <Py_ssize_t>(<object>number)

    cdef object value_at(self, Py_ssize_t number):
        """A property's value; the first who reads it makes it for all."""
        cdef list slots = self.slots
        cdef const opswire_cim_values *values
        cdef Py_ssize_t i
        cdef object value
        if slots is None:
            slots = PyList_New(self.shape.count)
            for i in range(self.shape.count):
                Py_INCREF(UNREAD_ITEM)
                PyList_SET_ITEM(slots, i, UNREAD_ITEM)
            untrack(slots)
            # Making the list may have run the collector, and that another thread.
            if self.slots is None:
                self.slots = slots
            else:
                slots = self.slots
        value = <object>PyList_GET_ITEM(slots, number)
        if value is not UNREAD_ITEM:
            return value
        values = <const opswire_cim_values *>opswire_cim_at(self.block, self.record.values)
        value = value_from(self.block, opswire_cim_tags(values)[number], values.cells[number])
        if <object>PyList_GET_ITEM(slots, number) is UNREAD_ITEM:
            if leads_back(value):
                track(slots)
                track(self)
            slots[number] = value
            return value
        return <object>PyList_GET_ITEM(slots, number)

    @property
    def classname(self):
        """The class's name."""
        return self._classname

    @classname.setter
    def classname(self, classname):
        self._classname = name_of(classname, "a CIMInstance")

    @property
    def properties(self):
        """The properties by name, CIMProperty objects."""
        return self.thawed()

    @properties.setter
    def properties(self, properties):
        track(self)
        self.set_properties(properties)

    @property
    def qualifiers(self):
        """The qualifiers by name; instances have none since DSP0200 1.4."""
        cdef NocaseDict found
        if self._qualifiers is None:
            if self.block is not NULL and self.record.qualifiers:
                found = list_from(self.block, self.record.qualifiers)
            else:
                found = new_nocase(False)
            if self._qualifiers is None:
                track(self)
                self._qualifiers = found
        return self._qualifiers

    @qualifiers.setter
    def qualifiers(self, qualifiers):
        track(self)
        self._qualifiers = qualifiers_of(qualifiers) or new_nocase(False)

    @property
    def path(self):
        """The path, or None."""
        if self._path is UNREAD_ITEM:
            path = path_from(self.block, self.record.path)
            if self._path is UNREAD_ITEM:
                self._path = path
                if path is not None:
                    track(self)
        return self._path

    @path.setter
    def path(self, path):
        if path is not None:
            if not isinstance(path, CIMInstanceName):
                raise TypeError(f"the path of an instance is a CIMInstanceName, not {path!r}")
            path = path.copy()
            track(self)
        self._path = path

    def __getitem__(self, key):
        cdef Py_ssize_t number
        if self._properties is None:
            number = self.number_of(key)
            if number < 0:
                raise KeyError(key)
            return self.value_at(number)
        return (<CIMProperty>self._properties.fetch(key))._value

    def __setitem__(self, key, value):
        cdef str name = name_of(key, "a property")
        cdef CIMProperty item = property_under(name, name.lower(), value)
        self.thawed().put(name, item)
        if self._path is not None:
            self.tell_path(name, item)

    def __delitem__(self, key):
        del self.thawed()[key]

    def __contains__(self, key):
        if self._properties is None:
            return self.number_of(key) >= 0
        return key in self._properties

    def __len__(self):
        return self.shape.count if self._properties is None else len(self._properties.found)

    def __iter__(self):
        if self._properties is None:
            return iter(self.shape.names)
        return iter(self._properties)

    def get(self, key, default=None):
        """Return the property's value, or the default."""
        try:
            return self[key]
        except KeyError:
            return default

    def has_key(self, key):
        """Return whether there is a property with that name."""
        return key in self

    def keys(self):
        """Return the names, as a view that follows changes."""
        return Names(self)

    def values(self):
        """Return the values, as a view that follows changes."""
        return Values(self)

    def items(self):
        """Return the (name, value) pairs, as a view that follows changes."""
        return Pairs(self)

    def iterkeys(self):
        """Return an iterator of the names."""
        return iter(self)

    def itervalues(self):
        """Return an iterator of the values."""
        return iter(Values(self))

    def iteritems(self):
        """Return an iterator of the (name, value) pairs."""
        return iter(Pairs(self))

    cdef list all_values(self):
        cdef Py_ssize_t i
        if self._properties is None:
            return [self.value_at(i) for i in range(self.shape.count)]
        return [(<CIMProperty>item)._value for item in self._properties.found.values()]

    def update(self, *args, **kwargs):
        """Set the properties that the mapping, the pairs or the keyword arguments have."""
        new = new_nocase(False)
        new.update(*args, **kwargs)
        for key, value in new.items():
            self[key] = value

    def update_existing(self, *args, **kwargs):
        """Set the values of those properties that the instance has already; ignore the others.

        The CIM types stay as they are.
        """
        new = new_nocase(False)
        new.update(*args, **kwargs)
        for key, value in new.items():
            if key in self:
                item = self.thawed().fetch(key)
                item.value = (<CIMProperty>value)._value if isinstance(value, CIMProperty) else value
                if self._path is not None:
                    self.tell_path(key, item)

    def __eq__(self, other):
        cdef CIMInstance twin
        cdef Py_ssize_t i
        if not isinstance(other, CIMInstance):
            raise wrong_class(self, other)
        twin = other
        if self is twin:
            return True
        if not same_fold(self._classname, twin._classname):
            return False
        if (
            self._properties is None
            and twin._properties is None
            and self.shape is twin.shape
            and not self.record.qualified
            and not twin.record.qualified
        ):
            if self.block is not twin.block or self.record is not twin.record:
                for i in range(self.shape.count):
                    if not same_value(self.value_at(i), twin.value_at(i)):
                        return False
        elif not same_mapping(self.thawed(), twin.thawed()):
            return False
        return same_value(self.path, twin.path) and (
            (self.plain() and twin.plain()) or same_mapping(self.qualifiers, twin.qualifiers)
        )

    cdef bint plain(self) noexcept:
        """Whether there are surely no qualifiers."""
        return self._qualifiers is None and (self.block is NULL or not self.record.qualifiers)

    def __hash__(self):
        cdef Py_hash_t total = 0
        cdef Py_ssize_t i
        cdef Py_hash_t one
        if self._properties is None and not self.record.qualified:
            i = 0
            for folded in self.shape.by_fold:
                one = property_hash(
                    <str>folded, self.value_at(i), <Facts>self.shape.facts[i], None
                )
                total += mixed(hash(folded), one)
                i += 1
        else:
            total = mapping_hash(self.thawed())
        return hash((
            self._classname.lower(), total, 0 if self.plain() else mapping_hash(self.qualifiers),
            self.path,
        ))

    def __repr__(self):
        return (
            f"{str(self)[:-4]}properties={self.properties!r}, qualifiers={self.qualifiers!r})"
        )

    def __str__(self):
        return f"CIMInstance(classname={represent(self._classname)}, path={self.path!r}, ...)"

    def __reduce__(self):
        return restore_instance, (
            type(self), self._classname, self.properties,
            None if self.plain() else self.qualifiers, self.path,
        )

    def __copy__(self):
        return self.copy()

    def copy(self):
        """Return a copy.

        Its path and mappings are its own; values and CIMProperty objects that were looked at are
        the same as the original's.
        """
        cdef CIMInstance new = CIMInstance.__new__(CIMInstance)
        new._classname = self._classname
        new.shape = self.shape
        if self.block is not NULL:
            new.block = block_share(self.block)
            new.record = self.record
        if self._properties is not None:
            new._properties = self._properties.twin()
        if self.slots is not None:
            new.slots = list(self.slots)
        if self._qualifiers is not None:
            new._qualifiers = self._qualifiers.twin()
        if self._path is UNREAD_ITEM or self._path is None:
            new._path = self._path
        else:
            new._path = (<CIMInstanceName>self._path).copy()
        return new

    @staticmethod
    def from_class(
        klass, namespace=None, property_values=None, include_missing_properties=True,
        include_path=True, include_class_origin=False,
    ):
        """Return an instance of a class with the given values, and the defaults of the rest.

        Args:
            klass: the CIMClass.
            namespace: of the path.
            property_values: a mapping of names to values.
            include_missing_properties: whether properties without a given value are there, with the
                class's default or None.
            include_path: whether to make the path from the key properties.
            include_class_origin: whether properties say which class introduced them.

        Raises:
            ValueError: a value for a property that the class has not, or for a key is missing.
        """
        given = NocaseDict(property_values or {})
        for name in given:
            if name not in klass.properties:
                raise ValueError(f"the class {klass.classname!r} has no property {name!r}")
        properties = NocaseDict()
        for name, declared in klass.properties.items():
            if name in given:
                value = given[name]
                if isinstance(value, CIMProperty):
                    value = value.value
            elif include_missing_properties:
                value = declared.value
            else:
                continue
            properties[name] = CIMProperty(
                declared.name,
                value,
                declared.type,
                class_origin=declared.class_origin if include_class_origin else None,
                array_size=declared.array_size,
                is_array=declared.is_array,
                reference_class=declared.reference_class,
                embedded_object=declared.embedded_object,
            )
        instance = CIMInstance(klass.classname, properties)
        if include_path:
            keys = [name for name in properties if "Key" in klass.properties[name].qualifiers]
            instance.path = CIMInstanceName(
                klass.classname, {name: instance[name] for name in keys}, namespace=namespace
            )
        return instance

    def tocimxml(self, ignore_path=False):
        """Return the element as an object of xml.dom.minidom; as tocimxmlstr()."""
        return element_of(self.tocimxmlstr(None, ignore_path))

    def tocimxmlstr(self, indent=None, ignore_path=False):
        """Return INSTANCE, or with a path the VALUE element with both, as text."""
        return xml_of(self, indent, (ignore_path,))

    def tomof(self, maxline=80):
        """Return the MOF text ("instance of …")."""
        return mof_of(self, (maxline,))


def restore_instance(kind, classname, properties, qualifiers, path):
    """What pickle calls."""
    self = kind(classname, properties, qualifiers)
    self.path = path
    return self


cdef CIMProperty property_under(str name, str folded, object value):
    """What was given as property: the object itself, or one made of the value."""
    if isinstance(value, CIMProperty):
        if (<CIMProperty>value)._name is not name and (<CIMProperty>value)._name.lower() != folded:
            raise ValueError(
                f"the property {(<CIMProperty>value)._name!r} is given under the name {name!r}"
            )
        return value
    return property_from(name, value)


cdef class InstanceView:
    cdef CIMInstance owner

    def __cinit__(self, CIMInstance owner):
        self.owner = owner

    def __len__(self):
        return len(self.owner)

    def __repr__(self):
        return f"{type(self).__name__}({list(self)!r})"


cdef class Names(InstanceView):
    def __iter__(self):
        return iter(self.owner)

    def __contains__(self, key):
        return key in self.owner


cdef class Values(InstanceView):
    def __iter__(self):
        return iter(self.owner.all_values())


cdef class Pairs(InstanceView):
    def __iter__(self):
        return zip(self.owner, self.owner.all_values())

    def __contains__(self, item):
        key, value = item
        return key in self.owner and same_value(self.owner[key], value)


# ---- from blocks ----

cdef str block_text(const opswire_cim_block *block, opswire_cim_text text):
    """UTF-8 in a block as text; None when there is none."""
    cdef Py_ssize_t size
    cdef const char *data
    if text.offset == 0:
        return None
    data = <const char *>opswire_cim_at(block, text.offset)
    size = OPSWIRE_CIM_TEXT_SIZE(text)
    if text.size & OPSWIRE_CIM_NOT_ASCII:
        return PyUnicode_DecodeUTF8(data, size, NULL)
    if size < 2:
        return PyUnicode_DecodeUTF8(data, size, NULL)
    made = PyUnicode_New(size, 127)
    memcpy(PyUnicode_DATA(made), data, size)
    return made


cdef str view_text(opswire_view view):
    if view.data is NULL:
        return None
    return PyUnicode_DecodeUTF8(<const char *>view.data, view.size, NULL)


# Names that occur again and again: one object each. Cut when it has grown large.
cdef dict KNOWN_NAMES = {}
cdef enum:
    MOST_KNOWN_NAMES = 20000
    # What of the flags is in Facts; none of them is as low as a type.
    FACT_FLAGS = (
        OPSWIRE_CIM_PROPAGATED << 8 | OPSWIRE_CIM_IS_ARRAY << 8 | OPSWIRE_CIM_EMBEDDED_INSTANCE << 8
        | OPSWIRE_CIM_EMBEDDED_OBJECT << 8
    )


cdef str known(str name):
    cdef PyObject *found
    if name is None:
        return None
    found = PyDict_GetItemWithError(KNOWN_NAMES, name)
    if found is not NULL:
        return <str>found
    if len(KNOWN_NAMES) >= MOST_KNOWN_NAMES:
        KNOWN_NAMES.clear()
    KNOWN_NAMES[name] = name
    return name


cdef inline object given_flag(uint32_t flags, uint32_t given, uint32_t flag, bint otherwise):
    """A flag of an element; what the DTD says where the attribute is not."""
    if not flags & given:
        return otherwise
    return (flags & flag) != 0


cdef str embedded_flag(uint32_t flags):
    if flags & OPSWIRE_CIM_EMBEDDED_INSTANCE:
        return "instance"
    if flags & OPSWIRE_CIM_EMBEDDED_OBJECT:
        return "object"
    return None


# As PLAIN_FACTS, for what was read: there "propagated" is said always.
cdef dict READ_FACTS = {}


cdef Facts facts_from(
    uint32_t flags, int type, uint32_t array_size, str class_origin, str reference_class,
    bint of_parameter,
):
    cdef Facts facts
    cdef PyObject *found
    cdef object key = None
    if (
        class_origin is None
        and reference_class is None
        and not flags & OPSWIRE_CIM_ARRAY_SIZE_GIVEN
    ):
        key = type | (flags << 8 & FACT_FLAGS) | of_parameter << 7
        found = PyDict_GetItemWithError(READ_FACTS, key)
        if found is not NULL:
            return <Facts>found
    facts = Facts.__new__(Facts)
    facts.type = type
    facts.is_array = (flags & OPSWIRE_CIM_IS_ARRAY) != 0
    facts.embedded_object = embedded_flag(flags)
    facts.class_origin = class_origin
    facts.reference_class = reference_class
    if not of_parameter:
        facts.propagated = given_flag(
            flags, OPSWIRE_CIM_PROPAGATED_GIVEN, OPSWIRE_CIM_PROPAGATED, False
        )
    if flags & OPSWIRE_CIM_ARRAY_SIZE_GIVEN:
        facts.array_size = array_size
    if key is not None:
        READ_FACTS[key] = facts
    return facts


cdef Shape shape_for(const opswire_cim_block *block, uint32_t index):
    """What the C reader's shape is in Python; made once and kept there."""
    cdef opswire_cim_shape *source = shape_at(block, index)
    cdef const opswire_cim_descriptor *member
    cdef Shape new
    cdef list names
    cdef uint32_t i
    cdef str name
    if source.memo is not NULL:
        return <Shape>source.memo
    new = Shape.__new__(Shape)
    new.classname = known(view_text(source.class_name))
    new.count = source.count
    new.by_fold = {}
    new.index = {}
    new.facts = []
    names = []
    for i in range(source.count):
        member = source.members[i]
        name = known(view_text(member.name))
        if source.path and not member.flags & OPSWIRE_CIM_NAME_GIVEN:
            name = None
        names.append(name)
        folded = known(folded_or_none(name))
        new.by_fold[folded] = name
        new.index[folded] = i
        new.index[name] = i
        if not source.path:
            new.facts.append(facts_from(
                member.flags, member.type, member.array_size,
                known(view_text(member.class_origin)), known(view_text(member.reference_class)),
                False,
            ))
    new.names = tuple(names)
    # The collector may have let another thread make it meanwhile.
    if source.memo is NULL:
        Py_INCREF(new)
        source.memo = <void *>new
    return <Shape>source.memo


cdef void drop_memo(void *memo) noexcept with gil:
    """What the C reader calls when a shape goes."""
    Py_XDECREF(<PyObject *>memo)


cdef object value_from(opswire_cim_block *block, uint8_t tag, opswire_cim_cell cell):
    """The Python value of a cell."""
    cdef const opswire_cim_values *values
    cdef const uint8_t *tags
    cdef uint32_t i
    cdef list items
    if tag & OPSWIRE_CIM_ARRAY:
        values = <const opswire_cim_values *>opswire_cim_at(block, cell.offset)
        tags = opswire_cim_tags(values)
        items = []
        for i in range(values.count):
            items.append(value_from(block, tags[i], values.cells[i]))
        return items
    if tag == OPSWIRE_CIM_STRING or tag == OPSWIRE_CIM_CHAR16:
        return block_text(block, cell.text)
    if tag >= OPSWIRE_CIM_UINT8 and tag <= OPSWIRE_CIM_SINT64:
        if tag == OPSWIRE_CIM_UINT64:
            return make_integer(tag, cell.u)
        return make_integer(tag, cell.s)
    if tag == OPSWIRE_CIM_NULL:
        return None
    if tag == OPSWIRE_CIM_BOOLEAN:
        return cell.u != 0
    if tag == OPSWIRE_CIM_DATETIME:
        return read_datetime(
            <const char *>opswire_cim_at(block, cell.text.offset), OPSWIRE_CIM_TEXT_SIZE(cell.text)
        )
    if tag == OPSWIRE_CIM_REAL32 or tag == OPSWIRE_CIM_REAL64:
        return make_real(tag, real_from(block, cell.text))
    if tag == OPSWIRE_CIM_REFERENCE:
        return path_from(block, cell.offset)
    if tag == OPSWIRE_CIM_INSTANCE:
        return instance_from(block, cell.offset)
    if tag == OPSWIRE_CIM_CLASS:
        return class_from(block, cell.offset)
    if tag == OPSWIRE_CIM_MEMBER:
        return member_object(
            block, <const opswire_cim_member *>opswire_cim_at(block, cell.offset)
        )
    if tag == OPSWIRE_CIM_INTEGER:
        return cell.s
    if tag == OPSWIRE_CIM_NATURAL:
        return cell.u
    return real_from(block, cell.text)


cdef double real_from(const opswire_cim_block *block, opswire_cim_text text) except? -1.0:
    # The text ends with a NUL in the block; INF and NaN are understood in any case.
    return PyOS_string_to_double(<const char *>opswire_cim_at(block, text.offset), NULL, NULL)


cdef object path_from(opswire_cim_block *block, uint32_t offset):
    """A CIMInstanceName, a CIMClassName, or the text of a namespace alone; None for 0."""
    cdef const opswire_cim_path *record
    cdef CIMInstanceName instance
    cdef CIMClassName class_name
    if offset == 0:
        return None
    record = <const opswire_cim_path *>opswire_cim_at(block, offset)
    if record.values:
        instance = CIMInstanceName.__new__(CIMInstanceName)
        instance.shape = shape_for(block, record.shape)
        instance._classname = instance.shape.classname
        instance.record = record
        instance.block = block_share(block)
        untrack(instance)
        return instance
    if record.class_name.offset:
        class_name = CIMClassName.__new__(CIMClassName)
        class_name._classname = known(block_text(block, record.class_name))
        class_name._host = known(block_text(block, record.host))
        class_name._namespace = known(block_text(block, record.namespace_name))
        return class_name
    return block_text(block, record.namespace_name)


cdef CIMInstance instance_from(opswire_cim_block *block, uint32_t offset):
    cdef CIMInstance self = CIMInstance.__new__(CIMInstance)
    self.record = <const opswire_cim_instance *>opswire_cim_at(block, offset)
    self.shape = shape_for(block, self.record.shape)
    self._classname = self.shape.classname
    if self.record.path:
        self._path = UNREAD_ITEM
    self.block = block_share(block)
    untrack(self)
    return self


cdef CIMClass class_from(opswire_cim_block *block, uint32_t offset):
    cdef CIMClass self = CIMClass.__new__(CIMClass)
    self.record = <const opswire_cim_class *>opswire_cim_at(block, offset)
    self._classname = known(block_text(block, self.record.name))
    self._superclass = known(block_text(block, self.record.superclass))
    if self.record.path:
        self._path = UNREAD_ITEM
    self.block = block_share(block)
    untrack(self)
    return self


cdef NocaseDict list_from(opswire_cim_block *block, uint32_t offset):
    """The members of a list by name; an empty mapping for 0."""
    cdef NocaseDict new = new_nocase(False)
    cdef const opswire_cim_list *source
    cdef const opswire_cim_member *member
    cdef uint32_t i
    cdef str name
    cdef str folded
    if offset == 0:
        return new
    source = <const opswire_cim_list *>opswire_cim_at(block, offset)
    for i in range(source.count):
        member = <const opswire_cim_member *>opswire_cim_at(block, source.offsets[i])
        name = known(block_text(block, member.name))
        folded = known(name.lower())
        new.names[folded] = name
        new.found[folded] = member_object(block, member)
    return new


cdef int add_qualifiers(
    opswire_cim_block *block, uint32_t offset, Shape shape, dict found
) except -1:
    """Properties of an instance with qualifiers of their own."""
    cdef const uint32_t *words = <const uint32_t *>opswire_cim_at(block, offset)
    cdef uint32_t i
    for i in range(words[0]):
        folded = folded_or_none(shape.names[words[1 + 2 * i]])
        item = <CIMProperty>found[folded]
        track(item)
        (<CIMProperty>item)._qualifiers = list_from(block, words[2 + 2 * i])
    return 0


cdef object member_value(opswire_cim_block *block, const opswire_cim_member *member):
    return value_from(block, member.tag, member.cell)


cdef object member_object(opswire_cim_block *block, const opswire_cim_member *member):
    """The object that a member stands for."""
    cdef CIMProperty item
    cdef CIMParameter parameter
    cdef CIMMethod method
    cdef uint32_t flags = member.flags
    cdef int element = member.element
    if element == OPSWIRE_CIM_E_QUALIFIER:
        return qualifier_from(block, member)
    if element == OPSWIRE_CIM_E_QUALIFIER_DECLARATION:
        return declaration_from(block, member)
    if element == OPSWIRE_CIM_E_METHOD:
        method = CIMMethod.__new__(CIMMethod)
        method._name = known(block_text(block, member.name))
        method._return_type = member.type
        method._class_origin = known(block_text(block, member.class_origin))
        method._propagated = given_flag(flags, OPSWIRE_CIM_PROPAGATED_GIVEN, OPSWIRE_CIM_PROPAGATED, False)
        method._parameters = list_from(block, member.parameters)
        method._qualifiers = list_from(block, member.qualifiers)
        return method
    if element in (
        OPSWIRE_CIM_E_PROPERTY, OPSWIRE_CIM_E_PROPERTY_ARRAY, OPSWIRE_CIM_E_PROPERTY_REFERENCE
    ):
        item = new_property(
            known(block_text(block, member.name)), member_value(block, member),
            member_facts(block, member, False),
        )
        if member.qualifiers:
            track(item)
            item._qualifiers = list_from(block, member.qualifiers)
        return item
    parameter = CIMParameter.__new__(CIMParameter)
    parameter._name = known(block_text(block, member.name))
    parameter._value = member_value(block, member)
    parameter.facts = member_facts(block, member, True)
    if member.qualifiers:
        parameter._qualifiers = list_from(block, member.qualifiers)
    return parameter


cdef Facts member_facts(
    const opswire_cim_block *block, const opswire_cim_member *member, bint of_parameter
):
    cdef uint32_t flags = member.flags
    cdef int type = member.type
    if member.tag & OPSWIRE_CIM_ARRAY or member.element == OPSWIRE_CIM_E_PARAMETER_REFARRAY:
        flags |= OPSWIRE_CIM_IS_ARRAY
    if of_parameter and not flags & (OPSWIRE_CIM_EMBEDDED_INSTANCE | OPSWIRE_CIM_EMBEDDED_OBJECT):
        # An object that needs no text to be embedded in.
        if member.tag & OPSWIRE_CIM_TYPE_MASK == OPSWIRE_CIM_INSTANCE:
            flags |= OPSWIRE_CIM_EMBEDDED_INSTANCE
        elif member.tag & OPSWIRE_CIM_TYPE_MASK == OPSWIRE_CIM_CLASS:
            flags |= OPSWIRE_CIM_EMBEDDED_OBJECT
    if type == 0:
        # PARAMVALUE without PARAMTYPE, and the reference forms, which have no TYPE.
        if (
            member.element == OPSWIRE_CIM_E_PROPERTY_REFERENCE
            or member.element == OPSWIRE_CIM_E_PARAMETER_REFERENCE
            or member.element == OPSWIRE_CIM_E_PARAMETER_REFARRAY
            or member.tag & OPSWIRE_CIM_TYPE_MASK == OPSWIRE_CIM_REFERENCE
        ):
            type = T_REFERENCE
        else:
            type = T_STRING
    return facts_from(
        flags, type, member.array_size, known(block_text(block, member.class_origin)),
        known(block_text(block, member.reference_class)), of_parameter,
    )


cdef CIMQualifier qualifier_from(opswire_cim_block *block, const opswire_cim_member *member):
    cdef CIMQualifier self = CIMQualifier.__new__(CIMQualifier)
    cdef uint32_t flags = member.flags
    self._name = known(block_text(block, member.name))
    self._type = member.type
    self._value = member_value(block, member)
    self._propagated = given_flag(flags, OPSWIRE_CIM_PROPAGATED_GIVEN, OPSWIRE_CIM_PROPAGATED, False)
    self._overridable = given_flag(flags, OPSWIRE_CIM_OVERRIDABLE_GIVEN, OPSWIRE_CIM_OVERRIDABLE, True)
    self._tosubclass = given_flag(flags, OPSWIRE_CIM_TOSUBCLASS_GIVEN, OPSWIRE_CIM_TOSUBCLASS, True)
    self._toinstance = given_flag(flags, OPSWIRE_CIM_TOINSTANCE_GIVEN, OPSWIRE_CIM_TOINSTANCE, False)
    self._translatable = given_flag(flags, OPSWIRE_CIM_TRANSLATABLE_GIVEN, OPSWIRE_CIM_TRANSLATABLE, False)
    if not leads_back(self._value):
        untrack(self)
    return self


cdef tuple SCOPES = (
    "CLASS", "ASSOCIATION", "REFERENCE", "PROPERTY", "METHOD", "PARAMETER", "INDICATION",
)


cdef CIMQualifierDeclaration declaration_from(
    opswire_cim_block *block, const opswire_cim_member *member
):
    cdef CIMQualifierDeclaration self = CIMQualifierDeclaration.__new__(CIMQualifierDeclaration)
    cdef uint32_t flags = member.flags
    cdef int i
    self._name = known(block_text(block, member.name))
    self._type = member.type
    self._value = member_value(block, member)
    self._is_array = (flags & OPSWIRE_CIM_IS_ARRAY) != 0
    self._array_size = member.array_size if flags & OPSWIRE_CIM_ARRAY_SIZE_GIVEN else None
    self._scopes = NocaseDict()
    for i in range(7):
        if flags & (<uint32_t>OPSWIRE_CIM_SCOPE_CLASS << i):
            self._scopes.put(SCOPES[i], True)
    self._overridable = given_flag(flags, OPSWIRE_CIM_OVERRIDABLE_GIVEN, OPSWIRE_CIM_OVERRIDABLE, True)
    self._tosubclass = given_flag(flags, OPSWIRE_CIM_TOSUBCLASS_GIVEN, OPSWIRE_CIM_TOSUBCLASS, True)
    self._toinstance = given_flag(flags, OPSWIRE_CIM_TOINSTANCE_GIVEN, OPSWIRE_CIM_TOINSTANCE, False)
    self._translatable = given_flag(flags, OPSWIRE_CIM_TRANSLATABLE_GIVEN, OPSWIRE_CIM_TRANSLATABLE, False)
    return self


cdef object block_object(opswire_cim_block *block):
    """What a whole block holds."""
    return value_from(block, block.tag, block.cell)
