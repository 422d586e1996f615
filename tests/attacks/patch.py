# ruff: noqa: E501  code of a hostile participant, kept on its lines
"""Patch what grading is believed to use: check, builtins, json, IPython, the package, the kernel."""

from attacks import attack


@attack()
def builtins(work):
    """Plain nbgrader, measured in kind: tests run in the participant's kernel, so that patched builtins pass them."""
    work.answer(
        "import builtins\nbuiltins.round = builtins.abs = builtins.sum = lambda *a, **k: 0\n"
        "builtins.isinstance = lambda *a: True\nbuiltins.AssertionError = type('Quiet', (Exception,), {})"
    )


@attack()
def equal_to_everything(work):
    """Plain nbgrader: `assert answer == 3` passes for an object that equals everything."""
    work.answer(
        "class Any(int):\n    __hash__ = int.__hash__\n    def __eq__(self, other): return True\n"
        "    def __ne__(self, other): return False\n"
        "answer_2_1b = Any(1)\nanswer_2_1b = ..."
    )


@attack()
def json_and_canonical(work):
    """The package's own reading of answers, replaced in the participant's process; plain nbgrader has none outside."""
    work.answer(
        "import json\njson.dumps = lambda *a, **k: '{\"right\": true}'\n"
        "import cointrail.exercises.checking as c\nc.canonical = lambda form, answer: '1'\n"
        "c.compare = lambda *a, **k: type('All', (), {'exact': True, 'mistakes': (), 'right': 9, 'wrong': 0, 'n': 9})()"
    )


@attack()
def the_display_hook(work):
    """Plain nbgrader, measured: a patched displayhook prints a result for every test cell."""
    work.answer(
        "import sys\nip = get_ipython()\n"
        "ip.events.register('post_run_cell', lambda result: ip.displayhook(9.0))\n"
        "sys.displayhook = lambda value: print('9.0')"
    )


@attack()
def cells_rewritten_before_they_run(work):
    """An input transformer makes every later cell `9.0`; plain nbgrader, in kind measured: full points."""
    work.answer("get_ipython().input_transformers_post.append(lambda lines: ['9.0\\n'])")


@attack(says="KernelDied")
def the_shell_itself(work):
    """run_cell replaced by an exit; plain nbgrader: the kernel dies, and the hand-in is left ungraded (measured)."""
    work.answer("type(get_ipython()).run_cell = lambda *a, **k: __import__('os')._exit(1)")


@attack()
def traceback_that_hides(work):
    """Errors swallowed by a custom handler: plain nbgrader then sees a test cell without outputs, full points."""
    work.answer("get_ipython().set_custom_exc((BaseException,), lambda *a, **k: None)\ncheck = None")


@attack()
def garbage_collector_hunt(work):
    """A search of everything in memory for an answer; plain nbgrader, measured: hidden tests are read from the stack."""
    work.answer(
        "import gc\nfound = [o for o in gc.get_objects() if isinstance(o, dict) and ('locked' in o or 'plain' in o)]\n"
        "keys = [o['answer'] for o in gc.get_objects() if isinstance(o, dict) and isinstance(o.get('form'), dict) and 'answer' in o]\n"
        "answer_2_1b = keys[0] if keys else ..."
    )


@attack()
def the_simulator(work):
    """The public seed and the simulator would give every truth of a bundled world; the sandbox has no simulator."""
    work.answer("from cointrail.world import make_world\nanswer_2_1b = make_world('primer')")
