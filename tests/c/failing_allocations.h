/* Memory that fails on demand, for the whole of csrc: the linker sends malloc(), calloc(),
 * realloc() and free() of the C under test, and of these programs, here.
 *
 *     failing_allocations.c      the allocator, and the loop over what may fail
 *     failing_xml_scanner.c      documents to tokens
 *     failing_cim_reader.c       messages to blocks
 *     failing_cim_writer.c       blocks and elements to octets
 *     failing_remctl.c           two machines that talk to each other
 *     failing_remctl_moves.c     what they can do
 *     failing_remctl_messages.c  messages and argument lists to octets
 *     failing_main.c             which of these, and with which files
 *
 * An attempt makes everything that it needs, uses it, and frees it.  It is made again and again,
 * and each time another allocation fails, once or together with all that come after it. */
#ifndef OPSWIRE_FAILING_ALLOCATIONS_H
#define OPSWIRE_FAILING_ALLOCATIONS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

#include "opswire/view.h"

/* What must be true; the line that was not is the report. */
#define HOLD(condition)                                                                            \
    ((condition)                                                                                   \
         ? (void) 0                                                                                \
         : (void) (fprintf(stderr, "%s:%d: does not hold: %s\n", __FILE__, __LINE__, #condition),  \
                   memory_report(), abort()))

typedef void memory_attempt(void *context);

/* Make the attempt until no allocation is left that has not failed.  Not one may be lost.  Of those
 * that are asked for through the same calls the first two and the last fail; in short the last
 * only; and all of them after memory_choose_all(). */
void memory_fail_each(memory_attempt *attempt, void *context, bool in_short);
void memory_choose_all(void);

/* Within an attempt: whether an allocation has failed; none fails any more after this. */
bool memory_has_failed(void);
void memory_heals(void);

/* Within an attempt: what is done between the two, which may be nested, never fails. */
void memory_pause(void);
void memory_goes_on(void);

/* Octets of the exact size, so that whoever reads beyond them is caught; they do not count. */
uint8_t *memory_copy(struct opswire_view octets);
void memory_free_copy(uint8_t *copy);

/* A sum of what is told, with those octets added. */
uint64_t add(uint64_t sum, struct opswire_view octets);

/* Which allocation fails at the moment, on stderr; and where all that have failed were asked for,
 * on stdout: "at" and a return address of the call chain, each once. */
void memory_report(void);
void memory_print_places(void);

/* The formats. */
void failing_xml_scanner(struct opswire_view document);
void failing_cim_reader(struct opswire_view document, struct opswire_view next);
void failing_cim_writer(struct opswire_view document);
void failing_remctl(void);
void failing_remctl_messages(void);

#endif
