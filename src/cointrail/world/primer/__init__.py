"""World `primer`: three weeks, a dozen actors, about two hundred payments, two small dockets. Small enough to read."""

from cointrail.ledger.blockfile import ledger_from_blocks
from cointrail.world.economy import Economy
from cointrail.world.primer.calendar import block_times, header_times, prices
from cointrail.world.primer.cast import Cast
from cointrail.world.primer.exhibits import docket_exhibits
from cointrail.world.primer.facts import choose_reviews, docket_facts, price_text, sale_names, wallet_rows
from cointrail.world.primer.plans import PLANS
from cointrail.world.primer.routine import Exchange, routine
from cointrail.world.primer.story import OFFSET, Docket, sales
from cointrail.world.records import Exhibit, PublicWorld, Truth
from cointrail.world.streams import Stream
from cointrail.world.truth import owner_tables, truth_frame

__all__ = ["SEED", "make"]

NAME = "primer"

# Public on purpose: this world, its solutions and its truth are for learning.
SEED = bytes.fromhex("436f696e747261696c207072696d6572")


def make(seed: bytes) -> tuple[PublicWorld, Truth]:
    """Live the three weeks, and hand back what everybody may see and what only the simulator knows."""
    times, table = block_times(seed), prices(seed)
    economy = Economy(seed)
    cast = Cast(economy)
    exchange = Exchange(cast)
    dockets = _dockets(economy, cast, exchange, times=times, table=table)
    events = routine(cast, exchange, seed=seed)
    for docket in dockets:
        events += docket.events(Stream(seed, f"docket/{docket.plan.docket}/events"))
    economy.run(events, block_times=times, miner=cast.public["mining_pool"])

    blocks = economy.blocks(header_times(times, seed=seed, keep=_sale_heights(economy)))
    ledger = ledger_from_blocks(blocks, name=NAME)
    payments = [payment for block in economy.confirmed for payment in block]
    reviews = choose_reviews(payments, Stream(seed, "fee review"), dockets=len(dockets))
    facts, exhibits = {}, {}
    for docket, review in zip(dockets, reviews, strict=True):
        name = docket.plan.docket
        facts[name] = docket_facts(docket, ledger, prices=table, review=review)
        exhibits[name] = docket_exhibits(docket, review=review, stream=Stream(seed, f"docket/{name}/exhibits"))
    public = PublicWorld(
        name=NAME,
        seed=seed if seed == SEED else None,
        course_day_utc_offset=OFFSET,
        blocks=[block.serialise() for block in blocks],
        ledger=ledger,
        prices={day: price_text(cents) for day, cents in table.items()},
        exhibits=exhibits,
    )
    tables = owner_tables(economy, ledger) | _story_tables(dockets, exchange, facts, exhibits)
    return public, Truth(NAME, tables, facts)


def _dockets(economy: Economy, cast: Cast, exchange: Exchange, *, times: list[int], table: dict) -> list[Docket]:
    dockets = []
    for plan in PLANS:
        stream = Stream(economy.seed, f"docket/{plan.docket}/sales")
        orders, pending = sales(plan, times=times, prices=table, stream=stream)
        dockets.append(Docket(plan, economy, cast, exchange, orders, pending))
    return dockets


def _sale_heights(economy: Economy) -> set[int]:
    """Blocks with a sale, and those after: their times decide the value of a payment, so they are not disturbed."""
    heights = {h for h, block in enumerate(economy.confirmed, start=1) if any(p.purpose == "sale" for p in block)}
    return heights | {height + 1 for height in heights}


def _story_tables(dockets: list[Docket], exchange: Exchange, facts: dict, exhibits: dict[str, list[Exhibit]]) -> dict:
    sources = [
        (name, sale["sale"], sale["txid"], sale["vout"], sale["value"])
        for name, docket_facts in facts.items()
        for sale in docket_facts["sales"]
    ]
    book = [("northpier", time * 1_000, *entry) for time, *entry in exchange.book]
    links = [link for docket in dockets for link in _links(docket, facts[docket.plan.docket])]
    rows = {"sources": sources, "custodian_book": book, "exhibit_links": links}
    return {name: truth_frame(name, entries) for name, entries in rows.items()}


def _links(docket: Docket, facts: dict) -> list[tuple[str, str, str, str]]:
    """What each exhibit of a docket points at; a pending txid points at nothing on the ledger."""
    name = docket.plan.docket
    links = [(name, "E01", "txid", facts["payment"]["txid"])]
    links += [(name, "E02", "txid", review["txid"]) for review in facts["fee_review"]]
    links += [(name, "E03", "outpoint", outpoint) for outpoint, _ in wallet_rows(docket)]
    for _, sale in sale_names(docket):
        links.append((name, "E04", "pending" if sale is docket.pending else "txid", sale.payment.txid))
    return [*links, (name, "E06", "address", facts["listed_address"])]
