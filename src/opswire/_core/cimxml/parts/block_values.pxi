# From the blocks of the C reader: texts, values, paths, instances, classes.

cdef str block_text(const opswire_cim_block *block, opswire_cim_text text):
    """UTF-8 in a block as text; None when there is none."""
    cdef Py_ssize_t size
    cdef const char *data
    if text.offset == 0:
        return None
    data = <const char *>opswire_cim_at(block, text.offset)
    size = opswire_cim_text_size(text)
    if text.size & OPSWIRE_CIM_NOT_ASCII:
        return PyUnicode_DecodeUTF8(data, size, NULL)
    if size < 2:
        return PyUnicode_DecodeUTF8(data, size, NULL)
    made = PyUnicode_New(size, 127)
    memcpy(PyUnicode_DATA(made), data, size)
    return made


cdef str view_text(opswire_view view):
    if view.data is NULL:
        return None
    return PyUnicode_DecodeUTF8(<const char *>view.data, view.size, NULL)


# Names that occur again and again: one object each. Emptied when it has grown large.
cdef dict KNOWN_NAMES = {}
cdef Py_ssize_t known_size = 0
cdef enum:
    MOST_KNOWN = 1 << 20  # octets, each name with what the dictionary needs for it
    KNOWN_COST = 200
    LONGEST_KNOWN = 256  # characters; longer ones hardly occur twice
    # What of the flags is in Facts; none of them is as low as a type.
    FACT_FLAGS = (
        OPSWIRE_CIM_PROPAGATED << 8 | OPSWIRE_CIM_IS_ARRAY << 8 | OPSWIRE_CIM_EMBEDDED_INSTANCE << 8
        | OPSWIRE_CIM_EMBEDDED_OBJECT << 8
    )


cdef str known(str name):
    global known_size
    cdef PyObject *found
    if name is None or len(name) > LONGEST_KNOWN:
        return name
    found = PyDict_GetItemWithError(KNOWN_NAMES, name)
    if found is not NULL:
        return <str>found
    known_size += KNOWN_COST + 4 * len(name)  # a character has four octets at most
    if known_size > MOST_KNOWN:
        KNOWN_NAMES.clear()
        known_size = 0
    KNOWN_NAMES[name] = name
    return name


def known_names():
    """Return how many names are kept, and how many octets that is taken for."""
    return len(KNOWN_NAMES), known_size


cdef inline object given_flag(uint32_t flags, uint32_t given, uint32_t flag, bint otherwise):
    """A flag of an element; what the DTD says where the attribute is not."""
    if not flags & given:
        return otherwise
    return (flags & flag) != 0


cdef str embedded_flag(uint32_t flags):
    if flags & OPSWIRE_CIM_EMBEDDED_INSTANCE:
        return "instance"
    if flags & OPSWIRE_CIM_EMBEDDED_OBJECT:
        return "object"
    return None


# As PLAIN_FACTS, for what was read: there "propagated" is said always.
cdef dict READ_FACTS = {}


cdef Facts facts_from(
    uint32_t flags, int type, uint32_t array_size, str class_origin, str reference_class,
    bint of_parameter,
):
    cdef Facts facts
    cdef PyObject *found
    cdef object key = None
    if (
        class_origin is None
        and reference_class is None
        and not flags & OPSWIRE_CIM_ARRAY_SIZE_GIVEN
    ):
        key = type | (flags << 8 & FACT_FLAGS) | of_parameter << 7
        found = PyDict_GetItemWithError(READ_FACTS, key)
        if found is not NULL:
            return <Facts>found
    facts = Facts.__new__(Facts)
    facts.type = type
    facts.is_array = (flags & OPSWIRE_CIM_IS_ARRAY) != 0
    facts.embedded_object = embedded_flag(flags)
    facts.class_origin = class_origin
    facts.reference_class = reference_class
    if not of_parameter:
        facts.propagated = given_flag(
            flags, OPSWIRE_CIM_PROPAGATED_GIVEN, OPSWIRE_CIM_PROPAGATED, False
        )
    if flags & OPSWIRE_CIM_ARRAY_SIZE_GIVEN:
        facts.array_size = array_size
    if key is not None:
        READ_FACTS[key] = facts
    return facts


cdef Shape shape_for(const opswire_cim_block *block, uint32_t index):
    """What the C reader's shape is in Python; made once and kept there."""
    cdef opswire_cim_shape *source = opswire_cim_shape_at(block, index)
    cdef const opswire_cim_descriptor *member
    cdef Shape new
    cdef list names
    cdef uint32_t i
    cdef str name
    if source.memo is not NULL:
        return <Shape>source.memo
    new = Shape.__new__(Shape)
    new.classname = known(view_text(source.class_name))
    new.count = source.count
    new.by_fold = {}
    new.index = {}
    new.facts = []
    names = []
    for i in range(source.count):
        member = source.members[i]
        name = known(view_text(member.name))
        if source.path and not member.flags & OPSWIRE_CIM_NAME_GIVEN:
            name = None
        names.append(name)
        folded = known(folded_or_none(name))
        new.by_fold[folded] = name
        new.index[folded] = i
        new.index[name] = i
        if not source.path:
            new.facts.append(facts_from(
                member.flags, member.type, member.array_size,
                known(view_text(member.class_origin)), known(view_text(member.reference_class)),
                False,
            ))
    new.names = tuple(names)
    new.doubled = len(new.by_fold) < new.count
    # The collector may have let another thread make it meanwhile.
    if source.memo is NULL:
        Py_INCREF(new)
        source.memo = <void *>new
    return <Shape>source.memo


cdef void drop_memo(void *memo) noexcept with gil:
    """What the C reader calls when a shape goes."""
    Py_XDECREF(<PyObject *>memo)


cdef object value_from(opswire_cim_block *block, uint8_t tag, opswire_cim_cell cell):
    """The Python value of a cell."""
    cdef const opswire_cim_values *values
    cdef const uint8_t *tags
    cdef uint32_t i
    cdef list items
    if tag & OPSWIRE_CIM_ARRAY:
        values = <const opswire_cim_values *>opswire_cim_at(block, cell.offset)
        tags = opswire_cim_tags(values)
        items = []
        for i in range(values.count):
            items.append(value_from(block, tags[i], values.cells[i]))
        return items
    if tag == OPSWIRE_CIM_STRING or tag == OPSWIRE_CIM_CHAR16:
        return block_text(block, cell.text)
    if tag > OPSWIRE_CIM_DATETIME and tag < OPSWIRE_CIM_REFERENCE:
        return number_from(tag, cell, <const char *>block)
    if tag == OPSWIRE_CIM_NULL:
        return None
    if tag == OPSWIRE_CIM_BOOLEAN:
        return cell.u != 0
    if tag == OPSWIRE_CIM_DATETIME:
        return read_datetime(
            <const char *>opswire_cim_at(block, cell.text.offset), opswire_cim_text_size(cell.text)
        )
    if tag == OPSWIRE_CIM_REFERENCE:
        return path_from(block, cell.offset)
    if tag == OPSWIRE_CIM_INSTANCE:
        return instance_from(block, cell.offset)
    if tag == OPSWIRE_CIM_CLASS:
        return class_from(block, cell.offset)
    if tag == OPSWIRE_CIM_MEMBER:
        return member_object(
            block, <const opswire_cim_member *>opswire_cim_at(block, cell.offset)
        )
    return plain_number(tag, cell, <const char *>block)


cdef object path_from(opswire_cim_block *block, uint32_t offset):
    """A CIMInstanceName, a CIMClassName, or the text of a namespace alone; None for 0."""
    cdef const opswire_cim_path *record
    cdef CIMInstanceName instance
    cdef CIMClassName class_name
    if offset == 0:
        return None
    record = <const opswire_cim_path *>opswire_cim_at(block, offset)
    if record.values:
        instance = CIMInstanceName.__new__(CIMInstanceName)
        instance.shape = shape_for(block, record.shape)
        instance._classname = instance.shape.classname
        instance.record = record
        instance.block = opswire_cim_block_share(block)
        untrack(instance)
        if instance.shape.doubled:
            instance.thaw()
        return instance
    if record.class_name.offset:
        class_name = CIMClassName.__new__(CIMClassName)
        class_name._classname = known(block_text(block, record.class_name))
        class_name._host = known(block_text(block, record.host))
        class_name._namespace = known(block_text(block, record.namespace_name))
        return class_name
    return block_text(block, record.namespace_name)


cdef CIMInstance instance_from(opswire_cim_block *block, uint32_t offset):
    cdef CIMInstance self = CIMInstance.__new__(CIMInstance)
    self.record = <const opswire_cim_instance *>opswire_cim_at(block, offset)
    self.shape = shape_for(block, self.record.shape)
    self._classname = self.shape.classname
    if self.record.path:
        self._path = UNREAD
    self.block = opswire_cim_block_share(block)
    untrack(self)
    if self.shape.doubled:
        self.thawed()
    return self


cdef CIMClass class_from(opswire_cim_block *block, uint32_t offset):
    cdef CIMClass self = CIMClass.__new__(CIMClass)
    self.record = <const opswire_cim_class *>opswire_cim_at(block, offset)
    self._classname = known(block_text(block, self.record.name))
    self._superclass = known(block_text(block, self.record.superclass))
    if self.record.path:
        self._path = UNREAD
    self.block = opswire_cim_block_share(block)
    untrack(self)
    return self


cdef NocaseDict list_from(opswire_cim_block *block, uint32_t offset, Rule rule):
    """The members of a list by name; an empty mapping for 0."""
    cdef NocaseDict new = ruled_nocase(False, rule)
    cdef const opswire_cim_list *source
    cdef const opswire_cim_member *member
    cdef uint32_t i
    cdef str name
    cdef str folded
    if offset == 0:
        return new
    source = <const opswire_cim_list *>opswire_cim_at(block, offset)
    for i in range(source.count):
        member = <const opswire_cim_member *>opswire_cim_at(block, source.offsets[i])
        name = known(block_text(block, member.name))
        folded = known(name.lower())
        new.names[folded] = name
        new.found[folded] = member_object(block, member)
    return new


cdef int add_qualifiers(
    opswire_cim_block *block, uint32_t offset, Shape shape, dict found
) except -1:
    """Properties of an instance with qualifiers of their own."""
    cdef const uint32_t *words = <const uint32_t *>opswire_cim_at(block, offset)
    cdef uint32_t i
    for i in range(words[0]):
        folded = folded_or_none(shape.names[words[1 + 2 * i]])
        if shape.index[folded] != words[1 + 2 * i]:
            continue  # a later one has its name
        item = <CIMProperty>found[folded]
        track(item)
        (<CIMProperty>item)._qualifiers = list_from(block, words[2 + 2 * i], QUALIFIERS)
    return 0
