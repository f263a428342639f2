/* Allocations of C under test that fail; failing_allocations.c is linked with --wrap. */
#ifndef OPSWIRE_FAILING_ALLOCATIONS_H
#define OPSWIRE_FAILING_ALLOCATIONS_H

#include <stdbool.h>
#include <stddef.h>

/* From the first one on, counted from 1 and from now, so many fail; first 0: none. */
void fail_allocations(unsigned long first, unsigned long many);

/* Whether any has failed since. */
bool allocations_failed(void);

/* How many are not given back. */
size_t live_allocations(void);

#endif
