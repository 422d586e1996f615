"""How much time, memory and room a notebook may take while it is graded."""

from dataclasses import dataclass

__all__ = ["Limits"]

MB = 1 << 20


@dataclass(frozen=True)
class Limits:
    """Limits of one notebook, all of them of that notebook alone.

    Attributes
    ----------
    cell, notebook : int
        Seconds of wall time.
    memory : int
        Bytes that its processes may hold together, and that each may map.
    processes, files : int
        Processes and threads; open files of each process.
    scratch : int
        Bytes of its folder, which lies in memory, and of the largest file. Bitcoin Core's kernel, which lesson 5.1
        asks, starts only where 50 MB stay free beside its block file.
    cell_output, output : int
        Characters that the outputs of one cell may have, and bytes of all outputs together.
    """

    cell: int = 30
    notebook: int = 120
    memory: int = 2048 * MB
    processes: int = 64
    files: int = 256
    scratch: int = 128 * MB
    cell_output: int = 2 * MB
    output: int = 24 * MB
