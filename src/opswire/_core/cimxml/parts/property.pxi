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
            if reference_class is not None and self.facts.is_array:
                raise ValueError(f"property {name!r}: an array has no reference_class")
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
        return reduced(self, CIMProperty, (
            self._name, self._value, self.type, self.facts.class_origin, self.facts.array_size,
            self.facts.propagated, self.is_array, self.facts.reference_class, self._qualifiers,
            self.facts.embedded_object,
        ))

    def __copy__(self):
        cdef CIMProperty new = another(self)
        new._name = self._name
        new._value = self._value
        new.facts = self.facts
        new._qualifiers = self.qualifiers
        return new

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
