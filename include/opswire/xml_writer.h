/* Elements, attributes and text into one buffer, for every format that is XML.
 *
 * All zero is a valid empty writer.  The first failure stays in status, and everything after it
 * does nothing, so that the last call's is the one to look at.  Free with
 * opswire_buffer_free(&writer->out).
 *
 * Names are trusted: they are constants of the format, or checked before.  An end tag's name is
 * said again by the caller, who knows what is open. */
#ifndef OPSWIRE_XML_WRITER_H
#define OPSWIRE_XML_WRITER_H

#include "opswire/buffer.h"

#define OPSWIRE_XML_MAX_WRITE_DEPTH 256u

/* OUT_OF_RANGE: a character that XML cannot carry, or octets that are not UTF-8, at offset of the
 * text given.  FORBIDDEN: an attribute behind content, an end without a start, depth. */
struct opswire_xml_writer {
    struct opswire_buffer out;
    size_t offset;
    enum opswire_status status;
    uint32_t depth;
    bool tag_open; /* the > of the last start tag is not written */
    bool pairs;    /* set by who knows such a reader: <name></name>, never <name/> */
};

/* <?xml version="1.0" encoding="utf-8" ?> and a line feed. */
enum opswire_status opswire_xml_write_declaration(struct opswire_xml_writer *writer);
enum opswire_status opswire_xml_write_start(struct opswire_xml_writer *writer,
                                            struct opswire_view name);
enum opswire_status opswire_xml_write_attribute(struct opswire_xml_writer *writer,
                                                struct opswire_view name,
                                                struct opswire_view value);
/* & < and carriage returns are written as references; > in text; in attributes also " and all white
 * space but the space. */
enum opswire_status opswire_xml_write_text(struct opswire_xml_writer *writer,
                                           struct opswire_view text);
enum opswire_status opswire_xml_write_end(struct opswire_xml_writer *writer,
                                          struct opswire_view name);

/* <name>text</name>; never <name/>, which is the same, but not to all readers. */
enum opswire_status opswire_xml_write_element(struct opswire_xml_writer *writer,
                                              struct opswire_view name, struct opswire_view text);

/* Everything between the two becomes text: it is escaped once more.  The elements begun in between
 * must be ended.  begin() gives the mark that end() wants; they may be nested. */
size_t opswire_xml_write_embedded_begin(struct opswire_xml_writer *writer);
enum opswire_status opswire_xml_write_embedded_end(struct opswire_xml_writer *writer, size_t mark);

/* Note that something was not to be done.  The first failure stays. */
enum opswire_status opswire_xml_write_fail(struct opswire_xml_writer *writer,
                                           enum opswire_status status);

#endif
