"""What the subject of a docket may read: the public files of its world, the truth, the cast, and a seeded stream."""

import json
from dataclasses import dataclass
from functools import cache, cached_property

import pandas as pd

from cointrail.errors import CointrailError
from cointrail.ledger import Ledger, TokenLedger, load_ledger, load_token_ledger
from cointrail.tracing import load_prices
from cointrail.world.dockets.cast import Cast, make_cast
from cointrail.world.dockets.paper import Subject
from cointrail.world.dockets.subjects import subject
from cointrail.world.files import WorldFiles
from cointrail.world.streams import Stream

__all__ = ["Records", "Source"]


class Records(WorldFiles):
    """A world's files, each read once for all dockets."""

    @cached_property
    def seed(self) -> bytes:
        """The seed: in the manifest of a public world, on the instructor's desk of a secret one."""
        public = self.manifest.get("seed")
        secret = self.truth / "seed.txt" if self.truth else None
        if public is None and not (secret and secret.is_file()):
            raise CointrailError(f"The seed of {self.name} is not here: its dockets can be made on the desk only.")
        return bytes.fromhex(public or secret.read_text(encoding="utf-8").split()[0])

    @cached_property
    def ledger(self) -> Ledger:
        return load_ledger(self.name)

    @cached_property
    def tokens(self) -> TokenLedger:
        return load_token_ledger(self.name)

    @cached_property
    def prices(self) -> pd.DataFrame:
        return load_prices(self.name)

    @property
    def draws(self) -> dict[str, int]:
        """How often the facts of a docket were drawn again, by letter: ``draws.json`` on the desk, if any were."""
        path = self.truth / "draws.json" if self.truth else None
        return json.loads(path.read_bytes())["draws"] if path and path.is_file() else {}

    @cached_property
    def _tables(self) -> dict[str, pd.DataFrame]:
        return {}

    def truth_table(self, name: str) -> pd.DataFrame:
        if name not in self._tables:
            self._tables[name] = super().truth_table(name)
        return self._tables[name]


@dataclass(frozen=True)
class Source:
    """One docket of a world, as its subjects see it; another `draw` gives other facts on the same ledgers.

    Examples
    --------
    >>> source = Source(Records("glass_harbour"), "A")
    >>> source.vendor["docket"], source.stream("example").below(10) < 10
    ('A', True)
    """

    records: Records
    letter: str
    draw: int = 0

    @property
    def world(self) -> str:
        return self.records.name

    @property
    def ledger(self) -> Ledger:
        """The UTXO chain."""
        return self.records.ledger

    @property
    def tokens(self) -> TokenLedger:
        """The account chain."""
        return self.records.tokens

    @property
    def prices(self) -> pd.DataFrame:
        return self.records.prices

    @property
    def seed(self) -> bytes:
        return self.records.seed

    @property
    def number(self) -> int:
        """The place of the letter: 0 for A. For turns among dockets; nothing else may depend on the letter."""
        return ord(self.letter) - ord("A")

    @cached_property
    def vendor(self) -> pd.Series:
        """The suspect's row in the truth table vendors: vendor, handles, listed_address, program, routes."""
        return self.of("vendors").iloc[0]

    @cached_property
    def cast(self) -> Cast:
        return make_cast(self)

    def stream(self, purpose: str) -> Stream:
        """Random numbers of this docket for one purpose."""
        return Stream(self.seed, f"docket/{self.letter}/{purpose}{f'/{self.draw}' if self.draw else ''}")

    def truth(self, table: str) -> pd.DataFrame:
        """A whole truth table."""
        return self.records.truth_table(table)

    def of(self, table: str) -> pd.DataFrame:
        """The rows of a truth table that carry this docket's letter, in the table's order."""
        rows = self.truth(table)
        return rows[rows["docket"] == self.letter].reset_index(drop=True)

    def addresses(self, entity: str, *wallets: str) -> list[str]:
        """Addresses of the UTXO chain that an entity holds (in these wallets, if any are named), sorted."""
        rows = self.truth("addresses")
        mine = rows["entity"] == entity
        return sorted(rows["address"][mine & rows["wallet"].isin(wallets) if wallets else mine])

    def subject(self, name: str) -> Subject:
        """Papers and facts of one subject; made once."""
        return _made(self, name)

    def facts(self, name: str) -> dict:
        """The facts of another subject of this docket."""
        return self.subject(name).facts

    def __hash__(self) -> int:
        return hash((id(self.records), self.letter, self.draw))


@cache
def _made(source: Source, name: str) -> Subject:
    return subject(name).make(source)
