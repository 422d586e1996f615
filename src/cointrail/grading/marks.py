"""What was noted beside a graded hand-in, to tell whether it must be run again, scored again, or neither."""

import hashlib
import json
import os
import stat
from dataclasses import dataclass

from cointrail.grading.hidden import class_secret
from cointrail.grading.regrade import needs_a_run
from cointrail.grading.slim import MOST_BYTES

__all__ = ["Known", "fingerprint", "read_mark"]

_MOST_FILES = 100  # whose bytes are looked at


@dataclass(frozen=True)
class Known:
    """A hand-in, its fingerprint, and what was noted when exactly this was graded before."""

    student: str
    letter: str
    docket: str
    fingerprint: str
    key: dict
    digests: dict[str, str]
    mark: dict

    def changed(self):
        """The questions whose key was mended since."""
        before = self.mark["keys"]
        return {name for name in before.keys() | self.digests.keys() if before.get(name) != self.digests.get(name)}

    def stands(self, questions):
        """Whether its run still holds."""
        same = self.mark.get("fingerprint") == self.fingerprint
        return same and not needs_a_run(self.changed(), questions)


def read_mark(file):
    """What was noted beside a graded hand-in; nothing when there is none, or only half of one."""
    try:
        mark = json.loads(file.read_text(encoding="utf-8"))
    except (FileNotFoundError, ValueError):
        return {}
    return mark if isinstance(mark, dict) and set(mark) == {"fingerprint", "keys", "hand_in"} else {}


def fingerprint(root, assignment, student, letter, tip):
    """What a run depends on: the hand-in's bytes, the released notebooks, docket and world, the class's secret."""
    digest = hashlib.sha256(class_secret(root) + json.dumps([letter, tip]).encode())
    released = root / "course" / assignment
    expected = {file.name for file in released.glob("*")}
    for folder in (root / "grading" / "submitted" / student / assignment, released):
        if folder.is_symlink() or folder.parent.is_symlink():
            continue  # the intake does not look behind it either
        files = sorted(folder.glob("*"), key=lambda file: (file.name not in expected, file.suffix != ".txt", file.name))
        for number, file in enumerate(files):
            digest.update(os.fsencode(file.name) + (_digest_of(file) if number < _MOST_FILES else b""))
    return digest.hexdigest()


def _digest_of(file):
    """Of what the intake reads; of a link, a device, a giant or a file that may not be read, only that it is there."""
    if file.suffix not in (".ipynb", ".txt"):
        return b""
    try:
        descriptor = os.open(file, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC)
    except OSError:
        return b"-"
    try:
        status = os.fstat(descriptor)
        if not stat.S_ISREG(status.st_mode) or status.st_size > MOST_BYTES:
            return b"-"
        with open(descriptor, "rb", closefd=False) as stream:
            return hashlib.file_digest(stream, "sha256").digest()
    finally:
        os.close(descriptor)
