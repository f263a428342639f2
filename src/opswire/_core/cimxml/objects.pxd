from opswire_c.cimxml cimport (
    opswire_cim_block,
    opswire_cim_instance,
    opswire_cim_path,
    opswire_cim_class,
    opswire_cim_member,
)
from opswire._core.cimxml.types cimport CIMObject
from opswire._core.cimxml.nocase cimport NocaseDict, Rule


cdef class Facts:
    # What is the same for many properties and parameters; never changes once it is in use.
    cdef int type
    cdef bint is_array
    cdef object array_size
    cdef str class_origin
    cdef str reference_class
    cdef str embedded_object
    cdef object propagated
    cdef Py_hash_t digest
    cdef Py_hash_t hashed(self) except? -1
    cdef bint same(self, Facts other) except -1
    cdef Facts changed(self)


cdef class Shape:
    # What instances with the same class and properties share; for paths, the same with keys.
    cdef str classname
    cdef tuple names
    cdef dict by_fold     # folded name -> name
    cdef dict index       # folded name, and name -> number
    cdef list facts       # of each property
    cdef Py_ssize_t count
    # Whether several names are one when they are folded. The C reader leaves that to us where names
    # are not ASCII; the later one counts, and to keep it simple nothing is read late then.
    cdef bint doubled
    cdef object folds(self)


cdef class CIMQualifier(CIMObject):
    cdef str _name
    cdef int _type
    cdef object _value
    cdef object _propagated, _overridable, _tosubclass, _toinstance, _translatable
    cdef tuple flavors(self)
    cdef CIMQualifier filled(self, CIMQualifier new)


cdef class CIMProperty(CIMObject):
    cdef str _name
    cdef object _value
    cdef Facts facts
    cdef NocaseDict _qualifiers  # None: none, and nobody has asked


cdef class CIMParameter(CIMObject):
    cdef str _name
    cdef object _value
    cdef Facts facts
    cdef NocaseDict _qualifiers


cdef class CIMMethod(CIMObject):
    cdef str _name
    cdef int _return_type
    cdef str _class_origin
    cdef object _propagated
    cdef NocaseDict _parameters
    cdef NocaseDict _qualifiers


cdef class CIMQualifierDeclaration(CIMObject):
    cdef str _name
    cdef int _type
    cdef object _value
    cdef object _is_array, _array_size
    cdef NocaseDict _scopes
    cdef object _overridable, _tosubclass, _toinstance, _translatable
    cdef tuple flavors(self)
    cdef CIMQualifierDeclaration filled(self, CIMQualifierDeclaration new)


cdef class CIMClassName(CIMObject):
    cdef str _classname
    cdef str _host
    cdef str _namespace


cdef class CIMInstanceName(CIMObject):
    cdef str _classname
    cdef str _host
    cdef str _namespace
    cdef NocaseDict _keybindings        # None as long as the block has them
    cdef opswire_cim_block *block
    cdef const opswire_cim_path *record
    cdef Shape shape
    cdef int thaw(self) except -1
    cdef int release(self) except -1
    cdef object value_at(self, Py_ssize_t number)
    cdef object value_or(self, object key, object default)
    cdef bint holds(self, object key) except -1
    cdef int put(self, object key, object value) except -1


cdef class CIMClass(CIMObject):
    cdef str _classname
    cdef str _superclass
    cdef object _path
    cdef NocaseDict _properties, _methods, _qualifiers  # None as long as the block has them
    cdef opswire_cim_block *block
    cdef const opswire_cim_class *record
    cdef NocaseDict list_of(self, unsigned int offset, Rule rule)


cdef class CIMInstance(CIMObject):
    cdef str _classname
    cdef NocaseDict _properties         # None as long as the block has them
    cdef NocaseDict _qualifiers         # None: none, and nobody has asked
    cdef object _path                   # UNREAD as long as the block has it
    cdef list slots                     # what was read, UNREAD what was not
    cdef Shape shape
    cdef opswire_cim_block *block
    cdef const opswire_cim_instance *record
    cdef NocaseDict thawed(self)
    cdef object value_at(self, Py_ssize_t number)
    cdef Py_ssize_t number_of(self, object name) except -2
    cdef int set_properties(self, object properties) except -1
    cdef bint tells_path(self, CIMProperty item) except -1
    cdef object value_or(self, object key, object default)
    cdef bint holds(self, object key) except -1
    cdef Py_ssize_t size(self) except -1
    cdef object all_names(self)
    cdef list all_values(self)
    cdef bint plain(self) noexcept

cdef object block_object(opswire_cim_block *block)
cdef str block_subject(opswire_cim_block *block)
cdef object member_value(opswire_cim_block *block, const opswire_cim_member *member)
cdef object member_object(opswire_cim_block *block, const opswire_cim_member *member)
cdef void drop_memo(void *memo) noexcept with gil
cdef CIMProperty new_property(str name, object value, Facts facts)
cdef Facts plain_facts(int type, bint is_array, str embedded)
