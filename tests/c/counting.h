/* What counting.c has counted; whoever wants a part of it sets the numbers to zero before. */
#ifndef OPSWIRE_COUNTING_H
#define OPSWIRE_COUNTING_H

#include <stddef.h>

extern unsigned long long counted_steps;
extern size_t counted_held;      /* octets allocated and not given back */
extern size_t counted_most_held; /* at any time */

#endif
