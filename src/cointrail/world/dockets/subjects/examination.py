"""E49: the sheet of the exam, the co-owner's statement, and the twenty-five claims of the capstone.

Every docket has them; the exam and the capstone are taken on dockets that the week never shows. A claim is supported,
contradicted, or not shown by the ledger and the papers; what is said about a person without a record is not shown.
"""

import pandas as pd

from cointrail.tracing import balance_at, load_prices, statement, total_received
from cointrail.tracing.prices import price_on, worth
from cointrail.world.dockets.paper import Subject, csv_paper, text_paper
from cointrail.world.dockets.subjects.opposing_report import statement_pairs

__all__ = ["make"]

STATES = ("supported", "contradicted", "not shown")


def make(source) -> Subject:
    """E49a sheet, E49b claims, E49c statement, with the facts of both."""
    facts = {**_numbers(source), **_savings(source)}
    claims, states = _claims(source)
    facts["claims"] = states
    filed = {"acquired": "2026-11-23T08:00:00Z", "authority": source.cast.case_number, "reliability": "A1"}
    papers = [
        text_paper(
            "E49a", "exam_sheet.txt", _sheet(source, facts), title="Sheet of the exam", source="course", **filed
        ),
        csv_paper(
            "E49b",
            "claims.csv",
            ["claim", "text"],
            claims,
            title="Twenty-five claims, for the capstone",
            source="course",
            **filed,
        ),
        text_paper(
            "E49c",
            "co_owner.txt",
            _statement(source, facts),
            title="Statement of the co-owner, with withdrawals",
            source=source.cast["co_owner"].name,
            **filed | {"reliability": "B2"},
        ),
    ]
    return Subject(papers, facts)


def _landmark(source, kind):
    rows = source.of("landmarks")
    return rows[rows["kind"] == kind].iloc[0]


def _numbers(source):
    ledger, listed = source.ledger, source.vendor["listed_address"]
    rows = statement(ledger, listed)
    paid_in = rows.loc[rows["received"] > 0, "height"].tolist()
    # Just before one of the last payments: up to the tip is then another amount.
    height = paid_in[-source.stream("exam/height").between(3, 9)] - 1
    test, swapped = _landmark(source, "direct test purchase"), source.of("replaced").iloc[0]
    row = ledger.transaction(test["transaction_hash"])
    outputs = ledger.outputs_of(row["hash"])
    change = outputs.loc[outputs["index"] != test["index"], "index"].iloc[0]
    when = row["block_timestamp"]
    prices = load_prices(source.world)
    local, late = when + pd.Timedelta(hours=7), ledger.blocks["timestamp"].iloc[-1]
    value = {
        name: str(worth(int(test["value"]), price_on(prices, f"{day:%Y-%m-%d}")))
        for name, day in (("block", when), ("local", local), ("late", late), ("before", when - pd.Timedelta(days=1)))
    }
    return {
        "listed": listed,
        "height": height,
        "received": total_received(ledger, listed, height=height),
        "balance": balance_at(ledger, listed, height),
        "received_at_tip": total_received(ledger, listed),
        "test": row["hash"],
        "payment": f"{row['hash']}:{test['index']}",
        "change": f"{row['hash']}:{change}",
        "paid": int(test["value"]),
        "fee": int(row["fee"]),
        "first_fee": int(swapped["first_fee"]),
        "first_hash": swapped["first_hash"],
        "value": value,
    }


def _savings(source):
    """The co-owner's coin on the device, and the withdrawals that her statement lists."""
    mark, book = _landmark(source, "savings of the co-owner"), source.truth("custodian_book")
    mine = book[(book["custodian"] == "northpier") & (book["customer"] == mark["entity"])]
    out = mine[(mine["kind"] == "withdrawal") & (mine["transaction_hash"] != "")]
    coins = source.facts("seizure")["coins"]
    saved = f"{mark['transaction_hash']}:{mark['index']}"
    others = [name for name in coins if name != saved]
    return {
        "saved": saved,
        "saved_value": int(mark["value"]),
        "largest_other": max(others, key=coins.get),
        "withdrawals": list(dict.fromkeys(out["transaction_hash"])),
    }


def _statement(source, facts):
    lines = "\n".join(f"    {txid}" for txid in facts["withdrawals"])
    return (
        f"STATEMENT OF {source.cast['co_owner'].name.upper()}, case {source.cast.case_number}\n"
        "Given to the court of Tollmere on 23 November 2026\n\n"
        "I share the device with my flatmate. I bought my own coins at NORTHPIER, in my\n"
        "name, from my salary. They came to me in these payments:\n\n"
        f"{lines}\n\nLater I sent most of them to the device in one payment, as it is safer than my\n"
        "phone. I ask for that coin. I never touched the others.\n"
    )


def _sheet(source, facts):
    request = source.facts("cooperation")["request"]
    return (
        f"SHEET FOR EXAM AND CAPSTONE, case {source.cast.case_number}. The exam takes 90 minutes.\n\n"
        f"Listed address of the suspect: {facts['listed']}\nHeight of the interim report: {facts['height']}\n"
        f"The officer's test purchase: {facts['test']}\n"
        f"Shown first by the officer's wallet, then replaced by one with a higher fee:\n  {facts['first_hash']}\n"
        "Words found at the search: E07a (one letter misread), and a note: E07d.\n"
        "The co-owner's statement: E49c.\n\n"
        "A deposit of the suspect reached an account at KESTREL. The court needs to know\n"
        "who holds the account, for the trial:\n"
        f"    address {request['address']}\n    txid    {request['txid']}\n    order   {request['order_id']}\n"
        "The law and the treaty matrix are those of the week (E21a to E21d).\n"
    )


def _claims(source):
    """Twenty-five claims: 10 pairs of true and wrong sentences, 5 coins, 5 steps, 5 that nobody can show."""
    stream = source.stream("capstone")
    rows = []
    for pair in statement_pairs(source).values():
        wrong = stream.chance(50)
        rows.append((pair[wrong], STATES[wrong]))
    rows += [_coin_claim(stream, name, value) for name, value in list(source.facts("seizure")["coins"].items())[:5]]
    rows += _step_claims(source, stream, 20 - len(rows))
    rows += [(text, "not shown") for text in _open_claims(source)]
    named = [(f"K{number:02d}", *row) for number, row in enumerate(stream.shuffled(rows), 1)]
    return [row[:2] for row in named], {name: state for name, _, state in named}


def _coin_claim(stream, name, value):
    wrong = stream.chance(40)
    return f"The coin {name} of the device holds {value + 1000 * wrong:,} satoshi and is unspent.", STATES[wrong]


def _step_claims(source, stream, count):
    """Does one transaction of a route spend an output of another? Every other claim names a stranger."""
    inputs = source.ledger.inputs
    mine = inputs[inputs["transaction_hash"].isin(source.of("routes")["transaction_hash"])]
    mine = mine.drop_duplicates("transaction_hash")
    rows = []
    for place in stream.shuffled(range(len(mine)))[:count]:
        row, wrong = mine.iloc[place], stream.chance(40)
        earlier = mine.iloc[(place + 7) % len(mine)]["transaction_hash"] if wrong else row["spent_transaction_hash"]
        parents = set(inputs.loc[inputs["transaction_hash"] == row["transaction_hash"], "spent_transaction_hash"])
        text = f"Transaction {row['transaction_hash']} spends an output of {earlier}."
        rows.append((text, STATES[earlier not in parents]))
    return rows


def _open_claims(source):
    cast = source.cast
    return [
        "Behind the passphrase of note E07d lies a wallet without coins.",
        f"{cast['suspect'].name} pressed 'send' for the officer's test purchase to be paid out.",
        f"{cast['co_owner'].name} knew that the device held money of the market.",
        "Of the coins that left the suspect's CoinJoin, the first output of the round is the suspect's.",
        f"{cast['earlier_owner'].name}, who owned the phone before, had no part in the sales.",
    ]
