"""From the other chain to a broker: four hops of a stablecoin, swaps to match, and what to do about each address.

The suspect's coins come over by SWAPLARK, walk through four wallets, and end at a broker with many customers: there the
trail stops. What can be frozen lies on the way; what can be preserved lies in books.
"""

from datetime import datetime
from functools import lru_cache

import pandas as pd

from cointrail.errors import CointrailError
from cointrail.tracing import account_history, coin_ends, load_hourly_prices, match_crossings, token_ends
from cointrail.tracing.accounts import show_address
from cointrail.world.dockets.cast import ANSWERS
from cointrail.world.dockets.paper import Paper, Subject, csv_paper, text_paper
from cointrail.world.dockets.source import Records, Source

__all__ = ["RATES", "make", "make_shared"]

SWAPPER = "swaplark"
HOPS = 4
ASKED = 6
# What one whole token is worth in ARV, as STABLEMARK promises it.
RATES = {"ARVD": "1", "HBC": "33.33"}


def make(source: Source) -> Subject:
    """Papers E10a, E10b and E11a to E11c, and the facts of the trail."""
    hops, broker = _hops(source)
    pairs = _pairs(source)
    advice = _advice(source)
    frozen = [address for address, (_, reason) in advice.items() if reason == "frozen already"]
    facts = {
        "start": _wallet(source, "main"),
        "hops": hops,
        "broker": broker,
        "behind": _behind(source, broker, hops[-1]),
        "failed": _of_kind(source, "failed"),
        "approval": _of_kind(source, "approval"),
        "pairs": {source_end: right for source_end, (right, _) in pairs.items()},
        "next_payout": {source_end: late for source_end, (_, late) in pairs.items()},
        "advice": {address: what for address, (what, _) in advice.items()},
        "reasons": {address: why for address, (_, why) in advice.items()},
        "first_units": str(source.tokens.token_transfers.set_index("transaction_hash")["value"][hops[0]]),
        "first_decimals": _decimals(source, hops[0]),
    }
    papers = [
        _support_paper(source),
        _deposits_paper(pairs),
        _issuer_paper(source, frozen),
        _addresses_paper(source, advice, broker),
        _start_paper(source),
    ]
    return Subject(papers, facts)


def make_shared(records: Records) -> list[Paper]:
    """The addresses that SWAPLARK named as its own, on both chains."""
    coins, account = _swapper_addresses(records)
    rows = [("SYN-BTC", address, "deposit address of an order") for address in coins]
    rows.append(("SYN-EVM", show_address(account), "account that pays out"))
    links = tuple(("address", address) for address in (*coins, account))
    return [
        csv_paper(
            "E10c",
            "swaplark_addresses.csv",
            ["chain", "address", "note"],
            rows,
            links=links,
            **_register("Addresses of SWAPLARK", "SWAPLARK support desk", "Voluntary answer, PORT TORRIN", "B2"),
        )
    ]


# The trail


def _hops(source: Source) -> tuple[list[str], str]:
    routes = source.of("token_routes")
    hops = [routes.loc[routes["step"] == step, "transaction_hash"].iloc[0] for step in range(1, HOPS + 1)]
    moves = source.tokens.token_transfers
    broker = moves.loc[moves["transaction_hash"] == hops[-1], "to_address"].iloc[0]
    return hops, broker


def _behind(source: Source, broker: str, last: str) -> str:
    """The broker's next payment after the last hop: where a trail that goes on past the service would land (M26)."""
    moves = source.tokens.token_transfers
    place = moves.index[moves["transaction_hash"] == last][0]
    later = moves[(moves.index > place) & (moves["from_address"] == broker)]
    if later.empty:
        raise CointrailError(f"Docket {source.letter}: the broker pays nobody after the last hop.")
    return later["transaction_hash"].iloc[0]


def _wallet(source: Source, role: str) -> str:
    accounts = source.truth("accounts")
    mine = (accounts["entity"] == source.vendor["vendor"]) & (accounts["role"] == role)
    return accounts.loc[mine, "address"].iloc[0]


def _of_kind(source: Source, kind: str) -> str:
    """A transaction of the first wallet that looks like the first hop and moved nothing."""
    history = account_history(source.tokens, _wallet(source, "main"))
    rows = history[(history["kind"] == kind) & (history["way"] == "out")]
    if rows.empty:
        raise CointrailError(f"Docket {source.letter}: the first wallet has no event of the kind {kind}.")
    return rows["txid"].iloc[0]


# Swaps


def _swapper_addresses(records: Records) -> tuple[list[str], str]:
    owned = records.truth_table("addresses")
    mine = owned[(owned["entity"] == SWAPPER) & (owned["wallet"] == "deposits")]
    accounts = records.truth_table("accounts")
    hot = accounts[(accounts["entity"] == SWAPPER) & (accounts["role"] == "hot")]
    used = {address for addresses in records.ledger.outputs["addresses"] for address in addresses}
    return sorted(used & set(mine["address"])), hot["address"].iloc[0]


@lru_cache(maxsize=2)
def _matched(records: Records) -> pd.DataFrame:
    """What the package's method says of every deposit at the swapper."""
    coins, account = _swapper_addresses(records)
    paid_in = coin_ends(records.ledger, coins, way="in")
    paid_out = token_ends(records.tokens, [account], way="out")
    found = match_crossings(paid_in, paid_out, way="out", prices=load_hourly_prices(records.name), rates=RATES)
    times = dict(zip(paid_in["end"], paid_in["timestamp"], strict=True))
    later = [_next(paid_out, times[end]) for end in found["source"]]
    named = pd.Series([end and end.partition(":")[0] for end in found["destination"]], dtype=object, index=found.index)
    return found.assign(destination=named, next_payout=later, txid=[end.partition(":")[0] for end in found["source"]])


def _next(paid_out: pd.DataFrame, when) -> str | None:
    rows = paid_out.loc[paid_out["timestamp"] > when, "txid"]
    return rows.iloc[0] if len(rows) else None


def _pairs(source: Source) -> dict[str, tuple[str | None, str | None]]:
    """Six deposits: source end -> (the other end or None, the payout that merely comes next)."""
    truth = source.truth("crossings").merge(
        source.truth("crossing_legs"), on="reference", suffixes=("", "_leg"), validate="one_to_one"
    )
    truth = truth[(truth["service"] == SWAPPER) & (truth["direction"] == "out")]
    real = dict(zip(truth["transaction_hash"], truth["transaction_hash_leg"], strict=True))
    found = _matched(source.records)
    found = found[found["txid"].isin(real)].dropna(subset=["next_payout"])
    right = found[[row.destination in (None, real[row.txid]) for row in found.itertuples()]]
    told, untold = right[right["destination"].notna()], right[right["destination"].isna()]
    told = told[told["next_payout"] != told["destination"]]
    owners = dict(zip(truth["transaction_hash"], truth["entity"], strict=True))
    mine = told[[owners[txid] == source.vendor["vendor"] for txid in told["txid"]]]
    others = told.drop(mine.index)
    stream = source.stream("tokens/pairs")
    chosen = list(mine.index[:3])
    chosen += stream.shuffled(list(untold.index))[:1]
    chosen += stream.shuffled(list(others.index))[: ASKED - len(chosen)]
    if len(chosen) < ASKED or untold.empty:
        raise CointrailError(f"Docket {source.letter}: too few swaps to choose from.")
    rows = right.loc[sorted(chosen)]
    return {row.source: (row.destination, row.next_payout) for row in rows.itertuples()}


def _decimals(source: Source, txid: str) -> int:
    moves, facts = (
        source.tokens.token_transfers.set_index("transaction_hash"),
        source.tokens.tokens.set_index("address"),
    )
    return int(facts["decimals"][moves["token_address"][txid]])


# What to do about each address


def _advice(source: Source) -> dict[str, tuple[str, str]]:
    rows = source.of("token_advice")
    return {row.address: (row.advice, row.reason) for row in rows.itertuples()}


# Papers


def _register(title: str, source: str, authority: str, reliability: str) -> dict:
    return {
        "title": title,
        "source": source,
        "acquired": f"{ANSWERS}T13:30:00Z",
        "authority": authority,
        "reliability": reliability,
    }


def _support_paper(source: Source) -> Paper:
    text = f"""From: support@swaplark.example
To: {source.cast["analyst"].email}
Subject: Your question about orders (case {source.cast.case_number})
Date: {datetime.fromisoformat(ANSWERS):%a, %d %b %Y} 11:05:00 +0000
X-Notice: SYNTHETIC TRAINING DATA - invented people, invented payments, no real coins

Hello,

we keep no accounts and ask nobody's name. What we can say without an order of
a court of PORT TORRIN:

 - We give each order a new deposit address, and pay out from one account. You
   find them in the list we attach (E10c).
 - We keep 0.3 % of the value. The price is that of the hour in which we see
   the deposit: this may be some hours before the deposit stands in a block.
 - We pay out ARVD or HBC within some hours. Our records tell which payout
   belongs to which order, and whether an order was paid out in another coin.
   For these records we need an order of the court.

The support desk

[SYNTHETIC TRAINING DATA]
"""
    register = _register("Answer of SWAPLARK's support desk", "E-mail of SWAPLARK", "Voluntary answer", "B2")
    return text_paper("E10a", "swaplark_answer.eml", text, **register)


def _deposits_paper(pairs: dict) -> Paper:
    rows = [(f"swap{number}", end) for number, end in enumerate(pairs, start=1)]
    links = tuple(("outpoint", end) for end in pairs)
    register = _register("Six deposits at SWAPLARK", "Own analysis of the public ledger", "Public source", "B2")
    return csv_paper("E10b", "six_deposits.csv", ["name", "outpoint"], rows, links=links, **register)


def _issuer_paper(source: Source, frozen: list[str]) -> Paper:
    lines = "\n".join(f"   {show_address(address)}" for address in frozen) or "   (none of the addresses on your list)"
    text = f"""STABLEMARK, issuer of ARVD and HBC                            Case {source.cast.case_number}
Compliance desk, {ANSWERS}. Your request {_request_number(source)}

You asked which addresses on your list are frozen. As of today we have frozen,
for reasons of our own:

{lines}

 1. On an order of a court we freeze an address that holds ARVD or HBC. The
    balance stays visible and cannot be moved.
 2. We do not freeze an address that holds nothing: there is nothing to hold.
 3. An address that is frozen stays frozen. A second order changes nothing.
 4. Deposit addresses of exchanges belong to the exchange. Ask the exchange to
    preserve its records instead.
 5. We do not freeze shops and other businesses because a suspect bought there.
"""
    asked = f"Request {_request_number(source)}, ARVANIA"
    register = _register("Letter of STABLEMARK", "STABLEMARK compliance desk", asked, "A2")
    links = tuple(("address", address) for address in frozen)
    return text_paper("E11a", "stablemark_letter.txt", text, links=links, **register)


def _request_number(source: Source) -> str:
    return source.cast.order_number("RF", 1)


def _addresses_paper(source: Source, advice: dict, broker: str) -> Paper:
    """Addresses on and beside the trail, with what is known of them from other sources; in an order of its own."""
    notes = {
        "preserve": "deposit address of NORTHPIER (its own answer)",
        "shop": "CLOUD CELLAR, a shop with many customers",
    }
    rows = []
    for address, (what, why) in advice.items():
        note = notes.get(what) or (notes["shop"] if "shop" in why else "")
        rows.append((show_address(address), note))
    rows.append((show_address(broker), "a broker with many customers (own advertisement)"))
    rows = source.stream("tokens/addresses").shuffled(rows)
    links = tuple(("address", address) for address in (*advice, broker))
    register = _register("Addresses on and beside the trail", "Own analysis; public labels", "Public source", "B2")
    return csv_paper("E11b", "addresses.csv", ["address", "known"], rows, links=links, **register)


def _start_paper(source: Source) -> Paper:
    start, order = _wallet(source, "main"), f"Search order {source.cast.order_number('SE', 2)}"
    row = (show_address(start), "paid by SWAPLARK or a trader; the account in the suspect's phone (E34a)")
    register = _register("Where the tokens arrived", "Own analysis; exhibit E34a", order, "B2")
    links = (("address", start),)
    return csv_paper("E11c", "start.csv", ["address", "note"], [row], links=links, **register)
