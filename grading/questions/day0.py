"""Questions of day 0: names and order in a notebook, lists and sets, a cash book, and the test before the course.

Nothing here is evidence: the points show whether somebody is ready for Day 1.
"""

from random import Random

from cointrail.exercises.practice import LARGE, cash_book
from cointrail.grading.questions import Mistake, Question
from cointrail.grading.quizzes import quiz_question
from cointrail.tracing import output_history

__all__ = ["QUESTIONS", "WORLD"]

WORLD = "primer"

SURVIVAL, PYTHON = "01_notebook_survival", "02_python_for_case_work"
TABLES, SELF_TEST = "03_tables", "04_self_test"


def claimed(desk):
    return [int(amount) for amount in desk.exhibit("E04")["claimed"]]


def wallet_addresses(desk):
    outpoints = desk.exhibit("E03")["outpoint"].tolist()
    return output_history(desk.ledger, outpoints=outpoints)["address"].tolist()


def item_code(desk):
    """The code of the goods in the listing, where the seller's name was asked."""
    words = desk.exhibit("E06").split()
    return words[words.index("Item") + 1].rstrip(",")


def others(desk):
    return set(wallet_addresses(desk)) - {desk.facts["listed_address"]}


def true_fee(inputs, outputs):
    return sum(inputs) - sum(outputs)


def only_first(inputs, outputs):
    return sum(inputs) - outputs[0]


def turned_round(inputs, outputs):
    return sum(outputs) - sum(inputs)


def fee_samples(desk):
    """Three transactions of the sales, as lists of values."""
    cases = []
    for txid in desk.exhibit("E04")["txid"][:3]:
        sides = (desk.ledger.inputs_of(txid), desk.ledger.outputs_of(txid))
        inputs, outputs = ([int(value) for value in side["value"]] for side in sides)
        cases.append({"inputs": inputs, "outputs": outputs})
    return cases


def hidden_fee_cases(secret, make_ledger):
    """Ten transactions drawn from the class's secret: one to four inputs, two to five outputs."""
    draw = Random(secret)
    cases = []
    for _ in range(10):
        inputs = [draw.randint(50_000, 9_000_000) for _ in range(draw.randint(1, 4))]
        fee = draw.randint(150, 40_000)
        shares = sorted(draw.sample(range(1, sum(inputs) - fee), draw.randint(1, 4)))
        outputs = [b - a for a, b in zip([0, *shares], [*shares, sum(inputs) - fee], strict=True)]
        cases.append({"inputs": inputs, "outputs": outputs})
    return cases


def top_five(desk, *, way="cash", by="sum", largest=True):
    book = cash_book(desk.docket)
    rows = book if way is None else book[book["way"] == way]
    totals = rows.groupby("payer")["amount"].agg(by)
    ordered = totals.sort_values(ascending=not largest, kind="stable")
    return ordered.index[:5].tolist()


def large_rows(desk, *, way="cash", limit=LARGE, month="2026-03"):
    book = cash_book(desk.docket)
    chosen = book["amount"] > limit
    if way:
        chosen &= book["way"] == way
    if month:
        chosen &= book["day"].str.startswith(month)
    return int(chosen.sum())


def pretest(letter, title, options, right, objective):
    """One question of the test before the course, with a last choice for "I do not know yet"."""
    return quiz_question(
        f"0.4{letter}",
        SELF_TEST,
        title=f"Before the course: {title}",
        options=options | {"X": "I do not know yet"},
        right=right,
        wrong={"X": "That is a good answer today. The course comes back to it."},
        objective=objective,
        look="0.4, section 'Test before the course'",
    )


QUESTIONS = [
    Question(
        id="0.1a",
        notebook=SURVIVAL,
        title="A name for the seller",
        type="text",
        points=2,
        objective="Give a value a name",
        look="0.1, section 'Learn: a name for a value'",
        truth=lambda desk: desk.facts["vendor"],
        mistakes=[
            Mistake("the goods", item_code, "This is the code of the goods. The question asks for the seller."),
        ],
        hints=[
            "Read the text above the question. Behind which word does the seller's name stand?",
            "Put the name in quotation marks, in place of the three dots, and run the cell.",
        ],
    ),
    Question(
        id="0.1b",
        notebook=SURVIVAL,
        title="What a fresh run gives",
        type="int",
        points=2,
        unit="satoshi",
        objective="Say what a notebook gives when it is run anew",
        look="0.1, section 'Guided: the trap of the order'",
        truth=lambda desk: sum(claimed(desk)[:2]),
        mistakes=[
            Mistake(
                "M04",
                lambda desk: claimed(desk)[0] + 2 * claimed(desk)[1],
                "The second cell was run twice here. A fresh run, from top to bottom, runs each cell once.",
            ),
            Mistake(
                "the second cell left out",
                lambda desk: claimed(desk)[0],
                "This is the first amount alone. A fresh run also runs the cell that adds the second.",
            ),
        ],
        hints=[
            "Go through the cells from top to bottom with a finger, each once. What does each do to the number?",
            "The first cell begins with one amount. The second adds another one. Once.",
        ],
    ),
    Question(
        id="0.2a",
        notebook=PYTHON,
        title="The sum of the seller's list",
        type="int",
        points=2,
        unit="satoshi",
        objective="Add up a list",
        look="0.2, section 'Learn: a list keeps things in order'",
        truth=lambda desk: sum(claimed(desk)),
        mistakes=[
            Mistake("how many", lambda desk: len(claimed(desk)), "This is how many amounts there are. Add them up."),
            Mistake(
                "the last one left out",
                lambda desk: sum(claimed(desk)[:-1]),
                "One amount is missing: amounts[:-1] stops before the last one. Take the whole list.",
            ),
        ],
        hints=["sum(...) adds up a list. Which list is meant?", "The name of the list is amounts."],
    ),
    Question(
        id="0.2b",
        notebook=PYTHON,
        title="The addresses that are not listed",
        type="set",
        items="address",
        points=2,
        objective="Make a set and take something away from it",
        look="0.2, section 'Learn: a set keeps each thing once'",
        truth=others,
        mistakes=[
            Mistake("all of them", lambda desk: set(wallet_addresses(desk)), "The listed address is still in the set."),
            Mistake(
                "the other way round",
                lambda desk: {desk.facts["listed_address"]},
                "This is the address that was to be taken away.",
            ),
        ],
        hints=[
            "set(addresses) keeps each address once. What must go?",
            "Two sets can be subtracted: set(addresses) - {listed}.",
        ],
    ),
    Question(
        id="0.2c",
        notebook=PYTHON,
        title="A function for the fee",
        type="function",
        signature="my_fee(inputs, outputs)",
        returns="int",
        points=2,
        unit="satoshi",
        objective="Write a function of one line",
        look="0.2, section 'Guided: a function is a rule with a name'",
        truth=true_fee,
        samples=fee_samples,
        hidden=hidden_fee_cases,
        mistakes=[
            Mistake("one output only", only_first, "Your rule subtracts one output. A transaction may have several."),
            Mistake("turned round", turned_round, "Your rule subtracts the larger sum from the smaller one."),
        ],
        hints=[
            "In words: everything that goes in, minus everything that goes out.",
            "In place of the dots: the sum of the one list, a minus, the sum of the other. sum(...) adds up a list.",
        ],
    ),
    Question(
        id="0.3a",
        notebook=TABLES,
        title="The five largest payers in cash",
        type="list",
        items="text",
        points=3,
        objective="Group, add up and sort a table",
        look="0.3, section 'Learn: group and add up'",
        truth=top_five,
        mistakes=[
            Mistake(
                "transfers counted too",
                lambda desk: top_five(desk, way=None),
                "All payments were added up. The question asks for cash: filter first.",
            ),
            Mistake(
                "how often, not how much",
                lambda desk: top_five(desk, by="count"),
                "Payments were counted here, not added up. Whoever pays often need not pay much.",
            ),
            Mistake(
                "smallest first",
                lambda desk: top_five(desk, largest=False),
                "The order is turned round: the largest comes first.",
            ),
        ],
        hints=[
            "Three steps: keep the rows with cash, group by payer and add up, sort with the largest first.",
            'cash.groupby("payer")["amount"].sum() adds up. sort_values(ascending=False) sorts.',
            "Take the names of the first five rows of your sorted table: .index[:5].tolist()",
        ],
    ),
    Question(
        id="0.3b",
        notebook=TABLES,
        title="Large cash payments in March",
        type="int",
        points=2,
        unit="rows",
        objective="Filter a table by two conditions",
        look="0.3, section 'Learn: keep the rows that you need'",
        truth=large_rows,
        mistakes=[
            Mistake(
                "the limit itself counted",
                lambda desk: large_rows(desk, limit=LARGE - 1),
                "More than 500 does not include 500: > is not >=.",
            ),
            Mistake(
                "the month forgotten",
                lambda desk: large_rows(desk, month=None),
                "All months were counted. The question asks for March.",
            ),
            Mistake(
                "transfers counted too",
                lambda desk: large_rows(desk, way=None),
                "Transfers were counted, too. The question asks for cash.",
            ),
        ],
        hints=[
            "Which three things must be true of a row?",
            'book["amount"] > 500 is one of them. Join conditions with & and put each in round brackets.',
            "len(...) of the rows that are left is the number.",
        ],
    ),
    pretest(
        "a",
        "a name on a market",
        {"A": "a person", "B": "an account at a bank", "C": "a name somebody uses"},
        "C",
        "Tell a handle from a person",
    ),
    pretest(
        "b",
        "same public key on two pages",
        {"A": "one owner, proven", "B": "it can be copied by anybody", "C": "the key was stolen"},
        "B",
        "Tell a copied key from a signature",
    ),
    pretest(
        "c",
        "feedback times price",
        {"A": "at best a lower bound", "B": "the profit", "C": "the turnover"},
        "A",
        "Say what feedback shows",
    ),
    pretest(
        "d",
        "a bitcoin address",
        {"A": "a lock that a key opens", "B": "a person's account", "C": "a machine"},
        "A",
        "Say what an address is",
    ),
    pretest(
        "e",
        "one input of 5, outputs of 3 and 1.9",
        {"A": "two payments were made", "B": "3 was paid, that is certain", "C": "which one is change needs evidence"},
        "C",
        "Explain change",
    ),
    pretest(
        "f",
        "a balance of 0",
        {"A": "nothing was ever received", "B": "what came in has gone out", "C": "the address is blocked"},
        "B",
        "Tell a balance from money received",
    ),
    pretest(
        "g",
        "two addresses spent together",
        {"A": "probably one owner, with exceptions", "B": "one owner, always", "C": "nothing at all"},
        "A",
        "Judge co-spending",
    ),
    pretest(
        "h",
        "money reaches an exchange's address",
        {"A": "follow it on the ledger", "B": "the exchange is the suspect", "C": "ask the exchange"},
        "C",
        "Say where a trail breaks",
    ),
    pretest(
        "i",
        "a CoinJoin is",
        {"A": "a crime", "B": "a joint transaction of several people", "C": "a kind of exchange"},
        "B",
        "Say what a CoinJoin is",
    ),
    pretest(
        "j",
        "two tokens have the same symbol",
        {"A": "only the contract tells", "B": "they are the same", "C": "the older one is real"},
        "A",
        "Tell tokens apart",
    ),
    pretest(
        "k",
        "a hardware wallet is found. The coins are",
        {"A": "in the device", "B": "lost", "C": "on the ledger; the key may be in the device"},
        "C",
        "Say what a seizure must secure",
    ),
    pretest(
        "l",
        "a foreign company shall give evidence for a trial",
        {"A": "the police's quick channel is enough", "B": "a request for mutual legal assistance", "C": "an e-mail"},
        "B",
        "Choose a channel",
    ),
]
