# Locks between threads and processes: flock on files, which the kernel releases with their holder.

# Without O_CREAT, and never through a link.
cdef int LOCK_FILE = O_RDWR | O_NOFOLLOW | O_NONBLOCK | O_NOCTTY | O_CLOEXEC

cdef double FIRST_PAUSE = 0.001
cdef double LONGEST_PAUSE = 0.05

# Every lock whose file is open, held or waited for.  flock() belongs to what open() has made, and a
# fork copies the descriptor: the child must close it, or it would keep the lock of a dead parent.
cdef set open_locks = set()


def forget_locks():
    """In the child of a fork: nothing is held here, whoever has forked and whatever others did."""
    cdef FileLock lock
    for lock in open_locks:
        close(lock.descriptor)  # and not LOCK_UN: the lock is the parent's
        lock.descriptor = -1
        lock.is_held = False
    open_locks.clear()


register_at_fork(after_in_child=forget_locks)
del forget_locks  # a lock that is forgotten in the process that holds it would protect nothing


@cython.final
@cython.auto_pickle(False)
cdef class FileLock:
    """What `call_locked` gives to the function that it calls.

    Attributes:
        held: whether the lock is this process's; False after a fork, in the child, and at the end.
    """

    cdef int descriptor
    cdef bint is_held
    cdef unsigned long thread
    cdef struct_stat status

    def __cinit__(self):
        self.descriptor = -1

    @property
    def held(self):
        return self.is_held

    cdef int open(self, int folder, str name, int flags, int mode) except -1:
        """Open what is to be locked; `leave` closes it."""
        cdef bytes octets = encoded(name)
        cdef int problem
        while True:
            # With the interpreter lock, so that no other thread forks before the list knows of it.
            # A file system that is dead has kept whoever opened the folder, without that lock.
            self.descriptor = openat(folder, octets, flags, mode)
            if self.descriptor >= 0:
                break
            problem = problem_of_call()
            if problem:
                refuse(problem, name)
        self.thread = PyThread_get_thread_ident()
        open_locks.add(self)
        if fstat(self.descriptor, &self.status) != 0:
            refuse(errno, name)

    cdef int refuse_second(self, str name) except -1:
        """flock() would let a thread wait for itself: two descriptors of a file exclude each other."""
        cdef FileLock other
        for other in open_locks:
            if (other.is_held and other.thread == self.thread
                    and other.status.st_ino == self.status.st_ino
                    and other.status.st_dev == self.status.st_dev):
                raise RuntimeError(f"this thread holds the lock {name} already")

    cdef int wait(self, str name, end, timeout) except -1:
        cdef double pause = FIRST_PAUSE
        cdef int kind = LOCK_EX if end is None else LOCK_EX | LOCK_NB
        cdef int problem
        while True:
            problem = 0
            with nogil:
                while flock(self.descriptor, kind) != 0:
                    problem = problem_of_call()
                    if problem:
                        break
            if problem == 0:
                return 0
            if problem != EAGAIN:
                refuse(problem, name)
            left = end - monotonic()
            if left <= 0:
                raise TimeoutError(f"the lock {name} was held by another for {timeout} s")
            sleep(min(pause, left))
            pause = min(2 * pause, LONGEST_PAUSE)

    cdef bint has_name(self, int folder, str name) except -1:
        """Whether what was locked still has its name; a clean-up may have removed it."""
        cdef bytes octets = encoded(name)
        cdef struct_stat now
        if fstatat(folder, octets, &now, AT_SYMLINK_NOFOLLOW) != 0:
            if errno != ENOENT:
                refuse(errno, name)
            return False
        return now.st_ino == self.status.st_ino and now.st_dev == self.status.st_dev

    cdef void leave(self) noexcept:
        """Let the next one in; also when nothing was opened, or a fork has closed it."""
        cdef int descriptor = self.descriptor
        if descriptor < 0:
            return
        open_locks.discard(self)
        self.is_held = False
        self.descriptor = -1
        flock(descriptor, LOCK_UN)  # a process that is being started has a copy until its exec
        close(descriptor)


def call_locked(Folder folder not None, str name not None, function, timeout=None, *,
                int mode=0o600):
    """Call a function while no other thread or process is in a call with the same lock.

    Whatever ends the function or the wait, the lock is free afterwards: no Python code stands
    between.  A process that the function forks does not have the lock.

    Args:
        folder: of the lock file.
        name: of the lock file; it is made if missing.
        function: it gets the `FileLock`.
        timeout: how many seconds to wait; None for as long as it takes.
        mode: of a lock file that is made.

    Returns:
        What the function returned.

    Raises:
        TimeoutError: another one held it all the time.
        RuntimeError: this thread holds it already.
        OSError: the lock file cannot be made or is no regular file.
    """
    cdef FileLock lock = FileLock.__new__(FileLock)
    end = None if timeout is None else monotonic() + timeout
    try:
        while True:
            lock.open(folder.fileno(), name, LOCK_FILE | O_CREAT, mode)
            refuse_unless_regular(lock.status.st_mode, name)
            lock.refuse_second(name)
            lock.wait(name, end, timeout)
            if lock.has_name(folder.fileno(), name):
                break
            lock.leave()
        lock.is_held = True
        return function(lock)
    finally:
        lock.leave()


def remove_idle_lock(Folder folder not None, str name not None):
    """Remove a lock file that nobody holds, and tell whether that was done."""
    cdef FileLock lock = FileLock.__new__(FileLock)
    cdef bytes octets = encoded(name)
    try:
        lock.open(folder.fileno(), name, LOCK_FILE, 0)
        refuse_unless_regular(lock.status.st_mode, name)
        # Whoever waits on it by now will see that its name is gone, and start again.
        return (flock(lock.descriptor, LOCK_EX | LOCK_NB) == 0
                and lock.has_name(folder.fileno(), name)
                and unlinkat(folder.fileno(), octets, 0) == 0)
    except OSError:
        return False
    finally:
        lock.leave()


def remove_same(Folder folder not None, str name not None, status not None):
    """Remove a file that was looked at, unless `replace_file` has replaced it since.

    Args:
        folder: where it is.
        name: of the file.
        status: what os.stat() said of it.

    Returns:
        Whether it was removed; not so while somebody is about to rename a file in this folder.

    Raises:
        OSError: it cannot be removed, or this file system cannot lock a folder.
    """
    cdef FileLock lock = FileLock.__new__(FileLock)
    cdef bytes octets = encoded(name)
    cdef struct_stat now
    cdef unsigned long long inode = status.st_ino
    cdef long long modified = status.st_mtime_ns
    cdef long long changed = status.st_ctime_ns
    try:
        lock.open(folder.fileno(), ".", LIST, 0)
        if flock(lock.descriptor, LOCK_EX | LOCK_NB) != 0:
            if errno == EAGAIN:
                return False
            refuse(errno, name)
        # The number of a file that is gone is given again, its times are not.
        if (fstatat(lock.descriptor, octets, &now, AT_SYMLINK_NOFOLLOW) != 0
                or now.st_ino != inode or nanoseconds(&now.st_mtim) != modified
                or nanoseconds(&now.st_ctim) != changed):
            return False
        if unlinkat(lock.descriptor, octets, 0) != 0:
            refuse(errno, name)
        return True
    finally:
        lock.leave()
