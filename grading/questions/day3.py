"""Questions of day 3: who controls what, which output is change, where a trail breaks, and what to ask an exchange for.

Truth comes from the facts of the docket (what the simulator did); a mistake is the naive method, run on the public
ledger and the exhibits. No message and no hint holds an answer.
"""

from functools import cache
from random import Random

import pandas as pd

from cointrail.evidence.requests import REQUEST_SCHEMA
from cointrail.grading.questions import Mistake, Question
from cointrail.grading.quizzes import quiz_question
from cointrail.ledger import load_ledger
from cointrail.tracing import (
    address_reuse,
    as_answers,
    bcubed,
    by_size,
    change_consensus,
    cluster_of,
    coinjoins,
    common_input_ownership,
    fresh_address,
    load_training,
    pairwise,
    predict_change,
)
from cointrail.tracing.tagpack import TAGPACK_SCHEMA

__all__ = ["QUESTIONS", "WORLD"]

WORLD = "glass_harbour"
FIRST, SECOND = "01_co_spend_clustering", "02_change_and_peel_chains"
THIRD, FOURTH = "03_where_the_trail_breaks", "04_deposits_and_preservation"

# So many owners of the training set are drawn for each docket.
OWNERS = 100

LEVELS = {
    "OWNERSHIP": "the speaker holds the key",
    "MANUAL_TRANSACTION": "known from an own payment",
    "FORENSIC_INVESTIGATION": "found in an investigation, with its steps on record",
    "AUTHORITY_DATA": "from an authority",
    "TRUSTED_PROVIDER": "from a source that has shown that it can be trusted",
    "SERVICE_DATA": "said by the service itself",
    "WEB_CRAWL": "read on a page",
    "HEURISTIC": "follows from a rule of thumb",
    "UNKNOWN": "nobody can say how",
    "WITHDRAW": "the tag must go",
}
CLASSES = {
    "DEPOSIT": "a deposit address of NORTHPIER",
    "FORWARDER": "somebody else's address that sent everything on to NORTHPIER",
    "NEITHER": "neither of the two",
}


# 3.1


def cluster(desk, name):
    return desk.facts["cluster"][name]


def size_without_another(desk):
    """Left out: a payment of the suspect's own. If that happens to give the right number, one address fewer."""
    found = cluster(desk, "without_another")
    return found if found != cluster(desk, "size") else found - 1


def strangers_only(desk):
    """Those who left; where that number is the right one by chance, with the suspect's first address."""
    found = cluster(desk, "strangers")
    return found if found != cluster(desk, "size") else found + 1


@cache
def all_clusters(exclude):
    """Clusters of the whole ledger, with or without the CoinJoins; the same for every docket."""
    ledger = load_ledger(WORLD)
    return common_input_ownership(ledger, exclude=coinjoins(ledger)["txid"] if exclude else [])


def measured(desk, method=bcubed, *, exclude=True, draw=...):
    """Precision and recall on a draw of training owners (the docket's own; None: everybody), to three places."""
    training = load_training(WORLD)
    name = desk.docket if draw is ... else draw
    owners = (training.draw(OWNERS, name) if name else training).addresses
    precision, recall = method(all_clusters(exclude), owners)
    return {"precision": f"{precision.value:.3f}", "recall": f"{recall.value:.3f}"}


def measured_otherwise(desk, *args, **given):
    """A wrong way to measure. A docket's draw rests on its letter alone, so on some ledgers it makes no difference."""
    rates = measured(desk, *args, **given)
    return ... if rates == measured(desk) else rates


def exchanged(desk):
    rates = measured(desk)
    return {"precision": rates["recall"], "recall": rates["precision"]}


def cluster_size(ledger, address):
    return len(cluster_of(ledger, address))


def beside_it_only(ledger, address):
    """The addresses in the same payments, and nothing that follows from them."""
    addresses = ledger.inputs["addresses"].str[0]
    txids = set(ledger.inputs.loc[addresses == address, "transaction_hash"])
    beside = ledger.inputs[ledger.inputs["transaction_hash"].isin(txids)]["addresses"].str[0]
    return max(1, beside.nunique())


def coins_counted(ledger, address):
    """Coins instead of addresses."""
    mine = set(cluster_of(ledger, address))
    return int(ledger.outputs["addresses"].str[0].isin(mine).sum())


def cluster_cases(desk):
    """The listed address, the shop's coin, and two training owners; the last one takes more than one step."""
    owners = load_training(WORLD).addresses.drop_duplicates("entity")["address"].tolist()
    far = next(one for one in owners if beside_it_only(desk.ledger, one) < cluster_size(desk.ledger, one))
    named = [cluster(desk, "listed"), cluster(desk, "shop_coin"), owners[0], far]
    return [{"ledger": WORLD, "address": address} for address in named]


def hidden_cluster_cases(secret, make_ledger):
    """Twelve cases on three ledgers made from the class's secret."""
    cases = []
    for number in range(3):
        ledger = make_ledger(secret + bytes([number]))
        draw = Random(secret + bytes([number, 255]))
        spenders = sorted({address for addresses in ledger.inputs["addresses"] for address in addresses})
        chosen = draw.sample(spenders, min(4, len(spenders)))
        cases += [{"ledger": ledger, "address": address} for address in chosen]
    return cases


# 3.2


def change(desk):
    return desk.facts["change"]["change"]


def peel(desk, name):
    return desk.facts["change"]["peel"][name]


def by_rule(desk, rule):
    table = predict_change(desk.ledger, rule, txids=list(change(desk)))
    return as_answers(table)


def by_votes(desk, signs):
    return as_answers(change_consensus(desk.ledger, txids=list(change(desk)), signs=signs))


def chain(desk):
    return [*peel(desk, "txids"), peel(desk, "stop")]


def chain_until_dust(desk):
    return [*peel(desk, "until_dust"), "dust"]


def past_the_service(desk):
    return [*peel(desk, "past_the_service"), peel(desk, "stop")]


def pays_back(ledger, txid):
    """The reference of 3.2d."""
    vout = predict_change(ledger, address_reuse, txids=[txid])["vout"].iloc[0]
    return None if pd.isna(vout) else int(vout)


def never_silent(ledger, txid):
    found = pays_back(ledger, txid)
    return 0 if found is None else found


def smaller_output(ledger, txid):
    return int(ledger.outputs_of(txid).sort_values(["value", "index"])["index"].iloc[0])


def change_cases(desk):
    """Of the sixty payments: two that pay back (by the larger output, where there are such), and two that do not."""
    named = by_rule(desk, address_reuse)
    back = [txid for txid, vout in named.items() if vout is not None]
    back.sort(key=lambda txid: smaller_output(desk.ledger, txid) == named[txid])
    silent = [txid for txid, vout in named.items() if vout is None]
    return [{"ledger": WORLD, "txid": txid} for txid in [*back[:2], *silent[:2]]]


def hidden_change_cases(secret, make_ledger):
    """Twelve payments on three ledgers made from the class's secret; half of them pay back, where there are so many."""
    cases = []
    for number in range(3):
        ledger = make_ledger(secret + bytes([number, 32]))
        draw = Random(secret + bytes([number, 32, 255]))
        named = predict_change(ledger, address_reuse)
        back, silent = (sorted(named.loc[named["vout"].isna() == none, "txid"]) for none in (False, True))
        chosen = draw.sample(back, min(2, len(back)))
        chosen += draw.sample(silent, 4 - len(chosen))
        cases += [{"ledger": ledger, "txid": txid} for txid in draw.sample(chosen, 4)]
    return cases


# 3.3


def market(desk, name):
    return desk.facts["market_trail"][name]


def after_the_pool(desk):
    """The next hop; where the pool's coin was not spent yet, the first payout to the vendor."""
    return market(desk, "after_the_pool") or market(desk, "payouts")[1]


def levels(desk):
    """Every level that can be defended; the seized book is also what the market itself says."""
    kinds, given = market(desk, "kinds"), market(desk, "attributions")
    also = {"partner state": ["SERVICE_DATA"]}
    return {name: [*several, *also.get(kinds[name], [])] for name, several in given.items()}


def levels_but(desk, **changed):
    """The right levels (the first that can be defended), with other ones for some kinds of source."""
    kinds = market(desk, "kinds")
    return {
        name: changed.get(kinds[name].replace(" ", "_").replace("-", "_"), several[0])
        for name, several in levels(desk).items()
    }


# 3.4


def deposits(desk, name):
    return desk.facts["deposits"][name]


def classes_but(desk, before, after):
    return {address: after if kind == before else kind for address, kind in deposits(desk, "classes").items()}


def the_desk_too(desk):
    return deposits(desk, "classes") | {deposits(desk, "desk"): "DEPOSIT"}


def everything_that_passes_on(desk):
    known = deposits(desk, "classes")
    return {address: "DEPOSIT" if kind != "NEITHER" else kind for address, kind in known.items()}


def payment_fact(payment):
    return ["payment", payment["address"], payment["txid"], payment["time"], payment["asset"], payment["amount"]]


def asked_for(desk):
    """What the request must say: every payment to the suspect's deposit addresses, and the right section of the law."""
    return [["legal basis", 14], *(payment_fact(payment) for payment in deposits(desk, "payments"))]


def said_in(document):
    """The facts of a request, as `asked_for` gives them."""
    named = [section for section in (14, 15, 22) if str(section) in document["legal_basis"]]
    return [*(["legal basis", section] for section in named), *map(payment_fact, document["payments"])]


def reused(desk):
    """The deposit address that the peel chain paid, and the txids of every payment to it."""
    payments, chain_of = deposits(desk, "payments"), set(peel(desk, "txids"))
    there = next(one["address"] for one in payments if one["txid"] in chain_of)
    return there, {one["txid"] for one in payments if one["address"] == there}


def spenders(desk, txids):
    inputs = desk.ledger.inputs
    return set(inputs.loc[inputs["transaction_hash"].isin(txids), "addresses"].str[0])


def paid_in_there(desk):
    return spenders(desk, reused(desk)[1])


def swept_beside(desk):
    """Who was swept together with the deposit address: strangers."""
    there, inputs = reused(desk)[0], desk.ledger.inputs
    sweeps = set(inputs.loc[inputs["addresses"].str[0] == there, "transaction_hash"])
    return spenders(desk, sweeps) - {there}


def paid_beside(desk):
    """The outputs of the payments to the deposit address."""
    outputs = desk.ledger.outputs
    return set(outputs.loc[outputs["transaction_hash"].isin(reused(desk)[1]), "addresses"].str[0].dropna())


PRESERVATION_SCHEMA = REQUEST_SCHEMA | {
    "properties": REQUEST_SCHEMA["properties"] | {"kind": {"const": "preservation"}},
}


QUIZ = [
    (
        "Two addresses are spent in one transaction. What may you write?",
        {
            "A": "The two addresses belong to one person.",
            "B": "The same keys may control both; a payment made by several people looks the same.",
            "C": "The two addresses belong to the market.",
        },
        "B",
        "Co-spending is a lead about keys. A CoinJoin, a PayJoin or a service puts several owners together.",
    ),
    (
        "A cluster has precision 0.99 and recall 0.10 on training owners. What is it good for?",
        {
            "A": "What it joins is mostly right, and most of each wallet is missing.",
            "B": "It finds nearly the whole wallet.",
            "C": "You may tell a court that the link is 99 per cent certain.",
        },
        "A",
        "Precision speaks of what was joined, recall of what was found. Neither is a probability about your suspect.",
    ),
    (
        "Two rules for change name two different outputs. What is the best answer?",
        {
            "A": "The output with the smaller amount.",
            "B": "The output that the first rule names.",
            "C": "None: the evidence does not say.",
        },
        "C",
        "A wrong link joins strangers, an abstention costs one address. Where signs disagree, abstain.",
    ),
    (
        "A step of a peel chain carries 546 satoshi to a stranger. What is it?",
        {
            "A": "Dust: the chain goes on, and nothing worth counting was peeled off.",
            "B": "The end of the chain.",
            "C": "A payment to an accomplice.",
        },
        "A",
        "546 and 330 satoshi are the usual smallest amounts; they carry a note or a token. Follow the large coin.",
    ),
    (
        "The officer's coin was swept into the market's pool. What joins the officer with the vendor?",
        {
            "A": "The next output of the pool that has about the same amount.",
            "B": "The line of the market's own book that names both accounts.",
            "C": "Nothing and nobody ever can.",
        },
        "B",
        "The pool pays the vendor with other coins. Only the book of the market knows for whom.",
    ),
    (
        "A bank's report repeats the label of a tracing tool. How many sources do you have?",
        {"A": "Two.", "B": "One, quoted twice.", "C": "None that can be used, ever."},
        "B",
        "Repetition is no corroboration. Ask each source how it knows.",
    ),
    (
        "Who controls the keys of a deposit address at an exchange?",
        {"A": "The customer.", "B": "Whoever paid in first.", "C": "The exchange."},
        "C",
        "The exchange made the address and sweeps it. The customer is a name in its books: ask for it.",
    ),
    (
        "Connection data at the exchange are deleted after 90 days. What do you do first?",
        {
            "A": "Wait for the court order, then ask for everything.",
            "B": "Ask at once that the records of named payments are preserved.",
            "C": "Telephone the customer.",
        },
        "B",
        "A request to preserve hands out nothing and needs no order here; it keeps the records until the order comes.",
    ),
]


def quiz(place, text, options, right, why):
    """One question of the daily quiz; every wrong letter says what it misses."""
    return quiz_question(
        f"3.4q{place}",
        FOURTH,
        title=f"Quiz of day 3, question {place}",
        options=options,
        right=right,
        wrong={letter: f"Not {letter}. {why}" for letter in options if letter != right},
        objective="Recall the day",
        look="3.4, section 'Quiz of day 3 (no points)'",
        hints=[f"Read again: {text}", "Which of the answers says no more than the evidence carries?"],
    )


QUESTIONS = [
    Question(
        id="3.1a",
        notebook=FIRST,
        title="The payment that joins two owners",
        type="id",
        kind="txid",
        points=3,
        objective="Name the transaction that wrongly joins two owners, and the record that shows it",
        look="3.1, section 'Guided: why are two addresses together?'",
        truth=lambda desk: cluster(desk, "wrong_merge"),
        mistakes=[
            Mistake(
                "one owner's own payment",
                lambda desk: cluster(desk, "other_joins")[0],
                "All inputs of this payment are the suspect's: it joins what belongs together.",
            ),
            Mistake(
                "another own payment",
                lambda desk: cluster(desk, "other_joins")[-1],
                "This payment holds the cluster together too, but no coin of the shop is in it. E35 has the address.",
            ),
        ],
        hints=[
            "The ledger cannot tell. Which exhibit says that somebody else added a coin, and at which address?",
            "explain_link(ledger, one, other) lists the payments that join two addresses. One end is a seed (E36a), "
            "the other is the shop's address (E35).",
            "Take the txid of the row whose column joins is the shop's address.",
        ],
    ),
    Question(
        id="3.1b",
        notebook=FIRST,
        title="The size of the suspect's cluster",
        type="int",
        points=3,
        unit="addresses",
        objective="Build a co-spend cluster with a wrong merge left out",
        look="3.1, section 'Learn: when the rule is wrong'",
        truth=lambda desk: cluster(desk, "size"),
        mistakes=[
            Mistake(
                "M15",
                lambda desk: cluster(desk, "naive_size"),
                "This is everything that was ever spent together, the stranger included. Leave one payment out.",
            ),
            Mistake("the wrong payment left out", size_without_another, "A payment was left out that is all right."),
            Mistake(
                "those who left",
                strangers_only,
                "This is how many addresses went away. The question asks how many stay.",
            ),
            Mistake(
                "the stranger counted",
                lambda desk: cluster(desk, "size") + 1 + (cluster(desk, "strangers") == 1),
                "One or two addresses too many. Build the list with exclude=[...] and count it with len(...).",
            ),
        ],
        hints=[
            "seed_cluster(ledger, seeds) is the whole cluster; exclude=[txid] leaves a payment out.",
            "The payment to leave out is your answer to 3.1a. Compare the two sizes before you write one down.",
            "len(seed_cluster(ledger, seeds, exclude=[answer_3_1a])) counts the addresses that stay.",
        ],
    ),
    Question(
        id="3.1c",
        notebook=FIRST,
        title="How good is the rule on owners who are known?",
        type="mapping",
        items={"key": "text", "value": "decimal"},
        places=3,
        points=3,
        objective="Measure precision and recall of a clustering on training owners",
        look="3.1, section 'Guided: measure before you believe'",
        truth=measured,
        mistakes=[
            Mistake("the two exchanged", exchanged, "The two numbers stand the wrong way round: read the two words."),
            Mistake(
                "M15",
                lambda desk: measured_otherwise(desk, exclude=False),
                "The CoinJoins were not left out: whoever mixed with others became one owner with them.",
            ),
            Mistake(
                "pairs instead of addresses",
                lambda desk: measured_otherwise(desk, pairwise),
                "These are the pairwise rates, where large wallets decide. The question asks for B-cubed.",
            ),
            Mistake(
                "everybody",
                lambda desk: measured_otherwise(desk, draw=None),
                "This was measured on all training owners. Use the draw of your own docket.",
            ),
            Mistake(
                "the owners of the example",
                lambda desk: measured_otherwise(desk, draw="example"),
                "This was measured on the owners of the example above. Use `mine`, the draw of your own docket.",
            ),
        ],
        hints=[
            "Use the clusters of section 'Guided: measure before you believe' and the owners of your own draw.",
            "bcubed(clusters, mine.addresses) gives two rates: precision first, recall second.",
            'Write {"precision": "0.xxx", "recall": "0.xxx"} with the three digits that are printed.',
        ],
    ),
    Question(
        id="3.1d",
        notebook=FIRST,
        title="Stretch: the rule in your own words",
        type="function",
        signature="my_cluster_size(ledger, address)",
        returns="int",
        points=0,
        unit="addresses",
        objective="Write the co-spend rule so that it works on any ledger",
        look="3.1, section 'Learn: coins spent together'",
        truth=cluster_size,
        samples=cluster_cases,
        hidden=hidden_cluster_cases,
        mistakes=[
            Mistake("one step only", beside_it_only, "Your rule stops after one step; each new address can join more."),
            Mistake("coins counted", coins_counted, "Your rule counts coins. An address can receive several."),
        ],
        hints=[
            "Begin with a set that holds the address. Add every address that is spent together with one of it.",
            "Repeat until nothing new comes in. cluster_of(ledger, address) does the same and counts as an answer.",
        ],
    ),
    Question(
        id="3.2a",
        notebook=SECOND,
        title="Which output is change: sixty payments",
        type="mapping",
        items={"key": "txid", "value": "int"},
        points=4,
        weight=2,
        goal={"precision": 0.95, "coverage": 0.5},
        objective="Combine signs for change, and abstain where they do not suffice",
        look="3.2, section 'Learn: several signs, and the right to abstain'",
        truth=change,
        mistakes=[
            Mistake(
                "M19",
                lambda desk: by_rule(desk, by_size("smallest")),
                "The smaller output is not always change: many of these payments are smaller than what was left.",
            ),
            Mistake(
                "M20",
                lambda desk: by_rule(desk, by_size("largest")),
                "The larger output is not always change: look at the payments from many small coins.",
            ),
            Mistake(
                "one sign is enough",
                lambda desk: by_votes(desk, 1),
                "A guess on one sign is wrong in about one of ten. How many signs should agree?",
            ),
            Mistake(
                "too careful",
                lambda desk: by_votes(desk, 4),
                "What you say is right, and you say too little: at least half of the sixty want an answer.",
            ),
            Mistake(
                "one rule alone",
                lambda desk: by_rule(desk, fresh_address),
                "A new address is one sign only, and payees make new addresses too.",
            ),
        ],
        hints=[
            "You choose one number: how many signs must agree. Try 1, 2, 3 and see how many payments get an answer.",
            "The table on training payments tells precision and coverage for each choice. You need 0.95 and 0.50.",
            "table = change_consensus(ledger, txids=sixty, signs=...); answer_3_2a = as_answers(table).",
        ],
    ),
    Question(
        id="3.2b",
        notebook=SECOND,
        title="The peel chain, and why it ends",
        type="list",
        items="text",
        points=3,
        path=True,
        objective="Follow a peel chain to its end and say why it ends",
        look="3.2, section 'Guided: a peel chain'",
        truth=chain,
        mistakes=[
            Mistake(
                "stopped by dust",
                chain_until_dust,
                "The chain was left at a step that carries dust. The large coin moved on: look what happens after it.",
            ),
            Mistake(
                "M26",
                past_the_service,
                "You followed the piece that was peeled off, into a service and out again. Follow the coin that stays.",
            ),
            Mistake(
                "the reason is missing",
                lambda desk: peel(desk, "txids"),
                "The txids are right. The last item must say why the chain ends.",
            ),
        ],
        hints=[
            "follow_peel_chain(ledger, start) gives steps and stop. Is what it says at the end true?",
            "If the last word is dust, follow on with dust=500 and look at the column peeled.",
            'answer_3_2b = [*found.steps["txid"], found.stop] is the whole list.',
        ],
    ),
    Question(
        id="3.2c",
        notebook=SECOND,
        title="How much was peeled off",
        type="int",
        points=3,
        unit="satoshi",
        objective="Add up what a peel chain paid out, and nothing twice",
        look="3.2, section 'Guided: a peel chain'",
        truth=lambda desk: peel(desk, "total"),
        mistakes=[
            Mistake(
                "M39",
                lambda desk: peel(desk, "kept_summed"),
                "You added up the coin that moves on. It is the same money again at every step.",
            ),
            Mistake(
                "dust counted",
                lambda desk: peel(desk, "total_with_dust"),
                "The dust is in your sum. It carried a note, not money that was peeled off.",
            ),
            Mistake(
                "stopped by dust",
                lambda desk: peel(desk, "total_until_dust"),
                "This is the sum up to the first step with dust. The chain goes on after it.",
            ),
            Mistake(
                "M08",
                lambda desk: peel(desk, "total") + peel(desk, "fees"),
                "The fees are in your sum. No service received them.",
            ),
        ],
        hints=[
            "Which column holds what left the chain at each step? Which rows of it are dust?",
            'pieces = found.steps["peeled"] is the column; pieces[pieces >= 1000] leaves the dust out.',
            "pieces[pieces >= 1000].sum() is the number.",
        ],
    ),
    Question(
        id="3.2d",
        notebook=SECOND,
        title="Stretch: one sign in your own words",
        type="function",
        signature="my_change(ledger, txid)",
        returns="int",
        points=0,
        unit="(the number of an output)",
        objective="Write a sign for change so that it works on any ledger, and abstains",
        look="3.2, section 'Learn: which output is change?'",
        truth=pays_back,
        samples=change_cases,
        hidden=hidden_change_cases,
        mistakes=[
            Mistake(
                "never silent",
                never_silent,
                "Where no output pays back, your rule names one all the same. There the sign says nothing: None.",
            ),
            Mistake("M19", smaller_output, "Your rule looks at the amounts. The sign looks at the addresses."),
        ],
        hints=[
            "Collect the addresses of ledger.inputs_of(txid). Which of ledger.outputs_of(txid) pay one of them?",
            "predict_change(ledger, address_reuse, txids=[txid]) does the same; its column vout is empty for None.",
        ],
    ),
    Question(
        id="3.3a",
        notebook=THIRD,
        title="Where the officer's coin ends",
        type="id",
        kind="outpoint",
        points=3,
        objective="Stop at the output where a direct trail ends",
        look="3.3, section 'Guided: where the trail stops'",
        truth=lambda desk: market(desk, "trail_ends"),
        mistakes=[
            Mistake(
                "one step too early",
                lambda desk: market(desk, "deposit"),
                "This is the deposit itself: the coin is still alone. Where does it meet the coins of strangers?",
            ),
            Mistake(
                "M26", after_the_pool, "You followed on past the pool. From there on nobody can say whose coin it is."
            ),
            Mistake(
                "M45",
                lambda desk: market(desk, "payouts")[0],
                "This is a payout to the vendor. The ledger does not join it with the officer's coin.",
            ),
            Mistake(
                "the buyer's change",
                lambda desk: market(desk, "buyers_change") or ...,
                "This output went back to the officer's wallet. Follow the one that paid the market's address.",
            ),
        ],
        hints=[
            "E14 names the deposit. Which transaction spends it, and what else does it spend?",
            "On the board expand the deposit's txid, or use trace(ledger, deposit, max_hops=2).",
            "The answer is the output of that sweep: its txid, a colon, and the number of the output.",
        ],
    ),
    Question(
        id="3.3b",
        notebook=THIRD,
        title="The record that joins both sides",
        type="id",
        kind="text",
        points=3,
        objective="Name the off-chain record that joins what the ledger does not",
        look="3.3, section 'Learn: a market has one pool'",
        truth=lambda desk: market(desk, "joins"),
        mistakes=[
            Mistake(
                "one side only",
                lambda desk: market(desk, "only_buyer"),
                "This line names the buyer's account and no vendor. Which line names both?",
            ),
            Mistake(
                "M45",
                lambda desk: market(desk, "only_vendor"),
                "This line is a payout to the vendor. Nothing in it says which buyer's money it was.",
            ),
            Mistake(
                "M17",
                lambda desk: market(desk, "nearest_amount"),
                "The amount is near, but the account is another one. E14 names the officer's account.",
            ),
            Mistake(
                "the release",
                lambda desk: market(desk, "release"),
                "This line names the vendor and the order, but no buyer. Which line names buyer and vendor?",
            ),
        ],
        hints=[
            "E14 gives three things to look for: an account, a time and an amount.",
            "Filter the book: book[book['account'] == ...]. Which of its lines has a counterpart?",
            'Write the line\'s name, for example "L99".',
        ],
    ),
    Question(
        id="3.3c",
        notebook=THIRD,
        title="Six tags: a level of confidence, or withdraw",
        type="mapping",
        items={"key": "text", "value": "choice"},
        options=LEVELS,
        points=4,
        weight=2,
        objective="Give a tag the level that its source can carry, and withdraw it when the source falls",
        look="3.3, section 'Learn: a tag is a claim with a source'",
        truth=levels,
        mistakes=[
            Mistake(
                "M18",
                lambda desk: levels_but(desk, tool="TRUSTED_PROVIDER", bank_report="AUTHORITY_DATA"),
                "Two tags rest on one label whose maker took it back (E38). A second paper that repeats it adds "
                "nothing.",
            ),
            Mistake(
                "M15",
                lambda desk: levels_but(desk, co_spending="OWNERSHIP"),
                "Spent together is a rule of thumb. Which level is meant for those?",
            ),
            Mistake(
                "a page is a page",
                lambda desk: levels_but(desk, web_page="OWNERSHIP"),
                "Anybody can write an address on a page. Which level is meant for what was read on one?",
            ),
            Mistake(
                "M16",
                lambda desk: levels_but(desk, tool="UNKNOWN", bank_report="UNKNOWN"),
                "UNKNOWN was fair before E38. Now the maker of the label says that it was wrong for this address.",
            ),
            Mistake(
                "ownership said of others",
                lambda desk: levels_but(desk, own_payment="OWNERSHIP", partner_state="OWNERSHIP"),
                "OWNERSHIP is for people who speak of their own address. The market and the vendor have not spoken.",
            ),
            Mistake(
                "steps that are not on record yet",
                lambda desk: levels_but(desk, partner_state="FORENSIC_INVESTIGATION"),
                "The steps of the seizure are not in your file: E17a promises a certified copy later. Who says it now?",
            ),
            Mistake(
                "a good source withdrawn",
                lambda desk: levels_but(desk, own_payment="WITHDRAW", web_page="WITHDRAW", co_spending="WITHDRAW"),
                "You withdrew a tag whose source nobody took back. A low level is not a reason to withdraw.",
            ),
        ],
        hints=[
            "Ask of every source: how does it know? The column how_it_was_learned says so.",
            "Then read E38. Which two of the six rest on the label that was taken back?",
            "More than one level can be defended for some sources; choose the one whose words fit.",
        ],
    ),
    Question(
        id="3.3d",
        notebook=THIRD,
        title="Stretch: write the TagPack by hand",
        type="artefact",
        points=0,
        schema=TAGPACK_SCHEMA,
        facts=lambda document: [["tag", tag.get("address")] for tag in document["tags"]],
        objective="Write a TagPack that the tools of others can read",
        look="3.3, section 'Learn: a tag is a claim with a source'",
        truth=lambda desk: [["tag", address] for address in sorted(set(market(desk, "kept_addresses")))],
        hints=[
            "Begin with title, creator, currency and tags. Each tag needs address, label, source and confidence.",
            "Four of the six sources stay. Copy the form that was printed above, and write it again for your own case.",
        ],
    ),
    Question(
        id="3.4a",
        notebook=FOURTH,
        title="Deposit addresses of NORTHPIER, and two that only look like it",
        type="mapping",
        items={"key": "address", "value": "choice"},
        options=CLASSES,
        points=4,
        weight=2,
        objective="Tell a service's deposit addresses from others that pass coins on",
        look="3.4, section 'Guided: four addresses that pass coins on'",
        truth=lambda desk: deposits(desk, "classes"),
        mistakes=[
            Mistake(
                "alone into the hot wallet",
                the_desk_too,
                "One address sent its coin into the hot wallet, but alone. A sweep takes many addresses at once: look "
                "at together_with.",
            ),
            Mistake(
                "everything that passes on",
                everything_that_passes_on,
                "Passing everything on is not enough: two of these belong to somebody else. Where do the coins go, and "
                "in whose company?",
            ),
            Mistake(
                "M31",
                lambda desk: classes_but(desk, "DEPOSIT", "FORWARDER"),
                "An address whose coins are swept into the hot wallet is the exchange's own, whoever paid in there.",
            ),
            Mistake(
                "any service will do",
                lambda desk: classes_but(desk, "NEITHER", "DEPOSIT"),
                "Some of these pass everything on to another service. Look at the columns to_hot and elsewhere.",
            ),
        ],
        hints=[
            "The table of passing_on has one row for each address. Compare departures with to_hot and to_deposit.",
            "All in to_hot and together with many: DEPOSIT. All in to_hot but alone, or all in to_deposit: FORWARDER. "
            "Anything else: NEITHER.",
            "answer_3_4a is a mapping from each address to one of the three words; leave out what you cannot tell.",
        ],
    ),
    Question(
        id="3.4b",
        notebook=FOURTH,
        title="Who is the customer?",
        type="id",
        kind="text",
        points=2,
        objective="Say what the ledger cannot tell about a customer",
        look="3.4, section 'Learn: whose address is a deposit address?'",
        truth=lambda desk: None,
        mistakes=[
            Mistake(
                "M31",
                lambda desk: desk.facts["vendor"],
                "The payment came from the suspect's trail. Whose account it was credited to stands in no exhibit yet.",
            ),
            Mistake(
                "M33",
                lambda desk: deposits(desk, "suspect"),
                "Nothing here names the holder of the account. Anybody can pay in at somebody else's address.",
            ),
            Mistake(
                "the service taken for the customer",
                lambda desk: "NORTHPIER",
                "NORTHPIER holds the keys of the address. The question is for whom it opened it.",
            ),
            Mistake(
                "not told, in words",
                lambda desk: "cannot be told",
                "Well thought. In this course that answer is written None, without quotation marks.",
            ),
        ],
        hints=[
            "Look for an exhibit that names the holder of an account at NORTHPIER. Is there one?",
            "An honest answer can be that it cannot be told. How is that written in this course?",
        ],
    ),
    Question(
        id="3.4c",
        notebook=FOURTH,
        title="A request to preserve",
        type="artefact",
        points=4,
        schema=PRESERVATION_SCHEMA,
        facts=said_in,
        objective="Write a preservation request that is not sent back",
        look="3.4, section 'Guided: a request that is not sent back'",
        truth=asked_for,
        hints=[
            "Which of the deposit addresses did the suspect's trail pay? See the column why_it_is_here of E39b.",
            "payments_to(ledger, [address, ...]) lists every payment to them, with all that a request must name.",
            "E39a says which section of the law is enough to preserve. Name only that one.",
        ],
    ),
    Question(
        id="3.4d",
        notebook=FOURTH,
        title="Stretch: users by a reused deposit address",
        type="set",
        items="address",
        points=0,
        objective="Find who paid in at the same deposit address, as a lead",
        look="3.4, section 'Learn: whose address is a deposit address?'",
        truth=paid_in_there,
        mistakes=[
            Mistake(
                "swept together",
                lambda desk: swept_beside(desk) - paid_in_there(desk),
                "These addresses were swept together with the deposit address: other customers. Look at what came in.",
            ),
            Mistake(
                "the other outputs",
                lambda desk: paid_beside(desk) - paid_in_there(desk),
                "These addresses were paid in the same transactions. Look at the inputs: who paid?",
            ),
        ],
        hints=[
            "payments_to(ledger, [address]) lists the payments to it, each with its txid.",
            "In ledger.inputs keep the rows whose transaction_hash is one of these txids; the column is addresses.",
        ],
    ),
    *(quiz(place, *one) for place, one in enumerate(QUIZ, 1)),
    Question(
        id="3.4",
        notebook=FOURTH,
        title="Explain the supercluster to a prosecutor",
        type="written",
        points=4,
        rubric="day3",
        objective="Explain why a rule that is right four times out of five cannot be chained",
        look="3.2, section 'Guided: what one wrong link does'",
        hints=[
            "Begin with what the rule says of one payment, and how often it was right on training payments.",
            "Then say what happens to the group when one link of many is wrong.",
            "End with what you offer instead, and with what you do not know.",
        ],
    ),
]
