from libc.stddef cimport size_t
from libc.stdint cimport int8_t, int32_t, int64_t, uint8_t, uint32_t, uint64_t

from opswire._core._c_buffer cimport opswire_buffer
from opswire._core._c_status cimport opswire_status
from opswire._core._c_view cimport opswire_view
from opswire._core._c_xml_scanner cimport (
    opswire_xml_error,
    opswire_xml_limits,
    opswire_xml_position,
    OPSWIRE_XML_EXCERPT_SIZE,
)
from opswire._core._c_xml_writer cimport opswire_xml_writer


cdef extern from "opswire/cimxml.h" nogil:
    enum:
        OPSWIRE_CIM_MAX_EMBEDDING
        OPSWIRE_CIM_MAX_PATH
        OPSWIRE_CIM_ARRAY
        OPSWIRE_CIM_TYPE_MASK
        OPSWIRE_CIM_NOT_ASCII

    enum opswire_cim_element:
        OPSWIRE_CIM_E_CIM
        OPSWIRE_CIM_E_DECLARATION
        OPSWIRE_CIM_E_DECLGROUP
        OPSWIRE_CIM_E_DECLGROUP_WITHNAME
        OPSWIRE_CIM_E_DECLGROUP_WITHPATH
        OPSWIRE_CIM_E_QUALIFIER_DECLARATION
        OPSWIRE_CIM_E_SCOPE
        OPSWIRE_CIM_E_VALUE
        OPSWIRE_CIM_E_VALUE_ARRAY
        OPSWIRE_CIM_E_VALUE_REFERENCE
        OPSWIRE_CIM_E_VALUE_REFARRAY
        OPSWIRE_CIM_E_VALUE_OBJECT
        OPSWIRE_CIM_E_VALUE_NAMEDINSTANCE
        OPSWIRE_CIM_E_VALUE_NAMEDOBJECT
        OPSWIRE_CIM_E_VALUE_OBJECTWITHPATH
        OPSWIRE_CIM_E_VALUE_OBJECTWITHLOCALPATH
        OPSWIRE_CIM_E_VALUE_NULL
        OPSWIRE_CIM_E_VALUE_INSTANCEWITHPATH
        OPSWIRE_CIM_E_NAMESPACEPATH
        OPSWIRE_CIM_E_LOCALNAMESPACEPATH
        OPSWIRE_CIM_E_HOST
        OPSWIRE_CIM_E_NAMESPACE
        OPSWIRE_CIM_E_CLASSPATH
        OPSWIRE_CIM_E_LOCALCLASSPATH
        OPSWIRE_CIM_E_CLASSNAME
        OPSWIRE_CIM_E_INSTANCEPATH
        OPSWIRE_CIM_E_LOCALINSTANCEPATH
        OPSWIRE_CIM_E_INSTANCENAME
        OPSWIRE_CIM_E_OBJECTPATH
        OPSWIRE_CIM_E_KEYBINDING
        OPSWIRE_CIM_E_KEYVALUE
        OPSWIRE_CIM_E_CLASS
        OPSWIRE_CIM_E_INSTANCE
        OPSWIRE_CIM_E_QUALIFIER
        OPSWIRE_CIM_E_PROPERTY
        OPSWIRE_CIM_E_PROPERTY_ARRAY
        OPSWIRE_CIM_E_PROPERTY_REFERENCE
        OPSWIRE_CIM_E_METHOD
        OPSWIRE_CIM_E_PARAMETER
        OPSWIRE_CIM_E_PARAMETER_REFERENCE
        OPSWIRE_CIM_E_PARAMETER_ARRAY
        OPSWIRE_CIM_E_PARAMETER_REFARRAY
        OPSWIRE_CIM_E_MESSAGE
        OPSWIRE_CIM_E_MULTIREQ
        OPSWIRE_CIM_E_SIMPLEREQ
        OPSWIRE_CIM_E_METHODCALL
        OPSWIRE_CIM_E_PARAMVALUE
        OPSWIRE_CIM_E_IMETHODCALL
        OPSWIRE_CIM_E_IPARAMVALUE
        OPSWIRE_CIM_E_MULTIRSP
        OPSWIRE_CIM_E_SIMPLERSP
        OPSWIRE_CIM_E_METHODRESPONSE
        OPSWIRE_CIM_E_IMETHODRESPONSE
        OPSWIRE_CIM_E_ERROR
        OPSWIRE_CIM_E_RETURNVALUE
        OPSWIRE_CIM_E_IRETURNVALUE
        OPSWIRE_CIM_E_MULTIEXPREQ
        OPSWIRE_CIM_E_SIMPLEEXPREQ
        OPSWIRE_CIM_E_EXPMETHODCALL
        OPSWIRE_CIM_E_MULTIEXPRSP
        OPSWIRE_CIM_E_SIMPLEEXPRSP
        OPSWIRE_CIM_E_EXPMETHODRESPONSE
        OPSWIRE_CIM_E_EXPPARAMVALUE
        OPSWIRE_CIM_E_CORRELATOR
        OPSWIRE_CIM_ELEMENT_COUNT

    enum opswire_cim_attribute:
        OPSWIRE_CIM_A_NAME
        OPSWIRE_CIM_A_TYPE
        OPSWIRE_CIM_A_CLASSORIGIN
        OPSWIRE_CIM_A_PROPAGATED
        OPSWIRE_CIM_A_EMBEDDEDOBJECT
        OPSWIRE_CIM_A_ARRAYSIZE
        OPSWIRE_CIM_A_REFERENCECLASS
        OPSWIRE_CIM_A_PARAMTYPE
        OPSWIRE_CIM_A_CLASSNAME
        OPSWIRE_CIM_A_VALUETYPE
        OPSWIRE_CIM_A_LANG
        OPSWIRE_CIM_A_SUPERCLASS
        OPSWIRE_CIM_A_OVERRIDABLE
        OPSWIRE_CIM_A_TOSUBCLASS
        OPSWIRE_CIM_A_TOINSTANCE
        OPSWIRE_CIM_A_TRANSLATABLE
        OPSWIRE_CIM_A_ISARRAY
        OPSWIRE_CIM_A_CIMVERSION
        OPSWIRE_CIM_A_DTDVERSION
        OPSWIRE_CIM_A_ID
        OPSWIRE_CIM_A_PROTOCOLVERSION
        OPSWIRE_CIM_A_CODE
        OPSWIRE_CIM_A_DESCRIPTION
        OPSWIRE_CIM_A_CLASS
        OPSWIRE_CIM_A_ASSOCIATION
        OPSWIRE_CIM_A_REFERENCE
        OPSWIRE_CIM_A_PROPERTY
        OPSWIRE_CIM_A_METHOD
        OPSWIRE_CIM_A_PARAMETER
        OPSWIRE_CIM_A_INDICATION
        OPSWIRE_CIM_ATTRIBUTE_COUNT

    enum opswire_cim_type:
        OPSWIRE_CIM_NULL
        OPSWIRE_CIM_BOOLEAN
        OPSWIRE_CIM_STRING
        OPSWIRE_CIM_CHAR16
        OPSWIRE_CIM_DATETIME
        OPSWIRE_CIM_UINT8
        OPSWIRE_CIM_SINT8
        OPSWIRE_CIM_UINT16
        OPSWIRE_CIM_SINT16
        OPSWIRE_CIM_UINT32
        OPSWIRE_CIM_SINT32
        OPSWIRE_CIM_UINT64
        OPSWIRE_CIM_SINT64
        OPSWIRE_CIM_REAL32
        OPSWIRE_CIM_REAL64
        OPSWIRE_CIM_REFERENCE
        OPSWIRE_CIM_INSTANCE
        OPSWIRE_CIM_CLASS
        OPSWIRE_CIM_MEMBER
        OPSWIRE_CIM_INTEGER
        OPSWIRE_CIM_NATURAL
        OPSWIRE_CIM_REAL
        OPSWIRE_CIM_TYPE_COUNT

    enum opswire_cim_flag:
        OPSWIRE_CIM_PROPAGATED_GIVEN
        OPSWIRE_CIM_PROPAGATED
        OPSWIRE_CIM_OVERRIDABLE_GIVEN
        OPSWIRE_CIM_OVERRIDABLE
        OPSWIRE_CIM_TOSUBCLASS_GIVEN
        OPSWIRE_CIM_TOSUBCLASS
        OPSWIRE_CIM_TOINSTANCE_GIVEN
        OPSWIRE_CIM_TOINSTANCE
        OPSWIRE_CIM_TRANSLATABLE_GIVEN
        OPSWIRE_CIM_TRANSLATABLE
        OPSWIRE_CIM_IS_ARRAY
        OPSWIRE_CIM_IS_ARRAY_GIVEN
        OPSWIRE_CIM_EMBEDDED_INSTANCE
        OPSWIRE_CIM_EMBEDDED_OBJECT
        OPSWIRE_CIM_ARRAY_SIZE_GIVEN
        OPSWIRE_CIM_NAME_GIVEN
        OPSWIRE_CIM_SCOPE_GIVEN
        OPSWIRE_CIM_SCOPE_CLASS
        OPSWIRE_CIM_SCOPE_ASSOCIATION
        OPSWIRE_CIM_SCOPE_REFERENCE
        OPSWIRE_CIM_SCOPE_PROPERTY
        OPSWIRE_CIM_SCOPE_METHOD
        OPSWIRE_CIM_SCOPE_PARAMETER
        OPSWIRE_CIM_SCOPE_INDICATION

    enum opswire_cim_block_flag:
        OPSWIRE_CIM_EMPTY_BOOLEAN
        OPSWIRE_CIM_KEYLESS
        OPSWIRE_CIM_EMPTY_FLAG

    enum opswire_cim_option:
        OPSWIRE_CIM_ANY_RANGE
        OPSWIRE_CIM_FRAGMENT

    enum opswire_cim_event_type:
        OPSWIRE_CIM_ENTER
        OPSWIRE_CIM_LEAVE
        OPSWIRE_CIM_OBJECT
        OPSWIRE_CIM_END
    opswire_view opswire_cim_element_name(opswire_cim_element element)
    opswire_view opswire_cim_type_name(opswire_cim_type type)

    struct opswire_cim_text:
        uint32_t offset
        uint32_t size

    uint32_t OPSWIRE_CIM_TEXT_SIZE(opswire_cim_text text)

    struct opswire_cim_datetime:
        int32_t year
        int32_t month
        int32_t days
        int32_t hour
        int32_t minute
        int32_t second
        int32_t microsecond
        int32_t offset
        int8_t digits
        bint interval

    const char *opswire_cim_datetime_read(opswire_view text, opswire_cim_datetime *made)

    union opswire_cim_cell:
        uint64_t u
        int64_t s
        uint32_t offset
        opswire_cim_text text

    struct opswire_cim_values:
        uint32_t count
        opswire_cim_cell *cells

    const uint8_t *opswire_cim_tags(const opswire_cim_values *values)

    struct opswire_cim_descriptor:
        opswire_view name
        opswire_view class_origin
        opswire_view reference_class
        opswire_view lang
        uint32_t flags
        uint32_t array_size
        uint8_t type
        bint ascii
        bint key

    struct opswire_cim_shape:
        opswire_view class_name
        opswire_view lang
        const opswire_cim_descriptor *const *members
        uint32_t count
        uint32_t index
        bint path
        bint ascii
        void *memo

    struct opswire_cim_table:
        pass

    struct opswire_cim_path:
        opswire_cim_text host
        opswire_cim_text namespace_name
        opswire_cim_text class_name
        uint32_t values
        uint32_t shape

    struct opswire_cim_instance:
        uint32_t shape
        uint32_t values
        uint32_t path
        uint32_t qualifiers
        uint32_t qualified

    struct opswire_cim_list:
        uint32_t count
        uint32_t *offsets

    struct opswire_cim_class:
        opswire_cim_text name
        opswire_cim_text superclass
        uint32_t qualifiers
        uint32_t properties
        uint32_t methods
        uint32_t path

    struct opswire_cim_member:
        opswire_cim_text name
        opswire_cim_text class_origin
        opswire_cim_text reference_class
        opswire_cim_text lang
        opswire_cim_cell cell
        uint32_t flags
        uint32_t array_size
        uint32_t qualifiers
        uint32_t parameters
        uint8_t tag
        uint8_t type
        uint8_t element
        uint8_t value_element
        uint32_t scopes

    struct opswire_cim_block:
        opswire_cim_table *table
        uint32_t size
        uint32_t references
        opswire_cim_cell cell
        uint8_t tag
        uint8_t flags
        uint8_t element

    opswire_view opswire_cim_text_view(const opswire_cim_block *block, opswire_cim_text text)
    opswire_cim_block *opswire_cim_block_share(opswire_cim_block *block)
    void opswire_cim_block_free(opswire_cim_block *block)
    opswire_cim_shape *opswire_cim_shape_of "opswire_cim_shape" (
        const opswire_cim_block *block, uint32_t index)
    const void *opswire_cim_at(const opswire_cim_block *block, uint32_t offset)
    opswire_cim_table *opswire_cim_table_share(opswire_cim_table *table)
    void opswire_cim_table_free(opswire_cim_table *table)

    struct opswire_cim_settings:
        opswire_xml_limits xml
        uint32_t options
        uint32_t max_object
        void (*drop_memo)(void *memo) noexcept

    struct opswire_cim_event:
        opswire_cim_event_type type
        opswire_cim_element element
        opswire_view first
        opswire_view second
        uint32_t code
        opswire_cim_block *block

    enum opswire_cim_error:
        OPSWIRE_CIM_SOUND

    const char *opswire_cim_error_message(opswire_cim_error error)

    struct opswire_cim_scalar:
        opswire_cim_cell cell
        opswire_view kept
        opswire_view text
        uint8_t tag

    opswire_cim_error opswire_cim_scalar_read(
        uint32_t options, uint8_t type, opswire_view text, opswire_cim_scalar *scalar)

    struct opswire_cim_fault:
        opswire_status status
        opswire_xml_error xml
        opswire_cim_error cim
        opswire_xml_position position
        char *path
        size_t path_size
        uint8_t *excerpt
        size_t excerpt_size
        size_t mark
        char *subject

    struct opswire_cim_reader:
        pass

    opswire_cim_reader *opswire_cim_reader_new(const opswire_cim_settings *settings)
    void opswire_cim_reader_free(opswire_cim_reader *reader)
    void opswire_cim_reader_reset(opswire_cim_reader *reader)
    opswire_status opswire_cim_feed(opswire_cim_reader *reader, opswire_view octets)
    void opswire_cim_feed_end(opswire_cim_reader *reader)
    opswire_status opswire_cim_next(opswire_cim_reader *reader, opswire_cim_event *event)
    opswire_cim_block *opswire_cim_take(opswire_cim_reader *reader)
    void opswire_cim_reader_fault(const opswire_cim_reader *reader, opswire_cim_fault *fault)

    struct opswire_cim_writer:
        opswire_xml_writer xml

    opswire_status opswire_cim_write_start(opswire_cim_writer *writer, opswire_cim_element element)
    opswire_status opswire_cim_write_attribute(
        opswire_cim_writer *writer, opswire_cim_attribute attribute, opswire_view value)
    opswire_status opswire_cim_write_end(opswire_cim_writer *writer)
    opswire_status opswire_cim_write_element(
        opswire_cim_writer *writer, opswire_cim_element element, opswire_view text)
    opswire_status opswire_cim_write_property(
        opswire_cim_writer *writer, opswire_view name, opswire_cim_type type, opswire_view text)
    opswire_status opswire_cim_write_block(
        opswire_cim_writer *writer, const opswire_cim_block *block)
