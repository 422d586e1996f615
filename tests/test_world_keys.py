"""Are the five kinds of lock the ones that embit makes from the same keys?"""

import pytest
from embit import ec, script
from embit.networks import NETWORKS

from cointrail.world.keys import KINDS, make_lock, secret_key

SEED = bytes(16)
SECRETS = tuple(secret_key(SEED, f"test/{number}") for number in range(3))


def embit_script(kind):
    public = ec.PrivateKey(SECRETS[0]).get_public_key()
    if kind == "p2wsh":
        pubkeys = sorted(ec.PrivateKey(secret).sec() for secret in SECRETS)
        return script.p2wsh(script.multisig(2, [ec.PublicKey.parse(key) for key in pubkeys]))
    return {
        "p2pkh": lambda: script.p2pkh(public),
        "p2wpkh": lambda: script.p2wpkh(public),
        "p2sh-p2wpkh": lambda: script.p2sh(script.p2wpkh(public)),
        "p2tr": lambda: script.p2tr(public),
    }[kind]()


@pytest.mark.parametrize("kind", KINDS)
def test_embit_makes_the_same_address_from_the_same_key(kind):
    lock = make_lock(kind, SECRETS if kind == "p2wsh" else SECRETS[:1])
    assert lock.script == embit_script(kind).data
    assert lock.address == embit_script(kind).address(NETWORKS["regtest"])


def test_keys_follow_from_seed_and_purpose():
    assert secret_key(SEED, "a") == secret_key(SEED, "a")
    assert len({secret_key(SEED, "a"), secret_key(SEED, "b"), secret_key(bytes([1] * 16), "a")}) == 3


@pytest.mark.parametrize("number", range(6))
def test_taproot_works_for_inner_keys_of_either_parity(number):
    secret = secret_key(SEED, f"parity/{number}")
    theirs = script.p2tr(ec.PrivateKey(secret).get_public_key()).data
    assert make_lock("p2tr", (secret,)).script == theirs
