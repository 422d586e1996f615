"""Everybody in the town, and the opening: who there is, who knows whom, and what each owns when the story begins."""

from dataclasses import dataclass, field

from cointrail.world.glass_harbour.calendar import OPENING
from cointrail.world.glass_harbour.innocents import Innocents
from cointrail.world.glass_harbour.market import Market
from cointrail.world.glass_harbour.people import ROLES, Person, Role, Shop
from cointrail.world.glass_harbour.ringpool import POOLS, RingPool
from cointrail.world.glass_harbour.services import EXCHANGES, Desk, Services
from cointrail.world.glass_harbour.town import Town
from cointrail.world.glass_harbour.vendors import PLANS, Vendor
from cointrail.world.wallets import Wallet

__all__ = ["Scene"]

BTC = 100_000_000

SHOP_NAMES = (
    *(
        "ovenbird_bakery",
        "tallowick_lamps",
        "stiltwalk_books",
        "merrowfield_mills",
        "pebblegate_tea",
        "harrowick_tools",
    ),
    *(
        "lanternfish_cafe",
        "cedarholt_bikes",
        "saltglaze_pots",
        "moonwheat_grocer",
        "ropewalk_boats",
        "brassbell_clocks",
    ),
    *("figtree_florist", "windlass_radio", "kettlesworth", "thistledown_wool", "amberjar_honey", "copperleaf_prints"),
    *("oxbow_outdoors", "velvetmoss_seats", "quillpost_paper", "starling_tickets", "dovecote_rooms", "greywater_baths"),
    *("plumbline_doors", "foxglove_vets", "hazelnut_toys", "marlin_ferries", "inkwell_tutors", "tinroof_music"),
    *("barleycorn_ales", "sandpiper_taxis", "wickerworks", "gullwing_gym", "rowanberry_jam", "hearthside_heat"),
)
TILLS = ("till", "web_till", "segwit_till", None)

# What services own at the start, in BTC: hot, cold.
RESERVES = {
    "northpier": (240, 1_500),
    "kestrel": (150, 800),
    "cindermoor": (70, 400),
    "swaplark": (18, 30),
    "payberth": (4, 2),
    "oddlight": (14, 20),
    "drizzle": (14, 10),
    "quayside": (6, 1),
}

# People who live by brokering coins for cash, and five to eight who lend their names.
BROKER = Role(5, sells=(30, 40), top_ups=(25, 35), buys=150_000, opening=(4, 8))
# A cell of three who buy in bulk from several vendors and share what they earn.
RESELLER = Role(3, gifts=(8, 12), top_ups=(20, 26), buys=190_000, opening=(4, 8))
MULE = Role(8, purchases=(3, 6), top_ups=(1, 2), sells=(1, 2))


@dataclass
class Scene:
    """The cast of one world, ready to live."""

    town: Town
    people: dict[str, list[Person]] = field(default_factory=dict)

    def __post_init__(self):
        town = self.town
        self.stream = town.stream("scene")
        self.services = Services(town)
        self.market = Market.at(town)
        self.services.houses["quayside"] = self.market
        self.ringpool = RingPool(town)
        self.shops = [Shop(town, self.services, name, TILLS[n % 4]) for n, name in enumerate(SHOP_NAMES)]
        for role in ROLES:
            self.people[role] = self._crowd(role, ROLES[role])
        self.brokers = self._crowd("broker", BROKER)
        self.mules = self._crowd("mule", MULE)
        self.supplier = town.wallet("quarrywell_supply", "till", "wrapped_purse")
        self.desk = Desk(town, self.services["northpier"])
        self.resellers = self._crowd("reseller", RESELLER)
        self.hosting = town.wallet("pilotbyte_hosting", "till", "web_till")
        self.innocents = Innocents(town, self)
        self.vendors = [Vendor(town, plan, self.market, self) for plan in PLANS]

    def _crowd(self, name: str, role: Role) -> list[Person]:
        return [Person(self.town, self.services, f"{name}_{number:03d}", role) for number in range(1, role.count + 1)]

    def begin(self) -> None:
        """Plan the opening and everybody's life."""
        blocks = self.town.calendar.blocks
        self.town.at(blocks[OPENING] - 60, self._fill_reserves)
        for number in range(40):
            self.town.at(blocks[OPENING + 4 + number] - 60, lambda number=number: self._hand_out(number))
        for number in range(44, 90):
            self.town.at(blocks[OPENING + number] - 60, self._pay_openings)
        self.services.open([person.wallet for person in self.people["miner"]])
        self.ringpool.open()
        for shop in self.shops:
            shop.open()
        everybody = [person for crowd in self.people.values() for person in crowd]
        for person in self.resellers:
            person.live(self.shops, self.resellers)
            self.town.every(self.stream, 18, lambda person=person: self._buy_in_bulk(person), first=12, last=220)
        for person in (*everybody, *self.brokers, *self.mules):
            person.live(self.shops, [self.stream.choice(everybody) for _ in range(4)])
        self.innocents.live()
        for vendor in self.vendors:
            vendor.live(self.people["buyer"])

    def _buy_in_bulk(self, reseller: Person) -> None:
        vendor = self.stream.choice(self.vendors)
        vendor.sell_directly(reseller, self.stream.between(90, 180) * 1_000, tries=1)

    def _fill_reserves(self) -> None:
        """The mining pool has sold its first coins to the services."""
        outputs = []
        for name, (hot, cold) in RESERVES.items():
            house = self.services[name]
            outputs += [(house.hot.receive().script, hot * BTC // 6) for _ in range(6)]
            outputs += [(house.cold.receive().script, cold * BTC // 3) for _ in range(3)]
        outputs += [(self.services.bridge.front.script, 12 * BTC)] * 4
        outputs += [(self.services.atm.receive().script, 8 * BTC)] * 3
        self.town.pay(self.services.pool, outputs, purpose="opening reserves")

    def _hand_out(self, number: int) -> None:
        """People bought coins before the story begins: several small purchases each, at two exchanges."""
        everyone = [p for crowd in (*self.people.values(), self.brokers, self.mules, self.resellers) for p in crowd]
        for person in everyone[number::40]:
            exchange = self.services["cindermoor" if self.stream.chance(20) else "northpier"]
            for _ in range(self.stream.between(*person.role.opening)):
                value = self.town.satoshi(self.stream.around(max(15_000, person.role.buys), 30))
                exchange.buy_and_withdraw(person.name, person.wallet.address(), value)
        users = self.ringpool.users[number::40]
        for wallet in users:
            for _ in range(self.stream.between(4, 7)):
                value = self.stream.around(16_000_000, 22)
                self.services["northpier"].buy_and_withdraw(wallet.entity, wallet.receive(), value)
            self._earlier_rounds(wallet)
        self._pay_openings()

    def _earlier_rounds(self, wallet: Wallet) -> None:
        """Coins of exactly a pool's size, as if mixed before."""
        for pool, weight in POOLS:
            if self.stream.chance(40 + weight):
                self.services["northpier"].buy_and_withdraw(wallet.entity, wallet.receive(), pool)

    def _pay_openings(self) -> None:
        for name in EXCHANGES:
            self.services[name].pay_out()
        sizes = {pool for pool, _ in POOLS}
        for wallet in self.ringpool.users:
            for coin in wallet.coins:
                if coin.value in sizes and coin not in self.ringpool.mixed[coin.value]:
                    self.ringpool.mixed[coin.value].append(coin)
