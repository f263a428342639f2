# cython: nonecheck=True
"""CIM objects as MOF (DSP0004 2.8, annex A), folded to a length of line."""

from opswire_c.cimxml cimport OPSWIRE_CIM_CHAR16, OPSWIRE_CIM_MAX_EMBEDDING, OPSWIRE_CIM_REFERENCE
from opswire._core.cimxml.objects cimport (
    CIMClass,
    CIMInstance,
    CIMMethod,
    CIMParameter,
    CIMProperty,
    CIMQualifier,
    CIMQualifierDeclaration,
    Facts,
)
from opswire._core.cimxml.types cimport CIMDateTime, CIMObject, TYPE_NAMES, text_of
from opswire._core.cimxml.nocase cimport NocaseDict


cdef enum:
    STEP = 3  # columns per level
    EMBEDDED_WIDTH = 80
    # What follows a value on its line, behind the value itself.
    PROPERTY_END = 1   # ;
    QUALIFIER_END = 3  # " ),"


cdef dict ESCAPES = {
    "\b": "\\b", "\t": "\\t", "\n": "\\n", "\f": "\\f", "\r": "\\r", '"': '\\"', "'": "\\'",
    "\\": "\\\\",
}


# Which characters of ASCII are escaped: those above, and the other control characters.
cdef bint ESCAPED[0x80]
for _number in range(0x80):
    ESCAPED[_number] = _number < 0x20 or _number == 0x7F or chr(_number) in ESCAPES
del _number


cdef str escaped(object value):
    """The characters of a MOF string."""
    # A subclass of str may be another text to str().
    cdef str text = value if type(value) is str else text_of(value)
    cdef Py_UCS4 ch
    cdef bint plain = True
    cdef list parts
    for ch in text:
        if ch < 0x80 and ESCAPED[ch]:
            plain = False
            break
    if plain:
        return text
    parts = []
    for ch in text:
        if ch < 0x80 and ESCAPED[ch]:
            piece = ESCAPES.get(ch)
            parts.append(f"\\x{<int>ch:04X}" if piece is None else piece)
        else:
            parts.append(ch)
    return "".join(parts)


cdef str real_text(double value):
    """The shortest text that is the same number, with the point that MOF asks for."""
    cdef str text = repr(value)
    if "e" in text and "." not in text:
        text = text.replace("e", ".0e")
    return text


cdef class Lines:
    """A text that grows, and where its last line is."""

    cdef list parts
    cdef Py_ssize_t column
    cdef Py_ssize_t width
    cdef int depth  # how many objects this one is embedded in

    def __cinit__(self, Py_ssize_t width, Py_ssize_t column=0, int depth=0):
        self.parts = []
        self.depth = depth
        self.width = width
        self.column = column

    cdef int add(self, str text) except -1:
        """Text without a line feed."""
        self.parts.append(text)
        self.column += len(text)
        return 0

    cdef int new_line(self, Py_ssize_t indent) except -1:
        self.parts.append("\n" + " " * indent)
        self.column = indent
        return 0

    cdef int string(
        self, str inside, Py_ssize_t indent, Py_ssize_t end, bint at_once
    ) except -1:
        """A space and a string that is escaped already: here, on the next line, or on several.

        at_once: several lines begin here, if a blank is there to be cut at.
        """
        cdef Py_ssize_t room, cut, start = 0, size = len(inside), back
        if self.column + size + 3 + end <= self.width:
            self.parts.append(f' "{inside}"')
            self.column += size + 3
            return 0
        if at_once:
            room = self.width - self.column - 3
            start = inside.rfind(" ", 0, min(room, size)) + 1 if room > 0 else 0
            if start > 0:
                self.add(f' "{inside[:start]}"')
                if start == size:
                    return 0
        self.new_line(indent)
        while True:
            room = max(self.width - self.column - 2, 8)
            if size - start <= room:
                self.add(f'"{inside[start:]}"')
                return 0
            cut = inside.rfind(" ", start, start + room) + 1
            if cut <= 0:
                cut = start + room
                # An escape sequence is not cut: \ with what follows, \x with four digits.
                back = escape_around(inside, start, cut)
                if back > start:
                    cut = back
            self.add(f'"{inside[start:cut]}"')
            self.new_line(indent)
            start = cut

    cdef str text(self):
        return "".join(self.parts)


cdef Py_ssize_t escape_around(str inside, Py_ssize_t start, Py_ssize_t cut):
    """Where the escape sequence begins that a cut there would split; else the cut."""
    cdef Py_ssize_t at = cut - 1, backslashes, first
    while at >= start and at > cut - 7:
        if inside[at] == "\\":
            first = at
            while first > start and inside[first - 1] == "\\":
                first -= 1
            backslashes = at - first + 1
            if backslashes % 2 == 0:
                return cut
            if at == cut - 1 or (inside[at + 1] == "x" and at + 6 > cut):
                return at
            return cut
        at -= 1
    return cut


cdef str bare_text(object value, int type):
    """A value that is no string in MOF; None for those that are."""
    if value is None:
        return "NULL"
    if type == OPSWIRE_CIM_CHAR16 and isinstance(value, str):
        return "'" + escaped(value) + "'"
    if isinstance(value, str):
        return None
    if value is True:
        return "true"
    if value is False:
        return "false"
    if isinstance(value, int):
        return int.__repr__(value)
    if isinstance(value, float):
        return real_text(value)
    return None


cdef str string_text(object value, int depth):
    """The contents of the MOF string for a value, escaped."""
    if isinstance(value, str):
        return escaped(value)
    if isinstance(value, CIMDateTime):
        return str(value)
    if isinstance(value, (CIMInstance, CIMClass)):
        # Every level has twice the backslashes.
        if depth == OPSWIRE_CIM_MAX_EMBEDDING:
            raise ValueError(f"objects are embedded more than {depth} deep")
        return escaped(embedded_text(value, depth + 1))
    if isinstance(value, CIMObject):
        return escaped(value.to_wbem_uri())
    return escaped(str(value))


cdef int write_value(
    Lines out, object value, int type, bint is_array, Py_ssize_t indent, Py_ssize_t end,
    bint at_once,
) except -1:
    """A space and the value; arrays with their braces."""
    cdef Py_ssize_t i, last, lines
    if not is_array or not isinstance(value, list):
        lines = len(out.parts)
        write_item(out, value, type, indent, end, at_once)
        if at_once and (<str>out.parts[lines]).startswith("\n"):
            out.parts.insert(lines, " ")
        return 0
    out.add(" {")
    last = len(<list>value) - 1
    if at_once and last < 0:
        out.add(" ")
    for i in range(last + 1):
        lines = len(out.parts)
        write_item(out, (<list>value)[i], type, indent, end + 2, at_once)
        # Where pywbem breaks lines, there we do: users compare such texts.
        if (<str>out.parts[lines]).startswith("\n"):
            if i > 0:
                out.column -= 1
            elif at_once:
                out.parts.insert(lines, " ")
        if i != last:
            out.add(",")
    out.add(" }")
    return 0


cdef int write_item(
    Lines out, object value, int type, Py_ssize_t indent, Py_ssize_t end, bint at_once
) except -1:
    """A space and a value that is no array, here or on the next line."""
    cdef str bare = bare_text(value, type)
    if bare is None:
        out.string(string_text(value, out.depth), indent, end, at_once)
    elif out.column + 1 + len(bare) + end > out.width:
        out.new_line(indent)
        out.add(bare)
    else:
        out.add(" " + bare)
    return 0


cdef int write_qualifier(Lines out, CIMQualifier self, Py_ssize_t indent) except -1:
    out.add(self._name)
    if isinstance(self._value, list):
        write_value(out, self._value, self._type, True, indent, QUALIFIER_END, False)
    else:
        out.add(" (")
        write_value(out, self._value, self._type, False, indent, QUALIFIER_END, False)
        out.add(" )")
    return 0


cdef int write_qualifiers(Lines out, NocaseDict qualifiers, Py_ssize_t indent) except -1:
    """The brackets before a declaration, with a line feed behind; nothing without qualifiers."""
    cdef bint first = True
    if qualifiers is None or not qualifiers.found:
        return 0
    out.column = 0
    out.add(" " * indent + "[")
    for qualifier in qualifiers.found.values():
        if not first:
            out.add(",")
            out.new_line(indent + 1)
        first = False
        write_qualifier(out, qualifier, indent + 1 + STEP)
    out.parts.append("]\n")
    out.column = 0
    return 0


cdef str array_text(object size):
    return "[]" if size is None else f"[{size}]"


cdef int write_instance_property(
    Lines out, str name, object value, Facts facts, str margin
) except -1:
    cdef str text
    cdef Py_ssize_t size, indent = len(margin)
    # The common case in one piece: a scalar that fits.
    if not facts.is_array and out.column == 0:
        text = bare_text(value, facts.type)
        if text is None and type(value) is str:
            text = escaped(value)
            size = indent + len(name) + 5 + len(text) + PROPERTY_END
            if size <= out.width:
                out.parts.append(f'{margin}{name} = "{text}";\n')
                return 0
        elif text is not None:
            size = indent + len(name) + 3 + len(text) + PROPERTY_END
            if size <= out.width:
                out.parts.append(f"{margin}{name} = {text};\n")
                return 0
    out.add(f"{margin}{name} =")
    write_value(
        out, value, facts.type, facts.is_array, indent + STEP, PROPERTY_END, False
    )
    out.parts.append(";\n")
    out.column = 0
    return 0


cdef int write_class_property(Lines out, CIMProperty self, Py_ssize_t indent) except -1:
    write_qualifiers(out, self._qualifiers, indent + STEP)
    out.add(" " * indent)
    write_type(out, self._name, self.facts)
    out.add(self._name)
    if self.facts.is_array:
        out.add(array_text(self.facts.array_size))
    if self._value is not None:
        out.add(" =")
        write_value(
            out, self._value, self.facts.type, self.facts.is_array, indent + STEP, PROPERTY_END,
            False,
        )
    out.parts.append(";\n")
    out.column = 0
    return 0


cdef int write_type(Lines out, str name, Facts facts) except -1:
    if facts.type == OPSWIRE_CIM_REFERENCE:
        if facts.reference_class is None:
            raise ValueError(f"what {name!r} refers to is not known, and MOF names the class")
        out.add(f"{facts.reference_class} REF ")
    else:
        out.add(f"{TYPE_NAMES[facts.type]} ")
    return 0


cdef int write_parameter(Lines out, CIMParameter self, Py_ssize_t indent) except -1:
    write_qualifiers(out, self._qualifiers, indent + STEP)
    out.add(" " * indent)
    write_type(out, self._name, self.facts)
    out.add(self._name)
    if self.facts.is_array:
        out.add(array_text(self.facts.array_size))
    return 0


cdef int write_method(Lines out, CIMMethod self, Py_ssize_t indent) except -1:
    cdef bint first = True
    write_qualifiers(out, self._qualifiers, indent + STEP)
    # What a method without TYPE returns (DSP0201, 5.2.6.7); only a server can say so.
    out.add(f"{' ' * indent}{TYPE_NAMES[self._return_type] or 'void'} {self._name}(")
    for parameter in self._parameters.found.values():
        out.parts.append("\n" if first else ",\n")
        out.column = 0
        first = False
        write_parameter(out, parameter, indent + STEP)
    out.parts.append(");\n")
    out.column = 0
    return 0


cdef int write_class(Lines out, CIMClass self) except -1:
    write_qualifiers(out, self.qualifiers, STEP)
    out.add(f"class {self._classname} ")
    if self._superclass is not None:
        out.add(f": {self._superclass} ")
    out.parts.append("{\n\n")
    out.column = 0
    for item in (<NocaseDict?>self.properties).found.values():
        write_class_property(out, item, STEP)
        out.parts.append("\n")
    for item in (<NocaseDict?>self.methods).found.values():
        write_method(out, item, STEP)
        out.parts.append("\n")
    out.parts.append("};\n")
    return 0


cdef int write_instance(Lines out, CIMInstance self) except -1:
    cdef Py_ssize_t i
    cdef CIMProperty item
    cdef str margin = " " * STEP
    out.parts.append(f"instance of {self._classname} {{\n")
    if self._properties is None:
        for i in range(self.shape.count):
            write_instance_property(
                out, <str>self.shape.names[i], self.value_at(i), <Facts>self.shape.facts[i], margin
            )
    else:
        for item in self._properties.found.values():
            write_instance_property(out, item._name, item._value, item.facts, margin)
    out.parts.append("};\n")
    return 0


cdef tuple SCOPES = (
    "class", "association", "indication", "property", "reference", "method", "parameter", "any",
)


cdef int write_declaration(Lines out, CIMQualifierDeclaration self) except -1:
    cdef list flavors = []
    out.add(f"Qualifier {self._name} : {TYPE_NAMES[self._type]}")
    if self._is_array:
        out.add(array_text(self._array_size))
    if self._value is not None:
        out.add(" =")
        write_value(
            out, self._value, self._type, self._is_array, STEP, QUALIFIER_END, True
        )
    scopes = ", ".join([name for name in SCOPES if self._scopes.found.get(name)])
    out.parts.append(f",\n    Scope({scopes})")
    if self._overridable is not None:
        flavors.append("EnableOverride" if self._overridable else "DisableOverride")
    if self._tosubclass is not None:
        flavors.append("ToSubclass" if self._tosubclass else "Restricted")
    if self._translatable:
        flavors.append("Translatable")
    if flavors:
        out.parts.append(f",\n    Flavor({', '.join(flavors)})")
    out.parts.append(";\n")
    return 0


cdef str embedded_text(object value, int depth):
    cdef Lines out = Lines(EMBEDDED_WIDTH, 0, depth)
    if isinstance(value, CIMInstance):
        write_instance(out, value)
    else:
        write_class(out, value)
    return out.text()


def text_of_object(CIMObject self not None, tuple arguments):
    """The MOF of an object; the arguments are those of its tomof()."""
    cdef Lines out
    if isinstance(self, CIMInstance):
        (width,) = arguments
        out = Lines(width)
        write_instance(out, self)
    elif isinstance(self, CIMClass):
        (width,) = arguments
        out = Lines(width)
        write_class(out, self)
    elif isinstance(self, CIMProperty):
        is_instance, indent, width, column = arguments
        out = Lines(width, column)
        if is_instance:
            write_instance_property(
                out, (<CIMProperty>self)._name, (<CIMProperty>self)._value,
                (<CIMProperty>self).facts, " " * indent,
            )
        else:
            write_class_property(out, self, indent)
    elif isinstance(self, CIMQualifier):
        indent, width, column = arguments
        out = Lines(width, column)
        write_qualifier(out, self, indent)
    elif isinstance(self, CIMParameter):
        indent, width = arguments
        out = Lines(width)
        write_parameter(out, self, indent)
    elif isinstance(self, CIMMethod):
        indent, width = arguments
        out = Lines(width)
        write_method(out, self, indent)
    else:
        (width,) = arguments
        out = Lines(width)
        write_declaration(out, self)
    return out.text()
