"""Where the trail breaks: an officer's purchase through a market with a pooled wallet, and what six sources are worth.

The officer's coins end in the market's pool; the vendor is paid with other coins. Only the market's own book (E17b),
which a partner state found, joins the two. E14 is the purchase, E16 and E24 name an innocent shop, E37 lists six
attributions, E38 is what became known later.
"""

from datetime import timedelta
from typing import TYPE_CHECKING, NamedTuple

from cointrail.errors import CointrailError
from cointrail.tracing import seed_cluster
from cointrail.tracing.arrays import ledger_arrays, outpoints, output_number
from cointrail.world.dockets.cast import ANSWERS, CELL, STATES
from cointrail.world.dockets.paper import Subject, csv_paper, text_paper

if TYPE_CHECKING:
    import pandas as pd

    from cointrail.world.dockets.source import Source

__all__ = ["TOOL", "make"]

MARKET = "quayside"
TOOL = "TALLOWMAP"
WITHDRAW = "WITHDRAW"
# The officer wrote the report when the parcel had come.
REPORTED = timedelta(days=7)


class _Line(NamedTuple):
    """One line of the extract from the market's book."""

    time: "pd.Timestamp"
    kind: str
    account: str
    counterpart: str
    order: str
    satoshi: int
    outpoint: str
    role: str


def make(source: "Source") -> Subject:
    """The purchase, where its trail ends, the line that joins both sides, and the six attributions."""
    deposit, order = _purchase(source)
    trail = _trail(source, deposit)
    lines = _book(source, deposit, order)
    numbered = {line.role: f"L{place:02d}" for place, line in enumerate(lines, 1)}
    payouts = [line.outpoint for line in lines if line.role.startswith("payout")]
    sources = _sources(source, deposit, payouts[0])
    facts = {
        **trail,
        "order": order["order"],
        "joins": numbered["the order"],
        "only_buyer": numbered["the deposit"],
        "only_vendor": numbered["payout 1"],
        "release": numbered["the release"],
        "nearest_amount": numbered["other order 1"],
        "payouts": payouts,
        "attributions": {f"S{place}": row["levels"] for place, row in enumerate(sources, 1)},
        "kept_addresses": [row["address"] for row in sources if row["levels"] != [WITHDRAW]],
        "kinds": {f"S{place}": row["kind"] for place, row in enumerate(sources, 1)},
    }
    papers = [
        _report(source, deposit, order, rest=bool(trail["buyers_change"])),
        _bank_report(source),
        *_partner(source, lines),
        _tool_export(source, payouts),
        _six(source, sources),
        _later(source),
    ]
    return Subject(papers=papers, facts=facts)


# The purchase and its trail


def _purchase(source):
    """The landmark of the market test purchase and the officer's order."""
    marks = source.of("landmarks")
    marks = marks[marks["kind"] == "market test purchase"]
    if marks.empty:
        raise CointrailError(f"Docket {source.letter}: there is no market test purchase among the landmarks.")
    deposit, orders = marks.iloc[0], source.of("orders")
    orders = orders[(orders["buyer"] == deposit["entity"]) & (orders["channel"] == "market")]
    if orders.empty:
        raise CointrailError(f"Docket {source.letter}: {deposit['entity']} has placed no order on the market.")
    return deposit, orders.iloc[0]


def _trail(source, deposit):
    """Outpoints: the deposit, the output in the pool where the direct trail ends, and the wrong ways."""
    ledger, view = source.ledger, ledger_arrays(source.ledger)
    paid = f"{deposit['transaction_hash']}:{deposit['index']}"
    sweep = _spender(source, view, paid)
    if view.output_start[sweep + 1] - view.output_start[sweep] != 1:
        raise CointrailError(f"Docket {source.letter}: the officer's deposit is not swept into one output.")
    if view.input_start[sweep + 1] - view.input_start[sweep] < 3:
        raise CointrailError(f"Docket {source.letter}: the officer's deposit is swept almost alone.")
    end = _name(view, view.output_start[sweep])
    after = int(view.spent_by[output_number(ledger, end)])
    others = [row.index for row in ledger.outputs_of(deposit["transaction_hash"]).itertuples(index=False)]
    change = next((index for index in others if index != deposit["index"]), None)
    return {
        "deposit": paid,
        "deposit_address": deposit["address"],
        "trail_ends": end,
        "swept_with": int(view.input_start[sweep + 1] - view.input_start[sweep]) - 1,
        "after_the_pool": _name(view, view.output_start[after]) if after >= 0 else None,
        "buyers_change": None if change is None else f"{deposit['transaction_hash']}:{change}",
    }


def _spender(source, view, outpoint):
    t = int(view.spent_by[output_number(source.ledger, outpoint)])
    if t < 0:
        raise CointrailError(f"Docket {source.letter}: {outpoint[:8]} is never spent, so no trail goes on from it.")
    return t


def _name(view, number):
    return outpoints(view, [int(number)])[0]


# The market's book


def _book(source, deposit, order):
    """Lines of the extract in order of time; the role of each stays in the truth."""
    me, buyer = source.vendor["vendor"], deposit["entity"]
    book = source.truth("custodian_book")
    book = book[book["custodian"] == MARKET]
    own = book[(book["customer"] == buyer) & (book["transaction_hash"] == deposit["transaction_hash"])].iloc[0]
    alias = _Aliases(source, buyer)
    lines = [
        _line(own, "deposit", alias(buyer), "", "", "the deposit"),
        _Line(order["timestamp"], "order", alias(buyer), me, order["order"], int(order["value"]), "", "the order"),
        *_other_deposits(source, book, own, alias),
        *_other_orders(source, order, alias),
        *_vendor_side(source, book, order),
    ]
    return sorted(lines, key=lambda line: (line.time, line.kind, line.account))


class _Aliases:
    """Names of accounts on the market: the officer's stands in the report, the others are invented."""

    def __init__(self, source, buyer):
        self.stream, self.names = source.stream("market/aliases"), {buyer: account_of(source)}

    def __call__(self, entity):
        while entity not in self.names:
            name = f"guest{self.stream.between(1000, 9999)}"
            if name not in self.names.values():
                self.names[entity] = name
        return self.names[entity]


def account_of(source: "Source") -> str:
    """The officer's account on the market."""
    return f"guest{source.stream('market/account').between(1000, 9999)}"


def _line(row, kind, account, counterpart, order, role):
    point = f"{row['transaction_hash']}:{row['index']}" if row["transaction_hash"] else ""
    return _Line(row["timestamp"], kind, account, counterpart, order, int(row["value"]), point, role)


def _other_deposits(source, book, own, alias):
    """Two deposits of strangers near in time."""
    others = book[(book["kind"] == "deposit") & (book["customer"] != own["customer"])]
    others = others[~others["customer"].str.startswith("officer_")]
    near = (others["timestamp"] - own["timestamp"]).abs().sort_values(kind="stable").index[:2]
    return [
        _line(others.loc[one], "deposit", alias(others.loc[one, "customer"]), "", "", "other deposit") for one in near
    ]


def _other_orders(source, order, alias):
    """Two orders of the same vendor and two of others, near in amount: whoever matches by amount meets them."""
    orders = source.truth("orders")
    orders = orders[orders["channel"].isin(["market", "finalised early"]) & (orders["buyer"] != order["buyer"])]
    orders = orders[~orders["buyer"].str.startswith("officer_")]
    distance = (orders["value"] - order["value"]).abs()
    lines = []
    for same in (True, False):
        there = orders[(orders["vendor"] == order["vendor"]) == same]
        for one in distance[there.index].sort_values(kind="stable").index[:2]:
            row = orders.loc[one]
            role = f"other order {len(lines) + 1}"
            who, what = alias(row["buyer"]), (row["vendor"], row["order"], int(row["value"]))
            lines.append(_Line(row["timestamp"], "order", who, *what, "", role))
    return lines


def _vendor_side(source, book, order):
    """The release of the officer's order, and the vendor's next two payouts on the ledger."""
    me = source.vendor["vendor"]
    mine = book[(book["customer"] == me) & (book["timestamp"] > order["timestamp"])]
    expected = int(order["value"]) - int(order["value"]) * 5 // 100
    released = mine[(mine["kind"] == "received") & (mine["value"] == expected)]
    if released.empty:
        raise CointrailError(f"Docket {source.letter}: the officer's order was never released to {me}.")
    paid = mine[(mine["kind"] == "withdrawal") & (mine["timestamp"] > released["timestamp"].iloc[0])].head(2)
    if len(paid) < 2:
        raise CointrailError(f"Docket {source.letter}: {me} took fewer than two payouts after the officer's order.")
    lines = [_line(released.iloc[0], "release", "escrow", me, order["order"], "the release")]
    return lines + [
        _line(row, "payout", me, "", "", f"payout {place}") for place, (_, row) in enumerate(paid.iterrows(), 1)
    ]


# Six attributions


def _sources(source, deposit, payout):
    """What six sources say of an address, and the levels of confidence that can be defended once E38 is known."""
    me, cluster = source.vendor["vendor"], source.facts("cluster")
    paid_to = source.ledger.outputs_of(payout[:64]).set_index("index")["addresses"][int(payout[65:])][0]
    joined = _joined_address(source)
    rows = [
        *_row("own payment", deposit["address"], "QUAYSIDE, deposit address", "E14"),
        *_row("partner state", paid_to, f"{me}, payout address", "E17b"),
        *_row("web page", cluster["listed"], f"{me}, listed address", "E01"),
        *_row("co-spending", joined, f"{me}, same wallet as the listed address", "E36a"),
        *_row("tool", cluster["shop_coin"], f"{me}, vendor wallet", "E24"),
        *_row("bank report", cluster["shop_coin"], "linked to a vendor on a dark market", "E16"),
    ]
    return source.stream("market/sources").shuffled(rows)


_LEARNED = {
    "own payment": "An officer paid to it under authority; the market showed it and credited the payment.",
    "partner state": "It stands in the market's own book, taken from a server that a court of SELMORA had seized.",
    "web page": "The vendor's page showed it; the cell saved the page. Nobody knows who wrote the page.",
    "co-spending": "It was spent together with the listed address. The payment that joins the shop was left out.",
    "tool": f"The export of {TOOL} says so. The seller of the tool does not say how it knows.",
    "bank report": "A bank reported a customer to the financial intelligence unit. Its reason is in the summary.",
}
_LEVELS = {
    "own payment": ["MANUAL_TRANSACTION", "FORENSIC_INVESTIGATION"],
    "partner state": ["AUTHORITY_DATA", "TRUSTED_PROVIDER"],
    "web page": ["WEB_CRAWL"],
    "co-spending": ["HEURISTIC"],
    "tool": [WITHDRAW],
    "bank report": [WITHDRAW],
}


def _row(kind, address, label, exhibit):
    return [
        {
            "kind": kind,
            "address": address,
            "label": label,
            "exhibit": exhibit,
            "learned": _LEARNED[kind],
            "levels": _LEVELS[kind],
        }
    ]


def _joined_address(source):
    """An address of the suspect's cluster that is no seed."""
    facts = source.facts("cluster")
    clean = seed_cluster(source.ledger, facts["seeds"], exclude=[facts["wrong_merge"]])
    others = [address for address in clean if address not in facts["seeds"]]
    if not others:
        raise CointrailError(f"Docket {source.letter}: nothing was ever spent together with the listed address.")
    return source.stream("market/joined").choice(others)


# Papers


def _utc(time):
    return f"{time:%Y-%m-%dT%H:%M:%SZ}"


def _report(source, deposit, order, *, rest):
    cast, paid = source.cast, source.ledger.transaction(deposit["transaction_hash"])["block_timestamp"]
    written = order["timestamp"] + REPORTED
    left = "The rest of the coin came back to the wallet of the unit." if rest else "Nothing was left of the coin."
    text = f"""REPORT OF A TEST PURCHASE
File {cast.case_number}
Written on {written:%Y-%m-%d}
Authority: {cast.order_number("TP", 1)}, judge of instruction, Tollmere
           (one purchase, budget fixed beforehand)
Officer:   {cast["undercover"].name} (works under another name;
           not to be disclosed without the prosecutor)

1. I opened the account {account_of(source)} on the market QUAYSIDE. I wrote to
   nobody and asked for nothing that was not on offer.
2. The market showed a deposit address for my account:
     {deposit["address"]}
   I paid {deposit["value"]:,} satoshi to it from the wallet of the unit. The payment is
   in the ledger:
     txid {deposit["transaction_hash"]}
     block time {_utc(paid)}
   {left}
3. From the balance I ordered one item of the vendor "{source.vendor["vendor"]}".
   The market took {order["value"]:,} satoshi from my balance at
   {_utc(order["timestamp"])}.
4. A parcel came. It was sealed and given to the laboratory; the result is not
   here yet.

I did not follow the coins. What the market did with them I do not know.
"""
    return text_paper(
        "E14",
        "test_purchase.txt",
        text,
        title="Report of a test purchase through the market",
        source=f"{cast['undercover'].name}, undercover officer",
        acquired=_utc(written),
        authority=f"Authority for a test purchase, {cast.order_number('TP', 1)}",
        reliability="A1",
        links=(("txid", deposit["transaction_hash"]), ("address", deposit["address"])),
    )


def _bank_report(source):
    cast, coin = source.cast, source.facts("cluster")["shop_coin"]
    number = source.stream("market/tool").between(10_000, 99_999)
    text = f"""FINANCIAL INTELLIGENCE UNIT OF ARVANIA
Summary of a suspicious transaction report
(for intelligence; not to be shown to the bank's customer)

Reporting entity   a bank in Tollmere
Received           2026-10-22
Customer           a shop; account in good order for six years
Reason given       "Our monitoring rates the address
                   {coin}
                   as 'linked to a vendor on a dark market' ({TOOL}
                   report {number}). The customer sells coins that came from
                   there."
Own enquiries      none
Documents          {TOOL} report {number} (not attached)
"""
    return text_paper(
        "E16",
        "fiu_summary.txt",
        text,
        title="Summary of a report of a suspicious transaction",
        source="Financial Intelligence Unit of Arvania",
        acquired="2026-10-23T04:10:00Z",
        authority=f"FIU to the cell, for intelligence, file {cast.case_number}",
        reliability="C3",
        links=(("address", coin),),
    )


def _partner(source, lines):
    letter = f"""From: Cybercrime Bureau, {STATES[1]}
To: {CELL}
Date: 24 October 2026
Spontaneous information (no request was made)

On 12 October 2026 a court of {STATES[1]} ordered the seizure of a server in our
country. It holds the book of the market QUAYSIDE: who paid in, who ordered
from whom, who was paid out. We found an account of your suspect in it.

Attached is an extract of {len(lines)} lines (E17b). Times are UTC; amounts are
satoshi. "escrow" is the market's own account for orders on the way. An
outpoint is given where coins moved on the ledger; all other lines moved only
numbers.

You may use this to go on with your work. You may NOT put it before a court:
for that, please send a request for mutual legal assistance, and we will hand
over a certified copy with the record of the seizure.
"""
    about = {
        "source": f"Cybercrime Bureau, {STATES[1]}",
        "acquired": "2026-10-24T06:30:00Z",
        "authority": f"Spontaneous information, for intelligence only; seizure by a court of {STATES[1]}",
        "reliability": "A2",
    }
    rows = [
        (f"L{place:02d}", _utc(one.time), one.kind, one.account, one.counterpart, one.order, one.satoshi, one.outpoint)
        for place, one in enumerate(lines, 1)
    ]
    columns = ["line", "time", "kind", "account", "counterpart", "order", "satoshi", "outpoint"]
    links = tuple(("outpoint", line.outpoint) for line in lines if line.outpoint)
    return [
        text_paper("E17a", "letter_of_the_partner.txt", letter, title="Letter of a partner state", **about),
        csv_paper(
            "E17b", "extract_of_the_book.csv", columns, rows, title="Extract of the market's book", links=links, **about
        ),
    ]


def _tool_export(source, payouts):
    cluster, me = source.facts("cluster"), source.vendor["vendor"]
    paid_to = source.ledger.outputs_of(payouts[0][:64]).set_index("index")["addresses"][int(payouts[0][65:])][0]
    rows = [
        (cluster["listed"], f"{me}, vendor wallet", "dark market vendor", 97, "proprietary"),
        (paid_to, f"{me}, vendor wallet", "dark market vendor", 97, "proprietary"),
        (cluster["shop_coin"], f"{me}, vendor wallet", "dark market vendor", 97, "proprietary"),
        (source.facts("deposits")["hot"], "NORTHPIER", "exchange", 12, "open source"),
    ]
    exported = source.facts("deposits")["in_tool_export"]
    rows += [(address, "user of a service", "exchange or shop", 40, "proprietary") for address in exported]
    rows = source.stream("market/export").shuffled(list(dict.fromkeys(rows)))
    return csv_paper(
        "E24",
        "tool_export.csv",
        ["address", "label", "category", "risk_score", "basis"],
        rows,
        title=f"Export of the tracing tool {TOOL}",
        source=f"{TOOL}, a product that the cell rents",
        acquired="2026-10-21T08:00:00Z",
        authority="Licence of the cell",
        reliability="F6",
        links=tuple(("address", row[0]) for row in rows),
    )


def _six(source, sources):
    rows = [
        (f"S{place}", row["address"], row["label"], row["learned"], row["exhibit"])
        for place, row in enumerate(sources, 1)
    ]
    return csv_paper(
        "E37",
        "six_attributions.csv",
        ["name", "address", "label", "how_it_was_learned", "exhibit"],
        rows,
        title="Six attributions that wait for a level of confidence",
        source=f"Working note of {source.cast['analyst'].name}",
        acquired="2026-11-02T05:00:00Z",
        authority=f"File {source.cast.case_number}",
        reliability="B2",
        links=tuple(("address", row["address"]) for row in sources),
    )


def _later(source):
    cast, coin = source.cast, source.facts("cluster")["shop_coin"]
    number = source.stream("market/tool").between(10_000, 99_999)
    text = f"""From: Support desk of {TOOL}
To: {CELL}
Date: 3 November 2026
Subject: your question about a label, file {cast.case_number}

You asked how our product knows that the address

  {coin}

belongs to a vendor. The label was made by our program: it joins all addresses
that were ever spent together, and gives every one of them the name of the
best known. A shop has shown us that one payment held a coin of its own. We
have taken the label off this address today, 3 November 2026. Our report
{number} is no longer valid. Other labels of that export are not changed.

(Notes of the cell: the shop told us the same, in E35. The report to the FIU in
E16 rests on {TOOL} report {number} and on nothing else.)
"""
    return text_paper(
        "E38",
        "the_tool_corrects_itself.txt",
        text,
        title="The seller of the tracing tool answers a question",
        source=f"{TOOL}, support desk",
        acquired=f"{ANSWERS}T11:00:00Z",
        authority="Voluntary answer to a written question",
        reliability="B2",
        links=(("address", coin),),
    )
