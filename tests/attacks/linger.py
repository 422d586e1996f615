# ruff: noqa: E501  code of a hostile participant, kept on its lines
"""Act at another time: at exit, in destructors, signals, threads and loaders; hide in what is read later."""

import json
import os
import zipfile

import nbformat

from attacks import attack, cell_of


@attack()
def at_exit(work):
    """Code for the end of Python: plain nbgrader runs it as the instructor when the kernel stops."""
    work.answer(
        f"import atexit, os\natexit.register(lambda: open({str(work.canary)!r}, 'w').write('taken'))\n"
        "os.register_at_fork(after_in_parent=lambda: os._exit(0), after_in_child=lambda: os._exit(0))"
    )


@attack()
def a_destructor(work):
    """__del__ runs while the next cell's outputs are counted."""
    work.answer(
        "class Late:\n    def __del__(self):\n        print(9.0)\n        raise RuntimeError('late')\nkeep = [Late() for _ in range(100)]\nkeep[0].me = keep\ndel keep"
    )


@attack(says="Not answered|No answer|TimeOut|KernelDied")
def signals_to_itself(work):
    """Every signal handled, then raised: alarms belong to the grader."""
    work.answer(
        "import os, signal\nfor number in range(1, 32):\n    try:\n        signal.signal(number, signal.SIG_IGN)\n    except OSError:\n        pass\n"
        "signal.signal = lambda *a: None\nsignal.setitimer = lambda *a: None\nos.kill(os.getpid(), signal.SIGTERM)"
    )


@attack(says="ran longer than|TimeOut")
def an_alarm_that_never_rings(work):
    """The alarm put off for ever in a loop that never ends."""
    work.answer("import signal\nwhile True:\n    signal.setitimer(signal.ITIMER_REAL, 3600)")


@attack()
def a_library_before_all_others(work):
    """LD_PRELOAD, PYTHONPATH, PYTHONSTARTUP and usercustomize, for whatever starts next."""
    work.answer(
        "import os, pathlib, subprocess, sys\n"
        "os.environ.update(LD_PRELOAD='/tmp/evil.so', PYTHONPATH='/tmp', PYTHONSTARTUP='/tmp/evil.py', BASH_ENV='/tmp/evil.sh')\n"
        "pathlib.Path('/tmp/sitecustomize.py').write_text('raise SystemExit')\npathlib.Path('/tmp/json.py').write_text('raise SystemExit')\n"
        "sys.path.insert(0, '/tmp')\nsubprocess.run([sys.executable, '-c', '1'], capture_output=True)"
    )


@attack()
def modules_replaced(work):
    """sys.modules full of mocks: everything imported from now on is the participant's."""
    work.answer(
        "import sys, unittest.mock as m\nfor name in ('json', 'cointrail', 'pandas', 'IPython.display', 'signal', 'time'):\n    sys.modules[name] = m.MagicMock()\n"
        "check = lambda *a: 9.0"
    )


@attack(says="Not answered|No answer")
def a_trace_function(work):
    """sys.settrace and sys.setprofile see and change every frame of the grader's half that runs here."""
    work.answer(
        "import sys, threading\n"
        "def trace(frame, event, arg):\n    for name in ('answer', 'value', 'share', 'right'):\n        frame.f_locals[name] = 1\n    return trace\n"
        "sys.settrace(trace)\nthreading.settrace(trace)\nsys.settrace(None)"
    )


@attack()
def a_pickle_that_runs(work):
    """A pickle with code in it, as answer and as file: nothing of a hand-in is ever unpickled."""
    work.answer(
        "import os, pickle\nclass Evil:\n    def __reduce__(self):\n        return os.system, ('touch /tmp/taken',)\n"
        "open('cache.pkl', 'wb').write(pickle.dumps(Evil()))\nanswer_2_1b = ..."
    )
    (work.folder / "cache.pkl").write_bytes(b"cos\nsystem\n(S'echo taken'\ntR.")


@attack(says="could not be read")
def an_object_that_lies(work):
    """An answer whose methods lie about what it is: repr, hash, iteration, tolist."""
    work.answer(
        "class Liar:\n    def __repr__(self): return '1'\n    def __index__(self): return 1\n    def tolist(self): return {'v': 1, 'right': True}\n"
        "    def __getattr__(self, name): return lambda *a, **k: self\nanswer_2_1b = Liar()"
    )


@attack(says="No answer was recorded|could not be read|Not answered")
def an_object_whose_repr_never_ends(work):
    """repr() loops: whoever prints an answer waits."""
    work.answer(
        "class Slow:\n    def __repr__(self):\n        while True: pass\n    __str__ = __repr__\nanswer_2_1b = Slow()"
    )


@attack(says="No answer was recorded|could not be read")
def a_recursive_answer(work):
    """A list that holds itself: RecursionError in readers and writers."""
    work.answer("answer_2_1b = []\nanswer_2_1b.append(answer_2_1b)")


@attack()
def proc_is_searched(work):
    """/proc: environments, open files, memory maps and roots of other processes."""
    work.answer(
        "import glob, os\nfor path in [p for kind in ('root', 'fd', 'cwd') for p in glob.glob(f'/proc/[0-9]*/{kind}/*')]:\n"
        "    try:\n        name = os.readlink(path) if os.path.islink(path) else path\n        if 'gradebook' in name or 'truth' in name or 'canary' in name:\n            print('OPENED', name)\n    except OSError:\n        pass"
    )


@attack()
def kernel_settings(work):
    """/proc/sys, /sys, the system log, loop devices and raw sockets."""
    work.answer(
        "import socket\nfor path in ('/proc/sys/kernel/core_pattern', '/proc/sysrq-trigger', '/sys/power/state', '/dev/mem', '/dev/kmsg', '/dev/loop-control'):\n"
        "    try:\n        open(path, 'r+b').close()\n        print('OPENED', path)\n    except OSError:\n        pass\n"
        "try:\n    socket.socket(socket.AF_INET, socket.SOCK_RAW, 1)\n    print('OPENED raw')\nexcept OSError:\n    pass"
    )


@attack()
def links_to_everywhere(work):
    """Links, hard links and pipes made in the scratch folder, for whoever copies it."""
    work.answer(
        "import os\n"
        f"for n, target in enumerate(('/', '/etc/passwd', {str(work.canary)!r}, '/proc/self/mem', '/data')):\n    os.symlink(target, f'link{{n}}')\n"
        "os.mkfifo('pipe')\n"
        "try:\n    os.link('/data/primer/manifest.json', 'hard')\n    print('OPENED hard link')\nexcept OSError:\n    pass"
    )


@attack()
def the_name_of_the_process(work):
    """argv[0], title and working folder changed; a folder with a new line in its name."""
    work.answer(
        "import os, sys\nsys.argv[0] = '../../x'\nos.mkdir('a\\nb')\nos.chdir('a\\nb')\nos.makedirs('/tmp/work/../../x', exist_ok=True) if os.access('/', os.W_OK) else None"
    )


@attack()
def a_text_that_speaks_to_the_terminal(work):
    """Escape sequences where the instructor's terminal prints: kernel names and file names; plain nbgrader logs them raw."""
    spec = {"name": "python3", "display_name": "x", "language": "\x1b]0;taken\x07\x1b[2J\x1b[31mpython"}
    work.edit(lambda notebook: notebook.metadata.update(kernelspec=spec))
    (work.folder / "\x1b[2Jtaken.txt").write_text("x")


@attack(says="was not used")
def a_bomb_beside_the_notebook(work):
    """A zip bomb, a YAML bomb and an XML bomb beside the notebook: nothing but notebooks is opened."""
    with zipfile.ZipFile(work.folder / "more.zip", "w", zipfile.ZIP_DEFLATED) as packed:
        packed.writestr("01.ipynb", b"0" * (50 << 20))
    (work.folder / "pack.yaml").write_text("a: &a [x,x]\nb: &b [*a,*a]\nc: &c [*b,*b]\n")
    (work.folder / "pack.svg").write_text('<!DOCTYPE x [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;">]><svg>&b;</svg>')


@attack()
def numbers_that_no_machine_holds(work):
    """Execution counts, format versions and ids as huge, negative and fractional numbers."""
    notebook = json.loads(work.file.read_text(encoding="utf-8"))
    notebook["nbformat_minor"] = 10**300
    for number, cell in enumerate(notebook["cells"]):
        cell["execution_count"] = [-1, 1e308, 10**400, None][number % 4]
        cell["id"] = [7, "x" * 10_000, "", None][number % 4]
    work.file.write_text(json.dumps(notebook), encoding="utf-8")


@attack()
def deep_metadata(work):
    """Metadata a thousand mappings deep, in every cell: RecursionError in whoever copies it."""
    deep = '{"a":' * 900 + "1" + "}" * 900
    notebook = json.loads(work.file.read_text(encoding="utf-8"))
    for cell in notebook["cells"][:3]:
        cell["metadata"]["deep"] = "DEEP"
    work.file.write_text(json.dumps(notebook).replace('"DEEP"', deep), encoding="utf-8")


@attack(says="was missing|another kind of cell|was changed")
def cells_of_invented_kinds(work):
    """cell_type "javascript", attachments, and collapsed cells that hide what they hold."""

    def change(notebook):
        for cell in notebook.cells:
            cell["cell_type"] = "javascript"
            cell["attachments"] = {"x.png": {"image/svg+xml": "<svg onload=alert(1)>"}}

    notebook = json.loads(work.file.read_text(encoding="utf-8"))
    for cell in notebook["cells"]:
        cell.update(cell_type="javascript", attachments={"x.png": {"image/svg+xml": "<svg onload=alert(1)>"}})
    work.file.write_text(json.dumps(notebook), encoding="utf-8")


@attack()
def names_in_other_alphabets(work):
    """Grade ids with lookalike letters, so that a locked cell is taken for one's own and runs twice."""

    def change(notebook):
        own = nbformat.v4.new_code_cell("9.0")
        own.metadata["nbgrader"] = {**cell_of(notebook, "q2_1b").metadata.nbgrader, "grade_id": "q２_1b"}
        notebook.cells.append(own)

    work.edit(change)


@attack(says="was not handed in under this name")
def a_folder_with_the_name_of_a_notebook(work):
    """open() refuses a folder in its own words, an error that no reader of notebooks expects."""
    work.file.rename(work.folder / "kept.ipynb")
    os.mkdir(work.folder / "00_folder.ipynb")


@attack()
def many_threads_that_print(work):
    """Fifty threads that print for ever: outputs of one cell and of the next are mixed, and bounded."""
    work.answer(
        "import threading\ndef talk():\n    while True:\n        print('x' * 1000)\n"
        "for _ in range(50):\n    try:\n        threading.Thread(target=talk, daemon=True).start()\n    except RuntimeError:\n        break"
    )


@attack()
def standard_streams_closed(work):
    """File descriptors 0 to 50 closed, among them the grader's own channel."""
    work.answer(
        "import os\nfor number in range(50):\n    try:\n        os.close(number)\n    except OSError:\n        pass"
    )


@attack()
def tasks_that_wait_for_the_next_cell(work):
    """Coroutines and callbacks left in the loop, and hooks of IPython that run around every later cell."""
    work.answer(
        "import asyncio\nfrom IPython.display import display\n"
        "async def later():\n    while True:\n        display({'text/plain': '9.0'}, raw=True)\n        await asyncio.sleep(0)\n"
        "asyncio.ensure_future(later())\nasyncio.get_event_loop().call_later(0.01, lambda: print(9.0))\n"
        "ip = get_ipython()\nfor event in ('pre_run_cell', 'post_run_cell', 'pre_execute', 'post_execute'):\n"
        "    ip.events.register(event, lambda *a: display({'text/plain': '9.0'}, raw=True))\n"
        "ip.input_transformers_cleanup.append(lambda lines: ['9.0\\n'])\nip.set_custom_exc((Exception,), lambda *a, **k: 9.0)"
    )


@attack(says="Not answered|TimeOut")
def words_of_the_last_notebook(work):
    """The server's memory, which every notebook of it begins with: what came in for the one before may still stand there."""
    work.answer(
        "import re\nfor line in open('/proc/self/maps'):\n    low, high = (int(n, 16) for n in line.split()[0].split('-'))\n"
        "    if ' rw' not in line:\n        continue\n"
        "    try:\n        with open('/proc/self/mem', 'rb') as memory:\n            memory.seek(low)\n            text = memory.read(high - low)\n"
        "    except OSError:\n        continue\n"
        "    for found in re.findall(rb'answer_2_1[b] [=] [^. ].{1,60}', text)[:3]:\n        print('OPENED ' + found.hex())"
    )


@attack(says="KernelDied")
def a_stack_without_an_end(work):
    """The recursion limit lifted, then lists in lists for a writer in C: plain nbgrader: the kernel dies, no feedback."""
    work.answer(
        "import json, sys\nsys.setrecursionlimit(10**9)\ndeep = []\nfor _ in range(10**6):\n    deep = [deep]\njson.dumps(deep)"
    )


@attack(says="No answer was recorded")
def limits_set_to_nothing(work):
    """Every limit of the process set to zero: nothing can be opened, written or started by what comes after."""
    work.answer(
        "import resource\nfor which in range(16):\n    try:\n        resource.setrlimit(which, (0, 0))\n    except (OSError, ValueError):\n        pass"
    )


@attack(says="No answer was recorded")
def a_device_in_place_of_the_forms(work):
    """What `check` reads next is /dev/zero, which has no end."""
    work.answer(
        "import os, shutil\nplace = os.environ['COINTRAIL_KEYS']\nshutil.rmtree(place)\nos.symlink('/dev/zero', place)\nos.environ['COINTRAIL_DATA'] = '/dev/fd'"
    )


@attack(says="No answer was recorded|Not answered")
def templates_in_an_error(work):
    """Words that a template engine would compute, on their way to the page; they stand there as they are."""
    work.answer(
        "def fail(*a, **k):\n    raise ValueError('{{ 7 * 7 }} {% include \"/etc/passwd\" %} ${7*7} #{7*7}')\ncheck = fail"
    )


@attack()
def a_million_colours(work):
    """Escapes without number: nbconvert, measured, copies the rest of the text at each; the formgrader's page never comes."""
    work.answer("print('\\x1b[' * 700_000)\n")
