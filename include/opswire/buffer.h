/* Owned octets being written: one block that grows at its end.
 *
 * All zero is a valid empty buffer.  Whoever owns the struct calls opswire_buffer_free() once at
 * the end.  A pointer into data is valid until the next call that may grow the buffer.
 *
 * Inline, because every format writes into one and a .c file lives in one extension only. */
#ifndef OPSWIRE_BUFFER_H
#define OPSWIRE_BUFFER_H

#include <stdlib.h>
#include <string.h>

#include "opswire/status.h"
#include "opswire/view.h"

/* Most messages of most protocols fit, so that one allocation serves a connection. */
#define OPSWIRE_BUFFER_SMALLEST 256u

struct opswire_buffer {
    uint8_t *data;
    size_t size;
    size_t capacity;
};

/* Make room for that many octets after size.  The contents stay; size does not change. */
static inline enum opswire_status opswire_buffer_reserve(struct opswire_buffer *buffer, size_t room)
{
    size_t wanted;
    size_t capacity = buffer->capacity;
    uint8_t *data;

    if (room <= buffer->capacity - buffer->size)
        return OPSWIRE_DONE;
    if (room > SIZE_MAX - buffer->size)
        return OPSWIRE_NO_MEMORY;
    wanted = buffer->size + room;
    if (capacity < OPSWIRE_BUFFER_SMALLEST)
        capacity = OPSWIRE_BUFFER_SMALLEST;
    while (capacity < wanted)
        capacity = capacity > SIZE_MAX / 2 ? wanted : capacity * 2;
    data = (uint8_t *) realloc(buffer->data, capacity);
    if (data == NULL)
        return OPSWIRE_NO_MEMORY;
    buffer->data = data;
    buffer->capacity = capacity;
    return OPSWIRE_DONE;
}

static inline enum opswire_status opswire_buffer_append(struct opswire_buffer *buffer,
                                                        struct opswire_view octets)
{
    enum opswire_status status = opswire_buffer_reserve(buffer, octets.size);

    if (status == OPSWIRE_DONE && octets.size > 0) {
        memcpy(buffer->data + buffer->size, octets.data, octets.size);
        buffer->size += octets.size;
    }
    return status;
}

static inline enum opswire_status opswire_buffer_append_u8(struct opswire_buffer *buffer,
                                                           uint8_t value)
{
    struct opswire_view octets = {&value, 1};

    return opswire_buffer_append(buffer, octets);
}

static inline enum opswire_status opswire_buffer_append_u32(struct opswire_buffer *buffer,
                                                            uint32_t value)
{
    const uint8_t data[4] = {(uint8_t) (value >> 24), (uint8_t) (value >> 16),
                             (uint8_t) (value >> 8), (uint8_t) value};
    struct opswire_view octets = {data, sizeof(data)};

    return opswire_buffer_append(buffer, octets);
}

/* Remove octets from the front; what follows moves down. */
static inline void opswire_buffer_drop(struct opswire_buffer *buffer, size_t size)
{
    if (size < buffer->size)
        memmove(buffer->data, buffer->data + size, buffer->size - size);
    buffer->size -= size < buffer->size ? size : buffer->size;
}

/* Give the memory back if it is more than that; the buffer is empty afterwards in any case. */
static inline void opswire_buffer_trim(struct opswire_buffer *buffer, size_t most)
{
    buffer->size = 0;
    if (buffer->capacity > most) {
        free(buffer->data);
        buffer->data = NULL;
        buffer->capacity = 0;
    }
}

/* Give the memory back; the buffer is empty afterwards and may be used again. */
static inline void opswire_buffer_free(struct opswire_buffer *buffer)
{
    free(buffer->data);
    buffer->data = NULL;
    buffer->size = 0;
    buffer->capacity = 0;
}

static inline struct opswire_view opswire_buffer_view(const struct opswire_buffer *buffer)
{
    struct opswire_view view = {buffer->data, buffer->size};

    return view;
}

#endif
