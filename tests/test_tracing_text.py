"""Does a text give up every address in it, and nothing that its checksum does not prove?"""

import pytest
from embit import base58
from embit.networks import NETWORKS
from embit.script import Script
from hypothesis import given, settings
from hypothesis import strategies as st
from tiny_ledger import tiny_ledger, txid

from cointrail.errors import CointrailError
from cointrail.tracing import find_addresses, find_outpoints, find_txids, look_alikes, repair_candidates

HASH20 = st.binary(min_size=20, max_size=20)
HASH32 = st.binary(min_size=32, max_size=32)
BECH32_SCRIPTS = st.one_of(
    HASH20.map(lambda h: b"\x00\x14" + h), HASH32.map(lambda h: b"\x00\x20" + h), HASH32.map(lambda h: b"\x51\x20" + h)
)
BASE58_SCRIPTS = st.one_of(
    HASH20.map(lambda h: b"\x76\xa9\x14" + h + b"\x88\xac"), HASH20.map(lambda h: b"\xa9\x14" + h + b"\x87")
)
SCRIPTS = BECH32_SCRIPTS | BASE58_SCRIPTS
CHARSET = "qpzry9x8gf2tvdw0s3jn54khce6mua7l"


def write(script, network="regtest"):
    """An address as embit writes it; made here, so that none of a real network stands in this file."""
    return Script(script).address(NETWORKS[network])


def segwit(byte):
    return write(b"\x00\x14" + bytes([byte]) * 20)


def ends_a_word(text):
    return not (text[-1:].isascii() and text[-1:].isalnum())


def begins_a_word(text):
    return not (text[:1].isascii() and text[:1].isalnum())


@given(SCRIPTS, st.text().filter(ends_a_word), st.text().filter(begins_a_word))
def test_every_address_planted_in_any_text_is_found_at_its_place(script, before, after):
    address = write(script)
    found = {hit.start: hit for hit in find_addresses(before + address + after)}[len(before)]
    assert (found.text, found.status, found.address, found.reason) == (address, "valid", address, "")
    assert found.type in {
        "pubkeyhash", "scripthash", "witness_v0_keyhash", "witness_v0_scripthash", "witness_v1_taproot"
    }  # fmt: skip


def test_a_long_file_in_one_word_is_no_address_but_an_address_run_together_is_reported():
    assert find_addresses("n3Xy" * 200_000) == []
    assert [hit.status for hit in find_addresses(segwit(1) * 3)] == ["not valid"]
    assert repair_candidates("n3Xy" * 200_000) == []


@given(st.text())
def test_random_text_holds_no_address(text):
    assert [hit for hit in find_addresses(text) if hit.status != "not valid"] == []


def test_letters_of_another_alphabet_may_touch_an_address():
    text = f"ส่งไปที่{segwit(1)}ด่วน (bitcoin:{segwit(2)}?amount=0.01)"
    assert [hit.address for hit in find_addresses(text)] == [segwit(1), segwit(2)]


def test_an_address_in_capitals_is_given_in_its_usual_form():
    (hit,) = find_addresses(segwit(1).upper())
    assert (hit.text, hit.address) == (segwit(1).upper(), segwit(1))


@given(SCRIPTS)
def test_an_address_of_the_real_network_is_reported_and_never_accepted(script):
    (hit,) = find_addresses(f"see {write(script, 'main')}.")
    assert (hit.status, hit.address, hit.type) == ("other network", None, None)
    assert "the real Bitcoin network" in hit.reason


@given(st.sampled_from([0x1E, 0x30, 0x41]), HASH20)
def test_a_base58_address_of_another_coin_is_told_by_its_version_byte(version, digest):
    (hit,) = find_addresses(base58.encode_check(bytes([version]) + digest))
    assert (hit.status, hit.address) == ("other network", None)
    assert f"version byte {version}" in hit.reason


@pytest.mark.parametrize("prefix", ["", "syn:"])
def test_an_address_of_an_account_chain_is_not_one_of_this_ledger(prefix):
    (hit,) = find_addresses(f"token to {prefix}0x{'9f' * 20} please")
    assert (hit.status, hit.address) == ("other network", None)
    assert "account chain" in hit.reason


def test_the_public_test_network_is_named():
    assert "public test network" in find_addresses(write(b"\x00\x14" + bytes(20), "test"))[0].reason


@settings(max_examples=30, deadline=None)
@given(BECH32_SCRIPTS, st.data())
def test_every_single_wrong_character_of_bech32_is_refused_and_its_repair_is_the_only_candidate(script, data):
    address = write(script)
    place = data.draw(st.integers(5, len(address) - 1))
    letter = data.draw(st.sampled_from([c for c in CHARSET if c != address[place]]))
    typo = address[:place] + letter + address[place + 1 :]
    (hit,) = find_addresses(typo)
    assert (hit.status, hit.address) == ("not valid", None)
    assert repair_candidates(typo) == [address]


@settings(max_examples=30, deadline=None)
@given(SCRIPTS, st.data())
def test_one_slip_of_any_kind_can_be_undone(script, data):
    address = write(script)
    place = data.draw(st.integers(1, len(address) - 2))
    before, after = address[:place], address[place:]
    slips = [before + after[1:], before + "x" + after, before + "x" + after[1:], before + after[1::-1] + after[2:]]
    assert address in repair_candidates(data.draw(st.sampled_from(slips)))


def test_a_letter_that_bech32_does_not_have_is_repaired_too():
    address = segwit(0x21)
    for slip in (address.replace("1", "l", 1), address[:10] + "o" + address[11:], address[:9] + address[9:].title()):
        assert address in repair_candidates(slip)


def test_two_slips_have_no_candidate_and_a_right_address_only_itself():
    address = segwit(7)
    swap = {"q": "p"}
    assert repair_candidates(address[:-2] + "".join(swap.get(c, "q") for c in address[-2:])) == []
    assert repair_candidates(f" {address.upper()} ") == [address]


@given(BECH32_SCRIPTS)
@settings(max_examples=5, deadline=None)
def test_no_candidate_is_of_the_real_network(script):
    real = write(script, "main")
    assert repair_candidates(real) == []
    assert repair_candidates(real[:-1] + ("q" if real[-1] != "q" else "p")) == []


@pytest.mark.parametrize("text", ["", "  ", "two words"])
def test_repair_wants_one_word(text):
    with pytest.raises(CointrailError, match="not one word"):
        repair_candidates(text)


def test_txids_are_looked_up_where_a_ledger_is_given():
    known, block = txid("pay"), txid("block 2")
    raw = bytes.fromhex(known)[::-1].hex()
    text = f"{known.upper()}, {raw}; {block} {'0' * 64}"
    assert [(hit.text, hit.status) for hit in find_txids(text, ledger=tiny_ledger())] == [
        (known, "in the ledger"), (raw, "bytes reversed"), (block, "block hash"), ("0" * 64, "not in the ledger")
    ]  # fmt: skip
    assert {hit.status for hit in find_txids(text)} == {"not looked up"}


@pytest.mark.parametrize("text", ["ab" * 31, "ab" * 33, "g" + "ab" * 32, "0x" + "ab" * 32])
def test_hex_of_another_length_is_no_txid(text):
    assert find_txids(text) == []


def test_outpoints_are_found_with_their_index():
    text = f"{txid('pay')}:1, {txid('pay')}:2 and {txid('none')}:0."
    assert [(hit.text[-2:], hit.status) for hit in find_outpoints(text, ledger=tiny_ledger())] == [
        (":1", "in the ledger"), (":2", "no such output"), (":0", "not in the ledger")
    ]  # fmt: skip
    assert find_outpoints(f"{txid('pay')}:{2**32}") == []
    assert find_outpoints(f"{txid('pay')}:007")[0].text == f"{txid('pay')}:7"


@given(SCRIPTS, st.integers(1, 6), st.integers(1, 6))
def test_a_look_alike_agrees_at_both_ends_only(script, first, last):
    address = write(script)
    head = 6 if address.startswith("bcrt1") else 1
    middle = len(address) // 2
    other = address[:middle] + ("x" if address[middle] != "x" else "z") + address[middle + 1 :]
    near_start = address[:head] + ("x" if address[head] != "x" else "z") + address[head + 1 :]
    near_end = address[:-1] + ("x" if address[-1] != "x" else "z")
    assert look_alikes(address, [address, near_start, other, other, near_end], first=first, last=last) == [other]


def test_capitals_make_no_look_alike_and_two_kinds_of_address_are_not_alike():
    address = segwit(3)
    taproot = address[:5] + "p" + address[6:30] + "x" + address[31:]
    assert look_alikes(address, [address.upper(), taproot]) == []
    assert look_alikes("0x" + "AB" * 20, ["syn:0x" + "ab" * 20, "syn:0xabab" + "12" * 14 + "ab" * 4]) == [
        "syn:0xabab" + "12" * 14 + "ab" * 4
    ]


def test_slips_of_the_caller_get_a_sentence():
    with pytest.raises(CointrailError, match="at least one"):
        look_alikes(segwit(1), [], first=0, last=0)
    with pytest.raises(CointrailError, match="A text is needed, not bytes"):
        find_addresses(b"bcrt1")
