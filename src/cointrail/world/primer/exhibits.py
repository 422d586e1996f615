"""The six exhibits of a docket, as an officer meets them: short, neutral, each with a source and an authority."""

from cointrail.ledger.parquet import BANNER
from cointrail.world.economy import Payment
from cointrail.world.primer.facts import REVIEW_NOTES, local_time, sale_names, wallet_rows
from cointrail.world.primer.story import Docket
from cointrail.world.records import Exhibit
from cointrail.world.streams import Stream

__all__ = ["docket_exhibits"]

OFFICE = "Cyber Evidence Office, Arvania"
SEARCH = "Search order AR-26-114, District Court of Tollmere"


def docket_exhibits(docket: Docket, *, review: list[Payment], stream: Stream) -> list[Exhibit]:
    """The register and texts of one docket, in order of number."""
    return [
        _payment_slip(docket),
        _fee_review(docket, review, stream),
        _wallet_file(docket),
        _sales(docket),
        _valuation_rule(docket),
        _listing(docket),
    ]


def _payment_slip(docket: Docket) -> Exhibit:
    sale = docket.sales[docket.plan.slip_sale]
    total = sale.value + sale.payment.fee
    text = f"""STATEMENT OF A BUYER (short form)                     Exhibit {docket.plan.docket}-E01

Taken on 2026-03-09 at 09:40 UTC, in Tollmere, Arvania. The buyer was informed of the right
to remain silent and agreed to answer.

  "I bought from the seller {docket.plan.vendor} more than once. This order I paid from the wallet
   on my phone, to the address in the listing. The phone sent what was left back to itself. I
   give you the phone so that you can copy the payment screen."

TRANSCRIPT OF THE WALLET SCREEN (typed by the officer, checked by a second officer)

  Sent
  Date             {local_time(sale.seen).replace("T", " ")} (local time, UTC+7)
  Total sent       {total:,} sat (network fee included)
  Transaction      {sale.payment.txid}
  Status           Confirmed

The screen does not show the fee and does not show the outputs.
"""
    return _exhibit(
        docket,
        "E01",
        "payment_slip.txt",
        title="Buyer's statement and wallet screen",
        source="Buyer's mobile phone",
        acquired="2026-03-09T10:15:00Z",
        authority="Consent of the owner, form C-7",
        reliability="B2",
        text=text,
    )


def _fee_review(docket: Docket, review: list[Payment], stream: Stream) -> Exhibit:
    lines = [f"{payment.txid},{note}" for payment, note in zip(review, REVIEW_NOTES, strict=True)]
    return _exhibit(
        docket,
        "E02",
        "fee_review.csv",
        title="Five transactions for a fee review",
        source="Public ledger",
        acquired="2026-03-09T11:00:00Z",
        authority="Public source",
        reliability="A1",
        text=_csv("txid,note", stream.shuffled(lines)),
    )


def _wallet_file(docket: Docket) -> Exhibit:
    return _exhibit(
        docket,
        "E03",
        "wallet_file.csv",
        title="Labels exported from a wallet file",
        source=f"Laptop seized at the home of the holder of handle {docket.plan.vendor}",
        acquired="2026-03-09T16:30:00Z",
        authority=SEARCH,
        reliability="A2",
        text=_csv("outpoint,label", [f"{outpoint},{label}" for outpoint, label in wallet_rows(docket)]),
    )


def _sales(docket: Docket) -> Exhibit:
    lines = [
        f"{name},{sale.payment.txid},{local_time(sale.seen)},{sale.value},seen in wallet"
        for name, sale in sale_names(docket)
    ]
    return _exhibit(
        docket,
        "E04",
        "sales.csv",
        title="The seller's own list of sales",
        source="Spreadsheet on the same laptop; times are the laptop's clock, UTC+7",
        acquired="2026-03-09T16:45:00Z",
        authority=SEARCH,
        reliability="B3",
        text=_csv("sale,txid,local_time,claimed,status", lines),
    )


def _valuation_rule(docket: Docket) -> Exhibit:
    text = """REPUBLIC OF ARVANIA (an invented state)
Asset Office - Rule 12 on the value of payments in virtual assets

1. A payment counts when a block of the ledger contains it. A payment that no block contains
   has no value.
2. The day of a payment is the UTC calendar day stated in the time of that block.
3. The value of a payment is its amount times the closing price of that day in the price list
   of the Asset Office (file prices.csv, Arvanian mark, ARV, for one BTC).
4. Only what the recipient received counts: no fee, and nothing that returned to the payer.
5. Round the value of each payment to 0.01 ARV, half up. Then add.

This rule applies to the valuation report of 10 March 2026.
"""
    return _exhibit(
        docket,
        "E05",
        "valuation_rule.txt",
        title="Rule 12: how to value payments",
        source="Asset Office of Arvania",
        acquirer="Asset Office of Arvania",
        acquired="2026-03-10T07:30:00Z",
        authority="Published regulation",
        reliability="A1",
        text=text,
    )


def _listing(docket: Docket) -> Exhibit:
    plan = docket.plan
    text = f"""CAPTURE OF A MARKET PAGE (text only)                  Exhibit {plan.docket}-E06

Address of the page   http://stalls.invalid/seller/{plan.vendor}
Captured              2026-02-17 08:05 UTC, again 2026-03-08 19:20 UTC: no change

  Seller          {plan.vendor}
  Item            {plan.code}-14, tablets, lot A
  Price           from 95 ARV, payable in bitcoin at the seller's rate of the day
  Pay to          {docket.listed.address}
  Note            "Same address for all orders. I send when I see your payment."
"""
    return _exhibit(
        docket,
        "E06",
        "listing.txt",
        title="Listing of the seller",
        source="Market page, captured twice",
        acquired="2026-03-08T19:20:00Z",
        authority="Order for online observation OB-26-031",
        reliability="C2",
        text=text,
    )


def _csv(header: str, lines: list[str]) -> str:
    return "\n".join([header, *lines]) + "\n"


def _exhibit(docket: Docket, number: str, file: str, *, text: str, acquirer: str = OFFICE, **register) -> Exhibit:
    """Text with the banner on top; the first line of a CSV file is a comment."""
    banner = f"# {BANNER}\n" if file.endswith(".csv") else f"{BANNER}\n\n"
    return Exhibit(id=number, file=f"{number}_{file}", acquirer=acquirer, language="en", text=banner + text, **register)
