"""The course's words: GLOSSARY.md, put together from the lists of the days.

A list is `solutions/glossary/dayN.csv` with the columns term and meaning; a meaning is one plain sentence, or two. Each
term is a heading, so that a lesson can link to it: ``[peel chain](../GLOSSARY.md#peel-chain)``.
"""

import csv
from pathlib import Path

from cointrail.errors import CointrailError

__all__ = ["anchor", "glossary", "read_terms"]

_HEAD = """# Words of the course

Every word that a lesson explains, in alphabetical order, with the day on which you meet it first.
[Back to the start page](START.md)

"""


def glossary(root: Path) -> str:
    """The text of GLOSSARY.md.

    Raises
    ------
    CointrailError
        A list has other columns, or a term without a meaning.
    """
    terms = read_terms(root)
    ordered = sorted(terms, key=lambda term: (term.casefold().lstrip("0123456789"), term))
    return _HEAD + "\n".join(f"### {term}\n\n{terms[term][1]} (Day {terms[term][0]})\n" for term in ordered)


def read_terms(root: Path) -> dict[str, tuple[int, str]]:
    """Term -> day on which it is met first, and its meaning; a word that a later day explains again keeps its first."""
    terms, seen = {}, set()
    for file in sorted((root / "solutions" / "glossary").glob("day*.csv")):
        with file.open(encoding="utf-8", newline="") as lines:
            rows = csv.DictReader(lines)
            if rows.fieldnames != ["term", "meaning"]:
                raise CointrailError(f"The first line of {file.name} must be: term,meaning")
            for number, row in enumerate(rows, 2):
                term, meaning = (" ".join((row[column] or "").split()) for column in ("term", "meaning"))
                if not term or not meaning or None in row:
                    raise CointrailError(f"{file.name}, row {number}: write a term, a comma and its meaning in quotes.")
                if term.casefold() not in seen:
                    seen.add(term.casefold())
                    terms[term] = (int(file.stem.removeprefix("day")), meaning)
    return terms


def anchor(term: str) -> str:
    """What stands after # in a link to a term, as JupyterLab makes it of a heading.

    >>> anchor("peel chain")
    'peel-chain'
    """
    return term.replace(" ", "-")
