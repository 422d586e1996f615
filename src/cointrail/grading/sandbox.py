"""The wall: a bubblewrap command line that shows a process the toolkit, the data without keys, and nothing else.

No network, no other process, a read-only system, the day's hidden inputs, a scratch folder in memory. Limits on a
notebook itself (time, memory, processes, files) are set inside, where they belong to it alone: see `inside.jail`.
"""

import os
import shutil
import sys
from dataclasses import dataclass
from pathlib import Path

import cointrail
from cointrail.errors import CointrailError
from cointrail.ledger import data_folder

__all__ = [
    "HOW_TO_INSTALL",
    "SandboxError",
    "View",
    "sandbox_command",
    "show",
    "spare_uid",
    "system_view",
    "toolkit_view",
    "why_no_bubblewrap",
]

HOW_TO_INSTALL = (
    "On Debian or Ubuntu, also inside WSL2: sudo apt install bubblewrap. On Fedora: sudo dnf install bubblewrap."
)
# what a lesson may import; the rooms of the instructor and the simulator stay outside
_ROOMS = ("__init__.py", "errors.py", "ledger", "tracing", "evidence", "exercises", "board")
_SYSTEM = ("/usr", "/bin", "/sbin", "/lib", "/lib32", "/lib64", "/libx32")
_SETTINGS = ("/etc/ld.so.cache", "/etc/localtime", "/etc/fonts", "/etc/mime.types", "/etc/alternatives")
SCRATCH = "/scratch"
_FIRST_UID, _UIDS = 61200, 4000  # above people and services, below nobody


class SandboxError(CointrailError):
    """Submissions cannot be run safely here."""


@dataclass(frozen=True)
class View:
    """What a worker may see: the data folder, and folders of hidden inputs by question id."""

    data: Path
    hidden: tuple[tuple[str, Path], ...] = ()

    @classmethod
    def of_day(cls, day, hidden):
        """The view for one day: hidden inputs of that day's questions only."""
        folders = sorted(hidden.glob(f"{day}.*")) if hidden is not None and hidden.is_dir() else []
        return cls(data_folder().resolve(), tuple((folder.name, folder.resolve()) for folder in folders))


def why_no_bubblewrap():
    """A sentence that says why there can be no sandbox here; empty when bubblewrap is installed."""
    if not sys.platform.startswith("linux"):
        return "Grading runs on Linux; on Windows, inside WSL2."
    if shutil.which("bwrap") is None:
        return f"bubblewrap, which locks submissions in, is not installed. {HOW_TO_INSTALL}"
    return ""


def spare_uid():
    """A user id that nobody has, other for each process of the grader; None unless started as root.

    Root's own limits on processes do not bind root, so that the worker has to be somebody else.
    """
    return _FIRST_UID + os.getpid() % _UIDS if os.geteuid() == 0 else None


def sandbox_command(view, argv, *, scratch):
    """The command that runs `argv` behind the wall.

    Parameters
    ----------
    view : View
    argv : list of str
    scratch : int
        Bytes of the scratch folder, which lies in memory.
    """
    words = ["bwrap", "--unshare-pid", "--unshare-net", "--unshare-ipc", "--unshare-uts", "--unshare-cgroup-try"]
    words += ["--die-with-parent", "--new-session", "--clearenv", *_rights()]
    words += system_view() + toolkit_view() + _data(view)
    words += ["--proc", "/proc", "--dev", "/dev"]
    words += ["--size", str(scratch), "--perms", "1777", "--tmpfs", "/dev/shm", "--remount-ro", "/dev"]
    words += ["--size", str(scratch), "--perms", "1777", "--tmpfs", SCRATCH, *_tmp(), "--remount-ro", "/"]
    for name, value in _environment().items():
        words += ["--setenv", name, value]
    return [*words, "--chdir", SCRATCH, "--", *argv]


def _tmp():
    """/tmp is another name of the scratch folder, unless Python's environment itself lies below it."""
    taken = any(Path(folder).is_relative_to("/tmp") for folder in _python_folders())
    return [] if taken else ["--symlink", SCRATCH, "/tmp"]


def _rights():
    """As root keep only what changing the user needs, which the server does first; else become nobody's equal."""
    if os.geteuid() == 0:
        return ["--cap-drop", "ALL", "--cap-add", "CAP_SETUID", "--cap-add", "CAP_SETGID"]
    return ["--unshare-user", "--cap-drop", "ALL"]


def system_view():
    """Options that show the machine's programs and libraries, read-only."""
    words = []
    for folder in _SYSTEM:
        if os.path.islink(folder):
            words += ["--symlink", os.readlink(folder), folder]
        elif os.path.isdir(folder):
            words += show(folder, folder)
    for file in filter(os.path.exists, _SETTINGS):
        words += show(file, file)
    for folder in _python_folders():
        words += show(folder, folder)
    return words


def _python_folders():
    """The environment and the Python below it, where the system folders do not hold them already."""
    named = {sys.prefix, sys.exec_prefix, sys.base_prefix, sys.base_exec_prefix}
    named |= {os.path.realpath(folder) for folder in named}
    return sorted(folder for folder in named if folder != "/usr" and not folder.startswith("/usr/"))


def toolkit_view():
    """The package without its trusted rooms, and the server; an installed copy of those rooms is covered."""
    package = Path(cointrail.__file__).resolve().parent
    words = []
    for room in _ROOMS:
        words += show(package / room, f"/toolkit/cointrail/{room}")
    words += show(package / "grading" / "inside", "/toolkit/cointrail_inside")
    if any(package.is_relative_to(folder) for folder in (*_python_folders(), "/usr")):
        for room in ("grading", "world", "classroom", "cli"):
            words += ["--tmpfs", str(package / room)]
    return words


def _data(view):
    words = show(view.data, "/data")
    for keys in sorted(view.data.glob("*/keys")):
        words += ["--tmpfs", f"/data/{keys.parent.name}/keys", "--remount-ro", f"/data/{keys.parent.name}/keys"]
    words += ["--perms", "0755", "--dir", "/hidden"]
    for name, folder in view.hidden:
        words += show(folder, f"/hidden/{name}")
    return words


def show(source, target):
    """Bind read-only; missing parents are made readable, which bubblewrap alone would not."""
    words = []
    for parent in reversed(Path(target).parents[:-1]):
        words += ["--perms", "0755", "--dir", str(parent)]
    return [*words, "--ro-bind", str(source), str(target)]


def _environment():
    """Small reserves: Arrow's own allocator and malloc's arenas would map more than a gigabyte that nobody uses."""
    one_thread = ("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS", "NUMBA_NUM_THREADS", "ARROW_IO_THREADS")
    return {
        "PATH": f"{sys.prefix}/bin:/usr/bin:/bin",
        "LANG": "C.UTF-8",
        "TMPDIR": SCRATCH,
        "HOME": f"{SCRATCH}/home",
        "IPYTHONDIR": f"{SCRATCH}/home/ipython",
        "JUPYTER_RUNTIME_DIR": f"{SCRATCH}/runtime",
        "JUPYTER_PLATFORM_DIRS": "1",
        "MPLBACKEND": "module://matplotlib_inline.backend_inline",
        "MPLCONFIGDIR": f"{SCRATCH}/matplotlib",
        "PYTHONPATH": "/toolkit",
        "PYTHONDONTWRITEBYTECODE": "1",
        "PYTHONHASHSEED": "0",
        "COINTRAIL_GRADING": "1",
        "COINTRAIL_DATA": "/data",
        "COINTRAIL_KEYS": f"{SCRATCH}/forms",
        "COINTRAIL_HIDDEN": "/hidden",
        "ARROW_DEFAULT_MEMORY_POOL": "system",
        "MALLOC_ARENA_MAX": "2",
        **dict.fromkeys(one_thread, "1"),
    }
