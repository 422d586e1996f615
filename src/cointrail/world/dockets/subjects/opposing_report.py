"""E19: the report of the opposing expert, fourteen numbered paragraphs, six of them wrong.

Three errors can be found with the ledger alone, three need what the week taught about methods. Which six differs from
docket to docket; the other paragraphs are true, also where they hurt the prosecution.
"""

from cointrail.tracing import balance_at, total_received
from cointrail.world.dockets.cast import OFFSET_HOURS
from cointrail.world.dockets.paper import Subject, paragraph, pdf_paper, text_paper

__all__ = ["KINDS", "make", "statement_pairs"]

# What a paragraph can be wrong in; the first four need the ledger, the others the methods of the week.
KINDS = {
    "received": "a balance given as money received",
    "fee": "the fee counted as payment",
    "time": "local time given as UTC",
    "unconfirmed": "a replaced transaction counted",
    "co-spend": "all inputs taken for one person's although two people stand there",
    "pooled wallet": "a trail followed through a market's pooled wallet",
    "tracing rule": "another tracing rule than the statute's",
    "training rate": "an error rate measured on training data quoted for this case",
    "base rate": "the base rate ignored: every match is guilty",
    "privacy": "a privacy tool taken for a crime",
}
NUMERIC = ("received", "fee", "time", "unconfirmed")
PERSONS, RATE = 41_000, 500


def make(source) -> Subject:
    """E19a (PDF) and E19b (its text) with the paragraphs that are wrong."""
    stream = source.stream("opposing")
    pairs = statement_pairs(source)
    others = [kind for kind in KINDS if kind not in NUMERIC]
    chosen = {*stream.shuffled(NUMERIC)[:3], *stream.shuffled(others)[:3]}
    order = stream.shuffled([*pairs, "tip", "key", "cluster", "device"])
    right = _always_right(source)
    texts, wrong = [], {}
    for number, kind in enumerate(order, 1):
        texts.append(pairs[kind][kind in chosen] if kind in pairs else right[kind])
        if kind in chosen:
            wrong[str(number)] = kind
    filed = {
        "title": "Report of the opposing expert",
        "source": "counsel of the suspect",
        "acquired": "2026-11-18T08:00:00Z",
        "authority": "served under s. 61 Procedure Act",
        "reliability": "C3",
    }
    papers = [
        pdf_paper("E19a", "opposing_report.pdf", _markup(source, texts), **filed),
        text_paper(
            "E19b", "opposing_report.txt", _plain(source, texts), **filed | {"title": "The same report as text"}
        ),
    ]
    facts = {"wrong": dict(sorted(wrong.items(), key=lambda item: int(item[0]))), "height": _height(source)}
    return Subject(papers, facts | {"matching": PERSONS // RATE})


def _height(source):
    return source.ledger.tip - 200


def _landmark(source, kind):
    rows = source.of("landmarks")
    return rows[rows["kind"] == kind].iloc[0]


def statement_pairs(source):
    """For each kind a true and a wrong sentence."""
    ledger, listed, height = source.ledger, source.vendor["listed_address"], _height(source)
    got, left = total_received(ledger, listed, height=height), balance_at(ledger, listed, height)
    test, market = _landmark(source, "direct test purchase"), _landmark(source, "market test purchase")
    row = ledger.transaction(test["transaction_hash"])
    paid, fee, when = int(test["value"]), int(row["fee"]), row["block_timestamp"]
    local = when + _hours(OFFSET_HOURS["ARVANIA"])
    joined = _landmark(source, "payjoin")["transaction_hash"]
    swapped = source.of("replaced").iloc[0]
    purchase, stamp = f"The officer's test purchase, transaction {row['hash']},", "%Y-%m-%d %H:%M UTC"
    return {
        "received": (
            f"Up to and with block {height} the listed address {listed} received {got:,} satoshi in all.",
            f"Up to and with block {height} the listed address {listed} received {left:,} satoshi in all.",
        ),
        "fee": (
            f"{purchase} paid {paid:,} satoshi to the listed address and {fee:,} satoshi as fee.",
            f"{purchase} paid {paid + fee:,} satoshi to the listed address.",
        ),
        "time": (
            f"{purchase} stands in a block that states {when:{stamp}}.",
            f"{purchase} stands in a block that states {local:{stamp}}.",
        ),
        "unconfirmed": (
            f"Transaction {swapped['first_hash']} is in no block: {swapped['final_hash']} replaced it.",
            f"Transaction {swapped['first_hash']} is a further payment to the listed address, "
            f"beside {swapped['final_hash']}.",
        ),
        "co-spend": (
            f"In transaction {joined} coins of two people may stand together; the rule of common inputs can err there.",
            f"All inputs of transaction {joined} come from one person, because one transaction has one signer.",
        ),
        "pooled wallet": (
            f"The officer's payment into the market ends at {market['address']}; what the market pays out later are "
            "other coins, and only its records join the two.",
            f"The officer's payment to {market['address']} can be followed on through the market's wallet, coin by "
            "coin, to the next payout of the seller.",
        ),
        "tracing rule": (
            "For mixed coins s. 12 of the Proceeds Act asks for first in, first out, with the fee taken last.",
            "Mixed coins were divided by last in, first out, as is usual; the Proceeds Act leaves it open.",
        ),
        "training rate": (
            "The error rates of the tracing rules were measured on training data; no rate for this case is known.",
            "In training the change rule erred in two of a hundred cases; each step in this case is therefore right "
            "with a probability of 98 per cent.",
        ),
        "base rate": (
            f"One wallet in {RATE} has the same habits. Among the {PERSONS:,} wallets of the market about "
            f"{PERSONS // RATE} have them, so the habit alone singles out nobody.",
            f"One wallet in {RATE} has the same habits. So the probability that this wallet matches by chance, "
            f"and that he is innocent, is one in {RATE}.",
        ),
        "privacy": (
            "Some coins passed a CoinJoin. Charities and reporters use it too; by itself it shows no offence.",
            "Some coins passed a CoinJoin. Who uses it has something to hide: it shows knowledge of crime.",
        ),
    }


def _hours(number):
    from datetime import timedelta

    return timedelta(hours=number)


def _always_right(source):
    block = source.ledger.blocks.iloc[-1]
    return {
        "tip": f"The ledger was read up to block {source.ledger.tip}, hash {block['hash']}.",
        "key": "The ledger shows which key could spend a coin. It does not show whose hand held the key.",
        "cluster": "A cluster is a lead made by a rule. Its size changes with the rule and with the block height.",
        "device": "A device without coins does not show that its owner had none, and coins are not inside a device.",
    }


def _lead(source):
    cast = source.cast
    return (
        f"Case {cast.case_number}. I was asked by counsel to examine the analysis of the Cell. I read the "
        "public ledger and the exhibits served on 12 November 2026. The fourteen numbered "
        "paragraphs state what I found."
    )


def _plain(source, texts):
    body = "\n\n".join(paragraph(text, head=f"{number}. ") for number, text in enumerate(texts, 1))
    signed = f"Signed: {source.cast['expert'].name}, expert\n"
    return f"REPORT OF THE OPPOSING EXPERT\n\n{paragraph(_lead(source))}\n\n{body}\n\n{signed}"


def _markup(source, texts):
    """Two or three pages: to whom, what was asked, what was done, and the paragraphs one after the other."""
    cast = source.cast
    head = [
        ("To", "District Court of Tollmere, Arvania"),
        ("Case", cast.case_number),
        ("Served for", f"{cast['suspect'].name}, by {cast['lawyer'].name}, counsel (s. 61 Procedure Act)"),
        ("Written by", f"{cast['expert'].name}, expert"),
        ("Day", "17 November 2026"),
    ]
    rows = "".join(f"[*{name}*], [{words}],\n" for name, words in head)
    parts = [
        "#set text(size: 11.5pt)\n#set par(leading: 0.8em, justify: false)\n= Report of the opposing expert\n",
        f"#v(0.8em)\n#grid(columns: (6em, 1fr), row-gutter: 0.8em,\n{rows})\n#v(0.8em)\n#line(length: 100%)\n",
        f"== What I was asked\n{_lead(source)}\n\n== What I did\nI repeated the main numbers with my own tools and "
        "read the rules of the methods. Where I give a number, the transaction or address stands beside it, so that "
        "it can be checked.\n\n== What I did not do\nI did not examine devices, and I spoke to nobody.\n\n"
        "== Findings\n#v(0.4em)\n",
    ]
    parts += [f"#block(breakable: false)[*{n}.* #h(0.5em) {text}]\n#v(0.6em)\n" for n, text in enumerate(texts, 1)]
    parts.append(f"#v(1.5em)\n_Signed: {cast['expert'].name}, expert_\n")
    return "\n".join(parts)
