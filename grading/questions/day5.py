"""Questions of day 5: the seizure rehearsal, the table of the court, cooperation, and the exam.

Truth comes from the facts of the docket's subjects (seizure, court_table, opposing_report, cooperation, examination); a
mistake is the naive reading of the same papers. The exam's questions are computed on the docket that is kept for it.
"""

from cointrail.evidence import REQUEST_SCHEMA
from cointrail.grading.questions import Mistake, Question
from cointrail.grading.quizzes import quiz_question
from cointrail.grading.request_facts import expected_facts, request_facts
from cointrail.tracing import load_prices, total_received
from cointrail.tracing.prices import price_on, worth
from cointrail.world.dockets.cast import SEARCH

__all__ = ["QUESTIONS", "WORLD"]

WORLD = "glass_harbour"
KEYS, COURT, ABROAD, EXAM = (
    "01_keys_seeds_and_the_seizure_rehearsal",
    "02_claims_and_cross_examination",
    "03_cooperation",
    "04_exam",
)


def fact(subject, *names):
    """A function of the desk that looks up one fact of a subject."""

    def look_up(desk):
        value = desk.facts[subject]
        for name in names:
            value = value[name]
        return value

    return look_up


# 5.1


def wallets(desk, **change):
    """What each paper opens, in satoshi at the tip; None where it cannot be told."""
    return {"E07a": desk.facts["seizure"]["balance"], "E07b": 0, "E07d": None} | change


def less_far(name):
    return lambda desk: wallets(desk, E07a=desk.facts["seizure"]["wrong_totals"][name])


def worth_on(day, total=None):
    """The value of the wallet's coins (or of another total) at the price of a day; None: the last day of the table."""

    def value(desk):
        prices, seizure = load_prices(desk.world), desk.facts["seizure"]
        satoshi = seizure["wrong_totals"][total] if total else seizure["balance"]
        return worth(satoshi, price_on(prices, day or prices["date"].max()))

    return value


def drafts(desk, *, blind_to=()):
    """The verdict on each draft; a fault that one is blind to passes as 'sign'."""
    return {name: "sign" if kind in blind_to else kind for name, kind in desk.facts["seizure"]["drafts"].items()}


def measures(desk, **instead):
    """The measure of each asset, by the order of sections; `instead` names measures that are replaced."""
    return {row[0]: instead.get(row[-1], row[-1]) for row in desk.facts["seizure"]["assets"]}


def pending_returned(desk):
    """A claim that is only pending taken for one that was allowed."""
    return {row[0]: "return" if row[5] != "none" else row[-1] for row in desk.facts["seizure"]["assets"]}


def held(desk, *, claim, sale=True):
    """The measure by who holds the keys alone, without looking at claims or at an approved sale."""
    by_keys = {"Asset Office": "seize", "the exchange": "restrain", "nobody known": "freeze"}
    return {
        row[0]: row[-1] if (row[-1] == "return" and claim) or (row[-1] == "convert" and sale) else by_keys[row[3]]
        for row in desk.facts["seizure"]["assets"]
    }


# 5.2


def elements(desk, **instead):
    """The element of each exhibit; `instead` names elements that are replaced."""
    return {name: instead.get(kind, kind) for name, kind in desk.facts["court_table"]["elements"].items()}


def by_topic(desk):
    """What each exhibit speaks of, without a look at authority and custody."""
    rows = desk.exhibit("E46a")
    topic = {
        "a sale or a delivery": "act",
        "who used a device, a key or an account": "identity",
        "what the person knew of the goods or of the money": "knowledge",
        "coins paid for goods, and what became of them": "proceeds",
        "an opinion or a rumour": "not shown",
    }
    return {row.item: topic[row.speaks_of] for row in rows.itertuples()}


def wrong_paragraphs(desk, *, only=None):
    """The wrong paragraphs and what is wrong with them; `only` those with the given kinds."""
    return {
        int(number): kind
        for number, kind in desk.facts["opposing_report"]["wrong"].items()
        if only is None or kind in only
    }


ON_THE_LEDGER = ("received", "fee", "time", "unconfirmed")
ON_METHODS = ("co-spend", "pooled wallet", "tracing rule", "training rate", "base rate", "privacy")


def duties(desk, **instead):
    return {name: instead.get(duty, duty) for name, duty in desk.facts["court_table"]["duties"].items()}


# 5.3


def channels(desk, **instead):
    return {name: instead.get(one, one) for name, one in desk.facts["cooperation"]["channels"].items()}


def right_request(desk):
    return expected_facts(desk.facts["cooperation"]["request"])


def overlap(desk):
    return set(desk.facts["cooperation"]["overlap"])


def own_list(desk):
    return set(desk.exhibit("E48a")["address"])


# 5.4


def exam(name):
    return fact("examination", name)


def device_total(name):
    return lambda desk: desk.facts["seizure"]["wrong_totals"][name]


def at_tip(desk):
    return total_received(desk.ledger, desk.facts["examination"]["listed"])


def paid_and_fee(desk):
    return desk.facts["examination"]["paid"] + desk.facts["examination"]["fee"]


SENTENCES = {
    "consistent": "The words on E07a open a wallet whose coins are listed in the report; who used it is for other "
    "records to show.",
    "suspect": "The words were found at the suspect's home, so the suspect controls every coin of the wallet.",
    "owner": "The receipt bears the co-owner's name, so the co-owner laundered the money.",
    "empty": "The second wallet of the note holds nothing, so nothing was hidden.",
}


# Title, answers, the right letter, and what each wrong letter misses.
QUIZ = [
    (
        "An empty wallet of a seized phrase shows",
        {
            "A": "that its owner had no coins.",
            "B": "that these addresses hold nothing now.",
            "C": "that the phrase was never used.",
        },
        "B",
        {
            "A": "These addresses hold nothing now. What about a passphrase, another path, another wallet?",
            "C": "A wallet may be emptied: the history tells, not the balance.",
        },
    ),
    (
        "Before a payment is signed,",
        {
            "A": "the device is fully charged.",
            "B": "the press is told.",
            "C": "the order is on the table, by its number.",
        },
        "C",
        {"A": "A device can wait. What makes the transfer lawful?", "B": "What makes the transfer lawful?"},
    ),
    (
        "A claim of a co-owner that is pending",
        {"A": "gives the coin back.", "B": "is noted, and changes nothing yet.", "C": "stops every measure."},
        "B",
        {
            "A": "Section 20 asks for a claim that a court has allowed.",
            "C": "Section 20 notes a pending claim; the other sections are asked all the same.",
        },
    ),
    (
        "An exhibit for which no authority is stated",
        {
            "A": "bears on the act all the same.",
            "B": "is deleted.",
            "C": "is first of all a question of admissibility.",
        },
        "C",
        {"A": "What it says comes second. Which gate comes first?", "B": "Nothing is deleted. Which gate comes first?"},
    ),
    (
        "One wallet in 500 has the habit; 41,000 use the market.",
        {
            "A": "About 82 match, nearly all of them others'.",
            "B": "The suspect is the one, with 99.8 per cent.",
            "C": "Nobody else has it.",
        },
        "A",
        {
            "B": "That is the base rate ignored. How many of 41,000 have the habit?",
            "C": "One in 500 of 41,000: count them.",
        },
    ),
    (
        "A chat with a lawyer is found.",
        {
            "A": "Read it quickly, then decide.",
            "B": "Stop at the name, seal it, hand it to the court.",
            "C": "Disclose it to the prosecutor.",
        },
        "B",
        {
            "A": "Whoever has read it cannot unread it. Where does one stop?",
            "C": "It is between suspect and lawyer. Who gets it, unread?",
        },
    ),
    (
        "An officer abroad tells you a name.",
        {
            "A": "It orients you; for court, ask through the treaty.",
            "B": "It may be read out in court.",
            "C": "It must be forgotten.",
        },
        "A",
        {
            "B": "An officer's word comes through a door that carries no evidence.",
            "C": "It may guide your next step. For what may it not be used?",
        },
    ),
    (
        "A list of hashed addresses",
        {
            "A": "can be read by its sender only.",
            "B": "is encrypted, and safe to publish.",
            "C": "can be un-hashed by anybody who has the public ledger.",
        },
        "C",
        {
            "A": "Whoever has the ledger can hash every address and look.",
            "B": "A hash is no encryption: the addresses are public, so each can be tried.",
        },
    ),
]


def quiz(place, title, options, right, wrong):
    """One question of the daily quiz, with a sentence for each wrong letter."""
    return quiz_question(
        f"5.3q{place}",
        ABROAD,
        title=f"Quiz {place}: {title}",
        options=options,
        right=right,
        wrong=wrong,
        objective="Look back on day 5",
        look="5.3, section 'Quiz of day 5 (no points)'",
    )


POST_TEST = "post_test"


def posttest(letter, title, options, right, objective):
    """One question of the test after the course, as hard as its twin of lesson 0.4."""
    return quiz_question(
        f"5.5{letter}",
        POST_TEST,
        title=f"After the course: {title}",
        options=options | {"X": "I do not know"},
        right=right,
        wrong={"X": "That is honest. The lesson named below the test has it."},
        objective=objective,
        look="0.4, section 'Test before the course'",
    )


SEIZE = "Plan and check a lawful seizure"
TEST = "Test each claim against the elements of the offence"
CHANNEL = "Choose the channel for a need and make the request"

QUESTIONS = [
    Question(
        id="5.1a",
        notebook=KEYS,
        title="What the papers open",
        type="mapping",
        items={"key": "text", "value": "int"},
        points=4,
        unit="satoshi",
        weight=2,
        objective="Find what a wallet controls, by history and with a gap limit",
        look="5.1, section 'History, not balance'",
        truth=wallets,
        mistakes=[
            Mistake(
                "M35",
                lambda desk: wallets(desk, E07d=0),
                "For the note you wrote 0. A passphrase always opens another, valid wallet: what can be said of it?",
            ),
            Mistake(
                "change forgotten",
                less_far("without change"),
                "The total of E07a lacks what came back as change. Which chain of the wallet was not walked?",
            ),
            Mistake(
                "stopped at the first gap",
                less_far("end at the first gap"),
                "The walk ended at the first address that was never paid. After how long a gap may one stop?",
            ),
            Mistake(
                "gap limit 1",
                less_far("gap limit 1"),
                "Both chains were walked, but the walk stopped at the first unused address. Which gap does BIP44 use?",
            ),
            Mistake(
                "M07",
                less_far("received"),
                "This is all that ever came in. What was spent again is not there any more.",
            ),
            Mistake(
                "M34",
                lambda desk: wallets(desk, E07a=0, E07d=0),
                "The device lies in a safe, but coins do not lie in a device. Mend the word, then ask the ledger.",
            ),
        ],
        hints=[
            "Three papers, three answers: one wallet was used, one never, and of one nothing can be known.",
            "repair_phrase(words) gives the words without the slip. discover_wallet(ledger, words) walks all chains.",
            "discover_wallet(ledger, phrase)['balance'].sum() is the total; for the note write None.",
        ],
    ),
    Question(
        id="5.1b",
        notebook=KEYS,
        title="Six drafts: which one may be signed?",
        type="mapping",
        items={"key": "text", "value": "choice"},
        options={
            "sign": "in order",
            "destination": "an output goes elsewhere than the order says",
            "missing input": "a coin under the order is left behind",
            "fee": "the fee is absurd",
            "no order": "no order is quoted",
        },
        points=4,
        weight=2,
        objective=SEIZE,
        look="5.1, section 'Guided: read a payment before it is signed'",
        truth=drafts,
        mistakes=[
            Mistake(
                "the order not asked for",
                lambda desk: drafts(desk, blind_to=("no order",)),
                "One draft quotes no order and you would sign it. Compare the column order_id with E45b.",
            ),
            Mistake(
                "a coin left behind",
                lambda desk: drafts(desk, blind_to=("missing input",)),
                "One draft leaves a coin in the wallet. Hold the inputs of each draft against your own list of coins.",
            ),
            Mistake(
                "the fee not read",
                lambda desk: drafts(desk, blind_to=("fee",)),
                "One draft gives a large part to the miners. Look at the last row of each table.",
            ),
            Mistake(
                "outputs not compared",
                lambda desk: drafts(desk, blind_to=("destination",)),
                "Two drafts pay somebody else. Compare every output with the address in the order, sign by sign.",
            ),
        ],
        hints=[
            "Each draft has one fault at most. Four things decide: order, outputs, inputs, fee.",
            "psbt_table(read_psbt(text)) shows one draft. The order names the address; your 5.1a found the coins.",
            "psbt_faults(text, order_id=..., destination=agency, coins=covered) names the kind of every fault.",
        ],
    ),
    Question(
        id="5.1c",
        notebook=KEYS,
        title="Which measure for which asset?",
        type="mapping",
        items={"key": "text", "value": "choice"},
        options={
            "return": "s. 20: a court found that it belongs to somebody else",
            "convert": "s. 21: a court approved the sale",
            "seize": "s. 22: the Asset Office holds the keys",
            "restrain": "s. 23: somebody holds the keys for a customer",
            "freeze": "s. 24: the issuer can stop the token",
        },
        points=4,
        objective="Choose restrain, freeze, seize, convert or return by a written rule",
        look="5.1, section 'Guided: five measures and their order'",
        truth=measures,
        mistakes=[
            Mistake(
                "a pending claim taken for an allowed one",
                pending_returned,
                "Something would be given away before the court has decided. Which word in the column claim matters?",
            ),
            Mistake(
                "keys only",
                lambda desk: held(desk, claim=False, sale=False),
                "You looked only at who holds the keys. Sections 20 and 21 are asked first.",
            ),
            Mistake(
                "the claim not read",
                lambda desk: held(desk, claim=False),
                "One asset belongs to somebody who did nothing wrong, and a court said so. Look at the column claim.",
            ),
            Mistake(
                "the approved sale not read",
                lambda desk: held(desk, claim=True, sale=False),
                "A court has approved a sale. Which section comes before seizure?",
            ),
        ],
        hints=[
            "Ask the sections in their order: 20, 21, 22, 23, 24. The first that fits is the answer.",
            "Column claim decides section 20 ('allowed'), sale_approved section 21, keys_with sections 22 and 23.",
            "Write one word for each asset: N1 to N7.",
        ],
    ),
    Question(
        id="5.1d",
        notebook=KEYS,
        title="Stretch: the first address of the agency's lock",
        type="address",
        points=0,
        objective="Write a descriptor of two out of three keys",
        look="5.1, section 'Learn: two out of three'",
        truth=fact("seizure", "agency_address"),
        hints=[
            "public_key(words) gives the key of one holder; the words of the three stand in E45d.",
            "multisig_descriptor([...]) joins three keys, descriptor_address(line) gives the first address.",
        ],
    ),
    Question(
        id="5.1e",
        notebook=KEYS,
        title="Stretch: what comes before what",
        type="set",
        items="text",
        points=0,
        objective="Put the steps of a seizure in order",
        look="5.1, section 'Guided: read a payment before it is signed'",
        truth=lambda desk: {"authority<transfer", "isolate<search", "test<sweep", "record<seal"},
        mistakes=[
            Mistake(
                "M37",
                lambda desk: {"transfer<authority", "isolate<search", "test<sweep", "record<seal"},
                "Coins would move before the order is there. What must lie on the table first?",
            ),
        ],
        hints=[
            "Four pairs of two steps; write the earlier one first, as in 'record<seal'.",
            "Nothing moves before ...",
        ],
    ),
    Question(
        id="5.1f",
        notebook=KEYS,
        title="Stretch: what was it worth on the day of the measure?",
        type="decimal",
        places=2,
        points=0,
        unit="ARV",
        objective="Value an asset on the day of the measure",
        look="5.1, section 'Guided: five measures and their order'",
        truth=worth_on(SEARCH),
        mistakes=[
            Mistake("M09", worth_on(None), "This is the price of the last day. Section 26 names another day."),
            Mistake(
                "M07",
                worth_on(SEARCH, "received"),
                "This is the value of all that ever came in. What was there on that day?",
            ),
        ],
        hints=["The satoshi of 5.1a, and the price of one day.", "worth(satoshi, price_on(prices, day))"],
    ),
    Question(
        id="5.1g",
        notebook=KEYS,
        title="Stretch: sign the move, and let Core judge",
        type="mapping",
        items={"key": "text", "value": "choice"},
        options={"accepted": "every rule of consensus is kept", "refused": "by consensus, or before it is sent"},
        points=0,
        objective=SEIZE,
        look="5.1, section 'Guided: read a payment before it is signed'",
        truth=lambda desk: {"A": "accepted", "B": "refused", "C": "refused", "D": "accepted"},
        mistakes=[
            Mistake(
                "changed after signing",
                lambda desk: {"A": "accepted", "B": "accepted", "C": "refused", "D": "accepted"},
                "A signature fits one transaction only. What do the words say when an amount is changed afterwards?",
            ),
            Mistake(
                "M36",
                lambda desk: {"A": "accepted", "B": "refused", "C": "accepted", "D": "accepted"},
                "The lock asks for two holders out of three. How many signed in C?",
            ),
        ],
        hints=[
            "Make each move with rehearse_move and print its .words.",
            "For C give one holder's words in the list, for D two.",
        ],
    ),
    Question(
        id="5.2a",
        notebook=COURT,
        title="Eight exhibits, five elements",
        type="mapping",
        items={"key": "text", "value": "choice"},
        options={
            "act": "property was acquired, held, converted or moved",
            "identity": "it was the person charged",
            "knowledge": "the person knew where it came from",
            "proceeds": "it does come from a drug offence",
            "admissibility": "first of all a question whether it may be used",
            "not shown": "it bears on none of them",
        },
        points=4,
        weight=2,
        objective=TEST,
        look="5.2, section 'Guided: which element does it bear on?'",
        truth=elements,
        mistakes=[
            Mistake(
                "authority and custody not read",
                by_topic,
                "Two exhibits have a hole before anybody reads them. Look at the columns authority and custody.",
            ),
            Mistake(
                "a label or a rumour taken for proof",
                lambda desk: elements(desk, **{"not shown": "identity"}),
                "A label without a source and a press article name nobody that a court can rely on.",
            ),
            Mistake(
                "M33",
                lambda desk: elements(desk, proceeds="identity"),
                "Coins that moved show where money went, not who the person is.",
            ),
        ],
        hints=[
            "Read the columns from the right: custody, authority, then what it speaks of.",
            "'none stated' or a broken seal is a question of admissibility, whatever the paper says.",
            "Then the column speaks_of gives the element, in the words of the table above.",
        ],
    ),
    Question(
        id="5.2b",
        notebook=COURT,
        title="Six errors of the opposing report",
        type="mapping",
        items={"key": "int", "value": "choice"},
        options={
            "received": "a balance given as money received",
            "fee": "the fee counted as payment",
            "time": "local time given as UTC",
            "unconfirmed": "a replaced transaction counted",
            "co-spend": "all inputs taken for one person's",
            "pooled wallet": "a trail through a market's wallet",
            "tracing rule": "another rule than the statute's",
            "training rate": "a training error rate quoted for this case",
            "base rate": "every match is guilty",
            "privacy": "a privacy tool taken for a crime",
        },
        points=5,
        objective="Find the errors of an opposing report, on the ledger and in its methods",
        look="5.2, section 'Guided: a paragraph under test'",
        truth=wrong_paragraphs,
        mistakes=[
            Mistake(
                "numbers not checked",
                lambda desk: wrong_paragraphs(desk, only=ON_METHODS),
                "What you found sounds wrong. Three more paragraphs sound right and are not: check their numbers.",
            ),
            Mistake(
                "only numbers checked",
                lambda desk: wrong_paragraphs(desk, only=ON_THE_LEDGER),
                "The numbers are checked. Three more paragraphs err in their method: read them with the cards.",
            ),
        ],
        hints=[
            "Six of fourteen are wrong: three in a number or time, three in a method. Some that hurt you are right.",
            "total_received, fee, the block's time and ledger.transaction test the numbers; the cards the methods.",
            "Write {3: 'fee', 7: 'base rate'}: the number of the paragraph, and the word for the error.",
        ],
    ),
    Question(
        id="5.2c",
        notebook=COURT,
        title="The pile: disclose, seal or list",
        type="mapping",
        items={"key": "text", "value": "choice"},
        options={
            "disclose": "it may weaken the case or help the suspect: at once",
            "seal": "a talk with a lawyer: unread, to the court",
            "list": "it goes on the schedule of what is there",
        },
        points=4,
        weight=2,
        objective="Disclose what helps the other side, and seal what is privileged",
        look="5.2, section 'Learn: what must be shown, and what must not be read'",
        truth=duties,
        mistakes=[
            Mistake(
                "the privileged chat read",
                lambda desk: duties(desk, seal="disclose"),
                "A talk between suspect and lawyer is not yours to read or to give out. Who gets it, and how?",
            ),
            Mistake(
                "what helps him only listed",
                lambda desk: duties(desk, disclose="list"),
                "Two things speak for the suspect and only stand on a list. What does section 40 say?",
            ),
            Mistake(
                "the lawyer's chat listed",
                lambda desk: duties(desk, seal="list"),
                "One row is a talk with a lawyer. Look at the column between.",
            ),
        ],
        hints=[
            "Ask of each row: would the other side want this? And: is a lawyer one of the two who talk?",
            "Two rows offer another explanation for what the case says. One row must stay unread.",
            "Write one word for each row, D1 to D8.",
        ],
    ),
    Question(
        id="5.2d",
        notebook=COURT,
        title="Stretch: how many wallets match?",
        type="int",
        points=0,
        unit="wallets",
        objective="State a base rate",
        look="5.2, section 'Learn: every match is guilty?'",
        truth=fact("opposing_report", "matching"),
        mistakes=[
            Mistake("M48", lambda desk: 1, "One in 500 is the rate of the match, not the number of those who match."),
            Mistake(
                "one left out",
                lambda desk: desk.facts["opposing_report"]["matching"] - 1,
                "These are the others. Count his too.",
            ),
        ],
        hints=["Multiply the share by the crowd.", "41,000 wallets, one in 500 of them."],
    ),
    Question(
        id="5.2",
        notebook=COURT,
        title="Answer the opposing expert",
        type="written",
        points=4,
        objective="Explain an error of a report to a judge without over-claiming",
        look="5.2, section 'Guided: a paragraph under test'",
        rubric="day5",
        hints=[
            "Name the paragraph, the rule or number, your own number, and what you still do not claim.",
            "80 words.",
        ],
    ),
    Question(
        id="5.3a",
        notebook=ABROAD,
        title="Seven needs, seven channels",
        type="mapping",
        items={"key": "text", "value": "choice"},
        options={
            "police": "officer to officer, for orientation",
            "FIU": "unit to unit, for intelligence",
            "asset recovery": "office to office, to find property",
            "24/7": "point of contact, to preserve at once",
            "precursor incident": "notice to other authorities on a chemical",
            "direct to exchange": "a letter or order to a company here",
            "mutual legal assistance": "central authorities, for evidence",
        },
        points=5,
        weight=2,
        objective=CHANNEL,
        look="5.3, section 'Guided: which door for which need?'",
        truth=channels,
        mistakes=[
            Mistake(
                "M40",
                lambda desk: channels(desk, **{"mutual legal assistance": "police"}),
                "What an officer tells an officer is not evidence. Which need must stand in court?",
            ),
            Mistake(
                "treaty for everything",
                lambda desk: dict.fromkeys(channels(desk), "mutual legal assistance"),
                "Everything by mutual legal assistance takes months. Most needs have a faster door.",
            ),
            Mistake(
                "the clock not heard",
                lambda desk: channels(desk, **{"24/7": "mutual legal assistance"}),
                "Data that will be gone in two days cannot wait for a treaty. Which door is open at night?",
            ),
            Mistake(
                "police for intelligence",
                lambda desk: channels(desk, FIU="police"),
                "Reports of suspicion lie with another office than the police.",
            ),
        ],
        hints=[
            "Ask: evidence or orientation? property? a chemical? a company here? a clock that runs?",
            "The matrix E21d has one row for each channel; its last column says what it is for.",
            "Each channel is used once.",
        ],
    ),
    Question(
        id="5.3b",
        notebook=ABROAD,
        title="A request that is not sent back",
        type="artefact",
        schema=REQUEST_SCHEMA,
        facts=request_facts,
        points=6,
        objective=CHANNEL,
        look="5.3, section 'Learn: what a request must hold'",
        truth=right_request,
        hints=[
            "Your role sheet E47a holds the payment, the order and the reference. The matrix E21d holds the basis.",
            "check_request(answer_5_3b) says what is missing. SELMORA acts on one treaty article only.",
            "kind 'mutual legal assistance', to the central authority of SELMORA, time as in the block, UTC.",
        ],
    ),
    Question(
        id="5.3c",
        notebook=ABROAD,
        title="What both agencies have",
        type="set",
        items="address",
        points=4,
        weight=2,
        objective="Compare address lists of two agencies without sharing more than needed",
        look="5.3, section 'Learn: hashing public addresses hides nothing'",
        truth=overlap,
        mistakes=[
            Mistake(
                "M42",
                lambda desk: set(desk.facts["cooperation"]["theirs"]),
                "This is all of SELMORA's list, un-hashed. The question asks only for what both have.",
            ),
            Mistake(
                "own list",
                own_list,
                "This is your own list. Which of its addresses have a hash in E48b?",
            ),
        ],
        hints=[
            "Hash each address of your own list and look whether the hash stands in E48b.",
            "same_hash(address) gives the hash. A set of the own addresses whose hash is in theirs is the answer.",
            "{address for address in ours if same_hash(address) in theirs}",
        ],
    ),
    Question(
        id="5.3d",
        notebook=ABROAD,
        title="Stretch: which tag may be relied on?",
        type="mapping",
        items={"key": "text", "value": "choice"},
        options={"ours": "ARVANIA's tag", "theirs": "SELMORA's tag", "neither": "no tag has a record"},
        points=0,
        objective="Say which of two tags may be relied on, or neither",
        look="5.3, section 'Learn: hashing public addresses hides nothing'",
        truth=lambda desk: {"T1": "ours", "T2": "neither", "T3": "theirs"},
        mistakes=[
            Mistake(
                "M18",
                lambda desk: {"T1": "ours", "T2": "theirs", "T3": "theirs"},
                "A report that quotes a tool has the tool as its source. How many records stand behind T2?",
            ),
            Mistake(
                "own tags trusted",
                lambda desk: dict.fromkeys(("T1", "T2", "T3"), "ours"),
                "A tag is not better because it is yours. Which source is a record?",
            ),
        ],
        hints=["Ask of each tag: is its source a record?", "Where none of the two has a record, rely on neither."],
    ),
    *(quiz(place, *item) for place, item in enumerate(QUIZ, start=1)),
    Question(
        id="5.4a",
        notebook=EXAM,
        title="Received up to the interim report",
        type="int",
        points=10,
        unit="satoshi",
        exam=True,
        objective="Give an amount at a block height",
        look="2.2, section 'Balance: received minus spent'",
        truth=exam("received"),
        mistakes=[
            Mistake("M07", exam("balance"), "This is what was left. The question asks for what came in."),
            Mistake("the wrong block", at_tip, "This goes to the end of the ledger. The sheet names a height."),
        ],
        hints=["An address, a height, one sum.", "total_received(ledger, address, height=...)"],
    ),
    Question(
        id="5.4b",
        notebook=EXAM,
        title="The fee of the test purchase",
        type="int",
        points=10,
        unit="satoshi",
        exam=True,
        objective="Compute the fee of a transaction in satoshi",
        look="2.1, section 'The fee is what is missing'",
        truth=exam("fee"),
        mistakes=[
            Mistake(
                "M12", exam("first_fee"), "This fee was offered first and never paid: that transaction was replaced."
            ),
            Mistake("M08", paid_and_fee, "This is payment and fee together."),
        ],
        hints=["Inputs minus outputs.", "Take the transaction that stands in a block."],
    ),
    Question(
        id="5.4c",
        notebook=EXAM,
        title="Where the payment landed",
        type="outpoint",
        points=10,
        exam=True,
        objective="Name the output that is a payment",
        look="2.1, section 'Which output is the payment?'",
        truth=exam("payment"),
        mistakes=[Mistake("the change", exam("change"), "This output came back to the officer.")],
        hints=["Which output pays the listed address?", "Write txid:number."],
    ),
    Question(
        id="5.4d",
        notebook=EXAM,
        title="The value of the test purchase",
        type="decimal",
        places=2,
        points=12,
        unit="ARV",
        exam=True,
        objective="Value payments in local money under a written rule",
        look="2.2, section 'Guided: which day, which price?'",
        truth=fact("examination", "value", "block"),
        mistakes=[
            Mistake("M09", fact("examination", "value", "late"), "This is the price of a late day."),
            Mistake("the day before", fact("examination", "value", "before"), "This is the day before the block."),
        ],
        hints=["The UTC day of the block, and its price.", "worth(satoshi, price_on(prices, day))"],
    ),
    Question(
        id="5.4e",
        notebook=EXAM,
        title="What the device holds",
        type="int",
        points=14,
        unit="satoshi",
        exam=True,
        objective="Find what a wallet controls, by history and with a gap limit",
        look="5.1, section 'History, not balance'",
        truth=fact("seizure", "balance"),
        mistakes=[
            Mistake("change forgotten", device_total("without change"), "Change chain not walked."),
            Mistake("stopped at the first gap", device_total("end at the first gap"), "The walk ended too early."),
            Mistake("M07", device_total("received"), "This is all that ever came in."),
        ],
        hints=["Mend the word, walk the wallet.", "Both chains, gap limit 20."],
    ),
    Question(
        id="5.4f",
        notebook=EXAM,
        title="What the second wallet of the note holds",
        type="int",
        points=10,
        unit="satoshi",
        exam=True,
        objective="Say what cannot be told",
        look="5.1, section 'Learn: a phrase, a passphrase, and what cannot be told'",
        truth=lambda desk: None,
        mistakes=[Mistake("M35", lambda desk: 0, "An unknown passphrase opens an unknown wallet.")],
        hints=["What would you need to know?", "None is an answer."],
    ),
    Question(
        id="5.4g",
        notebook=EXAM,
        title="The coin that clears somebody",
        type="outpoint",
        points=12,
        exam=True,
        objective="Find what clears a person",
        look="5.1, section 'Guided: five measures and their order'",
        truth=exam("saved"),
        mistakes=[
            Mistake("the largest other coin", exam("largest_other"), "Large, but not paid by the co-owner."),
        ],
        hints=["Look at each coin of the device from behind.", "Its inputs name the transactions they come from."],
    ),
    Question(
        id="5.4h",
        notebook=EXAM,
        title="The sentence for the court",
        type="choice",
        points=10,
        exam=True,
        objective="Claim no more than the support carries",
        look="5.2, section 'Guided: a paragraph under test'",
        options=SENTENCES,
        truth=lambda desk: "consistent",
        mistakes=[
            Mistake(
                "M06", lambda desk: "suspect", "A place where words lay is not a hand that used them.", accuses=True
            ),
            Mistake("M33", lambda desk: "owner", "A receipt is no offence.", accuses=True),
            Mistake("M35", lambda desk: "empty", "Nobody can see what an unknown passphrase opens."),
        ],
        hints=["Which sentence would survive every question?", "Who used the wallet is another question."],
    ),
    Question(
        id="5.4i",
        notebook=EXAM,
        title="The request to KESTREL",
        type="artefact",
        schema=REQUEST_SCHEMA,
        facts=request_facts,
        points=12,
        exam=True,
        objective=CHANNEL,
        look="5.3, section 'Learn: what a request must hold'",
        truth=right_request,
        hints=["As in 5.3, with the numbers of this case.", "check_request says what is missing."],
    ),
    posttest(
        "a",
        "a name under an offer, in two markets",
        {"A": "the same person, twice", "B": "a lead: names can be copied", "C": "two persons, certainly"},
        "B",
        "Tell a handle from a person",
    ),
    posttest(
        "b",
        "a notice with a valid signature of a known key",
        {
            "A": "whoever holds that key signed it",
            "B": "the name under it is genuine",
            "C": "nothing: signatures can be copied",
        },
        "A",
        "Tell a copied key from a signature",
    ),
    posttest(
        "c",
        "three hundred feedbacks on an offer",
        {
            "A": "three hundred sales",
            "B": "three hundred buyers",
            "C": "at best a lower bound of sales, once doubles are out",
        },
        "C",
        "Say what feedback shows",
    ),
    posttest(
        "d",
        "the key of an address was copied",
        {"A": "only the first holder can spend", "B": "the address is blocked", "C": "whoever has the key can spend"},
        "C",
        "Say what an address is",
    ),
    posttest(
        "e",
        "one input of 8, outputs of 7.5 and 0.4",
        {
            "A": "it depends: look for signs, or leave it open",
            "B": "the larger one is change, always",
            "C": "the smaller one is change, always",
        },
        "A",
        "Explain change",
    ),
    posttest(
        "f",
        "an address received 9 and holds 2",
        {"A": "9 were earned", "B": "7 have gone out, whatever for", "C": "2 were earned"},
        "B",
        "Tell a balance from money received",
    ),
    posttest(
        "g",
        "forty addresses joined by one rule",
        {"A": "nothing at all", "B": "forty wallets of one person", "C": "a lead, with a rate of error"},
        "C",
        "Judge co-spending",
    ),
    posttest(
        "h",
        "a coin reaches a market's pooled wallet",
        {"A": "ask for the market's records", "B": "follow it out again on the ledger", "C": "the buyer is the vendor"},
        "A",
        "Say where a trail breaks",
    ),
    posttest(
        "i",
        "a coin left a round of ten equal outputs",
        {
            "A": "it is the first output",
            "B": "without more evidence it cannot be told which",
            "C": "its owner is a criminal",
        },
        "B",
        "Say what a CoinJoin is",
    ),
    posttest(
        "j",
        "a token's name is that of a well-known one",
        {"A": "it is that one", "B": "it is worthless, certainly", "C": "compare the contract's address"},
        "C",
        "Tell tokens apart",
    ),
    posttest(
        "k",
        "the device of a suspect is destroyed",
        {
            "A": "whoever has the words still has the coins",
            "B": "the coins are gone",
            "C": "the coins move to the issuer",
        },
        "A",
        "Say what a seizure must secure",
    ),
    posttest(
        "l",
        "logs abroad will be deleted tonight",
        {
            "A": "write a treaty request and wait",
            "B": "ask the 24/7 contact to preserve, then ask formally",
            "C": "ask the suspect",
        },
        "B",
        "Choose a channel",
    ),
]
