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
        if embedded_object is not None and embedded_object not in ("instance", "object"):
            raise ValueError(f"embedded_object is 'instance' or 'object', not {embedded_object!r}")
        self.facts = self.facts.changed()
        self.facts.embedded_object = embedded_object

    @property
    def qualifiers(self):
        """The qualifiers by name."""
        if self._qualifiers is None:
            track(self)
            self._qualifiers = ruled_nocase(False, QUALIFIERS)
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
        return reduced(self, CIMParameter, (
            self._name, self.type, self.facts.reference_class, self.is_array,
            self.facts.array_size, self._qualifiers, self._value, self.facts.embedded_object,
        ))

    def __copy__(self):
        cdef CIMParameter new = another(self)
        new._name = self._name
        new._value = self._value
        new.facts = self.facts
        new._qualifiers = self.qualifiers
        return new

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
