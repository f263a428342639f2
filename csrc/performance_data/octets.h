/* Octets of performance data, and what is wrong with them: what reading and writing share. */
#ifndef OPSWIRE_PERFORMANCE_OCTETS_H
#define OPSWIRE_PERFORMANCE_OCTETS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include "opswire/view.h"

#define LABEL_EMPTY "a label is empty"
#define LABEL_QUOTE "a single quote stands in a label that is not quoted, or is not doubled"
#define LABEL_OCTET "a control character or '|' stands in a label"
#define NOT_FINITE "a number is not finite"
#define UNIT_OCTET                                                                                 \
    "a unit has a digit, quote, '=', ';', '|', point, comma, sign or control character"

/* Where that octet first stands at or after start; the size of the text when it does not. */
static inline size_t find(struct opswire_view text, size_t start, uint8_t octet)
{
    while (start < text.size && text.data[start] != octet)
        start++;
    return start;
}

static inline bool is_control(uint8_t octet)
{
    return octet < 0x20 || octet == 0x7f;
}

static inline bool is_label_octet(uint8_t octet)
{
    return !is_control(octet) && octet != '|';
}

/* The guidelines forbid digits, semicolons and quotes; without the others, no item could be read
 * back. */
static inline bool is_unit_octet(uint8_t octet)
{
    return !is_control(octet) && (octet == 0 || strchr("0123456789 ;'\"=|.,+-", octet) == NULL);
}

#endif
