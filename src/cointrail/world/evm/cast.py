"""Who acts on the account chain: services, brokers, people, and the contracts they use."""

from dataclasses import dataclass

from cointrail.world.evm.contracts import creation_code, forwarder_address
from cointrail.world.evm.hashing import keccak
from cointrail.world.evm.keys import Account
from cointrail.world.evm.rlp import encode
from cointrail.world.evm.scene import Scene, Token

__all__ = ["BROKERS", "DOCKETS", "Cast", "Office", "Suspect"]

QUAY = 10**18
DOCKETS = "ABCDEFGHIJKLMNOPQRSTUVWX"
# Over the counter, person to person, and one informal value transfer shop.
BROKERS = ("otc_merrow", "otc_vane", "p2p_larkspur", "p2p_dunmore", "p2p_quince", "ivt_saltroad")
MERCHANTS = ("lampwright", "tidewater_books", "harbour_grocer", "cloud_cellar", "ferry_line", "reed_pharmacy")


@dataclass(frozen=True)
class Office:
    """A service that opens a forwarder contract for each customer."""

    entity: str
    keeper: Account
    vault: Account
    address: bytes

    def forwarder(self, customer: int) -> bytes:
        return forwarder_address(self.address, self.vault.address, customer)


@dataclass(frozen=True)
class Suspect:
    """The suspect of a docket: four wallets in a row, one for gas, and a helper who holds an exchange account."""

    docket: str
    wallets: tuple[Account, ...]
    gas: Account
    mule: Account
    broker: str
    coin: str

    @property
    def entity(self) -> str:
        return f"suspect_{self.docket.lower()}"


class Cast:
    """All accounts of the story, from the world's seed alone."""

    def __init__(self, scene: Scene):
        account = scene.account
        self.issuer = account("stablemark", "issuer")
        self.arvs = self._token(scene, self.issuer, 0, "ARVS", "Stablemark Arvania", 6)
        self.sels = self._token(scene, self.issuer, 1, "SELS", "Stablemark Selmora", 18)
        self.maker = account("counterfeiter", "maker")
        self.fake = self._token(scene, self.maker, 0, "ARVS", "Stablemark Arvania", 6)
        self.northpier = self._office(scene, "northpier")
        self.tallygate = self._office(scene, "tallygate")
        self.cold = account("northpier", "cold")
        self.kestrel, self.kestrel_tank = account("kestrel", "hot"), account("kestrel", "gas tank")
        self.swaplark, self.swaplark_tank = account("swaplark", "hot"), account("swaplark", "gas tank")
        self.spangate = account("spangate", "keeper")
        self.bridge = self._contract(scene, self.spangate, 0, "bridge")
        self.employer = account("orrin_shipping", "wages")
        self.splitter = self._contract(scene, self.employer, 0, "splitter")
        self.brokers = {name: account(name, "desk") for name in BROKERS}
        self.merchants = {name: account(name, "till") for name in MERCHANTS}
        self.residents = [account(f"resident_{n:03}", "main") for n in range(240)]
        self.seconds = [account(f"resident_{n:03}", "second") for n in range(0, 240, 4)]
        self.poisoners = [account(f"poisoner_{n}", "main") for n in (1, 2, 3)]
        self.scammers = [account(f"scammer_{n}", "main") for n in range(1, 10)]
        self.miners = [account(f"validator_{n}", "rewards") for n in (1, 2, 3)]
        self.kestrel_deposits = [
            account("kestrel", f"deposit {n}", customer=f"resident_{n:03}") for n in range(150, 225)
        ]
        self.suspects = [self._suspect(scene, place, docket) for place, docket in enumerate(DOCKETS)]

    def _suspect(self, scene: Scene, place: int, docket: str) -> Suspect:
        entity = f"suspect_{docket.lower()}"
        wallets = tuple(scene.account(entity, f"wallet {n}") for n in (1, 2, 3, 4))
        gas, mule = scene.account(entity, "gas"), scene.account(f"helper_{docket.lower()}", "main")
        return Suspect(
            docket, wallets, gas, mule, BROKERS[place * 5 % len(BROKERS)], "SELS" if place % 4 == 3 else "ARVS"
        )

    def _token(self, scene: Scene, maker: Account, nonce: int, symbol: str, name: str, decimals: int) -> Token:
        return Token(symbol, name, decimals, self._contract(scene, maker, nonce, f"token {symbol}"))

    def _office(self, scene: Scene, entity: str) -> Office:
        keeper, vault = scene.account(entity, "keeper"), scene.account(entity, "hot")
        return Office(entity, keeper, vault, self._contract(scene, keeper, 0, "deposit office"))

    def _contract(self, scene: Scene, maker: Account, nonce: int, role: str) -> bytes:
        """The address that a maker's transaction will give a contract, known before it is sent."""
        address = keccak(encode([maker.address, nonce]))[12:]
        scene.own(address, scene.owners[maker.address].entity, role)
        return address

    def first_coins(self) -> dict[bytes, int]:
        """Block 0: coins for those who keep the others supplied; suspects and helpers start with none."""
        rich = [self.issuer, self.maker, self.cold, self.kestrel, self.kestrel_tank, self.swaplark, self.swaplark_tank]
        rich += [self.spangate, self.employer, *self.brokers.values(), *self.merchants.values()]
        for office in (self.northpier, self.tallygate):
            rich += [office.keeper, office.vault]
        coins = {account.address: 20_000 * QUAY for account in rich}
        return coins | {account.address: 4 * QUAY for account in (*self.residents, *self.poisoners, *self.scammers)}

    def found(self, scene: Scene) -> None:
        """Put all contracts on the chain, in the order that their addresses ask for."""
        for token in (self.arvs, self.sels):
            code = creation_code("Stablecoin", token.name, token.symbol, token.decimals)
            scene.send(self.issuer, None, data=code, gas=1_200_000, purpose="setup")
        for office in (self.northpier, self.tallygate):
            code = creation_code("DepositOffice", office.vault.address)
            scene.send(office.keeper, None, data=code, gas=900_000, purpose="setup")
        scene.send(self.spangate, None, data=creation_code("Bridge"), gas=900_000, purpose="setup")
        scene.send(self.employer, None, data=creation_code("Splitter"), gas=900_000, purpose="setup")
