"""Are transactions signed as eth-account signs them, and calls coded as eth-abi codes them?"""

import pytest
from eth_abi import encode as abi_encode
from eth_account import Account as TheirAccount
from eth_utils import keccak as their_keccak
from eth_utils import to_checksum_address

from cointrail.world.evm.contracts import call, forwarder_address
from cointrail.world.evm.hashing import keccak
from cointrail.world.evm.keys import CHAIN_ID, address_of_key, make_account, sign
from cointrail.world.evm.lookalikes import find_lookalikes, looks_like

SEED = bytes(range(16))


@pytest.mark.parametrize("to", [None, bytes(range(20))])
def test_a_signed_transaction_is_the_one_eth_account_makes(to):
    account = make_account(SEED, "somebody")
    account.nonce = 7
    ours = sign(account, to=to, value=5, data=b"\x01\x02", gas=60_000, tip=10**9, max_fee=10**10)
    fields = {"type": 2, "chainId": CHAIN_ID, "nonce": 7, "value": 5, "data": b"\x01\x02", "gas": 60_000}
    fields |= {"maxPriorityFeePerGas": 10**9, "maxFeePerGas": 10**10}
    if to:
        fields["to"] = to_checksum_address(to)
    theirs = TheirAccount.sign_transaction(fields, account.key.secret)
    assert ours.raw == bytes(theirs.raw_transaction)
    assert ours.hash == bytes(theirs.hash)
    assert TheirAccount.recover_transaction(ours.raw).lower() == account.hex
    assert account.nonce == 8


def test_an_account_follows_from_the_seed_and_its_purpose():
    assert make_account(SEED, "a").address == make_account(SEED, "a").address
    assert len({make_account(seed, name).address for seed in (SEED, bytes(16)) for name in "abc"}) == 6


def test_keccak_is_not_sha3():
    assert keccak(b"abc") == their_keccak(b"abc")


@pytest.mark.parametrize(
    ("signature", "types", "values"),
    [
        ("transfer(address,uint256)", ["address", "uint256"], [bytes(range(20)), 2**255]),
        (
            "split(address[],uint256[])",
            ["address[]", "uint256[]"],
            [
                [bytes(20), b"\x07" * 20],
                [
                    1,
                    2,
                ],
            ],
        ),
        ("depart(address,uint256,string)", ["address", "uint256", "string"], [bytes(20), 9, "bcrt1" + "q" * 38]),
        ("sweep(address,address[])", ["address", "address[]"], [bytes(20), []]),
    ],
)
def test_calls_are_coded_as_the_abi_says(signature, types, values):
    assert call(signature, *values) == their_keccak(text=signature)[:4] + abi_encode(types, values)


def test_look_alikes_share_the_ends_and_nothing_else():
    targets = [make_account(SEED, f"target {n}").address for n in range(600)]
    found = find_lookalikes(SEED, targets, tries=8_000)
    assert found
    for target, key in found.items():
        mask = address_of_key(key.public_key.format(compressed=False))
        assert looks_like(mask, target)
        assert (mask.hex()[:3], mask.hex()[-2:]) == (target.hex()[:3], target.hex()[-2:])
        assert mask != target


def test_forwarders_of_two_customers_differ():
    assert forwarder_address(bytes(20), bytes(20), 1) != forwarder_address(bytes(20), bytes(20), 2)
