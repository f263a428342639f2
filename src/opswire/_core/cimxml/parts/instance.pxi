cdef class CIMInstance(CIMObject):
    """An instance: the values of a class's properties, and perhaps its path.

    It is a mapping of property names to values too, in any case: ``instance["Name"]``. Setting a
    key property sets the key in its path as well.

    Args:
        classname: the class's name.
        properties: a mapping of names to values or CIMProperty objects, or an iterable of pairs or
            of objects.
        qualifiers: a mapping of names to CIMQualifier objects or values, or an iterable of objects.
        path: a CIMInstanceName, which is copied; or None.

    Raises:
        ValueError: the name is missing, or a property's value does not tell its CIM type.
        TypeError: the path is none.
    """

    def __cinit__(self, *args, **kwargs):
        self.block = NULL
        self.record = &NO_INSTANCE
        self.shape = NO_SHAPE

    def __dealloc__(self):
        opswire_cim_block_free(self.block)
        self.block = NULL

    def __init__(self, classname, properties=None, qualifiers=None, path=None):
        self._classname = name_of(classname, "a CIMInstance")
        if path is not None:
            self.path = path
        self._qualifiers = qualifiers_of(qualifiers)
        self.set_properties(properties)

    cdef int kind(self) noexcept:
        return K_INSTANCE

    cdef int set_properties(self, object properties) except -1:
        cdef NocaseDict new = ruled_nocase(False, PROPERTIES)
        cdef dict names = new.names
        cdef dict found = new.found
        cdef object key, value
        cdef str folded
        if properties:
            if isinstance(properties, NocaseDict):
                source = (<NocaseDict>properties).items()
            elif isinstance(properties, dict):
                source = (<dict>properties).items()
            else:
                given = NocaseDict(properties)
                source = given.items()
            for key, value in source:
                if type(key) is not str:
                    key = name_of(key, "a property")
                folded = (<str>key).lower()
                names[folded] = key
                found[folded] = property_under(<str>key, folded, value)
        self._properties = new
        if self._path is not None:
            changed = [names[folded] for folded, item in found.items() if self.tells_path(item)]
            for key in changed:
                warn_of_path(key)
        return 0

    cdef bint tells_path(self, CIMProperty item) except -1:
        """A key property decides the key of the path; whether that is another one now."""
        cdef CIMInstanceName path = self._path if self._path is not UNREAD else self.path
        if path is None or item._value is None or not path.holds(item._name):
            return False
        before = path.value_or(item._name, None)
        path.put(item._name, item._value)
        return not same_value(before, item._value)

    cdef NocaseDict thawed(self):
        """The properties as objects: made now, if they are still in the block."""
        cdef NocaseDict properties
        cdef Py_ssize_t i
        cdef dict found
        cdef CIMProperty item
        if self._properties is not None:
            return self._properties
        properties = ruled_nocase(False, PROPERTIES)
        properties.names = self.shape.by_fold
        properties.names_shared = True
        found = properties.found
        for i, folded in enumerate(self.shape.folds()):
            item = new_property(
                <str>self.shape.names[i], self.value_at(i), <Facts>self.shape.facts[i]
            )
            found[folded] = item
        if self.record.qualified:
            add_qualifiers(self.block, self.record.qualified, self.shape, found)
        if self._properties is None:
            track(self)
            self._properties = properties
        return self._properties

    cdef Py_ssize_t number_of(self, object name) except -2:
        """Which property of the shape has that name; -1: none."""
        cdef PyObject *number = PyDict_GetItemWithError(self.shape.index, name)
        if number is NULL:
            number = PyDict_GetItemWithError(self.shape.index, fold(name))
            if number is NULL:
                return -1
        return <Py_ssize_t>(<object>number)

    cdef object value_at(self, Py_ssize_t number):
        """A property's value; the first who reads it makes it for all."""
        cdef list slots = self.slots
        cdef const opswire_cim_values *values
        cdef Py_ssize_t i
        cdef object value
        if slots is None:
            slots = PyList_New(self.shape.count)
            for i in range(self.shape.count):
                Py_INCREF(UNREAD)
                PyList_SET_ITEM(slots, i, UNREAD)
            untrack(slots)
            # Making the list may have run the collector, and that another thread.
            if self.slots is None:
                self.slots = slots
            else:
                slots = self.slots
        value = <object>PyList_GET_ITEM(slots, number)
        if value is not UNREAD:
            return value
        values = <const opswire_cim_values *>opswire_cim_at(self.block, self.record.values)
        value = value_from(self.block, opswire_cim_tags(values)[number], values.cells[number])
        if <object>PyList_GET_ITEM(slots, number) is UNREAD:
            if leads_back(value):
                track(slots)
                track(self)
            slots[number] = value
            return value
        return <object>PyList_GET_ITEM(slots, number)

    @property
    def classname(self):
        """The class's name."""
        return self._classname

    @classname.setter
    def classname(self, classname):
        self._classname = name_of(classname, "a CIMInstance")

    @property
    def properties(self):
        """The properties by name, CIMProperty objects."""
        return self.thawed()

    @properties.setter
    def properties(self, properties):
        track(self)
        self.set_properties(properties)

    @property
    def qualifiers(self):
        """The qualifiers by name; instances have none since DSP0200 1.4."""
        cdef NocaseDict found
        if self._qualifiers is None:
            if self.block is not NULL and self.record.qualifiers:
                found = list_from(self.block, self.record.qualifiers, QUALIFIERS)
            else:
                found = ruled_nocase(False, QUALIFIERS)
            if self._qualifiers is None:
                track(self)
                self._qualifiers = found
        return self._qualifiers

    @qualifiers.setter
    def qualifiers(self, qualifiers):
        track(self)
        self._qualifiers = qualifiers_of(qualifiers) or ruled_nocase(False, QUALIFIERS)

    @property
    def path(self):
        """The path, or None."""
        if self._path is UNREAD:
            path = path_from(self.block, self.record.path)
            if self._path is UNREAD:
                self._path = path
                if path is not None:
                    track(self)
        return self._path

    @path.setter
    def path(self, path):
        if path is not None:
            if not isinstance(path, CIMInstanceName):
                raise TypeError(f"the path of an instance is a CIMInstanceName, not {path!r}")
            path = CIMInstanceName.copy(path)
            track(self)
        self._path = path

    def __getitem__(self, key):
        cdef Py_ssize_t number
        if self._properties is None:
            number = self.number_of(key)
            if number < 0:
                raise no_key(key)
            return self.value_at(number)
        return (<CIMProperty?>self._properties.fetch(key))._value

    def __setitem__(self, key, value):
        cdef str name = name_of(key, "a property")
        cdef CIMProperty item = property_under(name, name.lower(), value)
        self.thawed().put(name, item)
        if self._path is not None and self.tells_path(item):
            warn_of_path(name)

    def __delitem__(self, key):
        del self.thawed()[key]

    # What follows asks these five, so that a subclass may build one method on another.

    cdef object value_or(self, object key, object default):
        cdef Py_ssize_t number
        cdef PyObject *item
        if self._properties is None:
            number = self.number_of(key)
            return default if number < 0 else self.value_at(number)
        item = PyDict_GetItemWithError(self._properties.found, fold(key))
        return default if item is NULL else (<CIMProperty?>(<object>item))._value

    cdef bint holds(self, object key) except -1:
        if self._properties is None:
            return self.number_of(key) >= 0
        return fold(key) in self._properties.found

    cdef Py_ssize_t size(self) except -1:
        return self.shape.count if self._properties is None else len(self._properties.found)

    cdef object all_names(self):
        return self.shape.names if self._properties is None else self._properties.names.values()

    cdef list all_values(self):
        cdef Py_ssize_t i
        if self._properties is None:
            return [self.value_at(i) for i in range(self.shape.count)]
        return [(<CIMProperty?>item)._value for item in self._properties.found.values()]

    def __contains__(self, key):
        return self.holds(key)

    def __len__(self):
        return self.size()

    def __iter__(self):
        return iter(self.all_names())

    def get(self, key, default=None):
        """Return the property's value, or the default."""
        return self.value_or(key, default)

    def has_key(self, key):
        """Return whether there is a property with that name."""
        return self.holds(key)

    def keys(self):
        """Return the names, as a view that follows changes."""
        return Names(self)

    def values(self):
        """Return the values, as a view that follows changes."""
        return Values(self)

    def items(self):
        """Return the (name, value) pairs, as a view that follows changes."""
        return Pairs(self)

    def iterkeys(self):
        """Return an iterator of the names; deprecated."""
        warn_of_iterator("keys")
        return iter(Names(self))

    def itervalues(self):
        """Return an iterator of the values; deprecated."""
        warn_of_iterator("values")
        return iter(Values(self))

    def iteritems(self):
        """Return an iterator of the (name, value) pairs; deprecated."""
        warn_of_iterator("items")
        return iter(Pairs(self))

    def update(self, *args, **kwargs):
        """Set the properties that the mapping, the pairs or the keyword arguments have."""
        new = new_nocase(False)
        new.update(*args, **kwargs)
        for key, value in new.items():
            self[key] = value

    def update_existing(self, *args, **kwargs):
        """Set the values of those properties that the instance has already; ignore the others.

        The CIM types stay as they are, and so does the path.
        """
        new = new_nocase(False)
        new.update(*args, **kwargs)
        for key, value in new.items():
            if self.holds(key):
                item = self.thawed().fetch(key)
                item.value = (<CIMProperty>value)._value if isinstance(value, CIMProperty) else value

    def __eq__(self, other):
        cdef CIMInstance twin
        cdef Py_ssize_t i
        if not isinstance(other, CIMInstance):
            raise wrong_class(self, other)
        twin = other
        if self is twin:
            return True
        if not same_fold(self._classname, twin._classname):
            return False
        if (
            self._properties is None
            and twin._properties is None
            and self.shape is twin.shape
            and not self.record.qualified
            and not twin.record.qualified
        ):
            if self.block is not twin.block or self.record is not twin.record:
                for i in range(self.shape.count):
                    if not same_value(self.value_at(i), twin.value_at(i)):
                        return False
        elif not same_mapping(self.thawed(), twin.thawed()):
            return False
        return same_value(self.path, twin.path) and (
            (self.plain() and twin.plain()) or same_mapping(self.qualifiers, twin.qualifiers)
        )

    cdef bint plain(self) noexcept:
        """Whether there are surely no qualifiers."""
        return self._qualifiers is None and (self.block is NULL or not self.record.qualifiers)

    def __hash__(self):
        cdef Py_hash_t total = 0
        cdef Py_ssize_t i
        cdef Py_hash_t one
        if self._properties is None and not self.record.qualified:
            i = 0
            for folded in self.shape.by_fold:
                one = property_hash(
                    <str>folded, self.value_at(i), <Facts>self.shape.facts[i], None
                )
                total += mixed(hash(folded), one)
                i += 1
        else:
            total = mapping_hash(self.thawed())
        return hash((
            self._classname.lower(), total, 0 if self.plain() else mapping_hash(self.qualifiers),
            self.path,
        ))

    def __repr__(self):
        return (
            f"{str(self)[:-4]}properties={self.properties!r}, qualifiers={self.qualifiers!r})"
        )

    def __str__(self):
        return f"CIMInstance(classname={represent(self._classname)}, path={self.path!r}, ...)"

    def __reduce__(self):
        return (
            restore_instance,
            (
                type(self), self._classname, self.properties,
                None if self.plain() else self.qualifiers, self.path,
            ),
            getattr(self, "__dict__", None),
        )

    def __copy__(self):
        cdef CIMInstance new = another(self)
        new._classname = self._classname
        new._properties = self.thawed()
        new._qualifiers = self.qualifiers
        new._path = self.path
        return new

    def copy(self):
        """Return a copy.

        Its path and mappings are its own; values and CIMProperty objects that were looked at are
        the same as the original's.
        """
        cdef CIMInstance new = CIMInstance.__new__(CIMInstance)
        new._classname = self._classname
        new.shape = self.shape
        if self.block is not NULL:
            new.block = opswire_cim_block_share(self.block)
            new.record = self.record
        if self._properties is not None:
            new._properties = self._properties.twin()
        if self.slots is not None:
            new.slots = list(self.slots)
        if self._qualifiers is not None:
            new._qualifiers = self._qualifiers.twin()
        if self._path is UNREAD or self._path is None:
            new._path = self._path
        else:
            new._path = (<CIMInstanceName>self._path).copy()
        return new

    @staticmethod
    def from_class(
        klass, namespace=None, property_values=None, include_missing_properties=True,
        include_path=True, include_class_origin=False,
    ):
        """Return an instance of a class with the given values, and the defaults of the rest.

        Args:
            klass: the CIMClass.
            namespace: of the path.
            property_values: a mapping of names to values.
            include_missing_properties: whether properties without a given value are there, with the
                class's default or None.
            include_path: whether to make the path from the key properties.
            include_class_origin: whether properties say which class introduced them.

        Raises:
            ValueError: a value for a property that the class has not, or for a key is missing.
        """
        given = NocaseDict(property_values or {})
        for name in given:
            if name not in klass.properties:
                raise ValueError(f"the class {klass.classname!r} has no property {name!r}")
        properties = NocaseDict()
        for name, declared in klass.properties.items():
            if name in given:
                value = given[name]
                if isinstance(value, CIMProperty):
                    value = value.value
            elif include_missing_properties:
                value = declared.value
            else:
                continue
            properties[name] = CIMProperty(
                declared.name,
                value,
                declared.type,
                class_origin=declared.class_origin if include_class_origin else None,
                array_size=declared.array_size,
                is_array=declared.is_array,
                reference_class=declared.reference_class,
                embedded_object=declared.embedded_object,
            )
        instance = CIMInstance(klass.classname, properties)
        if include_path:
            keys = {}
            for name, declared in klass.properties.items():
                if "Key" in declared.qualifiers:
                    if name not in properties:
                        raise ValueError(
                            f"there is no value for {name!r}, a key of the class "
                            f"{klass.classname!r}"
                        )
                    keys[name] = instance[name]
            instance.path = CIMInstanceName(klass.classname, keys, namespace=namespace)
        return instance

    def tocimxml(self, ignore_path=False):
        """Return the element as an object of xml.dom.minidom; as tocimxmlstr()."""
        return element_of(self.tocimxmlstr(None, ignore_path))

    def tocimxmlstr(self, indent=None, ignore_path=False):
        """Return INSTANCE, or with a path the VALUE element with both, as text."""
        return xml_of(self, indent, (ignore_path,))

    def tomof(self, maxline=80):
        """Return the MOF text ("instance of …")."""
        return mof_of(self, (maxline,))


cdef int warn_of_path(str name) except -1:
    """As pywbem does; last of all, since a warning may be an exception."""
    warnings.warn(
        f"the key property {name!r} has changed the key of its instance's path too: "
        "set that itself",
        DeprecationWarning,
    )
    return 0


cdef CIMProperty property_under(str name, str folded, object value):
    """What was given as property: the object itself, or one made of the value."""
    if isinstance(value, CIMProperty):
        if (<CIMProperty>value)._name is not name and (<CIMProperty>value)._name.lower() != folded:
            raise ValueError(
                f"the property {(<CIMProperty>value)._name!r} is given under the name {name!r}"
            )
        return value
    return property_from(name, value)
