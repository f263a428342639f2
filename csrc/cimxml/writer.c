#include "opswire/cimxml_writer.h"

enum opswire_status opswire_cim_write_start(struct opswire_cim_writer *writer,
                                            enum opswire_cim_element element)
{
    const uint32_t depth = writer->xml.depth;

    if ((unsigned) element >= OPSWIRE_CIM_ELEMENT_COUNT)
        return opswire_xml_write_fail(&writer->xml, OPSWIRE_FORBIDDEN);
    if (opswire_xml_write_start(&writer->xml, opswire_cim_element_name(element)) == OPSWIRE_DONE)
        writer->elements[depth] = (uint8_t) element;
    return writer->xml.status;
}

enum opswire_status opswire_cim_write_attribute(struct opswire_cim_writer *writer,
                                                enum opswire_cim_attribute attribute,
                                                struct opswire_view value)
{
    if ((unsigned) attribute >= OPSWIRE_CIM_ATTRIBUTE_COUNT)
        return opswire_xml_write_fail(&writer->xml, OPSWIRE_FORBIDDEN);
    return opswire_xml_write_attribute(&writer->xml, opswire_cim_attribute_name(attribute), value);
}

enum opswire_status opswire_cim_write_end(struct opswire_cim_writer *writer)
{
    if (writer->xml.depth == 0)
        return opswire_xml_write_fail(&writer->xml, OPSWIRE_FORBIDDEN);
    return opswire_xml_write_end(
        &writer->xml, opswire_cim_element_name(
                          (enum opswire_cim_element) writer->elements[writer->xml.depth - 1]));
}

enum opswire_status opswire_cim_write_element(struct opswire_cim_writer *writer,
                                              enum opswire_cim_element element,
                                              struct opswire_view text)
{
    opswire_cim_write_start(writer, element);
    opswire_xml_write_text(&writer->xml, text);
    return opswire_cim_write_end(writer);
}

enum opswire_status opswire_cim_write_property(struct opswire_cim_writer *writer,
                                               struct opswire_view name, enum opswire_cim_type type,
                                               struct opswire_view text)
{
    opswire_cim_write_start(writer, OPSWIRE_CIM_E_PROPERTY);
    opswire_cim_write_attribute(writer, OPSWIRE_CIM_A_NAME, name);
    opswire_cim_write_attribute(writer, OPSWIRE_CIM_A_TYPE, opswire_cim_type_name(type));
    if (text.data != NULL)
        opswire_cim_write_element(writer, OPSWIRE_CIM_E_VALUE, text);
    return opswire_cim_write_end(writer);
}
