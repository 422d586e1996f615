"""The named facts of a docket, which questions read: computed from the ledger's tables and from the story."""

from decimal import ROUND_HALF_UP, Decimal

import pandas as pd

from cointrail.errors import CointrailError
from cointrail.ledger.model import Ledger
from cointrail.world.economy import Payment
from cointrail.world.primer.calendar import DAY, FIRST_DAY, HOUR, REPORT_DAY, day_of
from cointrail.world.primer.story import OFFSET, Docket
from cointrail.world.streams import Stream

__all__ = ["REVIEW_NOTES", "choose_reviews", "docket_facts", "local_time", "price_text", "sale_names", "wallet_rows"]

CENT = Decimal("0.01")

# Shapes of the fee review: note in the exhibit -> (purpose, fits(number of inputs, number of outputs, has change)).
REVIEW_NOTES = {
    "a customer pays in a shop": ("purchase", lambda i, o, change: i == 1 and o == 2 and change),
    "a service collects coins": ("deposit sweep", lambda i, o, change: i >= 2 and o == 1),
    "a shop pays in its takings": ("exchange deposit", lambda i, o, change: i >= 3 and change),
    "an exchange pays its customers": ("exchange withdrawals", lambda i, o, change: o >= 4 and change),
    "a pool pays its members": ("mining payout", lambda i, o, change: o >= 4 and change),
}


def docket_facts(docket: Docket, ledger: Ledger, *, prices: dict[str, int], review: list[Payment]) -> dict:
    """All facts of one docket as plain data for JSON; values in satoshi, money in ARV as decimal text."""
    address = docket.listed.address
    report = _report_height(ledger)
    history = _history(ledger, address)
    facts = {
        "world": ledger.name,
        "docket": docket.plan.docket,
        "vendor": docket.plan.vendor,
        "listed_address": address,
        "tip": ledger.tip,
        "report_height": report,
        "report_day": REPORT_DAY,
        "fee_review": [_review_fact(payment, note) for payment, note in zip(review, REVIEW_NOTES, strict=True)],
        "payment": _payment_fact(docket),
        "wallet": _wallet_facts(docket, ledger),
        "sales": _sale_facts(docket, ledger, prices),
        "pending_sale": _pending_fact(docket),
    }
    facts["unspent"] = sorted(row["outpoint"] for row in facts["wallet"] if not row["spent"])
    facts["proceeds"] = str(sum(Decimal(sale["amount"]) for sale in facts["sales"]))
    facts["mistakes"] = _mistakes(facts, ledger, prices)
    until = history[history["height"] <= report]
    facts["balance_at_report"] = int(until["change"].sum())
    facts["received_at_report"] = int(until["received"].sum())
    facts["balance_at_tip"] = int(history["change"].sum())
    facts["received_at_tip"] = int(history["received"].sum())
    facts["first_seen"] = _seen(history.iloc[0])
    facts["last_seen"] = _seen(history.iloc[-1])
    facts["backward_blocks"] = _backward_blocks(ledger)
    return facts


def choose_reviews(payments: list[Payment], stream: Stream, *, dockets: int) -> list[list[Payment]]:
    """For each docket one payment of each shape in `REVIEW_NOTES`; no two of a shape have the same fee."""
    reviews: list[list[Payment]] = [[] for _ in range(dockets)]
    for purpose, fits in REVIEW_NOTES.values():
        suited = [
            p
            for p in payments
            if p.purpose == purpose
            and fits(len(p.transaction.inputs), len(p.transaction.outputs), p.change is not None)
        ]
        different = list({p.fee: p for p in stream.shuffled(suited)}.values())
        if len(different) < dockets:
            raise CointrailError(f"Only {len(different)} payments suit the fee review ({purpose}): take another seed.")
        for review, payment in zip(reviews, different[:dockets], strict=True):
            review.append(payment)
    return reviews


def sale_names(docket: Docket) -> list[tuple[str, object]]:
    """(name, sale) of all eleven orders in order of the time they were seen, the pending one among them."""
    orders = sorted([*docket.sales, docket.pending], key=lambda sale: sale.seen)
    return [(f"{docket.plan.code}-{number:02d}", sale) for number, sale in enumerate(orders, start=1)]


def wallet_rows(docket: Docket) -> list[tuple[str, str]]:
    """(outpoint, label) as the vendor's wallet file has them."""
    names = {id(sale): name for name, sale in sale_names(docket)}
    numbers = sorted((*docket.plan.first_cash_out, *docket.plan.second_cash_out, *docket.plan.kept))
    rows = [(docket.sales[n].outpoint, names[id(docket.sales[n])]) for n in numbers]
    rests = [docket.spends[spend] for spend in ("first", "shop")]
    return rows + [(f"{payment.txid}:{payment.change}", "rest") for payment in rests]


def local_time(timestamp: int) -> str:
    """Wall clock in Arvania, ISO without a zone."""
    return pd.Timestamp(timestamp + OFFSET * HOUR, unit="s").isoformat()


def price_text(cents: int) -> str:
    return f"{cents // 100}.{cents % 100:02d}"


def _amount(value: int, cents: int) -> Decimal:
    """ARV for satoshi at a price: rounded to the cent, half up."""
    return (Decimal(value) * cents / 100 / 100_000_000).quantize(CENT, ROUND_HALF_UP)


def _review_fact(payment: Payment, note: str) -> dict:
    outputs = payment.transaction.outputs
    change = outputs[payment.change].value if payment.change is not None else 0
    total = sum(output.value for output in outputs)
    return {
        "txid": payment.txid,
        "fee": payment.fee,
        "note": note,
        "input_value": total + payment.fee,
        "output_value": total,
        "paid_to_others": total - change,
    }


def _payment_fact(docket: Docket) -> dict:
    sale = docket.sales[docket.plan.slip_sale]
    change = sale.payment.transaction.outputs[sale.payment.change].value
    fee = sale.payment.fee
    paid = {"txid": sale.payment.txid, "paid": sale.value, "paid_vout": sale.vout}
    return paid | {"change": change, "fee": fee, "total_debited": sale.value + fee}


def _wallet_facts(docket: Docket, ledger: Ledger) -> list[dict]:
    spent = set(zip(ledger.inputs["spent_transaction_hash"], ledger.inputs["spent_output_index"], strict=True))
    facts = []
    for outpoint, _ in wallet_rows(docket):
        txid, vout = outpoint.split(":")
        value = int(ledger.outputs_of(txid)["value"].iloc[int(vout)])
        facts.append({"outpoint": outpoint, "value": value, "spent": (txid, int(vout)) in spent})
    return facts


def _sale_facts(docket: Docket, ledger: Ledger, prices: dict[str, int]) -> list[dict]:
    facts = []
    for name, sale in sale_names(docket):
        if sale is docket.pending:
            continue
        row = ledger.transaction(sale.payment.txid)
        confirmed = int(row["block_timestamp"].timestamp())
        day = day_of(confirmed)
        facts.append(
            {
                "sale": name,
                "txid": sale.payment.txid,
                "vout": sale.vout,
                "value": sale.value,
                "height": int(row["block_number"]),
                "seen_utc_day": day_of(sale.seen),
                "utc_day": day,
                "local_day": day_of(confirmed, offset=OFFSET),
                "price": price_text(prices[day]),
                "amount": str(_amount(sale.value, prices[day])),
            }
        )
    return facts


def _pending_fact(docket: Docket) -> dict:
    name = next(name for name, sale in sale_names(docket) if sale is docket.pending)
    return {
        "sale": name,
        "txid": docket.pending.payment.txid,
        "claimed": docket.pending.value,
        "seen_utc_day": day_of(docket.pending.seen),
    }


def _mistakes(facts: dict, ledger: Ledger, prices: dict[str, int]) -> dict:
    """The totals that known mistakes lead to, by their number in the syllabus."""
    rows, pending = facts["sales"], facts["pending_sale"]
    all_outputs = [int(ledger.transaction(row["txid"])["output_value"]) for row in rows]
    pending_amount = _amount(pending["claimed"], prices[pending["seen_utc_day"]])
    totals = {
        "M05": [_amount(value, prices[row["utc_day"]]) for value, row in zip(all_outputs, rows, strict=True)],
        "M09": [_amount(row["value"], prices[REPORT_DAY]) for row in rows],
        "M10": [_amount(row["value"], prices[row["local_day"]]) for row in rows],
        "M12": [*(Decimal(row["amount"]) for row in rows), pending_amount],
        "day_seen": [_amount(row["value"], prices[row["seen_utc_day"]]) for row in rows],
    }
    return {mistake: str(sum(amounts)) for mistake, amounts in totals.items()}


def _report_height(ledger: Ledger) -> int:
    """The last block before noon UTC of the story's day 13, between the two cash-outs."""
    noon = pd.Timestamp(FIRST_DAY + 13 * DAY + 12 * HOUR, unit="s", tz="UTC")
    return int(ledger.blocks["number"][ledger.blocks["timestamp"] < noon].max())


def _history(ledger: Ledger, address: str) -> pd.DataFrame:
    """Transactions that touch an address: height, received, and received minus spent."""
    received = ledger.outputs[ledger.outputs["addresses"].map(lambda held: address in held)]
    spent = ledger.inputs[ledger.inputs["addresses"].map(lambda held: address in held)]
    plus = received.groupby("transaction_hash")["value"].sum()
    minus = spent.groupby("transaction_hash")["value"].sum()
    touched = ledger.transactions[ledger.transactions["hash"].isin(plus.index.union(minus.index))]
    history = touched[["hash", "block_number"]].set_axis(["txid", "height"], axis=1)
    history = history.assign(received=history["txid"].map(plus).fillna(0).astype("int64"))
    return history.assign(change=history["received"] - history["txid"].map(minus).fillna(0).astype("int64"))


def _seen(row: pd.Series) -> dict:
    return {"txid": row["txid"], "height": int(row["height"])}


def _backward_blocks(ledger: Ledger) -> list[int]:
    times = ledger.blocks["timestamp"]
    return [int(height) for height in ledger.blocks["number"][times < times.shift()]]
