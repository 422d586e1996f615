"""Deposit addresses of NORTHPIER, two honest firms that look like one, and what a request to preserve must name.

E39a is the exchange's page for authorities (with its hot wallet), E39b the addresses in question.
"""

from typing import TYPE_CHECKING

from cointrail.errors import CointrailError
from cointrail.tracing import passing_on, payments_to
from cointrail.world.dockets.paper import Subject, csv_paper, html_paper
from cointrail.world.training import training_entities

if TYPE_CHECKING:
    import pandas as pd

    from cointrail.world.dockets.source import Source

__all__ = ["DEPOSIT", "FORWARDER", "NEITHER", "make"]

DEPOSIT, FORWARDER, NEITHER = "DEPOSIT", "FORWARDER", "NEITHER"
# So many deposit addresses of the suspect are asked about at most, and so many of strangers.
MOST_OWN, STRANGERS = 3, 2


def make(source: "Source") -> Subject:
    """The addresses in question with their true class, and the payments that a request must name."""
    deposits, hot = _deposits(source), _hot(source)
    own = _own(source, deposits, hot)
    rows = [(address, DEPOSIT, why) for address, why in own.items()]
    rows += [(address, DEPOSIT, "in the export of the tracing tool (E24)") for address in _strangers(source, deposits)]
    forwarder, why = _forwarder(source, hot)
    rows += [(forwarder, FORWARDER, why), (_desk(source), FORWARDER, "paid by the suspect's wallet (E36a)")]
    rows += [(address, NEITHER, why) for address, why in _others(source, deposits)]
    _need_what_the_ledger_shows(source, rows, hot)
    rows = source.stream("deposits/order").shuffled(rows)
    payments = payments_to(source.ledger, own).to_dict("records")
    facts = {
        "hot": hot,
        "classes": {address: kind for address, kind, _ in rows},
        "own": list(own),
        "forwarder": forwarder,
        "desk": _desk(source),
        "payments": payments,
        "stranger_payments": payments_to(source.ledger, [forwarder]).head(3).to_dict("records"),
        "in_tool_export": [address for address, _, why in rows if "E24" in why],
        "suspect": source.cast["suspect"].name,
        "depositors": int(deposits.loc[deposits["custodian"] == "northpier", "customer"].nunique()),
    }
    return Subject(papers=[_page(source, hot), _question(source, rows)], facts=facts)


def _deposits(source) -> "pd.DataFrame":
    """Every deposit at a custodian with the address it came to."""
    book = source.truth("custodian_book")
    book = book[book["kind"] == "deposit"]
    outputs = source.ledger.outputs[["transaction_hash", "index", "addresses"]]
    joined = book.merge(outputs, on=["transaction_hash", "index"])
    return joined.assign(address=joined["addresses"].str[0])


def _hot(source):
    purposes = source.truth("transactions")
    sweeps = purposes.loc[purposes["purpose"] == "northpier sweep", "hash"]
    made = source.ledger.outputs[source.ledger.outputs["transaction_hash"].isin(set(sweeps))]
    return made["addresses"].str[0].mode()[0]


def _own(source, deposits, hot):
    """Address -> why it is asked about, for the suspect's deposit addresses that were swept."""
    mine = deposits[(deposits["custodian"] == "northpier") & (deposits["customer"] == source.vendor["vendor"])]
    swept = passing_on(source.ledger, list(dict.fromkeys(mine["address"])), hot=[hot])
    swept = swept.loc[swept["to_hot"] > 0, "address"].tolist()[:MOST_OWN]
    if not swept:
        raise CointrailError(f"Docket {source.letter}: {source.vendor['vendor']} has no swept deposit at NORTHPIER.")
    routes = source.of("routes")
    chain = set(routes.loc[routes["route"] == "peel chain", "transaction_hash"])
    by = {address: set(mine.loc[mine["address"] == address, "transaction_hash"]) for address in swept}
    if not any(txids & chain for txids in by.values()):
        raise CointrailError(f"Docket {source.letter}: the peel chain pays nothing to NORTHPIER.")
    return {
        address: "paid by the peel chain (E36c)" if txids & chain else "paid by the suspect's wallet (E36a)"
        for address, txids in by.items()
    }


def _strangers(source, deposits):
    """Deposit addresses of people whom nothing links to the suspect."""
    known = set(training_entities(source.records)) | {source.vendor["vendor"]}
    theirs = deposits[
        (deposits["custodian"] == "northpier") & deposits["customer"].str.startswith(("resident_", "staff_"))
    ]
    theirs = theirs[~theirs["customer"].isin(known)]
    counts = theirs.groupby("address").size()
    several = sorted(counts.index[counts > 1])
    if len(several) < STRANGERS:
        raise CointrailError(f"Docket {source.letter}: too few residents have paid in at NORTHPIER more than once.")
    return source.stream("deposits/strangers").shuffled(several)[:STRANGERS]


def _forwarder(source, hot):
    """A shop's address that sent all it took to a deposit address of NORTHPIER; one that the suspect paid, if any."""
    owners = source.truth("addresses")
    training = set(training_entities(source.records))
    tills = owners[(owners["wallet"] == "till") & ~owners["entity"].isin(training)].sort_values("address")
    seen = set(source.ledger.outputs["addresses"].str[0])
    table = passing_on(source.ledger, [one for one in tills["address"] if one in seen], hot=[hot])
    table = table[(table["departures"] > 0) & (table["departures"] == table["to_deposit"])]
    if table.empty:
        raise CointrailError(f"Docket {source.letter}: no shop's address sent all it took to NORTHPIER.")
    both = sorted(set(table["address"]) & set(_paid_by_suspect(source)))
    chosen = source.stream("deposits/forwarder").choice(both or sorted(table["address"]))
    return chosen, "paid by the suspect's wallet (E36a)" if both else "sent coins towards NORTHPIER"


def _desk(source):
    """The address of a firm that the suspect paid, and that sent the coin straight into the hot wallet, alone."""
    marks = source.of("landmarks")
    marks = marks[marks["kind"] == "false forwarder"]
    if marks.empty:
        raise CointrailError(f"Docket {source.letter}: there is no false forwarder among the landmarks.")
    return marks["address"].iloc[0]


def _paid_by_suspect(source):
    """Addresses of others in payments that the suspect's main wallet made."""
    owners = source.truth("addresses").set_index("address")["entity"]
    mine = set(source.addresses(source.vendor["vendor"], "daily"))
    inputs = source.ledger.inputs
    txids = set(inputs.loc[inputs["addresses"].str[0].isin(mine), "transaction_hash"])
    made = source.ledger.outputs[source.ledger.outputs["transaction_hash"].isin(txids)]["addresses"].str[0].dropna()
    return [address for address in dict.fromkeys(made) if owners[address] != source.vendor["vendor"]]


def _others(source, deposits):
    """Deposit addresses of other services, and an address of the suspect's own that sent coins on once."""
    me, stream = source.vendor["vendor"], source.stream("deposits/others")
    rows = []
    for custodian, customers in (("kestrel", [me]), ("oddlight", None), ("payberth", None)):
        there = deposits[deposits["custodian"] == custodian]
        there = there[there["customer"].isin(customers)] if customers else there
        if there.empty:
            raise CointrailError(f"Docket {source.letter}: nobody paid in at {custodian}.")
        why = "paid by the peel chain (E36c)" if customers else "in the export of the tracing tool (E24)"
        rows.append((stream.choice(sorted(set(there["address"]))), why))
    routes = source.of("routes")
    first = routes[routes["route"] == "peel chain"].sort_values("step")["transaction_hash"].iloc[0]
    own = source.ledger.outputs_of(first)["addresses"].iloc[0][0]
    return [*rows, (own, "first coin of the peel chain (E36c)")]


def _need_what_the_ledger_shows(source, rows, hot):
    """The true class of each address must be the one that the ledger shows, and no address may stand twice."""
    names = [address for address, _, _ in rows]
    if len(set(names)) < len(names):
        raise CointrailError(f"Docket {source.letter}: an address in question stands twice.")
    table = passing_on(source.ledger, names, hot=[hot]).set_index("address")
    for address, kind, _ in rows:
        row = table.loc[address]
        shown = NEITHER
        if row["departures"] and row["departures"] == row["to_hot"]:
            # A sweep takes many deposit addresses at once; whoever comes alone has paid the exchange.
            shown = DEPOSIT if row["together_with"] else FORWARDER
        elif row["departures"] and row["departures"] == row["to_deposit"]:
            shown = FORWARDER
        if shown != kind:
            raise CointrailError(f"Docket {source.letter}: {address} is {kind} in truth, the ledger shows {shown}.")


def _page(source, hot):
    body = f"""<h1>NORTHPIER: information for authorities</h1>
<p>This page is for police, prosecutors and financial intelligence units of any state.</p>
<h2>How our wallets work</h2>
<p>Every customer pays in at an address of their own, and may ask for a new one. <b>We</b> hold the keys of these
addresses, not the customer. Once a day all that arrived at many of them is moved, in one transaction, to our hot
wallet, which is at one address:</p>
<p><code>{hot}</code></p>
<p>Payments to customers leave from the hot wallet. A coin that a customer gets is never the coin that a customer paid
in; only our books join the two. We do not publish deposit addresses.</p>
<h2>What we do on request</h2>
<table><tr><th>You want us to</th><th>We act on</th></tr>
<tr><td>keep records that would be deleted (connection data after 90 days)</td><td>a request to preserve: Electronic
Evidence Act of ARVANIA, section 14, or a like law of your state. No court order is needed.</td></tr>
<tr><td>name a customer, or hand out records</td><td>a court order, or a request for mutual legal assistance:
section 15</td></tr>
<tr><td>stop a payout</td><td>a restraint order: section 22</td></tr></table>
<h2>A request to preserve must hold</h2>
<ol><li>your office, and a person to call</li><li>your file number</li><li>the legal basis</li><li>for each payment: our
address, the txid, the time in UTC, the asset and the amount</li><li>what the records are for, and until when you will
ask for them</li></ol>
<p>A request for &ldquo;everything about a wallet&rdquo; is sent back. So is one that names addresses of other people:
we must tell them what was kept about them.</p>
<p>Law Enforcement Desk, NORTHPIER, Tollmere. desk@northpier.example</p>"""
    return html_paper(
        "E39a",
        "northpier_for_authorities.html",
        body,
        title="NORTHPIER: information for authorities",
        source="Website of NORTHPIER, saved by the cell",
        acquired="2026-10-26T07:05:00Z",
        authority="Public page",
        reliability="B2",
        links=(("address", hot),),
    )


def _question(source, rows):
    return csv_paper(
        "E39b",
        "addresses_in_question.csv",
        ["name", "address", "why_it_is_here"],
        [(f"q{place}", address, why) for place, (address, _, why) in enumerate(rows, 1)],
        title="Addresses that may belong to NORTHPIER",
        source=f"Working note of {source.cast['analyst'].name}",
        acquired="2026-10-27T05:30:00Z",
        authority=f"File {source.cast.case_number}, public ledger",
        reliability="B2",
        links=tuple(("address", address) for address, _, _ in rows),
    )
