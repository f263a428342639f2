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
        if facts.type == OPSWIRE_CIM_REFERENCE:
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
        if number == OPSWIRE_CIM_REFERENCE:
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
        return reduced(self, CIMQualifier, (
            self._name, self._value, self.type, self._propagated, self._overridable,
            self._tosubclass, self._toinstance, self._translatable,
        ))

    def __copy__(self):
        cdef CIMQualifier new = self.filled(another(self))
        new._value = self._value
        return new

    def copy(self):
        """Return a copy; a list is copied, its items are the same."""
        cdef CIMQualifier new = self.filled(CIMQualifier.__new__(CIMQualifier))
        new._value = list(self._value) if isinstance(self._value, list) else self._value
        return new

    cdef CIMQualifier filled(self, CIMQualifier new):
        new._name = self._name
        new._type = self._type
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
