"""Do the tables say what the raw blocks say - read by somebody else's parser?"""

from io import BytesIO

import pandas as pd
import pytest
from embit.networks import NETWORKS
from embit.transaction import Transaction as EmbitTransaction

from cointrail.errors import CointrailError
from cointrail.ledger import data_folder, ledger_from_blocks, load_ledger, read_blocks, write_blocks
from cointrail.ledger.block import GENESIS_HASH, parse_block


@pytest.fixture(scope="module")
def blocks():
    return read_blocks(data_folder() / "primer" / "btc" / "blocks.dat")


@pytest.fixture(scope="module")
def ledger():
    return load_ledger("primer")


def embit_transactions(raw):
    """The transactions of a block after its header and count, as embit parses them."""
    stream = BytesIO(raw[80:])
    count = stream.read(1)[0]
    assert count < 0xFD
    transactions = [EmbitTransaction.read_from(stream) for _ in range(count)]
    assert stream.read() == b""
    return transactions


def test_embit_finds_the_same_txids_values_and_scripts(blocks, ledger):
    theirs = [transaction for raw in blocks for transaction in embit_transactions(raw)]
    assert [transaction.txid().hex() for transaction in theirs] == list(ledger.transactions["hash"])
    outputs = [output for transaction in theirs for output in transaction.vout]
    assert [output.value for output in outputs] == list(ledger.outputs["value"])
    assert [output.script_pubkey.data.hex() for output in outputs] == list(ledger.outputs["script_hex"])


def test_embit_gives_the_same_addresses(blocks, ledger):
    outputs = [out for raw in blocks for transaction in embit_transactions(raw) for out in transaction.vout]
    for output, addresses in zip(outputs, ledger.outputs["addresses"], strict=True):
        kind = output.script_pubkey.script_type()
        assert addresses == ([output.script_pubkey.address(NETWORKS["regtest"])] if kind else [])


def test_embit_finds_the_same_spent_outpoints(blocks, ledger):
    theirs = [
        (spend.txid.hex(), spend.vout)
        for raw in blocks
        for transaction in embit_transactions(raw)[1:]
        for spend in transaction.vin
    ]
    ours = ledger.inputs[["spent_transaction_hash", "spent_output_index"]].itertuples(index=False, name=None)
    assert theirs == list(ours)


def test_every_block_names_the_one_before(blocks, ledger):
    previous = [parse_block(raw).previous[::-1].hex() for raw in blocks]
    assert previous == [GENESIS_HASH, *ledger.blocks["hash"][:-1]]


def test_a_block_serialises_to_the_bytes_it_was_read_from(blocks):
    assert all(parse_block(raw).serialise() == raw for raw in blocks)


def test_sizes_are_those_of_the_bytes(blocks, ledger):
    assert list(ledger.blocks["size"]) == [len(raw) for raw in blocks]
    assert (ledger.blocks["weight"] == 3 * ledger.blocks["stripped_size"] + ledger.blocks["size"]).all()


def test_a_coinbase_has_no_input_and_no_fee(ledger):
    coinbases = ledger.transactions[ledger.transactions["is_coinbase"]]
    assert len(coinbases) == len(ledger.blocks)
    assert (coinbases[["input_count", "input_value", "fee"]] == 0).all(axis=None)
    assert not ledger.inputs["transaction_hash"].isin(coinbases["hash"]).any()


def test_a_block_file_is_read_as_it_was_written(blocks, tmp_path):
    write_blocks(tmp_path / "copy.dat", blocks)
    assert read_blocks(tmp_path / "copy.dat") == blocks
    original = (data_folder() / "primer" / "btc" / "blocks.dat").read_bytes()
    assert (tmp_path / "copy.dat").read_bytes() == original


def test_room_that_core_leaves_at_the_end_is_skipped(blocks, tmp_path):
    write_blocks(tmp_path / "blk00000.dat", blocks[:2])
    with (tmp_path / "blk00000.dat").open("ab") as file:
        file.write(bytes(1000))
    assert read_blocks(tmp_path / "blk00000.dat") == blocks[:2]


@pytest.mark.parametrize(
    ("damage", "sentence"),
    [
        (lambda data: data[:-5], "cut short"),
        (lambda data: bytes.fromhex("f9beb4d9") + data[4:], "of another network"),
        (lambda data: data[:200] + b"x" + data[200:], "damaged"),
    ],
)
def test_a_damaged_block_file_is_refused(blocks, tmp_path, damage, sentence):
    write_blocks(tmp_path / "blocks.dat", blocks[:3])
    (tmp_path / "blocks.dat").write_bytes(damage((tmp_path / "blocks.dat").read_bytes()))
    with pytest.raises(CointrailError, match=sentence):
        read_blocks(tmp_path / "blocks.dat")


def test_a_missing_block_file_is_named(tmp_path):
    with pytest.raises(CointrailError, match=r"nothing\.dat"):
        read_blocks(tmp_path / "nothing.dat")


def test_a_missing_block_is_noticed(blocks):
    paying = next(n for n, raw in enumerate(blocks) if len(parse_block(raw).transactions) > 1)
    with pytest.raises(CointrailError, match="a block is missing or out of order"):
        ledger_from_blocks(blocks[:5] + blocks[paying : paying + 1])


def test_a_block_with_bytes_left_over_is_refused(blocks):
    with pytest.raises(CointrailError, match="these bytes are damaged"):
        parse_block(blocks[0] + b"\x00")


def test_no_blocks_give_an_empty_ledger():
    empty = ledger_from_blocks([])
    assert empty.tip == 0
    empty.check()
    assert isinstance(empty.blocks["timestamp"].dtype, pd.DatetimeTZDtype)
