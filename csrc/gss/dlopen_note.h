/* The ELF note that tells packagers which libraries a file opens with dlopen(): no NEEDED entry
 * shows them.  https://uapi-group.org/specifications/specs/elf_dlopen_metadata/ */
#ifndef OPSWIRE_DLOPEN_NOTE_H
#define OPSWIRE_DLOPEN_NOTE_H

#include <stdint.h>

#define OPSWIRE_DLOPEN_NOTE_TYPE UINT32_C(0x407c0c0a)

/* `json` is a list of objects with feature, description, priority and soname, as a literal.
 *
 * Nobody refers to the note: `used` keeps the compiler from dropping it, and its section's name
 * makes it one that linkers and strip keep. */
#define OPSWIRE_DLOPEN_NOTE(json)                                                                  \
    static const struct {                                                                          \
        uint32_t name_size;                                                                        \
        uint32_t text_size;                                                                        \
        uint32_t type;                                                                             \
        char name[sizeof("FDO")];                                                                  \
        _Alignas(uint32_t) char text[sizeof(json)];                                                \
    } dlopen_note __attribute__((used, section(".note.dlopen"), aligned(4))) = {                   \
        sizeof("FDO"), sizeof(json), OPSWIRE_DLOPEN_NOTE_TYPE, "FDO", json}

#endif
