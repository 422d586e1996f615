"""Reading the ledger (lessons 2.1 and 2.2): a fee review, a buyer's statement, a wallet file, a list of sales, a rule.

The seller's own list says when a payment was noted, by the laptop's clock; two of its rows never reached a block: one
payment that stayed pending, and one that the buyer replaced by another with a higher fee (BIP125), which is listed too.
"""

from decimal import Decimal

from cointrail.errors import CointrailError
from cointrail.tracing import balance_at, price_on, statement, total_received, worth
from cointrail.world.dockets.paper import Paper, Subject
from cointrail.world.dockets.source import Records, Source
from cointrail.world.dockets.subjects import ledger_papers as papers
from cointrail.world.dockets.subjects.ledger_papers import REPORT_DAY, local_time
from cointrail.world.streams import Stream

__all__ = ["REVIEW_NOTES", "make", "make_shared"]

SALES = 10
# What a laptop's owner needs until a payment seen in the wallet is noted, seconds.
NOTED_WITHIN = 3 * 3_600

# Shapes of the fee review: note in the exhibit -> (purpose in the truth, fits(inputs, outputs)).
REVIEW_NOTES = {
    "a customer pays in a shop": ("purchase", lambda inputs, outputs: inputs == 1 and outputs == 2),
    "an exchange collects coins": ("northpier sweep", lambda inputs, outputs: 2 <= inputs <= 9 and outputs == 1),
    "a shop pays in its takings": ("takings to exchange", lambda inputs, outputs: 3 <= inputs <= 9),
    "an exchange pays its customers": ("northpier payout", lambda inputs, outputs: 4 <= outputs <= 9),
    "a pool pays its members": ("mining payout", lambda inputs, outputs: 4 <= outputs),
}


def make(source: Source) -> Subject:
    """Papers E06a, E30, E30b, E32, E33a and E33b, and the facts of 2.1 and 2.2."""
    sales = _sales(source)
    slip = _slip(source, sales)
    review, wallet = _review(source), _wallet(source, sales)
    listed = source.vendor["listed_address"]
    interim = _interim_height(source, listed)
    made = [
        papers.wallet_paper(source, wallet),
        papers.sales_paper(source, sales),
        papers.request_paper(source, interim),
        papers.review_paper(source, review),
        papers.statement_paper(source, slip),
        papers.page_paper(source),
    ]
    facts = {
        "listed_address": listed,
        "tip": source.ledger.tip,
        "report_height": interim,
        "report_day": REPORT_DAY,
        "fee_review": review,
        "payment": slip,
        "wallet": wallet,
        "unspent": sorted(row["outpoint"] for row in wallet if not row["spent"]),
        "sales": [_valued(source, sale) for sale in sales if sale["height"]],
        "not_in_a_block": [sale for sale in sales if not sale["height"]],
        "balance_at_report": balance_at(source.ledger, listed, interim),
        "received_at_report": total_received(source.ledger, listed, height=interim),
        "backward_blocks": _backward_blocks(source, slip["height"]),
    }
    facts["proceeds"] = str(sum(Decimal(sale["amount"]) for sale in facts["sales"]))
    return Subject(made, facts | _seen(source, listed))


def make_shared(records: Records) -> list[Paper]:
    """E31: the rule on valuation, the same in every docket."""
    return [papers.rule_paper()]


def _sales(source: Source) -> list[dict]:
    """Ten direct sales and two rows that no block holds, in the order in which they were noted."""
    orders, stream = source.of("orders"), source.stream("sales")
    direct = orders[orders["channel"] == "direct"].reset_index(drop=True)
    rows = [_sale(source, order, stream) for order in direct.itertuples()]
    crossing = [row for row in rows if row["local_day"] != row["utc_day"]]
    if len(rows) < SALES or not crossing:
        raise CointrailError(f"Docket {source.letter}: too few direct sales for a list of {SALES}: take another seed.")
    replaced = {row.final_hash: row for row in source.of("replaced").itertuples()}
    chosen = [row for row in rows if row["txid"] in replaced][:1]
    chosen += [row for row in stream.shuffled(crossing) if row not in chosen][:4]
    others = [row for row in stream.shuffled(rows) if row not in chosen]
    chosen = sorted([*chosen, *others[: SALES - len(chosen)]], key=lambda row: row["noted"])
    listed = sorted([*chosen, *_unconfirmed(chosen, replaced, stream)], key=lambda row: row["noted"])
    code = source.cast.vendor[:2].upper()
    return [row | {"sale": f"{code}-{number:02d}"} for number, row in enumerate(listed, 1)]


def _sale(source: Source, order, stream: Stream) -> dict:
    """A sale as the ledger and the seller's clock have it; `noted` is UTC, Unix seconds."""
    transaction = source.ledger.transaction(order.transaction_hash)
    noted = int(order.timestamp.timestamp()) + stream.below(NOTED_WITHIN)
    return {
        "txid": order.transaction_hash,
        "vout": int(order.index),
        "value": int(order.value),
        "sent": int(order.timestamp.timestamp()),
        "noted": noted,
        "status": "seen in wallet",
        "height": int(transaction["block_number"]),
        "utc_day": f"{transaction['block_timestamp']:%Y-%m-%d}",
        "local_day": local_time(noted)[:10],
    }


def _unconfirmed(chosen: list[dict], replaced: dict, stream: Stream) -> list[dict]:
    """A payment that stayed pending, and the first version of a sale that its payer replaced; invented if none did."""
    last, none = chosen[-2], {"vout": None, "height": None, "utc_day": None}
    later = next((row for row in chosen if row["txid"] in replaced), chosen[3])
    first = replaced[later["txid"]].first_hash if later["txid"] in replaced else stream.bytes().hex()
    rows = [
        {"txid": stream.bytes().hex(), "value": last["value"] * 7 // 5, "noted": last["noted"] + 5_400},
        {"txid": first, "value": later["value"], "noted": later["noted"] - 1_500},
    ]
    for row, status in zip(rows, ("seen in wallet", "replaced by a higher fee"), strict=True):
        row |= none | {"status": status, "local_day": local_time(row["noted"])[:10]}
    return rows


def _valued(source: Source, sale: dict) -> dict:
    price = price_on(source.prices, sale["utc_day"])
    return sale | {"price": str(price), "amount": str(worth(sale["value"], price))}


def _slip(source: Source, sales: list[dict]) -> dict:
    """The payment of the buyer's statement: one output to the listed address, one back."""
    for sale in source.stream("slip").shuffled([sale for sale in sales if sale["height"]]):
        made = source.ledger.outputs_of(sale["txid"])["value"].tolist()
        fee = int(source.ledger.transaction(sale["txid"])["fee"])
        if len(made) == 2 and len({*made, fee}) == 3:
            paid, change = made[sale["vout"]], made[1 - sale["vout"]]
            debited = {"paid": paid, "paid_vout": sale["vout"], "change": change, "fee": fee}
            return debited | {"txid": sale["txid"], "sent": sale["sent"], "height": sale["height"]}
    raise CointrailError(f"Docket {source.letter}: no listed sale has one payment and one change.")


def _review(source: Source) -> list[dict]:
    """One transaction of each shape; no two dockets get the same."""
    ledger, purposes = source.ledger, source.truth("transactions").set_index("hash")["purpose"]
    rows = []
    for note, (purpose, fits) in REVIEW_NOTES.items():
        table = ledger.transactions[ledger.transactions["hash"].isin(purposes.index[purposes == purpose])]
        counts = zip(table["hash"], table["input_count"], table["output_count"], strict=True)
        suited = [txid for txid, inputs, outputs in counts if fits(inputs, outputs)]
        if len(suited) <= source.number:
            raise CointrailError(f"Only {len(suited)} transactions suit the fee review ({purpose}): take another seed.")
        txid = Stream(source.seed, f"dockets/fee review/{purpose}").shuffled(suited)[source.number]
        rows.append({"txid": txid, "note": note, "fee": int(ledger.transaction(txid)["fee"])})
    return source.stream("review").shuffled(rows)


def _wallet(source: Source, sales: list[dict]) -> list[dict]:
    """Outputs of the seller's daily wallet: sales and rests, some of them unspent at the tip."""
    ledger, mine = source.ledger, set(source.addresses(source.vendor["vendor"], "daily"))
    owned = ledger.outputs[ledger.outputs["addresses"].map(lambda held: len(held) == 1 and held[0] in mine)]
    spent = set(zip(ledger.inputs["spent_transaction_hash"], ledger.inputs["spent_output_index"], strict=True))
    change = source.truth("outputs").set_index(["transaction_hash", "index"])["is_change"]
    names = {(sale["txid"], sale["vout"]): sale["sale"] for sale in sales}
    rows = []
    for txid, vout, value in zip(owned["transaction_hash"], owned["index"], owned["value"], strict=True):
        label = names.get((txid, vout)) or ("rest" if change[txid, vout] else "received")
        rows.append({"outpoint": f"{txid}:{vout}", "label": label, "value": int(value), "spent": (txid, vout) in spent})
    stream = source.stream("wallet file")
    unspent, used = ([row for row in rows if row["spent"] is state] for state in (False, True))
    if not unspent or len(used) < 6:
        raise CointrailError(f"Docket {source.letter}: the daily wallet has too few outputs for a wallet file.")
    chosen = [*stream.shuffled(unspent)[:4], *stream.shuffled(used)[:6]]
    return [row for row in rows if row in chosen]


def _interim_height(source: Source, address: str) -> int:
    """A block after which the address still holds something, and later moves again: the middle one of those."""
    rows = statement(source.ledger, address)
    left, tip = rows["balance"].tolist(), rows["balance"].iloc[-1]
    received = rows["received"].cumsum().tolist()
    heights = rows["height"].tolist()
    suited = [
        (heights[n] + heights[n + 1]) // 2
        for n in range(len(rows) - 1)
        if 0 < left[n] < received[n] and left[n] != tip and heights[n] + 1 < heights[n + 1]
    ]
    if not suited:
        raise CointrailError(f"Docket {source.letter}: no height suits the interim report: take another seed.")
    return suited[len(suited) // 2]


def _seen(source: Source, address: str) -> dict:
    rows = statement(source.ledger, address)
    ends = {"first_seen": rows.iloc[0], "last_seen": rows.iloc[-1]}
    return {name: {"txid": row["txid"], "height": int(row["height"])} for name, row in ends.items()}


def _backward_blocks(source: Source, height: int) -> list[int]:
    """The blocks up to 400 before or after the slip's that state an earlier time than the one before."""
    blocks = source.ledger.blocks[source.ledger.blocks["number"].between(height - 400, height + 400)]
    return [int(number) for number in blocks["number"][blocks["timestamp"].diff().dt.total_seconds() < 0]]
