"""What every format in C needs, linked here: statuses, what exceptions they are, keyed hashes."""

from libc.stdint cimport uint8_t

from opswire_c.foundation cimport (
    OPSWIRE_NO_MEMORY,
    OPSWIRE_TOKEN_TOO_LARGE,
    opswire_status,
    opswire_status_message,
)
from opswire_c.home_of_foundation cimport opswire_foundation_table_address

import os


cdef extern from "opswire/keyed_hash.h":
    enum:
        OPSWIRE_HASH_KEY_SIZE
    void opswire_hash_set_key(const uint8_t *key)


cdef bytes hash_key = os.urandom(OPSWIRE_HASH_KEY_SIZE)
opswire_hash_set_key(<const uint8_t *>hash_key)
hash_key = None


cdef object status_error(opswire_status status, object local, object remote, str sentence=None,
                         str found="", tuple place=()):
    """The exception for a broken status.  Nobody else makes one of a status.

    A format gives its classes, and what it alone knows.

    Args:
        local: the class for a mistake of the caller.
        remote: the class for a mistake of the peer.
        sentence: what is said in place of the status's own sentence.
        found: what follows the sentence in a mistake of the peer.
        place: what ``remote`` takes behind the text.
    """
    text = (<bytes> opswire_status_message(status)).decode("ascii")
    if status == OPSWIRE_NO_MEMORY:
        return MemoryError(text)
    if sentence is not None:
        text = sentence
    # In status.h the mistakes of the peer begin here.
    if status > OPSWIRE_TOKEN_TOO_LARGE:
        return local(text)
    return remote(text + found, *place)


def exports_address():
    """Where the C functions are that other extensions borrow (lending/foundation.h)."""
    return opswire_foundation_table_address()
