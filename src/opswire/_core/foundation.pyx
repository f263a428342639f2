"""What every format in C needs, linked here: the sentences of statuses, and keyed hashes."""

from libc.stdint cimport uint8_t

from opswire_c.home_of_foundation cimport opswire_foundation_table_address

import os


cdef extern from "opswire/keyed_hash.h":
    enum:
        OPSWIRE_HASH_KEY_SIZE
    void opswire_hash_set_key(const uint8_t *key)


cdef bytes hash_key = os.urandom(OPSWIRE_HASH_KEY_SIZE)
opswire_hash_set_key(<const uint8_t *>hash_key)
hash_key = None


def exports_address():
    """Where the C functions are that other extensions borrow (lending/foundation.h)."""
    return opswire_foundation_table_address()
