"""From a table of attributions and a level for each to a TagPack or to DW-VA: what was withdrawn, or not answered, is
left out.
"""

from collections.abc import Mapping

import pandas as pd
import yaml

from cointrail.errors import CointrailError
from cointrail.tracing.dwva import dwva_document
from cointrail.tracing.tagpack import check_tagpack

__all__ = ["dwva_text", "tagpack_of", "tagpack_text"]

WITHDRAWN = "withdraw"


def tagpack_of(
    table: pd.DataFrame, levels: Mapping, *, title: str, creator: str, currency: str = "SYNBTC"
) -> dict | None:
    """A checked TagPack from a table of attributions.

    Parameters
    ----------
    table : DataFrame
        Columns name, address, label and exhibit (the source).
    levels : mapping
        Name -> level of confidence, in any case of letters, or ``"withdraw"``. Names that are missing, or whose level
        is `...` or None, are left out.
    title, creator : str
    currency : str
        A made-up code, such as ``"SYNBTC"``.

    Returns
    -------
    dict or None
        The pack, every tag whole; None where no tag is left.

    Raises
    ------
    CointrailError
        A column is missing, or as in `check_tagpack`: a level that does not exist, for example.

    Examples
    --------
    >>> table = pd.DataFrame({"name": ["S1"], "address": ["bcrt1qzyg3zyg3zyg3zyg3zyg3zyg3zyg3zyg3lgth6c"],
    ...                       "label": ["greyfinch, listing"], "exhibit": ["E01"]})
    >>> tagpack_of(table, {"S1": "WEB_CRAWL"}, title="Day 3", creator="Unit 5")["tags"][0]["confidence"]
    'web_crawl'
    """
    missing = {"name", "address", "label", "exhibit"} - set(table.columns)
    if missing:
        raise CointrailError(f"The table of attributions has no column {sorted(missing)[0]!r}.")
    tags = [
        {"address": row.address, "label": row.label, "source": f"exhibit {row.exhibit}", "confidence": level}
        for row, level in _kept(table, levels)
    ]
    if not tags:
        return None
    return check_tagpack({"title": title, "creator": creator, "currency": currency, "tags": tags})


def tagpack_text(table: pd.DataFrame, levels: Mapping, *, title: str, creator: str, currency: str = "SYNBTC") -> str:
    """The pack of `tagpack_of` as YAML; where there is none, or not yet a valid one, a sentence that says why.

    Examples
    --------
    >>> table = pd.DataFrame({"name": [], "address": [], "label": [], "exhibit": []})
    >>> tagpack_text(table, ..., title="Day 3", creator="Unit 5")
    'No tag is left, so there is no TagPack.'
    """
    try:
        pack = tagpack_of(table, levels, title=title, creator=creator, currency=currency)
    except CointrailError as error:
        return f"There is no valid TagPack yet. {error}"
    if pack is None:
        return "No tag is left, so there is no TagPack."
    return yaml.safe_dump(pack, sort_keys=False, allow_unicode=True, width=100)


def dwva_text(table: pd.DataFrame, levels: Mapping, concepts: Mapping, *, currency: str = "SYNBTC") -> str:
    """The tags that stay, said in the words of INTERPOL's DW-VA taxonomy, as JSON-LD; or a sentence that says why not.

    Parameters
    ----------
    table, levels
        As in `tagpack_of`.
    concepts : mapping
        Name of an attribution -> concept of the taxonomy, such as ``"vendor"``.
    currency : str
        A made-up code, such as ``"SYNBTC"``.

    Examples
    --------
    >>> table = pd.DataFrame({"name": ["S1"], "address": ["bcrt1qzyg3zyg3zyg3zyg3zyg3zyg3zyg3zyg3lgth6c"]})
    >>> "entities#vendor" in dwva_text(table, {"S1": "web_crawl"}, {"S1": "vendor"})
    True
    """
    kept = [row for row, _ in _kept(table, levels)]
    if not kept:
        return "No tag is left, so there is nothing to say."
    said = {"currency": currency, "subject": [row.address for row in kept]}
    try:
        return dwva_document(pd.DataFrame(said | {"concept": [concepts.get(row.name, "") for row in kept]}))
    except CointrailError as error:
        return f"There are no valid statements yet. {error}"


def _kept(table, levels):
    """The rows with a level that is not withdrawn, each with its level in small letters."""
    given = levels if isinstance(levels, Mapping) else {}
    for row in table.itertuples():
        level = given.get(row.name)
        if isinstance(level, str) and level.strip().lower() != WITHDRAWN:
            yield row, level.strip().lower()
