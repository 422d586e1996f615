"""What a person waits for: the import, a world's tables, the first clustering and taint; and tables of a million.

Each is timed in a fresh Python, as a notebook's kernel is, with byte code and compiled kernels on disk. The figures are
wall time, the quickest of several; those that end in "_cpu" are the CPU time of the same runs, which neighbours on the
machine disturb less.
"""

import os
import subprocess
import sys
import tempfile
from time import process_time

from cointrail.cli.bench import Figure
from cointrail.cli.bench_ledgers import random_ledger
from cointrail.errors import CointrailError
from cointrail.grading.stopwatch import best_of
from cointrail.ledger import read_ledger, worlds
from cointrail.tracing.arrays import ledger_arrays

__all__ = ["large_tables", "waits"]

MILLION, RUNS = 1_000_000, 6
_TIMED = """
import time
{before}
wall, cpu = time.perf_counter(), time.process_time()
{code}
print(time.perf_counter() - wall, time.process_time() - cpu, {memory})
"""
# The most memory that the process ever held, in megabytes; Linux counts kilobytes, macOS bytes.
_MEMORY = (
    "__import__('resource').getrusage(__import__('resource').RUSAGE_SELF).ru_maxrss "
    "/ (1_000_000 if __import__('sys').platform == 'darwin' else 1_000)"
)
_LOAD = "from cointrail.ledger import load_ledger; ledger = load_ledger({world!r})"
_FIRST = (
    "import cointrail.tracing as t; t.common_input_ownership(ledger); "
    "t.compare_taint(ledger, [ledger.transactions['hash'].iloc[0] + ':0'])"
)


def waits(note):
    """Yield the figures of a fresh Python: seconds, and megabytes where the design names a limit."""
    yield from _figures("import_cointrail", "import cointrail", 1, note)
    for world in worlds():
        load = _LOAD.format(world=world)
        most = 500 if world == "glass_harbour" else None
        yield from _figures(f"load_{world}", load, 2, note, megabytes=most)
        yield from _figures(f"first_clustering_and_taint_{world}", _FIRST, 1, note, before=load)


def _figures(name, code, limit, note, *, before="", megabytes=None):
    note(f"{name} ...")
    memory = _MEMORY if megabytes and sys.platform != "win32" else "0"
    program = _TIMED.format(before=before, code=code, memory=memory)
    _, *runs = [_fresh_python(program) for _ in range(RUNS + 1)]
    for ending, place in (("", 0), ("_cpu", 1)):
        yield name + ending, Figure.seconds(min(run[place] for run in runs), "limit", limit, 1)
    if memory != "0":
        held = round(min(run[2] for run in runs))
        yield f"{name}_memory", Figure(held, "MB", "limit", megabytes, round(megabytes / held, 2), 1)


def _fresh_python(program):
    # Byte code is written, as `start.py` does at the setup, whatever this shell says
    shell = {name: text for name, text in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    ran = subprocess.run([sys.executable, "-c", program], env=shell, capture_output=True, text=True)
    if ran.returncode:
        raise CointrailError(f"A fresh Python could not run it: {ran.stderr.strip().splitlines()[-1]}")
    return [float(number) for number in ran.stdout.split()[-3:]]


def large_tables(note):
    """Yield the seconds that tables of a million transactions take: reading them, and the integer view."""
    note("tables of 1e6 transactions ...")
    with tempfile.TemporaryDirectory() as folder:
        random_ledger(MILLION).write(folder)
        seconds, (ledger, cpu) = best_of(2, lambda: _with_cpu(lambda: read_ledger(folder)))
    yield "load_ledger_1e6", Figure.seconds(seconds, "limit", 10, MILLION)
    yield "load_ledger_1e6_cpu", Figure.seconds(cpu, "limit", 10, MILLION)
    seconds, (_, cpu) = best_of(1, lambda: _with_cpu(lambda: ledger_arrays(ledger)))
    yield "integer_view_1e6", Figure.seconds(seconds, "limit", 5, MILLION)
    yield "integer_view_1e6_cpu", Figure.seconds(cpu, "limit", 5, MILLION)


def _with_cpu(work):
    """The result, and the CPU seconds of all threads that it took."""
    start = process_time()
    result = work()
    return result, process_time() - start
