"""Exhibits that no answer rests on, each with the reason why it is in the file all the same.

A real file holds more than its case needs, and an investigator must see that a paper bears on nothing. There are few of
them, and none tells of the answer to a question. `tests/test_world_exhibit_use.py` holds every other exhibit to an
answer.
"""

__all__ = ["BACKGROUND"]

BACKGROUND = {
    "E02a": "the page behind the record E02b: who reads the record should be able to look at the page",
    "E05c": "a phone has contacts; that a name stands among them shows nothing",
    "E05e": "a phone has programs; a wallet program is no fund",
    "E06b": "labels as a wallet writes them (BIP329): the owner's words about coins that other exhibits speak of",
    "E06d": "what the laptop visited: innocent pages beside the exchange's",
    "E06e": "a hint at the second factor: a reason to act on the account soon, not an answer",
    "E21c": "the law of PORT TORRIN: why the treaty matrix (E21d) says no",
    "E22a": "an empty form of the court: E45b is one that was filled in",
    "E22b": "an empty form: lesson 3.4 writes such a letter",
    "E22c": "an empty form: the order that E08a answers",
}
