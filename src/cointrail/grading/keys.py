"""Make the keys of a day: the plain one for the desk, the sealed one for the learner.

Both are pure functions of questions and worlds: the same questions on the same world give the same bytes. The salt of
a sealed key comes from the world's tip, the docket and the question, so that no two questions share one.
"""

import hashlib
import json

from cointrail.errors import CointrailError
from cointrail.exercises.answer_types import canonical
from cointrail.exercises.case import docket_in, exam_docket
from cointrail.exercises.functions import run_cases
from cointrail.exercises.keys import read_key, seal
from cointrail.grading.desk import Desk, truth_folder
from cointrail.grading.questions import load_day
from cointrail.grading.rubrics import rubric_lines
from cointrail.ledger import data_folder, load_manifest

__all__ = ["SameAnswerError", "plain_key", "read_plain", "sealed_key", "write_keys"]


class SameAnswerError(CointrailError):
    """A predicted mistake gives the right answer on the facts of `docket`: others must be drawn."""

    def __init__(self, docket: str, sentence: str):
        super().__init__(docket, sentence)
        self.docket = docket

    def __str__(self):
        return self.args[1]


def write_keys(root, day, dockets=()):
    """Write both keys of a day for every docket of its world, or for some; return the files written."""
    world, questions = load_day(root, day)
    known = load_manifest(world)["dockets"]
    for docket in dockets:
        if docket not in known:
            raise CointrailError(f"There is no docket {docket} in {world}. It has {', '.join(known)}.")
    _forget_elsewhere(root, day, world)
    written = []
    for docket in dockets or known:
        plain = plain_key(Desk(root, world, docket), day, questions)
        files = plain_file(root, world, docket, day), data_folder() / world / "keys" / docket / f"day{day}.json"
        known = _known(*files)
        written.append(_write(files[0], plain))
        written.append(_write(files[1], sealed_key(plain, known=known)))
    return written


def _forget_elsewhere(root, day, world):
    """A day whose world has changed leaves no key behind in the old one."""
    places = [data_folder(), root / "grading" / "truth"]
    for file in (file for place in places for file in place.glob(f"*/keys/*/day{day}.json")):
        if file.parts[-4] != world:
            file.unlink(missing_ok=True)


def plain_file(root, world, docket, day):
    """Where a plain key lies."""
    return truth_folder(root, world) / "keys" / docket / f"day{day}.json"


def read_plain(root, world, docket, day):
    """The plain key of a docket, as `cointrail build` wrote it."""
    file = plain_file(root, world, docket, day)
    if not file.is_file():
        raise CointrailError(f"The key of day{day}, docket {docket}, of {world} is missing. Run: cointrail build")
    return read_key(file)


def plain_key(desk, day, questions):
    """The answers of one docket in clear, with every predicted mistake."""
    return {
        "v": 1,
        "banner": "SYNTHETIC TRAINING DATA",
        "world": desk.world,
        "docket": desk.docket,
        "day": day,
        "questions": {question.id: _plain(desk, question) for question in questions.values()},
    }


def sealed_key(plain, *, exam=False, known=None):
    """The learner's copy of a plain key; of an exam's questions, and with `exam` of all, their forms only.

    `known` is an earlier pair of keys: what did not change is taken from there, because sealing takes its time.
    """
    before, sealed = known or ({}, {})
    questions = {}
    for name, question in plain["questions"].items():
        salt = _salt(plain, name)
        if before.get(name) == question and sealed.get(name, {}).get("salt") == salt:
            questions[name] = sealed[name]
        else:
            questions[name] = seal(question, salt=salt, exam=exam or question["form"].get("exam", False))
    return {**plain, "questions": questions}


def _known(plain_file, sealed_file):
    """The questions of both keys as they lie there; None when one is missing."""
    if not (plain_file.is_file() and sealed_file.is_file()):
        return None
    return read_key(plain_file)["questions"], read_key(sealed_file)["questions"]


def _plain(desk, question):
    form = question.form()
    if question.exam:
        desk = Desk(desk.root, desk.world, docket_in(desk.world, exam_docket(desk.docket)))
    if question.type == "written":
        lines = rubric_lines(desk.root, question)
        return {"form": form, **({"rubric": lines} if lines else {})}
    if question.type == "function":
        return {"form": form, **_samples(desk, question, form)}
    if question.type == "artefact":
        facts = sorted(json.dumps(fact, sort_keys=True) for fact in question.truth(desk))
        return {"form": form, "answer": facts, "mistakes": []}
    answer = _right(form, question.truth(desk))
    mistakes = [made for mistake in question.mistakes if (made := _mistake(desk, form, mistake))]
    same = [mistake["code"] for mistake in mistakes if mistake["answer"] == answer]
    if same:
        raise SameAnswerError(
            desk.docket,
            f"Question {question.id}, docket {desk.docket}: the predicted mistake {same[0]} gives the right answer. "
            "Choose facts where it does not.",
        )
    return {"form": form, "answer": answer, "mistakes": mistakes, **_open_samples(desk, question, form)}


def _right(form, truth):
    """The canonical truth; an entry of a mapping may have several right values, given as a list."""
    if form["type"] != "mapping" or truth is None:
        return canonical(form, truth)
    entries = {}
    for name, value in truth.items():
        for one in value if isinstance(value, list) else [value]:
            ((key, read),) = canonical(form, {name: one}).items()
            entries.setdefault(key, []).append(read)
    return {key: values[0] if len(values) == 1 else sorted(values) for key, values in sorted(entries.items())}


def _open_samples(desk, question, form):
    """Public sample cases of a ranked list, a partition or a tolerance: what is given, and its answer."""
    if question.samples is None:
        return {}
    samples = question.samples(desk)
    return {"samples": [{**sample, "answer": canonical(form, sample["answer"])} for sample in samples]}


def _mistake(desk, form, mistake):
    """A mistake with its answer; None where its method says with `...` that this docket offers no chance for it."""
    given = mistake.method(desk)
    if given is ...:
        return None
    answer = canonical(form, given)
    made = {"code": mistake.code, "message": mistake.message, "answer": answer}
    return made | ({"accuses": True} if mistake.accuses else {})


def _samples(desk, question, form):
    """Public sample cases with their answers, and what each predicted mistake returns on them."""
    cases = question.samples(desk)
    answers = run_cases(form, question.truth, cases)
    mistakes = [
        {"code": mistake.code, "message": mistake.message, "answer": run_cases(form, mistake.method, cases)}
        for mistake in question.mistakes
    ]
    samples = [{"case": case, "answer": answer} for case, answer in zip(cases, answers, strict=True)]
    return {"samples": samples, "sample_mistakes": mistakes}


def _salt(plain, name):
    """Public and different everywhere; nothing of the answer may enter it, or it would be a fast hash of the answer."""
    text = json.dumps([load_manifest(plain["world"])["tip"], plain["world"], plain["docket"], name])
    return hashlib.sha256(text.encode()).hexdigest()[:32]


def _write(file, key):
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(json.dumps(key, ensure_ascii=False, indent=1) + "\n", encoding="utf-8", newline="\n")
    return file
