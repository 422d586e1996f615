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
    entity: str
    wallets: tuple[Account, ...]
    gas: Account
    mule: Account
    broker: str


class Cast:
    """All accounts of the story, from the world's seed and the names of the suspects, docket A first."""

    def __init__(self, scene: Scene, suspects: list[str]):
        account = scene.account
        self.issuer = account("stablemark", "issuer")
        self.arvd = self._token(scene, self.issuer, 0, "ARVD", "Arvania Digital", 6, 100)
        self.hbc = self._token(scene, self.issuer, 1, "HBC", "Harbour Bullion Coin", 18, 3)
        self.maker = account("counterfeiter", "maker")
        self.fake = self._token(scene, self.maker, 0, "ARVD", "Arvania Digital", 6, 100)
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
        self.suspects = [self._suspect(scene, place, entity) for place, entity in enumerate(suspects)]

    def _suspect(self, scene: Scene, place: int, entity: str) -> Suspect:
        wallets = tuple(scene.account(entity, role) for role in ("main", "wallet 2", "wallet 3", "wallet 4"))
        gas, docket = scene.account(entity, "gas"), DOCKETS[place]
        mule = scene.account(f"helper_{docket.lower()}", "main")
        return Suspect(docket, entity, wallets, gas, mule, BROKERS[place * 5 % len(BROKERS)])

    def _token(
        self, scene: Scene, maker: Account, nonce: int, symbol: str, name: str, decimals: int, hundredths: int
    ) -> Token:
        """A token of which so many hundredths are worth one mark."""
        address = self._contract(scene, maker, nonce, f"token {symbol}")
        return Token(symbol, name, decimals, hundredths * 10 ** (decimals - 2), address)

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
        for token in (self.arvd, self.hbc):
            code = creation_code("Stablecoin", token.name, token.symbol, token.decimals)
            scene.send(self.issuer, None, data=code, gas=1_200_000, purpose="setup")
        for office in (self.northpier, self.tallygate):
            code = creation_code("DepositOffice", office.vault.address)
            scene.send(office.keeper, None, data=code, gas=900_000, purpose="setup")
        scene.send(self.spangate, None, data=creation_code("Bridge"), gas=900_000, purpose="setup")
        scene.send(self.employer, None, data=creation_code("Splitter"), gas=900_000, purpose="setup")
