"""E07 and E45: papers with seed words, and what a seizure is planned from: the order, drafts of a payment, the assets.

The phrase on the first paper has one slip of the reading machine. Another paper holds a valid phrase that was never
used, a receipt names a device, and a note hints at a word that would open another wallet of the same phrase: what lies
there cannot be told.
"""

import pandas as pd
from embit import bip39

from cointrail.errors import CointrailError
from cointrail.evidence import (
    descriptor_address,
    discover_wallet,
    make_psbt,
    multisig_descriptor,
    psbt_faults,
    public_key,
    repair_phrase,
    wallet_coins,
    wallet_descriptor,
)
from cointrail.world.dockets.cast import FORENSICS, SEARCH
from cointrail.world.dockets.paper import Paper, Subject, csv_paper, text_paper

__all__ = ["coins_of", "make"]

WARNING = "TRAINING ONLY: never import, never fund. What is written here opens nothing\nthat is worth anything."
# What a reading machine takes one letter for.
SLIPS = {"m": "n", "n": "m", "i": "l", "l": "i", "o": "a", "e": "c", "c": "e", "u": "v", "a": "o", "g": "q", "t": "f"}
TAKEN = f"{SEARCH}T06:40:00Z"


def make(source) -> Subject:
    """Papers E07a-d and E45a-d with their facts."""
    words = _phrase(source, "stash")
    read = _with_a_slip(source, words)
    unused = bip39.mnemonic_from_bytes(source.stream("seizure/unused").bytes()[:16])
    found = discover_wallet(source.ledger, words)
    coins = wallet_coins(source.ledger, found)
    plan = _drafts(source, words, coins)
    facts = {
        "phrase": words,
        "read": read,
        "unused": unused,
        "repairs": len(repair_phrase(read)),
        "addresses": found["address"].tolist(),
        "coins": coins_of(coins),
        "balance": int(coins["value"].sum()),
        "wrong_totals": _wrong_totals(source, found, words),
        **plan,
        "assets": _assets(source, coins),
    }
    return Subject([*_papers(source, read, unused), *_plan_papers(source, facts)], facts)


def coins_of(coins: pd.DataFrame) -> dict[str, int]:
    """outpoint -> satoshi, in the order of the ledger."""
    return {row.outpoint: int(row.value) for row in coins.itertuples()}


def _phrase(source, wallet):
    rows = source.of("phrases")
    return rows.loc[rows["wallet"] == wallet, "words"].iloc[0]


def _with_a_slip(source, words):
    """One letter of one word read wrongly, so that the word is on no list and one slip leads back."""
    listed = words.split()
    places = source.stream("seizure/slip").shuffled(range(len(listed)))
    for place in places:
        for at, letter in enumerate(listed[place]):
            wrong = listed[place][:at] + SLIPS.get(letter, letter) + listed[place][at + 1 :]
            if wrong not in bip39.WORDLIST:
                text = " ".join([*listed[:place], wrong, *listed[place + 1 :]])
                if words in repair_phrase(text):
                    return text
    raise CointrailError(f"No letter of the phrase of docket {source.letter} can be misread: add to SLIPS.")


def _wrong_totals(source, found, words):
    """Totals of those who look less far: no change chain, end at the first unused address, all that ever came in."""
    outside = found[found["path"].str.contains("/0h/0/")]
    run = outside[outside["index"] == list(range(len(outside)))]
    return {
        "without change": int(outside["balance"].sum()),
        "end at the first gap": int(run["balance"].sum()),
        "received": int(found["received"].sum()),
        "gap limit 1": int(discover_wallet(source.ledger, words, gap_limit=1)["balance"].sum()),
    }


def _papers(source, read, unused) -> list[Paper]:
    cast, stream = source.cast, source.stream("seizure/papers")
    searched = f"Search order {cast.order_number('SE', 1)}"
    filed = {"acquired": TAKEN, "authority": searched, "reliability": "B2", "source": FORENSICS}
    listed = "\n".join(f"{place:2}. {word}" for place, word in enumerate(read.split(), 1))
    other = "\n".join(f"{place:2}. {word}" for place, word in enumerate(unused.split(), 1))
    serial = f"SYN-HW-{stream.below(10**6):06d}"
    return [
        text_paper(
            "E07a",
            "paper_one.txt",
            f"{WARNING}\n\nPhoto 14, read by machine: card in the lid of a tea tin. One letter may be\nmisread.\n\n"
            f"{listed}\n",
            title="Card with twelve words, read by machine",
            **filed,
        ),
        text_paper(
            "E07b",
            "paper_two.txt",
            f"{WARNING}\n\nTranscript of photo 15: sheet in a desk drawer, read twice by two officers.\n\n{other}\n",
            title="Sheet with twelve words, read by two officers",
            **filed,
        ),
        text_paper(
            "E07c",
            "receipt.txt",
            f"Receipt, shop 'Larkmoor Electronics', Tollmere, 2026-02-{stream.between(10, 24)}\n"
            f"1 hardware wallet, serial {serial}, paid in cash. Buyer: {cast['co_owner'].name}.\n",
            title="Receipt for a hardware wallet",
            **filed,
        ),
        text_paper(
            "E07d",
            "note.txt",
            "Transcript of photo 16, note on the back of a ferry ticket, same hand as the\ncard:\n\n"
            '    "tin = the everyday one. the quiet one: same twelve, and our word."\n',
            title="Note about a second wallet of the same words",
            **filed,
        ),
    ]


def _drafts(source, words, coins):
    """The agency's lock, and six drafts of the payment: one is in order, the others have one fault each."""
    stream = source.stream("seizure/drafts")
    keys = [bip39.mnemonic_from_bytes(source.stream(f"seizure/agency/{n}").bytes()[:16]) for n in range(3)]
    lock = multisig_descriptor([public_key(phrase) for phrase in keys])
    agency, order = descriptor_address(lock, 0), source.cast.order_number("SE", 3)
    total, listed = int(coins["value"].sum()), coins.to_dict("records")
    fee = 180 * len(listed) + stream.between(100, 400)
    stranger = bip39.mnemonic_from_bytes(source.stream("seizure/stranger").bytes()[:16])
    elsewhere = descriptor_address(wallet_descriptor(stranger), 0)
    back = coins.loc[coins["value"].idxmin(), "address"]
    left = [coin for coin in listed if "/1/*" not in coin["descriptor"]] if _came_back(listed) else listed[:-1]
    kept = sum(coin["value"] for coin in left)
    absurd = total * stream.between(15, 24) // 100
    drafts = {
        "sign": (order, make_psbt(listed, {agency: total - fee})),
        "destination": (order, make_psbt(listed, {elsewhere: total - fee})),
        "missing input": (order, make_psbt(left, {agency: kept - fee})),
        "fee": (order, make_psbt(listed, {agency: total - absurd})),
        "no order": ("to follow", make_psbt(listed, {agency: total - fee - 7})),
    }
    part = total * 3 // 5
    again = ("destination", (order, make_psbt(listed, {agency: part, back: total - part - fee})))
    names = stream.shuffled(["P1", "P2", "P3", "P4", "P5", "P6"])
    made = dict(zip(names, [*drafts.items(), again], strict=True))
    _each_has_its_fault(source, made, agency=agency, order=order, coins=coins_of(coins))
    return {
        "agency_phrases": keys,
        "agency_descriptor": lock,
        "agency_address": agency,
        "order_id": order,
        "drafts": {name: made[name][0] for name in sorted(made)},
        "psbts": {name: made[name][1] for name in sorted(made)},
    }


def _came_back(listed):
    """Some coins, and not all, lie on the change chain: whoever forgets that chain leaves a coin behind."""
    return 0 < sum("/1/*" in coin["descriptor"] for coin in listed) < len(listed)


def _each_has_its_fault(source, made, *, agency, order, coins):
    """Judge the drafts as the lesson's own check does: each has its one fault, and no two of them are the same."""
    for name, (kind, (quoted, psbt)) in made.items():
        found = {one.kind for one in psbt_faults(psbt, order_id=quoted, order=order, destination=agency, coins=coins)}
        meant = {"sign": set(), "no order": {"order"}}.get(kind, {kind})
        if found != meant:
            raise CointrailError(f"Draft {name} of docket {source.letter} is meant as {kind!r}, and shows {found}.")
    if len({psbt for _, (_, psbt) in made.values()}) < len(made):
        raise CointrailError(f"Two drafts of docket {source.letter} are the same payment: make them differ.")


def _plan_papers(source, facts) -> list[Paper]:
    cast = source.cast
    filed = {"acquired": "2026-11-04T09:00:00Z", "authority": f"Seizure order {facts['order_id']}", "reliability": "A1"}
    prepared = source.stream("seizure/clerks").shuffled(["desk 1", "desk 2", "desk 3", "desk 4", "desk 5", "desk 6"])
    rows = [(name, prepared[place], *facts["psbts"][name]) for place, name in enumerate(facts["drafts"])]
    keys = "\n".join(f"    key {n}: {public_key(phrase)}" for n, phrase in enumerate(facts["agency_phrases"], 1))
    order = (
        f"{WARNING}\n\nDISTRICT COURT OF TOLLMERE, ARVANIA\nOrder {facts['order_id']} in case {cast.case_number}\n\n"
        "1. The coins of the wallet whose words stand on exhibit E07a are seized: every\n   unspent output of it.\n"
        f"2. They go to the address of the Asset Office, and to no other:\n    {facts['agency_address']}\n"
        "3. The address is a lock of two out of three keys (first address of its\n   descriptor):\n" + keys + "\n"
        "4. The fee is the usual one: not above 100 satoshi for a virtual byte.\n"
        "5. Nothing is signed before this order is quoted by its number on the draft.\n"
    )
    return [
        csv_paper(
            "E45a",
            "drafts.csv",
            ["draft", "prepared_by", "order_id", "psbt"],
            rows,
            title="Six drafts of the payment to the Asset Office",
            source="Asset Office of Arvania",
            **filed,
        ),
        text_paper("E45b", "order.txt", order, title="Seizure order", source="District Court of Tollmere", **filed),
        csv_paper(
            "E45c",
            "assets.csv",
            ["asset", "what", "amount", "unit", "keys_with", "issuer_can_freeze", "claim", "sale_approved"],
            [(*row[:3], _unit(row), *row[3:-1]) for row in facts["assets"]],
            title="List of assets, with who holds the keys and who claims them",
            source="Asset Office of Arvania",
            **filed,
        ),
        text_paper(
            "E45d",
            "agency_words.txt",
            f"{WARNING}\n\nThe three key holders of the Asset Office, for the rehearsal only:\n\n"
            + "\n".join(f"holder {n}: {phrase}" for n, phrase in enumerate(facts["agency_phrases"], 1))
            + "\n",
            title="Rehearsal words of the three key holders",
            source="Asset Office of Arvania",
            **filed,
        ),
    ]


def _unit(row):
    """Coins count in satoshi, a stablecoin in whole tokens."""
    return "whole tokens" if row[1].startswith("stablecoin") else "satoshi"


def _assets(source, coins):
    """Rows of the list of assets; the last field is the measure that the statute's rule gives."""
    stream, cast = source.stream("seizure/assets"), source.cast
    decision = cast.order_number("CC", stream.between(2, 8))
    sale = cast.order_number("SA", stream.between(2, 8))
    savings = int(source.of("landmarks").query("kind == 'savings of the co-owner'")["value"].iloc[0])
    mule, friend = cast["courier"].name, cast["buyer"].name
    balance = int(coins["value"].sum())
    rows = [
        (
            "coins of E07a, without the co-owner's",
            balance - savings,
            "Asset Office",
            "no",
            "none",
            "no",
            "seize",
        ),
        (
            f"coin of E07a, paid in by {cast['co_owner'].name}",
            savings,
            "Asset Office",
            "no",
            f"allowed ({decision})",
            "no",
            "return",
        ),
        ("account at an exchange", stream.between(200, 900) * 1000, "the exchange", "no", "none", "no", "restrain"),
        ("stablecoin at an address", stream.between(20, 90) * 100, "nobody known", "yes", "none", "no", "freeze"),
        (
            "coins of the laptop",
            stream.between(300, 700) * 1000,
            "Asset Office",
            "no",
            "none",
            f"yes ({sale})",
            "convert",
        ),
        (f"coins that {friend} claims", stream.between(50, 90) * 1000, "Asset Office", "no", "pending", "no", "seize"),
        (
            f"account of {mule} at an exchange",
            stream.between(30, 80) * 1000,
            "the exchange",
            "no",
            "pending",
            "no",
            "restrain",
        ),
    ]
    shuffled = stream.shuffled(rows)
    return [(f"N{number}", *row) for number, row in enumerate(shuffled, 1)]
