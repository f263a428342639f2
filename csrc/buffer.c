#include "opswire/buffer.h"

#include <stdlib.h>
#include <string.h>

/* Most messages of most protocols fit, so that one allocation serves a connection. */
#define SMALLEST_CAPACITY 256u

enum opswire_status opswire_buffer_reserve(struct opswire_buffer *buffer, size_t room)
{
    size_t wanted;
    size_t capacity = buffer->capacity;
    uint8_t *data;

    if (room <= buffer->capacity - buffer->size)
        return OPSWIRE_DONE;
    if (room > SIZE_MAX - buffer->size)
        return OPSWIRE_NO_MEMORY;
    wanted = buffer->size + room;
    if (capacity < SMALLEST_CAPACITY)
        capacity = SMALLEST_CAPACITY;
    while (capacity < wanted)
        capacity = capacity > SIZE_MAX / 2 ? wanted : capacity * 2;
    data = realloc(buffer->data, capacity);
    if (data == NULL)
        return OPSWIRE_NO_MEMORY;
    buffer->data = data;
    buffer->capacity = capacity;
    return OPSWIRE_DONE;
}

enum opswire_status opswire_buffer_append(struct opswire_buffer *buffer, struct opswire_view octets)
{
    enum opswire_status status = opswire_buffer_reserve(buffer, octets.size);

    if (status == OPSWIRE_DONE && octets.size > 0) {
        memcpy(buffer->data + buffer->size, octets.data, octets.size);
        buffer->size += octets.size;
    }
    return status;
}

enum opswire_status opswire_buffer_append_u8(struct opswire_buffer *buffer, uint8_t value)
{
    return opswire_buffer_append(buffer, (struct opswire_view){&value, 1});
}

enum opswire_status opswire_buffer_append_u32(struct opswire_buffer *buffer, uint32_t value)
{
    const uint8_t octets[4] = {(uint8_t) (value >> 24), (uint8_t) (value >> 16),
                               (uint8_t) (value >> 8), (uint8_t) value};

    return opswire_buffer_append(buffer, (struct opswire_view){octets, sizeof(octets)});
}

void opswire_buffer_drop(struct opswire_buffer *buffer, size_t size)
{
    if (size < buffer->size)
        memmove(buffer->data, buffer->data + size, buffer->size - size);
    buffer->size -= size < buffer->size ? size : buffer->size;
}

void opswire_buffer_free(struct opswire_buffer *buffer)
{
    free(buffer->data);
    *buffer = (struct opswire_buffer){NULL, 0, 0};
}
