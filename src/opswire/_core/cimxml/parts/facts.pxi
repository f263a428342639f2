# Type and flags that many properties or parameters share.

cdef class Facts:
    """Type and flags of properties and parameters."""

    cdef Py_hash_t hashed(self) except? -1:
        if self.digest == 0:
            self.digest = hash((
                self.type, self.is_array, self.array_size, folded_or_none(self.class_origin),
                folded_or_none(self.reference_class), folded_or_none(self.embedded_object),
                self.propagated,
            )) or 1
        return self.digest

    cdef bint same(self, Facts other) except -1:
        return self is other or (
            self.type == other.type
            and self.is_array == other.is_array
            and self.array_size == other.array_size
            and same_fold(self.class_origin, other.class_origin)
            and same_fold(self.reference_class, other.reference_class)
            and same_fold(self.embedded_object, other.embedded_object)
            and self.propagated == other.propagated
            and (self.propagated is None) == (other.propagated is None)
        )

    cdef Facts changed(self):
        """A copy, to be changed and used by one only."""
        cdef Facts new = Facts.__new__(Facts)
        new.type = self.type
        new.is_array = self.is_array
        new.array_size = self.array_size
        new.class_origin = self.class_origin
        new.reference_class = self.reference_class
        new.embedded_object = self.embedded_object
        new.propagated = self.propagated
        return new


# The most common ones: by type, array or not, and embedded object.
cdef dict PLAIN_FACTS = {}


cdef Facts plain_facts(int type, bint is_array, str embedded):
    cdef Facts new
    cdef PyObject *found
    key = type * 2 + is_array if embedded is None else (type, is_array, embedded)
    found = PyDict_GetItemWithError(PLAIN_FACTS, key)
    if found is not NULL:
        return <Facts>found
    new = Facts.__new__(Facts)
    new.type = type
    new.is_array = is_array
    new.embedded_object = embedded
    PLAIN_FACTS[key] = new
    return new


cdef CIMProperty new_property(str name, object value, Facts facts):
    cdef CIMProperty self = CIMProperty.__new__(CIMProperty)
    self._name = name
    self._value = value
    self.facts = facts
    if not leads_back(value):
        untrack(self)
    return self


cdef object first_item(object value):
    """The value, or the first item of a list that is not None."""
    if type(value) is list:
        for item in <list>value:
            if item is not None:
                return item
        return None
    return value


cdef str embedded_kind(object value):
    """"instance" or "object" for an embedded object or a list of them, else None."""
    cdef object item = first_item(value)
    if isinstance(item, CIMObject):
        kind = (<CIMObject>item).kind()
        if kind == K_INSTANCE:
            return "instance"
        if kind == K_CLASS:
            return "object"
    return None


cdef Facts facts_of(
    str what, object name, object value, object type, object is_array, object embedded
):
    """The plain facts that the arguments of a constructor tell, checked against each other."""
    cdef int number
    cdef str inside = embedded_kind(value)
    cdef bint array
    if embedded is not None:
        embedded = text_of(embedded)
        if embedded not in ("instance", "object"):
            raise ValueError(
                f"{what} {name!r}: embedded_object is 'instance' or 'object', not {embedded!r}"
            )
        if inside is None and first_item(value) is not None:
            raise ValueError(
                f"{what} {name!r}: an embedded object is a CIMInstance or a CIMClass, not {value!r}"
            )
    elif inside is not None:
        embedded = inside
    if embedded is not None and type is not None and type != "string":
        raise ValueError(f"{what} {name!r}: the type of embedded objects is 'string', not {type!r}")
    if type is not None:
        number = type_number(type, f"{what} {name!r}")
    elif inside is not None:
        number = OPSWIRE_CIM_STRING
    elif value is None:
        raise ValueError(f"{what} {name!r}: the value is None, so give the type")
    else:
        try:
            number = type_of(value)
        except (TypeError, ValueError) as error:
            raise ValueError(f"{what} {name!r}: {error}") from None
    if is_array is None:
        array = isinstance(value, list)
    else:
        array = bool(is_array)
        if value is not None and array != isinstance(value, list):
            raise ValueError(
                f"{what} {name!r}: is_array is {array}, but the value is "
                f"{'no' if array else 'a'} list: {value!r}"
            )
    return plain_facts(number, array, embedded)


cdef CIMProperty property_from(str name, object value):
    """A property of which only name and value are known."""
    if type(value) is str:
        return new_property(name, value, plain_facts(OPSWIRE_CIM_STRING, False, None))
    cdef Facts facts = facts_of("property", name, value, None, None, None)
    return new_property(name, value_as(value, facts.type), facts)
