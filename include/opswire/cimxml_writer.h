/* CIM-XML, written: elements, values and blocks to octets.  A writer belongs to one thread at a
 * time. */
#ifndef OPSWIRE_CIMXML_WRITER_H
#define OPSWIRE_CIMXML_WRITER_H

#include "opswire/cimxml_block.h"
#include "opswire/xml_writer.h"

/* The elements of CIM-XML by their numbers, over the writer of XML, which holds octets and status:
 * declaration, text and embedded objects are written through it.  All zero is a valid empty writer.
 * Free with opswire_buffer_free(&writer->xml.out). */
struct opswire_cim_writer {
    struct opswire_xml_writer xml;
    uint8_t elements[OPSWIRE_XML_MAX_WRITE_DEPTH]; /* those that are open */
};

enum opswire_status opswire_cim_write_start(struct opswire_cim_writer *writer,
                                            enum opswire_cim_element element);
enum opswire_status opswire_cim_write_attribute(struct opswire_cim_writer *writer,
                                                enum opswire_cim_attribute attribute,
                                                struct opswire_view value);
enum opswire_status opswire_cim_write_end(struct opswire_cim_writer *writer);

/* <element>text</element>, for VALUE mostly. */
enum opswire_status opswire_cim_write_element(struct opswire_cim_writer *writer,
                                              enum opswire_cim_element element,
                                              struct opswire_view text);

/* <PROPERTY NAME= TYPE=><VALUE>text</VALUE></PROPERTY>; a NULL value has data NULL. */
enum opswire_status opswire_cim_write_property(struct opswire_cim_writer *writer,
                                               struct opswire_view name, enum opswire_cim_type type,
                                               struct opswire_view text);

/* A block as the element that it was read from. */
enum opswire_status opswire_cim_write_block(struct opswire_cim_writer *writer,
                                            const struct opswire_cim_block *block);

#endif
