"""`cointrail bundle`: out of a folder with claims comes report, CASE record, TagPack, hashes and a script to check."""

import json
from pathlib import Path

from cointrail.errors import CointrailError


def add_parser(subparsers):
    parser = subparsers.add_parser(
        "bundle",
        help="report, CASE record, TagPack and hashes out of a claims table",
        description=(
            "Make the bundle of a case from FOLDER, which holds claims.json and about.json (title, author, world, "
            "height, ambiguity: a list of sentences), and may hold numbers.json (each with how to derive it) and "
            "tags.yaml (a TagPack). Every number is derived anew from the ledger, every claim goes through the "
            "over-claim check, and OUT receives the report as PDF and page, the CASE/UCO record, the TagPack, a list "
            "of SHA-256, and rederive.py, with which anybody repeats the numbers without this program."
        ),
        epilog="Example: cointrail bundle my_case my_case/bundle",
    )
    parser.add_argument("folder", type=Path, help="holds claims.json and about.json")
    parser.add_argument("out", type=Path, help="folder for the bundle; made if need be")
    parser.add_argument("--docket", help="whose exhibits are meant; your own when left out")
    parser.add_argument("--draft", action="store_true", help="write a draft although the over-claim check has remarks")
    parser.set_defaults(run=run)


def run(args):
    from cointrail.evidence import write_manifest

    files = make_bundle(args.folder, docket=args.docket, draft=args.draft)
    args.out.mkdir(parents=True, exist_ok=True)
    for name, data in files.items():
        (args.out / name).write_bytes(data)
        print(f"{args.out / name}: {len(data):,} bytes")
    write_manifest({name: _sha256(data) for name, data in files.items()}, args.out / "manifest.sha256")
    print(f"{args.out / 'manifest.sha256'}: check with sha256sum -c; numbers: python rederive.py numbers.json LEDGER")
    return 0


def make_bundle(folder, *, docket=None, draft=False):
    """The files of a bundle as {name: bytes}; the same folder gives the same bytes."""
    from cointrail.evidence import case_bundle, check_claims, read_claims
    from cointrail.evidence.numbers import check_numbers, read_numbers
    from cointrail.evidence.report import Report, report_html, report_pdf
    from cointrail.exercises import open_case
    from cointrail.exercises.case import Case
    from cointrail.ledger import load_ledger

    about = _about(folder / "about.json")
    ledger = load_ledger(about["world"])
    if not 0 < about["height"] <= ledger.tip:
        raise CointrailError(f"about.json: the ledger ends at block {ledger.tip}; give a height that it reaches.")
    case = Case(about["world"], docket) if docket else open_case(about["world"])
    register = case.exhibits
    claims = read_claims(folder / "claims.json")
    found = check_claims(claims, exhibits=register["id"], off_chain=register["id"], ledger=ledger)
    remarks = [finding.sentence for finding in found]
    if remarks and not draft:
        raise CointrailError(f"{remarks[0]} ({len(remarks)} remark(s) in all.) Mend the claims, or add --draft.")
    given = folder / "numbers.json"
    numbers = check_numbers(read_numbers(given), ledger) if given.is_file() else []
    _pinned(numbers, about["height"])
    named = sorted({exhibit for claim in claims for exhibit in claim.exhibits})
    report = Report(
        title=about["title"],
        author=about["author"],
        ledger=ledger.name,
        height=about["height"],
        block_hash=str(ledger.blocks.set_index("number").loc[about["height"], "hash"]),
        claims=claims,
        numbers=numbers,
        ambiguity=about["ambiguity"],
        figures=_figures(ledger, numbers),
        exhibits=register[register["id"].isin(named)].fillna("").to_dict("records"),
        remarks=remarks,
    )
    tags, addresses = _tags(folder / "tags.yaml")
    record = case_bundle(
        acquisitions=[_form(register.set_index("id").loc[name], name) for name in named if name in set(register["id"])],
        claims=[] if remarks else claims,
        addresses=addresses,
        height=about["height"],
    )
    files = {
        "report.pdf": report_pdf(report),
        "report.html": report_html(report).encode(),
        "claims.json": (folder / "claims.json").read_bytes(),
        "numbers.json": _json(numbers),
        "case.jsonld": _json(record),
        "rederive.py": _script(),
        "about.json": _json(about),
    }
    return {**files, **({"tags.yaml": tags} if tags else {})}


def _pinned(numbers, height):
    """A report is read up to one block: no number of it may look further."""
    for number in numbers:
        if number["how"].get("height", 0) > height:
            raise CointrailError(
                f"Number {number['name']!r} of claim {number['claim']} goes up to block {number['how']['height']}, but "
                f"about.json reads the ledger up to block {height}: use one height."
            )


def _about(file):
    try:
        about = json.loads(file.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise CointrailError(f"{file} cannot be read: {error}.") from error
    needed = {"title": str, "author": str, "world": str, "height": int, "ambiguity": list}
    for name, kind in needed.items():
        if not isinstance(about, dict) or not isinstance(about.get(name), kind):
            raise CointrailError(f"{file} needs {name!r} ({kind.__name__}): see cointrail bundle --help.")
    return about


def _form(row, name):
    from cointrail.evidence import acquisition_form

    return acquisition_form(
        exhibit=name,
        file=row["file"],
        sha256=row["sha256"],
        source=row["source"],
        acquired=row["acquired"],
        acquirer=row["acquirer"],
        authority=row.get("authority") or "not stated in the register",
        method="copied from the register of the docket; hash checked",
    )


def _tags(file):
    """The TagPack's bytes, and its addresses for the CASE record; nothing where there is no such file."""
    if not file.is_file():
        return None, {}
    from cointrail.tracing.tagpack import read_tagpack

    pack = read_tagpack(file)
    ours = [tag["address"] for tag in pack["tags"] if tag.get("currency") == "SYNBTC" and "address" in tag]
    return file.read_bytes(), dict.fromkeys(ours)


def _figures(ledger, numbers):
    """The balance over time of the addresses whose balance the report states, three at most."""
    from cointrail.board.balance import balance_picture

    stated = [number["how"] for number in numbers if number["how"]["what"] in ("balance", "received")]
    first = {how["address"]: how["height"] for how in reversed(stated)}
    return [balance_picture(ledger, address, mark=height) for address, height in list(first.items())[:3]]


def _script():
    from importlib import resources

    return (resources.files("cointrail.evidence") / "rederive.py").read_bytes()


def _json(content):
    return (json.dumps(content, indent=1, ensure_ascii=False) + "\n").encode()


def _sha256(data):
    import hashlib

    return hashlib.sha256(data).hexdigest()
