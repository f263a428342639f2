/* Owned octets being written: one block that grows at its end.
 *
 * All zero is a valid empty buffer.  Whoever owns the struct calls opswire_buffer_free() once at
 * the end.  A pointer into data is valid until the next call that may grow the buffer. */
#ifndef OPSWIRE_BUFFER_H
#define OPSWIRE_BUFFER_H

#include "opswire/status.h"
#include "opswire/view.h"

struct opswire_buffer {
    uint8_t *data;
    size_t size;
    size_t capacity;
};

/* Make room for that many octets after size.  The contents stay; size does not change. */
enum opswire_status opswire_buffer_reserve(struct opswire_buffer *buffer, size_t room);

enum opswire_status opswire_buffer_append(struct opswire_buffer *buffer,
                                          struct opswire_view octets);
enum opswire_status opswire_buffer_append_u8(struct opswire_buffer *buffer, uint8_t value);
enum opswire_status opswire_buffer_append_u32(struct opswire_buffer *buffer, uint32_t value);

/* Remove octets from the front; what follows moves down. */
void opswire_buffer_drop(struct opswire_buffer *buffer, size_t size);

/* Give the memory back; the buffer is empty afterwards and may be used again. */
void opswire_buffer_free(struct opswire_buffer *buffer);

static inline struct opswire_view opswire_buffer_view(const struct opswire_buffer *buffer)
{
    struct opswire_view view = {buffer->data, buffer->size};

    return view;
}

#endif
