# From the blocks of the C reader: properties, methods, parameters, qualifiers.

cdef object member_value(opswire_cim_block *block, const opswire_cim_member *member):
    return value_from(block, member.tag, member.cell)


cdef object member_object(opswire_cim_block *block, const opswire_cim_member *member):
    """The object that a member stands for."""
    cdef CIMProperty item
    cdef CIMParameter parameter
    cdef CIMMethod method
    cdef uint32_t flags = member.flags
    cdef int element = member.element
    if element == OPSWIRE_CIM_E_QUALIFIER:
        return qualifier_from(block, member)
    if element == OPSWIRE_CIM_E_QUALIFIER_DECLARATION:
        return declaration_from(block, member)
    if element == OPSWIRE_CIM_E_METHOD:
        method = CIMMethod.__new__(CIMMethod)
        method._name = known(block_text(block, member.name))
        method._return_type = member.type
        method._class_origin = known(block_text(block, member.class_origin))
        method._propagated = given_flag(flags, OPSWIRE_CIM_PROPAGATED_GIVEN, OPSWIRE_CIM_PROPAGATED, False)
        method._parameters = list_from(block, member.parameters, PARAMETERS)
        method._qualifiers = list_from(block, member.qualifiers, QUALIFIERS)
        return method
    if element in (
        OPSWIRE_CIM_E_PROPERTY, OPSWIRE_CIM_E_PROPERTY_ARRAY, OPSWIRE_CIM_E_PROPERTY_REFERENCE
    ):
        item = new_property(
            known(block_text(block, member.name)), member_value(block, member),
            member_facts(block, member, False),
        )
        if member.qualifiers:
            track(item)
            item._qualifiers = list_from(block, member.qualifiers, QUALIFIERS)
        return item
    parameter = CIMParameter.__new__(CIMParameter)
    parameter._name = known(block_text(block, member.name))
    parameter._value = member_value(block, member)
    parameter.facts = member_facts(block, member, True)
    if member.qualifiers:
        parameter._qualifiers = list_from(block, member.qualifiers, QUALIFIERS)
    return parameter


cdef Facts member_facts(
    const opswire_cim_block *block, const opswire_cim_member *member, bint of_parameter
):
    cdef uint32_t flags = member.flags
    cdef int type = member.type
    if member.tag & OPSWIRE_CIM_ARRAY or member.element == OPSWIRE_CIM_E_PARAMETER_REFARRAY:
        flags |= OPSWIRE_CIM_IS_ARRAY
    if of_parameter and not flags & (OPSWIRE_CIM_EMBEDDED_INSTANCE | OPSWIRE_CIM_EMBEDDED_OBJECT):
        # An object that needs no text to be embedded in.
        if member.tag & OPSWIRE_CIM_TYPE_MASK == OPSWIRE_CIM_INSTANCE:
            flags |= OPSWIRE_CIM_EMBEDDED_INSTANCE
        elif member.tag & OPSWIRE_CIM_TYPE_MASK == OPSWIRE_CIM_CLASS:
            flags |= OPSWIRE_CIM_EMBEDDED_OBJECT
    if type == 0:
        # PARAMVALUE without PARAMTYPE, and the reference forms, which have no TYPE.
        if (
            member.element == OPSWIRE_CIM_E_PROPERTY_REFERENCE
            or member.element == OPSWIRE_CIM_E_PARAMETER_REFERENCE
            or member.element == OPSWIRE_CIM_E_PARAMETER_REFARRAY
            or member.tag & OPSWIRE_CIM_TYPE_MASK == OPSWIRE_CIM_REFERENCE
        ):
            type = OPSWIRE_CIM_REFERENCE
        else:
            type = OPSWIRE_CIM_STRING
    return facts_from(
        flags, type, member.array_size, known(block_text(block, member.class_origin)),
        known(block_text(block, member.reference_class)), of_parameter,
    )


cdef CIMQualifier qualifier_from(opswire_cim_block *block, const opswire_cim_member *member):
    cdef CIMQualifier self = CIMQualifier.__new__(CIMQualifier)
    cdef uint32_t flags = member.flags
    self._name = known(block_text(block, member.name))
    self._type = member.type
    self._value = member_value(block, member)
    self._propagated = given_flag(flags, OPSWIRE_CIM_PROPAGATED_GIVEN, OPSWIRE_CIM_PROPAGATED, False)
    self._overridable = given_flag(flags, OPSWIRE_CIM_OVERRIDABLE_GIVEN, OPSWIRE_CIM_OVERRIDABLE, True)
    self._tosubclass = given_flag(flags, OPSWIRE_CIM_TOSUBCLASS_GIVEN, OPSWIRE_CIM_TOSUBCLASS, True)
    self._toinstance = given_flag(flags, OPSWIRE_CIM_TOINSTANCE_GIVEN, OPSWIRE_CIM_TOINSTANCE, False)
    self._translatable = given_flag(flags, OPSWIRE_CIM_TRANSLATABLE_GIVEN, OPSWIRE_CIM_TRANSLATABLE, False)
    if not leads_back(self._value):
        untrack(self)
    return self


cdef tuple SCOPES = (
    "CLASS", "ASSOCIATION", "REFERENCE", "PROPERTY", "METHOD", "PARAMETER", "INDICATION",
)


cdef CIMQualifierDeclaration declaration_from(
    opswire_cim_block *block, const opswire_cim_member *member
):
    cdef CIMQualifierDeclaration self = CIMQualifierDeclaration.__new__(CIMQualifierDeclaration)
    cdef uint32_t flags = member.flags
    cdef uint32_t scopes = member.scopes
    self._name = known(block_text(block, member.name))
    self._type = member.type
    self._value = member_value(block, member)
    self._is_array = (flags & OPSWIRE_CIM_IS_ARRAY) != 0
    self._array_size = member.array_size if flags & OPSWIRE_CIM_ARRAY_SIZE_GIVEN else None
    self._scopes = NocaseDict()
    while scopes:
        self._scopes.put(SCOPES[(scopes & 7) - 1], (scopes & 8) != 0)
        scopes >>= 4
    self._overridable = given_flag(flags, OPSWIRE_CIM_OVERRIDABLE_GIVEN, OPSWIRE_CIM_OVERRIDABLE, True)
    self._tosubclass = given_flag(flags, OPSWIRE_CIM_TOSUBCLASS_GIVEN, OPSWIRE_CIM_TOSUBCLASS, True)
    self._toinstance = given_flag(flags, OPSWIRE_CIM_TOINSTANCE_GIVEN, OPSWIRE_CIM_TOINSTANCE, False)
    self._translatable = given_flag(flags, OPSWIRE_CIM_TRANSLATABLE_GIVEN, OPSWIRE_CIM_TRANSLATABLE, False)
    return self


cdef object block_object(opswire_cim_block *block):
    """What a whole block holds."""
    return value_from(block, block.tag, block.cell)


cdef str block_subject(opswire_cim_block *block):
    """The name of the class, path or parameter that a whole block is; "" for what has none."""
    cdef const opswire_cim_path *path
    cdef uint32_t offset = block.cell.offset
    if block.tag == OPSWIRE_CIM_INSTANCE:
        return shape_for(
            block, (<const opswire_cim_instance *>opswire_cim_at(block, offset)).shape
        ).classname
    if block.tag == OPSWIRE_CIM_CLASS:
        return block_text(
            block, (<const opswire_cim_class *>opswire_cim_at(block, offset)).name
        )
    if block.tag == OPSWIRE_CIM_MEMBER:
        return block_text(
            block, (<const opswire_cim_member *>opswire_cim_at(block, offset)).name
        ) or ""
    if block.tag == OPSWIRE_CIM_REFERENCE:
        path = <const opswire_cim_path *>opswire_cim_at(block, offset)
        if path.values:
            return shape_for(block, path.shape).classname
    return ""
