"""Is a question without one intended answer found, on its docket and day, and does a sound day have no findings?"""

import pytest

from cointrail.errors import CointrailError
from cointrail.grading import intended
from cointrail.grading.desk import course_root
from cointrail.grading.intended import days_of, intended_findings


def test_each_day_asks_about_one_world():
    root = course_root()
    assert 0 in days_of(root, "primer")
    assert not set(days_of(root, "primer")) & set(days_of(root, "glass_harbour"))
    assert days_of(root, "nowhere") == []


def test_the_questions_of_the_clinic_have_one_intended_answer():
    assert list(intended_findings(course_root(), 0)) == []


@pytest.mark.parametrize(
    ("error", "words"),
    [
        (CointrailError("Question 0.2a, docket B: the predicted mistake M05 gives the right answer."), "M05"),
        (KeyError("market"), "a question failed (KeyError: 'market')"),
    ],
)
def test_a_docket_without_an_intended_answer_is_one_sentence(monkeypatch, error, words):
    def fails_on_b(desk, day, questions):
        if desk.docket == "B":
            raise error

    monkeypatch.setattr(intended, "plain_key", fails_on_b)
    (finding,) = intended_findings(course_root(), 0)
    assert finding.startswith("Docket B, day 0: ") and words in finding


def test_only_the_dockets_asked_for_are_proved(monkeypatch):
    seen = []
    monkeypatch.setattr(intended, "plain_key", lambda desk, day, questions: seen.append(desk.docket))
    assert list(intended_findings(course_root(), 0, dockets=["B"])) == [] and seen == ["B"]
