# Answers of a server (DSP0200, 5.4; DSP0201, 5.2.6), written object by object.

cdef dict INSIDE = {
    # What the element is, and what stands in it: a path with namespace and host, one with neither,
    # the object.
    "VALUE": (OPSWIRE_CIM_E_VALUE, False, False, True),
    "INSTANCE": (-1, False, False, True),
    "CLASS": (-1, False, False, True),
    "QUALIFIER.DECLARATION": (-1, False, False, True),
    "INSTANCENAME": (-1, False, True, False),
    "CLASSNAME": (-1, False, True, False),
    "INSTANCEPATH": (-1, True, False, False),
    "OBJECTPATH": (OPSWIRE_CIM_E_OBJECTPATH, True, False, False),
    "VALUE.OBJECT": (OPSWIRE_CIM_E_VALUE_OBJECT, False, False, True),
    "VALUE.NAMEDINSTANCE": (OPSWIRE_CIM_E_VALUE_NAMEDINSTANCE, False, True, True),
    "VALUE.INSTANCEWITHPATH": (OPSWIRE_CIM_E_VALUE_INSTANCEWITHPATH, True, False, True),
    "VALUE.OBJECTWITHPATH": (OPSWIRE_CIM_E_VALUE_OBJECTWITHPATH, True, False, True),
}


cdef class ResponseWriter:
    """Writes the answer to one operation; what is written can be taken away at any time.

    Args:
        message_id: of the request, repeated in the answer.
        name: of the operation.
        of_method: it is a METHODRESPONSE, not an IMETHODRESPONSE.
        host: in paths that must have one and have none.
        namespace: the same.

    Raises:
        ValueError: from any method: a text that XML cannot carry, or objects nested too deeply.
            Nothing more is written then.
        TypeError: from any method: a value that CIM-XML has not.

    Threads: one at a time.
    """

    cdef Writer writer
    cdef str host
    cdef str namespace

    def __init__(
        self, str message_id not None, str name not None, bint of_method=False,
        str host not None="localhost", str namespace not None="",
    ):
        self.writer = Writer()
        # Debian's wbemcli does not know <PROPERTY …/>, and OpenPegasus does not write it.
        self.writer.writer.xml.pairs = True
        self.host = host
        self.namespace = namespace
        self.writer.envelope(message_id)
        self.writer.start(OPSWIRE_CIM_E_SIMPLERSP)
        self.writer.start(
            OPSWIRE_CIM_E_METHODRESPONSE if of_method else OPSWIRE_CIM_E_IMETHODRESPONSE
        )
        self.writer.attribute(OPSWIRE_CIM_A_NAME, name)
        self.writer.check()

    @property
    def size(self):
        """Octets that are written, and not taken yet."""
        return self.writer.writer.xml.out.size

    def take(self):
        """Return the octets that are written, and forget them."""
        octets = self.writer.octets()
        self.writer.writer.xml.out.size = 0
        return octets

    def begin_return(self):
        """Begin IRETURNVALUE."""
        self.writer.start(OPSWIRE_CIM_E_IRETURNVALUE)

    def end_return(self):
        """End it."""
        self.writer.end()
        self.writer.check()

    def add(self, value, str element not None):
        """Write an object, or a text.

        Args:
            value: a CIMInstance, CIMClass or CIMQualifierDeclaration, a path of either, or text.
            element: what becomes of it, by its name in DSP0201, as "VALUE.NAMEDINSTANCE"; of an
                instance or a class the path is written where the element has one.
        """
        cdef int outer
        cdef bint full, short, whole
        outer, full, short, whole = INSIDE[element]
        if isinstance(value, str):
            if element != "VALUE":
                raise TypeError(f"{element} has no text: {value!r}")
            self.writer.scalar(OPSWIRE_CIM_E_VALUE, value, OPSWIRE_CIM_STRING)
            self.writer.check()
            return
        if outer >= 0:
            self.writer.start(outer)
        if full or short:
            path = value if isinstance(value, (CIMInstanceName, CIMClassName)) else value.path
            if full:
                self.full_path(path)
            elif isinstance(path, CIMInstanceName):
                self.writer.instance_name(path)
            else:
                self.writer.path(path, True, True)
        if whole:
            if isinstance(value, CIMInstance):
                self.writer.instance(value)
            elif isinstance(value, CIMClass):
                self.writer.cim_class(value)
            elif isinstance(value, CIMQualifierDeclaration):
                self.writer.declaration(value)
            else:
                raise TypeError(f"{type_name(value)} is no object: {value!r}")
        if outer >= 0:
            self.writer.end()
        self.writer.check()

    cdef int full_path(self, object path) except -1:
        """INSTANCEPATH or CLASSPATH: always with a namespace and a host."""
        cdef bint of_class = isinstance(path, CIMClassName)
        self.writer.start(OPSWIRE_CIM_E_CLASSPATH if of_class else OPSWIRE_CIM_E_INSTANCEPATH)
        self.writer.start(OPSWIRE_CIM_E_NAMESPACEPATH)
        host = self.host if path.host is None else path.host
        opswire_cim_write_element(&self.writer.writer, OPSWIRE_CIM_E_HOST, view_of(host))
        self.writer.namespace_path(self.namespace if path.namespace is None else path.namespace)
        self.writer.end()
        if of_class:
            self.writer.path(path, True, True)
        else:
            self.writer.instance_name(path)
        self.writer.end()
        return 0

    def return_value(self, value, str type not None, str embedded_object=None):
        """Write the value that a method returned; None: it returned NULL."""
        self.writer.subject = "the return value"
        self.writer.start(OPSWIRE_CIM_E_RETURNVALUE)
        self.writer.attribute(OPSWIRE_CIM_A_EMBEDDEDOBJECT, embedded_object)
        self.writer.attribute(OPSWIRE_CIM_A_PARAMTYPE, type)
        self.writer.any_value(value, TYPE_NUMBERS[type])
        self.writer.end()
        self.writer.check()

    def parameter(self, CIMParameter parameter not None):
        """Write an output parameter of an operation or a method."""
        self.writer.parameter_value(parameter)
        self.writer.check()

    def error(self, int code, str description=None, instances=()):
        """Write ERROR.

        Args:
            code: of DSP0200, table 3.
            description: for people.
            instances: of CIM_Error.
        """
        self.writer.start(OPSWIRE_CIM_E_ERROR)
        self.writer.attribute(OPSWIRE_CIM_A_CODE, str(code))
        self.writer.attribute(OPSWIRE_CIM_A_DESCRIPTION, description)
        for instance in instances:
            self.writer.instance(instance)
        self.writer.end()
        self.writer.check()

    def finish(self):
        """End the document, and return the octets that are not taken yet."""
        while self.writer.writer.xml.depth:
            self.writer.check()  # what has failed has no end
            self.writer.end()
        return self.take()
