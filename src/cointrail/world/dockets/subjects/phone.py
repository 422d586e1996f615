"""The seized phone (lesson 2.3): notes with addresses, messages about payments, and who held it when.

The notes hold valid addresses, two with a slip, one made to look like another, one of the account chain in its safe
form, a txid and a wallet's fingerprint. Of the messages about payments some fit one transaction and some fit several.
"""

from datetime import timedelta

import pandas as pd

from cointrail.errors import CointrailError
from cointrail.tracing import find_addresses, match_messages, message_candidates, repair_candidates, show_address
from cointrail.tracing.stated import stated_messages
from cointrail.world.dockets import cast
from cointrail.world.dockets.look_alike import look_alike
from cointrail.world.dockets.paper import Subject
from cointrail.world.dockets.source import Source
from cointrail.world.dockets.subjects import phone_papers as papers
from cointrail.world.dockets.subjects.phone_messages import choose_messages
from cointrail.world.streams import Stream

__all__ = ["WINDOW", "holder_at", "make"]

# How long before and after a message the block of its payment may lie.
WINDOW = {"before": timedelta(hours=2), "after": timedelta(hours=24)}
CHARSET = "qpzry9x8gf2tvdw0s3jn54khce6mua7l"

# The phone's life, UTC: bought by an earlier owner, wiped and sold; only later did somebody enrol a finger.
PHONE_LIFE = {
    "sold": "2025-11-03T09:20:00Z",
    "wiped": "2026-03-04T17:45:00Z",
    "set up": "2026-03-09T05:10:00Z",
    "lock": "2026-03-11T21:00:00Z",
    "seized": f"{cast.SEARCH}T01:00:00Z",
}
# Photos as local time (UTC+7): one before the wipe, one in between whose local time looks later than the lock, two
# after.
PHOTOS = {
    "P1": "2026-02-20T13:05:11",
    "P2": "2026-03-12T02:31:40",
    "P3": "2026-03-12T09:48:02",
    "P4": "2026-08-02T18:22:37",
}


def make(source: Source) -> Subject:
    """Papers E05a-E05f, E06b-E06e, and the facts of lesson 2.3."""
    own = source.addresses(source.vendor["vendor"], "daily", "second")
    notes = _notes(source, own)
    messages = choose_messages(source, own, WINDOW)
    holders = {photo: holder_at(_utc(local)) for photo, local in PHOTOS.items()}
    made = [
        papers.chat_paper(source, messages),
        papers.notes_paper(source, notes),
        papers.contacts_paper(source),
        papers.photos_paper(source, PHOTOS),
        papers.apps_paper(source),
        papers.device_paper(source, PHONE_LIFE),
        *papers.laptop_papers(source, own, notes),
    ]
    facts = {key: value for key, value in notes.items() if key != "text"} | _match_facts(source, own, messages)
    _prove(source, made[1].data.decode(), facts)
    return Subject(made, facts | {"holders": holders, "own": own})


def holder_at(time: str) -> str:
    """S the suspect, E the earlier owner, N not shown: a lock or a sale names somebody, a switched-on phone nobody."""
    if time < PHONE_LIFE["wiped"]:
        return "E"
    return "S" if time >= PHONE_LIFE["lock"] else "N"


def _utc(local: str) -> str:
    return f"{pd.Timestamp(local) - pd.Timedelta(hours=cast.OFFSET_HOURS[cast.HOME_STATE]):%Y-%m-%dT%H:%M:%SZ}"


def _notes(source: Source, own: list[str]) -> dict:
    stream, listed = source.stream("phone notes"), source.vendor["listed_address"]
    seen = set(source.ledger.outputs["addresses"].map(lambda held: held[0] if len(held) == 1 else None).dropna())
    second = [one for one in source.addresses(source.vendor["vendor"], "second") if one in seen and len(one) == 44]
    real, meant, broken = stream.shuffled([one for one in second if one != listed])[:3]
    paid = _paid(source, own, stream)
    base58 = next(one for one in paid if not one.startswith("bcrt1"))
    bech32 = next(one for one in paid if one.startswith("bcrt1"))
    phrases = source.of("phrases")
    account = source.truth("accounts")
    mine = account[(account["entity"] == source.vendor["vendor"]) & (account["role"] == "main")]
    return {
        "listed": listed,
        "real": real,
        "look_alike": look_alike(real, stream),
        "paid": [base58, bech32],
        "typo": _slip(meant, stream),
        "meant": meant,
        "beyond_repair": _beyond_repair(broken, stream),
        "account": show_address(mine["address"].iloc[0]),
        "txid": stream.choice(source.of("sources")["transaction_hash"].tolist()),
        "fingerprint": phrases[phrases["wallet"] == "second"]["fingerprint"].iloc[0],
    }


def _paid(source: Source, own: list[str], stream: Stream) -> list[str]:
    """Addresses of others: first those that the vendor paid for supplies and hosting, then those of shops."""
    routes, purposes = source.of("routes"), source.truth("transactions")
    near = set(routes["transaction_hash"][routes["route"].isin(["supplies", "hosting"])])
    far = set(purposes["hash"][purposes["purpose"] == "purchase"].iloc[:400])
    others = []
    for txids in (near, far):
        made = source.ledger.outputs[source.ledger.outputs["transaction_hash"].isin(txids)]
        others += stream.shuffled(sorted({held[0] for held in made["addresses"] if len(held) == 1} - set(own)))
    return others


def _slip(address: str, stream: Stream) -> str:
    """One character typed wrongly, after the prefix."""
    place = stream.between(12, len(address) - 8)
    others = [letter for letter in CHARSET if letter != address[place]]
    return address[:place] + stream.choice(others) + address[place + 1 :]


def _beyond_repair(address: str, stream: Stream) -> str:
    """Three slips; now and then two of them undo each other, and then others are made."""
    broken = address
    while repair_candidates(broken):
        broken = _slip(_slip(_slip(address, stream), stream), stream)
    return broken


def _match_facts(source: Source, own: list[str], messages: list[dict]) -> dict:
    """The intended matches, and what each naive reading gives, by the package's own method."""
    listed = pd.DataFrame([row for row in messages if row["stated"]])

    def match(offset: int, fee: str) -> dict:
        asked = stated_messages(listed, utc_offset=offset)
        found = match_messages(source.ledger, asked, addresses=own, fee=fee, **WINDOW)
        return {one.message: one.txid for one in found}

    offset = cast.OFFSET_HOURS[cast.HOME_STATE]
    candidates = message_candidates(
        source.ledger, stated_messages(listed, utc_offset=offset), addresses=own, fee="either", **WINDOW
    )
    first = candidates[candidates["rank"] == 1].set_index("message")["txid"].to_dict()
    intended = {row["message"]: row["txid"] for row in messages if row["stated"]}
    if match(offset, "either") != intended:
        raise CointrailError(f"Docket {source.letter}: the messages do not match as intended.")
    wrong = {"M17": first, "M10": match(0, "either"), "M08": match(offset, "excluded")}
    return {"matches": intended, "mistaken_matches": wrong}


def _prove(source: Source, text: str, facts: dict) -> None:
    """What the checksum says about the notes is what was meant, and the repair leads to one address of the ledger."""
    found = find_addresses(text)
    valid = {one.address for one in found if one.status == "valid"}
    statuses = [one.status for one in found]
    right = {facts["listed"], facts["real"], facts["look_alike"], *facts["paid"]}
    if valid != right or statuses.count("not valid") != 2 or statuses.count("other network") != 1:
        raise CointrailError(f"Docket {source.letter}: the notes do not hold the addresses that were meant.")
    if facts["meant"] not in repair_candidates(facts["typo"]) or repair_candidates(facts["beyond_repair"]):
        raise CointrailError(f"Docket {source.letter}: a slip in the notes cannot be judged as intended.")
    facts["valid"] = sorted(valid)
