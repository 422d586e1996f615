"""Who lives in primer, and which wallets they use.

All are invented. `Cast` gives the story its wallets by entity; an entity's name is what the truth tables say.
"""

from dataclasses import dataclass, field

from cointrail.world.economy import Economy
from cointrail.world.keys import Lock
from cointrail.world.wallets import STYLES, Wallet

__all__ = ["BUYERS", "CUSTOMERS", "MERCHANTS", "POOL_MEMBERS", "STAFF", "Cast"]

STAFF = ("staff_orla", "staff_tomas", "staff_ines", "staff_ruta", "staff_bela")
MERCHANTS = ("ovenbird_bakery", "tallowick_lamps", "stiltwalk_books")
BUYERS = ("buyer_alder", "buyer_birch", "buyer_cedar", "buyer_dogwood", "buyer_elm", "buyer_fir")
POOL_MEMBERS = ("tallowick_lamps", "staff_tomas", "buyer_cedar", "buyer_fir")

# The program each entity uses for its daily wallet.
PROGRAMS = {
    "mining_pool": "service",
    "merrowfield_mills": "vault",
    "harbour_kitchen": "paper",
    "researcher_wren": "taproot",
    "staff_orla": "phone",
    "staff_tomas": "older_phone",
    "staff_ines": "taproot",
    "staff_ruta": "phone",
    "staff_bela": "paper",
    "ovenbird_bakery": "shop",
    "tallowick_lamps": "older_phone",
    "stiltwalk_books": "shop",
    "buyer_alder": "desktop",
    "buyer_birch": "phone",
    "buyer_cedar": "older_phone",
    "buyer_dogwood": "phone",
    "buyer_elm": "paper",
    "buyer_fir": "taproot",
    "greyfinch": "phone",
    "paperlark": "desktop",
}
CUSTOMERS = tuple(PROGRAMS)


@dataclass
class Cast:
    """The wallets of primer.

    Attributes
    ----------
    daily : dict
        One wallet for each entity but the exchange.
    hot, cold, deposits : Wallet
        The three wallets of the exchange northpier.
    accounts : dict
        The exchange's deposit address of each customer, always the same.
    public : dict
        The address an entity shows to the world and uses again and again, where it has one.
    """

    economy: Economy
    daily: dict[str, Wallet] = field(default_factory=dict)
    accounts: dict[str, Lock] = field(default_factory=dict)
    public: dict[str, Lock] = field(default_factory=dict)

    def __post_init__(self):
        wallet = self.economy.wallet
        self.hot = wallet("northpier", "hot", STYLES["service"])
        self.cold = wallet("northpier", "cold", STYLES["vault"])
        self.deposits = wallet("northpier", "deposits", STYLES["deposits"])
        for entity, program in PROGRAMS.items():
            self.daily[entity] = wallet(entity, "daily", STYLES[program])
            self.accounts[entity] = self.deposits.receive()
        for entity in ("mining_pool", "harbour_kitchen", "greyfinch", "paperlark"):
            self.public[entity] = self.daily[entity].receive()
        self.public["northpier"] = self.hot.receive()
