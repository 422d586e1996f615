"""What a person typed, made into plain data: one canonical form for every answer type.

An answer is data. `canonical` checks the type of an answer and returns JSON: integers, amounts and times as text, sets
sorted. `None` (abstain) stays `None`; `...` (unanswered) is the caller's business and is refused here.

A *form* is the public part of a question, a mapping: `type` and, where the type needs it, `kind`, `items`, `places`,
`options`. Kinds of single values are int, decimal, time, choice, txid, address, outpoint, text, and of the account
chain account and account_txid.
"""

import json
import re
from collections import Counter
from datetime import UTC, datetime
from decimal import Context, Decimal, InvalidOperation

from cointrail.errors import CointrailError
from cointrail.exercises.strangers_json import read_json
from cointrail.ledger.addresses import parse_address

__all__ = ["AnswerError", "canonical", "shortened", "understood"]

_TXID = re.compile(r"[0-9a-f]{64}")
_LONGEST, _MOST_DIGITS, _MOST_ITEMS = 1000, 100, 50_000  # of one value, of a whole number, of a set or list
_EXACT = Context(prec=2 * _LONGEST)
_ACCOUNT, _ACCOUNT_TXID = re.compile(r"0x[0-9a-f]{40}"), re.compile(r"0x[0-9a-f]{64}")


class AnswerError(CointrailError):
    """An answer of the wrong type; `code` names the mistake of the syllabus when there is one (M01, M02, ...)."""

    def __init__(self, sentence, code=None):
        long = len(sentence) > 2 * _LONGEST  # it quotes what arrived
        super().__init__(f"{sentence[:_LONGEST]} … {sentence[-_LONGEST:]}" if long else sentence)
        self.code = code


def canonical(form, value):
    """The canonical JSON form of an answer.

    Parameters
    ----------
    form : mapping
        Public part of a question: its `type` and what belongs to it.
    value : object
        What the learner wrote; numpy and pandas values are understood.

    Raises
    ------
    AnswerError
        The answer is of another type; the sentence says what was expected and what arrived.

    Examples
    --------
    >>> canonical({"type": "int"}, 1500)
    '1500'
    >>> canonical({"type": "set", "items": "int"}, [3, 1])
    ['1', '3']
    """
    kind = form["type"]
    if kind == "mapping" and type(value).__name__ == "Series":
        value = value.to_dict()  # a column with its index is a mapping from index to value
    value = _plain(value)
    if value is None:
        return None
    if kind in _CONTAINERS:
        return _CONTAINERS[kind](form, value)
    return _scalar(form.get("kind", kind), form, value)


def understood(form, answer):
    """One line that says how a canonical answer was read, for a person."""
    if answer is None:
        return "no answer on purpose (None)"
    if form["type"] == "artefact":
        return _document(answer)
    unit = f" {form['unit']}" if form.get("unit") else ""
    if isinstance(answer, dict):
        numbered = all(re.fullmatch(r"[0-9]{1,100}", key) for key in answer)
        rows = sorted(answer.items(), key=lambda row: int(row[0]) if numbered else 0)
        pairs = [f"{shortened(key)} → {shortened(value)}" for key, value in rows]
        return f"{_count(pairs, 'entry', 'entries')}{unit and ' in' + unit}: {_listed(pairs)}"
    if isinstance(answer, list):
        parts = [
            "{" + _listed(map(shortened, part)) + "}" if isinstance(part, list) else shortened(part) for part in answer
        ]
        return f"{_count(parts, 'item', 'items')}: {_listed(parts)}"
    return f"{shortened(answer)}{unit}"


def _document(text):
    """A document in a few words: its fields, and how much its lists hold."""
    try:
        fields = read_json(text)
    except (ValueError, RecursionError):
        return f"a document of {len(text.splitlines())} lines"
    if not isinstance(fields, dict):
        return "a document without fields"
    named = [f"{name} ({len(value)})" if isinstance(value, list) else name for name, value in fields.items()]
    return f"a document with {_listed(map(shortened, named), most=30)}"


def _plain(value):
    """numpy, pandas and other foreign containers as plain Python."""
    if hasattr(value, "tolist"):
        value = value.tolist()
    return value.to_pydatetime() if hasattr(value, "to_pydatetime") else value


def _scalar(kind, form, value):
    if value is ...:
        raise AnswerError("Three dots (...) are still in the answer. Replace them, or write None to abstain.")
    if isinstance(value, bool):
        raise AnswerError(f"{value} arrived. Was == written where = was meant?", "M01")
    value = _plain(value)
    if isinstance(value, str) and len(value) > _LONGEST and kind != "artefact":
        raise AnswerError(f"A text of {len(value):,} characters arrived; an answer has at most {_LONGEST:,}.")
    return _SCALARS[kind](form, value)


def _int(form, value):
    if isinstance(value, float):
        raise AnswerError(
            f"{value!r} is a number with a decimal point. Write whole {_unit(form)}, without a point.", "M02"
        )
    _refuse_commas(value)
    if isinstance(value, str) and re.fullmatch(r"-?(\d{1,30}|\d{1,3}(,\d{3})+)", value.strip()):
        value = int(value.replace(",", ""))
    if not isinstance(value, int):
        raise AnswerError(f"A whole number{_of_unit(form)} was expected, {_what(value)} arrived.")
    if abs(value) >= 10**_MOST_DIGITS:
        raise AnswerError(f"The number has more than {_MOST_DIGITS} digits. Is there one multiplication too many?")
    return str(value)


def _refuse_commas(value):
    """948,788 in Python is two numbers, 948 and 788."""
    if isinstance(value, (tuple, list)) and len(value) > 1 and all(isinstance(part, (int, float)) for part in value):
        read = " and ".join(str(part) for part in value)
        raise AnswerError(f"Python read {read} as {len(value)} numbers. Write one number without commas: 948788.")


def _decimal(form, value):
    places = form.get("places")
    _refuse_commas(value)
    if isinstance(value, str) and re.fullmatch(r"\s*-?\d{1,3}(,\d{3})+(\.\d+)?\s*", value):
        value = value.replace(",", "")
    amount = _as_decimal(value)
    if places is None:
        return format(amount.normalize(_EXACT), "f")
    rounded = amount.quantize(Decimal(1).scaleb(-places), context=_EXACT)
    if rounded != amount:
        raise AnswerError(f"{amount} has more than {places} decimal places. Round it as the rule in the lesson says.")
    return format(rounded, "f")


def _as_decimal(value):
    """A float is read as it is printed: 12.34 is 12.34, nothing is lost."""
    try:
        amount = Decimal(repr(value) if isinstance(value, float) else value)
    except (InvalidOperation, TypeError, ValueError) as error:
        raise AnswerError(f"An amount such as 1234.50 was expected, {_what(value)} arrived.") from error
    if not amount.is_finite() or abs(amount.adjusted()) > 20:
        raise AnswerError(f"An ordinary amount was expected, {amount} arrived.")
    return amount if amount else abs(amount)  # there is no amount of minus nothing


def _time(form, value):
    if isinstance(value, str):
        try:
            value = datetime.fromisoformat(value.strip())
        except ValueError as error:
            raise AnswerError(f"{value!r} is no time. Write it so: 2026-03-01T14:05:00Z.") from error
    if not isinstance(value, datetime):
        raise AnswerError(f"A time in UTC was expected, {_what(value)} arrived. Write it so: 2026-03-01T14:05:00Z.")
    if value.tzinfo is None:
        raise AnswerError("The time names no zone. Add Z for UTC: 2026-03-01T14:05:00Z.", "M10")
    try:
        return value.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    except OverflowError as error:
        raise AnswerError(f"{value} lies outside the calendar.") from error


def _choice(form, value):
    given = _text(form, value).upper()
    choice = next((option for option in form["options"] if option.upper() == given), None)
    if choice is None:
        raise AnswerError(f"{value!r} is not one of the choices {', '.join(sorted(form['options']))}.")
    return choice


def _txid(form, value):
    txid = _name(form, value, "txid").lower()
    if not _TXID.fullmatch(txid):
        raise AnswerError(f"{_why_no_txid(txid)} A txid has 64 characters, 0-9 and a-f.")
    return txid


def _why_no_txid(text):
    if "…" in text or "..." in text:
        return f"{text!r} is a shortened name, made for the eye only. Copy the full one."
    if text.isidentifier() and len(text) < 20:
        return f"{text!r} is no txid. If it is a name of this lesson, write it without quotation marks."
    return f"{shortened(text)!r} is no txid: {len(text)} characters arrived."


def _outpoint(form, value):
    txid, colon, vout = _name(form, value, "outpoint").partition(":")
    if not colon and _TXID.fullmatch(txid.lower()):
        raise AnswerError(
            f"{shortened(txid)!r} names a transaction. Add a colon and the number of the output, as in :0."
        )
    txid = _txid(form, txid)
    if not re.fullmatch(r"0|[1-9]\d{0,9}", vout):
        raise AnswerError(f"{vout!r} is no number of an output. An outpoint ends in a colon and a number, as in :0.")
    return f"{txid}:{vout}"


def _name(form, value, kind):
    """A name of the ledger: a text, or a variable of the lesson that holds one."""
    if not isinstance(value, str):
        raise AnswerError(
            f"A full {kind} in quotation marks, or its name in this lesson, was expected; {_what(value)} arrived."
        )
    return value.strip()


def _address(form, value):
    text = _text(form, value)
    if text.isidentifier() and len(text) < 20:
        raise AnswerError(f"{text!r} is no address. If it is a name of this lesson, write it as the task shows.")
    try:
        parse_address(text)
    except CointrailError as error:
        raise AnswerError(str(error)) from error
    return text.lower() if text.lower().startswith("bcrt1") else text


def _account(form, value):
    """An address of the account chain; ``syn:`` is how a page shows it, and no part of it."""
    text = _name(form, value, "address").lower().removeprefix("syn:")
    if not _ACCOUNT.fullmatch(text):
        raise AnswerError(f"{_why_no_hex(text)} An address of the account chain is 0x and 40 characters, 0-9 and a-f.")
    return text


def _account_txid(form, value):
    text = _name(form, value, "txid").lower()
    if not _ACCOUNT_TXID.fullmatch(text):
        raise AnswerError(f"{_why_no_hex(text)} A txid of the account chain is 0x and 64 characters, 0-9 and a-f.")
    return text


def _why_no_hex(text):
    if "…" in text or "..." in text:
        return f"{text!r} is a shortened name, made for the eye only. Copy the full one."
    return f"{shortened(text)!r} is none: {len(text)} characters arrived."


def _text(form, value):
    if not isinstance(value, str) or not value.strip():
        raise AnswerError(f'A text in quotation marks was expected, such as "abc"; {_what(value)} arrived.')
    return value.strip()


def _free_text(form, value):
    """A text of its own, such as the name of a line; never a name that was shortened for the eye."""
    text = _text(form, value)
    if "…" in text:
        raise AnswerError(f"{text!r} is a shortened name, made for the eye only. Copy the full one.")
    return text


def _artefact(form, value):
    """A document stays text; a dict or list made in the notebook is written as JSON."""
    if isinstance(value, (dict, list)):
        try:
            return json.dumps(value, ensure_ascii=False, sort_keys=True)
        except (TypeError, ValueError, RecursionError) as error:
            raise AnswerError(f"The document holds something that JSON cannot write: {error}.") from error
    return _text(form, value)


_SCALARS = {
    "int": _int,
    "decimal": _decimal,
    "tolerance": _decimal,
    "time": _time,
    "choice": _choice,
    "txid": _txid,
    "address": _address,
    "outpoint": _outpoint,
    "account": _account,
    "account_txid": _account_txid,
    "text": _free_text,
    "artefact": _artefact,
}


def _items(form, value, wanted):
    """The members of a list-like answer, each canonical; unanswered members are left out."""
    if isinstance(value, str) or not isinstance(value, (list, tuple, set, frozenset)):
        raise AnswerError(f"A {wanted} was expected, {_what(value)} arrived.")
    _refuse_too_many(value)
    return [_scalar(form["items"], form, member) for member in value if member is not ...]


def _refuse_too_many(value):
    if len(value) > _MOST_ITEMS:
        raise AnswerError(f"{len(value):,} items arrived; at most {_MOST_ITEMS:,} are read.")


def _set(form, value):
    members = _items(form, value, "set such as {a, b}")
    return sorted(set(members))


def _list(form, value):
    members = _items(form, value, "list such as [a, b]")
    if isinstance(value, (set, frozenset)):
        raise AnswerError("Order matters here: write a list [a, b], not a set {a, b}.", "M03")
    if len(set(members)) < len(members):
        raise AnswerError("The list holds the same item twice. Each item counts once.", "M03")
    return members


def _mapping(form, value):
    if not isinstance(value, dict):
        raise AnswerError(f"A mapping such as {{a: 1, b: 2}} was expected, {_what(value)} arrived.")
    _refuse_too_many(value)
    keys, values = form["items"]["key"], form["items"]["value"]
    pairs = {}
    for key, member in value.items():
        if member is not ...:
            name, said = _scalar(keys, form, key), None if member is None else _scalar(values, form, member)
            if pairs.setdefault(name, said) != said:
                raise AnswerError(f"{shortened(name)} stands there twice, with two different values. Keep one of them.")
    return dict(sorted(pairs.items()))


def _partition(form, value):
    """Groups without order; an item may stand in one group only."""
    if isinstance(value, (str, dict)) or not isinstance(value, (list, tuple, set, frozenset)):
        raise AnswerError(f"A list of groups such as [{{a, b}}, {{c}}] was expected, {_what(value)} arrived.")
    _refuse_too_many(value)
    groups = [sorted(set(_items(form, group, "group such as {a, b}"))) for group in value]
    seen = Counter(member for group in groups for member in group)
    twice = min((member for member, times in seen.items() if times > 1), default=None)
    if twice is not None:
        raise AnswerError(f"{shortened(twice)} stands in two groups. Put each item in one group only.")
    return sorted(group for group in groups if group)


_CONTAINERS = {"set": _set, "list": _list, "ranked": _list, "mapping": _mapping, "partition": _partition}


def _unit(form):
    return form.get("unit", "numbers")


def _of_unit(form):
    return f" of {form['unit']}" if form.get("unit") else ""


def _what(value):
    names = {str: "a text", float: "a number with a decimal point", int: "a whole number", dict: "a mapping"}
    names |= {list: "a list", tuple: "a list", set: "a set", frozenset: "a set", datetime: "a time"}
    if type(value).__name__ == "DataFrame":
        return "a whole table"
    return names.get(type(value), f"something of type {type(value).__name__}")


def shortened(text):
    """A value as a person reads it: long ids by both ends, with the vout after the colon; thousands apart."""
    text = str(text)
    if re.fullmatch(r"-?[0-9]{4,100}", text):
        return f"{int(text):,}"
    head, colon, tail = text.partition(":")
    tail = _ends_of(tail) if len(tail) > _LONGEST else tail
    return f"{_ends_of(head)}{colon}{tail}" if len(head) > 24 else f"{head}{colon}{tail}"


def _ends_of(text):
    return f"{text[:6]}…{text[-6:]}"


def _count(parts, one, many):
    return f"{len(parts)} {one if len(parts) == 1 else many}"


def _listed(parts, most=6):
    parts = list(parts)
    return ", ".join(parts[:most]) + (f" and {len(parts) - most} more" if len(parts) > most else "")
