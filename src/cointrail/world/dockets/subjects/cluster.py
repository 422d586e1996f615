"""Who controls what: seeds of the suspect's wallet, and the one payment that joins it with a stranger's.

A shop that adds a coin of its own (PayJoin, BIP78) puts two owners into one transaction. Nothing in the ledger says so;
the shop's answer (E35) does. The seeds (E36a) come from outside the ledger, each with its source.
"""

from typing import TYPE_CHECKING

from cointrail.errors import CointrailError
from cointrail.tracing import bridges, explain_link, seed_cluster
from cointrail.tracing.arrays import ledger_arrays, transaction_numbers
from cointrail.world.dockets.cast import CELL, FORENSICS, SEARCH
from cointrail.world.dockets.paper import Subject, csv_paper, text_paper

if TYPE_CHECKING:
    from cointrail.world.dockets.source import Source

__all__ = ["make", "owners_of_inputs"]


def make(source: "Source") -> Subject:
    """Seeds, the wrong merge and both sizes; E35 is the shop's answer, E36a the list of seeds."""
    merge, shop, coin, own = _wrong_merge(source)
    listed = source.vendor["listed_address"]
    reached = set(seed_cluster(source.ledger, [listed], exclude=[merge]))
    seeds = [listed, *(address for address in own if address not in reached)]
    whole, clean = (seed_cluster(source.ledger, seeds, exclude=exclude) for exclude in ([], [merge]))
    _need_one_owner(source, clean)
    chain = explain_link(source.ledger, seeds[-1], coin)["txid"]
    if coin not in whole or coin in clean or chain.iloc[-1] != merge:
        raise CointrailError(f"Docket {source.letter}: without {merge[:8]} the shop's coin is still joined.")
    others = _other_joins(source, seeds, merge)
    facts = {
        "listed": listed,
        "seeds": seeds,
        "wrong_merge": merge,
        "shop": shop,
        "shop_coin": coin,
        "size": len(clean),
        "naive_size": len(whole),
        "strangers": len(whole) - len(clean),
        "other_joins": others,
        "without_another": len(seed_cluster(source.ledger, seeds, exclude=others[:1])),
    }
    return Subject(papers=[_shop_letter(source, shop, coin, merge), _seed_list(source, seeds)], facts=facts)


def owners_of_inputs(source: "Source", txid: str) -> dict[str, str]:
    """Address -> entity of what a transaction spends, in order."""
    owner = source.truth("addresses").set_index("address")["entity"]
    spent = [addresses[0] for addresses in source.ledger.inputs_of(txid)["addresses"]]
    return {address: owner[address] for address in spent}


def _wrong_merge(source):
    """Txid, shop, the shop's coin and the suspect's addresses among the inputs, from the landmark of the PayJoin."""
    marks = source.of("landmarks")
    marks = marks[marks["kind"] == "payjoin"]
    if marks.empty:
        raise CointrailError(f"Docket {source.letter}: {source.vendor['vendor']} has no PayJoin among the landmarks.")
    row, me = marks.iloc[0], source.vendor["vendor"]
    owners = owners_of_inputs(source, row["transaction_hash"])
    mine = [address for address, entity in owners.items() if entity == me]
    theirs = [address for address, entity in owners.items() if entity == row["entity"]]
    if not mine or len(theirs) != 1:
        raise CointrailError(f"Docket {source.letter}: the PayJoin {row['transaction_hash'][:8]} is not of two owners.")
    return row["transaction_hash"], row["entity"], theirs[0], mine


def _need_one_owner(source, addresses):
    owner = source.truth("addresses").set_index("address")["entity"]
    strangers = sorted(set(owner[addresses]) - {source.vendor["vendor"]})
    if strangers:
        raise CointrailError(f"Docket {source.letter}: the suspect's cluster still holds addresses of {strangers[0]}.")


def _other_joins(source, seeds, merge):
    """Transactions that hold the cluster together and are all right: whoever leaves one out loses own addresses."""
    found = [txid for seed in seeds for txid in bridges(source.ledger, seed)["txid"] if txid != merge]
    view = ledger_arrays(source.ledger)
    mine = set(seed_cluster(source.ledger, seeds, exclude=[merge]))
    alone = [txid for txid in dict.fromkeys(found) if set(owners_of_inputs(source, txid)) <= mine]
    if not alone:
        raise CointrailError(f"Docket {source.letter}: no other transaction joins the suspect's own addresses.")
    order = dict(zip(alone, transaction_numbers(source.ledger, alone), strict=True))
    sizes = {txid: view.input_start[t + 1] - view.input_start[t] for txid, t in order.items()}
    return sorted(alone, key=lambda txid: (-sizes[txid], order[txid]))[:5]


def _shop_letter(source, shop, coin, merge):
    when = source.ledger.transaction(merge)["block_timestamp"]
    name, cast = shop.replace("_", " ").title(), source.cast
    order = f"{source.stream('cluster/order').between(2000, 9899)}"
    text = f"""From: {name}, accounts
To: {CELL}
Date: 2 November 2026
Subject: your question of 28 October 2026, file {cast.case_number}

Dear colleagues,

you ask why coins of our shop lie together with coins of a customer whom you
are looking at.

Our till program offers the customer a payment of a special kind (the trade
calls it PayJoin). The customer's wallet sends us a draft, our till adds one
coin of our own to the inputs, and both sign. The customer pays the price as
usual; our coin comes back to us in the same payment, together with the price.

For our order {order}, paid around {when.day} {when:%B %Y}, our till added the coin
that lay at our address

  {coin}

We do not know the customer. The goods went to a parcel box. Every other coin
in that payment was the customer's, as far as we know. Our books are open to
you.

With kind regards
{name}
"""
    return text_paper(
        "E35",
        "answer_of_the_shop.txt",
        text,
        title="Answer of a shop to a question of the analysis cell",
        source=name,
        acquired="2026-11-02T03:20:00Z",
        authority="Voluntary answer to a written question",
        reliability="B2",
        links=(("address", coin),),
    )


def _seed_list(source, seeds):
    shown = "shown on the vendor's market profile (snapshots of the market)"
    backup = "own address in the wallet backup on the seized phone (only a part could be read)"
    rows = [(f"seed{place}", seed, backup if place > 1 else shown) for place, seed in enumerate(seeds, 1)]
    return csv_paper(
        "E36a",
        "seed_addresses.csv",
        ["name", "address", "known_from"],
        rows,
        title="Addresses of the suspect that are known from outside the ledger",
        source=f"Working note of {source.cast['analyst'].name}",
        acquired=f"{SEARCH}T09:40:00Z",
        authority=f"Search order {source.cast.order_number('SE', 1)}",
        reliability="B2",
        acquirer=FORENSICS,
        links=tuple(("address", seed) for seed in seeds),
    )
