# A regular file, read whole.

cdef ssize_t read_some(int descriptor, char *room, size_t size, int *problem) noexcept nogil:
    cdef ssize_t got
    while True:
        got = read(descriptor, room, size)
        if got >= 0:
            return got
        problem[0] = problem_of_call()
        if problem[0]:
            return -1


cdef int open_regular(int folder, const char *name, struct_stat *status,
                      int *problem) noexcept nogil:
    cdef int descriptor = -1
    while descriptor < 0:
        descriptor = openat(folder, name, READ)
        if descriptor < 0:
            problem[0] = problem_of_call()
            if problem[0]:
                return -1
    if fstat(descriptor, status) != 0:
        problem[0] = errno
    elif not S_ISREG(status.st_mode):
        problem[0] = IRREGULAR
    return descriptor


cdef bytes read_piece(int descriptor, size_t size, str name):
    """Up to so many octets; none at the end of the file."""
    cdef bytes piece = PyBytes_FromStringAndSize(NULL, size)
    cdef char *room = piece
    cdef int problem = 0
    cdef ssize_t got
    with nogil:
        got = read_some(descriptor, room, size, &problem)
    if problem:
        refuse(problem, name)
    return piece if <size_t> got == size else piece[:got]


cdef long long LARGEST_FILE = 2**63 - 1


cdef bytes read_on(int descriptor, bytes content, long long max_size, str name):
    """What was read and what follows, up to a piece more than is allowed."""
    cdef list pieces = [content]
    cdef long long size = len(content)
    while size <= max_size:
        piece = read_piece(descriptor, PIECE, name)
        if not piece:
            return b"".join(pieces)
        pieces.append(piece)
        size += len(piece)
    refuse(EFBIG, name)


def read_file(str base not None, names, str name not None, Seen seen not None,
              max_size=MAX_SIZE):
    """Read the regular file base/names[0]/names[1]…/name; only `base` may contain links.

    Args:
        base: the trusted folder.
        names: of the folders below it; the same ones for all calls with the same `seen`.
        name: of the file.
        seen: the caller's to keep.
        max_size: how many octets it may have.

    Returns:
        Its octets and its status.

    Raises:
        OSError: it or a folder is missing, a link, not what it should be, or cannot be read; it is
            larger than `max_size` (EFBIG), or becomes so while it is read.
        MemoryError: it is not, but there is no room for it.
        ValueError: the base has a NUL in it.
    """
    cdef char room[ROOM_ON_STACK]
    cdef bytes octets = encoded(name)
    cdef const char *pointer = octets
    cdef struct_stat status
    cdef ssize_t got = 0
    cdef int problem = 0
    cdef int descriptor, folder
    cdef long long most
    try:
        most = max_size
    except OverflowError:  # no file has as many octets
        most = LARGEST_FILE if max_size > 0 else -1
    folder = open_seen(base, names, seen, False)
    with nogil:
        descriptor = open_regular(folder, pointer, &status, &problem)
        close(folder)
        if problem == 0 and status.st_size > most:
            problem = EFBIG  # before anything is allocated: a sparse file has any size for nothing
        if problem == 0 and status.st_size < ROOM_ON_STACK:
            got = read_some(descriptor, room, ROOM_ON_STACK, &problem)
            if problem == 0 and got == status.st_size:
                close(descriptor)
                descriptor = -1
    try:
        if problem:
            refuse(problem, name)
        if status.st_size < ROOM_ON_STACK:
            content = PyBytes_FromStringAndSize(room, got)
        else:
            content = read_piece(descriptor, status.st_size, name)
        # Files are replaced, not changed, so that this was all; unless somebody else's hand did.
        if <off_t> len(content) != status.st_size:
            content = read_on(descriptor, content, most, name)
    finally:
        if descriptor >= 0:
            close(descriptor)
    return content, status_of(&status)
