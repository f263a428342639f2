/* The C functions that opswire._core.cim_block lends to other extensions.
 *
 * A C file is linked into one extension only, so the others call it through this table.  A new
 * function goes into the list, into cimxml_borrowed.h and, to be tested, into ffi_build.py. */
#ifndef OPSWIRE_CIMXML_EXPORTS_H
#define OPSWIRE_CIMXML_EXPORTS_H

#include "opswire/cimxml.h"
#include "opswire/keyed_hash.h"

#define OPSWIRE_CIMXML_EXPORTS(X)                                                                  \
    X(opswire_hash_set_key)                                                                        \
    X(opswire_hash)                                                                                \
    X(opswire_hash_folded)                                                                         \
    X(opswire_xml_error_message)                                                                   \
    X(opswire_xml_scanner_new)                                                                     \
    X(opswire_xml_scanner_free)                                                                    \
    X(opswire_xml_reset)                                                                           \
    X(opswire_xml_reset_within)                                                                    \
    X(opswire_xml_feed)                                                                            \
    X(opswire_xml_end)                                                                             \
    X(opswire_xml_next)                                                                            \
    X(opswire_xml_next_markup)                                                                     \
    X(opswire_xml_peek_leaf)                                                                       \
    X(opswire_xml_peek_wrapped)                                                                    \
    X(opswire_xml_take_leaf)                                                                       \
    X(opswire_xml_take_wrapped)                                                                    \
    X(opswire_xml_error_code)                                                                      \
    X(opswire_xml_where)                                                                           \
    X(opswire_xml_excerpt)                                                                         \
    X(opswire_xml_depth)                                                                           \
    X(opswire_xml_memory)                                                                          \
    X(opswire_xml_forget)                                                                          \
    X(opswire_cim_element_name)                                                                    \
    X(opswire_cim_attribute_name)                                                                  \
    X(opswire_cim_type_name)                                                                       \
    X(opswire_cim_scalar_read)                                                                     \
    X(opswire_cim_datetime_read)                                                                   \
    X(opswire_cim_block_share)                                                                     \
    X(opswire_cim_block_free)                                                                      \
    X(opswire_cim_shape)                                                                           \
    X(opswire_cim_table_share)                                                                     \
    X(opswire_cim_table_free)                                                                      \
    X(opswire_cim_error_message)                                                                   \
    X(opswire_cim_reader_new)                                                                      \
    X(opswire_cim_reader_free)                                                                     \
    X(opswire_cim_reader_reset)                                                                    \
    X(opswire_cim_reader_memory)                                                                   \
    X(opswire_cim_feed)                                                                            \
    X(opswire_cim_feed_end)                                                                        \
    X(opswire_cim_next)                                                                            \
    X(opswire_cim_take)                                                                            \
    X(opswire_cim_reader_table)                                                                    \
    X(opswire_cim_table_count)                                                                     \
    X(opswire_cim_table_shape)                                                                     \
    X(opswire_cim_reader_fault)                                                                    \
    X(opswire_xml_write_fail)                                                                      \
    X(opswire_xml_write_start)                                                                     \
    X(opswire_xml_write_attribute)                                                                 \
    X(opswire_xml_write_end)                                                                       \
    X(opswire_xml_write_element)                                                                   \
    X(opswire_xml_write_declaration)                                                               \
    X(opswire_cim_write_start)                                                                     \
    X(opswire_cim_write_attribute)                                                                 \
    X(opswire_xml_write_text)                                                                      \
    X(opswire_cim_write_end)                                                                       \
    X(opswire_cim_write_element)                                                                   \
    X(opswire_cim_write_property)                                                                  \
    X(opswire_xml_write_embedded_begin)                                                            \
    X(opswire_xml_write_embedded_end)                                                              \
    X(opswire_cim_write_block)

#define OPSWIRE_CIMXML_EXPORT_SLOT(function) __typeof__(function) *function;
struct opswire_cimxml_exports {
    OPSWIRE_CIMXML_EXPORTS(OPSWIRE_CIMXML_EXPORT_SLOT)
};
#undef OPSWIRE_CIMXML_EXPORT_SLOT

#endif
