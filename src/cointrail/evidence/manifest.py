"""The SHA-256 of every file of a folder, in a list that anyone can check with the tool of their own system.

The file is written as ``sha256sum`` writes it, so ``sha256sum -c`` in that folder gives the same verdict. Empty
folders, access rights and times of files are not recorded. Keep the list's own SHA-256 in the custody log: a list
that lies beside its files can be changed with them.
"""

import hashlib
import re
from collections.abc import Collection, Mapping
from pathlib import Path, PurePosixPath
from typing import NamedTuple

from cointrail.errors import CointrailError

__all__ = ["ManifestFinding", "folder_manifest", "read_manifest", "verify_manifest", "write_manifest"]

_LINE = re.compile(r"([0-9a-fA-F]{64}) [ *](.+)")
# In a name they would need sha256sum's escapes, and show one thing while they mean another.
_FORBIDDEN = ("\n", "\r", "\\")


class ManifestFinding(NamedTuple):
    """A file that is not as listed: its path, "changed", "missing" or "added", and a sentence."""

    path: str
    kind: str
    sentence: str


def folder_manifest(folder: Path | str, *, leave_out: Collection[str] = ()) -> dict[str, str]:
    """The SHA-256 of every file below a folder, read now.

    Parameters
    ----------
    folder : path
    leave_out : collection of str
        Paths not to list, such as the list itself where it lies in the folder.

    Returns
    -------
    dict
        Path below the folder, with "/" on every system, to SHA-256; sorted.

    Raises
    ------
    CointrailError
        There is no such folder, a file cannot be read, is a link, or has a line break or backslash in its name.

    Examples
    --------
    >>> from tempfile import mkdtemp
    >>> folder = Path(mkdtemp())
    >>> _ = (folder / "note.txt").write_text("")
    >>> folder_manifest(folder)["note.txt"][:16]
    'e3b0c44298fc1c14'
    """
    folder = Path(folder)
    if not folder.is_dir():
        raise CointrailError(f"There is no folder {folder}: give the folder that holds the files.")
    files = {path.relative_to(folder).as_posix(): path for path in folder.rglob("*")}
    return {name: _sha256(name, files[name]) for name in sorted(files) if _is_listed(name, files[name], leave_out)}


def _is_listed(name, path, leave_out):
    if name in leave_out:
        return False
    if path.is_symlink():
        raise CointrailError(f"{name} is a link to another place: put the file itself there, or leave it out.")
    return not path.is_dir()


def _sha256(name, path):
    if any(sign in name for sign in _FORBIDDEN):
        raise CointrailError(f"The name {name!r} holds a line break or a backslash: rename the copy and note it.")
    if not path.is_file():
        raise CointrailError(f"{name} is no ordinary file: leave it out.")
    try:
        with path.open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest()
    except OSError as error:
        raise CointrailError(f"{name} cannot be read: {error.strerror}.") from error


def verify_manifest(
    folder: Path | str, manifest: Mapping[str, str], *, leave_out: Collection[str] = ()
) -> list[ManifestFinding]:
    """Which files of a folder are not as listed; an empty list where all are, and no other is there.

    The same errors as `folder_manifest`.

    Examples
    --------
    >>> from tempfile import mkdtemp
    >>> verify_manifest(mkdtemp(), {"note.txt": "00" * 32})[0].sentence
    'note.txt is listed but not there.'
    """
    found = folder_manifest(folder, leave_out=leave_out)
    findings = [_compare(name, manifest.get(name), found.get(name)) for name in sorted({*manifest, *found})]
    return [finding for finding in findings if finding]


def _compare(name, listed, found):
    if found is None:
        return ManifestFinding(name, "missing", f"{name} is listed but not there.")
    if listed is None:
        return ManifestFinding(name, "added", f"{name} is there but not listed.")
    if listed.lower() != found:
        return ManifestFinding(name, "changed", f"{name} was changed: its SHA-256 is {found}, listed is {listed}.")
    return None


def write_manifest(manifest: Mapping[str, str], file: Path | str) -> None:
    """Write a manifest as ``sha256sum`` does: one line per file, sorted by path."""
    Path(file).write_bytes("".join(f"{manifest[name]}  {name}\n" for name in sorted(manifest)).encode())


def read_manifest(file: Path | str) -> dict[str, str]:
    """Read a list of ``sha256sum`` or `write_manifest`.

    Raises
    ------
    CointrailError
        The file cannot be read, a line is of another form, a path leads out of the folder or stands there twice.
    """
    try:
        # Not splitlines(): a file's name may hold one of the rarer signs that it takes for a line's end.
        lines = Path(file).read_bytes().decode("utf-8").replace("\r\n", "\n").split("\n")
    except (OSError, ValueError) as error:
        raise CointrailError(f"The manifest {file} cannot be read: {error}.") from error
    manifest = {}
    for number, line in enumerate(lines, 1):
        if not line:
            continue
        match = _LINE.fullmatch(line)
        if not match:
            raise CointrailError(f"Line {number} of {file} is not 'SHA-256, two blanks, path': {line!r}.")
        name = match[2].removeprefix("./")
        if PurePosixPath(name).is_absolute() or ".." in PurePosixPath(name).parts:
            raise CointrailError(f"Line {number} of {file} leads out of the folder: {name!r}.")
        if name in manifest:
            raise CointrailError(f"Line {number} of {file} lists {name!r} a second time.")
        manifest[name] = match[1].lower()
    return dict(sorted(manifest.items()))
