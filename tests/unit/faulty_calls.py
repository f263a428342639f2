"""System calls that fail when told to, in one process: faults that no file system gives at will."""

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import NamedTuple

from tests.unit.binaries import output

SHIM = r"""
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <sys/file.h>
#include <sys/types.h>
#include <unistd.h>

static const char *chosen;
static int mishap, wait_for, signal_number, watching;
static char done[4096];

void watch(const char *call, int what, int passed_over, int number)
{
    chosen = call, mishap = what, wait_for = passed_over, signal_number = number;
    done[0] = 0, watching = 1;
}

const char *seen(void)
{
    watching = 0;
    return done;
}

int happened(void)
{
    return wait_for < 0;
}

static void remember(const char *call, int descriptor)
{
    char link[64], path[4096] = "";
    snprintf(link, sizeof(link), "/proc/self/fd/%d", descriptor);
    ssize_t size = readlink(link, path, sizeof(path) - 1);
    if (size > 0) path[size] = 0;
    const char *slash = strrchr(path, '/');  /* a pipe has none */
    const char *name = slash ? slash + 1 : "";
    size_t used = strlen(done);
    snprintf(done + used, sizeof(done) - used, "%s %s\n", call, name[0] == '%' ? "%" : name);
}

static int fails(const char *call, int descriptor)
{
    if (!watching) return 0;
    remember(call, descriptor);
    if (strcmp(call, chosen) || wait_for-- != 0) return 0;
    if (signal_number) raise(signal_number);
    errno = mishap;
    return 1;
}

#define NEXT(name) ((__typeof__(&name))dlsym(RTLD_NEXT, #name))

int fsync(int descriptor)
{
    return fails("fsync", descriptor) ? -1 : NEXT(fsync)(descriptor);
}

int close(int descriptor)
{
    int failed = fails("close", descriptor), result = NEXT(close)(descriptor);
    if (failed) errno = mishap;
    return failed ? -1 : result;
}

int renameat(int from, const char *old, int to, const char *new)
{
    return fails("renameat", from) ? -1 : NEXT(renameat)(from, old, to, new);
}

int flock(int descriptor, int operation)
{
    return fails("flock", descriptor) ? -1 : NEXT(flock)(descriptor, operation);
}

ssize_t write(int descriptor, const void *octets, size_t size)
{
    if (!fails("write", descriptor)) return NEXT(write)(descriptor, octets, size);
    return mishap ? -1 : NEXT(write)(descriptor, octets, 1);
}

ssize_t read(int descriptor, void *room, size_t size)
{
    if (!fails("read", descriptor)) return NEXT(read)(descriptor, room, size);
    return mishap ? -1 : NEXT(read)(descriptor, room, 1);
}

struct timespec;
int futimens(int descriptor, const struct timespec times[2])
{
    if (!fails("futimens", descriptor)) return NEXT(futimens)(descriptor, times);
    return mishap ? -1 : 0;
}

#define OPENAT(symbol)                                                        \
    int symbol(int folder, const char *path, int flags, ...)                  \
    {                                                                         \
        va_list rest;                                                         \
        va_start(rest, flags);                                                \
        int mode = va_arg(rest, int);                                         \
        va_end(rest);                                                         \
        return fails("openat", folder) ? -1 : NEXT(symbol)(folder, path, flags, mode); \
    }
OPENAT(openat)
OPENAT(openat64)
OPENAT(__openat64_2)

#define OPEN(symbol)                                                          \
    int symbol(const char *path, int flags, ...)                              \
    {                                                                         \
        va_list rest;                                                         \
        va_start(rest, flags);                                                \
        int mode = va_arg(rest, int);                                         \
        va_end(rest);                                                         \
        return fails("open", -1) ? -1 : NEXT(symbol)(path, flags, mode);      \
    }
OPEN(open)
OPEN(open64)
OPEN(__open64_2)
"""

PROGRAM = """
import ctypes, json, os, shutil, signal, sys
from opswire.agents import Storage
from opswire.agents.storage import log  # or its import would be among the calls

signal.signal(signal.SIGINT, signal.default_int_handler)  # a shell's background job ignores it
shim, call, mishap, passed_over, number, arguments, fresh = sys.argv[1:]
base = os.environ["SERVER_SIDE_PROGRAM_STORAGE_PATH"]
calls = ctypes.CDLL(shim)
calls.seen.restype = ctypes.c_char_p
storage = Storage("agent", "db1")
storage.write("key", "old")
method, values, options = json.loads(arguments)
if fresh:
    shutil.rmtree(base + "/db1")
chosen = call.encode()
calls.watch(chosen, int(mishap), int(passed_over), int(number))
try:
    outcome = getattr(storage, method)(*values, **options)
except BaseException as error:
    outcome = f"{type(error).__name__}: {error}"
done = calls.seen().decode().split("\\n")[:-1]
assert calls.happened() or not call, f"no such call: {call}"
folder = base + "/db1/agent"
descriptors = [os.path.realpath(f"/proc/self/fd/{name}") for name in os.listdir("/proc/self/fd")]
left_open = [path for path in descriptors if path.startswith(folder)]
print(json.dumps([outcome, storage.read("key", None), os.listdir(folder), left_open, done]))
"""


class Outcome(NamedTuple):
    """What came of a call of Storage.

    Attributes:
        result: what it returned, or the exception as text.
        value: that of the key afterwards; it was "old".
        names: of the files in the folder.
        left_open: the paths below the folder that are still open.
        calls: what the process asked of the system meanwhile, each with the name of its descriptor.
    """

    result: object
    value: str
    names: list[str]
    left_open: list[str]
    calls: list[str]


class FaultyCalls:
    """Runs calls of Storage in processes of their own, each with one mishap."""

    def __init__(self, folder: Path) -> None:
        """Compile the shim in `folder`."""
        source = folder / "faulty_calls.c"
        source.write_text(SHIM)
        self._shim = folder / "faulty_calls.so"
        output("cc", "-shared", "-fPIC", source, "-o", self._shim, "-ldl")

    def run(
        self,
        base: Path,
        method: tuple[str, list[object], dict[str, object]],
        call: str = "",
        mishap: int = 0,
        *,
        passed_over: int = 0,
        signal: int = 0,
        fresh: bool = False,
    ) -> Outcome:
        """Call a method of Storage("agent", "db1"), whose "key" is "old".

        Args:
            base: the folder of all values.
            method: its name and arguments.
            call: the system call that does not do what it should.
            mishap: its errno; 0 for a read or write of one octet, and for a time that is not set.
            passed_over: how many such calls go well before it.
            signal: what arrives during it; 0 for none.
            fresh: whether the folders of program and host have been removed before.
        """
        environment = {
            "SERVER_SIDE_PROGRAM_STORAGE_PATH": str(base),
            "LD_PRELOAD": str(self._shim),
            # The sanitizers' run time wants to be first, though here it does not matter.
            "ASAN_OPTIONS": "detect_leaks=0:verify_asan_link_order=0",
        }
        numbers = map(str, (mishap, passed_over, signal))
        folders = "fresh" if fresh else ""
        done = subprocess.run(
            [
                sys.executable,
                "-c",
                PROGRAM,
                self._shim,
                call,
                *numbers,
                json.dumps(method),
                folders,
            ],
            env={**os.environ, **environment},
            capture_output=True,
            text=True,
            check=True,
        )
        return Outcome(*json.loads(done.stdout))
