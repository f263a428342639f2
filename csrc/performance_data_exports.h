/* The C functions that opswire._core.performance_data lends to other extensions; the pattern is
 * that of remctl_exports.h. */
#ifndef OPSWIRE_PERFORMANCE_DATA_EXPORTS_H
#define OPSWIRE_PERFORMANCE_DATA_EXPORTS_H

#include "opswire/performance_data.h"

#define OPSWIRE_PERFORMANCE_EXPORTS(X)                                                             \
    X(opswire_performance_next)                                                                    \
    X(opswire_performance_range_read)                                                              \
    X(opswire_performance_label_unescape)                                                          \
    X(opswire_performance_write)                                                                   \
    X(opswire_performance_number_read)                                                             \
    X(opswire_performance_number_write)

#define OPSWIRE_PERFORMANCE_EXPORT_SLOT(function) __typeof__(function) *function;
struct opswire_performance_exports {
    OPSWIRE_PERFORMANCE_EXPORTS(OPSWIRE_PERFORMANCE_EXPORT_SLOT)
};
#undef OPSWIRE_PERFORMANCE_EXPORT_SLOT

#endif
