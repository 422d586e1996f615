"""The numbers of a report: each belongs to a claim, and says how anybody can work it out again from the ledger.

`numbers.json` is a list of {claim, name, value, how}; `how` names one of `rederive.DERIVATIONS` and its arguments, the
block height among them. So no number of a report rests on the author's word.
"""

import inspect
import json
from collections.abc import Iterable, Mapping
from pathlib import Path

import jsonschema

from cointrail.errors import CointrailError
from cointrail.evidence.rederive import DERIVATIONS, derive
from cointrail.ledger import Ledger

__all__ = ["NUMBERS_SCHEMA", "check_numbers", "read_numbers"]

_TEXT = {"type": "string", "pattern": r"\S"}
NUMBERS_SCHEMA = {
    "type": "array",
    "items": {
        "type": "object",
        "additionalProperties": False,
        "required": ["claim", "name", "value", "how"],
        "properties": {
            "claim": _TEXT,
            "name": _TEXT,
            "value": {"type": "integer"},
            "how": {"type": "object", "required": ["what"], "properties": {"what": {"enum": list(DERIVATIONS)}}},
        },
    },
}


def check_numbers(numbers: Iterable[Mapping], ledger: Ledger) -> list[dict]:
    """The numbers themselves, once each was worked out anew from the ledger and found equal.

    Parameters
    ----------
    numbers : iterable of mapping
        claim, name, value (satoshi, or a count), how.
    ledger : Ledger

    Raises
    ------
    CointrailError
        A field is missing or wrong, an argument is not that of the derivation, the ledger does not reach the height, or
        a number differs; the sentence names it.

    Examples
    --------
    >>> from cointrail.ledger import load_ledger
    >>> ledger = load_ledger("primer")
    >>> coinbase = ledger.transactions["hash"].iloc[0]
    >>> how = {"what": "output_value", "outpoint": f"{coinbase}:0"}
    >>> len(check_numbers([{"claim": "C1", "name": "first reward", "value": 5_000_000_000, "how": how}], ledger))
    1
    """
    numbers = [dict(number) for number in numbers]
    error = jsonschema.exceptions.best_match(jsonschema.Draft202012Validator(NUMBERS_SCHEMA).iter_errors(numbers))
    if error:
        place = list(error.absolute_path)
        where = f"Number {place[0] + 1}" if place else "The list of numbers"
        raise CointrailError(f"{where}: {error.message[:200]}. Correct it.")
    tables = {name: getattr(ledger, name) for name in ("transactions", "inputs", "outputs")}
    for number in numbers:
        _check_one(number, ledger, tables)
    return numbers


def _check_one(number, ledger, tables):
    how, said = number["how"], f"Number {number['name']!r} of claim {number['claim']}"
    wanted = inspect.signature(DERIVATIONS[how["what"]]).parameters
    if unknown := sorted(set(how) - {*wanted, "what"}):
        raise CointrailError(f"{said}: {how['what']} takes no {unknown[0]!r}.")
    needed = [name for name, given in list(wanted.items())[1:] if given.default is given.empty and name not in how]
    if needed:
        raise CointrailError(f"{said}: {how['what']} needs {needed[0]!r}.")
    if not isinstance(how.get("height", 0), int) or how.get("height", 0) > ledger.tip:
        raise CointrailError(f"{said}: the ledger ends at block {ledger.tip}; give a height that it reaches.")
    try:
        found = derive(tables, how)
    except (IndexError, ValueError, AttributeError, TypeError) as error:
        raise CointrailError(f"{said}: the ledger holds nothing of that name. Look at the txid or address.") from error
    if found != number["value"]:
        raise CointrailError(f"{said} is given as {number['value']}; the ledger shows {found}.")


def read_numbers(file: Path | str) -> list[dict]:
    """Read numbers.json; `check_numbers` says whether they hold."""
    try:
        numbers = json.loads(Path(file).read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise CointrailError(f"The numbers file {file} cannot be read: {error}.") from error
    if not isinstance(numbers, list):
        raise CointrailError(f"The numbers file {file} holds no list: write [{{...}}, {{...}}].")
    return numbers
