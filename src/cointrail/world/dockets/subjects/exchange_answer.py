"""NORTHPIER answers: who its customers are, what it booked, and what its machines noted. Not all of it is right.

Seven accounts stand in the answer. One is the suspect's own; one logs in from the suspect's device; one is paid out to
the bank account of another; four are innocent, and two of those look worse than the guilty ones. The statement carries
two clerical errors, which only a comparison with the ledger shows.
"""

from dataclasses import dataclass
from decimal import Decimal

import pandas as pd

from cointrail.errors import CointrailError
from cointrail.world.dockets.cast import ANSWERS, FAMILY, GIVEN, HOME_STATE
from cointrail.world.dockets.paper import Paper, Subject, csv_paper, json_paper, paragraph, text_paper, together
from cointrail.world.dockets.source import Source

__all__ = ["make"]

EXCHANGE = "northpier"
COMPANY = "NORTHPIER Exchange Ltd, Tollmere"
ROLES = ("own", "device", "bank", "largest", "namesake", "abroad", "family")
# Why an account comes first, in the order in which the rule asks; the other four have no reason.
REASONS = {"own": "identity", "device": "device", "bank": "bank account"}
TRAVEL_RULE_ARV = 1_000
TRAVEL_FIELDS = (
    "originator_name",
    "originator_account",
    "originator_address",
    "beneficiary_name",
    "beneficiary_account",
)


@dataclass(frozen=True)
class Account:
    """One account: who it is in the world (`customer`), who the sheet says it is, and its rows in the book."""

    number: str
    role: str
    customer: str
    holder: str
    born: str
    phone: str
    bank: str
    opened: str
    expires: str
    income: int
    addresses: tuple[str, ...]
    rows: pd.DataFrame


def make(source: Source) -> Subject:
    """Papers E08a to E08d, E09, E12 and E15, and the facts about them."""
    accounts = _accounts(source)
    statement, errors = _statement(source, accounts)
    records, wrong = _records(source, accounts)
    transfers, incomplete = _transfers(source, accounts)
    papers = [
        _letter(source, accounts),
        _sheet(source, accounts),
        _statement_paper(source, statement),
        _records_paper(source, records),
        _travel_paper(source, transfers),
        _bank_paper(source, accounts),
        _invoice(source),
    ]
    facts = {
        "accounts": {account.number: account.role for account in accounts},
        "differences": errors,
        "contradicting_records": wrong,
        "logins_abroad": [row[0] for row in records if row[2] == "login state" and row[3] != HOME_STATE],
        "device_logins": [row[0] for row in records if row[2] == "login device"],
        "reasons": {account.number: REASONS.get(account.role) for account in accounts},
        "largest": _number(accounts, "largest"),
        "mules": [_number(accounts, "device"), _number(accounts, "bank")],
        "incomplete_transfers": incomplete,
        "small_incomplete": [row["reference"] for row in transfers if _is_small(row) and _lacks(row)],
    }
    return Subject(papers, facts)


def _number(accounts: list[Account], role: str) -> str:
    return next(account.number for account in accounts if account.role == role)


def _accounts(source: Source) -> list[Account]:
    """The seven accounts in order of number, so that the order says nothing."""
    stream, book = source.stream("exchange/accounts"), _deposit_book(source)
    numbers = iter(stream.shuffled(range(2_000 + 200 * source.number % 2_000, 2_190 + 200 * source.number % 2_000)))
    customers = _customers(source, book, stream)
    names = iter(stream.shuffled([f"{given} {family}" for given in GIVEN[12:] for family in FAMILY[:12]]))
    accounts = []
    for turn, role in enumerate(ROLES):
        customer, cast = customers[role], source.cast
        rows = book[book["customer"] == customer].reset_index(drop=True)
        suspect = cast["suspect"]
        holder = {"own": suspect.name, "namesake": _namesake(source)}.get(role) or next(names)
        accounts.append(
            Account(
                number=f"NP-{next(numbers)}",
                role=role,
                customer=customer,
                holder=holder,
                born=suspect.born if role == "own" else f"{1961 + stream.below(40)}-{stream.between(1, 12):02d}-17",
                phone=suspect.phone if role == "own" else f"+44 7700 900{820 + (7 * source.number + turn) % 180:03d}",
                bank=f"AV00 HARB {stream.between(1_000, 9_999)} {stream.between(1_000, 9_999)}",
                opened=f"2025-{stream.between(4, 12):02d}-{stream.between(1, 28):02d}",
                expires=f"20{stream.between(28, 33)}-{stream.between(1, 12):02d}-28",
                income=stream.between(14, 42) * 100,
                addresses=tuple(sorted(set(rows["address"]))),
                rows=rows,
            )
        )
    return sorted(accounts, key=lambda account: account.number)


def _namesake(source: Source) -> str:
    """Somebody else with the suspect's family name."""
    given, _, family = source.cast["suspect"].name.partition(" ")
    return f"{GIVEN[(GIVEN.index(given) + 5) % len(GIVEN)]} {family}"


def _deposit_book(source: Source) -> pd.DataFrame:
    """What NORTHPIER credited for deposits on the ledger, with the deposit address."""
    book = source.truth("custodian_book")
    rows = book[(book["custodian"] == EXCHANGE) & (book["kind"] == "deposit")]
    outputs = source.ledger.outputs[["transaction_hash", "index", "addresses"]]
    rows = rows.merge(outputs, on=["transaction_hash", "index"])
    return rows.assign(address=rows["addresses"].str[0])


def _customers(source: Source, book: pd.DataFrame, stream) -> dict[str, str]:
    """Who stands behind each role; people of the same kind take turns among the dockets."""
    counts = book.groupby("customer").size()

    def pick(kind: str, least: int, most: int, number: int = 1) -> list[str]:
        fits = [name for name, n in counts.items() if name.startswith(kind) and least <= n <= most]
        if len(fits) < number:
            raise CointrailError(f"Docket {source.letter}: NORTHPIER has too few customers of the kind {kind}.")
        return stream.shuffled(sorted(fits))[:number]

    device, bank = pick("mule", 1, 12, 2)
    resident, other = pick("resident", 1, 3, 2)
    (trader,), (family,) = pick("trader", 6, 14), pick("family", 1, 8)
    own = source.vendor["vendor"]
    return dict(zip(ROLES, (own, device, bank, trader, resident, other, family), strict=True))


def _statement(source: Source, accounts: list[Account]) -> tuple[list[tuple], dict[str, int]]:
    """The statement as NORTHPIER typed it, and for each account: statement minus ledger, in satoshi."""
    stream, rows, errors = source.stream("exchange/errors"), [], {}
    for account in accounts:
        lines = [_line(account, row) for row in account.rows.itertuples()]
        if account.role == "own":
            left_out = stream.below(len(lines) - 1) + 1
            errors[account.number] = -lines.pop(left_out)[-1]
        elif account.role == "device":
            place = next(n for n, line in enumerate(lines) if _rise(line) is not None)
            lines[place], errors[account.number] = _slipped(lines[place])
        else:
            errors[account.number] = 0
        rows += lines
    return sorted(rows, key=lambda row: (row[0], row[1])), errors


def _line(account: Account, row) -> tuple:
    time = row.timestamp.strftime("%Y-%m-%dT%H:%M:%SZ")
    return account.number, time, "deposit", row.transaction_hash, row.index, row.address, row.value


def _rise(line: tuple) -> int | None:
    """The first digit of an amount that is smaller than the next one; changing places makes the amount larger."""
    digits = str(line[-1])
    return next((n for n in range(len(digits) - 1) if digits[n] < digits[n + 1]), None)


def _slipped(line: tuple) -> tuple[tuple, int]:
    """Two neighbouring digits of the amount change places, as typed numbers do: more was typed than was paid.

    A missing deposit makes the statement too small, the slip makes it too large, so that the two can be told apart.
    """
    digits, place = str(line[-1]), _rise(line)
    value = int(digits[:place] + digits[place + 1] + digits[place] + digits[place + 2 :])
    return (*line[:-1], value), value - line[-1]


def _records(source: Source, accounts: list[Account]) -> tuple[list[tuple], list[str]]:
    """What machines and clerks noted, as (record, account, kind, value), and the numbers of those that contradict."""
    by_role, stream, cast = (
        {account.role: account for account in accounts},
        source.stream("exchange/records"),
        source.cast,
    )
    own, device, bank = by_role["own"], by_role["device"], by_role["bank"]
    good = [
        (own, "login device", f"phone {cast.phone_imei}"),
        (device, "login device", f"phone {cast.phone_imei}"),
        (own, "payout holder", own.holder),
        (by_role["largest"], "payout holder", by_role["largest"].holder),
        (by_role["largest"], "login device", f"laptop SYN-{stream.below(10**6):06d}"),
        (by_role["abroad"], "login state", "SELMORA"),
        (by_role["largest"], "login state", "PORT TORRIN"),
        (own, "login state", HOME_STATE),
        (by_role["namesake"], "date of birth", by_role["namesake"].born),
        (by_role["family"], "phone check", by_role["family"].phone),
        (by_role["namesake"], "document shown", f"valid until {by_role['namesake'].expires}"),
        (by_role["abroad"], "document shown", f"valid until {by_role['abroad'].expires}"),
    ]
    bad = [
        (bank, "payout account", device.bank),
        (device, "payout holder", next(a.holder for a in accounts if a.role == "bank")),
        (device, "date of birth", f"{int(device.born[:4]) + 9}{device.born[4:]}"),
        (bank, "document shown", f"valid until {int(bank.opened[:4]) - 1}-{bank.expires[5:]}"),
        (bank, "phone check", cast["courier"].phone),
    ]
    shuffled = stream.shuffled([(row, False) for row in good] + [(row, True) for row in bad])
    records = [(f"R{n:02d}", row[0].number, *row[1:]) for n, (row, _) in enumerate(shuffled, start=1)]
    return records, [f"R{n:02d}" for n, (_, wrong) in enumerate(shuffled, start=1) if wrong]


def _transfers(source: Source, accounts: list[Account]) -> tuple[list[dict], list[str]]:
    """Travel-rule messages for the deposits of three accounts; some over the threshold lack a required field."""
    stream, rows = source.stream("exchange/travel"), []
    for account in (a for a in accounts if a.role in ("own", "largest", "device")):
        for row in account.rows.itertuples():
            rows.append(_message(stream, account, row, _worth(source, row), f"TR-{len(rows) + 1:03d}"))
    large = [row for row in rows if not _is_small(row)]
    for row, name in zip(stream.shuffled(large)[:4], stream.shuffled(TRAVEL_FIELDS), strict=False):
        row[name] = ""
    for row in stream.shuffled([row for row in rows if _is_small(row)])[:3]:
        row["originator_address"] = ""
    return rows, [row["reference"] for row in large if _lacks(row)]


def _worth(source: Source, row) -> Decimal:
    """A deposit in marks at the price of its day."""
    day = row.timestamp.strftime("%Y-%m-%d")
    price = source.prices.loc[source.prices["date"] == day, "price"].iloc[0]
    return (Decimal(row.value) * price / 10**8).quantize(Decimal("0.01"))


def _message(stream, account: Account, row, amount: Decimal, reference: str) -> dict:
    names = {"originator_name": f"{stream.choice(GIVEN)} {stream.choice(FAMILY)}", "originator_account": "self-hosted"}
    return {
        "reference": reference,
        "transaction_hash": row.transaction_hash,
        "amount_arv": str(amount),
        **names,
        "originator_address": f"{stream.between(1, 99)} Quay Street, Tollmere",
        "beneficiary_name": account.holder,
        "beneficiary_account": account.number,
    }


def _is_small(row: dict) -> bool:
    return Decimal(row["amount_arv"]) < TRAVEL_RULE_ARV


def _lacks(row: dict) -> bool:
    return not all(row[name] for name in TRAVEL_FIELDS)


def _register(case: Source, title: str, **other) -> dict:
    return {
        "title": title,
        "source": COMPANY,
        "acquired": f"{ANSWERS}T08:20:00Z",
        "authority": f"Production order {case.cast.order_number('PO', 2)}, s. 31 Procedure Act",
        "reliability": "B2",
    } | other


def _letter(source: Source, accounts: list[Account]) -> Paper:
    lines, suspect = "\n".join(f"   {account.number}" for account in accounts), source.cast["suspect"]
    asked = f"""You named a person ({together(suspect.name)}, born {suspect.born}, telephone
        {together(suspect.phone)}) and a device (phone
        {source.cast.phone_imei}). You asked for every account that was paid within a day of a payment on your list,
        that used the device, that shares a bank account with another one, or whose holder carries the family name. We
        found:"""
    text = f"""NORTHPIER EXCHANGE LTD
Answer to production order {source.cast.order_number("PO", 2)}, case {source.cast.case_number}

Dear Sir or Madam,

{paragraph(asked)}

{lines}

Please read before you use this answer.
 1. An account is on this list because it matched a search. A match is not a
    suspicion.
 2. E08b is the customer sheet: what the customer stated, and we accepted, when
    the account was opened.
 3. E08c lists deposits as our book-keeping typed them. Amounts are in satoshi,
    times are UTC. We have not compared the list with the ledger.
 4. E08d lists what our machines and clerks noted later.
 5. A deposit address belongs to NORTHPIER. The customer may pay to it, but
    never holds its keys.

Records Desk, {ANSWERS}
"""
    return text_paper("E08a", "northpier_letter.txt", text, **_register(source, "Letter of NORTHPIER with its answer"))


def _sheet(source: Source, accounts: list[Account]) -> Paper:
    columns = ["account", "name", "born", "residence", "phone", "payout_account", "document_expires", "opened"]
    columns += ["monthly_income_arv", "deposit_addresses"]
    rows = [
        (
            *(a.number, a.holder, a.born, HOME_STATE, a.phone, a.bank, a.expires, a.opened),
            *(a.income, " ".join(a.addresses)),
        )
        for a in accounts
    ]
    links = tuple(("address", address) for account in accounts for address in account.addresses)
    return csv_paper(
        "E08b", "customer_sheet.csv", columns, rows, links=links, **_register(source, "Customer sheet (KYC)")
    )


def _statement_paper(source: Source, rows: list[tuple]) -> Paper:
    columns = ["account", "time", "kind", "transaction_hash", "index", "deposit_address", "value"]
    links = tuple(("outpoint", f"{row[3]}:{row[4]}") for row in rows)
    return csv_paper("E08c", "statement.csv", columns, rows, links=links, **_register(source, "Statement of deposits"))


def _records_paper(source: Source, rows: list[tuple]) -> Paper:
    columns = ["record", "account", "kind", "value"]
    return csv_paper("E08d", "records.csv", columns, rows, **_register(source, "Records of machines and clerks"))


def _travel_paper(source: Source, transfers: list[dict]) -> Paper:
    links = tuple(("txid", row["transaction_hash"]) for row in transfers)
    content = {"threshold_arv": TRAVEL_RULE_ARV, "transfers": transfers}
    title = "Travel-rule messages received with deposits"
    return json_paper("E09", "travel_rule.json", content, links=links, **_register(source, title))


def _bank_paper(source: Source, accounts: list[Account]) -> Paper:
    """Payouts of the two lent accounts, each the worth of a deposit; both end at one bank account, and then in cash."""
    rows = []
    device, bank = (next(a for a in accounts if a.role == role) for role in ("device", "bank"))
    for account in (device, bank):
        for row in account.rows.itertuples():
            day = (row.timestamp + pd.Timedelta(days=2)).strftime("%Y-%m-%d")
            amount = _worth(source, row)
            rows.append((day, device.bank, "credit", amount, f"NORTHPIER payout {account.number}"))
            cash = amount // 20 * 20
            if cash:
                rows.append((day, device.bank, "debit", f"{cash}.00", "cash machine, harbour station"))
    return csv_paper(
        "E12",
        "bank_statement.csv",
        ["date", "bank_account", "kind", "amount_arv", "text"],
        sorted(rows),
        **_register(
            source,
            "Bank statement of one account",
            source="Bank of Tollmere (an invented bank)",
            authority=f"Production order {source.cast.order_number('PO', 3)}, s. 31 Procedure Act",
            reliability="A1",
        ),
    )


def _invoice(source: Source) -> Paper:
    """Hosting of the vendor's pages, paid straight from the exchange where the vendor has an account."""
    book, vendor = source.truth("custodian_book"), source.vendor["vendor"]
    paid = book[(book["custodian"] == EXCHANGE) & (book["customer"] == vendor) & (book["kind"] == "withdrawal")]
    purposes = source.truth("transactions").set_index("hash")["purpose"]
    line, links = "The invoice names no payment.", ()
    if len(paid) and purposes[paid["transaction_hash"].iloc[-1]] == "northpier payout":
        txid = paid["transaction_hash"].iloc[-1]
        line, links = f"Paid by transaction {txid}", (("txid", txid),)
    text = f"""PILOTBYTE HOSTING (an invented firm)          Invoice PB-{7_000 + 13 * source.number}

  Service       one server, one year, name {source.cast.handles[1].replace("_", "-")}.invalid
  Customer      given as "{source.cast.handles[2]}", no document asked
  {line}

[Note of the cell: the payment came out of a batch of an exchange. Whoever
looks at the coins finds the exchange's hot wallet as the payer: the customer
behind it stands in the exchange's books only.]
"""
    return text_paper(
        "E15",
        "hosting_invoice.txt",
        text,
        links=links,
        **_register(
            source,
            "Hosting invoice",
            source="Pilotbyte Hosting",
            authority=f"Production order {source.cast.order_number('PO', 5)}, s. 31 Procedure Act",
        ),
    )
