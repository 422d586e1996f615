"""Is a large unsigned ledger a real ledger: txids, addresses, invariants, and the same for the same seed?"""

import hashlib

import pytest
from embit.script import Script
from embit.transaction import Transaction, TransactionInput, TransactionOutput

from cointrail.cli import main
from cointrail.errors import CointrailError
from cointrail.ledger import Ledger, address_of, read_ledger
from cointrail.world.bulk import make_bulk


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    folder = tmp_path_factory.mktemp("bulk")
    make_bulk(folder, 3_000, seed=b"0123456789abcdef")
    return folder


@pytest.fixture(scope="module")
def ledger(folder) -> Ledger:
    return read_ledger(folder)


def test_it_keeps_every_invariant(ledger):
    ledger.check()
    assert (~ledger.transactions["is_coinbase"]).sum() == 3_000


def test_embit_computes_the_same_txids(ledger):
    for txid in ledger.transactions["hash"][~ledger.transactions["is_coinbase"]].iloc[::97]:
        inputs = [
            TransactionInput(bytes.fromhex(row.spent_transaction_hash), row.spent_output_index, sequence=row.sequence)
            for row in ledger.inputs_of(txid).itertuples()
        ]
        outputs = [
            TransactionOutput(row.value, Script(bytes.fromhex(row.script_hex)))
            for row in ledger.outputs_of(txid).itertuples()
        ]
        assert Transaction(2, inputs, outputs, 0).txid().hex() == txid


def test_addresses_and_sizes_are_those_of_the_scripts(ledger):
    for row in ledger.outputs.iloc[::211].itertuples():
        assert row.addresses == [address_of(bytes.fromhex(row.script_hex))]
        assert row.script_asm == f"0 {row.script_hex[4:]}"
    payments = ledger.transactions[~ledger.transactions["is_coinbase"]]
    sizes = 10 + 41 * payments["input_count"] + 31 * payments["output_count"]
    assert (payments["size"] == sizes).all()
    sums = ledger.transactions.groupby("block_number")["size"].sum()
    heads = 80 + 1 + 2 * (ledger.blocks["transaction_count"] >= 253)
    assert (ledger.blocks["size"].to_numpy() == (sums + heads.to_numpy()).to_numpy()).all()


def test_blocks_are_chained_and_their_trees_hold_the_txids(ledger):
    from cointrail.ledger.block import merkle_root

    block = ledger.blocks.iloc[-1]
    txids = ledger.transactions["hash"][ledger.transactions["block_number"] == block["number"]]
    root = merkle_root([bytes.fromhex(txid)[::-1] for txid in txids])
    assert root[::-1].hex() == block["merkle_root"]
    assert bytes.fromhex(block["coinbase_param"]).endswith(b"SYNTHETIC TRAINING DATA")


def test_the_same_seed_gives_the_same_bytes_and_another_another_ledger(folder, tmp_path):
    def digests(place):
        return {path.name: hashlib.sha256(path.read_bytes()).hexdigest() for path in place.glob("*.parquet")}

    make_bulk(tmp_path / "again", 3_000, seed=b"0123456789abcdef")
    make_bulk(tmp_path / "other", 3_000, seed=b"another seed 128")
    assert digests(tmp_path / "again") == digests(folder)
    assert digests(tmp_path / "other")["outputs.parquet"] != digests(folder)["outputs.parquet"]


@pytest.mark.parametrize("transactions", [0, 999, 20_000_001])
def test_a_size_outside_the_bounds_is_refused(tmp_path, transactions):
    with pytest.raises(CointrailError, match=r"1,000 to 20,000,000"):
        make_bulk(tmp_path, transactions)


def test_the_verb_writes_it_and_says_what_it_is_not(tmp_path, capsys):
    assert main(["world", "make", "--unsigned", "--transactions", "1000", "--out", str(tmp_path)]) == 0
    assert "no signatures" in capsys.readouterr().out
    assert len(read_ledger(tmp_path).transactions) > 1_000


@pytest.mark.parametrize("words", [["--unsigned"], ["--unsigned", "--transactions", "1000"], []])
def test_an_incomplete_order_is_one_sentence(words, capsys):
    assert main(["world", "make", *words]) == 2
    assert capsys.readouterr().err.count("\n") == 1
