from opswire_c.foundation cimport opswire_status

cdef object status_error(opswire_status status, object local, object remote, str sentence=*,
                         str found=*, tuple place=*)
