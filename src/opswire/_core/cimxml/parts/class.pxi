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
        opswire_cim_block_free(self.block)
        self.block = NULL

    def __init__(
        self, classname, properties=None, methods=None, superclass=None, qualifiers=None, path=None
    ):
        self._classname = name_of(classname, "a CIMClass")
        self._properties = members_of(properties, PROPERTIES)
        self._methods = members_of(methods, METHODS)
        self._superclass = text_of(superclass)
        self._qualifiers = qualifiers_of(qualifiers) or ruled_nocase(False, QUALIFIERS)
        self.path = path

    cdef int kind(self) noexcept:
        return K_CLASS

    cdef NocaseDict list_of(self, unsigned int offset, Rule rule):
        """What the block has there."""
        cdef NocaseDict members = list_from(self.block, offset, rule)
        track(self)
        return members

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
            found = self.list_of(self.record.properties if self.block else 0, PROPERTIES)
            if self._properties is None:
                self._properties = found
        return self._properties

    @properties.setter
    def properties(self, properties):
        track(self)
        self._properties = members_of(properties, PROPERTIES)

    @property
    def methods(self):
        """The methods by name."""
        cdef NocaseDict found
        if self._methods is None:
            found = self.list_of(self.record.methods if self.block else 0, METHODS)
            if self._methods is None:
                self._methods = found
        return self._methods

    @methods.setter
    def methods(self, methods):
        track(self)
        self._methods = members_of(methods, METHODS)

    @property
    def qualifiers(self):
        """The qualifiers by name."""
        cdef NocaseDict found
        if self._qualifiers is None:
            found = self.list_of(self.record.qualifiers if self.block else 0, QUALIFIERS)
            if self._qualifiers is None:
                self._qualifiers = found
        return self._qualifiers

    @qualifiers.setter
    def qualifiers(self, qualifiers):
        track(self)
        self._qualifiers = qualifiers_of(qualifiers) or ruled_nocase(False, QUALIFIERS)

    @property
    def path(self):
        """Where the class is, or None."""
        if self._path is UNREAD:
            path = path_from(self.block, self.record.path)
            if self._path is UNREAD:
                self._path = path
        return self._path

    @path.setter
    def path(self, path):
        if path is not None and not isinstance(path, CIMClassName):
            raise TypeError(f"the path of a class is a CIMClassName, not {path!r}")
        self._path = None if path is None else CIMClassName.copy(path)

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
        return reduced(self, CIMClass, (
            self._classname, self.properties, self.methods, self._superclass, self.qualifiers,
            self.path,
        ))

    def __copy__(self):
        cdef CIMClass new = another(self)
        new._classname = self._classname
        new._superclass = self._superclass
        new._properties = self.properties
        new._methods = self.methods
        new._qualifiers = self.qualifiers
        new._path = self.path
        return new

    def copy(self):
        """Return a copy; path and mappings are copied, what the mappings hold is not."""
        cdef CIMClass new = CIMClass.__new__(CIMClass)
        new._classname = self._classname
        new._superclass = self._superclass
        new._properties = (<NocaseDict?>self.properties).twin()
        new._methods = (<NocaseDict?>self.methods).twin()
        new._qualifiers = (<NocaseDict?>self.qualifiers).twin()
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
