#include <stdlib.h>
#include <string.h>

#include "machine.h"

#define N OPSWIRE_VIEW
#define A CIM_BIT
#define FLAVOR (A(OVERRIDABLE) | A(TOSUBCLASS) | A(TOINSTANCE) | A(TRANSLATABLE))
#define SCOPES                                                                                     \
    (A(CLASS) | A(ASSOCIATION) | A(REFERENCE) | A(PROPERTY) | A(METHOD) | A(PARAMETER)             \
     | A(INDICATION))

/* The place of a child: which slot of its parent. */
#define FIRST(element) [OPSWIRE_CIM_E_##element] = 1
#define SECOND(element) [OPSWIRE_CIM_E_##element] = 2
#define THIRD(element) [OPSWIRE_CIM_E_##element] = 3
#define OBJECTS(place) place(CLASS), place(INSTANCE)
#define PROPERTIES(place) place(PROPERTY), place(PROPERTY_ARRAY), place(PROPERTY_REFERENCE)
#define PARAMETERS(place)                                                                          \
    place(PARAMETER), place(PARAMETER_REFERENCE), place(PARAMETER_ARRAY), place(PARAMETER_REFARRAY)

/* DSP0203 2.4.0, and what real senders do besides: PARAMVALUE with TYPE, KEYVALUE without,
 * qualifiers and properties in any order, ERROR together with a return value. */
const struct cim_rule CIM_RULES[OPSWIRE_CIM_ELEMENT_COUNT] = {
    [OPSWIRE_CIM_E_CIM] = {N("CIM"), A(CIMVERSION) | A(DTDVERSION), 0, CIM_ELEMENTS,
                           .envelope = true, .places = {FIRST(MESSAGE), FIRST(DECLARATION)},
                           .slots = {{1, 1}}},
    [OPSWIRE_CIM_E_DECLARATION] = {N("DECLARATION"), 0, 0, CIM_ELEMENTS, .envelope = true,
                                   .places = {FIRST(DECLGROUP), FIRST(DECLGROUP_WITHNAME),
                                              FIRST(DECLGROUP_WITHPATH)},
                                   .slots = {{1, 0}}},
    [OPSWIRE_CIM_E_DECLGROUP] = {N("DECLGROUP"), 0, 0, CIM_ELEMENTS, .envelope = true,
                                 .places = {FIRST(LOCALNAMESPACEPATH), FIRST(NAMESPACEPATH),
                                            SECOND(QUALIFIER_DECLARATION), THIRD(VALUE_OBJECT)},
                                 .slots = {{0, 1}, {0, 0}, {0, 0}}},
    [OPSWIRE_CIM_E_DECLGROUP_WITHNAME] =
        {N("DECLGROUP.WITHNAME"), 0, 0, CIM_ELEMENTS, .envelope = true,
         .places = {FIRST(LOCALNAMESPACEPATH), FIRST(NAMESPACEPATH), SECOND(QUALIFIER_DECLARATION),
                    THIRD(VALUE_NAMEDOBJECT)},
         .slots = {{0, 1}, {0, 0}, {0, 0}}},
    [OPSWIRE_CIM_E_DECLGROUP_WITHPATH] = {N("DECLGROUP.WITHPATH"), 0, 0, CIM_ELEMENTS,
                                          .envelope = true,
                                          .places = {FIRST(VALUE_OBJECTWITHPATH),
                                                     FIRST(VALUE_OBJECTWITHLOCALPATH)},
                                          .slots = {{0, 0}}},
    [OPSWIRE_CIM_E_QUALIFIER_DECLARATION] =
        {N("QUALIFIER.DECLARATION"), A(NAME) | A(TYPE), A(ISARRAY) | A(ARRAYSIZE) | FLAVOR,
         CIM_ELEMENTS, .end = cim_member, .swift = CIM_LEAVES,
         .places = {FIRST(SCOPE), SECOND(VALUE), SECOND(VALUE_ARRAY)}, .slots = {{0, 1}, {0, 1}}},
    [OPSWIRE_CIM_E_SCOPE] = {N("SCOPE"), 0, SCOPES, CIM_EMPTY, .end = cim_scope, .no_root = true},
    [OPSWIRE_CIM_E_VALUE] = {N("VALUE"), 0, 0, CIM_TEXT, .end = cim_value},
    [OPSWIRE_CIM_E_VALUE_ARRAY] = {N("VALUE.ARRAY"), 0, 0, CIM_ELEMENTS, .end = cim_array,
                                   .swift = CIM_LEAVES, .places = {FIRST(VALUE), FIRST(VALUE_NULL)},
                                   .slots = {{0, 0}}},
    [OPSWIRE_CIM_E_VALUE_REFERENCE] = {N("VALUE.REFERENCE"), 0, 0, CIM_ELEMENTS,
                                       .places = {FIRST(CLASSPATH), FIRST(LOCALCLASSPATH),
                                                  FIRST(CLASSNAME), FIRST(INSTANCEPATH),
                                                  FIRST(LOCALINSTANCEPATH), FIRST(INSTANCENAME)},
                                       .slots = {{1, 1}}},
    [OPSWIRE_CIM_E_VALUE_REFARRAY] = {N("VALUE.REFARRAY"), 0, 0, CIM_ELEMENTS, .end = cim_array,
                                      .places = {FIRST(VALUE_REFERENCE), FIRST(VALUE_NULL)},
                                      .slots = {{0, 0}}},
    [OPSWIRE_CIM_E_VALUE_OBJECT] = {N("VALUE.OBJECT"), 0, 0, CIM_ELEMENTS,
                                    .places = {OBJECTS(FIRST)}, .slots = {{1, 1}}},
    [OPSWIRE_CIM_E_VALUE_NAMEDINSTANCE] = {N("VALUE.NAMEDINSTANCE"), 0, 0, CIM_ELEMENTS,
                                           .end = cim_with_path,
                                           .places = {FIRST(INSTANCENAME), SECOND(INSTANCE)},
                                           .slots = {{1, 1}, {1, 1}}},
    [OPSWIRE_CIM_E_VALUE_NAMEDOBJECT] = {N("VALUE.NAMEDOBJECT"), 0, 0, CIM_ELEMENTS,
                                         .end = cim_with_path,
                                         .places = {FIRST(INSTANCENAME), OBJECTS(SECOND)},
                                         .slots = {{0, 1}, {1, 1}}},
    [OPSWIRE_CIM_E_VALUE_OBJECTWITHPATH] = {N("VALUE.OBJECTWITHPATH"), 0, 0, CIM_ELEMENTS,
                                            .end = cim_with_path,
                                            .places = {FIRST(CLASSPATH), FIRST(INSTANCEPATH),
                                                       OBJECTS(SECOND)},
                                            .slots = {{1, 1}, {1, 1}}},
    [OPSWIRE_CIM_E_VALUE_OBJECTWITHLOCALPATH] =
        {N("VALUE.OBJECTWITHLOCALPATH"), 0, 0, CIM_ELEMENTS, .end = cim_with_path,
         .places = {FIRST(LOCALCLASSPATH), FIRST(LOCALINSTANCEPATH), OBJECTS(SECOND)},
         .slots = {{1, 1}, {1, 1}}},
    [OPSWIRE_CIM_E_VALUE_NULL] = {N("VALUE.NULL"), 0, 0, CIM_EMPTY, .end = cim_null_value,
                                  .no_root = true},
    [OPSWIRE_CIM_E_VALUE_INSTANCEWITHPATH] = {N("VALUE.INSTANCEWITHPATH"), 0, 0, CIM_ELEMENTS,
                                              .end = cim_with_path,
                                              .places = {FIRST(INSTANCEPATH), SECOND(INSTANCE)},
                                              .slots = {{1, 1}, {1, 1}}},
    [OPSWIRE_CIM_E_NAMESPACEPATH] = {N("NAMESPACEPATH"), 0, 0, CIM_ELEMENTS, .end = cim_join_paths,
                                     .places = {FIRST(HOST), SECOND(LOCALNAMESPACEPATH)},
                                     .slots = {{1, 1}, {1, 1}}},
    [OPSWIRE_CIM_E_LOCALNAMESPACEPATH] = {N("LOCALNAMESPACEPATH"), 0, 0, CIM_ELEMENTS,
                                          .end = cim_namespace_path, .places = {FIRST(NAMESPACE)},
                                          .slots = {{1, 0}}},
    [OPSWIRE_CIM_E_HOST] = {N("HOST"), 0, 0, CIM_TEXT, .end = cim_value, .no_root = true},
    [OPSWIRE_CIM_E_NAMESPACE] = {N("NAMESPACE"), A(NAME), 0, CIM_EMPTY, .end = cim_namespace_part,
                                 .no_root = true},
    [OPSWIRE_CIM_E_CLASSPATH] = {N("CLASSPATH"), 0, 0, CIM_ELEMENTS, .end = cim_join_paths,
                                 .places = {FIRST(NAMESPACEPATH), SECOND(CLASSNAME)},
                                 .slots = {{1, 1}, {1, 1}}},
    [OPSWIRE_CIM_E_LOCALCLASSPATH] = {N("LOCALCLASSPATH"), 0, 0, CIM_ELEMENTS,
                                      .end = cim_join_paths,
                                      .places = {FIRST(LOCALNAMESPACEPATH), SECOND(CLASSNAME)},
                                      .slots = {{1, 1}, {1, 1}}},
    [OPSWIRE_CIM_E_CLASSNAME] = {N("CLASSNAME"), A(NAME), 0, CIM_EMPTY, .end = cim_class_name},
    [OPSWIRE_CIM_E_INSTANCEPATH] = {N("INSTANCEPATH"), 0, 0, CIM_ELEMENTS, .end = cim_join_paths,
                                    .places = {FIRST(NAMESPACEPATH), SECOND(INSTANCENAME)},
                                    .slots = {{1, 1}, {1, 1}}},
    [OPSWIRE_CIM_E_LOCALINSTANCEPATH] =
        {N("LOCALINSTANCEPATH"), 0, 0, CIM_ELEMENTS, .end = cim_join_paths,
         .places = {FIRST(LOCALNAMESPACEPATH), SECOND(INSTANCENAME)}, .slots = {{1, 1}, {1, 1}}},
    [OPSWIRE_CIM_E_INSTANCENAME] = {N("INSTANCENAME"), A(CLASSNAME), 0, CIM_ELEMENTS,
                                    .end = cim_instance_name, .swift = CIM_WRAPPED, .alike = true,
                                    .places = {FIRST(KEYBINDING), FIRST(KEYVALUE),
                                               FIRST(VALUE_REFERENCE)},
                                    .slots = {{0, 0}}},
    [OPSWIRE_CIM_E_OBJECTPATH] = {N("OBJECTPATH"), 0, 0, CIM_ELEMENTS,
                                  .places = {FIRST(INSTANCEPATH), FIRST(CLASSPATH)},
                                  .slots = {{1, 1}}},
    [OPSWIRE_CIM_E_KEYBINDING] = {N("KEYBINDING"), A(NAME), 0, CIM_ELEMENTS, .end = cim_key_binding,
                                  .swift = CIM_LEAVES, .no_root = true,
                                  .places = {FIRST(KEYVALUE), FIRST(VALUE_REFERENCE)},
                                  .slots = {{1, 1}}},
    [OPSWIRE_CIM_E_KEYVALUE] = {N("KEYVALUE"), 0, A(VALUETYPE) | A(TYPE), CIM_TEXT,
                                .end = cim_value, .no_root = true},
    [OPSWIRE_CIM_E_CLASS] = {N("CLASS"), A(NAME), A(SUPERCLASS) | A(LANG), CIM_ELEMENTS,
                             .end = cim_class,
                             .places = {FIRST(QUALIFIER), PROPERTIES(FIRST), FIRST(METHOD)},
                             .slots = {{0, 0}}},
    [OPSWIRE_CIM_E_INSTANCE] = {N("INSTANCE"), A(CLASSNAME), A(LANG), CIM_ELEMENTS,
                                .end = cim_instance, .swift = CIM_WRAPPED,
                                .places = {FIRST(QUALIFIER), PROPERTIES(FIRST)}, .slots = {{0, 0}}},
    [OPSWIRE_CIM_E_QUALIFIER] = {N("QUALIFIER"), A(NAME) | A(TYPE),
                                 A(PROPAGATED) | FLAVOR | A(LANG), CIM_ELEMENTS, .end = cim_member,
                                 .swift = CIM_LEAVES, .places = {FIRST(VALUE), FIRST(VALUE_ARRAY)},
                                 .slots = {{0, 1}}},
    [OPSWIRE_CIM_E_PROPERTY] = {N("PROPERTY"), A(NAME) | A(TYPE),
                                A(CLASSORIGIN) | A(PROPAGATED) | A(EMBEDDEDOBJECT) | A(LANG),
                                CIM_ELEMENTS, .end = cim_property, .swift = CIM_LEAVES,
                                .any_order = true, .places = {FIRST(QUALIFIER), SECOND(VALUE)},
                                .slots = {{0, 0}, {0, 1}}},
    [OPSWIRE_CIM_E_PROPERTY_ARRAY] = {N("PROPERTY.ARRAY"), A(NAME) | A(TYPE),
                                      A(ARRAYSIZE) | A(CLASSORIGIN) | A(PROPAGATED)
                                          | A(EMBEDDEDOBJECT) | A(LANG),
                                      CIM_ELEMENTS, .end = cim_property, .any_order = true,
                                      .places = {FIRST(QUALIFIER), SECOND(VALUE_ARRAY)},
                                      .slots = {{0, 0}, {0, 1}}},
    [OPSWIRE_CIM_E_PROPERTY_REFERENCE] = {N("PROPERTY.REFERENCE"), A(NAME),
                                          A(REFERENCECLASS) | A(CLASSORIGIN) | A(PROPAGATED)
                                              | A(LANG),
                                          CIM_ELEMENTS, .end = cim_property, .any_order = true,
                                          .places = {FIRST(QUALIFIER), SECOND(VALUE_REFERENCE)},
                                          .slots = {{0, 0}, {0, 1}}},
    [OPSWIRE_CIM_E_METHOD] = {N("METHOD"), A(NAME), A(TYPE) | A(CLASSORIGIN) | A(PROPAGATED),
                              CIM_ELEMENTS, .end = cim_member,
                              .places = {FIRST(QUALIFIER), PARAMETERS(FIRST)}, .slots = {{0, 0}}},
    [OPSWIRE_CIM_E_PARAMETER] = {N("PARAMETER"), A(NAME) | A(TYPE), 0, CIM_ELEMENTS,
                                 .end = cim_member, .places = {FIRST(QUALIFIER)},
                                 .slots = {{0, 0}}},
    [OPSWIRE_CIM_E_PARAMETER_REFERENCE] = {N("PARAMETER.REFERENCE"), A(NAME), A(REFERENCECLASS),
                                           CIM_ELEMENTS, .end = cim_member,
                                           .places = {FIRST(QUALIFIER)}, .slots = {{0, 0}}},
    [OPSWIRE_CIM_E_PARAMETER_ARRAY] = {N("PARAMETER.ARRAY"), A(NAME) | A(TYPE), A(ARRAYSIZE),
                                       CIM_ELEMENTS, .end = cim_member,
                                       .places = {FIRST(QUALIFIER)}, .slots = {{0, 0}}},
    [OPSWIRE_CIM_E_PARAMETER_REFARRAY] = {N("PARAMETER.REFARRAY"), A(NAME),
                                          A(REFERENCECLASS) | A(ARRAYSIZE), CIM_ELEMENTS,
                                          .end = cim_member, .places = {FIRST(QUALIFIER)},
                                          .slots = {{0, 0}}},
    [OPSWIRE_CIM_E_MESSAGE] = {N("MESSAGE"), A(ID) | A(PROTOCOLVERSION), 0, CIM_ELEMENTS,
                               .envelope = true,
                               .places = {FIRST(SIMPLEREQ), FIRST(MULTIREQ), FIRST(SIMPLERSP),
                                          FIRST(MULTIRSP), FIRST(SIMPLEEXPREQ), FIRST(MULTIEXPREQ),
                                          FIRST(SIMPLEEXPRSP), FIRST(MULTIEXPRSP)},
                               .slots = {{1, 1}}},
    [OPSWIRE_CIM_E_MULTIREQ] = {N("MULTIREQ"), 0, 0, CIM_ELEMENTS, .envelope = true,
                                .places = {FIRST(SIMPLEREQ)}, .slots = {{2, 0}}},
    [OPSWIRE_CIM_E_SIMPLEREQ] = {N("SIMPLEREQ"), 0, 0, CIM_ELEMENTS, .envelope = true,
                                 .places = {FIRST(CORRELATOR), SECOND(METHODCALL),
                                            SECOND(IMETHODCALL)},
                                 .slots = {{0, 0}, {1, 1}}},
    [OPSWIRE_CIM_E_METHODCALL] = {N("METHODCALL"), A(NAME), 0, CIM_ELEMENTS, .envelope = true,
                                  .places = {FIRST(LOCALCLASSPATH), FIRST(LOCALINSTANCEPATH),
                                             SECOND(PARAMVALUE)},
                                  .slots = {{1, 1}, {0, 0}}},
    [OPSWIRE_CIM_E_PARAMVALUE] = {N("PARAMVALUE"), A(NAME),
                                  A(PARAMTYPE) | A(TYPE) | A(EMBEDDEDOBJECT), CIM_ELEMENTS,
                                  .end = cim_member, .swift = CIM_LEAVES,
                                  .places = {FIRST(VALUE), FIRST(VALUE_REFERENCE),
                                             FIRST(VALUE_ARRAY), FIRST(VALUE_REFARRAY),
                                             FIRST(CLASSNAME), FIRST(INSTANCENAME), OBJECTS(FIRST),
                                             FIRST(VALUE_NAMEDINSTANCE)},
                                  .slots = {{0, 1}}},
    [OPSWIRE_CIM_E_IMETHODCALL] = {N("IMETHODCALL"), A(NAME), 0, CIM_ELEMENTS, .envelope = true,
                                   .places = {FIRST(LOCALNAMESPACEPATH), SECOND(IPARAMVALUE)},
                                   .slots = {{1, 1}, {0, 0}}},
    [OPSWIRE_CIM_E_IPARAMVALUE] = {N("IPARAMVALUE"), A(NAME), 0, CIM_ELEMENTS, .end = cim_member,
                                   .swift = CIM_LEAVES,
                                   .places = {FIRST(VALUE), FIRST(VALUE_ARRAY),
                                              FIRST(VALUE_REFERENCE), FIRST(CLASSNAME),
                                              FIRST(INSTANCENAME), FIRST(QUALIFIER_DECLARATION),
                                              OBJECTS(FIRST), FIRST(VALUE_NAMEDINSTANCE)},
                                   .slots = {{0, 1}}},
    [OPSWIRE_CIM_E_MULTIRSP] = {N("MULTIRSP"), 0, 0, CIM_ELEMENTS, .envelope = true,
                                .places = {FIRST(SIMPLERSP)}, .slots = {{2, 0}}},
    [OPSWIRE_CIM_E_SIMPLERSP] = {N("SIMPLERSP"), 0, 0, CIM_ELEMENTS, .envelope = true,
                                 .places = {FIRST(METHODRESPONSE), FIRST(IMETHODRESPONSE)},
                                 .slots = {{1, 1}}},
    [OPSWIRE_CIM_E_METHODRESPONSE] = {N("METHODRESPONSE"), A(NAME), 0, CIM_ELEMENTS,
                                      .envelope = true, .any_order = true,
                                      .places = {FIRST(ERROR), SECOND(RETURNVALUE),
                                                 THIRD(PARAMVALUE)},
                                      .slots = {{0, 1}, {0, 1}, {0, 0}}},
    [OPSWIRE_CIM_E_IMETHODRESPONSE] = {N("IMETHODRESPONSE"), A(NAME), 0, CIM_ELEMENTS,
                                       .envelope = true, .any_order = true,
                                       .places = {FIRST(ERROR), SECOND(IRETURNVALUE),
                                                  THIRD(PARAMVALUE)},
                                       .slots = {{0, 1}, {0, 1}, {0, 0}}},
    [OPSWIRE_CIM_E_ERROR] = {N("ERROR"), A(CODE), A(DESCRIPTION), CIM_ELEMENTS, .envelope = true,
                             .places = {FIRST(INSTANCE)}, .slots = {{0, 0}}},
    [OPSWIRE_CIM_E_RETURNVALUE] = {N("RETURNVALUE"), 0, A(EMBEDDEDOBJECT) | A(PARAMTYPE),
                                   CIM_ELEMENTS, .end = cim_member, .swift = CIM_LEAVES,
                                   .places = {FIRST(VALUE), FIRST(VALUE_REFERENCE)},
                                   .slots = {{0, 1}}},
    [OPSWIRE_CIM_E_IRETURNVALUE] =
        {N("IRETURNVALUE"), 0, 0, CIM_ELEMENTS, .envelope = true, .alike = true,
         .places = {FIRST(CLASSNAME), FIRST(INSTANCENAME), FIRST(VALUE),
                    FIRST(VALUE_OBJECTWITHPATH), FIRST(VALUE_OBJECTWITHLOCALPATH),
                    FIRST(VALUE_OBJECT), FIRST(OBJECTPATH), FIRST(QUALIFIER_DECLARATION),
                    FIRST(VALUE_ARRAY), FIRST(VALUE_REFERENCE), OBJECTS(FIRST), FIRST(INSTANCEPATH),
                    FIRST(VALUE_NAMEDINSTANCE), FIRST(VALUE_INSTANCEWITHPATH)},
         .slots = {{0, 0}}},
    [OPSWIRE_CIM_E_MULTIEXPREQ] = {N("MULTIEXPREQ"), 0, 0, CIM_ELEMENTS, .envelope = true,
                                   .places = {FIRST(SIMPLEEXPREQ)}, .slots = {{2, 0}}},
    [OPSWIRE_CIM_E_SIMPLEEXPREQ] = {N("SIMPLEEXPREQ"), 0, 0, CIM_ELEMENTS, .envelope = true,
                                    .places = {FIRST(CORRELATOR), SECOND(EXPMETHODCALL)},
                                    .slots = {{0, 0}, {1, 1}}},
    [OPSWIRE_CIM_E_EXPMETHODCALL] = {N("EXPMETHODCALL"), A(NAME), 0, CIM_ELEMENTS, .envelope = true,
                                     .places = {FIRST(EXPPARAMVALUE)}, .slots = {{0, 0}}},
    [OPSWIRE_CIM_E_MULTIEXPRSP] = {N("MULTIEXPRSP"), 0, 0, CIM_ELEMENTS, .envelope = true,
                                   .places = {FIRST(SIMPLEEXPRSP)}, .slots = {{2, 0}}},
    [OPSWIRE_CIM_E_SIMPLEEXPRSP] = {N("SIMPLEEXPRSP"), 0, 0, CIM_ELEMENTS, .envelope = true,
                                    .places = {FIRST(EXPMETHODRESPONSE)}, .slots = {{1, 1}}},
    [OPSWIRE_CIM_E_EXPMETHODRESPONSE] = {N("EXPMETHODRESPONSE"), A(NAME), 0, CIM_ELEMENTS,
                                         .envelope = true, .any_order = true,
                                         .places = {FIRST(ERROR), SECOND(IRETURNVALUE)},
                                         .slots = {{0, 1}, {0, 1}}},
    [OPSWIRE_CIM_E_EXPPARAMVALUE] = {N("EXPPARAMVALUE"), A(NAME), 0, CIM_ELEMENTS,
                                     .end = cim_member, .places = {FIRST(INSTANCE)},
                                     .slots = {{0, 1}}},
    [OPSWIRE_CIM_E_CORRELATOR] = {N("CORRELATOR"), A(NAME) | A(TYPE), 0, CIM_ELEMENTS,
                                  .end = cim_member, .swift = CIM_LEAVES, .places = {FIRST(VALUE)},
                                  .slots = {{1, 1}}},
};

static const struct opswire_view ATTRIBUTES[OPSWIRE_CIM_ATTRIBUTE_COUNT] = {
    [OPSWIRE_CIM_A_NAME] = N("NAME"),
    [OPSWIRE_CIM_A_TYPE] = N("TYPE"),
    [OPSWIRE_CIM_A_CLASSORIGIN] = N("CLASSORIGIN"),
    [OPSWIRE_CIM_A_PROPAGATED] = N("PROPAGATED"),
    [OPSWIRE_CIM_A_EMBEDDEDOBJECT] = N("EmbeddedObject"),
    [OPSWIRE_CIM_A_ARRAYSIZE] = N("ARRAYSIZE"),
    [OPSWIRE_CIM_A_REFERENCECLASS] = N("REFERENCECLASS"),
    [OPSWIRE_CIM_A_PARAMTYPE] = N("PARAMTYPE"),
    [OPSWIRE_CIM_A_CLASSNAME] = N("CLASSNAME"),
    [OPSWIRE_CIM_A_VALUETYPE] = N("VALUETYPE"),
    [OPSWIRE_CIM_A_LANG] = N("xml:lang"),
    [OPSWIRE_CIM_A_SUPERCLASS] = N("SUPERCLASS"),
    [OPSWIRE_CIM_A_OVERRIDABLE] = N("OVERRIDABLE"),
    [OPSWIRE_CIM_A_TOSUBCLASS] = N("TOSUBCLASS"),
    [OPSWIRE_CIM_A_TOINSTANCE] = N("TOINSTANCE"),
    [OPSWIRE_CIM_A_TRANSLATABLE] = N("TRANSLATABLE"),
    [OPSWIRE_CIM_A_ISARRAY] = N("ISARRAY"),
    [OPSWIRE_CIM_A_CIMVERSION] = N("CIMVERSION"),
    [OPSWIRE_CIM_A_DTDVERSION] = N("DTDVERSION"),
    [OPSWIRE_CIM_A_ID] = N("ID"),
    [OPSWIRE_CIM_A_PROTOCOLVERSION] = N("PROTOCOLVERSION"),
    [OPSWIRE_CIM_A_CODE] = N("CODE"),
    [OPSWIRE_CIM_A_DESCRIPTION] = N("DESCRIPTION"),
    [OPSWIRE_CIM_A_CLASS] = N("CLASS"),
    [OPSWIRE_CIM_A_ASSOCIATION] = N("ASSOCIATION"),
    [OPSWIRE_CIM_A_REFERENCE] = N("REFERENCE"),
    [OPSWIRE_CIM_A_PROPERTY] = N("PROPERTY"),
    [OPSWIRE_CIM_A_METHOD] = N("METHOD"),
    [OPSWIRE_CIM_A_PARAMETER] = N("PARAMETER"),
    [OPSWIRE_CIM_A_INDICATION] = N("INDICATION"),
};

static const struct opswire_view TYPES[OPSWIRE_CIM_REFERENCE + 1] = {
    [OPSWIRE_CIM_NULL] = N(""),
    [OPSWIRE_CIM_BOOLEAN] = N("boolean"),
    [OPSWIRE_CIM_STRING] = N("string"),
    [OPSWIRE_CIM_CHAR16] = N("char16"),
    [OPSWIRE_CIM_DATETIME] = N("datetime"),
    [OPSWIRE_CIM_UINT8] = N("uint8"),
    [OPSWIRE_CIM_SINT8] = N("sint8"),
    [OPSWIRE_CIM_UINT16] = N("uint16"),
    [OPSWIRE_CIM_SINT16] = N("sint16"),
    [OPSWIRE_CIM_UINT32] = N("uint32"),
    [OPSWIRE_CIM_SINT32] = N("sint32"),
    [OPSWIRE_CIM_UINT64] = N("uint64"),
    [OPSWIRE_CIM_SINT64] = N("sint64"),
    [OPSWIRE_CIM_REAL32] = N("real32"),
    [OPSWIRE_CIM_REAL64] = N("real64"),
    [OPSWIRE_CIM_REFERENCE] = N("reference"),
};

static const struct opswire_view NO_NAME = OPSWIRE_VIEW("");

struct opswire_view opswire_cim_element_name(enum opswire_cim_element element)
{
    return (unsigned) element < OPSWIRE_CIM_ELEMENT_COUNT ? CIM_RULES[element].name : NO_NAME;
}

struct opswire_view opswire_cim_attribute_name(enum opswire_cim_attribute attribute)
{
    return (unsigned) attribute < OPSWIRE_CIM_ATTRIBUTE_COUNT ? ATTRIBUTES[attribute] : NO_NAME;
}

struct opswire_view opswire_cim_type_name(enum opswire_cim_type type)
{
    return (unsigned) type <= OPSWIRE_CIM_REFERENCE ? TYPES[type] : NO_NAME;
}

static bool same(struct opswire_view view, struct opswire_view text)
{
    return view.size == text.size && memcmp(view.data, text.data, text.size) == 0;
}

static bool is(struct opswire_view view, const char *text)
{
    return strncmp((const char *) view.data, text, view.size) == 0 && text[view.size] == 0;
}

static bool read_number(struct opswire_view value, uint32_t *result)
{
    uint64_t number = 0;

    for (size_t i = 0; i < value.size; i++) {
        if (value.data[i] < '0' || value.data[i] > '9')
            return false;
        number = number * 10 + (value.data[i] - (uint8_t) '0');
        if (number > UINT32_MAX)
            return false;
    }
    *result = (uint32_t) number;
    return value.size > 0;
}

static bool read_type(struct opswire_view value, uint8_t *type, bool reference)
{
    for (uint8_t i = 1; i < OPSWIRE_CIM_REFERENCE + (reference ? 1 : 0); i++) {
        if (same(value, TYPES[i])) {
            *type = i;
            return true;
        }
    }
    return false;
}

/* true and false in any case, as values are, with white space around them perhaps.  Some servers
 * send an empty one. */
static bool read_flag(struct cim_digest *digest, struct opswire_view value, uint32_t given,
                      uint32_t set)
{
    while (value.size > 0 && value.data[0] == ' ') { /* all white space is a space by now */
        value.data++;
        value.size--;
    }
    while (value.size > 0 && value.data[value.size - 1] == ' ')
        value.size--;
    if (value.size == 0) {
        digest->block_flags |= OPSWIRE_CIM_EMPTY_FLAG;
        return true;
    }
    if (!cim_is_word(value, "true") && !cim_is_word(value, "false"))
        return false;
    digest->flags |= given | (cim_is_word(value, "true") ? set : 0);
    return true;
}

static bool read_scope(struct cim_digest *digest, enum opswire_cim_attribute attribute,
                       struct opswire_view value)
{
    const uint32_t number = (uint32_t) attribute - OPSWIRE_CIM_A_CLASS;
    const uint32_t flag = (uint32_t) OPSWIRE_CIM_SCOPE_CLASS << number;
    uint32_t place = 0;

    if (!read_flag(digest, value, OPSWIRE_CIM_SCOPE_GIVEN, flag))
        return false;
    while (digest->scopes >> place != 0)
        place += 4; /* no attribute comes twice, so there are seven at most */
    digest->scopes |= (number + 1 + ((digest->flags & flag) != 0 ? 8 : 0)) << place;
    return true;
}

static bool read_embedded(struct opswire_view value, uint32_t *flags)
{
    if (is(value, "instance"))
        *flags |= OPSWIRE_CIM_EMBEDDED_INSTANCE;
    else if (is(value, "object"))
        *flags |= OPSWIRE_CIM_EMBEDDED_OBJECT;
    else
        return false;
    return true;
}

/* One attribute into the digest; false: its value is none that it may have. */
static bool read_attribute(struct cim_digest *digest, enum opswire_cim_attribute attribute,
                           struct opswire_view value)
{
    uint32_t *const flags = &digest->flags;

    switch (attribute) {
    case OPSWIRE_CIM_A_NAME:
    case OPSWIRE_CIM_A_CLASSNAME:
    case OPSWIRE_CIM_A_CIMVERSION:
    case OPSWIRE_CIM_A_ID:
        digest->name = value;
        *flags |= OPSWIRE_CIM_NAME_GIVEN;
        return true;
    case OPSWIRE_CIM_A_CODE:
        digest->name = value;
        return read_number(value, &digest->code);
    case OPSWIRE_CIM_A_SUPERCLASS:
    case OPSWIRE_CIM_A_DTDVERSION:
    case OPSWIRE_CIM_A_PROTOCOLVERSION:
    case OPSWIRE_CIM_A_DESCRIPTION:
        digest->second = value;
        return true;
    case OPSWIRE_CIM_A_CLASSORIGIN:
        digest->class_origin = value;
        return true;
    case OPSWIRE_CIM_A_REFERENCECLASS:
        digest->reference_class = value;
        return true;
    case OPSWIRE_CIM_A_LANG:
        digest->lang = value;
        return true;
    case OPSWIRE_CIM_A_TYPE:
        if (digest->element == OPSWIRE_CIM_E_KEYVALUE && value.size == 0)
            return true;
        return read_type(value, &digest->type, digest->element == OPSWIRE_CIM_E_PARAMVALUE);
    case OPSWIRE_CIM_A_PARAMTYPE:
        return read_type(value, &digest->type, true);
    case OPSWIRE_CIM_A_VALUETYPE:
        digest->key_type = is(value, "boolean")   ? CIM_KEY_BOOLEAN
                           : is(value, "numeric") ? CIM_KEY_NUMERIC
                                                  : CIM_KEY_STRING;
        return digest->key_type != CIM_KEY_STRING || is(value, "string");
    case OPSWIRE_CIM_A_ARRAYSIZE:
        *flags |= OPSWIRE_CIM_ARRAY_SIZE_GIVEN;
        return read_number(value, &digest->array_size);
    case OPSWIRE_CIM_A_EMBEDDEDOBJECT:
        return read_embedded(value, flags);
    case OPSWIRE_CIM_A_PROPAGATED:
        return read_flag(digest, value, OPSWIRE_CIM_PROPAGATED_GIVEN, OPSWIRE_CIM_PROPAGATED);
    case OPSWIRE_CIM_A_OVERRIDABLE:
        return read_flag(digest, value, OPSWIRE_CIM_OVERRIDABLE_GIVEN, OPSWIRE_CIM_OVERRIDABLE);
    case OPSWIRE_CIM_A_TOSUBCLASS:
        return read_flag(digest, value, OPSWIRE_CIM_TOSUBCLASS_GIVEN, OPSWIRE_CIM_TOSUBCLASS);
    case OPSWIRE_CIM_A_TOINSTANCE:
        return read_flag(digest, value, OPSWIRE_CIM_TOINSTANCE_GIVEN, OPSWIRE_CIM_TOINSTANCE);
    case OPSWIRE_CIM_A_TRANSLATABLE:
        return read_flag(digest, value, OPSWIRE_CIM_TRANSLATABLE_GIVEN, OPSWIRE_CIM_TRANSLATABLE);
    case OPSWIRE_CIM_A_ISARRAY:
        return read_flag(digest, value, OPSWIRE_CIM_IS_ARRAY_GIVEN, OPSWIRE_CIM_IS_ARRAY);
    default:
        return read_scope(digest, attribute, value);
    }
}

static uint8_t find_element(struct opswire_view name)
{
    for (uint8_t i = 0; i < OPSWIRE_CIM_ELEMENT_COUNT; i++)
        if (same(name, CIM_RULES[i].name))
            return i;
    return OPSWIRE_CIM_ELEMENT_COUNT;
}

static uint8_t find_attribute(struct opswire_view name)
{
    static const struct opswire_view CAPITALS = OPSWIRE_VIEW("EMBEDDEDOBJECT");

    for (uint8_t i = 0; i < OPSWIRE_CIM_ATTRIBUTE_COUNT; i++)
        if (same(name, ATTRIBUTES[i]))
            return i;
    return same(name, CAPITALS) ? OPSWIRE_CIM_A_EMBEDDEDOBJECT : OPSWIRE_CIM_ATTRIBUTE_COUNT;
}

static enum opswire_status fill(struct opswire_cim_reader *reader,
                                const struct opswire_xml_tag *tag, struct cim_digest *digest)
{
    const struct cim_rule *rule;
    uint32_t seen = 0;

    *digest = (struct cim_digest){.element = find_element(tag->name), .ascii = tag->ascii};
    if (digest->element == OPSWIRE_CIM_ELEMENT_COUNT)
        return cim_fail(reader, OPSWIRE_CIM_UNKNOWN_ELEMENT, tag->name);
    rule = &CIM_RULES[digest->element];
    for (uint32_t i = 0; i < tag->attribute_count; i++) {
        const struct opswire_xml_attribute *const given = &tag->attributes[i];
        const uint8_t attribute = find_attribute(given->name);

        if (attribute == OPSWIRE_CIM_ATTRIBUTE_COUNT
            || ((rule->required | rule->optional) >> attribute & 1) == 0)
            return cim_fail(reader, OPSWIRE_CIM_UNKNOWN_ATTRIBUTE, given->name);
        if (!read_attribute(digest, (enum opswire_cim_attribute) attribute, given->value))
            return cim_fail(reader, OPSWIRE_CIM_BAD_ATTRIBUTE, given->name);
        seen |= 1u << attribute;
    }
    if ((rule->required & ~seen) != 0)
        return cim_fail(reader, OPSWIRE_CIM_MISSING_ATTRIBUTE,
                        ATTRIBUTES[__builtin_ctz(rule->required & ~seen)]);
    switch (digest->element) {
    case OPSWIRE_CIM_E_PROPERTY_ARRAY:
    case OPSWIRE_CIM_E_PARAMETER_ARRAY:
        digest->flags |= OPSWIRE_CIM_IS_ARRAY;
        break;
    case OPSWIRE_CIM_E_PARAMETER_REFARRAY:
        digest->flags |= OPSWIRE_CIM_IS_ARRAY;
        digest->type = OPSWIRE_CIM_REFERENCE;
        break;
    case OPSWIRE_CIM_E_PROPERTY_REFERENCE:
    case OPSWIRE_CIM_E_PARAMETER_REFERENCE:
        digest->type = OPSWIRE_CIM_REFERENCE;
        break;
    case OPSWIRE_CIM_E_SCOPE:
        digest->flags |= OPSWIRE_CIM_SCOPE_GIVEN;
        break;
    default:
        break;
    }
    return OPSWIRE_DONE;
}

static void copy(struct opswire_view *view, uint8_t **room)
{
    if (view->data == NULL)
        return;
    memcpy(*room, view->data, view->size);
    view->data = *room;
    *room += view->size;
}

enum opswire_status cim_digest_of(struct opswire_cim_reader *reader, struct opswire_xml_tag *tag,
                                  struct cim_digest **digest)
{
    struct cim_digest made;
    enum opswire_status status = fill(reader, tag, &made);
    struct cim_digest *result;
    uint8_t *room;
    size_t size;

    if (status != OPSWIRE_DONE)
        return status;
    if (!cim_may_know_more(reader))
        return reader->broken;
    if (tag->kept) {
        result = cim_arena_take(&reader->levels[reader->level].digests, sizeof(*result));
        if (result == NULL)
            return cim_no_memory(reader);
        *result = made;
        tag->memo = (uint64_t) (uintptr_t) result;
        *digest = result;
        return OPSWIRE_DONE;
    }
    size = sizeof(*result) + made.name.size + made.second.size + made.class_origin.size
           + made.reference_class.size + made.lang.size;
    result = malloc(size);
    if (result == NULL)
        return cim_no_memory(reader);
    *result = made;
    result->owned = size;
    reader->owned += size;
    room = (uint8_t *) (result + 1);
    copy(&result->name, &room);
    copy(&result->second, &room);
    copy(&result->class_origin, &room);
    copy(&result->reference_class, &room);
    copy(&result->lang, &room);
    *digest = result;
    return OPSWIRE_DONE;
}
