"""The papers of `phone`: what the examiner copied from the seized phone (E05) and the laptop (E06)."""

import json

from cointrail.ledger.parquet import BANNER
from cointrail.world.dockets import cast
from cointrail.world.dockets.paper import Paper, csv_paper, text_paper
from cointrail.world.dockets.source import Source
from cointrail.world.dockets.subjects.ledger_papers import laptop

__all__ = [
    "apps_paper",
    "chat_paper",
    "contacts_paper",
    "device_paper",
    "laptop_papers",
    "notes_paper",
    "photos_paper",
]


def _phone(source: Source, title: str, reliability: str = "A2") -> dict:
    return {
        "title": title,
        "source": f"Phone {source.cast.phone_imei}, copied at the search by {cast.FORENSICS}; its clock shows UTC+7",
        "authority": f"Search order {source.cast.order_number('SE', 2)}",
        "reliability": reliability,
        "acquired": cast.COPIED,
        "acquirer": cast.FORENSICS,
    }


def _laptop(source: Source, title: str) -> dict:
    register = _phone(source, title) | {"source": laptop(source)}
    return register | {"authority": f"Search order {source.cast.order_number('SE', 1)}"}


def chat_paper(source: Source, messages: list[dict]) -> Paper:
    """E05a: the chats; the examiner filled the last two columns for messages that state a payment."""
    columns = ["message", "local_time", "chat", "sender", "text", "stated", "direction"]
    rows = [tuple(message[name] for name in columns) for message in messages]
    links = tuple(("txid", message["txid"]) for message in messages if message["txid"])
    return csv_paper("E05a", "chats.csv", columns, rows, links=links, **_phone(source, "Chats on the seized phone"))


def notes_paper(source: Source, notes: dict) -> Paper:
    """E05b: the notes as they were typed."""
    text = f"""NOTES (one file, typed over several months; copied as it stands)

orders go to {notes["listed"]}
- 2nd wallet, for changing over: {notes["real"]}
- supplies  {notes["paid"][0]} hosting {notes["paid"][1]}
- old one, do not use: {notes["typo"]}
- from the chat, check before use!  {notes["look_alike"]}
- read out by phone: {notes["beyond_repair"]}

again the order address: {notes["listed"]}
tokens go to {notes["account"]}
paid, proof: {notes["txid"]}
device 2 shows {notes["fingerprint"]}
"""
    addresses = [notes["listed"], notes["real"], *notes["paid"], notes["account"].removeprefix("syn:")]
    links = tuple(("address", one) for one in addresses)
    links = (*links, ("txid", notes["txid"]), ("not in the ledger", notes["look_alike"]))
    return text_paper("E05b", "notes.txt", text, links=links, **_phone(source, "Notes on the seized phone"))


def contacts_paper(source: Source) -> Paper:
    """E05c: contacts by number; a name in a phone is what its owner typed."""
    people = [("contact 1", "buyer"), ("contact 2", "courier"), ("contact 3", "co_owner"), ("landlord", "landlord")]
    rows = [(name, source.cast[role].phone, "typed by the phone's user") for name, role in people]
    register = _phone(source, "Contacts on the seized phone", "B3")
    return csv_paper("E05c", "contacts.csv", ["name", "number", "origin"], rows, **register)


def photos_paper(source: Source, photos: dict[str, str]) -> Paper:
    """E05d: what the files say about themselves; no picture is shown."""
    columns = ["photo", "taken_local", "offset", "camera", "place"]
    rows = [(name, taken, "+07:00", "this phone", "not recorded") for name, taken in photos.items()]
    return csv_paper("E05d", "photos.csv", columns, rows, **_phone(source, "Photo metadata of the seized phone"))


def apps_paper(source: Source) -> Paper:
    """E05e: installed programs."""
    rows = [
        ("wallet (coins)", "2026-03-11", "on-chain wallet; no backup words on the phone"),
        ("wallet (tokens)", "2026-03-14", "one account; history in Exhibit E34a"),
        ("messenger", "2026-03-11", "chats in Exhibit E05a; messages may be deleted by the sender"),
        ("notes", "2026-03-11", "one file, Exhibit E05b"),
        ("one-time codes", "2026-03-12", "two entries: an exchange, a mailbox"),
    ]
    columns = ["program", "installed_utc_day", "remark"]
    return csv_paper("E05e", "programs.csv", columns, rows, **_phone(source, "Programs on the seized phone"))


def device_paper(source: Source, life: dict[str, str]) -> Paper:
    """E05f: who can be shown to have held the phone, from records of its own and of the shop that sold it."""
    earlier, suspect = source.cast["earlier_owner"].name, source.cast["suspect"].name
    rows = [
        (
            life["sold"],
            life["wiped"],
            f"sold new to {earlier}, who used it until then",
            "shop invoice, statement",
        ),
        (life["wiped"], life["set up"], "wiped; sold on for cash at a market stall", "phone's own log"),
        (life["set up"], life["lock"], "set up again; no account, no screen lock", "phone's own log"),
        (life["lock"], life["seized"], f"screen lock with the fingerprint of {suspect}, no other", "phone's own log"),
    ]
    columns = ["from_utc", "until_utc", "what the record shows", "record"]
    return csv_paper("E05f", "device_log.csv", columns, rows, **_phone(source, "Life of the seized phone"))


def laptop_papers(source: Source, own: list[str], notes: dict) -> list[Paper]:
    """E06b labels (BIP329), E06c addresses of the wallet file, E06d browser history, E06e hints of a second factor."""
    rows = [(number, address) for number, address in enumerate(own, 1)]
    paid = set(source.ledger.outputs["addresses"].str[0])
    # A wallet file also lists addresses that nobody has paid yet.
    links = tuple(("address" if address in paid else "not in the ledger", address) for address in own)
    labels = text_paper(
        "E06b", "labels.jsonl", _labels(source, notes), **_laptop(source, "Labels of a wallet (BIP329)")
    )
    owned = csv_paper(
        "E06c",
        "own_addresses.csv",
        ["number", "address"],
        rows,
        links=links,
        **_laptop(source, "Addresses that the wallet file calls its own"),
    )
    visits = [
        ("2026-09-21T13:04:10Z", "http://northpier.example/login", "sign in"),
        ("2026-09-21T13:09:55Z", "http://northpier.example/deposit", "deposit address"),
        ("2026-09-22T08:31:02Z", f"http://{source.cast.vendor}.invalid/orders", "own page"),
        ("2026-09-23T19:45:37Z", "http://explorer.example/tx", "a payment looked up"),
    ]
    history = csv_paper(
        "E06d", "browser_history.csv", ["time_utc", "address", "title"], visits, **_laptop(source, "Browser history")
    )
    factor = f"""HINTS OF A SECOND FACTOR (screens and files, no secret is shown)

- one-time code program on phone {source.cast.phone_imei}:
  entries "NORTHPIER" and "mailbox"
- the mailbox is signed in on the laptop; the address is in the name of
  {source.cast["suspect"].name}
- a sheet with ten recovery codes for NORTHPIER is not among the papers: ask for it
"""
    return [
        labels,
        owned,
        history,
        text_paper("E06e", "second_factor.txt", factor, **_laptop(source, "Hints of a second factor")),
    ]


def _labels(source: Source, notes: dict) -> str:
    """JSON Lines; the banner is a label, because a first line of another form would not be BIP329."""
    key = source.of("phrases")
    key = key[key["wallet"] == "second"].iloc[0]
    origin = f"wpkh([{key['fingerprint']}/{key['path'].removeprefix('m/')}])"
    records = [
        {"type": "xpub", "ref": key["account_key"], "label": f"changing over ({origin})"},
        {"type": "addr", "ref": notes["listed"], "label": "orders"},
        {"type": "addr", "ref": notes["real"], "label": "changing over"},
        {"type": "addr", "ref": notes["meant"], "label": "old"},
        {"type": "tx", "ref": notes["txid"], "label": f"shown as proof ({BANNER})"},
    ]
    return "\n".join(json.dumps(record, ensure_ascii=False) for record in records) + "\n"
