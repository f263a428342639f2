# What a message says.

@cython.embedsignature(False)  # its functions are Python's, with a signature
class Part:
    """One operation's request or response within a message.

    Attributes:
        element: "IMETHODRESPONSE", "METHODRESPONSE", "EXPMETHODRESPONSE", "IMETHODCALL",
            "METHODCALL", "EXPMETHODCALL", or "" for what stands alone.
        name: of the operation or the method.
        objects: what IRETURNVALUE holds: CIM objects and paths; values for some operations.
        has_return: whether there was an IRETURNVALUE or a RETURNVALUE at all.
        return_value: what RETURNVALUE holds.
        parameters: PARAMVALUE as CIMParameter objects; IPARAMVALUE and EXPPARAMVALUE as pairs of
            name and value.
        error: a CIMError, or None. It counts more than what else is there.
        target: of a call: the namespace as text, or the path of a class or an instance.
        correlators: pairs of name and value.
    """

    __slots__ = (
        "correlators", "element", "error", "has_return", "name", "objects", "parameters",
        "return_value", "target",
    )

    def __init__(self, element="", name=None):
        self.element = element
        self.name = name
        self.objects = []
        self.has_return = False
        self.return_value = None
        self.parameters = []
        self.error = None
        self.target = None
        self.correlators = []

    def __repr__(self):
        return (
            f"Part({self.element} {self.name!r}, {len(self.objects)} objects, "
            f"{len(self.parameters)} parameters, error={self.error!r})"
        )


@cython.embedsignature(False)  # its functions are Python's, with a signature
class Message:
    """A whole message. What it says of its only operation is there as attributes, too.

    Attributes:
        message_id, cim_version, dtd_version, protocol_version: texts, or None.
        parts: a Part for each operation; several only in MULTIREQ and MULTIRSP.
    """

    __slots__ = ("cim_version", "dtd_version", "message_id", "parts", "protocol_version")

    def __init__(self):
        self.message_id = None
        self.cim_version = None
        self.dtd_version = None
        self.protocol_version = None
        self.parts = []

    @property
    def part(self):
        """The first operation."""
        if not self.parts:
            self.parts.append(Part())
        return self.parts[0]

    @property
    def element(self):
        """See Part."""
        return self.part.element

    @property
    def name(self):
        """See Part."""
        return self.part.name

    @property
    def objects(self):
        """See Part."""
        return self.part.objects

    @property
    def has_return(self):
        """See Part."""
        return self.part.has_return

    @property
    def return_value(self):
        """See Part."""
        return self.part.return_value

    @property
    def parameters(self):
        """See Part."""
        return self.part.parameters

    @property
    def error(self):
        """See Part."""
        return self.part.error

    @property
    def target(self):
        """See Part."""
        return self.part.target

    def __repr__(self):
        return f"Message({self.message_id!r}, {self.parts!r})"
