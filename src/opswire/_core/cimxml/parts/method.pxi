def restore_void_method(
    name, return_type, parameters, class_origin, propagated, qualifiers, kind=None
):
    """What pickle and copy make again of a method without TYPE."""
    cdef CIMMethod self = CIMMethod.__new__(CIMMethod if kind is None else kind)
    CIMMethod.__init__(self, name, "string", parameters, class_origin, propagated, qualifiers)
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
        self._parameters = members_of(parameters, PARAMETERS)
        self._class_origin = text_of(class_origin)
        self._propagated = flag_of(propagated)
        self._qualifiers = qualifiers_of(qualifiers) or ruled_nocase(False, QUALIFIERS)

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
        if number == OPSWIRE_CIM_REFERENCE:
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
        self._parameters = members_of(parameters, PARAMETERS)

    @property
    def qualifiers(self):
        """The qualifiers by name."""
        return self._qualifiers

    @qualifiers.setter
    def qualifiers(self, qualifiers):
        self._qualifiers = qualifiers_of(qualifiers) or ruled_nocase(False, QUALIFIERS)

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
        cdef tuple arguments = (
            self._name, self.return_type, self._parameters, self._class_origin, self._propagated,
            self._qualifiers,
        )
        if self._return_type:
            return reduced(self, CIMMethod, arguments)
        return restore_void_method, (*arguments, type(self)), getattr(self, "__dict__", None)

    def __copy__(self):
        cdef CIMMethod new = another(self)
        new._name = self._name
        new._return_type = self._return_type
        new._class_origin = self._class_origin
        new._propagated = self._propagated
        new._parameters = self._parameters
        new._qualifiers = self._qualifiers
        return new

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
