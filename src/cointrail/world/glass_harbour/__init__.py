"""World `glass_harbour`: eight months in a harbour town, where a thousand people pay, save, play, sell and hide.

`scene` has the cast, `services` and `market` the custodians, `people` and `innocents` everyday life, `vendors` and
`laundering` the suspects of dockets A to X.

Dockets and their exhibits come on top: a docket reads `Scene.vendors` (one for each letter), the truth tables and
`Town`'s notes, and adds `exhibits` and named facts in `make`. Other ledgers read `Town.crossings`, or the truth table
of that name: each row is this ledger's end of a swap or a bridge.
"""

from cointrail.ledger.blockfile import ledger_from_blocks
from cointrail.world.glass_harbour.calendar import make_calendar
from cointrail.world.glass_harbour.scene import Scene
from cointrail.world.glass_harbour.tables import rate_files, story_tables
from cointrail.world.glass_harbour.town import Town
from cointrail.world.records import PublicWorld, Truth
from cointrail.world.stale import stale_block
from cointrail.world.truth import owner_tables, truth_frame

__all__ = ["SEED", "live", "make"]

NAME = "glass_harbour"
OFFSET = 7

# Public on purpose: this world, its solutions and its truth are for learning.
SEED = bytes.fromhex("676c61737320686172626f7572203236")


def live(seed: bytes) -> Scene:
    """Let the whole story happen; the ledger is in `scene.town.economy`, not yet in blocks."""
    calendar = make_calendar(seed)
    scene = Scene(Town(seed, calendar))
    scene.begin()
    scene.town.economy.run([], block_times=calendar.blocks, miner=scene.services.pool_front)
    return scene


def make(seed: bytes) -> tuple[PublicWorld, Truth]:
    """Live the eight months, and hand back what everybody may see and what only the simulator knows."""
    scene = live(seed)
    town, calendar = scene.town, scene.town.calendar
    blocks = town.economy.blocks(calendar.header_times(seed))
    ledger = ledger_from_blocks(blocks, name=NAME)
    public = PublicWorld(
        name=NAME,
        seed=seed if seed == SEED else None,
        course_day_utc_offset=OFFSET,
        blocks=[block.serialise() for block in blocks],
        ledger=ledger,
        prices={day: f"{cents // 100}.{cents % 100:02d}" for day, cents in calendar.closing_prices().items()},
        exhibits={vendor.docket: [] for vendor in scene.vendors},
        texts=rate_files(calendar),
    )
    stale = {
        "stale_blocks": truth_frame("stale_blocks", [stale_block(town.economy, blocks, town.stream("stale block"))])
    }
    return public, Truth(NAME, owner_tables(town.economy, ledger) | story_tables(scene) | stale, {})
