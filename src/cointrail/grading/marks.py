"""What was noted beside a graded hand-in, to tell whether it must be run again, scored again, or neither."""

import hashlib
import json
import os
from dataclasses import dataclass

from cointrail.grading.hidden import class_secret
from cointrail.grading.regrade import needs_a_run

__all__ = ["Known", "fingerprint", "read_mark"]


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
    for folder in (root / "grading" / "submitted" / student / assignment, root / "course" / assignment):
        for file in sorted(folder.glob("*")):
            if file.is_file() and not file.is_symlink():
                with file.open("rb") as stream:
                    digest.update(os.fsencode(file.name) + hashlib.file_digest(stream, "sha256").digest())
    return digest.hexdigest()
