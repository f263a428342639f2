/* The numbers of Nagios performance data as text, both ways, exact and whatever the locale. */
#ifndef OPSWIRE_PERFORMANCE_NUMBER_H
#define OPSWIRE_PERFORMANCE_NUMBER_H

#include "opswire/view.h"

/* Whose rules: see performance_data.h. */
enum opswire_performance_rules { OPSWIRE_PERFORMANCE_RECORDED, OPSWIRE_PERFORMANCE_STRICT };

/* More significant digits than 767 never change which double is nearest; those behind this many
 * only count as zero or not. */
#define OPSWIRE_PERFORMANCE_MAX_DIGITS 800u

/* Room for any number that is written: the largest double has 309 digits before the point, the
 * smallest normal one 324 after it. */
#define OPSWIRE_PERFORMANCE_MAX_NUMBER 352u

/* Read the longest number at the start of text: the double nearest to it, which may be infinite.
 * Either: [-]digits[.digits], digits missing on one side at most.  RECORDED: a comma is a point.
 * STRICT: an exponent.  How many octets it has; 0 when there is none, *number is untouched then. */
size_t opswire_performance_number_read(struct opswire_view text,
                                       enum opswire_performance_rules rules, double *number);

/* Write a number in fixed notation.  RECORDED: 20 decimals when it is below 10, else 6, of these
 * the first five, without zeros at the end.  STRICT: the fewest digits that are read back as the
 * same double.  How many octets were written, below OPSWIRE_PERFORMANCE_MAX_NUMBER; 0 when number
 * is not finite. */
size_t opswire_performance_number_write(double number, enum opswire_performance_rules rules,
                                        uint8_t out[OPSWIRE_PERFORMANCE_MAX_NUMBER]);

#endif
