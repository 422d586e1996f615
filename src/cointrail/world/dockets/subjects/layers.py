"""Twelve finds to place (E28), four sentences about one number (E29), and the cell's instruction (E26, shared).

Layer, authority and what a find can show follow from its fields by the rules of the instruction.
"""

from cointrail.world.dockets.cast import HOME_STATE, SNAPSHOTS
from cointrail.world.dockets.paper import Paper, Subject, csv_paper, paragraph, text_paper
from cointrail.world.dockets.source import Records, Source

__all__ = ["SENTENCES", "make", "make_shared"]

ONION = "http://quayside-training.onion.invalid"
OPEN, ACCOUNT = "ordinary browser, no account", "ordinary browser, account needed"
OVERLAY, OVERLAY_ACCOUNT = "overlay network, no account", "overlay network, account needed"
APP_OPEN, APP_INVITED = "app, open to everybody", "app, by invitation"

# Layer and authority (rules 1 and 2 of E26), what it can show (rule 3), then: where, reached by, content.
FINDS = (
    ("D2", "OFFER", f"{ONION}/seller/VENDOR", OVERLAY_ACCOUNT, "page of a seller: two offers with prices"),
    ("D1", "OFFER", f"{ONION}/", OVERLAY, "front page of the market: forty offers"),
    ("C1", "OFFER", "http://SHOP.example/chemicals", OPEN, "page of a shop: a drum and its price"),
    ("P2", "OFFER", "http://SHOP.example/customers/prices", ACCOUNT, "price list for customers of the shop"),
    ("P2", "WORDS", "http://lantern-forum.example/thread/88", ACCOUNT, "post of VENDOR: 'my page on the onion is new'"),
    ("C1", "WORDS", "http://lantern-forum.example/welcome", OPEN, "post of a moderator about fees"),
    ("M2", "WORDS", "group 'harbour notes'", APP_INVITED, "chat: VENDOR writes that parcels went out"),
    ("M1", "WORDS", "channel 'quay news'", APP_OPEN, "message: the seller VENDOR is away for a week"),
    (
        "C1",
        "OFFER",
        "http://quaynews-chat.example/s/quaynews",
        OPEN,
        "the app company's own web page of a channel: offers",
    ),
    ("C1", "LEAD", "http://onion-view.example/seller/VENDOR", OPEN, "copy of a darknet page; nobody says who made it"),
    ("C4", "RECORD", "SHOP.example", "letter of the registrar", "registration record: e-mail address and date"),
    ("M4", "RECORD", "account VENDOR", "letter of the app company", "account record: phone number and dates"),
    ("M5", "WORDS", "app on a seized phone", "device, searched", "chat that is stored on the phone"),
    ("D2", "KEY", f"{ONION}/profile/VENDOR", OVERLAY_ACCOUNT, "notice with a signature; the check says: valid"),
    ("C1", "KEY", "http://SHOP.example/about", OPEN, "notice with a signature; the check says: valid"),
    ("C1", "LEAD", "http://lantern-paper.example/3-september", OPEN, "newspaper article; it names no source"),
    ("C1", "PARCEL", "http://post-track.example/NUMBER", OPEN, "tracking page: a parcel was scanned in Tollmere"),
    ("P4", "PARCEL", "customer account at the post", "letter of the post", "scans of a parcel, with places and times"),
    ("D3", "PARCEL", f"{ONION}/order/NUMBER", f"{OVERLAY_ACCOUNT}; the officer orders", "the parcel that came"),
    ("M3", "WORDS", "chat with VENDOR", f"{APP_INVITED}; the officer asks a question", "the answer of VENDOR"),
    ("P3", "WORDS", "http://lantern-forum.example/mail", f"{ACCOUNT}; the officer writes", "the answer of VENDOR"),
    ("D5", "OFFER", "browser on a seized laptop", "device, searched", "stored page of the market: two offers"),
    ("C1", "LEAD", "http://links.example/list", OPEN, "thirty onion addresses; nobody says who collected them"),
)
# These show every rule and every trap; the others are drawn.
ALWAYS = (0, 4, 9, 10, 12, 13, 19)
FINDS_OF_A_DOCKET = 12

SENTENCES = {
    "right": "In December 2019, about 68 of 100 items on sale on four markets were drugs of all kinds.",
    "sales": "In December 2019, about 68 of 100 sales on four markets were sales of drugs.",
    "opioids": "In December 2019, about 68 of 100 items on sale on four markets were opioids or other synthetics.",
    "everywhere": "About 68 of 100 things that are offered on the darknet are drugs.",
}

INSTRUCTION = f"""JOINT ANALYSIS CELL OF {HOME_STATE}
Instruction 7: finds on the web
(an invented instruction; it is no law of any real state)

RULE 1 - LAYER. Name the layer where you captured it, not the one it talks
about.
  C  clearnet: the ordinary web, open to everybody
  P  private web (also called deep web): the ordinary web behind an account,
     or a company's own records of it
  D  darknet: reached through an overlay network, or a stored page of it
  M  messenger: in an app, or a company's records about an app's account
  A registrar's record about a clearnet address belongs to C.

RULE 2 - AUTHORITY. What allows the act?
  1  nothing but a written note: everybody can see it without an account or
     an invitation
  2  observation order: an account or an invitation is needed, and the
     officer only reads
  3  undercover order: the officer asks, writes, orders or pays
  4  production order: a company hands over its records
  5  search order: a device is searched
  Where two fit, the higher number counts.

RULE 3 - WHAT IT CAN SHOW, AT MOST
  OFFER   that somebody offered something, at that time
  WORDS   that somebody wrote this under this name
  KEY     that whoever wrote it had the secret key
  RECORD  what a company noted about an account or a name
  PARCEL  that a parcel moved, or came
  LEAD    nothing yet: no source is named, so look for a better one
  No find on the web shows what a substance is. That takes a laboratory.

RULE 4 - TRIAGE OF OFFERS
  PURSUE        scheduled, still there, and shipped from or to {HOME_STATE}
  PRESERVE      scheduled, but taken down or only between other states:
                keep it, and tell them
  PRESERVE      the offer names no substance
  PRESERVE      an unscheduled dual-use chemical, where the same seller also
                offers something scheduled
  NOT RELEVANT  everything else. To sell or to buy a dual-use chemical is
                lawful.
  A substance counts under its name and under its other name (E25).
  A mixture below the share in E25 is unscheduled.

RULE 5 - REVENUE. Count each feedback once, at the price shown in the same
capture. A holding price is no price.
  Turn it into ARV at the rate of the day of the capture. Round the sum to
  0.01, half up. Call it a minimum.

RULE 6 - TIME. Write every time in UTC. Note the clock it came from.

RULE 7 - CUSTODY. Between "handed over" and "received" lie at most 48 hours.
Who acts must hold the exhibit.
"""


def make_shared(records: Records) -> list[Paper]:
    """The instruction, the same for all."""
    return [
        text_paper(
            "E26",
            "instruction_7.txt",
            INSTRUCTION,
            title="Instruction 7: finds on the web",
            source="Joint Analysis Cell",
            acquired="2026-02-17T06:30:00Z",
            authority="Service instruction",
            reliability="A1",
        )
    ]


def make(source: Source) -> Subject:
    """Twelve of the finds, the four sentences in an order of their own, and the answers."""
    stream = source.stream("layers")
    others = stream.shuffled([place for place in range(len(FINDS)) if place not in ALWAYS])
    chosen = stream.shuffled([*ALWAYS, *others[: FINDS_OF_A_DOCKET - len(ALWAYS)]])
    finds = [(f"S{number:02d}", FINDS[place]) for number, place in enumerate(chosen, 1)]
    kinds = stream.shuffled(SENTENCES)
    sentences = dict(zip("ABCD", kinds, strict=True))
    return Subject([_finds(source, finds), _sentences(source, sentences)], _facts(finds, sentences))


def _finds(source: Source, finds: list[tuple]) -> Paper:
    stream = source.stream("layers/names")
    shop = f"{stream.choice(('millrace', 'copperlane', 'saltmarsh', 'northjetty'))}-{stream.between(10, 99)}"
    words = {"VENDOR": source.cast.vendor, "SHOP": shop, "NUMBER": str(stream.between(10_000, 99_999))}

    def named(text: str) -> str:
        for word, name in words.items():
            text = text.replace(word, name)
        return text

    rows = [(number, *map(named, find[2:])) for number, find in finds]
    return csv_paper(
        "E28",
        "finds.csv",
        ["find", "where", "reached_by", "content"],
        rows,
        title="Twelve finds of the cell",
        source="Working list of the cell",
        acquired=f"{SNAPSHOTS[-1]}T09:00:00Z",
        authority="Instruction 7",
        reliability="B2",
        acquirer=source.cast["analyst"].name,
    )


def _sentences(source: Source, sentences: dict[str, str]) -> Paper:
    lines = "\n".join(paragraph(SENTENCES[kind], head=f"  {letter}  ") for letter, kind in sentences.items())
    text = f"""DRAFT OF A REPORT - which sentence may stand?

Source of the number: UNODC, Darknet Cybercrime Threats to Southeast Asia 2020,
launched on 25 February 2021. Its text: of almost 139,000 items that were on
sale on four markets in December 2019, 68 per cent (almost 95,000) were
drug-related, of all kinds.

{lines}
"""
    return text_paper(
        "E29",
        "draft_sentences.txt",
        text,
        title="Four sentences of a draft report",
        source="Draft of the cell; the number is UNODC's",
        acquired=f"{SNAPSHOTS[-1]}T09:30:00Z",
        authority="Public source",
        reliability="A2",
    )


def _facts(finds: list[tuple], sentences: dict[str, str]) -> dict:
    codes = {number: find[0] for number, find in finds}
    shows = {number: find[1] for number, find in finds}
    text = {number: f"{find[2]} {find[4]}".lower() for number, find in finds}
    dark = {n: f"D{code[1]}" if "onion" in text[n] or "darknet" in text[n] else code for n, code in codes.items()}
    return {
        "codes": codes,
        "word_onion": dark,
        "account_is_darknet": {n: f"D{code[1]}" if code[0] == "P" else code for n, code in codes.items()},
        "reading_is_free": {n: f"{code[0]}1" if code[1] == "2" else code for n, code in codes.items()},
        "one_order": {n: f"{code[0]}2" if code[1] == "3" else code for n, code in codes.items()},
        "shows": shows,
        "offer_is_goods": {n: "PARCEL" if kind == "OFFER" else kind for n, kind in shows.items()},
        "lead_is_words": {n: "WORDS" if kind == "LEAD" else kind for n, kind in shows.items()},
        "key_is_person": {n: "RECORD" if kind == "KEY" else kind for n, kind in shows.items()},
        "sentence": {kind: letter for letter, kind in sentences.items()},
    }
