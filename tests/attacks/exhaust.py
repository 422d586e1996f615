# ruff: noqa: E501  code of a hostile participant, kept on its lines
"""Hang, exit, and exhaust time, memory, disk, processes, output."""

from attacks import attack


@attack(says="TimeOut")
def endless_loop(work):
    """Plain nbgrader: after its time-out the rest is not run, and the feedback does not say which cell (#427, #1033)."""
    work.answer("while True:\n    pass")


@attack(says="ran longer than")
def endless_loop_that_catches_everything(work):
    """Plain nbgrader interrupts once, which `except` swallows; the kernel is then killed, all cells after it lost."""
    work.answer("while True:\n    try:\n        while True: pass\n    except BaseException:\n        pass")


@attack(says="ran longer than")
def endless_wait_in_c(work):
    """A wait that no signal of Python ends, with every alarm switched off."""
    work.answer(
        "import ctypes, signal\nsignal.setitimer(signal.ITIMER_REAL, 0)\nsignal.signal(signal.SIGALRM, signal.SIG_IGN)\n"
        "ctypes.CDLL(None).sleep(3600)"
    )


@attack(says="KernelDied")
def hard_exit(work):
    """Plain nbgrader, measured: 17 of 42 hand-ins ended without any feedback, among them all that end the kernel."""
    work.answer("import os\nos._exit(3)")


@attack(says="KernelDied")
def segmentation_fault(work):
    """Plain nbgrader: as a hard exit."""
    work.answer("import ctypes\nctypes.string_at(0)")


@attack(says="SystemExit")
def soft_exit(work):
    """sys.exit in an answer: plain nbgrader shows an error in that cell and goes on."""
    work.answer("import sys\nsys.exit('enough')\n", question="2.1b")
    work.answer("raise SystemExit\n", question="2.1c")


@attack(says="MemoryError")
def much_memory(work):
    """Plain nbgrader: the machine's memory is the limit; the system then kills something."""
    work.answer("answer_2_1b = [bytearray(1 << 30) for _ in range(64)]\n1/0")
    work.answer("check = None")
    work.answer("blocks = [bytearray(1 << 30) for _ in range(64)]")


@attack()
def memory_of_many_processes(work):
    """Twenty processes of 600 MB each, every one below its own limit: only their sum is too much."""
    work.answer(
        "import os, time\n"
        "for _ in range(20):\n    if os.fork() == 0:\n        keep = bytearray(os.urandom(1 << 20)) * 600\n        time.sleep(60)\n        os._exit(0)\n"
        "time.sleep(60)"
    )


@attack(says="Error")
def full_disk(work):
    """Plain nbgrader: the instructor's disk fills up."""
    work.answer("for n in range(10**6):\n    open(f'/tmp/{n}', 'wb').write(bytes(1 << 20))\n")


@attack()
def a_million_empty_files(work):
    """No bytes, but every inode: the scratch folder counts both."""
    work.answer(
        "for n in range(10**6):\n    try:\n        open(f'/tmp/{n}', 'x').close()\n    except OSError:\n        break\nprint(n)"
    )


@attack()
def shared_memory(work):
    """/dev/shm, memfd and System V segments: memory that is in no process."""
    work.answer(
        "import ctypes, os\nlibc = ctypes.CDLL(None)\n"
        "try:\n    open('/dev/shm/x', 'wb').write(bytes(200 << 20))\n    print('SHM TAKEN')\nexcept (OSError, MemoryError):\n    pass\n"
        "try:\n    os.memfd_create('x')\n    print('MEMFD TAKEN')\nexcept OSError:\n    pass\n"
        "if libc.shmget(0, 1 << 30, 0o1600) != -1:\n    print('SEGMENT TAKEN')"
    )


@attack()
def fork_bomb(work):
    """Plain nbgrader: the machine stands still. (RLIMIT_NPROC alone does not bind root: measured.)"""
    work.answer("import os\nwhile True:\n    try:\n        os.fork()\n    except OSError:\n        break")


@attack()
def thread_bomb(work):
    """Threads count as processes."""
    work.answer(
        "import threading, time\ntry:\n    while True:\n        threading.Thread(target=time.sleep, args=(60,), daemon=True).start()\n"
        "except RuntimeError:\n    pass"
    )


@attack()
def much_text(work):
    """Plain nbgrader keeps it all in memory and in the notebook, and cuts it only afterwards."""
    work.answer("for _ in range(400):\n    print('x' * 1_000_000)")


@attack(says="Not answered")
def many_pictures(work):
    """As text, by display_data, which LimitOutput does not count."""
    work.answer(
        "from IPython.display import display\n"
        "for _ in range(100):\n    display({'image/png': 'A' * 1_000_000, 'text/plain': 'x'}, raw=True)"
    )


@attack()
def output_that_no_file_can_hold(work):
    """Half a character (a lone surrogate) in every text: a writer of UTF-8 raises, and the hand-in fails."""
    work.answer(
        "from IPython.display import display\nprint('\\ud800')\n"
        "display({'text/plain': '\\udfff', 'application/json': {'\\ud800': ['\\ud800']}}, raw=True)\n"
        "raise ValueError('\\ud800')"
    )


@attack()
def semaphores(work):
    """System V semaphores: 64 GB of the system's own memory by one call in a loop, and no limit on a process counts it."""
    work.answer(
        "import ctypes\nlibc = ctypes.CDLL(None)\nif libc.semget(0, 32000, 0o600) != -1:\n    print('SEMAPHORES TAKEN')"
    )


@attack(says="Not answered|TimeOut|No answer")
def every_core_for_itself(work):
    """Sixty busy processes, each in a session of its own: the neighbour's notebook, graded beside it, would run out of time."""
    work.answer(
        "import os, time\ntry:\n    os.sched_setaffinity(0, range(64))\n    print('CORES TAKEN')\nexcept OSError:\n    pass\n"
        "for _ in range(60):\n    try:\n        if os.fork() == 0:\n            os.setsid()\n            while True: pass\n    except OSError:\n        break\n"
        "time.sleep(3)"
    )
