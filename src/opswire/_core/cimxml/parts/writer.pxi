cdef class Writer:
    """A document, or a part of one, that grows."""

    cdef opswire_cim_writer writer
    # The name of what is being written, for errors.
    cdef str subject

    def __cinit__(self):
        memset(&self.writer, 0, sizeof(self.writer))

    def __dealloc__(self):
        opswire_buffer_free(&self.writer.xml.out)

    cdef bytes octets(self):
        self.check()
        return PyBytes_FromStringAndSize(<const char *>self.writer.xml.out.data, self.writer.xml.out.size)

    cdef str text(self):
        self.check()
        return self.writer.xml.out.data[: self.writer.xml.out.size].decode("utf-8")

    cdef int check(self) except -1:
        """The first failure stays in the writer until now."""
        cdef str sentence = "the objects are nested too deeply for CIM-XML"
        if self.writer.xml.status == OPSWIRE_DONE:
            return 0
        if self.writer.xml.status == OPSWIRE_OUT_OF_RANGE:
            sentence = (
                f"XML cannot carry a character of {self.subject or 'a text'}, at octet "
                f"{self.writer.xml.offset}: control characters, U+FFFE and U+FFFF have no place in it"
            )
        # An object that cannot be written is a wrong value: no protocol is at fault.
        raise status_error(self.writer.xml.status, ValueError, ValueError, sentence)

    # ---- attributes ----

    cdef int start(self, int element) except -1:
        opswire_cim_write_start(&self.writer, <opswire_cim_element>element)
        return 0

    cdef int end(self) except -1:
        opswire_cim_write_end(&self.writer)
        return 0

    cdef int attribute(self, int attribute, str text) except -1:
        if text is not None:
            opswire_cim_write_attribute(
                &self.writer, <opswire_cim_attribute>attribute, view_of(text)
            )
        return 0

    cdef int flag(self, int attribute, object value) except -1:
        if value is not None:
            opswire_cim_write_attribute(
                &self.writer, <opswire_cim_attribute>attribute,
                constant(b"true" if value else b"false"),
            )
        return 0

    # ---- values ----

    cdef int value(self, object value, int type) except -1:
        """VALUE, or VALUE.REFERENCE for a path."""
        cdef size_t mark
        if isinstance(value, CIMObject):
            self.check()  # or what is nested too deeply, in itself perhaps, would have no end
            kind = (<CIMObject>value).kind()
            if kind == K_INSTANCE or kind == K_CLASS:
                self.start(OPSWIRE_CIM_E_VALUE)
                mark = opswire_xml_write_embedded_begin(&self.writer.xml)
                if kind == K_INSTANCE:
                    self.instance(value)
                else:
                    self.cim_class(value)
                opswire_xml_write_embedded_end(&self.writer.xml, mark)
                self.end()
                return 0
            if kind == K_OTHER:
                raise TypeError(f"{type_name(value)} is no value: {value!r}")
            if type and type != OPSWIRE_CIM_REFERENCE:
                raise TypeError(f"{self.subject!r} is no reference, but has a path: {value!r}")
            self.start(OPSWIRE_CIM_E_VALUE_REFERENCE)
            self.path(value, False, False)
            self.end()
            return 0
        if type == OPSWIRE_CIM_REFERENCE:
            raise TypeError(f"{self.subject!r} is a reference, but has no path: {value!r}")
        self.scalar(OPSWIRE_CIM_E_VALUE, value, type)
        return 0

    cdef int scalar(self, int element, object value, int type) except -1:
        cdef char buffer[32]
        cdef opswire_view view = scalar_view(value, type, buffer)
        if view.data is NULL:
            text = scalar_text(value, type)
            view = view_of(text)
        opswire_cim_write_element(&self.writer, <opswire_cim_element>element, view)
        return 0

    cdef int array(self, list items, int type) except -1:
        """VALUE.ARRAY, or VALUE.REFARRAY."""
        cdef bint references = type == OPSWIRE_CIM_REFERENCE
        self.start(OPSWIRE_CIM_E_VALUE_REFARRAY if references else OPSWIRE_CIM_E_VALUE_ARRAY)
        for item in items:
            if item is not None:
                self.value(item, type)
            elif cim_config.SEND_VALUE_NULL:
                self.start(OPSWIRE_CIM_E_VALUE_NULL)
                self.end()
            else:
                self.start(OPSWIRE_CIM_E_VALUE)
                self.end()
        self.end()
        return 0

    cdef int check_array(self, object value, bint is_array) except -1:
        """Attributes are set one by one, so that they may contradict each other."""
        if value is not None and is_array != isinstance(value, list):
            raise ValueError(
                f"{self.subject!r} is {'an' if is_array else 'no'} array, but its value is "
                f"{'no' if is_array else 'a'} list: {value!r}"
            )
        return 0

    cdef int any_value(self, object value, int type) except -1:
        if isinstance(value, list):
            self.array(value, type)
        elif value is not None:
            self.value(value, type)
        return 0

    # ---- paths ----

    cdef int namespace_path(self, str namespace) except -1:
        self.start(OPSWIRE_CIM_E_LOCALNAMESPACEPATH)
        # One there is always (DSP0201, 5.2.5.3).
        for part in [part for part in namespace.split("/") if part] or [""]:
            self.start(OPSWIRE_CIM_E_NAMESPACE)
            self.attribute(OPSWIRE_CIM_A_NAME, part)
            self.end()
        self.end()
        return 0

    cdef int path(self, object path, bint without_host, bint without_namespace) except -1:
        cdef str host = None if without_host else path.host
        cdef str namespace = None if without_namespace else path.namespace
        cdef bint of_class = isinstance(path, CIMClassName)
        cdef bint around = False
        if namespace is not None:
            around = True
            if host is not None:
                self.start(
                    OPSWIRE_CIM_E_CLASSPATH if of_class else OPSWIRE_CIM_E_INSTANCEPATH
                )
                self.start(OPSWIRE_CIM_E_NAMESPACEPATH)
                opswire_cim_write_element(&self.writer, OPSWIRE_CIM_E_HOST, view_of(host))
                self.namespace_path(namespace)
                self.end()
            else:
                self.start(
                    OPSWIRE_CIM_E_LOCALCLASSPATH if of_class else OPSWIRE_CIM_E_LOCALINSTANCEPATH
                )
                self.namespace_path(namespace)
        if of_class:
            self.start(OPSWIRE_CIM_E_CLASSNAME)
            self.attribute(OPSWIRE_CIM_A_NAME, (<CIMClassName>path)._classname)
            self.end()
        else:
            self.instance_name(path)
        if around:
            self.end()
        return 0

    cdef int instance_name(self, CIMInstanceName path) except -1:
        cdef NocaseDict keys = path.keybindings
        cdef bint named
        if not keys.found:
            warn_keyless(path)
        self.start(OPSWIRE_CIM_E_INSTANCENAME)
        self.attribute(OPSWIRE_CIM_A_CLASSNAME, path._classname)
        for name, value in keys.items():
            # The only key may be without a name.
            named = name is not None or len(keys.found) > 1
            if named:
                self.start(OPSWIRE_CIM_E_KEYBINDING)
                self.attribute(OPSWIRE_CIM_A_NAME, name or "")
            if isinstance(value, CIMObject):
                self.value(value, OPSWIRE_CIM_REFERENCE)
            elif value is not None:
                self.key_value(value)
            if named:
                self.end()
        self.end()
        return 0

    cdef int key_value(self, object value) except -1:
        cdef char buffer[32]
        cdef opswire_view view
        cdef int number = 0
        cdef const char *value_type = b"string"
        if isinstance(value, bool):
            number = OPSWIRE_CIM_BOOLEAN
            value_type = b"boolean"
        elif isinstance(value, (int, float)):
            value_type = b"numeric"
            if isinstance(value, CIMType):
                number = TYPE_NUMBERS[value.cimtype]
        elif isinstance(value, CIMDateTime):
            number = OPSWIRE_CIM_DATETIME
        else:
            number = OPSWIRE_CIM_CHAR16 if isinstance(value, Char16) else OPSWIRE_CIM_STRING
        self.start(OPSWIRE_CIM_E_KEYVALUE)
        opswire_cim_write_attribute(&self.writer, OPSWIRE_CIM_A_VALUETYPE, constant(value_type))
        if number:
            self.attribute(OPSWIRE_CIM_A_TYPE, TYPE_NAMES[number])
        view = scalar_view(value, number, buffer)
        if view.data is NULL:
            # Keys are compared: a real is the shortest text that is the same number.
            text = shortest_text(value) if isinstance(value, float) else scalar_text(value, number)
            view = view_of(text)
        opswire_xml_write_text(&self.writer.xml, view)
        self.end()
        return 0

    # ---- instances ----

    cdef int instance(self, CIMInstance self_) except -1:
        cdef Py_ssize_t i
        cdef CIMProperty item
        self.start(OPSWIRE_CIM_E_INSTANCE)
        self.attribute(OPSWIRE_CIM_A_CLASSNAME, self_._classname)
        if not self_.plain():
            self.qualifiers(self_.qualifiers)
        if self_._properties is None and not self_.record.qualified:
            for i in range(self_.shape.count):
                self.one_property(
                    <str>self_.shape.names[i], self_.value_at(i), <Facts>self_.shape.facts[i], None
                )
        else:
            for item in self_.thawed().found.values():
                self.one_property(item._name, item._value, item.facts, item._qualifiers)
        self.end()
        return 0

    cdef int instance_with_path(self, CIMInstance self_) except -1:
        cdef CIMInstanceName path = self_.path
        if path is None:
            return self.instance(self_)
        if path.namespace is None:
            self.start(OPSWIRE_CIM_E_VALUE_NAMEDINSTANCE)
        elif path.host is None:
            self.start(OPSWIRE_CIM_E_VALUE_OBJECTWITHLOCALPATH)
        else:
            self.start(OPSWIRE_CIM_E_VALUE_INSTANCEWITHPATH)
        self.path(path, False, False)
        self.instance(self_)
        self.end()
        return 0

    cdef int named_instance(self, CIMInstance self_) except -1:
        """VALUE.NAMEDINSTANCE, as ModifyInstance sends it."""
        self.start(OPSWIRE_CIM_E_VALUE_NAMEDINSTANCE)
        self.instance_name(self_.path)
        self.instance(self_)
        self.end()
        return 0

    cdef int one_property(
        self, str name, object value, Facts facts, NocaseDict qualifiers
    ) except -1:
        cdef char buffer[32]
        cdef opswire_view view
        cdef bint plain = (
            facts.class_origin is None and facts.propagated is None and qualifiers is None
        )
        self.subject = name
        if (
            plain and not facts.is_array and facts.embedded_object is None
            and facts.type != OPSWIRE_CIM_REFERENCE and not isinstance(value, (CIMObject, list))
        ):
            if value is None:
                view.data = NULL
                view.size = 0
            else:
                view = scalar_view(value, facts.type, buffer)
                if view.data is NULL:
                    text = scalar_text(value, facts.type)
                    view = view_of(text)
            opswire_cim_write_property(
                &self.writer, view_of(name), <opswire_cim_type>facts.type, view
            )
            return self.check()
        self.check_array(value, facts.is_array)
        if facts.type == OPSWIRE_CIM_REFERENCE:
            if facts.is_array:
                raise ValueError(
                    f"the property {name!r} is an array of references, which CIM-XML has not"
                )
            self.start(OPSWIRE_CIM_E_PROPERTY_REFERENCE)
            self.attribute(OPSWIRE_CIM_A_NAME, name)
            self.attribute(OPSWIRE_CIM_A_REFERENCECLASS, facts.reference_class)
        else:
            self.start(
                OPSWIRE_CIM_E_PROPERTY_ARRAY if facts.is_array else OPSWIRE_CIM_E_PROPERTY
            )
            self.attribute(OPSWIRE_CIM_A_NAME, name)
            self.attribute(OPSWIRE_CIM_A_TYPE, TYPE_NAMES[facts.type])
            if facts.is_array and facts.array_size is not None:
                self.attribute(OPSWIRE_CIM_A_ARRAYSIZE, str(facts.array_size))
        self.attribute(OPSWIRE_CIM_A_CLASSORIGIN, facts.class_origin)
        self.flag(OPSWIRE_CIM_A_PROPAGATED, facts.propagated)
        if facts.type != OPSWIRE_CIM_REFERENCE:
            self.attribute(OPSWIRE_CIM_A_EMBEDDEDOBJECT, facts.embedded_object)
        self.any_qualifiers_and_value(name, qualifiers, value, facts.type)
        return 0

    cdef int any_qualifiers_and_value(
        self, str name, NocaseDict qualifiers, object value, int type
    ) except -1:
        self.qualifiers(qualifiers)
        self.subject = name
        self.any_value(value, type)
        self.end()
        return self.check()

    # ---- classes ----

    cdef int qualifiers(self, NocaseDict qualifiers) except -1:
        if qualifiers is not None:
            for qualifier in qualifiers.found.values():
                self.qualifier(qualifier)
        return 0

    cdef int qualifier(self, CIMQualifier self_) except -1:
        self.subject = self_._name
        self.start(OPSWIRE_CIM_E_QUALIFIER)
        self.attribute(OPSWIRE_CIM_A_NAME, self_._name)
        self.attribute(OPSWIRE_CIM_A_TYPE, TYPE_NAMES[self_._type])
        self.flag(OPSWIRE_CIM_A_PROPAGATED, self_._propagated)
        self.flavors(
            self_._overridable, self_._tosubclass, self_._toinstance, self_._translatable
        )
        self.any_value(self_._value, self_._type)
        self.end()
        return self.check()

    cdef int flavors(
        self, object overridable, object tosubclass, object toinstance, object translatable
    ) except -1:
        self.flag(OPSWIRE_CIM_A_OVERRIDABLE, overridable)
        self.flag(OPSWIRE_CIM_A_TOSUBCLASS, tosubclass)
        self.flag(OPSWIRE_CIM_A_TOINSTANCE, toinstance)
        self.flag(OPSWIRE_CIM_A_TRANSLATABLE, translatable)
        return 0

    cdef int parameter(self, CIMParameter self_) except -1:
        cdef bint array = self_.facts.is_array
        self.subject = self_._name
        if self_.facts.type == OPSWIRE_CIM_REFERENCE:
            self.start(
                OPSWIRE_CIM_E_PARAMETER_REFARRAY if array else OPSWIRE_CIM_E_PARAMETER_REFERENCE
            )
            self.attribute(OPSWIRE_CIM_A_NAME, self_._name)
            self.attribute(OPSWIRE_CIM_A_REFERENCECLASS, self_.facts.reference_class)
        else:
            self.start(OPSWIRE_CIM_E_PARAMETER_ARRAY if array else OPSWIRE_CIM_E_PARAMETER)
            self.attribute(OPSWIRE_CIM_A_NAME, self_._name)
            self.attribute(OPSWIRE_CIM_A_TYPE, TYPE_NAMES[self_.facts.type])
        if array and self_.facts.array_size is not None:
            self.attribute(OPSWIRE_CIM_A_ARRAYSIZE, str(self_.facts.array_size))
        self.qualifiers(self_._qualifiers)
        self.end()
        return 0

    cdef int parameter_value(self, CIMParameter self_) except -1:
        """PARAMVALUE."""
        self.subject = self_._name
        self.start(OPSWIRE_CIM_E_PARAMVALUE)
        self.attribute(OPSWIRE_CIM_A_NAME, self_._name)
        self.attribute(OPSWIRE_CIM_A_PARAMTYPE, TYPE_NAMES[self_.facts.type])
        self.attribute(OPSWIRE_CIM_A_EMBEDDEDOBJECT, self_.facts.embedded_object)
        self.any_value(self_._value, self_.facts.type)
        self.end()
        return 0

    cdef int method(self, CIMMethod self_) except -1:
        self.start(OPSWIRE_CIM_E_METHOD)
        self.attribute(OPSWIRE_CIM_A_NAME, self_._name)
        self.attribute(OPSWIRE_CIM_A_TYPE, TYPE_NAMES[self_._return_type])
        self.attribute(OPSWIRE_CIM_A_CLASSORIGIN, self_._class_origin)
        self.flag(OPSWIRE_CIM_A_PROPAGATED, self_._propagated)
        self.qualifiers(self_._qualifiers)
        for parameter in self_._parameters.found.values():
            self.parameter(parameter)
        self.end()
        return 0

    cdef int cim_class(self, CIMClass self_) except -1:
        cdef CIMProperty item
        self.start(OPSWIRE_CIM_E_CLASS)
        self.attribute(OPSWIRE_CIM_A_NAME, self_._classname)
        self.attribute(OPSWIRE_CIM_A_SUPERCLASS, self_._superclass)
        self.qualifiers(self_.qualifiers)
        for item in (<NocaseDict?>self_.properties).found.values():
            self.one_property(item._name, item._value, item.facts, item._qualifiers)
        for method in (<NocaseDict?>self_.methods).found.values():
            self.method(method)
        self.end()
        return 0

    cdef int declaration(self, CIMQualifierDeclaration self_) except -1:
        self.subject = self_._name
        self.check_array(self_._value, self_._is_array)
        self.start(OPSWIRE_CIM_E_QUALIFIER_DECLARATION)
        self.attribute(OPSWIRE_CIM_A_NAME, self_._name)
        self.attribute(OPSWIRE_CIM_A_TYPE, TYPE_NAMES[self_._type])
        self.flag(OPSWIRE_CIM_A_ISARRAY, self_._is_array)
        if self_._array_size is not None:
            self.attribute(OPSWIRE_CIM_A_ARRAYSIZE, str(self_._array_size))
        self.flavors(
            self_._overridable, self_._tosubclass, self_._toinstance, self_._translatable
        )
        self.scopes(self_)
        self.any_value(self_._value, self_._type)
        self.end()
        return 0

    cdef int scopes(self, CIMQualifierDeclaration self_) except -1:
        cdef dict given = self_._scopes.found
        for folded in given:
            if folded != "any" and folded not in SCOPES:
                raise ValueError(
                    f"{self_._scopes.names[folded]!r} is no scope: {', '.join(SCOPES)} and any are"
                )
        # ANY="false" is not in the DTD; it says nothing that the others do not.
        if given.get("any"):
            self.start(OPSWIRE_CIM_E_SCOPE)
            for attribute in SCOPES.values():
                self.flag(attribute, True)
            self.end()
        elif any(folded in given for folded in SCOPES):
            self.start(OPSWIRE_CIM_E_SCOPE)
            for folded, attribute in SCOPES.items():
                self.flag(attribute, given.get(folded))
            self.end()
        return 0

    # ---- anything ----

    cdef int element(self, CIMObject self_, tuple arguments) except -1:
        if isinstance(self_, CIMInstance):
            if arguments and arguments[0]:
                return self.instance(self_)
            return self.instance_with_path(self_)
        if isinstance(self_, (CIMInstanceName, CIMClassName)):
            without_host, without_namespace = arguments or (False, False)
            return self.path(self_, without_host, without_namespace)
        if isinstance(self_, CIMProperty):
            return self.one_property(
                (<CIMProperty>self_)._name, (<CIMProperty>self_)._value,
                (<CIMProperty>self_).facts, (<CIMProperty>self_)._qualifiers,
            )
        if isinstance(self_, CIMParameter):
            if arguments and arguments[0]:
                return self.parameter_value(self_)
            return self.parameter(self_)
        if isinstance(self_, CIMQualifier):
            return self.qualifier(self_)
        if isinstance(self_, CIMMethod):
            return self.method(self_)
        if isinstance(self_, CIMClass):
            return self.cim_class(self_)
        return self.declaration(self_)

    cdef int envelope(self, str message_id) except -1:
        opswire_xml_write_declaration(&self.writer.xml)
        self.start(OPSWIRE_CIM_E_CIM)
        opswire_cim_write_attribute(&self.writer, OPSWIRE_CIM_A_CIMVERSION, constant(b"2.0"))
        opswire_cim_write_attribute(&self.writer, OPSWIRE_CIM_A_DTDVERSION, constant(b"2.0"))
        self.start(OPSWIRE_CIM_E_MESSAGE)
        self.attribute(OPSWIRE_CIM_A_ID, message_id)
        opswire_cim_write_attribute(&self.writer, OPSWIRE_CIM_A_PROTOCOLVERSION, constant(b"1.0"))
        return 0

    cdef int argument(self, str name, object value) except -1:
        """What an IPARAMVALUE holds."""
        self.subject = name
        if isinstance(value, list):
            self.array(value, OPSWIRE_CIM_STRING)
        elif isinstance(value, CIMInstance):
            if (<CIMInstance>value).path is not None:
                self.named_instance(value)
            else:
                self.instance(value)
        elif isinstance(value, (CIMInstanceName, CIMClassName)):
            self.path(value, True, True)
        elif isinstance(value, CIMObject):
            self.element(value, ())
        elif value is not None:
            self.value(value, 0)
        return 0
