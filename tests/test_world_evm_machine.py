"""Does one transaction after another do on our chain what it does on a real one?

Gas figures are those that anvil gives for the same transactions; the whole world is replayed there in a slow test.
"""

import pytest
from trie import HexaryTrie

from cointrail.errors import CointrailError
from cointrail.world.evm.calls import inner_calls
from cointrail.world.evm.chain import Chain
from cointrail.world.evm.contracts import call, creation_code, event, forwarder_address, word
from cointrail.world.evm.hashing import keccak
from cointrail.world.evm.keys import make_account, sign
from cointrail.world.evm.rlp import encode

pytest.importorskip("pyrevm", reason="pyrevm has no wheel for this system")

SEED, START = b"x" * 16, 1_767_225_600
TIP = 10**9


class Stage:
    """A chain with a stablecoin, two people and a miner; `do` puts one transaction into a block of its own."""

    def __init__(self):
        self.issuer, self.user, self.other, self.miner = (make_account(SEED, name) for name in "abcm")
        self.chain = Chain(START, {self.issuer.address: 10**24, self.user.address: 10**24})
        self.vaults = {}
        self.token = self.deploy("Stablecoin", "Training Coin", "TRN", 6)

    def do(self, account, to, data=b"", *, value=0, gas=300_000, people=()):
        transaction = sign(account, to=to, value=value, data=data, gas=gas, tip=TIP, max_fee=50 * 10**9)
        time = START + 600 * len(self.chain.blocks)
        reachable = {*people, *([to] if to else [])}
        block = self.chain.add_block([(transaction, reachable)], timestamp=time, miner=self.miner.address)
        outcome = block.outcomes[0]
        return outcome, inner_calls(transaction, outcome, self.vaults)

    def deploy(self, name, *arguments):
        return self.do(self.issuer, None, creation_code(name, *arguments), gas=2_000_000)[0].contract

    def transfer(self, account, to, amount, **more):
        return self.do(account, self.token, call("transfer(address,uint256)", to, amount), people=[to], **more)[0]

    def issue(self, to, amount):
        self.do(self.issuer, self.token, call("issue(address,uint256)", to, amount), people=[to])


@pytest.fixture
def stage():
    return Stage()


def test_gas_is_that_of_a_chain_that_forgets_between_transactions(stage):
    stage.issue(stage.user.address, 1_000)
    first, second = (stage.transfer(stage.user, stage.other.address, 5) for _ in range(2))
    # The second finds the receiver's slot in use; both pay for touching storage for the first time.
    assert (first.gas_used - second.gas_used) == 17_100
    assert second.gas_used > 36_000


def test_a_failed_transaction_changes_nothing_but_costs_its_gas(stage):
    before = stage.chain.state.of(stage.user.address).balance
    outcome = stage.transfer(stage.user, stage.other.address, 5)
    assert (outcome.status, outcome.error, outcome.logs) == (0, "Reverted", [])
    assert stage.chain.state.of(stage.user.address).balance == before - outcome.gas_used * outcome.price
    assert stage.chain.state.of(stage.user.address).nonce == 1


def test_too_little_gas_costs_all_of_it(stage):
    stage.issue(stage.user.address, 1_000)
    outcome = stage.transfer(stage.user, stage.other.address, 5, gas=30_000)
    assert (outcome.status, outcome.error, outcome.gas_used) == (0, "Out of gas", 30_000)


def test_a_frozen_account_receives_but_does_not_send(stage):
    stage.issue(stage.user.address, 1_000)
    frozen, _ = stage.do(
        stage.issuer, stage.token, call("freeze(address)", stage.user.address), people=[stage.user.address]
    )
    assert "0x" + frozen.logs[0].topics[0].hex() == event("Frozen(address)")
    assert stage.transfer(stage.user, stage.other.address, 5).status == 0
    stage.issue(stage.user.address, 7)
    assert stage.chain.state.of(stage.token).storage[balance(stage.user)] == 1_007


def test_only_the_issuer_can_freeze(stage):
    data = call("freeze(address)", stage.issuer.address)
    assert stage.do(stage.user, stage.token, data, people=[stage.issuer.address])[0].status == 0


def test_nothing_can_be_moved_out_of_anybodys_account(stage):
    """The transfer that address poisoners use: it needs no allowance, and moves no coin."""
    data = call("transferFrom(address,address,uint256)", stage.user.address, stage.other.address, 0)
    outcome, _ = stage.do(stage.issuer, stage.token, data, people=[stage.user.address, stage.other.address])
    assert outcome.status == 1
    assert outcome.logs[0].topics[1] == word(stage.user.address)
    assert int.from_bytes(outcome.logs[0].data, "big") == 0


def test_a_forwarder_passes_coins_on_and_is_swept_for_tokens(stage):
    vault = make_account(SEED, "vault").address
    office = stage.deploy("DepositOffice", vault)
    forwarder = forwarder_address(office, vault, 7)
    stage.vaults[forwarder] = vault
    _, calls = stage.do(stage.issuer, office, call("open(uint256)", 7), gas=600_000, people=[forwarder, vault])
    assert [(one.kind, one.to) for one in calls] == [("create", forwarder)]
    _, calls = stage.do(stage.user, forwarder, value=10**18, people=[vault])
    assert stage.chain.state.of(vault).balance == 10**18
    assert [(one.sender, one.to, one.value, one.path) for one in calls] == [(forwarder, vault, 10**18, (0,))]
    stage.issue(forwarder, 50)
    data = call("sweep(address,address[])", stage.token, [forwarder])
    outcome, calls = stage.do(stage.issuer, office, data, people=[forwarder, stage.token, vault])
    assert outcome.status == 1
    assert [one.path for one in calls] == [(0,), (0, 0), (0, 1)]
    assert stage.chain.state.of(stage.token).storage[int.from_bytes(keccak(word(vault) + word(3)), "big")] == 50


def test_the_state_root_is_the_one_another_library_computes(stage):
    stage.issue(stage.user.address, 1_000)
    stage.transfer(stage.user, stage.other.address, 1_000)
    tree = HexaryTrie({})
    for address, holder in stage.chain.state.holders.items():
        storage = HexaryTrie({})
        for slot, value in holder.storage.items():
            storage[keccak(word(slot))] = encode(value)
        tree[keccak(address)] = encode([holder.nonce, holder.balance, storage.root_hash, keccak(holder.code)])
    assert stage.chain.blocks[-1].header[3] == tree.root_hash


def test_the_miner_gets_the_tip_and_the_base_fee_is_burnt(stage):
    outcome, _ = stage.do(stage.user, stage.other.address, value=1, gas=21_000)
    block = stage.chain.blocks[-1]
    coins = sum(holder.balance for holder in stage.chain.state.holders.values())
    burnt = sum(one.header[10] * one.setting.base_fee for one in stage.chain.blocks)
    assert outcome.price == block.setting.base_fee + TIP
    assert coins + burnt == 2 * 10**24


@pytest.mark.parametrize(
    ("change", "what"), [({"nonce": 5}, "nonce"), ({"max_fee": 1}, "base fee"), ({"value": 10**30}, "needs")]
)
def test_what_no_block_may_hold_is_refused(stage, change, what):
    stage.user.nonce = change.get("nonce", 0)
    transaction = sign(
        stage.user,
        to=stage.other.address,
        value=change.get("value", 1),
        data=b"",
        gas=21_000,
        tip=0,
        max_fee=change.get("max_fee", 50 * 10**9),
    )
    with pytest.raises(CointrailError, match=what):
        stage.chain.add_block([(transaction, set())], timestamp=START + 9_000, miner=stage.miner.address)


def balance(account):
    return int.from_bytes(keccak(word(account.address) + word(3)), "big")
