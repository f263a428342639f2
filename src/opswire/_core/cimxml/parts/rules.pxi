# What the mappings of CIM objects take, so that what comes out of them needs no second look.

cdef str member_name(object member):
    """The name of an object that mappings hold; its own, not what a subclass says it is."""
    if isinstance(member, CIMProperty):
        return (<CIMProperty>member)._name
    if isinstance(member, CIMQualifier):
        return (<CIMQualifier>member)._name
    if isinstance(member, CIMParameter):
        return (<CIMParameter>member)._name
    return (<CIMMethod?>member)._name


cdef class MembersRule(Rule):
    """Objects of one class, each under its own name."""

    cdef object kind
    cdef str what

    def __cinit__(self, object kind, str what):
        self.kind = kind
        self.what = what

    cdef object admitted(self, object key, str folded, object value):
        cdef str name
        if folded is None:
            raise ValueError(f"a {self.what} needs a name, not None")
        if not isinstance(value, self.kind):
            raise TypeError(
                f"a {self.kind.__name__} is needed as {self.what} {key!r}, not {value!r}"
            )
        name = member_name(value)
        if name is not key and name.lower() != folded:
            raise ValueError(f"the {self.what} {name!r} is given under the name {key!r}")
        return value


cdef class KeysRule(Rule):
    """Values that the keys of a path may have."""

    cdef object admitted(self, object key, str folded, object value):
        value = key_value(key, value)
        if value is None and not cim_config.IGNORE_NULL_KEY_VALUE:
            raise null_key(key)
        return value


cdef Rule QUALIFIERS = MembersRule(CIMQualifier, "qualifier")
cdef Rule PROPERTIES = MembersRule(CIMProperty, "property")
cdef Rule METHODS = MembersRule(CIMMethod, "method")
cdef Rule PARAMETERS = MembersRule(CIMParameter, "parameter")
cdef Rule KEYS = KeysRule()


cdef NocaseDict members_of(object members, Rule rule):
    """What was given as properties, methods or parameters."""
    cdef NocaseDict new = ruled_nocase(False, rule)
    if members:
        new.update(members)
    return new


cdef NocaseDict qualifiers_of(object qualifiers):
    """What was given as qualifiers: objects, or values to be made objects of; None: nothing was."""
    cdef NocaseDict given, new
    if not qualifiers:
        return None
    given = qualifiers if isinstance(qualifiers, NocaseDict) else NocaseDict(qualifiers)
    new = ruled_nocase(False, QUALIFIERS)
    for folded, value in given.found.items():
        key = given.names[folded]
        if not isinstance(value, CIMQualifier):
            if key is None:
                raise ValueError("a qualifier needs a name, not None")
            value = CIMQualifier(key, value)
        new.put(key, value)
    return new
