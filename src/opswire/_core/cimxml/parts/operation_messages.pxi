# Requests and responses (DSP0200, 5.4 and 5.5) around what they carry.

def imethodcall(message_id, method, namespace, parameters):
    """Return the octets of a request for an intrinsic operation (DSP0200, 5.4).

    Args:
        message_id: text, which the answer repeats.
        method: the operation's name, like "EnumerateInstances".
        namespace: like "root/cimv2".
        parameters: an iterable of (name, value): text, booleans, integers, lists of text and CIM
            objects; paths lose host and namespace; None is left out.

    Raises:
        ValueError: a text that XML cannot carry.
        TypeError: a value that CIM-XML has not.
    """
    cdef Writer writer = Writer()
    writer.envelope(message_id)
    writer.start(OPSWIRE_CIM_E_SIMPLEREQ)
    writer.start(OPSWIRE_CIM_E_IMETHODCALL)
    writer.attribute(OPSWIRE_CIM_A_NAME, method)
    writer.namespace_path(namespace)
    for name, value in parameters:
        if value is None:
            continue
        writer.start(OPSWIRE_CIM_E_IPARAMVALUE)
        writer.attribute(OPSWIRE_CIM_A_NAME, name)
        writer.argument(name, value)
        writer.end()
    for _ in range(4):
        writer.end()
    return writer.octets()


def methodcall(message_id, method, path, parameters):
    """Return the octets of a request for a method of an instance or a class.

    Args:
        message_id: text, which the answer repeats.
        method: the method's name.
        path: a CIMInstanceName or CIMClassName with a namespace; the host is left out.
        parameters: an iterable of CIMParameter objects with values; a text is the name of one that
            is NULL and whose type nobody knows.

    Raises:
        ValueError: a text that XML cannot carry, or a path without namespace.
    """
    cdef Writer writer = Writer()
    if path.namespace is None:
        raise ValueError(f"the path has no namespace: {path}")
    writer.envelope(message_id)
    writer.start(OPSWIRE_CIM_E_SIMPLEREQ)
    writer.start(OPSWIRE_CIM_E_METHODCALL)
    writer.attribute(OPSWIRE_CIM_A_NAME, method)
    writer.path(path, True, False)
    for parameter in parameters:
        if isinstance(parameter, str):
            writer.start(OPSWIRE_CIM_E_PARAMVALUE)
            writer.attribute(OPSWIRE_CIM_A_NAME, parameter)
            writer.end()
        else:
            writer.parameter_value(parameter)
    for _ in range(4):
        writer.end()
    return writer.octets()


def export_request(message_id, CIMInstance indication not None):
    """Return the octets of an ExportIndication request (DSP0200, 5.5), as servers send it."""
    cdef Writer writer = Writer()
    writer.envelope(message_id)
    writer.start(OPSWIRE_CIM_E_SIMPLEEXPREQ)
    writer.start(OPSWIRE_CIM_E_EXPMETHODCALL)
    writer.attribute(OPSWIRE_CIM_A_NAME, "ExportIndication")
    writer.start(OPSWIRE_CIM_E_EXPPARAMVALUE)
    writer.attribute(OPSWIRE_CIM_A_NAME, "NewIndication")
    writer.instance(indication)
    for _ in range(5):
        writer.end()
    return writer.octets()


def export_response(message_id, method, code=0, description=None):
    """Return the octets of the answer to an export request; a code other than 0 is an ERROR."""
    cdef Writer writer = Writer()
    writer.envelope(message_id)
    writer.start(OPSWIRE_CIM_E_SIMPLEEXPRSP)
    writer.start(OPSWIRE_CIM_E_EXPMETHODRESPONSE)
    writer.attribute(OPSWIRE_CIM_A_NAME, method)
    if code:
        writer.start(OPSWIRE_CIM_E_ERROR)
        writer.attribute(OPSWIRE_CIM_A_CODE, str(code))
        writer.attribute(OPSWIRE_CIM_A_DESCRIPTION, description)
        writer.end()
    else:
        writer.start(OPSWIRE_CIM_E_IRETURNVALUE)
        writer.end()
    for _ in range(4):
        writer.end()
    return writer.octets()
