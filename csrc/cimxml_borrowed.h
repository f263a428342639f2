/* For extensions that call the C of opswire._core.cim_block without linking it a second time.
 *
 * Every function name becomes a macro for its slot in the table that opswire_cimxml_bind() is given
 * at import.  To be included before anything is called, and by no file that defines one of them. */
#ifndef OPSWIRE_CIMXML_BORROWED_H
#define OPSWIRE_CIMXML_BORROWED_H

#include "cimxml_exports.h"

static const struct opswire_cimxml_exports *opswire_cimxml_bound;

static inline void opswire_cimxml_bind(uintptr_t exports)
{
    opswire_cimxml_bound = (const struct opswire_cimxml_exports *) exports;
}

#define opswire_hash_set_key(...) (opswire_cimxml_bound->opswire_hash_set_key(__VA_ARGS__))
#define opswire_hash(...) (opswire_cimxml_bound->opswire_hash(__VA_ARGS__))
#define opswire_hash_folded(...) (opswire_cimxml_bound->opswire_hash_folded(__VA_ARGS__))
#define opswire_xml_error_message(...)                                                             \
    (opswire_cimxml_bound->opswire_xml_error_message(__VA_ARGS__))
#define opswire_xml_scanner_new(...) (opswire_cimxml_bound->opswire_xml_scanner_new(__VA_ARGS__))
#define opswire_xml_scanner_free(...) (opswire_cimxml_bound->opswire_xml_scanner_free(__VA_ARGS__))
#define opswire_xml_reset(...) (opswire_cimxml_bound->opswire_xml_reset(__VA_ARGS__))
#define opswire_xml_reset_within(...) (opswire_cimxml_bound->opswire_xml_reset_within(__VA_ARGS__))
#define opswire_xml_feed(...) (opswire_cimxml_bound->opswire_xml_feed(__VA_ARGS__))
#define opswire_xml_end(...) (opswire_cimxml_bound->opswire_xml_end(__VA_ARGS__))
#define opswire_xml_next(...) (opswire_cimxml_bound->opswire_xml_next(__VA_ARGS__))
#define opswire_xml_next_markup(...) (opswire_cimxml_bound->opswire_xml_next_markup(__VA_ARGS__))
#define opswire_xml_peek_leaf(...) (opswire_cimxml_bound->opswire_xml_peek_leaf(__VA_ARGS__))
#define opswire_xml_peek_wrapped(...) (opswire_cimxml_bound->opswire_xml_peek_wrapped(__VA_ARGS__))
#define opswire_xml_take_leaf(...) (opswire_cimxml_bound->opswire_xml_take_leaf(__VA_ARGS__))
#define opswire_xml_take_wrapped(...) (opswire_cimxml_bound->opswire_xml_take_wrapped(__VA_ARGS__))
#define opswire_xml_error_code(...) (opswire_cimxml_bound->opswire_xml_error_code(__VA_ARGS__))
#define opswire_xml_where(...) (opswire_cimxml_bound->opswire_xml_where(__VA_ARGS__))
#define opswire_xml_excerpt(...) (opswire_cimxml_bound->opswire_xml_excerpt(__VA_ARGS__))
#define opswire_xml_depth(...) (opswire_cimxml_bound->opswire_xml_depth(__VA_ARGS__))
#define opswire_xml_memory(...) (opswire_cimxml_bound->opswire_xml_memory(__VA_ARGS__))
#define opswire_xml_forget(...) (opswire_cimxml_bound->opswire_xml_forget(__VA_ARGS__))
#define opswire_cim_element_name(...) (opswire_cimxml_bound->opswire_cim_element_name(__VA_ARGS__))
#define opswire_cim_attribute_name(...)                                                            \
    (opswire_cimxml_bound->opswire_cim_attribute_name(__VA_ARGS__))
#define opswire_cim_type_name(...) (opswire_cimxml_bound->opswire_cim_type_name(__VA_ARGS__))
#define opswire_cim_scalar_read(...) (opswire_cimxml_bound->opswire_cim_scalar_read(__VA_ARGS__))
#define opswire_cim_datetime_read(...)                                                             \
    (opswire_cimxml_bound->opswire_cim_datetime_read(__VA_ARGS__))
#define opswire_cim_block_share(...) (opswire_cimxml_bound->opswire_cim_block_share(__VA_ARGS__))
#define opswire_cim_block_free(...) (opswire_cimxml_bound->opswire_cim_block_free(__VA_ARGS__))
#define opswire_cim_shape(...) (opswire_cimxml_bound->opswire_cim_shape(__VA_ARGS__))
#define opswire_cim_table_share(...) (opswire_cimxml_bound->opswire_cim_table_share(__VA_ARGS__))
#define opswire_cim_table_free(...) (opswire_cimxml_bound->opswire_cim_table_free(__VA_ARGS__))
#define opswire_cim_error_message(...)                                                             \
    (opswire_cimxml_bound->opswire_cim_error_message(__VA_ARGS__))
#define opswire_cim_reader_new(...) (opswire_cimxml_bound->opswire_cim_reader_new(__VA_ARGS__))
#define opswire_cim_reader_free(...) (opswire_cimxml_bound->opswire_cim_reader_free(__VA_ARGS__))
#define opswire_cim_reader_reset(...) (opswire_cimxml_bound->opswire_cim_reader_reset(__VA_ARGS__))
#define opswire_cim_reader_memory(...)                                                             \
    (opswire_cimxml_bound->opswire_cim_reader_memory(__VA_ARGS__))
#define opswire_cim_feed(...) (opswire_cimxml_bound->opswire_cim_feed(__VA_ARGS__))
#define opswire_cim_feed_end(...) (opswire_cimxml_bound->opswire_cim_feed_end(__VA_ARGS__))
#define opswire_cim_next(...) (opswire_cimxml_bound->opswire_cim_next(__VA_ARGS__))
#define opswire_cim_take(...) (opswire_cimxml_bound->opswire_cim_take(__VA_ARGS__))
#define opswire_cim_reader_table(...) (opswire_cimxml_bound->opswire_cim_reader_table(__VA_ARGS__))
#define opswire_cim_table_count(...) (opswire_cimxml_bound->opswire_cim_table_count(__VA_ARGS__))
#define opswire_cim_table_shape(...) (opswire_cimxml_bound->opswire_cim_table_shape(__VA_ARGS__))
#define opswire_cim_reader_fault(...) (opswire_cimxml_bound->opswire_cim_reader_fault(__VA_ARGS__))
#define opswire_xml_write_fail(...) (opswire_cimxml_bound->opswire_xml_write_fail(__VA_ARGS__))
#define opswire_xml_write_start(...) (opswire_cimxml_bound->opswire_xml_write_start(__VA_ARGS__))
#define opswire_xml_write_attribute(...)                                                           \
    (opswire_cimxml_bound->opswire_xml_write_attribute(__VA_ARGS__))
#define opswire_xml_write_end(...) (opswire_cimxml_bound->opswire_xml_write_end(__VA_ARGS__))
#define opswire_xml_write_element(...)                                                             \
    (opswire_cimxml_bound->opswire_xml_write_element(__VA_ARGS__))
#define opswire_xml_write_declaration(...)                                                         \
    (opswire_cimxml_bound->opswire_xml_write_declaration(__VA_ARGS__))
#define opswire_cim_write_start(...) (opswire_cimxml_bound->opswire_cim_write_start(__VA_ARGS__))
#define opswire_cim_write_attribute(...)                                                           \
    (opswire_cimxml_bound->opswire_cim_write_attribute(__VA_ARGS__))
#define opswire_xml_write_text(...) (opswire_cimxml_bound->opswire_xml_write_text(__VA_ARGS__))
#define opswire_cim_write_end(...) (opswire_cimxml_bound->opswire_cim_write_end(__VA_ARGS__))
#define opswire_cim_write_element(...)                                                             \
    (opswire_cimxml_bound->opswire_cim_write_element(__VA_ARGS__))
#define opswire_cim_write_property(...)                                                            \
    (opswire_cimxml_bound->opswire_cim_write_property(__VA_ARGS__))
#define opswire_xml_write_embedded_begin(...)                                                      \
    (opswire_cimxml_bound->opswire_xml_write_embedded_begin(__VA_ARGS__))
#define opswire_xml_write_embedded_end(...)                                                        \
    (opswire_cimxml_bound->opswire_xml_write_embedded_end(__VA_ARGS__))
#define opswire_cim_write_block(...) (opswire_cimxml_bound->opswire_cim_write_block(__VA_ARGS__))

#endif
