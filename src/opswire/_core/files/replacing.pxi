# A file that gets new content: written beside it, and renamed.

cdef int create(int folder, const char *prefix, int mode, char *temporary,
                int *problem) noexcept nogil:
    """Make a file with a name of its own, which is stored in `temporary` (NAME_MAX and a NUL)."""
    cdef timespec now
    cdef int descriptor
    while True:
        # Unique among the writers of one moment; O_EXCL is what makes sure.
        clock_gettime(CLOCK_REALTIME, &now)
        if snprintf(temporary, NAME_MAX + 1, "%s%x.%llx", prefix, <unsigned int> getpid(),
                    <unsigned long long> now.tv_sec * NANOSECONDS + now.tv_nsec) > NAME_MAX:
            problem[0] = ENAMETOOLONG
            return -1
        descriptor = openat(folder, temporary, CREATE, mode)
        if descriptor >= 0:
            return descriptor
        problem[0] = problem_of_call()
        if problem[0] == EEXIST:
            problem[0] = 0
        if problem[0]:
            return -1


cdef int synchronise(int descriptor) noexcept nogil:
    cdef int problem
    while fsync(descriptor) != 0:
        problem = problem_of_call()
        if problem:
            return problem
    return 0


cdef int set_modified(int descriptor, const timespec *modified) noexcept nogil:
    cdef timespec[2] times
    cdef struct_stat status
    times[0].tv_sec = 0
    times[0].tv_nsec = UTIME_NOW
    times[1] = modified[0]
    if futimens(descriptor, times) != 0 or fstat(descriptor, &status) != 0:
        return errno
    if status.st_mtim.tv_sec != modified.tv_sec or status.st_mtim.tv_nsec != modified.tv_nsec:
        return TIME_NOT_KEPT
    return 0


cdef int fill(int descriptor, const char *octets, size_t size, const timespec *modified,
              bint durable) noexcept nogil:
    cdef ssize_t written
    cdef int problem = 0
    while True:
        written = write(descriptor, octets, size)
        if written < 0:
            problem = problem_of_call()
            if problem:
                return problem
            continue
        octets += written
        size -= <size_t> written
        if size == 0:
            break
    if modified is not NULL:
        problem = set_modified(descriptor, modified)
    if problem == 0 and durable:
        problem = synchronise(descriptor)
    return problem


cdef int rename_shared(int folder, const char *temporary, const char *name) noexcept nogil:
    """Rename while no `remove_same` is between its look at the name and its removal."""
    cdef int problem = 0
    cdef bint shared = True
    while flock(folder, LOCK_SH) != 0:
        if errno != EINTR:
            shared = False  # nobody can lock it for a removal either
            break
        problem = problem_of_call()
        if problem:
            return problem
    while renameat(folder, temporary, folder, name) != 0:
        problem = problem_of_call()
        if problem:
            break
    if shared:
        flock(folder, LOCK_UN)  # a fork may have made a second descriptor of it
    return problem


cdef int replace(int folder, const char *name, const char *octets, size_t size, const char *prefix,
                 bint durable, int mode, const timespec *modified) noexcept nogil:
    cdef char temporary[NAME_MAX + 1]
    cdef int problem = 0
    cdef int descriptor = create(folder, prefix, mode, temporary, &problem)
    if problem:
        return problem
    problem = fill(descriptor, octets, size, modified, durable)
    # Some file systems on a network tell only now that there is no room.  Never tried again: the
    # number may be another thread's by then.
    if close(descriptor) != 0 and problem == 0 and errno != EINTR:
        problem = errno
    if problem == 0:
        problem = rename_shared(folder, temporary, name)
    if problem:
        unlinkat(folder, temporary, 0)  # what went wrong first is what matters
    elif durable:
        problem = synchronise(folder)
    return problem


def replace_file(str base not None, names, str name not None, bytes content not None,
                 Seen seen not None, str temporary_prefix not None, bint durable=False,
                 int mode=0o600, modified_ns=None):
    """Give the file base/names[0]/names[1]…/name new content, all or nothing.

    Args:
        base: the trusted folder.
        names: as for `read_file`.
        name: of the file; a link or FIFO of that name is replaced, not followed.
        content: all of it.
        seen: as for `read_file`.
        temporary_prefix: how the name of the file begins until it has its own.
        durable: the new content survives a power failure once this returns.
        mode: of the new file.
        modified_ns: its time of modification, in nanoseconds of the epoch; None for now.

    Raises:
        OSError: nothing was changed; unless the folder could not be synchronised in the end.
        ValueError: the base has a NUL in it.
    """
    cdef bytes name_octets = encoded(name)
    cdef bytes prefix_octets = encoded(temporary_prefix)
    cdef const char *name_pointer = name_octets
    cdef const char *prefix_pointer = prefix_octets
    cdef const char *octets = content
    cdef size_t size = len(content)
    cdef timespec modified
    cdef timespec *wanted = NULL
    cdef int folder
    cdef int problem
    if modified_ns is not None:
        modified.tv_sec, modified.tv_nsec = divmod(modified_ns, NANOSECONDS)
        wanted = &modified
    try:
        folder = open_seen(base, names, seen, True)
    except PermissionError:
        if durable:
            raise
        folder = open_seen(base, names, seen, False)  # it may be written to, and not listed
    with nogil:
        problem = replace(folder, name_pointer, octets, size, prefix_pointer, durable, mode, wanted)
        close(folder)
    if problem:
        refuse(problem, name)
