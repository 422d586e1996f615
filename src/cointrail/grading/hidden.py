"""Hidden cases of function questions: inputs on disk, made anew from the class's own secret; answers never on disk.

`grading/hidden/<question>/cases.json` holds arguments by name, a `ledger` by the name of the folder beside it. The
sandbox sees this folder; what the reference function returns is computed on the trusted side when it is needed.
"""

import hashlib
import json
import secrets
import shutil

from cointrail.exercises.functions import run_cases
from cointrail.ledger import Ledger
from cointrail.world import sample_ledger

__all__ = ["class_secret", "hidden_answers", "hidden_folder", "make_hidden"]

_REFERENCE_SECONDS = 60


def hidden_folder(root):
    """Where hidden inputs lie."""
    return root / "grading" / "hidden"


def class_secret(root):
    """The secret of this class, made on first use and kept out of the repository."""
    file = root / "grading" / "secret.key"
    if not file.is_file():
        file.write_text(secrets.token_hex(32) + "\n", encoding="utf-8")
        file.chmod(0o600)
    return bytes.fromhex(file.read_text(encoding="utf-8").strip())


def make_hidden(root, questions):
    """Make the hidden inputs of every function question that has none from the present secret."""
    secret = class_secret(root)
    for question in questions.values():
        if question.type == "function" and not _is_current(root, question, secret):
            _make(root, question, secret)


def hidden_answers(root, question):
    """What the reference function returns on the hidden cases, and what each predicted mistake returns.

    Returns
    -------
    (list, list of mappings)
        Canonical values; mistakes with `code`, `message`, `answer`.
    """
    folder = hidden_folder(root) / question.id
    known = folder, (folder / "made_from").read_text(encoding="utf-8")
    if known not in _answers:
        _answers[known] = _computed(question, folder)
    return _answers[known]


_answers = {}  # by folder and the secret it was made from: the same for the whole class


def _computed(question, folder):
    cases = json.loads((folder / "cases.json").read_text(encoding="utf-8"))

    def run(function):
        return run_cases(question.form(), function, cases, folder=folder, seconds=_REFERENCE_SECONDS)

    mistakes = [{"code": m.code, "message": m.message, "answer": run(m.method)} for m in question.mistakes]
    return run(question.truth), mistakes


def _mark(question, secret):
    """Tells which secret made a folder, without telling the secret."""
    return hashlib.sha256(b"cointrail hidden cases" + secret + (question.id + question.signature).encode()).hexdigest()[
        :32
    ]


def _is_current(root, question, secret):
    file = hidden_folder(root) / question.id / "made_from"
    return file.is_file() and file.read_text(encoding="utf-8").strip() == _mark(question, secret)


def _make(root, question, secret):
    folder = hidden_folder(root) / question.id
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    own = hashlib.sha256(secret + question.id.encode()).digest()
    cases = question.hidden(own, sample_ledger)
    ledgers = []
    for case in cases:
        if isinstance(case.get("ledger"), Ledger):
            case["ledger"] = _stored(case["ledger"], ledgers, folder)
    (folder / "cases.json").write_text(json.dumps(cases, indent=1) + "\n", encoding="utf-8")
    (folder / "made_from").write_text(_mark(question, secret) + "\n", encoding="utf-8")


def _stored(ledger, ledgers, folder):
    """Write each ledger once; name it by its order."""
    for number, known in enumerate(ledgers, 1):
        if known is ledger:
            return f"ledger_{number}"
    ledgers.append(ledger)
    name = f"ledger_{len(ledgers)}"
    ledger.write(folder / name)
    return name
