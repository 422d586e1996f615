"""E46: what lies on the prosecutor's table: eight exhibits to hold against the elements, and the pile to disclose.

Which element an exhibit bears on follows from what is written in its row, by the rule of lesson 5.2. Two things of the
pile speak for the suspect, and one is a talk with a lawyer that nobody may read.
"""

from cointrail.world.dockets.cast import CELL, PROSECUTOR
from cointrail.world.dockets.paper import Subject, csv_paper
from cointrail.world.dockets.subjects.phone import PHONE_LIFE

__all__ = ["make"]

# What a row can speak of, and the element of the offence (s. 5 Proceeds Act) that it bears on.
ELEMENTS = {
    "a sale or a delivery": "act",
    "who used a device, a key or an account": "identity",
    "what the person knew of the goods or of the money": "knowledge",
    "coins paid for goods, and what became of them": "proceeds",
    "an opinion or a rumour": "not shown",
}


def make(source) -> Subject:
    """E46a (eight exhibits) and E46b (the pile) with what the rules say."""
    eight, elements = _eight(source)
    pile, duties = _pile(source)
    filed = {"acquired": "2026-11-20T09:00:00Z", "authority": "s. 40 Procedure Act", "reliability": "A2"}
    papers = [
        csv_paper(
            "E46a",
            "eight_exhibits.csv",
            ["item", "what_it_is", "speaks_of", "authority", "custody"],
            eight,
            title="Eight exhibits, for the elements of the offence",
            source=CELL,
            **filed,
        ),
        csv_paper(
            "E46b",
            "disclosure_pile.csv",
            ["item", "what_it_is", "between", "what_it_says"],
            pile,
            title="The pile that is not part of the file yet",
            source=PROSECUTOR,
            **filed,
        ),
    ]
    return Subject(papers, {"elements": elements, "duties": duties})


def _eight(source):
    """Eight rows; one was taken without authority and one was never sealed: first of all they are a question of law."""
    cast, stream = source.cast, source.stream("court/eight")
    act, who, knew, coins, talk = ELEMENTS
    good, phone = cast.order_number("SE", 1), cast.order_number("SE", 2)
    rows = [
        (
            "parcel record: three parcels from the suspect's street, weights as ordered",
            act,
            "customs control",
            "complete",
        ),
        (
            "test purchase: order, payment and parcel received by an officer",
            act,
            cast.order_number("TP", 1),
            "complete",
        ),
        ("phone: unlocked by the suspect's finger at the search, market app signed in", who, phone, "complete"),
        (
            f"card with twelve words, found in the suspect's kitchen; {cast['co_owner'].name} lives there too",
            who,
            good,
            "complete",
        ),
        ("chat: 'if customs opens one, tell them it was tea'", knew, phone, "complete"),
        ("note: 'do not mix this money with the wages'", knew, good, "complete"),
        ("ledger: payments of listed sales, and the coins on the device", coins, "public record", "complete"),
        ("exchange record: deposits of an account and its withdrawals", coins, cast.order_number("PO", 2), "complete"),
        ("press article: 'the man behind the market'", talk, "public record", "complete"),
        ("label of a vendor's tool: 'high risk', no source given", talk, "contract", "complete"),
    ]
    talks = [row for row in rows if row[1] == talk]
    others = stream.shuffled([row for row in rows if row[1] not in (talk, coins)])[:5]
    others[0] = (*others[0][:2], "none stated", "complete")
    others[1] = (*others[1][:3], "no seal for two days")
    money = [row for row in rows if row[1] == coins]
    chosen = stream.shuffled([*others, *money, stream.choice(talks)])
    named = [(f"X{number}", *row) for number, row in enumerate(chosen, 1)]
    return named, {row[0]: _element(row) for row in named}


def _element(row):
    _, _, topic, authority, custody = row
    return "admissibility" if authority == "none stated" or custody != "complete" else ELEMENTS[topic]


def _pile(source):
    """Nine rows; the duty is disclose, seal, or list."""
    cast, stream = source.cast, source.stream("court/pile")
    suspect, lawyer, owner, mate = (cast[role].name for role in ("suspect", "lawyer", "earlier_owner", "co_owner"))
    offices, sold = "second officer, examiner", PHONE_LIFE["wiped"][:10]
    for_him = [
        (f"statement of {owner}", f"{owner}, officer", f"sold the phone on {sold}; used a market app on it until then"),
        (
            f"bank statement of {mate}",
            f"bank, {mate}",
            "salary, and purchases of coins in the own name in May and June",
        ),
    ]
    more = [
        (
            "travel record",
            "ferry line, officer",
            "the suspect was at sea, without network, on a day when the account wrote",
        ),
        ("laboratory note", "laboratory, officer", "the second sample is a lawful chemical, no controlled substance"),
    ]
    known = [
        ("parcel list", "customs, officer", "weights and days, as in the file already"),
        ("photo log", offices, "numbers of the photos of the search"),
        ("tool log", offices, "program versions and hashes"),
        ("rota", offices, "who was on duty"),
        ("invoice for storage boxes", "shop, office", "twelve boxes"),
        ("copy of the listing", "market page, officer", "same page as in the file"),
    ]
    speaking = [stream.choice(for_him), stream.choice(more)]
    sealed = (f"chat with {lawyer}", f"{suspect}, {lawyer} (lawyer)", "not read: stopped at the name")
    rows = [
        *((row, "disclose") for row in speaking),
        (sealed, "seal"),
        *((row, "list") for row in stream.shuffled(known)[:5]),
    ]
    shuffled = stream.shuffled(rows)
    named = [(f"D{number}", *row) for number, (row, _) in enumerate(shuffled, 1)]
    return named, {f"D{number}": duty for number, (_, duty) in enumerate(shuffled, 1)}
