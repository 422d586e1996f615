"""Questions of day 2: what each asks, its truth, the mistakes it predicts, and its hints.

Truth comes from the facts of the docket (what the simulator did); a mistake is the naive method, run on the public
ledger and the exhibits. No message and no hint holds an answer.
"""

from functools import partial
from itertools import product
from random import Random

from cointrail.grading.questions import Mistake, Question
from cointrail.grading.quizzes import quiz_question
from cointrail.tracing import (
    as_amount,
    balance_at,
    first_and_last_seen,
    load_prices,
    poisoning_transfers,
    proceeds,
    statement,
    total_received,
    total_spent,
)

__all__ = ["QUESTIONS", "WORLD"]

WORLD = "glass_harbour"
# The account that lesson 2.4 reads as its example.
TAMSIN = "syn:0x2a5600f4c8c162e2dd952e796cfcc3c377ec1577"


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


def slip_block(desk):
    """The transactions of the block that holds the payment of E33a."""
    rows = desk.ledger.transactions
    height = desk.ledger.transaction(reading(desk)["payment"]["txid"])["block_number"]
    return rows[rows["block_number"] == height]


def coinbase(desk):
    rows = slip_block(desk)
    return int(rows.loc[rows["is_coinbase"], "output_value"].sum())


def block_fees(desk):
    return int(slip_block(desk)["fee"].sum())


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
        "The day was taken from the seller's own clock. Which zone do the days of the price list belong to?",
    ),
    "2026-10-20": (
        "M09",
        "Every sale was valued at the price of the report's day. The rule names the day of each payment.",
    ),
}
OUTPUTS = {
    "address": ("", ""),
    "all": ("M05", "Every output was counted, also the buyers' change. Count what the listed address received."),
}
PENDING = {
    "leave out": ("", ""),
    "claimed": ("M12", "Rows were counted that are in no block. Which exhibit shows that they were ever paid?"),
}


def wrong_rules():
    """Every choice of rules but the right one, named by all slips that it makes."""
    mistakes = []
    for day, outputs, pending in product(DAYS, OUTPUTS, PENDING):
        slips = [slip for slip in (DAYS[day], OUTPUTS[outputs], PENDING[pending]) if slip[0]]
        if slips:
            words = [words for _, words in slips]
            if len(slips) > 1:
                words = [f"{'Two' if len(slips) == 2 else 'Three'} slips at once."] + [
                    f"({number}) {slip}" for number, slip in enumerate(words, 1)
                ]
            rule = {"day": day, "outputs": outputs, "pending": pending}
            code = " and ".join(code for code, _ in slips)
            mistakes.append(Mistake(code, partial(proceeds_by, **rule), " ".join(words)))
    return mistakes


def seen(desk):
    return {name: reading(desk)[f"{name}_seen"]["height"] for name in ("first", "last")}


def seen_until(desk, height):
    """First and last seen, up to a height."""
    first, last = first_and_last_seen(desk.ledger, reading(desk)["listed_address"], height=height)
    return {"first": first.height, "last": last.height}


def phone(desk, name):
    return desk.facts["phone"][name]


def valid_but(desk, *, without=(), and_also=()):
    """The valid addresses of the notes, some left out or added."""
    return (set(phone(desk, "valid")) - {phone(desk, name) for name in without}) | {
        phone(desk, name) for name in and_also
    }


def coins(desk, name):
    return desk.facts["tokens"][name]


def held(desk, *changes, decimals=None):
    """What the account held after the block, as people write it; `changes` are (sign, fact) that a slip would add."""
    units = int(coins(desk, "balance")) + sum(sign * int(coins(desk, name)) for sign, name in changes)
    return as_amount(units, coins(desk, "decimals") if decimals is None else decimals)


def other_decimals(desk):
    return 18 if coins(desk, "decimals") == 6 else 6


def contract_letter(desk, symbol):
    """The letter of the sheet under which the issuer's own contract of a symbol stands."""
    tokens = desk.tokens.tokens.set_index("address")["symbol"]
    letters = coins(desk, "contracts")
    return next(k for k, one in letters.items() if tokens[one] == symbol and k != coins(desk, "counterfeit"))


def counterfeit_lines(desk):
    """Only the lines of the counterfeit contract."""
    fake = coins(desk, "contracts")[coins(desk, "counterfeit")]
    moves = desk.tokens.token_transfers
    return set(moves["transaction_hash"][moves["token_address"] == fake]) & set(coins(desk, "poisoning"))


def tokens_of_tamsin(desk):
    """The lines planted in the account of the lesson's example, which is nobody's docket."""
    return set(poisoning_transfers(desk.tokens, TAMSIN)["txid"])


QUIZ = [
    (
        "A transaction has one input of 50 and outputs of 12 and 37. What is the fee?",
        {"A": "1", "B": "38", "C": "It is not known."},
        "A",
        "The fee is the sum of the inputs minus the sum of the outputs: no output receives it.",
    ),
    (
        "Which output of a transaction is the payment?",
        {
            "A": "The first one.",
            "B": "The larger one.",
            "C": "The ledger does not say; another exhibit may.",
        },
        "C",
        "Nothing in a transaction marks payment or change. You name the exhibit that shows it.",
    ),
    (
        "An address received 900 and spent 850. Its balance is 50. What did its user earn?",
        {"A": "50", "B": "900", "C": "These numbers do not say."},
        "C",
        "A balance is what is left; received counts change that came back. Income needs the books.",
    ),
    (
        "A rule values a payment on the UTC day of its block. The phone says 2 March, 03:10, UTC+7. The block says "
        "1 March, 22:40 UTC. Which day counts?",
        {"A": "1 March", "B": "2 March", "C": "Either."},
        "A",
        "The rule names the day of the block, in UTC. The phone's clock is local.",
    ),
    (
        "The checksum of an address in a note is right. What does that show?",
        {
            "A": "That it was copied whole.",
            "B": "That the owner of the phone controls it.",
            "C": "That it was used on the ledger.",
        },
        "A",
        "A checksum speaks about typing slips only: not about who holds a key, and not about the ledger.",
    ),
    (
        "Two transactions fit a message equally well. What do you write?",
        {
            "A": "The one that is nearer in time.",
            "B": "None: it cannot be told which was meant.",
            "C": "Both, because one of them is right.",
        },
        "B",
        "The first that fits is not the one that was meant. A wrong link joins strangers.",
    ),
    (
        "A token calls itself ARVD, like the issuer's. What is it?",
        {
            "A": "The issuer's token: the symbol says so.",
            "B": "A token of that name; the issuer says which contract is its own.",
            "C": "Always a counterfeit.",
        },
        "B",
        "A symbol is free text. The contract's address tells tokens apart, and the issuer's list names it.",
    ),
    (
        "A history shows an approval of 600 and a failed transfer of 200. How much did the account lose by them?",
        {"A": "800", "B": "200", "C": "Nothing but fees."},
        "C",
        "An approval lets somebody move later; a failed transaction moved nothing. Each cost its fee.",
    ),
]


def quiz(place, text, options, right, why):
    """One question of the daily quiz; every wrong letter says what it misses."""
    return quiz_question(
        f"2.4q{place}",
        FOURTH,
        title=f"Quiz of day 2, question {place}",
        options=options,
        right=right,
        wrong={letter: f"Not {letter}. {why}" for letter in options if letter != right},
        objective="Recall the day",
        look="2.4, section 'Quiz of day 2 (no points)'",
        hints=[f"Read again: {text}", "Which of the answers says no more than the evidence carries?"],
    )


FIRST, SECOND = "01_from_bank_statement_to_utxo", "02_balances_time_and_value"
THIRD, FOURTH = "03_the_seized_phone", "04_accounts_and_tokens"

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
        id="2.1e",
        notebook=FIRST,
        title="Stretch: the coins that a block made",
        type="int",
        unit="satoshi",
        points=0,
        objective="Tell new coins from fees in a coinbase",
        look="2.1, section 'The fee is what is missing'",
        truth=lambda desk: coinbase(desk) - block_fees(desk),
        mistakes=[
            Mistake("fees taken for new coins", coinbase, "The coinbase also pays the miner the fees of the block."),
            Mistake("the fees alone", lambda desk: block_fees(desk), "These are the fees, and no new coin is in them."),
        ],
        hints=[
            "The coinbase has no input. Its outputs are the new coins and all fees of the block.",
            'in_block["output_value"] of the row where is_coinbase is True, minus the sum of in_block["fee"].',
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
    Question(
        id="2.3a",
        notebook=THIRD,
        title="The valid addresses in the notes",
        type="set",
        items="address",
        points=3,
        objective="Find the addresses in a text and say which are valid",
        look="2.3, section 'Learn: an address carries its own checksum'",
        truth=lambda desk: set(phone(desk, "valid")),
        mistakes=[
            Mistake(
                "M11",
                lambda desk: valid_but(desk, without=["look_alike"]),
                "One address was left out that has a right checksum. Whether it can be trusted is the next question; "
                "this one asks about checksums only.",
            ),
            Mistake(
                "a repaired address",
                lambda desk: valid_but(desk, and_also=["meant"]),
                "One of these does not stand in the notes: it is what a slip was meant to be. A repair is a lead, and "
                "you say so; it is not what the exhibit holds.",
            ),
            Mistake(
                "one form only",
                lambda desk: {one for one in phone(desk, "valid") if one.startswith("bcrt1")},
                "Only addresses that begin with bcrt1 were taken. There are older forms, which begin with m, n or 2.",
            ),
        ],
        hints=[
            "Which column of find_addresses tells you what the checksum says?",
            'Run pd.DataFrame(find_addresses(notes)) and look at the rows whose status is "valid".',
            "Copy the addresses of those rows into {...}, each in quotation marks; one that stands there twice counts "
            "once.",
        ],
    ),
    Question(
        id="2.3b",
        notebook=THIRD,
        title="The look-alike",
        type="id",
        kind="address",
        points=2,
        objective="Tell a look-alike from the address that it imitates",
        look="2.3, section 'Same ends, another address'",
        truth=lambda desk: phone(desk, "look_alike"),
        mistakes=[
            Mistake(
                "M11",
                lambda desk: phone(desk, "real"),
                "This is the address that is imitated. Which of the two stands in the wallet file's own list?",
            ),
            Mistake(
                "the page's address",
                lambda desk: phone(desk, "listed"),
                "This address is the wallet's own, and nothing in the notes looks like it.",
            ),
        ],
        hints=[
            "A look-alike has the first and last characters of another address. Of which list should the other one be?",
            "Exhibit E06c lists the wallet's own addresses. look_alikes(own_address, found) compares one with many.",
            "Two addresses of the notes begin and end alike. One of them stands in E06c; the answer is the other.",
        ],
    ),
    Question(
        id="2.3c",
        notebook=THIRD,
        title="Messages and transactions",
        type="mapping",
        items={"key": "text", "value": "txid"},
        points=5,
        weight=2,
        objective="Match a message to a transaction, and abstain where two fit",
        look="2.3, section 'Guided: from a message to a transaction'",
        truth=lambda desk: phone(desk, "matches"),
        mistakes=[
            Mistake(
                "M17",
                lambda desk: phone(desk, "mistaken_matches")["M17"],
                "Where several transactions fit, one was chosen. Nothing in the message says which: write None.",
            ),
            Mistake(
                "M10",
                lambda desk: phone(desk, "mistaken_matches")["M10"],
                "The phone's clock was read as UTC, so that all times are hours too late. What does the register say "
                "about its clock?",
            ),
            Mistake(
                "M08",
                lambda desk: phone(desk, "mistaken_matches")["M08"],
                "One message says that the fee is inside the amount. Read so, another sum must fit.",
            ),
        ],
        hints=[
            "Three choices decide: the hours of the clock, how the fee is read, and what you do where two fit.",
            "The register says which clock the phone shows. Some messages have the fee inside, some on top: "
            'fee="either" allows both.',
            "match_messages gives None where none or several fit. Take its answer for each message as it is.",
        ],
    ),
    Question(
        id="2.3d",
        notebook=THIRD,
        title="Stretch: who held the phone?",
        type="mapping",
        items={"key": "text", "value": "choice"},
        options={
            "S": "the person whose fingerprint locks it",
            "E": "the earlier owner",
            "N": "not shown",
        },
        points=0,
        weight=3,
        objective="Say who is shown to have held a device, and when nobody is",
        look="2.3, section 'What this shows, and what it does not'",
        truth=lambda desk: phone(desk, "holders"),
        mistakes=[
            Mistake(
                "M10",
                lambda desk: phone(desk, "holders") | {"P2": "S"},
                "One photo was dated by its local time. In UTC it was taken before the lock was set.",
            ),
            Mistake(
                "M06",
                lambda desk: dict.fromkeys(phone(desk, "holders"), "S"),
                "Whoever has a phone today need not have had it then. Compare each time with the device log.",
            ),
        ],
        hints=[
            "Bring the time of each photo to UTC first: its offset stands beside it.",
            "The device log says from when to when somebody is shown. A phone without a lock shows nobody.",
        ],
    ),
    Question(
        id="2.3e",
        notebook=THIRD,
        title="Stretch: what was meant",
        type="id",
        kind="address",
        points=0,
        objective="Give the address that a slip may have been meant to be, as a lead",
        look="2.3, section 'Learn: an address carries its own checksum'",
        truth=lambda desk: phone(desk, "meant"),
        mistakes=[
            Mistake(
                "another address of the wallet",
                lambda desk: phone(desk, "real"),
                "This one stands in the notes without a slip.",
            ),
        ],
        hints=[
            'Two words of the notes have the status "not valid". repair_candidates(word) tries every single slip.',
            "For one of them there is no candidate. For the other there is; look for it in E06c.",
        ],
    ),
    Question(
        id="2.4a",
        notebook=FOURTH,
        title="A token balance at a block",
        type="decimal",
        points=3,
        objective="Give a token balance at a block, with the right contract and the right decimals",
        look="2.4, section 'Units and decimals'",
        truth=held,
        mistakes=[
            Mistake(
                "M27",
                lambda desk: held(desk, decimals=other_decimals(desk)),
                "The number of base units is right, and the decimal point is in the wrong place. How many decimals "
                "does the issuer give for this token?",
            ),
            Mistake(
                "M28",
                lambda desk: held(desk, (1, "counterfeit_held")),
                "Units of two contracts were added. Only one of them is the issuer's.",
            ),
            Mistake(
                "M29",
                lambda desk: held(desk, (-1, "approved")),
                "An approval was taken for a payment. It lets somebody move units later; nothing moved.",
            ),
            Mistake(
                "M30",
                lambda desk: held(desk, (-1, "failed")),
                "A failed transaction was counted. It moved nothing and cost a fee.",
            ),
            Mistake(
                "M07",
                lambda desk: as_amount(int(coins(desk, "received")), coins(desk, "decimals")),
                "This is all that came in. What went out again, up to that block?",
            ),
            Mistake(
                "the wrong block",
                lambda desk: as_amount(int(coins(desk, "balance_at_tip")), coins(desk, "decimals")),
                "This is the balance at the end of the ledger. The sheet names an earlier block.",
            ),
        ],
        hints=[
            "A balance needs four things: an account, a contract, a block, and the token's decimals. Where does each "
            "stand?",
            "token_balance(ledger, account, contract, block) gives base units. E34b names the issuer's contract "
            "and its decimals.",
            "as_amount(units, decimals) puts the decimal point in its place. Take the decimals of E34b.",
        ],
    ),
    Question(
        id="2.4b",
        notebook=FOURTH,
        title="The counterfeit",
        type="choice",
        options={"K1": "the contract K1", "K2": "the contract K2", "K3": "the contract K3", "N": "not shown"},
        points=2,
        objective="Tell a counterfeit token from the one whose name it carries",
        look="2.4, section 'A symbol is only a name'",
        truth=lambda desk: coins(desk, "counterfeit"),
        mistakes=[
            Mistake(
                "M28",
                lambda desk: contract_letter(desk, "ARVD"),
                "This contract stands in the issuer's list. Compare whole addresses, not symbols.",
            ),
            Mistake(
                "the other coin",
                lambda desk: contract_letter(desk, "HBC"),
                "This is the issuer's second coin; it carries a name of its own.",
            ),
            Mistake(
                "not shown",
                lambda desk: "N",
                "It can be shown: one of the three contracts is missing in the issuer's list and carries its name.",
            ),
        ],
        hints=[
            "Who can say which contract is the issuer's? Look for that exhibit.",
            "Put the three contracts of E34a beside the two of E34b, whole.",
        ],
    ),
    Question(
        id="2.4c",
        notebook=FOURTH,
        title="The false lines in the history",
        type="set",
        items="account_txid",
        points=5,
        objective="Find the transactions that only put false lines into a history",
        look="2.4, section 'Guided: lines that somebody planted'",
        truth=lambda desk: set(coins(desk, "poisoning")),
        mistakes=[
            Mistake(
                "transfers of nothing only",
                lambda desk: set(coins(desk, "zero_lines")),
                "These moved nothing. There are lines of another kind too: look at the contract of each.",
            ),
            Mistake(
                "M28",
                counterfeit_lines,
                "These are the counterfeit's lines. Others carry the genuine contract, and an amount of 0.",
            ),
            Mistake(
                "M30",
                lambda desk: set(coins(desk, "poisoning")) | set(coins(desk, "failed_transactions")),
                "A failed transaction is among them. Who sent it? A poisoner's lines are sent by somebody else.",
            ),
            Mistake(
                "another account",
                tokens_of_tamsin,
                "These are the lines in Tamsin's account. Ask poisoning_transfers about the account of your docket.",
            ),
        ],
        hints=[
            "Which lines did the holder of the account not order? Look at amounts of 0, and at each line's contract.",
            "poisoning_transfers(ledger, account) lists candidates, each with its kind and a reason. Read the reasons.",
            "Take the txids of the rows you agree with: of each kind, those that you can explain to somebody else.",
        ],
    ),
    Question(
        id="2.4d",
        notebook=FOURTH,
        title="Stretch: failed transactions",
        type="set",
        items="account_txid",
        points=0,
        objective="List the failed transactions of an account",
        look="2.4, section 'Guided: five kinds of line'",
        truth=lambda desk: set(coins(desk, "failed_transactions")),
        mistakes=[
            Mistake(
                "transfers of nothing",
                lambda desk: set(coins(desk, "zero_lines")),
                "These worked, and moved nothing. A failed transaction has the kind 'failed'.",
            ),
        ],
        hints=["The column kind says it.", 'history.loc[history["kind"] == "failed", "txid"] is what you need.'],
    ),
    Question(
        id="2.4e",
        notebook=FOURTH,
        title="Stretch: coins that came in inside a transaction",
        type="decimal",
        points=0,
        unit="QUAY",
        objective="Add up what arrived by internal transfers",
        look="2.4, section 'Guided: five kinds of line'",
        truth=lambda desk: as_amount(int(coins(desk, "internal")), 18),
        mistakes=[
            Mistake(
                "M27",
                lambda desk: as_amount(int(coins(desk, "internal")), 6),
                "QUAY has 18 decimals.",
            ),
            Mistake(
                "all coins that came in",
                lambda desk: as_amount(int(coins(desk, "coins_in")), 18),
                "Payments that stand in the list of transactions were added. Only the internal ones are asked for.",
            ),
        ],
        hints=[
            "Internal transfers have the kind 'internal' and the way 'in'.",
            "Add the column amount of those rows; it has the decimal point already.",
        ],
    ),
    *(quiz(place, *row) for place, row in enumerate(QUIZ, 1)),
]
