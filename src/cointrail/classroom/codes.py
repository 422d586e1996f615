"""The codes by which participants sign in to the classroom: drawn once, kept where only the instructor reads."""

import csv
import hmac
import os
import secrets
from pathlib import Path

from cointrail.errors import CointrailError
from cointrail.exercises.roster import read_roster

__all__ = ["draw_codes", "owner_of"]

# No letter or digit that is read for another one: 0 and O, 1, I and L, 5 and S, 8 and B.
_LETTERS = "ACDEFGHJKMNPQRTUVWXYZ234679"
_GROUPS, _GROUP = 3, 4


def draw_codes(roster: Path, codes: Path) -> dict[str, str]:
    """Draw a code for each student of the roster who has none yet, and keep it in a file that only its owner may read.

    Parameters
    ----------
    roster, codes : Path
        CSV files: student_id, name, docket; and student_id, code. Who left the roster loses the code.

    Returns
    -------
    dict
        {student_id: code}, in the roster's order. A code has 12 signs: about 57 bits.

    Raises
    ------
    CointrailError
        There is no roster, or two ids differ in capital letters only.

    Examples
    --------
    >>> import tempfile
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     roster = Path(folder) / "roster.csv"
    ...     _ = roster.write_text("student_id,name,docket\\nS-01,Ada,A\\n")
    ...     first, again = (draw_codes(roster, Path(folder) / "codes.csv") for _ in range(2))
    >>> first == again, len(first["S-01"])
    (True, 14)
    """
    if not roster.is_file():
        raise CointrailError(
            f"There is no roster {roster}. Write one: its first line is student_id,name,docket; then a line for each."
        )
    students = list(read_roster(roster))
    if len({student.casefold() for student in students}) < len(students):
        raise CointrailError(f"{roster.name}: two ids differ in capital letters only. Change one of them.")
    known = _read(codes)
    drawn = {student: known.get(student) or _code() for student in students}
    if drawn != known:
        _write(codes, drawn)
    return drawn


def owner_of(codes: dict[str, str], student: str, code: str) -> str | None:
    """The id, as the roster writes it, of who signs in with this code; None if the code is not theirs.

    Spaces around, small letters and missing hyphens do no harm.

    Examples
    --------
    >>> owner_of({"S-01": "ACDE-FGHJ-KMNP"}, " s-01", "acdefghjkmnp")
    'S-01'
    >>> owner_of({"S-01": "ACDE-FGHJ-KMNP"}, "S-01", "ACDE") is None
    True
    """
    asked = student.strip().casefold()
    name = next((one for one in codes if one.casefold() == asked), None)
    # compared in the same time whether the id exists or not
    right = hmac.compare_digest(_bare(codes.get(name, "")).encode(), _bare(code).encode())
    return name if name is not None and right else None


def _bare(code):
    return code.replace("-", "").replace(" ", "").strip().upper()


def _code():
    return "-".join("".join(secrets.choice(_LETTERS) for _ in range(_GROUP)) for _ in range(_GROUPS))


def _read(codes):
    if not codes.is_file():
        return {}
    with codes.open(encoding="utf-8", newline="") as lines:
        return {row["student_id"]: row["code"] for row in csv.DictReader(lines)}


def _write(codes, drawn):
    codes.parent.mkdir(parents=True, exist_ok=True)
    fresh = codes.with_suffix(".new")
    fresh.unlink(missing_ok=True)
    with os.fdopen(
        os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="utf-8", newline=""
    ) as out:
        rows = csv.writer(out, lineterminator="\n")
        rows.writerow(("student_id", "code"))
        rows.writerows(drawn.items())
    os.replace(fresh, codes)
