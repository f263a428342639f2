# Texts of values, by the function that reads them in messages.

cdef object value_of_text(object text, int number):
    """What a text says by its type: a bool or None, an int, a float, or the text itself.

    ValueError tells why it is none of that type.
    """
    cdef opswire_cim_scalar scalar
    cdef opswire_cim_error fault
    cdef opswire_view view
    cdef uint32_t options = 0
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
    if number == OPSWIRE_CIM_UINT64:
        return scalar.cell.u
    if number >= OPSWIRE_CIM_UINT8 and number <= OPSWIRE_CIM_SINT64:
        return scalar.cell.s
    if number == OPSWIRE_CIM_REAL32 or number == OPSWIRE_CIM_REAL64:
        # It is as PyOS_string_to_double() takes it, and needs a NUL behind it.
        return PyOS_string_to_double(scalar.kept.data[: scalar.kept.size], NULL, NULL)
    return text
