"""Is the token ledger exact, and does its check refuse a doctored one, naming what is at fault?"""

from dataclasses import replace

import pandas as pd
import pytest

from cointrail.errors import CointrailError
from cointrail.ledger import data_folder, load_token_ledger, read_token_ledger
from cointrail.ledger.token_tables import TOKEN_SCHEMAS, token_frame


@pytest.fixture(scope="module")
def ledger():
    return load_token_ledger("glass_harbour")


def doctored(ledger, table, row, **values):
    """The ledger with some values of one row changed."""
    changed = getattr(ledger, table).copy()
    for column, value in values.items():
        changed.at[changed.index[row], column] = value
    return replace(ledger, **{table: changed})


def refusal(ledger):
    with pytest.raises(CointrailError) as error:
        ledger.check()
    return str(error.value)


def test_the_published_ledger_is_sound(ledger):
    ledger.check()
    assert (
        repr(ledger)
        == f"<TokenLedger glass_harbour: {len(ledger.transactions)} transactions, blocks up to number {ledger.tip}>"
    )


def test_amounts_are_exact_whole_numbers(ledger):
    for table, column in (("transactions", "value"), ("token_transfers", "value"), ("tokens", "total_supply")):
        assert {type(value) for value in getattr(ledger, table)[column]} == {int}
    assert max(ledger.token_transfers["value"]) > 2**64


def test_times_are_utc_seconds_and_addresses_lower_case(ledger):
    assert str(ledger.blocks["timestamp"].dtype) == "datetime64[s, UTC]"
    for column in ("from_address", "to_address"):
        texts = ledger.transactions[column].dropna()
        assert (texts == texts.str.lower()).all() and (texts.str.len() == 42).all()


def test_what_is_written_is_read_again_to_the_last_wei(ledger, tmp_path):
    ledger.write(tmp_path)
    again = read_token_ledger(tmp_path)
    for table in TOKEN_SCHEMAS:
        assert getattr(again, table).equals(getattr(ledger, table))
    assert again.name == tmp_path.name


def test_the_largest_amount_that_fits_is_kept():
    row = {"address": ["0x"], "symbol": ["X"], "name": ["X"], "decimals": [18], "block_number": [1]}
    assert token_frame("tokens", row | {"total_supply": [10**38 - 1]})["total_supply"].item() == 10**38 - 1


def test_a_transaction_is_found_by_its_hash(ledger):
    txid = ledger.transactions["hash"].iloc[5]
    assert ledger.transaction(f" {txid.upper().replace('0X', '0x')} ")["hash"] == txid
    for wrong, what in (("0x12", "not a transaction hash"), ("0x" + "0" * 64, "no transaction"), (5, "not a")):
        with pytest.raises(CointrailError, match=what):
            ledger.transaction(wrong)


def test_an_unknown_world_is_refused_with_the_known_ones():
    with pytest.raises(CointrailError, match=r"no account chain.*glass_harbour"):
        load_token_ledger("primer")


def test_a_changed_file_is_noticed(tmp_path, monkeypatch):
    folder = tmp_path / "glass_harbour" / "evm"
    folder.mkdir(parents=True)
    for path in (data_folder() / "glass_harbour" / "evm").iterdir():
        (folder / path.name).write_bytes(path.read_bytes())
    monkeypatch.setenv("COINTRAIL_DATA", str(tmp_path))
    load_token_ledger("glass_harbour")
    (folder / "tokens.parquet").write_bytes((folder / "tokens.parquet").read_bytes() + b"x")
    with pytest.raises(CointrailError, match=r"tokens\.parquet is damaged"):
        load_token_ledger("glass_harbour")
    (folder / "tokens.parquet").unlink()
    with pytest.raises(CointrailError, match=r"tokens\.parquet is missing"):
        load_token_ledger("glass_harbour")
    (folder / "manifest.json").write_text("{")
    with pytest.raises(CointrailError, match="damaged"):
        load_token_ledger("glass_harbour")


def test_a_nonce_left_out_is_refused(ledger):
    text = refusal(doctored(ledger, "transactions", 40, nonce=9_999))
    assert ledger.transactions["hash"].iloc[40] in text and "next nonce" in text


def test_a_transfer_that_no_log_shows_is_refused(ledger):
    row = ledger.token_transfers.iloc[100]
    text = refusal(doctored(ledger, "token_transfers", 100, value=row["value"] + 1))
    assert row["transaction_hash"] in text and "logs" in text


def test_tokens_that_were_never_there_are_refused(ledger):
    """A transfer and its log both changed: only the balance gives them away."""
    place = next(n for n, topics in enumerate(ledger.logs["topics"]) if len(topics) == 3 and n > 500)
    log = ledger.logs.iloc[place]
    keys = ["transaction_hash", "log_index"]
    row = next(
        n
        for n, one in enumerate(ledger.token_transfers[keys].itertuples(index=False))
        if tuple(one) == tuple(log[keys])
    )
    much = 10**37
    forged = doctored(ledger, "logs", place, data=f"0x{much:064x}")
    text = refusal(doctored(forged, "token_transfers", row, value=much))
    assert "moves more of the token" in text or "supply" in text


def test_a_failed_transaction_with_a_log_is_refused(ledger):
    txid = ledger.logs["transaction_hash"].iloc[300]
    place = list(ledger.receipts["transaction_hash"]).index(txid)
    assert "failed" in refusal(doctored(ledger, "receipts", place, status=0))


def test_gas_that_does_not_add_up_is_refused(ledger):
    used = ledger.receipts["gas_used"].iloc[70]
    assert "gas" in refusal(doctored(ledger, "receipts", 70, gas_used=used - 1))


def test_coins_from_nowhere_are_refused(ledger):
    place = next(n for n, value in enumerate(ledger.traces["value"]) if n > 500 and value)
    text = refusal(doctored(ledger, "traces", place, value=10**30))
    assert ledger.traces["transaction_hash"].iloc[place] in text


def test_a_missing_block_is_refused(ledger):
    blocks = ledger.blocks.drop(index=10).reset_index(drop=True)
    assert "does not follow" in refusal(replace(ledger, blocks=blocks))


def test_a_receipt_too_many_is_refused(ledger):
    receipts = pd.concat([ledger.receipts, ledger.receipts.iloc[-1:]])
    assert "receipts" in refusal(replace(ledger, receipts=receipts))


def test_native_coins_are_all_accounted_for(ledger):
    given = sum(ledger.traces["value"][ledger.traces["trace_type"] == "genesis"])
    base = ledger.blocks.set_index("number")["base_fee_per_gas"]
    burnt = sum(
        int(gas) * int(base[n])
        for gas, n in zip(ledger.receipts["gas_used"], ledger.receipts["block_number"], strict=True)
    )
    assert sum(ledger.coin_balances().values()) + burnt == given
