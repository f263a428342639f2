# What the C reader has decoded, and texts of values by the function that reads them in messages.

cdef object plain_number(int number, opswire_cim_cell cell, const char *base):
    """An int or a float, by a CIM type or that of a numeric key.

    base: where a text of the cell counts its offset from; there is a NUL behind it.
    """
    if number == OPSWIRE_CIM_UINT64 or number == OPSWIRE_CIM_NATURAL:
        return cell.u
    if number < OPSWIRE_CIM_REAL32 or number == OPSWIRE_CIM_INTEGER:
        return cell.s
    # A real's text is as this takes it; INF and NaN are understood in any case.
    return PyOS_string_to_double(base + cell.text.offset, NULL, NULL)


cdef object value_of_text(object text, int number):
    """What a text says by its type: a bool or None, an int, a float, or the text itself.

    ValueError tells why it is none of that type.
    """
    cdef opswire_cim_scalar scalar
    cdef opswire_cim_error fault
    cdef opswire_view view
    cdef uint32_t options = 0
    cdef bytes kept
    cdef bytes octets = text if isinstance(text, bytes) else PyUnicode_FromObject(text).encode()
    if not cim_config.ENFORCE_INTEGER_RANGE:
        options = OPSWIRE_CIM_ANY_RANGE
    view.data = <const uint8_t *>octets
    view.size = len(octets)
    fault = opswire_cim_scalar_read(options, number, view, &scalar)
    if fault != OPSWIRE_CIM_SOUND:
        raise ValueError(f"{text!r} is no {TYPE_NAMES[number]}: {sentence(opswire_cim_error_message(fault))}")
    if scalar.tag == OPSWIRE_CIM_NULL:
        return None
    if number == OPSWIRE_CIM_BOOLEAN:
        return scalar.cell.u != 0
    if NUMBERS[number] is None:
        return text
    kept = b""
    if scalar.kept.data is not NULL:
        kept = scalar.kept.data[: scalar.kept.size]
        scalar.cell.text.offset = 0
    return plain_number(number, scalar.cell, kept)
