"""Shut one notebook in: namespaces of its own, a small scratch folder, limits, no rights, no rare system calls."""

import contextlib
import ctypes
import os
import resource
from pathlib import Path

__all__ = ["SCRATCH", "become_nobody", "can_nest", "cover", "enter", "fork_notebook", "prctl"]

SCRATCH = Path("/scratch")

PR_SET_DUMPABLE, PR_SET_SECCOMP, PR_CAPBSET_DROP = 4, 22, 24
PR_SET_CHILD_SUBREAPER, PR_SET_NO_NEW_PRIVS = 36, 38
SECCOMP_MODE_FILTER = 2
NEW_USER, NEW_PID, NEW_MOUNT, NEW_IPC = 0x10000000, 0x20000000, 0x00020000, 0x08000000
MS_RDONLY, MS_NOSUID, MS_NODEV, MS_NOEXEC, MS_BIND, MS_REC, MS_PRIVATE = 1, 2, 4, 8, 4096, 16384, 1 << 18
LAST_CAPABILITY = 40
CAPABILITY_VERSION_3 = 0x20080522

_libc = ctypes.CDLL(None, use_errno=True)


class _Filter(ctypes.Structure):
    """struct sock_fprog of linux/filter.h."""

    _fields_ = (("length", ctypes.c_ushort), ("program", ctypes.c_char_p))


def _checked(result, what):
    if result != 0:
        number = ctypes.get_errno()
        raise OSError(number, f"{what}: {os.strerror(number)}")


def prctl(option, argument):
    """Set an attribute of this process, as prctl(2)."""
    _checked(_libc.prctl(option, ctypes.c_ulong(argument), 0, 0, 0), f"prctl {option}")


def become_nobody(uid):
    """Give up root for good; stay readable for ourselves, which writing our own uid_map needs."""
    if uid is not None:
        os.setgroups([])
        os.setresgid(uid, uid, uid)
        os.setresuid(uid, uid, uid)
    prctl(PR_SET_DUMPABLE, 1)
    prctl(PR_SET_NO_NEW_PRIVS, 1)


def fork_notebook(run, *, nested):
    """Fork a process that calls `run()` and ends; return its id.

    With `nested`, it is process 1 of namespaces of its own, so that its end ends every process it started. The fork in
    the middle makes the namespaces and ends; this process must be a subreaper to inherit the notebook.
    """
    if not nested:
        pid = os.fork()
        if pid == 0:
            _run_and_end(run)
        return pid
    reader, writer = os.pipe()
    middle = os.fork()
    if middle == 0:
        _make_namespaces_and_end(run, reader, writer)
    os.close(writer)
    os.waitpid(middle, 0)
    told = os.read(reader, 32)
    os.close(reader)
    if not told:
        raise OSError("the namespaces of a notebook could not be made")
    return int(told)


def _make_namespaces_and_end(run, reader, writer):
    try:
        os.close(reader)
        uid, gid = os.getuid(), os.getgid()
        _checked(_libc.unshare(NEW_USER | NEW_PID | NEW_MOUNT | NEW_IPC), "unshare")
        Path("/proc/self/setgroups").write_text("deny")
        Path("/proc/self/uid_map").write_text(f"{uid} {uid} 1")
        Path("/proc/self/gid_map").write_text(f"{gid} {gid} 1")
        pid = os.fork()
        if pid == 0:
            os.close(writer)
            _run_and_end(run)
        os.write(writer, str(pid).encode())
    except OSError as error:
        os.write(2, f"{error}\n".encode())
    finally:
        os._exit(0)


def _run_and_end(run):
    try:
        run()
    except BaseException as error:  # whatever the notebook did to this process, it must not return into the server
        os.write(2, f"{type(error).__name__}: {error}\n"[:2000].encode("utf-8", "replace"))
    finally:
        os._exit(0)


def can_nest():
    """Whether a notebook can have namespaces, a scratch folder and a /proc of its own here."""
    reader, writer = os.pipe()

    def attempt():
        _mount_own_folders(1 << 20)
        os.write(writer, b"y")

    try:
        os.waitpid(fork_notebook(attempt, nested=True), 0)
    except OSError as error:
        os.write(2, f"{error}\n".encode())
    os.close(writer)
    answer = os.read(reader, 1)
    os.close(reader)
    return answer == b"y"


def enter(limits, syscall_filter, *, nested, keep):
    """Close the door behind this process: called in the notebook's process, before any of its code.

    Parameters
    ----------
    limits : mapping
        `memory`, `scratch` and `file` in bytes, `processes`, `files`, `notebook` in seconds.
    syscall_filter : bytes
        A BPF program; empty where the trusted side has none for this machine.
    keep : int
        The only descriptor that stays open, besides 0, 1 and 2, which lead nowhere.
    """
    if nested:
        _mount_own_folders(limits["scratch"])
        _drop_capabilities()
    for folder in ("home", "work", "runtime", "matplotlib"):
        (SCRATCH / folder).mkdir(exist_ok=True)
    os.chdir(SCRATCH / "work")
    _close_all_but(keep)
    _set_limits(limits)
    if syscall_filter:
        _load(syscall_filter)


def cover(folder):
    """Put an empty folder over another one, in the notebook's own namespace and before it gives up its rights."""
    _mount(None, "/", None, MS_REC | MS_PRIVATE)
    _mount("none", folder, "tmpfs", MS_RDONLY | MS_NOSUID | MS_NODEV, "size=4k,mode=0755")


def _mount_own_folders(size):
    _mount(None, "/", None, MS_REC | MS_PRIVATE)
    _mount("scratch", str(SCRATCH), "tmpfs", MS_NOSUID | MS_NODEV, f"size={size},nr_inodes=8192,mode=0700")
    with contextlib.suppress(PermissionError):
        # bubblewrap started by root covers parts of /proc, and the kernel then refuses a fresh one; the worker's own
        # stays in view: it names the server, which lives in another user namespace and cannot be touched from here
        _mount("proc", "/proc", "proc", MS_NOSUID | MS_NODEV | MS_NOEXEC)
    shared = SCRATCH / ".shm"
    shared.mkdir()
    _mount(str(shared), "/dev/shm", None, MS_BIND)


def _mount(source, target, kind, flags, options=None):
    texts = [None if text is None else text.encode() for text in (source, target, kind, options)]
    _checked(_libc.mount(texts[0], texts[1], texts[2], ctypes.c_ulong(flags), texts[3]), f"mount {target}")


def _drop_capabilities():
    """Empty every set: what runs from here on holds no right over its own namespaces either."""
    for number in range(LAST_CAPABILITY + 1):
        prctl(PR_CAPBSET_DROP, number)
    header = (ctypes.c_uint32 * 2)(CAPABILITY_VERSION_3, 0)
    nothing = (ctypes.c_uint32 * 6)()
    _checked(_libc.capset(header, nothing), "capset")


def _close_all_but(keep):
    nowhere = os.open(os.devnull, os.O_RDWR)
    for number in (0, 1, 2):
        os.dup2(nowhere, number)
    os.closerange(3, keep)
    os.closerange(keep + 1, 4096)


def _set_limits(limits):
    values = {
        resource.RLIMIT_AS: limits["memory"],
        resource.RLIMIT_NPROC: limits["processes"],
        resource.RLIMIT_NOFILE: limits["files"],
        resource.RLIMIT_FSIZE: limits["scratch"],
        resource.RLIMIT_CPU: limits["notebook"] + 10,
        resource.RLIMIT_CORE: 0,
        resource.RLIMIT_MEMLOCK: 0,
        resource.RLIMIT_MSGQUEUE: 0,
    }
    for which, value in values.items():
        resource.setrlimit(which, (value, value))


def _load(program):
    prog = _Filter(len(program) // 8, program)
    _checked(_libc.prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, ctypes.byref(prog), 0, 0), "seccomp")
