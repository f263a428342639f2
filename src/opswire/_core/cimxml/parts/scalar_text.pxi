# The text of one value.

cdef opswire_view scalar_view(object value, int type, char *buffer) except *:
    """The text of a value, borrowed from it or put into 32 octets; NULL: not that simple."""
    cdef opswire_view view
    cdef int overflow
    cdef long long number
    view.data = NULL
    view.size = 0
    if isinstance(value, str):
        return view_of(value)
    if value is True:
        return constant(b"TRUE")
    if value is False:
        return constant(b"FALSE")
    if isinstance(value, int):
        number = PyLong_AsLongLongAndOverflow(value, &overflow)
        if overflow == 0:
            view.data = <const uint8_t *>buffer
            view.size = decimal(number, buffer)
        return view
    if isinstance(value, CIMDateTime):
        (<CIMDateTime>value).write(buffer)
        view.data = <const uint8_t *>buffer
        view.size = 25
    return view


cdef size_t decimal(long long number, char *buffer) noexcept:
    cdef char digits[24]
    cdef int count = 0
    cdef size_t size = 0
    cdef unsigned long long rest = <unsigned long long>number
    if number < 0:
        buffer[0] = c"-"
        size = 1
        rest = 0 - rest
    while True:
        digits[count] = <char>(c"0" + rest % 10)
        count += 1
        rest //= 10
        if rest == 0:
            break
    while count > 0:
        count -= 1
        buffer[size] = digits[count]
        size += 1
    return size


cdef str scalar_text(object value, int type):
    """The text of a value that is not simple."""
    if isinstance(value, float):
        return real_text(value, REAL32_DIGITS if type == OPSWIRE_CIM_REAL32 else REAL64_DIGITS)
    if isinstance(value, bytes):
        return (<bytes>value).decode()
    if isinstance(value, int):
        return int.__repr__(value)
    if value is None or isinstance(value, (list, tuple, dict, CIMObject)):
        raise TypeError(f"{value!r} is no value that CIM-XML has")
    converted = item_as(value, type_of(value))
    return str(converted)


cdef str real_text(double value, int digits):
    """DSP0201, 5.2.? real values: a point always, INF, -INF and NaN."""
    cdef char *made
    cdef str text
    if value != value:
        return "NaN"
    if value in (float("inf"), float("-inf")):
        return "INF" if value > 0 else "-INF"
    made = PyOS_double_to_string(value, c"G", digits, 0, NULL)
    try:
        text = made.decode("ascii")
    finally:
        PyMem_Free(made)
    if "." not in text:
        text = text.replace("E", ".0E") if "E" in text else text + ".0"
    return text


cdef str shortest_text(double value):
    """The shortest text of a real, with a point as the others."""
    cdef str text = repr(value)
    if value != value or value in (float("inf"), float("-inf")):
        return real_text(value, REAL64_DIGITS)
    if "." not in text:
        text = text.replace("e", ".0e")
    return text
