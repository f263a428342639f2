"""Files in folders that others may write to: opened, read and replaced, each in one call.

Everything below a trusted base folder is opened relative to the descriptor of its folder, never
through a link (O_NOFOLLOW) and never waiting for a partner (O_NONBLOCK), and is used only after
fstat() says what it is.  The system calls (POSIX.1-2008, and O_PATH of Linux) run without the
interpreter lock; a signal that interrupts one has its handler run, as in Python's own (PEP 475).
"""

cimport cython
from cpython.bytes cimport PyBytes_FromStringAndSize
from cpython.exc cimport PyErr_SetFromErrnoWithFilenameObject
from libc.errno cimport EEXIST, EINTR, EINVAL, ENAMETOOLONG, errno
from libc.stdio cimport snprintf
from libc.string cimport strlen
from posix.fcntl cimport (
    O_CLOEXEC, O_CREAT, O_DIRECTORY, O_EXCL, O_NOCTTY, O_NONBLOCK, O_RDONLY, O_WRONLY, open,
    openat,
)
from posix.stat cimport S_ISREG, fstat, struct_stat
from posix.time cimport CLOCK_REALTIME, clock_gettime, timespec
from posix.types cimport off_t
from posix.unistd cimport close, fsync, getpid, read, write


cdef extern from *:
    """
    #include <errno.h>
    #include <fcntl.h>
    #include <limits.h>
    #include <stdio.h>
    #include <sys/stat.h>
    #include <unistd.h>

    static void opswire_set_errno(int number)
    {
        errno = number;
    }
    """
    enum:
        AT_FDCWD
        ENOTSUP
        NAME_MAX
        O_NOFOLLOW
        O_PATH
        UTIME_NOW
    int renameat(int, const char *, int, const char *) nogil
    int unlinkat(int, const char *, int) nogil
    int futimens(int, const timespec *) nogil
    void set_errno "opswire_set_errno"(int)
    int check_signals "PyErr_CheckSignals"() noexcept
    bytes PyUnicode_EncodeFSDefault(object)


# Searching a folder needs no right to list it, but what was only searched cannot be synchronised.
cdef int SEARCH = O_PATH | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC
cdef int LIST = O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC
cdef int READ = O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_NOCTTY | O_CLOEXEC
cdef int CREATE = O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC

cdef enum:
    NANOSECONDS = 1000000000

# What is shorter is read onto the stack, before its bytes object is made.
cdef enum:
    ROOM_ON_STACK = 4096

# What has become longer meanwhile is read on in such pieces.
cdef enum:
    PIECE = 1 << 20

# What may go wrong besides an errno, which is above 0.
cdef enum:
    RAISED = -1  # a signal handler has raised an exception
    IRREGULAR = -2
    TIME_NOT_KEPT = -3


cdef int problem_of_call() noexcept nogil:
    """Why a system call has just failed; 0 to try again after a signal."""
    cdef int problem = errno
    if problem != EINTR:
        return problem
    with gil:
        return RAISED if check_signals() != 0 else 0


cdef int refuse(int problem, str name) except -1:
    """Raise what a problem is in Python."""
    if problem == RAISED:
        return -1
    if problem == IRREGULAR:
        raise OSError(EINVAL, "not a regular file", name)
    if problem == TIME_NOT_KEPT:
        text = "this file system does not keep the time of modification to the nanosecond"
        raise OSError(ENOTSUP, text, name)
    set_errno(problem)  # an assignment would be to a local variable
    PyErr_SetFromErrnoWithFilenameObject(OSError, name)
    return -1


cdef bytes encoded(str path):
    """A path as the system takes it."""
    cdef bytes octets = PyUnicode_EncodeFSDefault(path)
    if len(octets) != <Py_ssize_t> strlen(octets):
        raise ValueError("embedded null byte")
    return octets


@cython.final
cdef class Seen:
    """Where `read_file` and `replace_file` have been last: the next way there is shorter.

    One for each sequence of names; threads may share it.  A copy of it, or what is read from its
    pickle, is new.
    """

    cdef str base
    cdef str path
    cdef bytes octets
    cdef unsigned long long inode
    cdef unsigned long long device

    def __reduce__(self):
        return Seen, ()


@cython.final
@cython.auto_pickle(False)
@cython.freelist(4)
cdef class FileStatus:
    """Of a regular file: st_mode, st_mtime, st_mtime_ns, st_ctime as in os.stat_result."""

    # The names of os.stat_result are macros in C.
    cdef unsigned int mode
    cdef timespec modified
    cdef timespec changed

    @property
    def st_mode(self):
        return self.mode

    @property
    def st_mtime(self):
        return seconds(&self.modified)

    @property
    def st_mtime_ns(self):
        return <long long> self.modified.tv_sec * NANOSECONDS + self.modified.tv_nsec

    @property
    def st_ctime(self):
        return seconds(&self.changed)


cdef double seconds(const timespec *moment) noexcept:
    return <double> moment.tv_sec + <double> moment.tv_nsec * 1e-9


cdef FileStatus status_of(const struct_stat *found):
    cdef FileStatus status = FileStatus.__new__(FileStatus)
    status.mode = found.st_mode
    status.modified = found.st_mtim
    status.changed = found.st_ctim
    return status


def refuse_unless_regular(unsigned int mode, str name not None):
    """Raise OSError for a FIFO, a device and whatever else is no regular file by its st_mode."""
    if not S_ISREG(mode):
        refuse(IRREGULAR, name)


# -- folders --

cdef int open_below(int above, str path, int flags) except -1:
    """Open a path, below an open folder if it is relative."""
    cdef bytes octets = encoded(path)
    cdef const char *pointer = octets
    cdef int descriptor
    cdef int problem = 0
    with nogil:
        while True:
            descriptor = openat(above, pointer, flags)
            if descriptor >= 0:
                break
            problem = problem_of_call()
            if problem:
                break
    if problem:
        refuse(problem, path)
    return descriptor


def open_folder(str base not None, names, *, bint listable=False):
    """Open the folder base/names[0]/names[1]…; only `base` may contain links.

    Args:
        base: the trusted folder.
        names: of the folders below it, a sequence; none for the base itself.
        listable: whether it is to be listed or synchronised.

    Returns:
        A descriptor for use as ``dir_fd``.

    Raises:
        OSError: one of them is missing, no folder, a link, or must not be entered.
        ValueError: the base has a NUL in it.
    """
    cdef int last = LIST if listable else SEARCH
    cdef Py_ssize_t count = len(names)
    cdef Py_ssize_t number
    cdef int above
    # One open for base and the first name: O_NOFOLLOW is about the last part of a path.
    path = f"{base}/{names[0]}" if count else f"{base}/."
    cdef int descriptor = open_below(AT_FDCWD, path, SEARCH if count > 1 else last)
    for number in range(1, count):
        above = descriptor
        try:
            descriptor = open_below(above, names[number], last if number == count - 1 else SEARCH)
        finally:
            close(above)
    return descriptor


cdef int open_again(const char *path, int flags, unsigned long long inode,
                    unsigned long long device, int *problem) noexcept nogil:
    """The descriptor of a folder that was seen; -1 for a problem, or when it is another one."""
    cdef struct_stat status
    cdef int descriptor = -1
    while descriptor < 0:
        descriptor = open(path, flags)
        if descriptor < 0:
            problem[0] = problem_of_call()
            if problem[0]:
                return -1
    # However the path led there, it is the folder to which no link led before.
    if (fstat(descriptor, &status) == 0 and <unsigned long long> status.st_ino == inode
            and <unsigned long long> status.st_dev == device):
        return descriptor
    close(descriptor)
    return -1


cdef int open_seen(str base, names, Seen seen, bint listable) except -1:
    """Open a folder like open_folder(), in one system call if it was the last one."""
    cdef struct_stat status
    cdef int descriptor
    cdef int problem = 0
    # Another thread may look elsewhere meanwhile.
    cdef str path = seen.path
    cdef bytes octets = seen.octets
    cdef unsigned long long inode = seen.inode
    cdef unsigned long long device = seen.device
    cdef const char *pointer
    if seen.base is not None and seen.base == base:
        pointer = octets
        with nogil:
            descriptor = open_again(pointer, LIST if listable else SEARCH, inode, device, &problem)
        if problem:
            refuse(problem, path)
        if descriptor >= 0:
            return descriptor
    descriptor = open_folder(base, names, listable=listable)
    try:
        path = "/".join((base, *names))
        octets = encoded(path)
        if fstat(descriptor, &status) != 0:
            refuse(errno, path)
    except BaseException:
        close(descriptor)
        raise
    seen.base, seen.path, seen.octets = base, path, octets
    seen.inode, seen.device = status.st_ino, status.st_dev
    return descriptor


# -- files --

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


def read_file(str base not None, names, str name not None, Seen seen not None):
    """Read the regular file base/names[0]/names[1]…/name; only `base` may contain links.

    Args:
        base: the trusted folder.
        names: of the folders below it; the same ones for all calls with the same `seen`.
        name: of the file.
        seen: the caller's to keep.

    Returns:
        Its octets and its status.

    Raises:
        OSError: it or a folder is missing, a link, not what it should be, or cannot be read.
        ValueError: the base has a NUL in it.
    """
    cdef char room[ROOM_ON_STACK]
    cdef bytes octets = encoded(name)
    cdef const char *pointer = octets
    cdef struct_stat status
    cdef ssize_t got = 0
    cdef int problem = 0
    cdef int descriptor
    cdef int folder = open_seen(base, names, seen, False)
    with nogil:
        descriptor = open_regular(folder, pointer, &status, &problem)
        close(folder)
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
            while piece := read_piece(descriptor, PIECE, name):
                content += piece
    finally:
        if descriptor >= 0:
            close(descriptor)
    return content, status_of(&status)


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
    while problem == 0 and renameat(folder, temporary, folder, name) != 0:
        problem = problem_of_call()
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
    folder = open_seen(base, names, seen, durable)
    with nogil:
        problem = replace(folder, name_pointer, octets, size, prefix_pointer, durable, mode, wanted)
        close(folder)
    if problem:
        refuse(problem, name)
