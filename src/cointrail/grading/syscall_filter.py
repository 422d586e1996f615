"""System calls that no lesson needs and that would widen the sandbox, as a classic BPF program for seccomp.

Refused are: memory that no limit counts (memfd, System V), new namespaces and mounts, other processes' memory, other
cores than those given, kernel interfaces with a long record of faults (io_uring, bpf, keyrings), and sockets of kinds
that no namespace holds back (vsock reaches the machine around a virtual one). Numbers from the Linux headers.
"""

import errno
import platform
import struct

__all__ = ["syscall_filter"]

_X86_64 = {
    "ptrace": 101, "process_vm_readv": 310, "process_vm_writev": 311, "pidfd_getfd": 438,
    "mount": 165, "umount2": 166, "pivot_root": 155, "chroot": 161, "unshare": 272, "setns": 308,
    "name_to_handle_at": 303, "open_by_handle_at": 304,
    "memfd_create": 319, "shmget": 29, "shmat": 30, "shmctl": 31, "msgget": 68, "semget": 64,
    "userfaultfd": 323, "bpf": 321, "perf_event_open": 298, "vmsplice": 278,
    "add_key": 248, "request_key": 249, "keyctl": 250,
    "kexec_load": 246, "kexec_file_load": 320, "init_module": 175, "finit_module": 313, "delete_module": 176,
    "sched_setaffinity": 203, "fanotify_init": 300, "modify_ldt": 154,
    "quotactl": 179, "acct": 163, "swapon": 167, "swapoff": 168, "reboot": 169, "syslog": 103,
}  # fmt: skip
_AARCH64 = {
    "ptrace": 117, "process_vm_readv": 270, "process_vm_writev": 271, "pidfd_getfd": 438,
    "mount": 40, "umount2": 39, "pivot_root": 41, "chroot": 51, "unshare": 97, "setns": 268,
    "name_to_handle_at": 264, "open_by_handle_at": 265,
    "memfd_create": 279, "shmget": 194, "shmat": 196, "shmctl": 195, "msgget": 186, "semget": 190,
    "userfaultfd": 282, "bpf": 280, "perf_event_open": 241, "vmsplice": 75,
    "add_key": 217, "request_key": 218, "keyctl": 219,
    "kexec_load": 104, "kexec_file_load": 294, "init_module": 105, "finit_module": 273, "delete_module": 106,
    "sched_setaffinity": 122, "fanotify_init": 262,
    "quotactl": 60, "acct": 89, "swapon": 224, "swapoff": 225, "reboot": 142, "syslog": 116,
}  # fmt: skip
# the same numbers on every machine, being younger than the common table: io_uring, the new mount calls, memfd_secret
_EVERYWHERE = (425, 426, 427, 428, 429, 430, 431, 432, 433, 442, 443, 447)
# audit name, clone, socket, table
_MACHINES = {"x86_64": (0xC000003E, 56, 41, _X86_64), "aarch64": (0xC00000B7, 220, 198, _AARCH64)}
_SOCKETS = (1, 2, 10, 16)  # unix, IPv4, IPv6, netlink: the sandbox has its own of each
_CLONE3 = 435
_NEW_NAMESPACES = 0x7E020000  # every CLONE_NEW... flag of clone
_X32 = 0x40000000

_LOAD, _EQUAL, _AT_LEAST, _ANY_BIT, _RETURN = 0x20, 0x15, 0x35, 0x45, 0x06
_NUMBER, _ARCH, _FIRST_ARGUMENT = 0, 4, 16
_ALLOW = 0x7FFF0000


def syscall_filter(machine=None):
    """The program for a machine (default: this one); empty where the numbers are not known here.

    Examples
    --------
    >>> len(syscall_filter("x86_64")) % 8
    0
    >>> syscall_filter("pdp11")
    b''
    """
    machine = machine or platform.machine()
    if machine not in _MACHINES:
        return b""
    audit, clone, socket, table = _MACHINES[machine]
    refused = sorted({*table.values(), *_EVERYWHERE})
    steps = [(_LOAD, 0, 0, _ARCH), (_EQUAL, 1, 0, audit), _refuse(errno.EPERM), (_LOAD, 0, 0, _NUMBER)]
    steps += [(_AT_LEAST, 0, 1, _X32), _refuse(errno.EPERM)] if machine == "x86_64" else []
    for number in refused:
        steps += [(_EQUAL, 0, 1, number), _refuse(errno.EPERM)]
    # clone3 hides its flags in memory; told it does not exist, the C library takes clone
    steps += [(_EQUAL, 0, 1, _CLONE3), _refuse(errno.ENOSYS)]
    steps += [(_EQUAL, 0, len(_SOCKETS) + 3, socket), (_LOAD, 0, 0, _FIRST_ARGUMENT)]
    steps += [(_EQUAL, len(_SOCKETS) - place, 0, kind) for place, kind in enumerate(_SOCKETS)]
    steps += [_refuse(errno.EAFNOSUPPORT), (_RETURN, 0, 0, _ALLOW)]
    steps += [(_EQUAL, 0, 3, clone), (_LOAD, 0, 0, _FIRST_ARGUMENT), (_ANY_BIT, 0, 1, _NEW_NAMESPACES)]
    steps += [_refuse(errno.EPERM), (_RETURN, 0, 0, _ALLOW)]
    return b"".join(struct.pack("HBBI", *step) for step in steps)


def _refuse(error):
    return (_RETURN, 0, 0, 0x00050000 | error)
