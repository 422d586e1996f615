"""Compiled kernels: made once, and borrowed where the sources may not be written, as in the grader's sandbox."""

import os
import subprocess
import sys

from cointrail.tracing.warm import KERNELS, compile_kernels, kernels_are_compiled, warm_kernels


def test_after_warming_all_kernels_are_compiled_and_nothing_more_is_said():
    warm_kernels()
    said = []
    compile_kernels(said.append)
    assert kernels_are_compiled() and said == []


def test_another_place_borrows_what_was_compiled_here_and_compiles_nothing(tmp_path):
    """numba is told to look elsewhere, as it does by itself where it may not write beside the sources."""
    warm_kernels()
    code = (
        "from cointrail.tracing.warm import KERNELS, warm_kernels; warm_kernels(); "
        "print(sum(map(len, [k.stats.cache_misses for k in KERNELS])), sum(bool(k.stats.cache_hits) for k in KERNELS))"
    )
    elsewhere = {**os.environ, "NUMBA_CACHE_DIR": str(tmp_path)}
    ran = subprocess.run([sys.executable, "-c", code], env=elsewhere, capture_output=True, text=True, check=True)
    assert ran.stdout.split() == ["0", str(len(KERNELS))]
