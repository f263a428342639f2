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
        if number == OPSWIRE_CIM_REFERENCE:
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
        return reduced(self, CIMQualifierDeclaration, (
            self._name, self.type, self._value, self._is_array, self._array_size, self._scopes,
            self._overridable, self._tosubclass, self._toinstance, self._translatable,
        ))

    def __copy__(self):
        cdef CIMQualifierDeclaration new = self.filled(another(self))
        new._value = self._value
        new._scopes = self._scopes
        return new

    def copy(self):
        """Return a copy; a list and the scopes are copied."""
        cdef CIMQualifierDeclaration new = self.filled(
            CIMQualifierDeclaration.__new__(CIMQualifierDeclaration)
        )
        new._value = list(self._value) if isinstance(self._value, list) else self._value
        new._scopes = self._scopes.twin()
        return new

    cdef CIMQualifierDeclaration filled(self, CIMQualifierDeclaration new):
        new._name = self._name
        new._type = self._type
        new._is_array = self._is_array
        new._array_size = self._array_size
        new._overridable = self._overridable
        new._tosubclass = self._tosubclass
        new._toinstance = self._toinstance
        new._translatable = self._translatable
        return new

    def tocimxml(self):
        """Return the QUALIFIER.DECLARATION element as an object of xml.dom.minidom."""
        return element_of(self.tocimxmlstr())

    def tocimxmlstr(self, indent=None):
        """Return the element as text; indent: spaces or a text for each level."""
        return xml_of(self, indent, ())

    def tomof(self, maxline=80):
        """Return the MOF text of the declaration."""
        return mof_of(self, (maxline,))
