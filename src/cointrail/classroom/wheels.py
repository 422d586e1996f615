"""Packages for machines without a network: fetched once, each checked by the hash in the lock.

One folder serves several systems: the pure packages are shared, the compiled ones lie side by side.
"""

import re
import subprocess
import sys
import tempfile
from pathlib import Path

from packaging.markers import Marker

from cointrail.errors import CointrailError

__all__ = ["SYSTEMS", "fetch_wheels", "needed"]

# by the name a person types: tags of pip, and what a marker sees there
SYSTEMS = {
    "linux": (["manylinux_2_28_x86_64", "manylinux_2_17_x86_64", "manylinux2014_x86_64"],
              {"sys_platform": "linux", "platform_system": "Linux", "os_name": "posix", "platform_machine": "x86_64"}),
    "windows": (["win_amd64"],
                {"sys_platform": "win32", "platform_system": "Windows", "os_name": "nt", "platform_machine": "AMD64"}),
    "mac": (["macosx_14_0_arm64", "macosx_12_0_arm64", "macosx_11_0_arm64"],
            {"sys_platform": "darwin", "platform_system": "Darwin", "os_name": "posix", "platform_machine": "arm64"}),
}  # fmt: skip
_TO_BUILD = ("setuptools", "wheel")  # for the packages that have no wheel


def needed(root, system, python):
    """What a learner's machine needs, as lines of the lock: {name: lines with version and hashes}.

    Parameters
    ----------
    root : Path
    system : str
        One of `SYSTEMS`.
    python : str
        Such as "3.12".
    """
    sees = {"implementation_name": "cpython", "platform_python_implementation": "CPython", **SYSTEMS[system][1]}
    sees |= {"python_version": python, "python_full_version": f"{python}.0", "extra": ""}
    pins, brought_by = _lock(root / "requirements.lock.txt", sees)
    base = re.search(r"^dependencies = \[(.*?)^\]", (root / "pyproject.toml").read_text("utf-8"), re.M | re.S)[1]
    wanted = {re.match(r"[\w.-]+", line)[0] for line in re.findall(r'"(.+?)"', base)} | {"uv"}
    while grown := {name for name in pins if brought_by[name] & wanted} - wanted:
        wanted |= grown
    return {name: pins[name] for name in sorted(wanted) if name in pins}


def _lock(file, sees):
    """The packages of the lock that a machine takes: {name: line with version and hashes}, {name: who asks for it}."""
    pins, brought_by = {}, {}
    for block in re.findall(r"^[\w.-]+==.*(?:\n +.*)*", file.read_text("utf-8"), re.MULTILINE):
        pin, _, marker = block.splitlines()[0].rstrip("\\ ").partition(" ; ")
        if not marker or Marker(marker).evaluate(sees):
            name = pin.partition("==")[0]
            pins[name] = " ".join([pin, *re.findall(r"--hash=\S+", block)])
            brought_by[name] = set(re.findall(r"# +(?:via +)?([\w.-]+)$", block, re.MULTILINE))
    return pins, brought_by


def fetch_wheels(root, folder, *, systems=("linux", "windows"), pythons=("3.11", "3.12", "3.13"), say=print):
    """Fetch every package a learner needs into a folder.

    Parameters
    ----------
    root, folder : Path
    systems, pythons : sequence of str
        For which machines.
    say : callable

    Raises
    ------
    CointrailError
        A package could not be fetched.
    """
    folder.mkdir(parents=True, exist_ok=True)
    for system in systems:
        for python in pythons:
            say(f"packages for {system}, Python {python}")
            _fetch(needed(root, system, python), folder, system, python)


def _fetch(pins, folder, system, python):
    """Wheels first, all at once; what has none comes as its source archive, with what builds it."""
    tags = [word for tag in (*SYSTEMS[system][0], "any") for word in ("--platform", tag)]
    wheels = ["--only-binary", ":all:", "--python-version", python, "--implementation", "cp", *tags]
    without = [name for name, line in pins.items() if name in _SOURCE_ONLY]
    _pip([line for name, line in pins.items() if name not in without], folder, wheels)
    if without and not all(list(folder.glob(f"{name}-*.tar.gz")) for name in without):
        _pip([pins[name] for name in without], folder, ["--no-binary", ",".join(without), "--no-build-isolation"])
        _pip(list(_TO_BUILD), folder, ["--only-binary", ":all:"], hashes=False)


_SOURCE_ONLY = {"embit"}


def _pip(lines, folder, options, *, hashes=True):
    with tempfile.TemporaryDirectory() as scratch:
        listed = Path(scratch) / "listed.txt"
        listed.write_text("\n".join(lines) + "\n", encoding="utf-8")
        command = [sys.executable, "-m", "pip", "download", "--quiet", "--no-deps", "--disable-pip-version-check"]
        command += [*(["--require-hashes"] if hashes else []), *options, "-d", str(folder), "-r", str(listed)]
        done = subprocess.run(command, capture_output=True, text=True)
    if done.returncode != 0:
        said = [line for line in done.stderr.splitlines() if line.startswith("ERROR")] or [done.stderr[-300:]]
        raise CointrailError(f"Packages could not be fetched: {said[-1]} Check the network, then run it again.")
