"""Do two vendor names belong together? Every sign in a table, with what it is worth, and two ways to group names.

Signs differ in what they cost to fake. A public key, a name and a style of page can be copied by an impersonator. A
valid signature over a text of one's own cannot be made without the secret key. Between them lie signs that somebody
leaves without meaning to (an e-mail, a camera, hours, a way of writing): each is shared with strangers, two or more of
different kinds are a lead. A lead is where to look; only signatures are for the court, and they name a key, no person.
"""

import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from itertools import combinations

import pandas as pd

from cointrail.errors import CointrailError
from cointrail.evidence.signatures import check_signature, signed_text
from cointrail.evidence.writing import hours_overlap, text_similarity

__all__ = ["SIGNS", "Vendor", "count_signs", "court_partition", "lead_partition", "link_features"]

# What each sign is worth: "court", "lead", or "copied" (anybody can put it on a page, so that it never counts).
SIGNS = {
    "signature": "court",
    "e-mail": "lead",
    "camera": "lead",
    "hosting": "lead",
    "style": "lead",
    "hours": "lead",
    "key shown": "copied",
    "name": "copied",
}
STYLE_ALIKE, HOURS_ALIKE, FEWEST_POSTS = 0.5, 0.6, 20


@dataclass(frozen=True)
class Vendor:
    """One name on one market, and what was captured of it.

    Attributes
    ----------
    handle : str
    keys : str
        The public key blocks that its pages show.
    notices : tuple of str
        Its signed notices, as captured.
    texts : tuple of str
        Its listings and posts, unsigned.
    times : tuple of datetime
        When it posted, with a zone.
    emails, cameras, hosting : frozenset of str
        E-mail addresses, serial numbers of cameras in photo metadata, customers of hosting records. What a page merely
        claims is no such record; the e-mail inside a shown key can be copied with it and does not belong here.
    """

    handle: str
    keys: str = ""
    notices: tuple[str, ...] = ()
    texts: tuple[str, ...] = ()
    times: tuple = ()
    emails: frozenset[str] = field(default_factory=frozenset)
    cameras: frozenset[str] = field(default_factory=frozenset)
    hosting: frozenset[str] = field(default_factory=frozenset)


def link_features(one: Vendor, other: Vendor, *, others: Iterable[Vendor] = ()) -> pd.DataFrame:
    """Every sign that two names may share.

    Parameters
    ----------
    one, other : Vendor
    others : iterable of Vendor
        More names of the same place: what everybody writes there weighs less, a style counts only where the two are
        nearer to each other than to any of them, and a signed text on a third page may have been copied.

    Returns
    -------
    DataFrame
        One row for each sign of `SIGNS`: sign, worth ("court", "lead" or "copied"), agrees (bool, or missing where one
        side has nothing to compare) and shown (what was compared, in words).

    Raises
    ------
    CointrailError
        Both are one name, or a public key is damaged.

    Notes
    -----
    A signature agrees where each of the two has a text of its own that the same key confirms. A text that stands on
    several pages, word for word, was copied from one to the others: it counts only for a name that it names itself.

    Examples
    --------
    >>> one, other = (Vendor(name, emails=frozenset({"box7@mail.example"})) for name in ("gate", "moor"))
    >>> table = link_features(one, other)
    >>> table.loc[table["agrees"].fillna(False), "sign"].tolist()
    ['e-mail']
    """
    if one.handle == other.handle:
        raise CointrailError(f"{one.handle} is one name: compare two.")
    others = [vendor for vendor in others if vendor.handle not in (one.handle, other.handle)]
    found = {
        "signature": _signatures(one, other, others),
        "e-mail": _shared(one.emails, other.emails),
        "camera": _shared(one.cameras, other.cameras),
        "hosting": _shared(one.hosting, other.hosting),
        "style": _style(one, other, others),
        "hours": _hours(one, other),
        "key shown": _shared(_blocks(one.keys), _blocks(other.keys), "the same key block"),
        "name": _name(one.handle, other.handle),
    }
    rows = [(sign, worth, *found[sign]) for sign, worth in SIGNS.items()]
    table = pd.DataFrame(rows, columns=["sign", "worth", "agrees", "shown"])
    return table.astype({"agrees": "boolean"})


def count_signs(features: pd.DataFrame) -> int:
    """How many signs count for a lead: those that agree, without what anybody can copy.

    Examples
    --------
    >>> one, other = Vendor("gate", cameras=frozenset({"C1"})), Vendor("gate2", cameras=frozenset({"C1"}))
    >>> count_signs(link_features(one, other))
    1
    """
    return int((features["agrees"].fillna(False) & (features["worth"] != "copied")).sum())


def lead_partition(vendors: Iterable[Vendor], *, signs: int = 2) -> list[set[str]]:
    """Names grouped for an investigation: pairs with a signature, or with so many signs of different kinds.

    Raises
    ------
    CointrailError
        A name stands there twice, or `signs` is below 1.

    References
    ----------
    Tai, Soska and Christin, KDD 2019, match vendors over markets in this spirit, with precision and recall above 75 %.
    """
    if signs < 1:
        raise CointrailError(f"signs={signs}: a pair needs at least one sign.")
    return _groups(vendors, lambda table: _has_signature(table) or count_signs(table) >= signs)


def court_partition(vendors: Iterable[Vendor]) -> list[set[str]]:
    """Names grouped by valid signatures alone: what can be shown to a court, as control of one key."""
    return _groups(vendors, _has_signature)


def _groups(vendors, joins):
    vendors = list(vendors)
    groups = [{vendor.handle} for vendor in vendors]
    if len(set().union(*groups)) < len(vendors):
        raise CointrailError("A name stands there twice: join its records into one Vendor first.")
    for one, other in combinations(vendors, 2):
        if joins(link_features(one, other, others=vendors)):
            touched = [group for group in groups if group & {one.handle, other.handle}]
            groups = [group for group in groups if group not in touched] + [set().union(*touched)]
    return sorted(groups, key=lambda group: (-len(group), min(group)))


def _has_signature(table):
    return bool(table.loc[table["sign"] == "signature", "agrees"].fillna(False).iloc[0])


def _signatures(one, other, others):
    if not (one.notices and other.notices and one.keys + other.keys):
        return None, "no signed notice to compare"
    keys = one.keys + "\n" + other.keys
    pages = Counter(text for vendor in (one, other, *others) for text in {signed_text(one) for one in vendor.notices})
    own, copied = [], False
    for side in (one, other):
        valid = {signed_text(text): check_signature(text, keys) for text in side.notices}
        bound = {text for text in valid if pages[text] == 1 or _names(text, side.handle)}
        copied |= any(valid[text] for text in valid.keys() - bound)
        own.append({valid[text] for text in bound} - {None})
    if shared := sorted(own[0] & own[1]):
        return True, f"texts of both confirmed by the key ...{shared[0][-16:]}"
    return False, "the same signed text on several pages" if copied else "no key confirms texts of both"


def _names(text, handle):
    return re.search(rf"(?<!\w){re.escape(handle)}(?!\w)", text) is not None


def _shared(mine, theirs, what=None):
    if not mine or not theirs:
        return None, "nothing to compare"
    common = sorted(set(mine) & set(theirs))
    return bool(common), (what or ", ".join(common)) if common else "different"


def _blocks(keys):
    """Key blocks without the blanks around their lines, so that copies compare as equal."""
    parts = keys.split("-----BEGIN PGP PUBLIC KEY BLOCK-----")[1:]
    return {"".join(part.partition("-----END")[0].split()) for part in parts}


def _style(one, other, others):
    texts = {vendor.handle: " ".join(vendor.texts) for vendor in (one, other, *others) if vendor.texts}
    if one.handle not in texts or other.handle not in texts:
        return None, "no text to compare"
    alike = text_similarity(texts)
    near = alike.loc[one.handle, other.handle]
    rest = [name for name in texts if name not in (one.handle, other.handle)]
    rival = max((alike.loc[name, rest].max() for name in (one.handle, other.handle)), default=0) if rest else 0
    return bool(near >= STYLE_ALIKE and near > rival), f"similarity {near:.2f}, to the next name {rival:.2f}"


def _hours(one, other):
    if min(len(one.times), len(other.times)) < FEWEST_POSTS:
        return None, f"fewer than {FEWEST_POSTS} posts"
    overlap = hours_overlap(one.times, other.times)
    return bool(overlap >= HOURS_ALIKE), f"{overlap:.0%} of the hours overlap"


def _name(one, other):
    short, long = sorted((one.lower(), other.lower()), key=len)
    alike = len(short) >= 4 and short in long
    return bool(alike), "one name stands in the other" if alike else "different"
