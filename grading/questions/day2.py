"""Questions of day 2: what each asks, its truth, the mistakes it predicts, and its hints.

Truth comes from the facts of the docket (what the simulator did); a mistake is the naive method, run on the public
ledger and the exhibits. No message and no hint holds an answer.
"""

from functools import partial
from itertools import product
from random import Random

from cointrail.grading.questions import Mistake, Question
from cointrail.tracing import (
    balance_at,
    first_and_last_seen,
    load_prices,
    proceeds,
    statement,
    total_received,
    total_spent,
)

__all__ = ["QUESTIONS", "WORLD"]

WORLD = "glass_harbour"


def reading(desk):
    """What the simulator knows about the ledger exhibits of lessons 2.1 and 2.2."""
    return desk.facts["ledger_reading"]


def fees(desk):
    return {row["txid"]: row["fee"] for row in reading(desk)["fee_review"]}


def fees_by(desk, method):
    """A naive fee for each transaction of the review: method(inputs, outputs), both as lists of values."""
    reviewed = [row["txid"] for row in reading(desk)["fee_review"]]
    values = {
        txid: [side(txid)["value"].tolist() for side in (desk.ledger.inputs_of, desk.ledger.outputs_of)]
        for txid in reviewed
    }
    return {txid: method(inputs, outputs) for txid, (inputs, outputs) in values.items()}


def payment(desk, *names):
    return sum(reading(desk)["payment"][name] for name in names)


def wallet(desk, *, spent):
    return {row["outpoint"] for row in reading(desk)["wallet"] if row["spent"] in spent}


def received_only(ledger, address, height):
    return total_received(ledger, address, height=height)


def spent_only(ledger, address, height):
    return total_spent(ledger, address, height=height)


def balance_at_tip(ledger, address, height):
    return balance_at(ledger, address, ledger.tip)


def balance_after_next(desk):
    """The balance after the first transaction that comes too late."""
    rows = statement(desk.ledger, reading(desk)["listed_address"])
    return int(rows.loc[rows["height"] > reading(desk)["report_height"], "balance"].iloc[0])


def balance_cases(desk):
    """Public cases: first seen, where the address first spends, the report, the tip."""
    address, height = reading(desk)["listed_address"], reading(desk)["report_height"]
    rows = statement(desk.ledger, address)
    spends = int(rows.loc[rows["spent"] > 0, "height"].iloc[0])
    heights = (reading(desk)["first_seen"]["height"], spends, height, reading(desk)["tip"])
    return [{"ledger": WORLD, "address": address, "height": height} for height in heights]


def hidden_balance_cases(secret, make_ledger):
    """Twelve cases on three ledgers made from the class's secret; most of the addresses have spent something."""
    cases = []
    for number in range(3):
        ledger = make_ledger(secret + bytes([number]))
        draw = Random(secret + bytes([number, 255]))
        spenders = sorted({address for addresses in ledger.inputs["addresses"] for address in addresses})
        receivers = sorted({address for addresses in ledger.outputs["addresses"] for address in addresses})
        chosen = [*draw.sample(spenders, min(3, len(spenders))), draw.choice(receivers)]
        for address in chosen:
            first, _ = first_and_last_seen(ledger, address)
            height = draw.randint(first.height, ledger.tip)
            cases.append({"ledger": ledger, "address": address, "height": height})
    return cases


def proceeds_by(desk, **change):
    """Proceeds of the docket's sales under the rule, or under one that was changed."""
    rule = {"day": "block", "outputs": "address", "pending": "leave out"} | change
    prices, sales = load_prices(WORLD), desk.exhibit("E30")
    return proceeds(desk.ledger, sales, prices, address=reading(desk)["listed_address"], **rule)


DAYS = {
    "block": ("", ""),
    "local": (
        "M10",
        "the day was taken from the seller's own clock; which zone do the days of the price list belong to?",
    ),
    "2026-10-20": (
        "M09",
        "every sale was valued at the price of the report's day; the rule names the day of each payment",
    ),
}
OUTPUTS = {
    "address": ("", ""),
    "all": ("M05", "every output was counted, also the buyers' change; count what the listed address received"),
}
PENDING = {
    "leave out": ("", ""),
    "claimed": ("M12", "rows were counted that are in no block; which exhibit shows that they were ever paid?"),
}


def wrong_rules():
    """Every choice of rules but the right one, named by all slips that it makes."""
    mistakes = []
    for day, outputs, pending in product(DAYS, OUTPUTS, PENDING):
        slips = [slip for slip in (DAYS[day], OUTPUTS[outputs], PENDING[pending]) if slip[0]]
        if slips:
            count = {1: "", 2: "Two slips at once: ", 3: "Three slips at once: "}[len(slips)]
            words = count + "; and ".join(words for _, words in slips)
            rule = {"day": day, "outputs": outputs, "pending": pending}
            code = " and ".join(code for code, _ in slips)
            mistakes.append(Mistake(code, partial(proceeds_by, **rule), words[0].upper() + words[1:] + "."))
    return mistakes


def seen(desk):
    return {name: reading(desk)[f"{name}_seen"]["height"] for name in ("first", "last")}


def seen_until(desk, height):
    """First and last seen, up to a height."""
    first, last = first_and_last_seen(desk.ledger, reading(desk)["listed_address"], height=height)
    return {"first": first.height, "last": last.height}


FIRST, SECOND = "01_from_bank_statement_to_utxo", "02_balances_time_and_value"

QUESTIONS = [
    Question(
        id="2.1a",
        notebook=FIRST,
        title="The fees of five transactions",
        type="mapping",
        items={"key": "txid", "value": "int"},
        points=4,
        unit="satoshi",
        objective="Compute the fee of a transaction in satoshi",
        look="2.1, section 'The fee is what is missing'",
        truth=fees,
        mistakes=[
            Mistake(
                "change taken for the fee",
                lambda desk: fees_by(desk, lambda inputs, outputs: sum(inputs) - outputs[0]),
                "Only the first output was subtracted. Every output counts, whoever receives it: look at the right "
                "side of the figure again.",
            ),
            Mistake(
                "one input only",
                lambda desk: fees_by(desk, lambda inputs, outputs: inputs[0] - sum(outputs)),
                "Only the first input was counted. Add up the whole left side of the figure.",
            ),
            Mistake(
                "M05",
                lambda desk: fees_by(desk, lambda inputs, outputs: sum(outputs)),
                "This is the sum of the outputs: what was handed on. The fee is the part that no output receives.",
            ),
        ],
        hints=[
            "A fee stands nowhere in a transaction. Which two sums do you need, and which is the larger one?",
            "In the figure with the question mark, add up the left side, add up the right side, and subtract.",
            "fee(ledger, tx1) does the same subtraction. Use it for tx1 to tx5 and write down the five numbers.",
        ],
    ),
    Question(
        id="2.1b",
        notebook=FIRST,
        title="The amount really paid",
        type="int",
        points=2,
        unit="satoshi",
        objective="State the amount really paid, with its source",
        look="2.1, section 'Which output is the payment?'",
        truth=lambda desk: payment(desk, "paid"),
        mistakes=[
            Mistake(
                "M08",
                lambda desk: payment(desk, "paid", "fee"),
                "This is what left the buyer's wallet: payment and fee together. The seller never received the fee.",
            ),
            Mistake(
                "M05",
                lambda desk: payment(desk, "paid", "change"),
                "This is the sum of all outputs. One of them goes back to the buyer: it is change, not payment.",
            ),
            Mistake(
                "the change",
                lambda desk: payment(desk, "change"),
                "This is the output that went back to the buyer. Hold both output addresses against the exhibits.",
            ),
            Mistake(
                "all that was used up",
                lambda desk: payment(desk, "paid", "change", "fee"),
                "This is the sum of the inputs. A transaction always uses up whole outputs; part of it came back.",
            ),
        ],
        hints=[
            "Three numbers describe this payment: what left the wallet, what the seller received, what came back. "
            "Which of them does the wallet screen show?",
            "Draw the transaction of E33a. Which output address does the seller's page (E33b) name?",
            "ledger.outputs_of(slip) shows the value of every output. Take the one that pays the listed address.",
        ],
    ),
    Question(
        id="2.1c",
        notebook=FIRST,
        title="What is still unspent",
        type="set",
        items="outpoint",
        points=3,
        objective="List which outputs are unspent at a block height",
        look="2.1, section 'Guided: spent or unspent'",
        truth=lambda desk: set(reading(desk)["unspent"]),
        mistakes=[
            Mistake(
                "M07",
                lambda desk: wallet(desk, spent=(True, False)),
                "This is everything the wallet ever received. Some of it was spent: look at the column spent_by.",
            ),
            Mistake(
                "the spent ones",
                lambda desk: wallet(desk, spent=(True,)),
                "These are the outputs that another transaction has used up. The question asks for the others.",
            ),
        ],
        hints=[
            "An output is spent when a later transaction names it as an input. Which column says so?",
            "Run readable(output_history(ledger, outpoints=received)) and look for rows with a dash in spent_by.",
            "Put the outpoints of those rows into {...}, each in quotation marks, or copy the filter of section "
            "'Guided: spent or unspent'.",
        ],
    ),
    Question(
        id="2.1d",
        notebook=FIRST,
        title="Stretch: blocks whose time runs backwards",
        type="set",
        items="int",
        points=0,
        objective="Show that block times are not in order",
        look="2.2, section 'Height is the clock'",
        truth=lambda desk: set(reading(desk)["backward_blocks"]),
        mistakes=[
            Mistake(
                "the block before",
                lambda desk: {height - 1 for height in reading(desk)["backward_blocks"]},
                "These are the blocks that are followed by an earlier time. The question asks for the later block.",
            ),
        ],
        hints=[
            "Compare each block's time with the time of the block before it.",
            "blocks['timestamp'].diff() is the time since the row above. A negative one runs backwards.",
            "blocks.loc[blocks['timestamp'].diff().dt.total_seconds() < 0, 'number'] is the column you need.",
        ],
    ),
    Question(
        id="2.2a",
        notebook=SECOND,
        title="The balance at the interim report",
        type="int",
        points=2,
        unit="satoshi",
        objective="Read a statement and give the balance at a block height",
        look="2.2, section 'Balance: received minus spent'",
        truth=lambda desk: reading(desk)["balance_at_report"],
        mistakes=[
            Mistake(
                "M07",
                lambda desk: reading(desk)["received_at_report"],
                "This is all the address ever received up to that block. Part of it was spent again.",
            ),
            Mistake(
                "the wrong block",
                lambda desk: balance_at_tip(desk.ledger, reading(desk)["listed_address"], None),
                "This is the balance at the end of the ledger. The question names an earlier block: interim.",
            ),
            Mistake(
                "one row too far",
                balance_after_next,
                "This balance counts a transaction in a block after the interim report. Compare the heights.",
            ),
            Mistake(
                "M07 at the wrong block",
                lambda desk: total_received(desk.ledger, reading(desk)["listed_address"]),
                "This is all that was received up to the end of the ledger. Mind what was spent, and mind the block.",
            ),
        ],
        hints=[
            "A balance needs three things: an address, a height, and two sums.",
            "statement(ledger, listed, height=interim) ends at the report. Which column of its last row do you need?",
            "Take the last number in the column balance, or subtract total_spent from total_received at that height.",
        ],
    ),
    Question(
        id="2.2b",
        notebook=SECOND,
        title="Your own rule for a balance",
        type="function",
        signature="my_balance_at(ledger, address, height)",
        returns="int",
        points=2,
        unit="satoshi",
        objective="State the rule of a balance so that it works on any ledger",
        look="2.2, section 'Balance: received minus spent'",
        truth=balance_at,
        samples=balance_cases,
        hidden=hidden_balance_cases,
        mistakes=[
            Mistake("M07", received_only, "Your rule adds up what was received and forgets what was spent."),
            Mistake("received forgotten", spent_only, "Your rule gives what was spent. What was it spent from?"),
            Mistake("the height forgotten", balance_at_tip, "Your rule ignores the height and goes to the end."),
        ],
        hints=[
            "Say it in words first: the balance is ... minus ..., both up to the height.",
            "total_received(ledger, address, height=height) is the first half.",
            "Subtract total_spent(ledger, address, height=height) from it. Do not forget height=height in both.",
        ],
    ),
    Question(
        id="2.2c",
        notebook=SECOND,
        title="The value of the payments on the seller's list",
        type="decimal",
        places=2,
        points=3,
        unit="ARV",
        objective="Value payments in local money under a written rule",
        look="2.2, section 'Guided: which day, which price?'",
        truth=lambda desk: reading(desk)["proceeds"],
        mistakes=wrong_rules(),
        hints=[
            "Read E31 again and answer three questions: whose day, which outputs, and what about a sale in no block?",
            "Run value_sales(ledger, sales, prices, address=listed, day=..., outputs=..., pending=...), your choices "
            "in place of the dots, and look at the columns height, day and satoshi of every row.",
            "proceeds(...) takes day, outputs and pending. Say for each choice which exhibit asks for it, then run it.",
        ],
    ),
    Question(
        id="2.2d",
        notebook=SECOND,
        title="Stretch: first and last seen",
        type="mapping",
        items={"key": "text", "value": "int"},
        points=0,
        objective="Give the first and the last block in which an address was used",
        look="2.2, section 'Learn: a statement for an address'",
        truth=seen,
        mistakes=[
            Mistake(
                "the end of the ledger",
                lambda desk: seen(desk) | {"last": reading(desk)["tip"]},
                "This is the last block of the ledger. The question asks for the last block that touches the address.",
            ),
            Mistake(
                "the block of the report",
                lambda desk: seen_until(desk, reading(desk)["report_height"]),
                "Nothing after the report was counted. Here the whole ledger counts.",
            ),
        ],
        hints=[
            "An address is seen when a transaction pays it, and also when a transaction spends from it.",
            "The statement of the address has one row for each such transaction, in the order of the blocks.",
            "first, last = first_and_last_seen(ledger, listed); then first.height and last.height.",
        ],
    ),
    Question(
        id="2.2",
        notebook=SECOND,
        title="Explain it to a judge",
        type="written",
        points=4,
        rubric="day2",
        objective="Explain why a balance is not money received",
        look="2.2, section 'What this shows, and what it does not'",
        hints=[
            "Begin with a bank account: 1,000 came in, 900 went out. What does the statement show at the end?",
            "Name the address in full, the block height, and both numbers of your own case.",
            "End with what the number does not show: who it was, and what it was for.",
        ],
    ),
]
