"""Questions of day 4: what an exchange answers, what mixing leaves to say, tokens to a broker, one deposit, four rules.

Truth comes from the facts of the docket; a mistake is the naive method, run on the public ledger and the exhibits.
"""

from random import Random

from cointrail.grading.questions import Mistake, Question
from cointrail.grading.quizzes import quiz_question
from cointrail.tracing import classify_transactions
from cointrail.tracing.crossing_ends import bridge_records

__all__ = ["QUESTIONS", "WORLD"]

WORLD = "glass_harbour"

FIRST, SECOND = "01_the_exchange_answers", "02_coinjoin_mixers_opaque_coins"
THIRD, FOURTH = "03_stablecoin_to_broker", "04_taint_four_rules"

REASONS = {
    "IDENTITY": "the customer sheet is the suspect's: name, date of birth and telephone",
    "DEVICE": "a login came from the suspect's own device",
    "BANK ACCOUNT": "it is paid out to the bank account of an account that has one of the other reasons",
}
CLASSES = {
    "COINJOIN": "several people mix their coins in one transaction",
    "EXCHANGE BATCH": "an exchange pays many customers at once",
    "PAYROLL": "an employer pays wages",
    "NONE": "none of the three",
}
LETTERS = dict.fromkeys("ABCDE", "a statement of the exhibit")
ADVICE = {
    "FREEZE": "ask the issuer to freeze it",
    "PRESERVE": "ask the exchange to keep its records",
    "NEITHER": "leave it alone",
}
RULES = {
    "POISON": "marked whole",
    "HAIRCUT": "in proportion",
    "FIFO": "first in, first out",
    "LIFO": "last in first out",
}
# A batch or a payroll has more outputs than this, and so has a CoinJoin: the naive rule sees no difference.
MANY_OUTPUTS = 5


# 4.1


def differences(desk):
    return dict(desk.facts["exchange_answer"]["differences"])


def only_the_missing(desk):
    return {account: value if value < 0 else 0 for account, value in differences(desk).items()}


def only_the_slip(desk):
    return {account: value if value > 0 else 0 for account, value in differences(desk).items()}


def reasons(desk):
    given = desk.facts["exchange_answer"]["reasons"]
    return {account: reason and reason.upper() for account, reason in given.items()}


def reasons_and(desk, *chosen, reason="IDENTITY"):
    """The right reasons, and one more for accounts in these roles."""
    roles = desk.facts["exchange_answer"]["accounts"]
    return reasons(desk) | {account: reason for account, role in roles.items() if role in chosen}


def innocents(desk, reason):
    """The right reasons, and this one for every account that has none."""
    return {account: given or reason for account, given in reasons(desk).items()}


def contradictions(desk):
    return set(desk.facts["exchange_answer"]["contradicting_records"])


# 4.2


def classes(desk):
    return {txid: name.upper() for txid, name in desk.facts["mixing"]["classes"].items()}


def classes_by(desk, rule):
    """Classes by a naive rule on the outputs of each transaction."""
    return {txid: rule(desk.ledger.outputs_of(txid)["value"]) for txid in desk.facts["mixing"]["classes"]}


def by_the_classifier(desk):
    """What the package's own classifier says."""
    txids = list(classes(desk))
    kinds = classify_transactions(desk.ledger, txids=txids)["kind"].str.replace("_", " ").str.upper()
    return dict(zip(txids, kinds, strict=True))


def many_outputs(values):
    return "COINJOIN" if len(values) > MANY_OUTPUTS else "NONE"


def equal_outputs(values):
    return "COINJOIN" if values.value_counts().iloc[0] >= 3 else "EXCHANGE BATCH" if len(values) > 2 else "NONE"


def claims(desk, *, coinjoin="honest", opaque="honest"):
    facts = desk.facts["mixing"]
    return {"coinjoin": facts["coinjoin"][coinjoin], "opaque": facts["opaque"][opaque]}


# 4.3


def hops(desk):
    return list(desk.facts["token_trail"]["hops"])


def pairs(desk):
    return dict(desk.facts["token_trail"]["pairs"])


def advice(desk):
    return {address: what.upper() for address, what in desk.facts["token_trail"]["advice"].items()}


def freeze_all(desk):
    """Whoever freezes everything that was ever on the trail, the exchange's own address too."""
    return {address: "NEITHER" if what == "NEITHER" else "FREEZE" for address, what in advice(desk).items()}


def freeze_also(desk, why):
    reasons = desk.facts["token_trail"]["reasons"]
    return advice(desk) | {address: "FREEZE" for address, reason in reasons.items() if why in reason}


def frozen_again(desk):
    """What the issuer has frozen already, frozen once more; some dockets have none."""
    reasons = desk.facts["token_trail"]["reasons"]
    return {address: "FREEZE" for address, reason in reasons.items() if "frozen" in reason}


def first_units(desk, shift=0):
    units = int(desk.facts["token_trail"]["first_units"])
    return units * 10**shift if shift >= 0 else units // 10**-shift


def other_decimals(desk):
    return first_units(desk, 12 if desk.facts["token_trail"]["first_decimals"] == 6 else -12)


def crossed(desk, *, named_only=True):
    """Satoshi of the six deposits; with `named_only`, of those whose other end can be named."""
    values = desk.ledger.outputs.set_index(["transaction_hash", "index"])["value"]
    ends = [end.split(":") for end, other in pairs(desk).items() if other or not named_only]
    return int(sum(values[txid, int(index)] for txid, index in ends))


def bridge_names(desk, shift=0):
    """The txid that the bridge wrote into the record with the docket's number."""
    records = bridge_records(desk.tokens).query("way == 'out'")
    return records["names"].iloc[(ord(desk.docket) - ord("A") + shift) % len(records)]


# 4.4


def at_deposit(desk, *, haircut="haircut", fifo="fifo"):
    found = desk.facts["taint"]["at_deposit"]
    return {"haircut": found[haircut], "fifo": found[fifo]}


def ended(desk):
    """Where the ten sales ended by the haircut rule, without what is only on its way."""
    found = desk.facts["taint"]["ended"]
    return {name: found[name] for name in ("stopped", "unspent", "fees")}


def ended_with_passing(desk):
    return ended(desk) | {"unspent": ended(desk)["unspent"] + desk.facts["taint"]["passed_on"]}


def statute(desk, *, rule="FIFO", sentence="honest"):
    return {"rule": rule, "sentence": desk.facts["taint"]["sentence"][sentence]}


def first_in_first_out(inputs, before, value):
    """The reference of 4.4e: marked satoshi of an output of one transaction."""
    row, at, marked_here = [piece for size, marked in inputs for piece in ((marked, 1), (size - marked, 0))], 0, 0
    for size, marked in row:
        taken = max(0, min(at + size, before + value) - max(at, before))
        marked_here, at = marked_here + taken * marked, at + size
    return marked_here


def in_proportion(inputs, before, value):
    return value * sum(marked for _, marked in inputs) // sum(size for size, _ in inputs)


def last_in_first_out(inputs, before, value):
    return first_in_first_out(inputs[::-1], before, value)


def fifo_samples(desk):
    return [
        {"inputs": [[3, 3], [7, 0]], "before": 0, "value": 4},
        {"inputs": [[500, 0], [400, 400], [300, 0]], "before": 0, "value": 700},
        {"inputs": [[500, 0], [400, 400], [300, 0]], "before": 700, "value": 350},
    ]


def hidden_fifo_cases(secret, make_ledger):
    """Twelve outputs from the class's secret; in an input the marked satoshi come first."""
    draw, cases = Random(secret), []
    for _ in range(12):
        inputs = [[draw.randint(1_000, 90_000), 0] for _ in range(draw.randint(2, 6))]
        for one in draw.sample(inputs, draw.randint(1, len(inputs))):
            one[1] = draw.choice([one[0], draw.randint(1, one[0])])
        total = sum(size for size, _ in inputs)
        before = draw.randint(0, total // 2)
        cases.append({"inputs": inputs, "before": before, "value": draw.randint(1, total - before)})
    return cases


QUESTIONS = [
    Question(
        id="4.1a",
        notebook=FIRST,
        title="The difference of each account",
        type="mapping",
        items={"key": "text", "value": "int"},
        points=4,
        unit="satoshi",
        weight=2,
        objective="Reconcile an exchange's statement with the ledger",
        look="4.1, section 'Learn: two books of the same thing'",
        truth=differences,
        mistakes=[
            Mistake(
                "the sign turned round",
                lambda desk: {account: -value for account, value in differences(desk).items()},
                "Your signs are turned round. The difference is the statement minus the ledger.",
            ),
            Mistake(
                "only the missing deposit",
                only_the_missing,
                "One account has a deposit that is not on the statement. Another row is on both, with two amounts.",
            ),
            Mistake(
                "only the typing slip",
                only_the_slip,
                "You found an amount that was typed wrongly. Another deposit is missing from the statement altogether.",
            ),
        ],
        hints=[
            "Which rows of the comparison have a remark? Everything else is the same in both books.",
            "Show only the rows with a remark: book[book['remark'] != ''].",
            "An account without a remark has the difference 0. For the others add up the column difference.",
        ],
    ),
    Question(
        id="4.1b",
        notebook=FIRST,
        title="Records that contradict the customer sheet",
        type="set",
        items="text",
        points=3,
        objective="Find records that contradict a customer sheet",
        look="4.1, section 'Learn: what contradicts a customer sheet'",
        truth=contradictions,
        mistakes=[
            Mistake(
                "a login abroad",
                lambda desk: contradictions(desk) | set(desk.facts["exchange_answer"]["logins_abroad"]),
                "A login from another state is on your list. People travel; the sheet says where somebody lives, not "
                "where they log in.",
            ),
            Mistake(
                "a login taken for a contradiction",
                lambda desk: contradictions(desk) | set(desk.facts["exchange_answer"]["device_logins"]),
                "A login from a device is on your list. It may matter, but the sheet has no field for devices: it "
                "contradicts nothing.",
            ),
        ],
        hints=[
            "For each record ask: which column of the sheet speaks about the same thing? If none does, nothing is "
            "contradicted.",
            "Put both side by side: case.exhibit('E08d').merge(case.exhibit('E08b'), on='account').",
            "Compare payout holder with name, payout account with payout_account, document shown with document_expires,"
            " date of birth with born, phone check with phone.",
        ],
    ),
    Question(
        id="4.1c",
        notebook=FIRST,
        title="Accounts to ask about first",
        type="mapping",
        items={"key": "text", "value": "choice"},
        options=REASONS,
        weight=3,
        points=3,
        objective="Name the accounts to ask about first, each with a reason, and leave the others alone",
        look="4.1, section 'Guided: a reason, or none'",
        truth=reasons,
        mistakes=[
            Mistake(
                "M33",
                lambda desk: reasons_and(desk, "namesake", "family", "abroad"),
                "The same family name is no reason, a login abroad is none. Compare date of birth and telephone too.",
            ),
            Mistake(
                "the largest sum",
                lambda desk: reasons_and(desk, "largest", reason="DEVICE"),
                "An account with large deposits is on your list. None of the three reasons fits it: a large sum is no "
                "reason.",
            ),
            Mistake(
                "M48",
                lambda desk: innocents(desk, "IDENTITY"),
                "An account without a reason got one. The letter says it: a match is not a suspicion.",
            ),
            Mistake(
                "a bank account of one's own",
                lambda desk: innocents(desk, "BANK ACCOUNT"),
                "This account is paid out to a bank account that no other account uses. Compare E08d and E12.",
            ),
            Mistake(
                "a device that is not the suspect's",
                lambda desk: innocents(desk, "DEVICE"),
                "E08a names the suspect's device. Which records of E08d name the same one?",
            ),
            Mistake(
                "the order of the reasons",
                lambda desk: reasons_and(desk, "own", reason="DEVICE") | reasons_and(desk, "bank", reason="DEVICE"),
                "Go through the reasons in their order, and stop at the first that fits.",
            ),
        ],
        hints=[
            "Go through the accounts one by one, and ask for the three reasons in their order.",
            "The letter E08a names the suspect's telephone. Which records of E08d name it too? The bank account needs "
            "E08d and E12.",
            "Three accounts have a reason. The others are None: leave them so.",
        ],
    ),
    Question(
        id="4.1d",
        notebook=FIRST,
        title="Stretch: travel-rule messages that lack a field",
        type="set",
        items="text",
        points=0,
        objective="Check travel-rule messages for required fields",
        look="4.1, section 'Learn: what contradicts a customer sheet'",
        truth=lambda desk: set(desk.facts["exchange_answer"]["incomplete_transfers"]),
        mistakes=[
            Mistake(
                "below the threshold",
                lambda desk: {
                    *desk.facts["exchange_answer"]["incomplete_transfers"],
                    *desk.facts["exchange_answer"]["small_incomplete"],
                },
                "Transfers below the threshold are on your list. There the full set of fields is not required.",
            ),
        ],
        hints=[
            "Two conditions must hold: the amount is not below the threshold, and one of the five fields is empty.",
            "messages[messages['amount_arv'] >= 1000] keeps the large ones.",
        ],
    ),
    Question(
        id="4.2a",
        notebook=SECOND,
        title="Twelve transactions, four classes",
        type="mapping",
        items={"key": "txid", "value": "choice"},
        options=CLASSES,
        points=4,
        objective="Tell CoinJoins from exchange batches and payrolls",
        look="4.2, section 'Learn: equal outputs, and who pays'",
        truth=classes,
        mistakes=[
            Mistake(
                "M24",
                lambda desk: classes_by(desk, many_outputs),
                "Every transaction with many outputs was called a CoinJoin. Look at the inputs: how many payers are "
                "there?",
            ),
            Mistake(
                "equal outputs are enough",
                lambda desk: classes_by(desk, equal_outputs),
                "Some equal outputs do not make a CoinJoin. Wages are equal too, and one payer pays them all.",
            ),
            Mistake(
                "the classifier believed",
                by_the_classifier,
                "You wrote what the classifier says. It is wrong on some rows: go through the four steps of the rule.",
            ),
            Mistake(
                "one payer, so a batch",
                lambda desk: {
                    txid: kind if kind in ("COINJOIN", "EXCHANGE BATCH") else "EXCHANGE BATCH"
                    for txid, kind in classes(desk).items()
                },
                "One payer and many payees is not enough for an exchange: look at the columns again and busy.",
            ),
            Mistake(
                "the same amount, so wages",
                lambda desk: {txid: "PAYROLL" if kind == "NONE" else kind for txid, kind in classes(desk).items()},
                "Equal amounts to many make no payroll: are a third of the payees paid together again?",
            ),
        ],
        hints=[
            "First count the payers. A CoinJoin has several; a batch, a payroll and a gift to many have one.",
            "Then look at how often the payer does this, and at the amounts: round steps once a week are wages; all "
            "sizes several times a day are an exchange.",
            "payment_signs(ledger, txids) shows the signs of each transaction. The rule in 'Learn: equal outputs, and "
            "who pays' turns them into a class.",
        ],
    ),
    Question(
        id="4.2b",
        notebook=SECOND,
        title="The honest claim, twice",
        type="mapping",
        items={"key": "text", "value": "choice"},
        options=LETTERS,
        points=4,
        objective="State what can still be said after a CoinJoin and after an opaque coin",
        look="4.2, section 'Guided: what a round leaves to say'",
        truth=claims,
        mistakes=[
            Mistake(
                "M22",
                lambda desk: claims(desk, coinjoin="amount", opaque="traced"),
                "This claims certainty through a mixing. Equal outputs look the same to everybody: the ledger gives no "
                "such certainty.",
            ),
            Mistake(
                "M23",
                lambda desk: claims(desk, coinjoin="crime", opaque="crime"),
                "A privacy tool is no crime. Charities and journalists use the same rounds.",
            ),
            Mistake(
                "the first that fits",
                lambda desk: claims(desk, coinjoin="missed", opaque="first"),
                "The first that fits is not the only one that fits; and look at what came after the round: did it join "
                "mixed and unmixed coins, or not?",
            ),
            Mistake(
                "too little said",
                lambda desk: claims(desk, coinjoin="nothing", opaque="all"),
                "The round hides what comes after it, not what came before. And not everything that fits belongs to "
                "one person.",
            ),
        ],
        hints=[
            "Read each statement of E43 and ask: does the ledger show this, or do I only wish it did?",
            "relinking(ledger, round_txid, unmixed) answers whether a later transaction joined both sides.",
            "For SYN-OPAQUE no ledger shows the inside. Which statement says so, and where an answer could come from?",
        ],
    ),
    Question(
        id="4.2c",
        notebook=SECOND,
        title="The claim to revise",
        type="choice",
        options={f"C{number}": f"claim {number} of the first report" for number in range(1, 6)},
        points=2,
        objective="Revise a claim when a seized record contradicts it",
        look="4.2, section 'Guided: a mixer's own book'",
        truth=lambda desk: desk.facts["mixing"]["report"]["revise"],
        mistakes=[
            Mistake(
                "a claim that stands",
                lambda desk: desk.facts["mixing"]["report"]["still_true"],
                "The log confirms this claim: find the outpoint in it. Another claim names a payout that went to "
                "somebody else.",
            ),
            Mistake(
                "a claim about what a ledger cannot tell",
                lambda desk: desk.facts["mixing"]["report"]["open"],
                "This claim says only what the ledger shows, and that stays true. Which claim said more than that?",
            ),
            Mistake(
                "how a mixer works",
                lambda desk: desk.facts["mixing"]["report"]["pool"],
                "The log shows just this: what is paid out are other coins. Which claim names one payout too many?",
            ),
            Mistake(
                "the mixer's share",
                lambda desk: desk.facts["mixing"]["report"]["share"],
                "Add up one client's rows: less comes out than went in. This claim stands.",
            ),
        ],
        hints=[
            "Find the suspect's deposit in the log. Which client code does it carry?",
            "Now find the payout that each claim names. Does it carry the same client code?",
        ],
    ),
    Question(
        id="4.2d",
        notebook=SECOND,
        title="Stretch: the consolidation that relinks",
        type="id",
        kind="txid",
        points=0,
        objective="Find a later transaction that undoes a CoinJoin, or say that there is none",
        look="4.2, section 'Guided: what a round leaves to say'",
        truth=lambda desk: desk.facts["mixing"]["relinking"],
        mistakes=[
            Mistake(
                "the round itself",
                lambda desk: desk.facts["mixing"]["round"],
                "This is the round. The question asks for a later transaction.",
            ),
        ],
        hints=[
            "It must spend an output of the round and, in the same transaction, unmixed change of the preparation.",
            "relinking(ledger, round_txid, unmixed) lists such transactions. An empty table means None.",
        ],
    ),
    Question(
        id="4.2e",
        notebook=SECOND,
        title="Stretch: what the mixer paid to the suspect's client code",
        type="set",
        items="outpoint",
        points=0,
        objective="Join a deposit and its payouts by a seized record",
        look="4.2, section 'Guided: a mixer's own book'",
        truth=lambda desk: set(desk.facts["mixing"]["report"]["payouts"]),
        mistakes=[
            Mistake(
                "the deposits",
                lambda desk: set(desk.facts["mixing"]["report"]["deposits"]),
                "These are the client's deposits. The question asks for what was paid out.",
            ),
        ],
        hints=[
            "Keep the rows of one client and of the kind out.",
            "An outpoint is the transaction_hash, a colon, and the index.",
        ],
    ),
    Question(
        id="4.3a",
        notebook=THIRD,
        title="Four hops and a stop",
        type="list",
        items="account_txid",
        path=True,
        points=4,
        objective="Follow tokens from wallet to wallet, and stop at a service",
        look="4.3, section 'Learn: a trail of tokens'",
        truth=hops,
        mistakes=[
            Mistake(
                "M26",
                lambda desk: [*hops(desk), desk.facts["token_trail"]["behind"]],
                "You went on behind a service. A broker pays other customers with other coins: the trail stops there.",
            ),
            Mistake(
                "M30",
                lambda desk: [desk.facts["token_trail"]["failed"], *hops(desk)[1:]],
                "Your first transaction failed: it moved nothing. Keep only rows with moved = True.",
            ),
            Mistake(
                "M29",
                lambda desk: [desk.facts["token_trail"]["approval"], *hops(desk)[1:]],
                "Your first transaction is an approval: it allows a payment and moves nothing.",
            ),
        ],
        hints=[
            "One wallet at a time: what came in, and what is the largest genuine payment out after it?",
            "paid_by(start) names the next wallet behind the word to. Run paid_by again with it.",
            "The fourth payment goes to an address that E11b calls a broker. Stop there; the list has four txids.",
        ],
    ),
    Question(
        id="4.3b",
        notebook=THIRD,
        title="Six deposits at SWAPLARK",
        type="mapping",
        items={"key": "outpoint", "value": "account_txid"},
        weight=2,
        points=4,
        objective="Match a swap across two chains, or say that it cannot be told",
        look="4.3, section 'Guided: matching both sides of a swap'",
        truth=pairs,
        mistakes=[
            Mistake(
                "M32",
                lambda desk: dict.fromkeys(pairs(desk)),
                "You found no pair at all. What comes out is less than what went in: the fee is missing from your sum.",
            ),
            Mistake(
                "M17",
                lambda desk: dict(desk.facts["token_trail"]["next_payout"]),
                "You took the payout that merely comes next. Time alone fits everything: compare the value too.",
            ),
        ],
        hints=[
            "Two ends belong together only if value, fee and time fit, and no other pair fits as well.",
            "Look at score and reason in the table. Where no txid is given, the reason says why.",
            "Copy the six txids of the list into {swap1: ..., swap2: ...}. Where the list says nan or None, "
            "write None.",
        ],
    ),
    Question(
        id="4.3c",
        notebook=THIRD,
        title="Freeze, preserve, or neither",
        type="mapping",
        items={"key": "account", "value": "choice"},
        options=ADVICE,
        weight=2,
        points=3,
        objective="Decide for each address: freeze, preserve, or neither",
        look="4.3, section 'Guided: freeze, preserve, or neither'",
        truth=advice,
        mistakes=[
            Mistake(
                "M31",
                freeze_all,
                "You froze a deposit address of an exchange. The coins there are the exchange's: ask it to keep its "
                "records.",
            ),
            Mistake(
                "an innocent business frozen",
                lambda desk: freeze_also(desk, "shop"),
                "You froze a shop. The suspect bought there, and so did many others.",
            ),
            Mistake(
                "nothing to freeze",
                lambda desk: freeze_also(desk, "empty") | frozen_again(desk),
                "You froze an address that holds nothing, or that is frozen already (E11a, points 2 and 3).",
            ),
            Mistake(
                "preserved at the wrong door",
                lambda desk: dict.fromkeys(advice(desk), "PRESERVE"),
                "PRESERVE is for a deposit address of an exchange. Of the others ask: what is it, what does it hold?",
            ),
        ],
        hints=[
            "For each address ask three questions: what is it, what does it hold, is it frozen already?",
            "A deposit address of an exchange is preserved. An empty address, a frozen one and a shop are left alone.",
            "What remains holds a token, lies on the trail and is not frozen yet: freeze it.",
        ],
    ),
    Question(
        id="4.3d",
        notebook=THIRD,
        title="Stretch: the first hop in base units",
        type="int",
        points=0,
        unit="base units",
        objective="Read token amounts in base units",
        look="4.3, section 'Learn: a trail of tokens'",
        truth=first_units,
        mistakes=[
            Mistake(
                "M27",
                other_decimals,
                "Off by a million millions: you used the decimals of the other token.",
            ),
            Mistake(
                "whole tokens",
                lambda desk: first_units(desk, -desk.facts["token_trail"]["first_decimals"]),
                "This is the number of whole tokens. A contract counts in base units.",
            ),
        ],
        hints=[
            "The column units has whole base units, the column amount has whole tokens.",
            "Find the row with the txid of your first hop.",
        ],
    ),
    Question(
        id="4.3e",
        notebook=THIRD,
        title="Stretch: what crossed",
        type="int",
        points=0,
        unit="satoshi",
        objective="Add up what crossed chains, and leave out what cannot be told",
        look="4.3, section 'Guided: matching both sides of a swap'",
        truth=crossed,
        mistakes=[
            Mistake(
                "also what cannot be told",
                lambda desk: crossed(desk, named_only=False),
                "This is the sum of all six. A deposit whose other end cannot be told is not in the sum.",
            ),
        ],
        hints=[
            "Take the deposits of 4.3b that have a txid, not the ones with None.",
            "paid_in.set_index('end').loc[[swap1, swap3], 'amount'].sum() adds two of them.",
        ],
    ),
    Question(
        id="4.3f",
        notebook=THIRD,
        title="Stretch: a bridge names the other end",
        type="id",
        kind="txid",
        points=0,
        objective="Read what a bridge wrote about the other chain, and look whether it is there",
        look="4.3, section 'Learn: a trail of tokens'",
        truth=bridge_names,
        mistakes=[
            Mistake(
                "the next record",
                lambda desk: bridge_names(desk, shift=1),
                "This is the record after yours: the rows are counted from 0.",
            ),
        ],
        hints=[
            "The column names has what the bridge wrote: a txid of the bitcoin ledger.",
            "ledger.transaction(txid) finds it, or says that the ledger has no such payment.",
        ],
    ),
    Question(
        id="4.4a",
        notebook=FOURTH,
        title="Attributable at deposit D, under two rules",
        type="mapping",
        items={"key": "text", "value": "int"},
        points=4,
        unit="satoshi",
        objective="Compute taint under several rules on the same facts",
        look="4.4, section 'Learn: ten coins, four rules'",
        truth=at_deposit,
        mistakes=[
            Mistake(
                "the two rules mixed up",
                lambda desk: at_deposit(desk, haircut="fifo", fifo="haircut"),
                "The two numbers have changed places. Which column is which rule?",
            ),
            Mistake(
                "everything marked",
                lambda desk: at_deposit(desk, haircut="poison", fifo="poison"),
                "This marks the whole deposit: that is the rule poison. Both rules of the question count a part.",
            ),
            Mistake(
                "the last in, first out",
                lambda desk: at_deposit(desk, fifo="lifo"),
                "For FIFO you gave the number of LIFO: the last satoshi in was counted first.",
            ),
        ],
        hints=[
            "Both rules start from the same ten sales and end at the same deposit. Only the counting differs.",
            "compare_taint(ledger, sales, stop=services) has a row for each output. Find the row of the deposit.",
            "at_d = table[table['outpoint'] == deposit] has the columns haircut and fifo.",
        ],
    ),
    Question(
        id="4.4b",
        notebook=FOURTH,
        title="Does it add up?",
        type="mapping",
        items={"key": "text", "value": "int"},
        points=3,
        unit="satoshi",
        objective="Check that a taint rule keeps the value",
        look="4.4, section 'Guided: does it add up?'",
        truth=ended,
        mistakes=[
            Mistake(
                "M39",
                ended_with_passing,
                "What is only on its way was counted as well, so the same satoshi stand in several rows. Count where "
                "they ended: at services, unspent, and in fees.",
            ),
            Mistake(
                "M25",
                lambda desk: {
                    name: desk.facts["taint"]["rounded_down"][name] for name in ("stopped", "unspent", "fees")
                },
                "Each share was rounded down, so some satoshi are lost on the way. Shares of the haircut rule are "
                "rounded so that nothing is lost.",
            ),
        ],
        hints=[
            "Everything that starts must end somewhere: at a service, in an unspent output, or in fees.",
            "found = haircut(ledger, sales, stop=services); then found.ended.",
            "The three numbers must add up to found.sources. If not, one of them was counted twice.",
        ],
    ),
    Question(
        id="4.4c",
        notebook=FOURTH,
        title="The rule of ARVANIA, and the sentence it supports",
        type="mapping",
        items={"key": "text", "value": "choice"},
        options=RULES | LETTERS,
        points=3,
        objective="Justify the choice of a rule from a statute, and say only what it supports",
        look="4.4, section 'Guided: the statute chooses'",
        truth=statute,
        mistakes=[
            Mistake(
                "the rule of another state",
                lambda desk: statute(desk, rule="HAIRCUT", sentence="average"),
                "Proportional counting is the law of another state. Whose court is asked here?",
            ),
            Mistake(
                "M06",
                lambda desk: statute(desk, rule="LIFO", sentence="person"),
                "A rule of counting says nothing about a person: that needs an exhibit about the account.",
            ),
            Mistake(
                "M38",
                lambda desk: statute(desk, rule="POISON", sentence="whole"),
                "This claims the whole deposit. Other coins are in it too.",
            ),
            Mistake(
                "a rule taken for a fact",
                lambda desk: statute(desk, rule="FIFO", sentence="same coins"),
                "A rule of counting does not show which unit is which: read section 12 (2) again.",
            ),
        ],
        hints=[
            "Which of the three statutes is the law of the court that asks?",
            "Section 12 (1) says in which order mixed value is counted. Which rule is that?",
            "The right sentence names the rule and its number, and admits that another rule gives another number.",
        ],
    ),
    Question(
        id="4.4d",
        notebook=FOURTH,
        title="Stretch: LIFO and poison",
        type="mapping",
        items={"key": "text", "value": "int"},
        points=0,
        unit="satoshi",
        objective="Compute taint under several rules on the same facts",
        look="4.4, section 'Learn: ten coins, four rules'",
        truth=lambda desk: {name: desk.facts["taint"]["at_deposit"][name] for name in ("lifo", "poison")},
        mistakes=[
            Mistake(
                "the two rules mixed up",
                lambda desk: {
                    "lifo": desk.facts["taint"]["at_deposit"]["poison"],
                    "poison": desk.facts["taint"]["at_deposit"]["lifo"],
                },
                "The two numbers have changed places. Poison marks the whole output.",
            ),
        ],
        hints=["The same table has these columns too.", "Take them from the row of the deposit."],
    ),
    Question(
        id="4.4e",
        notebook=FOURTH,
        title="Stretch: your own first in, first out",
        type="function",
        signature="my_fifo(inputs, before, value)",
        returns="int",
        points=0,
        unit="satoshi",
        objective="State the rule first in, first out so that it works on any transaction",
        look="4.4, section 'Learn: ten coins, four rules'",
        truth=first_in_first_out,
        samples=fifo_samples,
        hidden=hidden_fifo_cases,
        mistakes=[
            Mistake("haircut", in_proportion, "Your rule shares in proportion. First in, first out keeps an order."),
            Mistake("LIFO", last_in_first_out, "Your rule begins with the last input."),
        ],
        hints=[
            "Lay all inputs in a row, satoshi after satoshi; in each input the marked ones come first.",
            "Cut the row: skip what went out before, take as many as the output holds, and count the marked ones.",
        ],
    ),
    Question(
        id="4.4",
        notebook=FOURTH,
        title="Why this rule, and what it does not show",
        type="written",
        points=4,
        rubric="day4",
        objective="Justify the choice of a rule from a statute, and say only what it supports",
        look="4.4, section 'What this shows, and what it does not'",
        hints=[
            "Name the statute and the rule first, then the number with its unit.",
            "Say that other rules give other numbers, and name one of them.",
            "End with what the number does not show.",
        ],
    ),
]


# The quiz of the day: question, options, the right letter, and why each other letter is wrong.
QUIZ = [
    (
        "The first line after a difference",
        {
            "A": "The exchange hid money.",
            "B": "The difference, and a question to the exchange.",
            "C": "Nothing: it is a small sum.",
        },
        "B",
        {"A": "A difference can be a typing slip: ask first.", "C": "A small difference can hide two large ones."},
    ),
    (
        "What contradicts a customer sheet",
        {
            "A": "A login from another state.",
            "B": "A payout to a bank account in another person's name.",
            "C": "A large deposit.",
        },
        "B",
        {"A": "The sheet has no field for logins.", "C": "The sheet does not say how much may be paid in."},
    ),
    (
        "Who controls a deposit address",
        {"A": "the exchange.", "B": "the customer.", "C": "whoever paid to it first."},
        "A",
        {"B": "The customer may pay to it, but never holds its keys.", "C": "Paying to an address gives no control."},
    ),
    (
        "Forty outputs, one payer, the same payees every week",
        {"A": "a CoinJoin.", "B": "an exchange batch.", "C": "a payroll."},
        "C",
        {"A": "A CoinJoin has several payers.", "B": "An exchange pays other people each time."},
    ),
    (
        "After a round of eight equal outputs",
        {
            "A": "One in eight, so output 1 is likely.",
            "B": "Which output is the wallet's cannot be told.",
            "C": "The round shows a crime.",
        },
        "B",
        {"A": "All eight fit equally well: none is likely.", "C": "Charities and journalists use rounds too."},
    ),
    (
        "What joins a mixer's deposit and payout",
        {"A": "The mixer's own book.", "B": "The amount.", "C": "The day."},
        "A",
        {"B": "Payouts come in parts, less a share: many amounts fit.", "C": "Many payouts are made on the same day."},
    ),
    (
        "A trail of tokens comes to a broker",
        {
            "A": "follow the next payment of the same amount.",
            "B": "stop, and ask for the broker's book.",
            "C": "freeze every later payee.",
        },
        "B",
        {"A": "Behind a service other people's coins are paid.", "C": "Later payees are other customers."},
    ),
    (
        "Which of four numbers goes into the report",
        {"A": "The largest.", "B": "The average.", "C": "The one that the statute asks for."},
        "C",
        {"A": "A rule is not chosen by its number.", "B": "An average of four rules is no rule at all."},
    ),
]


def quiz(number, title, options, right, wrong):
    """One question of the daily quiz, with a sentence for each wrong letter."""
    return quiz_question(
        f"4.4q{number}",
        FOURTH,
        title=f"Quiz {number}: {title}",
        options=options,
        right=right,
        wrong=wrong,
        objective="Look back on day 4",
        look="4.4, section 'Key points'",
    )


QUESTIONS += [quiz(number, *item) for number, item in enumerate(QUIZ, start=1)]
