"""TagPacks: attribution tags with their source and confidence, in the YAML that GraphSense's tools read.

A tag says who claims what about an address or a transaction, how it was learned, and how much that is worth. What
stands in the pack's head is inherited by every tag that does not say otherwise. The course's ledgers carry a made-up
currency code (SYNBTC, ...), so that no tag of the course can pass for one of a real coin.

Stricter than the tool on purpose: a tag without confidence is refused (there it becomes the lowest, with a warning).
"""

from datetime import UTC, date, datetime
from pathlib import Path

import jsonschema
import yaml

from cointrail.errors import CointrailError
from cointrail.ledger.model import read_txid
from cointrail.tracing.outputs import canonical_address
from cointrail.tracing.tagpack_schema import CONCEPTS, CONFIDENCE, FORM, HEAD, INHERITED, MUST, TAG, TAGPACK_SCHEMA

__all__ = ["CONCEPTS", "CONFIDENCE", "TAGPACK_SCHEMA", "check_tagpack", "read_tagpack", "write_tagpack"]

_LARGEST = 1_000_000
_MOST_VALUES = 200_000


def check_tagpack(pack: dict) -> dict:
    """The pack with every inherited value written into its tags, once all is in order.

    A tag's own value replaces the head's; a missing network is the currency's code. Addresses and txids of SYNBTC are
    checked and put into their usual form; those of other codes are taken as they are.

    Parameters
    ----------
    pack : dict
        title, creator, tags, and any field that the tags inherit. lastmod is a date, or a time with a zone.

    Returns
    -------
    dict
        Only the pack's own fields in the head; tags in the order given. lastmod is ISO text (UTC).

    Raises
    ------
    CointrailError
        A field is missing, unknown or wrong, an address is not valid or of another network, or two tags agree in
        subject, currency, network, label and source.

    Examples
    --------
    >>> tag = {"address": "bcrt1qzyg3zyg3zyg3zyg3zyg3zyg3zyg3zyg3lgth6c", "label": "greyfinch, listing"}
    >>> pack = {"title": "Day 3", "creator": "Unit 5", "source": "E06", "currency": "SYNBTC",
    ...         "confidence": "web_crawl", "tags": [tag]}
    >>> check_tagpack(pack)["tags"][0]["network"]
    'SYNBTC'
    """
    pack = _plain(pack, (), [0])
    error = jsonschema.exceptions.best_match(jsonschema.Draft202012Validator(FORM).iter_errors(pack))
    if error:
        raise CointrailError(f"{_place(error.absolute_path)}: {error.message}. Correct it and read the TagPack again.")
    inherited = {name: pack[name] for name in INHERITED if name in pack}
    tags = [_whole_tag(tag, inherited, number) for number, tag in enumerate(pack["tags"], 1)]
    _need_no_doubles(tags)
    return {**{name: pack[name] for name in HEAD if name in pack}, "tags": tags}


def _plain(value, above, count):
    """Copy of plain data with times as text; what contains itself, or grows without end through aliases, is refused."""
    count[0] += 1
    if id(value) in above:
        raise CointrailError("The TagPack inherits from itself: a part of it contains that same part. Write it out.")
    if count[0] > _MOST_VALUES:
        raise CointrailError(f"The TagPack has more than {_MOST_VALUES:,} values: split it, or write out its aliases.")
    if isinstance(value, _Include):
        raise CointrailError(f"{value.name!r} is included where no header stands: only 'header: !include' is read.")
    above = (*above, id(value))
    if isinstance(value, dict):
        return {_plain(key, above, count): _plain(item, above, count) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(item, above, count) for item in value]
    if isinstance(value, datetime):
        if value.tzinfo is None:
            raise CointrailError(f"The time {value} names no zone: write 2026-03-20T02:30:00Z, or only the date.")
        return value.astimezone(UTC).isoformat().replace("+00:00", "Z")
    return value.isoformat() if isinstance(value, date) else value


def _place(path):
    path = list(path)
    if path[:1] == ["tags"] and len(path) > 1:
        return f"Tag {path[1] + 1}" + (f", field {path[2]}" if len(path) > 2 else "")
    return f"The TagPack's field {path[0]}" if path else "The TagPack"


def _whole_tag(tag, inherited, number):
    whole = {**inherited, **tag}
    if missing := [name for name in MUST if name not in whole]:
        raise CointrailError(f"Tag {number} has no {missing[0]}, and the head of the TagPack gives none: add it.")
    whole.setdefault("network", whole["currency"])
    try:
        if whole["currency"] == "SYNBTC" and "address" in whole:
            whole["address"] = canonical_address(whole["address"])
        elif whole["currency"] == "SYNBTC":
            whole["tx_hash"] = read_txid(whole["tx_hash"])
        if "lastmod" in whole:
            datetime.fromisoformat(whole["lastmod"])
    except (CointrailError, ValueError) as error:
        raise CointrailError(f"Tag {number}: {error}") from error
    return {name: whole[name] for name in TAG["properties"] if name in whole}


def _need_no_doubles(tags):
    seen = {}
    for number, tag in enumerate(tags, 1):
        subject = ("address", tag["address"]) if "address" in tag else ("tx_hash", tag["tx_hash"])
        key = (subject, *(tag[name] for name in ("currency", "network", "label", "source")))
        if key in seen:
            raise CointrailError(
                f"Tag {number} repeats tag {seen[key]}: same {subject[0]}, currency, network, label and source. "
                "Keep one."
            )
        seen[key] = number


def read_tagpack(file: Path | str) -> dict:
    """Read a TagPack; the result and the errors of `check_tagpack`, and those of the file.

    ``header: !include other.yaml`` takes the head from a file in the same folder; the pack's own values replace its.

    Raises
    ------
    CointrailError
        The file cannot be read, is no YAML, says a key twice, includes itself, or is no TagPack.
    """
    file = Path(file)
    try:
        return check_tagpack(_load(file, ()))
    except CointrailError as error:
        raise CointrailError(f"{file.name}: {error}") from error


def _load(file, above):
    if file.resolve() in above:
        raise CointrailError(f"{file.name} includes itself, over {len(above)} step(s): break the circle.")
    try:
        text = file.read_bytes()
        if len(text) > _LARGEST:
            raise CointrailError(f"{file.name} is larger than {_LARGEST:,} bytes: split it.")
        pack = yaml.load(text.decode("utf-8"), Loader=_Loader)
    except (OSError, ValueError, RecursionError) as error:
        raise CointrailError(f"{file.name} cannot be read: {error}.") from error
    except yaml.YAMLError as error:
        raise CointrailError(f"{file.name} is no YAML that can be read: {' '.join(str(error).split())}.") from error
    if not isinstance(pack, dict):
        raise CointrailError(f"{file.name} holds no fields such as title and tags.")
    header = pack.pop("header", {})
    if isinstance(header, _Include):
        header = _load(_beside(file, header.name), (*above, file.resolve()))
    if not isinstance(header, dict):
        raise CointrailError(f"The header of {file.name} is no list of fields: write 'header: !include other.yaml'.")
    return {**header, **pack}


def _beside(file, name):
    if not name or Path(name).name != name or "\\" in name:
        raise CointrailError(f"{file.name} includes {name!r}: only a file of the same folder can be included.")
    return file.with_name(name)


class _Include:
    """The name of an included file; no text, so that it cannot pass for a value."""

    def __init__(self, name):
        self.name = name


class _Loader(yaml.SafeLoader):
    """YAML's safe loader, but a key said twice is an error: PyYAML would take the last, silently."""

    def construct_mapping(self, node, deep=False):
        own = [key.value for key, _ in node.value if key.tag != "tag:yaml.org,2002:merge"]
        if doubled := [key for key in own if isinstance(key, str) and own.count(key) > 1]:
            raise yaml.constructor.ConstructorError(
                None, None, f"the key {doubled[0]!r} stands there twice", node.start_mark
            )
        return super().construct_mapping(node, deep)


_Loader.add_constructor("!include", lambda loader, node: _Include(loader.construct_scalar(node)))


def write_tagpack(pack: dict, file: Path | str) -> None:
    """Check a pack and write it as YAML, every tag whole; the same pack gives the same bytes."""
    whole = check_tagpack(pack)
    # The tool wants lastmod as a YAML date or time, which a text in quotes is not.
    for tag in whole["tags"]:
        if "lastmod" in tag:
            kind = datetime if "T" in tag["lastmod"] else date
            tag["lastmod"] = kind.fromisoformat(tag["lastmod"])
    Path(file).write_bytes(yaml.safe_dump(whole, sort_keys=False, allow_unicode=True, width=100).encode())
