"""How much of one deposit is proceeds? Ten sales, one deposit at an exchange, four rules and a statute that chooses.

The deposit is drawn so that the rules give clearly different numbers: then the choice is the question, not the sum.
"""

from functools import lru_cache

import pandas as pd

from cointrail.errors import CointrailError
from cointrail.tracing import compare_taint, fifo, haircut
from cointrail.tracing.arrays import ledger_arrays
from cointrail.world.dockets.cast import ANSWERS, CELL
from cointrail.world.dockets.paper import Paper, Subject, csv_paper, text_paper
from cointrail.world.dockets.source import Records, Source

__all__ = ["make", "make_shared"]

SALES = 10
# A custodian's books say who was paid behind these addresses; the trail ends there.
CUSTODIANS = ("northpier", "kestrel", "cindermoor", "swaplark", "drizzle", "quayside", "payberth", "oddlight")
EXCHANGES = ("northpier", "kestrel", "cindermoor")
RULES = ("haircut", "fifo", "lifo")
LETTERS = "ABCDE"

SENTENCES = {
    "honest": "Under section 12, first in first out, F satoshi of deposit D count as proceeds of the ten sales. "
    "Another rule would give another number.",
    "whole": "Deposit D is proceeds of the ten sales.",
    "average": "Because the coins were mixed, H satoshi of deposit D, its proportional share, count as proceeds in "
    "ARVANIA.",
    "person": "The holder of the account received F satoshi of drug money.",
    "same coins": "First in first out shows which coins of deposit D really are the coins that the buyers paid.",
}


def make(source: Source) -> Subject:
    """Papers E41a, E41b and E41d, and the facts of the deposit under every rule."""
    sales, deposit, table, stops = _case(source)
    reached = sorted(set(table.loc[table["state"] == "stopped", "address"]))
    row = table[table["outpoint"] == deposit].iloc[0]
    outpoints = [outpoint for _, outpoint, _ in sales]
    by_haircut = haircut(source.ledger, outpoints, stop=reached)
    order = source.stream("taint/sentences").shuffled(sorted(SENTENCES))
    letters = dict(zip(order, LETTERS, strict=True))
    facts = {
        "sales": outpoints,
        "deposit": deposit,
        "value": int(row["value"]),
        "at_deposit": {rule: int(row[rule]) for rule in ("poison", *RULES)},
        "sources": by_haircut.sources,
        "ended": by_haircut.ended,
        "passed_on": int(by_haircut.table.loc[by_haircut.table["state"] == "spent", "taint"].sum()),
        "rounded_down": _rounded_down(source, outpoints, stops),
        "fifo_ended": fifo(source.ledger, outpoints, stop=reached).ended,
        "sentence": letters,
    }
    asked = f"Analysis order of the prosecutor {source.cast.order_number('AO', 1)}"
    papers = [
        _sales_paper(asked, sales, deposit, row),
        _stops_paper(asked, reached),
        _sentences_paper(asked, order, letters),
    ]
    return Subject(papers, facts)


def make_shared(records: Records) -> list[Paper]:
    """The statutes of the three states on mixed value, as the course quotes them."""
    return [_statute()]


def _case(source: Source):
    """Ten sales in a row and a deposit of the vendor that the rules divide clearly."""
    deposits, stops = _deposits(source.records, source.vendor["vendor"]), _stops(source.records)
    sources = source.of("sources")
    sales = sources[sources["sale"].str.startswith("D")].reset_index(drop=True)
    best = None
    for start in range(len(sales) - SALES + 1):
        rows = [
            (row.sale, f"{row.transaction_hash}:{row.index_}", row.value)
            for row in sales.iloc[start : start + SALES].rename(columns={"index": "index_"}).itertuples()
        ]
        table = compare_taint(source.ledger, [outpoint for _, outpoint, _ in rows], stop=stops)
        found = table[table["outpoint"].isin(deposits)]
        for row in found.itertuples():
            apart = _apart(row)
            if best is None or apart > best[0]:
                best = apart, rows, row.outpoint, table
    if best is None or best[0] <= 0:
        raise CointrailError(f"Docket {source.letter}: no deposit is divided clearly by the taint rules.")
    return best[1], best[2], best[3], stops


def _apart(row) -> int:
    """How far haircut and FIFO lie apart, in satoshi per million of the deposit; 0 where two rules agree.

    A rule that gives all or nothing would make the question trivial: that counts as 0 too.
    """
    values = [int(getattr(row, rule)) for rule in RULES]
    if len(set(values)) < len(RULES) or min(values) <= 0 or max(values) >= row.value:
        return 0
    return abs(int(row.haircut) - int(row.fifo)) * 1_000_000 // int(row.value)


@lru_cache(maxsize=2)
def _stops(records: Records) -> tuple[str, ...]:
    """Deposit addresses of all custodians."""
    book = records.truth_table("custodian_book")
    paid = book[(book["kind"] == "deposit") & book["custodian"].isin(CUSTODIANS)]
    outputs = records.ledger.outputs.merge(paid[["transaction_hash", "index"]].drop_duplicates())
    return tuple(sorted({name for names in outputs["addresses"] for name in names}))


def _deposits(records: Records, vendor: str) -> set[str]:
    book = records.truth_table("custodian_book")
    mine = book[(book["customer"] == vendor) & (book["kind"] == "deposit") & book["custodian"].isin(EXCHANGES)]
    return set(mine["transaction_hash"] + ":" + mine["index"].astype(str))


def _rounded_down(source: Source, outpoints: list[str], stops: tuple[str, ...]) -> dict[str, int]:
    """Haircut with every share rounded down (M25): where it ends, and what is lost on the way."""
    view, ledger = ledger_arrays(source.ledger), source.ledger
    stop = set(stops)
    marks, ended = {}, {"unspent": 0, "stopped": 0, "fees": 0}
    names = ledger.outputs["transaction_hash"] + ":" + ledger.outputs["index"].astype(str)
    places = dict(zip(names[names.isin(outpoints)], names.index[names.isin(outpoints)], strict=True))
    sources = {places[outpoint]: int(view.output_value[places[outpoint]]) for outpoint in outpoints}
    marks |= sources
    for t in range(int(view.output_tx[min(sources)]), len(view.height)):
        spent = view.spent_output[view.input_start[t] : view.input_start[t + 1]].tolist()
        dirty = sum(marks.get(coin, 0) for coin in spent if coin in sources or not _stopped(view, coin, stop))
        total = sum(int(view.output_value[coin]) for coin in spent)
        for coin in range(int(view.output_start[t]), int(view.output_start[t + 1])) if dirty else ():
            if coin not in sources:
                marks[coin] = dirty * int(view.output_value[coin]) // total
        if dirty:
            made = sum(
                int(view.output_value[c]) for c in range(int(view.output_start[t]), int(view.output_start[t + 1]))
            )
            ended["fees"] += dirty * (total - made) // total
    for coin, mark in marks.items():
        if coin not in sources and _stopped(view, coin, stop):
            ended["stopped"] += mark
        elif view.spent_by[coin] < 0:
            ended["unspent"] += mark
    return ended


def _stopped(view, coin: int, stop: set[str]) -> bool:
    address = view.output_address[coin]
    return address >= 0 and view.addresses[address] in stop


def _register(authority: str, title: str, **other) -> dict:
    return {
        "title": title,
        "source": CELL,
        "acquired": f"{ANSWERS}T12:00:00Z",
        "authority": authority,
        "reliability": "A2",
    } | other


def _sales_paper(asked: str, sales: list[tuple], deposit: str, row: pd.Series) -> Paper:
    rows = [("sale", *sale) for sale in sales] + [("deposit D", "-", deposit, int(row["value"]))]
    links = tuple(("outpoint", one[2]) for one in rows)
    title = "Ten sales, and the deposit that the court asks about"
    return csv_paper(
        "E41a", "ten_sales.csv", ["kind", "sale", "outpoint", "value"], rows, links=links, **_register(asked, title)
    )


def _stops_paper(asked: str, reached: list[str]) -> Paper:
    rows = [(address, "deposit address of a service") for address in reached]
    links = tuple(("address", address) for address in reached)
    title = "Addresses on the trail that services named as theirs"
    source = "Answers of NORTHPIER, KESTREL and other services"
    return csv_paper(
        "E41b",
        "service_addresses.csv",
        ["address", "note"],
        rows,
        links=links,
        **_register(asked, title, source=source),
    )


def _sentences_paper(asked: str, order: list[str], letters: dict[str, str]) -> Paper:
    rows = [(letters[name], SENTENCES[name]) for name in order]
    return csv_paper(
        "E41d", "five_sentences.csv", ["sentence", "text"], rows, **_register(asked, "Five sentences for the judge")
    )


def _statute() -> Paper:
    text = """MIXED VALUE IN THE LAW OF THREE INVENTED STATES

ARVANIA, Proceeds Act 2021, section 12 (mixed value)
  (1) Where proceeds are mixed with other value, what was received first counts
      as paid out first.
  (2) The rule is a rule of counting. It does not say which unit is which.
  (3) A fee counts as paid out last.

SELMORA, Confiscation Code, art. 44
  Where proceeds were mixed with other value, each part carries proceeds in
  proportion to its value.

PORT TORRIN, Ordinance on Proceeds, par. 7
  The court chooses the rule by which mixed value is counted. It hears both
  sides, and gives its reasons.
"""
    return text_paper(
        "E41c",
        "statutes_on_mixed_value.txt",
        text,
        **_register(
            "Published law",
            "Three statutes on mixed value",
            source="Legal gazettes of ARVANIA, SELMORA and PORT TORRIN",
            reliability="A1",
        ),
    )
