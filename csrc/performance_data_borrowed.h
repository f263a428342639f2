/* For extensions that call the C of opswire._core.performance_data without linking it a second
 * time; the pattern is that of remctl_borrowed.h. */
#ifndef OPSWIRE_PERFORMANCE_DATA_BORROWED_H
#define OPSWIRE_PERFORMANCE_DATA_BORROWED_H

#include "performance_data_exports.h"

static const struct opswire_performance_exports *opswire_performance_bound;

static inline void opswire_performance_bind(uintptr_t exports)
{
    opswire_performance_bound = (const struct opswire_performance_exports *) exports;
}

#define opswire_performance_next(...)                                                              \
    (opswire_performance_bound->opswire_performance_next(__VA_ARGS__))
#define opswire_performance_range_read(...)                                                        \
    (opswire_performance_bound->opswire_performance_range_read(__VA_ARGS__))
#define opswire_performance_label_unescape(...)                                                    \
    (opswire_performance_bound->opswire_performance_label_unescape(__VA_ARGS__))
#define opswire_performance_write(...)                                                             \
    (opswire_performance_bound->opswire_performance_write(__VA_ARGS__))
#define opswire_performance_number_read(...)                                                       \
    (opswire_performance_bound->opswire_performance_number_read(__VA_ARGS__))
#define opswire_performance_number_write(...)                                                      \
    (opswire_performance_bound->opswire_performance_number_write(__VA_ARGS__))

#endif
