"""Files in folders that others may write to: opened, read and replaced, each in one call.

Everything below a trusted base folder is opened relative to the descriptor of its folder, never
through a link (O_NOFOLLOW) and never waiting for a partner (O_NONBLOCK), and is used only after
fstat() says what it is.  The system calls (POSIX.1-2008, and O_PATH of Linux) run without the
interpreter lock; a signal that interrupts one has its handler run, as in Python's own (PEP 475).

An exception may end Python code between any two of its instructions, a signal handler's for example,
so that no descriptor and no lock is left to Python code to give back: an open folder is an object
that closes itself, and what is locked is a call.
"""

from os import listdir, register_at_fork
from time import monotonic, sleep

cimport cython
from cpython.bytes cimport PyBytes_FromStringAndSize
from cpython.exc cimport PyErr_SetFromErrnoWithFilenameObject
from cpython.pythread cimport PyThread_get_thread_ident
from libc.errno cimport (
    EAGAIN, EEXIST, EFBIG, EINTR, EINVAL, ENAMETOOLONG, ENOENT, errno,
)
from libc.stdio cimport snprintf
from libc.string cimport strlen
from posix.fcntl cimport (
    O_CLOEXEC, O_CREAT, O_DIRECTORY, O_EXCL, O_NOCTTY, O_NONBLOCK, O_RDONLY, O_RDWR, O_WRONLY,
    open, openat,
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
    #include <sys/file.h>
    #include <sys/stat.h>
    #include <unistd.h>

    static void opswire_set_errno(int number)
    {
        errno = number;
    }
    """
    enum:
        AT_FDCWD
        AT_SYMLINK_NOFOLLOW
        ENOTSUP
        LOCK_EX
        LOCK_NB
        LOCK_SH
        LOCK_UN
        NAME_MAX
        O_NOFOLLOW
        O_PATH
        UTIME_NOW
    int renameat(int, const char *, int, const char *) nogil
    int unlinkat(int, const char *, int) nogil
    int futimens(int, const timespec *) nogil
    int fstatat(int, const char *, struct_stat *, int) nogil
    int flock(int, int) nogil
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

MAX_SIZE = 64 * 1024 * 1024
"""Octets that `read_file` reads at most unless told: what is kept between two runs has some KB."""

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
        return nanoseconds(&self.modified)

    @property
    def st_ctime(self):
        return seconds(&self.changed)


cdef long long nanoseconds(const timespec *moment) noexcept:
    return <long long> moment.tv_sec * NANOSECONDS + moment.tv_nsec


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

    `Folder` does the same and cannot be left open.

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


include "files/folder.pxi"
include "files/locks.pxi"
include "files/reading.pxi"
include "files/replacing.pxi"
