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
        return reduced(self, CIMClassName, (self._classname, self._host, self._namespace))

    def __copy__(self):
        cdef CIMClassName new = another(self)
        new._classname = self._classname
        new._host = self._host
        new._namespace = self._namespace
        return new

    def copy(self):
        """Return a copy."""
        cdef CIMClassName new = CIMClassName.__new__(CIMClassName)
        new._classname = self._classname
        new._host = self._host
        new._namespace = self._namespace
        return new

    def to_wbem_uri(self, format="standard"):
        """Return it as a WBEM URI; format: standard, canonical, cimobject or historical."""
        from opswire._core.cimxml import uri
        return uri.class_uri(self, format)

    @staticmethod
    def from_wbem_uri(wbem_uri):
        """Return what a WBEM URI names, in any of the formats; ValueError when it is none."""
        from opswire._core.cimxml import uri
        return uri.read_class_uri(wbem_uri)

    def tocimxml(self, ignore_host=False, ignore_namespace=False):
        """Return the element as an object of xml.dom.minidom; as tocimxmlstr()."""
        return element_of(self.tocimxmlstr(None, ignore_host, ignore_namespace))

    def tocimxmlstr(self, indent=None, ignore_host=False, ignore_namespace=False):
        """Return CLASSPATH, LOCALCLASSPATH or CLASSNAME as text, as host and namespace are known."""
        return xml_of(self, indent, (ignore_host, ignore_namespace))
