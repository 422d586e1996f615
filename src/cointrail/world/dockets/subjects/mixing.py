"""Where coins are mixed: what a CoinJoin, an opaque coin and a custodial mixer still let an investigator say.

Twelve transactions to tell apart, one CoinJoin round in which the suspect's wallet took part, one entry into
SYN-OPAQUE, and the log of the mixer DRIZZLE, seized late, which contradicts one claim of the first report.
"""

from dataclasses import dataclass

import pandas as pd

from cointrail.errors import CointrailError
from cointrail.tracing import load_opaque, payment_signs, possible_exits
from cointrail.world.dockets.cast import ANSWERS, CHARGE, FIRST_REPORT
from cointrail.world.dockets.paper import Paper, Subject, csv_paper, paragraph, text_paper
from cointrail.world.dockets.source import Source

__all__ = ["make"]

PREPARATION = "coinjoin preparation"
CLASSES = {
    "coinjoin": (4, lambda purpose: purpose.startswith("coinjoin ") and purpose != PREPARATION),
    "exchange batch": (3, lambda purpose: purpose in ("northpier payout", "cindermoor payout")),
    "payroll": (3, lambda purpose: purpose == "payroll"),
    "none": (1, lambda purpose: purpose == "escrow release"),
    "none, many payees": (1, lambda purpose: purpose == "dust"),
}
# A batch is told from one payment by its many outputs; single payouts are left out of the exercise.
SMALLEST_BATCH = 6
# The worked examples of lesson 4.2 are taken from the blocks before this one.
LESSON_UNTIL = 700
# People wait up to four weeks; the swapper keeps two to three percent.
OPAQUE_DAYS = 28
LETTERS = "ABCDE"


def make(source: Source) -> Subject:
    """Papers E42a, E42b, E43, E44, E18 and E40, and the facts about them."""
    classes = _classes(source)
    mixed, opaque, log = _round(source), _opaque(source), _log(source)
    coinjoin_claims, coinjoin_facts = _coinjoin_claims(source, mixed)
    opaque_claims, opaque_facts = _opaque_claims(source, opaque)
    report, report_facts = _report_claims(source, log)
    papers = [
        _classes_paper(source, classes),
        _statements(
            "E43", "coinjoin_statements.csv", "Five statements about a CoinJoin round", coinjoin_claims, mixed.links
        ),
        _statements("E44", "opaque_statements.csv", "Five statements about SYN-OPAQUE", opaque_claims, opaque["links"]),
        _round_paper(source, mixed),
        _log_paper(log),
        _report_paper(source, report, log),
    ]
    facts = {
        "classes": classes,
        "round": mixed.round,
        "preparation": mixed.preparation,
        "known_coins": mixed.known,
        "participants": mixed.participants,
        "relinking": mixed.relinking,
        "coinjoin": coinjoin_facts,
        "opaque": opaque_facts,
        "report": report_facts,
    }
    return Subject(papers, facts)


# Twelve transactions


def _classes(source: Source) -> dict[str, str]:
    """Twelve txids with their class; every docket draws its own."""
    purposes, stream = source.truth("transactions"), source.stream("mixing/classes")
    known = source.ledger.transactions.set_index("hash")
    sizes, late = known["output_count"], set(known.index[known["block_number"] >= LESSON_UNTIL])
    chosen = {}
    for name, (number, fits) in CLASSES.items():
        hashes = sorted(late & set(purposes["hash"][purposes["purpose"].map(fits)]))
        if name == "exchange batch":
            hashes = [txid for txid in hashes if sizes[txid] >= SMALLEST_BATCH]
        hashes = _plain(source, stream.shuffled(hashes)[: 3 * number + 3], name.partition(",")[0])
        if len(hashes) < number:
            raise CointrailError(f"Docket {source.letter}: too few transactions of the class {name}.")
        chosen |= dict.fromkeys(hashes[:number], name.partition(",")[0])
    return {txid: chosen[txid] for txid in stream.shuffled(sorted(chosen))}


def _plain(source: Source, txids: list[str], name: str) -> list[str]:
    """Those of one class that the rule of the lesson gets right: what it cannot tell is not asked."""
    signs = payment_signs(source.ledger, txids)
    return [row.txid for row in signs.itertuples() if class_by_rule(row) == name]


def class_by_rule(row) -> str:
    """The rule of lesson 4.2 on one row of `payment_signs`."""
    if row.equal >= 3 and row.payers >= row.equal:
        return "coinjoin"
    if row.payers <= 2 and row.again * 3 >= row.outputs:
        return "payroll"
    return "exchange batch" if row.outputs >= 3 and row.busy >= 20 else "none"


def _classes_paper(source: Source, classes: dict[str, str]) -> Paper:
    rows = [(f"tx{number}", txid) for number, txid in enumerate(classes, start=1)]
    links = tuple(("txid", txid) for txid in classes)
    return csv_paper(
        "E42a", "twelve_transactions.csv", ["name", "txid"], rows, links=links, **_own("Twelve transactions")
    )


# The round


@dataclass(frozen=True)
class _Round:
    """A CoinJoin round with the suspect's wallet in it; `relinking` is a later transaction that undoes it, or None."""

    preparation: str
    known: list[str]
    round: str
    participants: int
    relinking: str | None
    later: str
    own: list[str]

    @property
    def links(self) -> tuple[tuple[str, str], ...]:
        return tuple(("txid", txid) for txid in (self.preparation, self.round, self.later))


def _round(source: Source) -> _Round:
    vendor, purposes = source.vendor["vendor"], source.truth("transactions").set_index("hash")["purpose"]
    rounds = purposes.index[purposes.map(CLASSES["coinjoin"][1])]
    outputs = source.truth("outputs")
    own = outputs[(outputs["entity"] == vendor) & outputs["transaction_hash"].isin(rounds)]
    steps = source.of("routes")
    steps = steps[steps["route"] == "coinjoin"]["transaction_hash"]
    preparation = next((txid for txid in steps if purposes[txid] == PREPARATION), None)
    inputs = source.ledger.inputs
    spent = inputs.merge(
        own, left_on=["spent_transaction_hash", "spent_output_index"], right_on=["transaction_hash", "index"]
    )
    later = spent[~spent["transaction_hash_x"].isin(rounds)]
    if preparation is None or later.empty:
        raise CointrailError(f"Docket {source.letter}: the suspect never spent a mixed coin. The world needs it.")
    known = _change_of(source, preparation)
    joins = _spenders(inputs, known) & set(later["transaction_hash_x"])
    chosen = min(joins) if joins else min(later["transaction_hash_x"])
    row = later[later["transaction_hash_x"] == chosen].iloc[-1]
    mixed = row["spent_transaction_hash"]
    made = source.ledger.outputs_of(mixed)
    return _Round(
        preparation=preparation,
        known=known,
        round=mixed,
        participants=int(made["value"].value_counts().iloc[0]),
        relinking=chosen if joins else None,
        later=chosen,
        own=sorted(f"{mixed}:{index}" for index in own["index"][own["transaction_hash"] == mixed]),
    )


def _change_of(source: Source, txid: str) -> list[str]:
    """Outpoints of a preparation that came back to the wallet and were never mixed: its change."""
    truth = source.truth("outputs")
    rows = truth[(truth["transaction_hash"] == txid) & truth["is_change"]]
    return sorted(f"{txid}:{index}" for index in rows["index"])


def _spenders(inputs: pd.DataFrame, outpoints: list[str]) -> set[str]:
    spent = inputs["spent_transaction_hash"] + ":" + inputs["spent_output_index"].astype(str)
    return set(inputs["transaction_hash"][spent.isin(outpoints)])


def _round_paper(source: Source, mixed: _Round) -> Paper:
    """What is known of the wallet before the round."""
    rows = [("preparation", mixed.preparation), ("round", mixed.round)]
    rows += [("unmixed change", coin) for coin in mixed.known]
    links = (*mixed.links, *(("outpoint", coin) for coin in mixed.known))
    title = "A round in which the suspect's wallet took part"
    return csv_paper("E42b", "round.csv", ["kind", "reference"], rows, links=links, **_own(title))


def _coinjoin_claims(source: Source, mixed: _Round) -> tuple[list[tuple], dict]:
    """Five statements in an order of the docket's own; one is honest."""
    n, short = mixed.participants, mixed.round[:10]
    texts = {
        "relinked": f"Which of the {n} equal outputs of round {short}... belongs to the wallet, the round does not "
        f"tell. But transaction {mixed.later} spends an output of the round together with unmixed change of the "
        "preparation. That is a lead to this output, by the rule of common inputs; it is not proof.",
        "lost": f"The wallet's coins went into round {short}.... Which of its {n} equal outputs belongs to the wallet "
        "cannot be told, and no later transaction on this ledger joins one of them to the wallet's unmixed coins.",
        "amount": f"Output 0 of round {short}... belongs to the wallet, because its amount is the amount that went in.",
        "crime": "Whoever takes part in a CoinJoin wants to hide proceeds of crime; so all its coins are proceeds.",
        "nothing": f"The round makes everything before it worthless: that coins of the sales reached round {short}... "
        "cannot be said any more either.",
    }
    order = source.stream("mixing/coinjoin").shuffled(sorted(texts))
    letters = dict(zip(order, LETTERS, strict=True))
    honest = "relinked" if mixed.relinking else "lost"
    other = "lost" if mixed.relinking else "relinked"
    facts = {
        "honest": letters[honest],
        "missed": letters[other],
        "amount": letters["amount"],
        "crime": letters["crime"],
        "nothing": letters["nothing"],
    }
    return [(letters[name], texts[name]) for name in order], facts


# SYN-OPAQUE


def _opaque(source: Source) -> dict:
    """One entry, and the exits that could be its other end: later, within four weeks, a little less."""
    table = load_opaque(source.world)
    # The first entry is the worked example of lesson 4.2.
    entries = table.loc[table["side"] == "entry", "transaction_hash"].iloc[1:]
    choices = [(entry, possible_exits(source.world, entry, days=OPAQUE_DAYS)) for entry in entries]
    choices = [(entry, fits) for entry, fits in choices if len(fits) >= 2]
    if not choices:
        raise CointrailError("No entry of SYN-OPAQUE has two exits that fit: the world needs more passages.")
    entry, fits = choices[source.number % len(choices)]
    return {
        "entry": entry,
        "fits": list(fits["transaction_hash"]),
        "links": (("txid", entry), *(("txid", txid) for txid in fits["transaction_hash"])),
    }


def _opaque_claims(source: Source, opaque: dict) -> tuple[list[tuple], dict]:
    entry, first = opaque["entry"], opaque["fits"][0]
    number = len(opaque["fits"])
    texts = {
        "honest": f"The coins of entry {entry} cannot be followed: no ledger shows what happens inside SYN-OPAQUE. In "
        f"the {OPAQUE_DAYS} days after it, {number} exits have an amount that could fit. The swapper's records may "
        "tell.",
        "first": f"Exit {first} belongs to entry {entry}: it is the first one with a fitting amount.",
        "all": f"Each of the {number} exits with a fitting amount belongs to whoever made entry {entry}.",
        "traced": f"The coins of entry {entry} were traced through SYN-OPAQUE to exit {opaque['fits'][-1]}.",
        "crime": f"Entry {entry} shows a crime, because SYN-OPAQUE has no lawful use.",
    }
    order = source.stream("mixing/opaque").shuffled(sorted(texts))
    letters = dict(zip(order, LETTERS, strict=True))
    facts = {name: letters[name] for name in texts} | {"entry": entry, "fits": opaque["fits"]}
    return [(letters[name], texts[name]) for name in order], facts


# The mixer's log


@dataclass(frozen=True)
class _Log:
    """Rows of the log: client code, time, kind, outpoint, address, satoshi; the desk knows the suspect's rows."""

    rows: pd.DataFrame
    client: str
    deposit: pd.Series
    payout: pd.Series
    wrong: pd.Series


def _log(source: Source) -> _Log:
    book = source.truth("custodian_book")
    rows = book[(book["custodian"] == "drizzle") & book["kind"].isin(["deposit", "withdrawal"])]
    vendor = source.vendor["vendor"]
    mine = rows[rows["customer"] == vendor]
    if (mine["kind"] == "deposit").sum() == 0 or (mine["kind"] == "withdrawal").sum() == 0:
        raise CointrailError(f"Docket {source.letter}: the suspect never used the mixer. The world needs it.")
    deposit = mine[mine["kind"] == "deposit"].iloc[0]
    outputs = source.ledger.outputs[["transaction_hash", "index", "addresses"]]
    near = rows["timestamp"].sub(deposit["timestamp"]).abs() <= pd.Timedelta(days=12)
    rows = rows[near].merge(outputs, on=["transaction_hash", "index"])
    rows = rows.assign(address=rows["addresses"].str[0], client=rows["customer"].map(_codes(source, rows)))
    paid = rows[
        (rows["customer"] == vendor) & (rows["kind"] == "withdrawal") & (rows["timestamp"] > deposit["timestamp"])
    ]
    others = rows[
        (rows["customer"] != vendor) & (rows["kind"] == "withdrawal") & (rows["timestamp"] > deposit["timestamp"])
    ]
    if paid.empty or others.empty:
        raise CointrailError(f"Docket {source.letter}: nobody else used the mixer in these days. The world needs it.")
    # The first report took the payout whose amount lies nearest to a half of the deposit: somebody else's.
    wrong = others.loc[(others["value"] * 2 - deposit["value"]).abs().idxmin()]
    client = rows.loc[rows["customer"] == vendor, "client"].iloc[0]
    return _Log(rows, client, deposit, paid.iloc[0], wrong)


def _codes(source: Source, rows: pd.DataFrame) -> dict[str, str]:
    """The mixer knew clients by a code only."""
    customers = sorted(set(rows["customer"]))
    numbers = source.stream("mixing/codes").shuffled(range(100, 100 + 7 * len(customers)))
    return dict(zip(customers, (f"K-{number}" for number in numbers), strict=False))


def _report_claims(source: Source, log: _Log) -> tuple[list[tuple], dict]:
    def point(row) -> str:
        return f"{row['transaction_hash']}:{row['index']}"

    texts = {
        "payout": f"Output {point(log.wrong)}, {log.wrong['value']:,} sat, is what DRIZZLE paid out for the suspect's "
        f"deposit of {log.deposit['value']:,} sat: it came within days and is about one half.",
        "deposit": f"{log.deposit['value']:,} sat went to an address of DRIZZLE (output {point(log.deposit)}).",
        "share": "DRIZZLE keeps a share: what a client gets back is less than what the client paid in.",
        "other": "What DRIZZLE pays out comes from a pool: it is not the same coins.",
        "true": f"Output {point(log.payout)}, {log.payout['value']:,} sat, was paid by DRIZZLE; to whom, the ledger "
        "does not tell.",
    }
    order = source.stream("mixing/report").shuffled(sorted(texts))
    numbers = {name: f"C{place}" for place, name in enumerate(order, start=1)}
    facts = {
        "revise": numbers["payout"],
        "still_true": numbers["deposit"],
        "share": numbers["share"],
        "pool": numbers["other"],
        "open": numbers["true"],
        "client": log.client,
        "payouts": _points(log, "withdrawal"),
        "deposits": _points(log, "deposit"),
    }
    return [(numbers[name], texts[name]) for name in order], facts


def _points(log: _Log, kind: str) -> list[str]:
    """Outpoints of the suspect's rows of one kind."""
    rows = log.rows[(log.rows["client"] == log.client) & (log.rows["kind"] == kind)]
    return sorted(rows["transaction_hash"] + ":" + rows["index"].astype(str))


def _log_paper(log: _Log) -> Paper:
    named = log.rows.rename(columns={"transaction_hash": "txid", "index": "vout"})
    kinds = {"deposit": "in", "withdrawal": "out"}
    rows = [
        (row.client, f"{row.timestamp:%Y-%m-%dT%H:%M:%SZ}", kinds[row.kind], row.txid, row.vout, row.address, row.value)
        for row in named.itertuples()
    ]
    rows.sort(key=lambda row: (row[1], row[0], row[3]))
    links = tuple(("outpoint", f"{row[3]}:{row[4]}") for row in rows)
    return csv_paper(
        "E18",
        "mixer_log.csv",
        ["client", "time", "kind", "transaction_hash", "index", "address", "value"],
        rows,
        title="Log of the mixer DRIZZLE",
        source="Server of DRIZZLE, seized in SELMORA; image made by the Cyber Unit of SELMORA",
        acquirer="Cyber Unit of SELMORA",
        acquired=f"{CHARGE}T03:10:00Z",
        authority="Seizure order of the court of SELMORA SK-26-118; handed over under the Treaty of Lowgate, art. 9",
        reliability="B1",
        links=links,
    )


def _report_paper(source: Source, claims: list[tuple], log: _Log) -> Paper:
    lines = "\n\n".join(paragraph(text, head=f"{number}  ") for number, text in claims)
    text = f"""FIRST REPORT ON THE MIXER DRIZZLE                              Case {source.cast.case_number}
Written {FIRST_REPORT}, before anybody had seen a record of the mixer

{lines}

{source.cast["analyst"].name}, analyst
"""
    links = (("txid", log.deposit["transaction_hash"]), ("txid", log.wrong["transaction_hash"]))
    return text_paper("E40", "first_report.txt", text, links=links, **_own("First report on the mixer", FIRST_REPORT))


def _own(title: str, day: str = ANSWERS) -> dict:
    return {
        "title": title,
        "source": "Own analysis of the public ledger",
        "acquired": f"{day}T10:00:00Z",
        "authority": "Public source",
        "reliability": "B3",
    }


def _statements(number: str, file: str, title: str, rows: list[tuple], links) -> Paper:
    return csv_paper(number, file, ["statement", "text"], rows, links=tuple(links), **_own(title))
