"""INTERPOL's DW-VA taxonomy: common words for what somebody is on the dark web or with virtual assets, and their IRIs.

A word that two agencies share lets their tags be joined. The table holds the concepts that the course uses, with the
identifiers of the taxonomy as they are: some with hyphens, some with underscores. It has no word for drug trafficking;
for that a TagPack carries GraphSense's concept ``drugs``.
"""

import difflib
import json
from pathlib import Path
from typing import NamedTuple

import pandas as pd

from cointrail.errors import CointrailError
from cointrail.ledger.model import read_txid
from cointrail.tracing.accounts import account_address
from cointrail.tracing.outputs import canonical_address

__all__ = ["DWVA", "Concept", "dwva_concept", "dwva_document", "read_dwva", "write_dwva"]

_SITE = "https://interpol-innovation-centre.github.io/DW-VA-Taxonomy/taxonomies/"
_SUBJECT = "http://purl.org/dc/terms/subject"
_GROUPS = {
    "actor": "vendor customer administrator moderator money_mule virtual_asset_service_provider shop_owner authorities "
    "victim",
    "service": "dark_market darknet_forum exchange dex escrow tumbler coin_swapping crypto_atm shop dead_drop defi",
    "technology": "coinjoin bridge hidden_service dot_onion smart_contract peer_to_peer_exchange "
    "pgp_pretty_good_privacy hierarchically_deterministic_wallets",
    "process": "multisig fe_finalize_early exit-scam takedown_notice",
    "asset": "hosted-wallet unhosted-wallet hardware_wallet software_wallet",
    "abuse": "scam sextortion phishing service_hack ransomware ponzi_scheme",
}
# The same thing in GraphSense's taxonomy, where it has a word for it.
_GRAPHSENSE = {
    "dark_market": "market",
    "exchange": "exchange",
    "dex": "defi_dex",
    "bridge": "defi_bridge",
    "tumbler": "mixing_service",
    "coinjoin": "coinjoin",
    "crypto_atm": "atm",
    "customer": "user",
    "victim": "victim",
}


class Concept(NamedTuple):
    """A word of the taxonomy.

    Attributes
    ----------
    id : str
    group : str
        actor, service, technology, process, asset or abuse, as the course sorts them.
    iri : str
        Its identifier for everybody.
    graphsense : str
        The concept of GraphSense's TagPacks that means the same; empty where there is none.
    """

    id: str
    group: str
    iri: str
    graphsense: str


DWVA = {
    name: Concept(
        name, group, f"{_SITE}{'abuses' if group == 'abuse' else 'entities'}#{name}", _GRAPHSENSE.get(name, "")
    )
    for group, names in _GROUPS.items()
    for name in names.split()
}


def dwva_concept(name: str) -> Concept:
    """A concept by its id or its IRI.

    Raises
    ------
    CointrailError
        The course's table has no such concept; near ones are named.

    References
    ----------
    INTERPOL Innovation Centre, Dark Web and Virtual Assets taxonomy: entities version 0.3 (2022-01-21), abuses version
    0.1 (2020-03-31).

    Examples
    --------
    >>> dwva_concept("tumbler").iri.rsplit("/", 1)[1], dwva_concept("tumbler").graphsense
    ('entities#tumbler', 'mixing_service')
    """
    text = name.strip() if isinstance(name, str) else ""
    found = DWVA.get(text.removeprefix(_SITE).rpartition("#")[2])
    if found and text in (found.id, found.iri):
        return found
    near = ", ".join(difflib.get_close_matches(text.rpartition("#")[2], DWVA, n=3)) or "see DWVA"
    raise CointrailError(f"{name!r} is no concept of the course's DW-VA table. Near: {near}.")


def write_dwva(statements: pd.DataFrame, file: Path | str) -> None:
    """Write what is said about addresses and transactions, as JSON-LD that any RDF tool reads.

    Parameters
    ----------
    statements : DataFrame
        Columns currency (SYNBTC or another made-up code), subject (an address or a txid) and concept (an id or IRI).
    file : path

    Raises
    ------
    CointrailError
        A column is missing, a concept is unknown, a code is none of the course's, or a subject of SYNBTC or SYNEVM is
        not valid.
    """
    Path(file).write_text(dwva_document(statements), encoding="utf-8")


def dwva_document(statements: pd.DataFrame) -> str:
    """The text that `write_dwva` writes; the same parameters and errors.

    Examples
    --------
    >>> said = pd.DataFrame({"currency": ["SYNBTC"], "subject": ["00" * 32], "concept": ["coinjoin"]})
    >>> json.loads(dwva_document(said))["@graph"][0]["@id"][:14]
    'urn:SYNBTC:000'
    """
    rows = _checked(statements)
    graph = [
        {"@id": f"urn:{currency}:{subject}", _SUBJECT: [{"@id": DWVA[name].iri} for name in sorted(part["concept"])]}
        for (currency, subject), part in rows.groupby(["currency", "subject"], sort=True)
    ]
    # No remote context: a reader needs no network, and nobody learns who reads it.
    return json.dumps({"@graph": graph}, indent=1) + "\n"


def read_dwva(file: Path | str) -> pd.DataFrame:
    """Read what `write_dwva` wrote, with the same checks; columns currency, subject and concept (id), sorted.

    Raises
    ------
    CointrailError
        The file is missing or is no such JSON-LD, or as in `write_dwva`.
    """
    try:
        graph = json.loads(Path(file).read_text(encoding="utf-8"))["@graph"]
        rows = [(*one["@id"].split(":", 2)[1:], word["@id"]) for one in graph for word in one[_SUBJECT]]
        table = pd.DataFrame(rows, columns=["currency", "subject", "concept"], dtype=object)
    except (OSError, ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
        raise CointrailError(f"{file} holds no DW-VA statements: {error}. Write them with write_dwva.") from error
    return _checked(table)


def _checked(statements):
    if missing := [name for name in ("currency", "subject", "concept") if name not in statements.columns]:
        raise CointrailError(f"The statements have no column {missing[0]!r}: they need currency, subject, concept.")
    rows = [_row(number, one) for number, one in enumerate(statements.itertuples(index=False), 1)]
    table = pd.DataFrame(rows, columns=["currency", "subject", "concept"], dtype=object)
    return table.drop_duplicates().sort_values(["currency", "subject", "concept"], ignore_index=True)


def _row(number, one):
    try:
        return one.currency, _subject(one.currency, one.subject), dwva_concept(one.concept).id
    except CointrailError as error:
        raise CointrailError(f"Statement {number}: {error}") from error


def _subject(currency, subject):
    if not (isinstance(currency, str) and currency.startswith("SYN") and currency.isalpha() and currency.isupper()):
        raise CointrailError(f"{currency!r} is no code of the course: SYNBTC, SYNEVM.")
    if not isinstance(subject, str) or not subject.strip() or set(subject) & set(' <>"{}|\\^`\n'):
        raise CointrailError(f"{subject!r} is no address or txid.")
    if currency == "SYNBTC":
        return read_txid(subject) if len(subject.strip()) == 64 else canonical_address(subject)
    if currency == "SYNEVM" and len(subject.strip()) != 66:
        return account_address(subject)
    return subject.strip()
