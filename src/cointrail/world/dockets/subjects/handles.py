"""One vendor, many names: ten handles with keys and notices (E04), what is known of each (E27), and a rumour (E23).

Planted: the suspect's three names, two of them joined by signatures and the third only by signs; a reseller with two
names; an impersonator who copied the suspect's public key; and four strangers, each of whom shares one sign with
somebody. The suspect has two signs in common with each of the own names, a stranger never.
"""

from datetime import UTC, datetime

import pandas as pd

from cointrail.errors import CointrailError
from cointrail.evidence import group_handles, shared_signs, verify_notices
from cointrail.world.dockets.cast import SNAPSHOTS
from cointrail.world.dockets.paper import Paper, Subject, csv_paper, json_paper, paragraph, text_paper
from cointrail.world.dockets.source import Source
from cointrail.world.pgp import PgpKey, pgp_key

__all__ = ["GOOD_SIGNS", "make", "reseller_hosting"]

COLUMNS = (
    *("handle", "where", "name_stem", "key_shown", "account_email", "photo_camera", "hosting_customer"),
    *("hosting_machine", "posting_hours", "style", "named_in_press", "named_in_forum"),
)
# What neither a copier nor a stranger has by chance; each still needs a second one.
GOOD_SIGNS = ("signed_by", "account_email", "photo_camera", "hosting_customer", "posting_hours", "style")
COPIED = ("name_stem", "key_shown")
HEARSAY = ("named_in_press", "named_in_forum")

FIRST = "amber bryn coral dapple ember fallow garnet hollow indigo juniper".split()
FIRST += "kindle larch maple nettle olive pebble".split()
SECOND = "gate moor field bank step lane row wick dale mead holt croft fen ridge shaw tarn".split()
HOURS = ("05 to 09", "10 to 14", "15 to 19", "20 to 00")
STYLES = ("two blanks after a full stop", "never a capital letter", "ends with -regards", "numbers with a comma")
FORUMS = ("forum LANTERN", "messenger channel", "market QUAYSIDE", "vendor shop", "market BRASSWELL")


def make(source: Source) -> Subject:
    """Handles, keys, notices and the rumour, with both partitions and the wrong ones that hurry makes."""
    cast = _Roles(source)
    notices, keys = cast.notices(), cast.keys_text()
    table = cast.table()
    papers = [
        _asc(source, keys),
        _notices(source, notices),
        _table(source, table),
        _rumour(source, cast),
    ]
    return Subject(papers, _facts(cast, table, papers))


def reseller_hosting(source: Source) -> tuple[str, str]:
    """Customer number and machine under which the reseller's pages are hosted."""
    roles = _Roles(source)
    row = next(row for row in roles.table() if row["handle"] == roles.reseller[0])
    return row["hosting_customer"], row["hosting_machine"]


class _Roles:
    """Who the ten handles are in one docket."""

    def __init__(self, source: Source):
        self.source, stream = source, source.stream("handles/roles")
        own = stream.shuffled(source.cast.handles)
        words = [f"{a}{b}" for a, b in zip(stream.shuffled(FIRST), stream.shuffled(SECOND), strict=True)]
        self.signed, self.third = own[:2], own[2]
        self.reseller = words[:2]
        self.reseller_signs = stream.chance(50)
        # Sounds like the suspect, as impersonators do.
        self.copier = f"{source.cast.vendor}{stream.choice(('_official', '_real', '_original', '_trusted'))}"
        self.one_hours, self.one_machine, self.rumoured, self.one_camera = words[2:6]
        self.hours, self.styles = stream.shuffled(HOURS), stream.shuffled(STYLES)
        self.numbers = stream.shuffled(range(100, 1000))
        self.order = stream.shuffled(self.all)
        self.where = stream.shuffled(FORUMS * 2)

    @property
    def all(self) -> list[str]:
        strangers = [self.copier, self.one_hours, self.one_machine, self.rumoured, self.one_camera]
        return [*self.signed, self.third, *self.reseller, *strangers]

    def key(self, owner: str) -> PgpKey:
        """The suspect's key, the reseller's, or a stranger's own."""
        user = {"suspect": self.source.cast.vendor, "reseller": self.reseller[0]}.get(owner, owner)
        return pgp_key(
            self.source.seed,
            f"docket/{self.source.letter}/{owner}",
            user_id=f"{user} <{self.email(owner)}>",
            created=f"2026-02-{18 + self.numbers[9] % 9}T09:00:00Z",
        )

    def email(self, owner: str) -> str:
        return f"box{self.numbers[{'suspect': 0, 'reseller': 1}.get(owner, 2)]}@mail.example"

    def shown(self, handle: str) -> PgpKey | None:
        """The key that a profile shows, whoever it belongs to."""
        if handle in (*self.signed, self.copier):
            return self.key("suspect")
        if handle in self.reseller:
            return self.key("reseller")
        return self.key(handle) if handle in (self.one_hours, self.one_machine) else None

    def keys_text(self) -> str:
        blocks = [
            f"Profile of {handle}, captured {SNAPSHOTS[-1]}\n\n{self.shown(handle).certificate()}"
            for handle in self.order
            if self.shown(handle)
        ]
        return "\n".join(blocks)

    def notices(self) -> list[dict]:
        """Seven or eight notices: signed, unsigned, and one with a signature that was made for another text."""
        start = int(datetime(2026, 8, 3, 10, tzinfo=UTC).timestamp())
        suspect, reseller = self.key("suspect"), self.key("reseller")
        genuine = suspect.clear_signed(f"I am also {self.signed[1]}. Orders go on as before.", start)
        texts = {
            self.signed[0]: genuine,
            self.signed[1]: suspect.clear_signed(f"New page, same seller as {self.signed[0]}.", start + 86_400),
            self.third: f"I answer questions about {self.source.cast.vendor} here.",
            self.copier: genuine.replace(self.signed[1], self.copier),
            self.reseller[0]: reseller.clear_signed("Away for one week. Then as usual.", start + 200_000),
            self.reseller[1]: reseller.clear_signed("Back from the week away.", start + 900_000)
            if self.reseller_signs
            else "Back from the week away.",
            self.one_hours: self.key(self.one_hours).clear_signed("I sell old maps, nothing else.", start + 5_000),
            self.rumoured: "I am nobody's second name. The paper is wrong.",
        }
        named = [handle for handle in self.order if handle in texts]
        return [
            {"notice": f"N{number}", "handle": handle, "captured": f"{SNAPSHOTS[-1]}T07:{10 + number}:00Z"}
            | {"text": texts[handle]}
            for number, handle in enumerate(named, 1)
        ]

    def table(self) -> list[dict]:
        """What is known of each handle; an empty field where nothing is."""
        rows = {handle: dict.fromkeys(COLUMNS, "") | {"handle": handle} for handle in self.order}
        for place, handle in enumerate(self.order):
            rows[handle]["where"] = self.where[place]
            if key := self.shown(handle):
                rows[handle]["key_shown"] = key.fingerprint[-16:]
        rows[self.source.cast.vendor]["where"] = FORUMS[2]
        for handle in (*self.signed, self.third, self.copier):
            rows[handle]["name_stem"] = self.source.cast.vendor
        own, other, stranger, fourth = self.hours
        first, second, third, fourth_style = self.styles
        camera, customer = f"CAM-{self.numbers[3]}", f"customer {self.numbers[4]}"
        rows[self.signed[0]] |= {"posting_hours": own, "style": first, "photo_camera": camera}
        rows[self.signed[0]]["account_email"] = self.email("suspect")
        rows[self.signed[1]] |= {"posting_hours": own, "style": first}
        rows[self.third] |= {"posting_hours": stranger, "style": third, "photo_camera": camera}
        rows[self.third]["account_email"] = self.email("suspect")
        rows[self.copier] |= {"posting_hours": fourth, "style": first}
        machine = f"192.0.2.{self.numbers[5] % 250}"
        for handle in self.reseller:
            rows[handle] |= {"posting_hours": other, "style": second, "hosting_customer": customer}
            rows[handle]["hosting_machine"] = machine
        rows[self.one_hours] |= {"posting_hours": own, "style": fourth_style}
        rows[self.one_machine] |= {"posting_hours": fourth, "hosting_machine": machine, "style": second}
        rows[self.one_machine]["hosting_customer"] = f"customer {self.numbers[6]}"
        rows[self.one_camera] |= {"photo_camera": camera, "posting_hours": other}
        for name in HEARSAY:
            rows[self.rumoured][name] = rows[self.signed[0]][name] = f"called one person with {self.signed[0]}"
        return list(rows.values())

    def signed_by(self, papers: list[Paper]) -> dict[str, str]:
        """Handle to the key of its valid signature, by the toolkit's own check."""
        keys, notices = (paper.data.decode() for paper in papers[:2])
        return {row.handle: row.signed_by for row in verify_notices(notices, keys).itertuples()}


def _facts(cast: _Roles, table: list[dict], papers: list[Paper]) -> dict:
    signed = cast.signed_by(papers)
    frame = pd.DataFrame(table)
    frame["signed_by"] = frame["handle"].map(signed).fillna("")

    def groups(signs, at_least):
        found = group_handles(cast.order, shared_signs(frame, signs=signs), at_least=at_least)
        return [sorted(group) for group in found]

    facts = {
        "lead": groups(GOOD_SIGNS, 2),
        "court": groups(["signed_by"], 1),
        "impersonator": cast.copier,
        "third": cast.third,
        "rumoured": cast.rumoured,
        "one_sign_enough": groups(GOOD_SIGNS, 1),
        "copied_counted": groups([*GOOD_SIGNS, *COPIED], 2),
        "hearsay_counted": groups([*GOOD_SIGNS, *HEARSAY], 2),
        "machine_counted": groups([*GOOD_SIGNS, "hosting_machine"], 2),
        "key_shown_is_proof": groups(["key_shown"], 1),
        "labels": _labels(frame),
    }
    truth = [{*cast.signed, cast.third}, set(cast.reseller)]
    if [set(group) for group in facts["lead"] if len(group) > 1] != truth:
        raise CointrailError(f"Docket {cast.source.letter}: the planted signs do not join the planted names.")
    return facts


def _labels(frame) -> dict[str, str]:
    """Stretch: the label of each pair with two good signs: SIGNED or SIGNS."""
    pairs = shared_signs(frame, signs=GOOD_SIGNS)
    return {
        "+".join(sorted((pair.one, pair.other))): "SIGNED" if "signed_by" in pair.signs else "SIGNS"
        for pair in pairs.itertuples()
        if pair.count >= 2
    }


def _register(source: Source, **change) -> dict:
    return {
        "acquired": f"{SNAPSHOTS[-1]}T07:45:00Z",
        "authority": f"Observation order {source.cast.order_number('OB', 1)}",
        "reliability": "B2",
    } | change


def _asc(source: Source, text: str) -> Paper:
    return text_paper(
        "E04a",
        "public_keys.asc",
        text,
        title="Public keys shown on profiles",
        source="Profile pages of the handles; anyone can copy a public key",
        **_register(source),
    )


def _notices(source: Source, notices: list[dict]) -> Paper:
    return json_paper(
        "E04b",
        "notices.json",
        {"notices": notices},
        title="Notices of the handles, with their signatures where they have one",
        source="Pages of the handles, text as captured",
        **_register(source),
    )


def _table(source: Source, table: list[dict]) -> Paper:
    return csv_paper(
        "E27",
        "handles.csv",
        list(COLUMNS),
        [tuple(row[name] for name in COLUMNS) for row in table],
        title="Ten handles and what is known of each",
        source="Analyst's table from E02, E03, E04, E23, from photos on the pages, and from providers' answers",
        acquirer=source.cast["analyst"].name,
        **_register(
            source,
            acquired="2026-09-24T10:00:00Z",
            authority=f"Production order {source.cast.order_number('PO', 1)}",
            reliability="B3",
        ),
    )


def _rumour(source: Source, cast: _Roles) -> Paper:
    story = f"""A reader who does not want to be named tells us that the seller "{cast.signed[0]}" and the name
        "{cast.rumoured}" are one and the same person. The reader says that "everybody on the forum knows it". The paper
        has not seen any document. Nobody answered our questions."""
    text = f"""THE TOLLMERE EVENING LANTERN (online), 3 September 2026

WHO IS BEHIND {cast.signed[0].upper()}?

{paragraph(story)}

[Note of the cell, 22 September 2026: a post on the forum LANTERN of
4 September says the same thing. It gives one source: this article.]
"""
    return text_paper(
        "E23",
        "press_report.txt",
        text,
        title="Press report on a name",
        source="Online newspaper; it names no source",
        **_register(source, authority="Public source", reliability="F5"),
    )
