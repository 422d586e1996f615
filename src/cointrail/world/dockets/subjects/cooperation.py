"""E47 and E48: four tables of a role play, the needs to send on, what a request must hold, and two agencies' lists.

ARVANIA, SELMORA, PORT TORRIN and KESTREL each hold a sheet of their own: what they know, what they may give, and on
which basis. A need has one right channel by the matrix E21d. SELMORA's list is hashed, which hides nothing: whoever has
the public ledger can hash every address of it.
"""

import hashlib

from cointrail.errors import CointrailError
from cointrail.world.dockets.paper import Subject, csv_paper, paragraph, text_paper

__all__ = ["CHANNELS", "make"]

CHANNELS = {
    "police": "ask an officer there, to orient yourself; nothing of it goes before a court",
    "FIU": "ask the financial intelligence unit; its answer is for intelligence",
    "asset recovery": "ask the asset recovery office to find property",
    "24/7": "ask the point of contact that is awake, to preserve data that will be gone",
    "precursor incident": "notify the incident system for chemicals, so that other authorities are warned",
    "direct to exchange": "write to the company itself, where the law allows it",
    "mutual legal assistance": "a request between central authorities, for evidence in court",
}
# Needs by their channel, two wordings each: {state} is a partner, {place} a place there.
NEEDS = {
    "police": (
        "Is a person of this name known to the police of {state}? To plan the search, not for court.",
        "Does an officer in {state} know this house in {place}? For orientation only.",
    ),
    "FIU": (
        "Did a bank of {state} report this account as suspicious? For our analysis, not for court.",
        "Which reports does the intelligence unit of {state} hold on these payments? As intelligence only.",
    ),
    "asset recovery": (
        "Which houses, cars and accounts does the suspect have in {state}? To know what can be confiscated later.",
        "Where in {state} could property of the suspect lie? To prepare a freezing order.",
    ),
    "24/7": (
        "A host in {place}, {state}, deletes its logs in 48 hours: they must be kept now, to be asked for later.",
        "Tonight a server in {place}, {state}, will be reset: keep its content until a formal request comes.",
    ),
    "precursor incident": (
        "A load of a controlled precursor was stopped on its way to {place}: others must be warned of the route.",
        "False papers for a controlled precursor named a firm in {place}: authorities elsewhere should know at once.",
    ),
    "direct to exchange": (
        "NORTHPIER, which sits in ARVANIA, is to keep the records of an account for 90 days.",
        "NORTHPIER, which sits in ARVANIA, is to name the holder of an account; a production order is there.",
    ),
    "mutual legal assistance": (
        "Certified bank records from {state} are to be read out in court.",
        "A witness in {state} is to be heard under oath, for the trial here.",
    ),
}
PLACES = {"SELMORA": "Varrow Bay", "PORT TORRIN": "Fellmouth"}
SHARED, OURS, THEIRS = 5, 14, 17


def make(source) -> Subject:
    """E47a-d role sheets, E47e needs, E48a and E48b the lists, with channels, request facts and overlap."""
    needs, channels = _needs(source)
    ours, hashed, overlap, theirs = _lists(source)
    facts = {"channels": channels, "overlap": overlap, "theirs": theirs, "request": _request(source)}
    filed = {"acquired": "2026-11-06T09:00:00Z", "authority": "desk for cooperation", "reliability": "A2"}
    papers = [
        *_sheets(source, facts["request"], filed),
        csv_paper("E47e", "needs.csv", ["need", "text"], needs, title="Seven needs", source="Prosecutor", **filed),
        csv_paper(
            "E48a",
            "addresses_arvania.csv",
            ["address"],
            [(address,) for address in ours],
            title="Addresses in the case of ARVANIA",
            source="Joint Analysis Cell",
            **filed,
        ),
        csv_paper(
            "E48b",
            "hashes_selmora.csv",
            ["sha256_of_address"],
            [(digest,) for digest in hashed],
            title="Addresses of a case of SELMORA, as hashes",
            source="Liaison office of SELMORA",
            **filed,
        ),
    ]
    return Subject(papers, facts)


def _needs(source):
    stream = source.stream("cooperation/needs")
    states = list(PLACES)
    rows = []
    for channel in stream.shuffled(list(NEEDS)):
        # PORT TORRIN answers neither on property nor on evidence (E21d).
        state = "SELMORA" if channel in ("asset recovery", "mutual legal assistance") else stream.choice(states)
        text = stream.choice(NEEDS[channel]).format(state=state, place=PLACES[state])
        rows.append((channel, text))
    named = [(f"C{number}", text) for number, (_, text) in enumerate(rows, 1)]
    return named, {f"C{number}": channel for number, (channel, _) in enumerate(rows, 1)}


def _lists(source):
    """Our addresses in clear, theirs as SHA-256; some are on both."""
    stream = source.stream("cooperation/lists")
    mine = source.addresses(source.vendor["vendor"], "daily", "second")
    others = stream.shuffled([a for a in source.addresses("quayside") if a not in mine])
    common = stream.shuffled(mine)[:SHARED]
    ours = stream.shuffled([*common, *stream.shuffled([a for a in mine if a not in common])[: OURS - SHARED]])
    theirs = stream.shuffled([*common, *others[: THEIRS - SHARED]])
    hashed = sorted(hashlib.sha256(address.encode()).hexdigest() for address in theirs)
    return ours, hashed, sorted(common), sorted(theirs)


def _request(source):
    """The payment that the request is about: the largest deposit of the suspect's that KESTREL credited."""
    book = source.truth("custodian_book")
    mine = book[(book["custodian"] == "kestrel") & (book["kind"] == "deposit")]
    mine = mine[mine["transaction_hash"].isin(source.of("routes")["transaction_hash"])]
    if mine.empty:
        raise CointrailError(
            f"The suspect of docket {source.letter} never paid into KESTREL: the request of lesson 5.3 would be about "
            "a stranger's account. Make the world with another seed."
        )
    row = mine.sort_values(["value", "transaction_hash"]).iloc[-1]
    outputs = source.ledger.outputs_of(row["transaction_hash"])
    address = outputs.loc[outputs["index"] == row["index"], "addresses"].iloc[0][0]
    when = source.ledger.transaction(row["transaction_hash"])["block_timestamp"]
    return {
        "address": address,
        "txid": row["transaction_hash"],
        "time": f"{when:%Y-%m-%dT%H:%M:%SZ}",
        "amount": int(row["value"]),
        "order_id": source.cast.order_number("PO", 4),
        "reference": source.cast.case_number,
        "basis": "Treaty of Lowgate, art. 9",
        "to": "KESTREL, by the central authority of SELMORA",
    }


def _sheets(source, request, filed):
    head = "ROLE SHEET, TABLE {}\nKeep it to your table. Say what you are asked, give what your basis allows.\n\n"
    texts = {
        "ARVANIA": (
            f"You lead case {request['reference']}. You want to know whose account this deposit\nreached:\n"
            f"    address {request['address']}\n    txid    {request['txid']}\n    time    {request['time']} (UTC)\n"
            f"    amount  {request['amount']:,} satoshi (SYNBTC)\nYour court made order {request['order_id']}.\n"
            "You need the account holder, log-ins and withdrawals, for the trial. Reply by\n2026-12-15T12:00:00Z.\n"
        ),
        "SELMORA": paragraph(
            "You are the central authority and act on the Treaty of Lowgate, art. 9, on nothing else. Return a request "
            "that lacks: order number, offence, summary, what is asked, purpose, payment with txid and time in UTC, "
            "limits of use. Ask once for more than the treaty needs, and see whether ARVANIA gives it away."
        ),
        "PORT TORRIN": paragraph(
            "You have no treaty with ARVANIA on evidence. You may pass information police to police, and your unit "
            "answers the units of others. You know that the account was opened with a document of your state. Do not "
            "say so before you are asked by the right office."
        ),
        "KESTREL": paragraph(
            "You are the compliance desk of the exchange, seated in SELMORA. You hold account records. You preserve "
            "on a plain letter. You disclose on an order of SELMORA only. A letter without txid, or with local time, "
            "goes back with one sentence that says why."
        ),
    }
    return [
        text_paper(
            f"E47{letter}",
            f"role_{state.lower().replace(' ', '_')}.txt",
            head.format(state) + text.rstrip() + "\n",
            title=f"Role sheet, table {state}",
            source="facilitator",
            **filed,
        )
        for letter, (state, text) in zip("abcd", texts.items(), strict=True)
    ]
