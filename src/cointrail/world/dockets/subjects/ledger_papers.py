"""The papers of `ledger_reading`, as an officer meets them: short, neutral, each with a source and an authority."""

import pandas as pd

from cointrail.world.dockets import cast
from cointrail.world.dockets.paper import Paper, csv_paper, paragraph, text_paper
from cointrail.world.dockets.source import Source

__all__ = [
    "REPORT_DAY",
    "laptop",
    "local_time",
    "page_paper",
    "register_line",
    "request_paper",
    "review_paper",
    "rule_paper",
    "sales_paper",
    "statement_paper",
    "wallet_paper",
]

REPORT_DAY = cast.SEARCH


def local_time(timestamp: int) -> str:
    """Wall clock in Arvania, ISO without a zone."""
    return pd.Timestamp(timestamp + cast.OFFSET_HOURS[cast.HOME_STATE] * 3_600, unit="s").isoformat()


def register_line(title: str, source: str, authority: str, reliability: str) -> dict:
    """Four entries of a line in the register."""
    return {"title": title, "source": source, "authority": authority, "reliability": reliability}


def laptop(source: Source) -> str:
    """The seized laptop, as a source."""
    return f"Laptop {source.cast.laptop_serial}, copied at the home of {source.cast['suspect'].name}"


def rule_paper() -> Paper:
    """E31: the rule on valuation, the same in every docket."""
    text = f"""REPUBLIC OF ARVANIA (an invented state)
Asset Office - Rule 12 on the value of payments in virtual assets

1. A payment counts when a block of the ledger contains it. A payment that no
   block contains has no value.
2. The day of a payment is the UTC calendar day stated in the time of that
   block.
3. The value of a payment is its amount times the closing price of that day in
   the price list of the Asset Office (file prices.csv, Arvanian mark, ARV, for
   one BTC).
4. Only what the recipient received counts: no fee, and nothing that returned
   to the payer.
5. Round the value of each payment to 0.01 ARV, half up. Then add.

This rule applies to the valuation report of {pd.Timestamp(REPORT_DAY):%d %B %Y}.
"""
    register = register_line("Rule 12: how to value payments", "Asset Office of Arvania", "Published regulation", "A1")
    register |= {"acquired": f"{REPORT_DAY}T07:30:00Z", "acquirer": "Asset Office of Arvania"}
    return text_paper("E31", "valuation_rule.txt", text, **register)


def wallet_paper(source: Source, wallet: list[dict]) -> Paper:
    register = register_line(
        "Outputs listed in a wallet file", laptop(source), f"Search order {source.cast.order_number('SE', 1)}", "A2"
    )
    register |= {"acquired": cast.COPIED, "acquirer": cast.FORENSICS}
    links = tuple(("outpoint", row["outpoint"]) for row in wallet)
    rows = [(row["outpoint"], row["label"]) for row in wallet]
    return csv_paper("E06a", "wallet_file.csv", ["outpoint", "label"], rows, links=links, **register)


def sales_paper(source: Source, sales: list[dict]) -> Paper:
    place = f"Spreadsheet on laptop {source.cast.laptop_serial}; times are the laptop's clock, UTC+7"
    register = register_line(
        "The seller's own list of sales", place, f"Search order {source.cast.order_number('SE', 1)}", "B3"
    )
    register |= {"acquired": cast.COPIED, "acquirer": cast.FORENSICS}
    columns = ["sale", "txid", "local_time", "claimed", "status"]
    rows = [(sale["sale"], sale["txid"], local_time(sale["noted"]), sale["value"], sale["status"]) for sale in sales]
    links = tuple(("txid" if sale["height"] else "not in the ledger", sale["txid"]) for sale in sales)
    return csv_paper("E30", "sales.csv", columns, rows, links=links, **register)


def request_paper(source: Source, interim: int) -> Paper:
    text = f"""PROSECUTOR'S OFFICE, TOLLMERE, ARVANIA                       Case {source.cast.case_number}

To the Joint Analysis Cell

1. Interim report. State what the listed address (Exhibit E33b) had received,
   and what was left at it, after the block of this height.
   Height: {interim}

2. Valuation report. State the value of the payments on the seller's list
   (Exhibit E30), up to the end of the ledger, in Arvanian marks under Rule 12
   (Exhibit E31). Day of the report: {REPORT_DAY}.

{source.cast["prosecutor"].name}
Prosecutor
"""
    register = register_line("What the prosecutor asks", cast.PROSECUTOR, "Instruction of the prosecutor", "A1")
    register |= {"acquired": f"{cast.SEARCH}T07:45:00Z", "acquirer": cast.CELL}
    return text_paper("E30b", "request.txt", text, **register)


def review_paper(source: Source, review: list[dict]) -> Paper:
    register = register_line("Five transactions for a fee review", "Public ledger", "Public source", "A1")
    register |= {"acquired": f"{cast.SEARCH}T11:00:00Z"}
    links = tuple(("txid", row["txid"]) for row in review)
    rows = [(row["txid"], row["note"]) for row in review]
    return csv_paper("E32", "fee_review.csv", ["txid", "note"], rows, links=links, **register)


def statement_paper(source: Source, slip: dict) -> Paper:
    buyer, officers = source.cast["buyer"], (source.cast["officer"].name, source.cast["second_officer"].name)
    heard = f"""{buyer.name}, heard on 2026-10-21 at 09:40 UTC in Tollmere, Arvania. The buyer was informed of the right
        to remain silent and agreed to answer."""
    words = f"""I bought from the seller {source.cast.vendor} more than once. This order I paid from the wallet on my
        phone, to the address on the seller's page. The phone sent what was left back to itself. I give you the phone so
        that you can copy the payment screen.\""""
    text = f"""STATEMENT OF A BUYER (short form)                            Case {source.cast.case_number}

{paragraph(heard)}

{paragraph(words, head='  "', hang=3)}

TRANSCRIPT OF THE WALLET SCREEN
(typed by {officers[0]}, checked by {officers[1]})

  Sent
  Date             {local_time(slip["sent"]).replace("T", " ")} (local time, UTC+7)
  Total sent       {slip["paid"] + slip["fee"]:,} sat (network fee included)
  Transaction      {slip["txid"]}
  Status           Confirmed

The screen does not show the fee and does not show the outputs.
"""
    register = register_line("Buyer's statement and wallet screen", "Buyer's phone", "Consent of the owner", "B2")
    register |= {"acquired": "2026-10-21T10:15:00Z"}
    return text_paper("E33a", "buyers_statement.txt", text, links=(("txid", slip["txid"]),), **register)


def page_paper(source: Source) -> Paper:
    vendor, listed = source.cast.vendor, source.vendor["listed_address"]
    text = f"""CAPTURE OF A SELLER'S PAGE (text only)                        Case {source.cast.case_number}

Address of the page   http://{vendor}.invalid/orders
Captured              {cast.SNAPSHOTS[0]} 08:05 UTC, again {cast.SNAPSHOTS[3]} 19:20 UTC: no change

  Seller          {vendor}
  Orders          by message, without the market
  Price           from 160 ARV, payable in bitcoin at the seller's rate of the day
  Pay to          {listed}
  Note            "Same address for all direct orders. I send when I see your payment."
"""
    register = register_line("The seller's page with an address", "Seller's page, captured twice", "", "C2")
    register |= {"authority": f"Observation order {source.cast.order_number('OB', 1)}"}
    register |= {"acquired": f"{cast.SNAPSHOTS[3]}T19:20:00Z"}
    return text_paper("E33b", "sellers_page.txt", text, links=(("address", listed),), **register)
