"""Are the hidden ledgers sound, repeatable and hard enough?"""

import pytest

from cointrail.ledger import read_ledger
from cointrail.tracing import balance_at, total_received
from cointrail.world import sample_ledger


@pytest.mark.parametrize("number", range(12))
def test_every_secret_gives_a_sound_ledger(number):
    ledger = sample_ledger(f"secret {number}".encode())
    ledger.check()
    assert (~ledger.transactions["is_coinbase"]).sum() == 40


def test_the_same_secret_gives_the_same_ledger():
    one, two = sample_ledger(b"secret"), sample_ledger(b"secret")
    assert one.outputs.equals(two.outputs) and one.inputs.equals(two.inputs)
    assert not sample_ledger(b"another").outputs.equals(one.outputs)


@pytest.mark.parametrize("number", range(12))
def test_received_and_balance_differ_at_half_way(number):
    """Who takes one for the other, or ignores the height, must fail on some address of every ledger."""
    ledger = sample_ledger(f"secret {number}".encode())
    half = ledger.tip // 2
    addresses = {address for held in ledger.outputs["addresses"] for address in held}
    rows = [
        (
            balance_at(ledger, address, half),
            total_received(ledger, address, height=half),
            balance_at(ledger, address, ledger.tip),
        )
        for address in sorted(addresses)
    ]
    assert any(balance not in (0, received, tip) for balance, received, tip in rows)


def test_addresses_are_used_again_and_coins_spent_in_part():
    ledger = sample_ledger(b"secret")
    uses = ledger.outputs["addresses"].str[0].value_counts()
    assert uses.max() >= 5
    assert 0 < len(ledger.inputs) < len(ledger.outputs)


def test_it_can_be_written_and_read_without_a_manifest(tmp_path):
    ledger = sample_ledger(b"secret", transactions=10)
    ledger.write(tmp_path)
    assert read_ledger(tmp_path).outputs.equals(ledger.outputs)
