"""Which output is change, and where a peel chain goes: sixty payments (E36b) and the first coin of a chain (E36c).

The sixty are drawn so that a guess on one sign is right in about nine of ten, and on two signs that agree almost
always: what was published for real wallets. The labelled training payments are drawn in the same shares. Whoever asks
for too many signs answers too little.
"""

from typing import TYPE_CHECKING

import numpy as np

from cointrail.errors import CointrailError
from cointrail.tracing import follow_peel_chain
from cointrail.tracing.arrays import ledger_arrays, outpoints, output_number, transaction_numbers
from cointrail.tracing.peeling import DUST
from cointrail.world.dockets.cast import SEARCH
from cointrail.world.dockets.paper import Subject, csv_paper, text_paper
from cointrail.world.training import change_pool, labelled_change

if TYPE_CHECKING:
    from cointrail.world.dockets.source import Source

__all__ = ["make"]

# How many of the sixty: a guess on one sign is wrong; right on one sign only; right on two; right on three or more.
DRAWN = {"wrong": 5, "one": 14, "two": 17, "more": 24}
SMALLEST_DUST_STEP = 500


def make(source: "Source") -> Subject:
    """The sixty payments with their true change, and the suspect's peel chain."""
    change = _sixty(source)
    facts, start = _chain(source)
    papers = [_list_of_payments(source, list(change)), _note(source, start)]
    return Subject(papers=papers, facts={"change": change, "peel": facts})


def _sixty(source):
    pool, stream = change_pool(source.records), source.stream("change/sixty")
    pool = pool[~pool["txid"].isin(labelled_change(source.records)["txid"])]
    chosen = []
    for group, count in DRAWN.items():
        there = pool.loc[pool["group"] == group, "txid"].tolist()
        if len(there) < count:
            raise CointrailError(
                f"Docket {source.letter}: only {len(there)} payments are of the group {group!r}, {count} are needed."
            )
        chosen += stream.shuffled(there)[:count]
    truth = pool.set_index("txid")["vout"]
    return {txid: int(truth[txid]) for txid in stream.shuffled(chosen)}


def _chain(source):
    """The suspect's chain as the simulator made it; the followed one must be the same."""
    steps = source.of("routes")
    steps = steps[steps["route"] == "peel chain"].sort_values("step")["transaction_hash"].tolist()
    if len(steps) < 7:
        raise CointrailError(f"Docket {source.letter}: the peel chain has only {len(steps)} steps.")
    start = f"{steps[0]}:0"
    chain = follow_peel_chain(source.ledger, start, dust=SMALLEST_DUST_STEP)
    if chain.steps["txid"].tolist() != steps[1:]:
        raise CointrailError(f"Docket {source.letter}: the peel chain from {start[:8]} is not the one that was made.")
    until_dust = follow_peel_chain(source.ledger, start)
    if until_dust.stop != "dust":
        raise CointrailError(f"Docket {source.letter}: no step of the peel chain carries dust.")
    pieces = chain.steps["peeled"]
    facts = {
        "start": start,
        "txids": steps[1:],
        "stop": chain.stop,
        "end": chain.end,
        "total": int(pieces[pieces >= DUST].sum()),
        "total_with_dust": int(pieces.sum()),
        "total_until_dust": until_dust.total_peeled,
        "until_dust": until_dust.steps["txid"].tolist(),
        "kept_summed": int(chain.steps["kept"].sum()),
        "fees": int(chain.steps["fee"].sum()),
        "past_the_service": _other_way(source, chain),
    }
    return facts, start


def _other_way(source, chain):
    """The first payment, then the coin that was peeled off: the way into a service, and out of it."""
    view, txids = ledger_arrays(source.ledger), [chain.steps["txid"].iloc[0]]
    coin = output_number(source.ledger, chain.steps["peeled_to"].iloc[0])
    while len(txids) < len(chain.steps) and (t := int(view.spent_by[coin])) >= 0:
        txids.append(view.txids[t])
        made = np.arange(view.output_start[t], view.output_start[t + 1])
        coin = int(made[view.output_value[made].argmax()])
    return txids


def _list_of_payments(source, txids):
    rows = [(f"p{place:02d}", txid) for place, txid in enumerate(txids, 1)]
    return csv_paper(
        "E36b",
        "sixty_payments.csv",
        ["name", "txid"],
        rows,
        title="Sixty payments around the case whose change is not known",
        source=f"Working note of {source.cast['analyst'].name}",
        acquired="2026-10-27T02:15:00Z",
        authority=f"File {source.cast.case_number}, public ledger",
        reliability="A1",
        links=tuple(("txid", txid) for txid in txids),
    )


def _note(source, start):
    view = ledger_arrays(source.ledger)
    t = transaction_numbers(source.ledger, [start[:64]])[0]
    made = outpoints(view, np.array([view.output_start[t]]))[0]
    cast = source.cast
    text = (
        f"Working note, file {cast.case_number}\nFrom: {cast['examiner'].name}\nTo: {cast['analyst'].name}\n\n"
        "The wallet on the seized phone shows one payment in which all its coins went\nto a new address. "
        f"That coin is the output\n\n  {made}\n\n"
        "The phone's own list calls that amount 'the big one'. What happened to it\n"
        "afterwards is not on the phone. Please follow it.\n"
    )
    return text_paper(
        "E36c",
        "note_the_big_one.txt",
        text,
        title="Note of the examiner: where a chain of payments begins",
        source=f"Examination of the seized phone by {cast['examiner'].name}",
        acquired=f"{SEARCH}T10:30:00Z",
        authority=f"Search order {cast.order_number('SE', 1)}",
        reliability="A2",
        links=(("outpoint", made),),
    )
