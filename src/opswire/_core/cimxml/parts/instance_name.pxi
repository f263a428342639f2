cdef object key_value(object name, object value):
    """A value that a key may have."""
    if isinstance(value, (str, bool, int, float)):
        return value
    if isinstance(value, bytes):
        return (<bytes>value).decode()
    if isinstance(value, CIMProperty):
        return key_value(name, (<CIMProperty>value)._value)
    if isinstance(value, (CIMInstanceName, CIMDateTime)) or value is None:
        return value
    if isinstance(value, list):
        raise TypeError(f"key {name!r}: a key is no array")
    if isinstance(value, (CIMInstance, CIMClass)):
        raise TypeError(f"key {name!r}: a key is no embedded object")
    raise TypeError(f"key {name!r}: a key is no {type(value).__name__}: {value!r}")


cdef object null_key(object name):
    return ValueError(
        f"key {name!r}: a key is never None (config.IGNORE_NULL_KEY_VALUE = True drops such keys)"
    )


cdef int warn_of_iterator(str view) except -1:
    """As pywbem does; the caller is told, since we have no frame of our own."""
    warnings.warn(f"iter{view}() is deprecated: use {view}()", DeprecationWarning)
    return 0


cdef NocaseDict keys_from(object keybindings):
    cdef NocaseDict given, new = ruled_nocase(True, KEYS)
    if not keybindings:
        return new
    if isinstance(keybindings, NocaseDict):
        given = keybindings
    else:
        given = new_nocase(True)
        given.update(keybindings)
    for folded, value in given.found.items():
        value = key_value(given.names[folded], value)
        if value is not None or not cim_config.IGNORE_NULL_KEY_VALUE:
            new.put(given.names[folded], value)
    return new


cdef class CIMInstanceName(CIMObject):
    """The path of an instance: its class, its keys, and perhaps where it is.

    It is a mapping of the keys too: ``path["Name"]``, ``len(path)``, ``"Name" in path``.

    Args:
        classname: the class's name.
        keybindings: a mapping of key names to values, or an iterable of pairs or of properties.
            Values are text, booleans, numbers, CIMDateTime and CIMInstanceName objects. One key may
            have the name None (unnamed).
        host: the WBEM server, "host" or "host:port"; or None.
        namespace: like "root/cimv2"; slashes at both ends are dropped; or None.

    Raises:
        ValueError: the name is missing, or a key is None.
        TypeError: a key is of a class that keys cannot be.
    """

    def __cinit__(self, *args, **kwargs):
        self.block = NULL
        self.record = &NO_PATH
        self.shape = NO_SHAPE

    def __dealloc__(self):
        opswire_cim_block_free(self.block)
        self.block = NULL

    def __init__(self, classname, keybindings=None, host=None, namespace=None):
        self._classname = name_of(classname, "a CIMInstanceName")
        self._keybindings = keys_from(keybindings)
        self._host = text_of(host)
        self._namespace = namespace_of(namespace)

    cdef int kind(self) noexcept:
        return K_INSTANCE_NAME

    cdef object value_at(self, Py_ssize_t number):
        """One key's value from the block."""
        cdef const opswire_cim_values *values = (
            <const opswire_cim_values *>opswire_cim_at(self.block, self.record.values)
        )
        # A finalizer that the collector runs meanwhile may release() the path.
        cdef opswire_cim_block *block = opswire_cim_block_share(self.block)
        try:
            value = value_from(block, opswire_cim_tags(values)[number], values.cells[number])
            # A property has its type besides; a key only the class of its value.
            if opswire_cim_tags(values)[number] == OPSWIRE_CIM_CHAR16:
                value = Char16(value)
            return value
        finally:
            opswire_cim_block_free(block)

    cdef int thaw(self) except -1:
        """Turn all keys into Python, once."""
        cdef NocaseDict keys
        cdef Py_ssize_t i
        if self._keybindings is not None:
            return 0
        keys = ruled_nocase(True, KEYS)
        keys.names = self.shape.by_fold
        keys.names_shared = True
        for i, folded in enumerate(self.shape.folds()):
            if self.block is NULL:
                return 0  # all of it is there already
            keys.found[folded] = self.value_at(i)
        if self._keybindings is None:
            track(self)
            self._keybindings = keys
        return 0

    @property
    def classname(self):
        """The class's name."""
        return self._classname

    @classname.setter
    def classname(self, classname):
        self._classname = name_of(classname, "a CIMInstanceName")

    @property
    def keybindings(self):
        """The keys' values by name."""
        self.thaw()
        return self._keybindings

    @keybindings.setter
    def keybindings(self, keybindings):
        cdef NocaseDict keys = keys_from(keybindings)
        track(self)
        self._keybindings = keys

    @property
    def host(self):
        """The WBEM server, or None."""
        if self._host is None and self.block is not NULL and self.record.host.offset:
            self._host = block_text(self.block, self.record.host)
        return self._host

    @host.setter
    def host(self, host):
        self.release()
        self._host = text_of(host)

    @property
    def namespace(self):
        """The namespace, or None."""
        if self._namespace is None and self.block is not NULL and self.record.namespace_name.offset:
            self._namespace = block_text(self.block, self.record.namespace_name)
        return self._namespace

    @namespace.setter
    def namespace(self, namespace):
        self.release()
        self._namespace = namespace_of(namespace)

    cdef int release(self) except -1:
        """Take everything out of the block, so that attributes alone count."""
        cdef opswire_cim_block *block
        if self.block is NULL:
            return 0
        self.thaw()
        self._host = self.host
        self._namespace = self.namespace
        block = self.block
        self.block = NULL
        opswire_cim_block_free(block)
        return 0

    # What follows asks these three, so that a subclass may build one method on another.

    cdef object value_or(self, object key, object default):
        cdef PyObject *found
        if self._keybindings is None:
            found = PyDict_GetItemWithError(self.shape.index, key)
            if found is NULL:
                found = PyDict_GetItemWithError(self.shape.index, fold(key))
            return default if found is NULL else self.value_at(<Py_ssize_t>(<object>found))
        found = PyDict_GetItemWithError(self._keybindings.found, fold(key))
        return default if found is NULL else <object>found

    cdef bint holds(self, object key) except -1:
        if self._keybindings is None:
            return fold(key) in self.shape.by_fold
        return fold(key) in self._keybindings.found

    cdef int put(self, object key, object value) except -1:
        self.thaw()
        track(self)
        return self._keybindings.put(key, value)

    def __getitem__(self, key):
        value = self.value_or(key, UNREAD)
        if value is UNREAD:
            raise no_key(key)
        return value

    def __setitem__(self, key, value):
        self.put(key, value)

    def __delitem__(self, key):
        del self.keybindings[key]

    def __contains__(self, key):
        return self.holds(key)

    def __len__(self):
        return self.shape.count if self._keybindings is None else len(self._keybindings.found)

    def __iter__(self):
        return iter(self.keybindings)

    def get(self, key, default=None):
        """Return the key's value, or the default."""
        return self.value_or(key, default)

    def has_key(self, key):
        """Return whether there is a key with that name."""
        return self.holds(key)

    def keys(self):
        """Return a live view of the names."""
        return self.keybindings.keys()

    def values(self):
        """Return a live view of the values."""
        return self.keybindings.values()

    def items(self):
        """Return a live view of the (name, value) pairs."""
        return self.keybindings.items()

    def iterkeys(self):
        """Return an iterator of the names; deprecated."""
        warn_of_iterator("keys")
        return iter(self.keybindings.keys())

    def itervalues(self):
        """Return an iterator of the values; deprecated."""
        warn_of_iterator("values")
        return iter(self.keybindings.values())

    def iteritems(self):
        """Return an iterator of the (name, value) pairs; deprecated."""
        warn_of_iterator("items")
        return iter(self.keybindings.items())

    def update(self, *args, **kwargs):
        """Set the keys that the mapping, the pairs or the keyword arguments have."""
        new = new_nocase(True)
        new.update(*args, **kwargs)
        for key, value in new.items():
            self.put(key, value)

    def __eq__(self, other):
        cdef CIMInstanceName twin
        if not isinstance(other, CIMInstanceName):
            raise wrong_class(self, other)
        twin = other
        if self is twin:
            return True
        if not same_fold(self._classname, twin._classname):
            return False
        self.thaw()
        twin.thaw()
        return (
            same_mapping(self._keybindings, twin._keybindings)
            and same_fold(self.host, twin.host)
            and same_fold(self.namespace, twin.namespace)
        )

    def __hash__(self):
        self.thaw()
        return hash((
            self._classname.lower(), mapping_hash(self._keybindings), folded_or_none(self.host),
            folded_or_none(self.namespace),
        ))

    def __repr__(self):
        return (
            f"CIMInstanceName(classname={represent(self._classname)}, "
            f"keybindings={self.keybindings!r}, namespace={represent(self.namespace)}, "
            f"host={represent(self.host)})"
        )

    def __str__(self):
        return self.to_wbem_uri("historical")

    def __reduce__(self):
        return reduced(
            self, CIMInstanceName, (self._classname, self.keybindings, self.host, self.namespace)
        )

    def __copy__(self):
        cdef CIMInstanceName new = another(self)
        new._classname = self._classname
        new._keybindings = self.keybindings
        new._host = self.host
        new._namespace = self.namespace
        return new

    def copy(self):
        """Return a copy; the keys' mapping is copied too."""
        cdef CIMInstanceName new = CIMInstanceName.__new__(CIMInstanceName)
        new._classname = self._classname
        new._host = self._host
        new._namespace = self._namespace
        new.shape = self.shape
        new.record = self.record
        new.block = opswire_cim_block_share(self.block) if self.block is not NULL else NULL
        if self._keybindings is not None:
            new._keybindings = self._keybindings.twin()
        return new

    def to_wbem_uri(self, format="standard"):
        """Return it as a WBEM URI; format: standard, canonical, cimobject or historical."""
        from opswire._core.cimxml import uri
        return uri.instance_uri(self, format)

    @staticmethod
    def from_wbem_uri(wbem_uri):
        """Return what a WBEM URI names, in any of the formats; ValueError when it is none."""
        from opswire._core.cimxml import uri
        return uri.read_instance_uri(wbem_uri)

    @staticmethod
    def from_instance(class_, instance, namespace=None, host=None, strict=False):
        """Return the path of an instance: the keys are the properties with the qualifier Key.

        Args:
            class_: the CIMClass that tells which properties are keys.
            instance: the CIMInstance that has their values.
            namespace, host: of the new path.
            strict: whether a key that the instance lacks is a ValueError, or left out.
        """
        keys = new_nocase(True)
        for name, declared in class_.properties.items():
            if "Key" not in declared.qualifiers:
                continue
            value = instance.get(name)
            if value is not None:
                keys[name] = value
            elif strict:
                raise ValueError(
                    f"the instance has no value for {name!r}, a key of the class "
                    f"{class_.classname!r}"
                )
        return CIMInstanceName(class_.classname, keys, host, namespace)

    def tocimxml(self, ignore_host=False, ignore_namespace=False):
        """Return the element as an object of xml.dom.minidom; as tocimxmlstr()."""
        return element_of(self.tocimxmlstr(None, ignore_host, ignore_namespace))

    def tocimxmlstr(self, indent=None, ignore_host=False, ignore_namespace=False):
        """Return INSTANCEPATH, LOCALINSTANCEPATH or INSTANCENAME as text, as much as is known."""
        return xml_of(self, indent, (ignore_host, ignore_namespace))
