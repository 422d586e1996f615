"""Phrases, descriptors, discovery, PSBTs: held against bdkpython and against Bitcoin Core's own rules."""

import doctest

import pandas as pd
import pytest
from embit import bip39
from hypothesis import given, settings
from hypothesis import strategies as st
from tiny_ledger import tiny_ledger

from cointrail.errors import CointrailError
from cointrail.evidence import descriptors, phrases, psbt, rehearsal, rehearsed_move, signing, wallets
from cointrail.evidence.descriptors import descriptor_address, multisig_descriptor, public_key, wallet_descriptor
from cointrail.evidence.phrases import check_phrase, read_phrase, repair_phrase
from cointrail.evidence.psbt import psbt_faults, psbt_table, read_psbt
from cointrail.evidence.rehearsal import fits_locks, rehearsal_coins, rehearse
from cointrail.evidence.rehearsed_move import rehearse_move
from cointrail.evidence.signing import combine_psbts, finish_psbt, make_psbt, sign_psbt
from cointrail.evidence.wallets import discover_wallet, wallet_addresses, wallet_coins
from cointrail.ledger import Ledger

bdk = pytest.importorskip("bdkpython", reason="bdkpython judges here: it belongs to the dev group")

PHRASES = (
    "abandon " * 11 + "about",
    "zoo " * 11 + "wrong",
    "legal winner thank year wave sausage worth useful legal winner thank yellow",
)
LOCK = multisig_descriptor([public_key(phrase) for phrase in PHRASES])
AGENCY = descriptor_address(LOCK, 0)


def case(purposes=(49, 84, 86), multisig=False):
    """Rehearsal coins of the first phrase, one a purpose, and their amounts by address."""
    lines = [wallet_descriptor(PHRASES[0], purpose=purpose) for purpose in purposes] + [LOCK] * multisig
    amounts = {descriptor_address(line, 3): 100_000 + 7 * place for place, line in enumerate(lines)}
    outpoints = rehearsal_coins(amounts)
    coins = [
        {"outpoint": outpoints[address], "value": amounts[address], "descriptor": line, "index": 3}
        for address, line in zip(amounts, lines, strict=True)
    ]
    return coins, amounts


def plan(coins, amounts, *, fee=2_000, to=AGENCY):
    return make_psbt(coins, {to: sum(amounts.values()) - fee})


# Phrases


@given(st.binary(min_size=16, max_size=16))
@settings(max_examples=25, deadline=None)
def test_every_phrase_made_from_entropy_is_valid_and_so_to_bdk(entropy):
    phrase = bip39.mnemonic_from_bytes(entropy)
    assert read_phrase(phrase).valid
    assert str(bdk.Mnemonic.from_string(phrase)) == phrase


@given(st.binary(min_size=16, max_size=16), st.integers(0, 11), st.data())
@settings(max_examples=25, deadline=None)
def test_one_slip_of_the_pen_is_repaired(entropy, place, data):
    words = bip39.mnemonic_from_bytes(entropy).split()
    at = data.draw(st.integers(0, len(words[place]) - 1))
    slip = words[place][:at] + "#" + words[place][at + 1 :]
    assert " ".join(words) in repair_phrase(" ".join([*words[:place], slip, *words[place + 1 :]]))


def test_numbers_and_capitals_of_a_paper_do_not_matter():
    text = "\n".join(f"{n}. {word.upper()}" for n, word in enumerate(PHRASES[2].split(), 1))
    assert check_phrase(text) == PHRASES[2]


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("abandon about", "2 words"),
        ("abandom " * 12, "Word 1 "),
        ("abandon " * 12, "checksum does not fit"),
    ],
)
def test_what_is_no_phrase_is_refused_with_its_reason(text, words):
    with pytest.raises(CointrailError, match=words):
        check_phrase(text)


def test_only_one_wrong_word_is_repaired():
    with pytest.raises(CointrailError, match="Only one wrong word"):
        repair_phrase("abandom abandom " + "abandon " * 9 + "about")
    with pytest.raises(CointrailError, match="nothing to repair"):
        repair_phrase(PHRASES[0])


# Descriptors


@pytest.mark.parametrize("purpose", [44, 49, 84, 86])
@pytest.mark.parametrize("change", [False, True])
def test_addresses_of_a_descriptor_are_those_of_bdk(purpose, change):
    line = wallet_descriptor(PHRASES[2], purpose=purpose, change=change, passphrase="x")
    theirs = bdk.Descriptor(line, bdk.NetworkKind.TEST)
    expected = [str(theirs.derive_address(index, bdk.Network.REGTEST)) for index in range(4)]
    assert wallet_addresses(line, count=4) == expected


def test_two_of_three_is_the_same_to_bdk_whatever_the_order_of_keys():
    for keys in ([0, 1, 2], [2, 0, 1]):
        line = multisig_descriptor([public_key(PHRASES[n]) for n in keys])
        theirs = bdk.Descriptor(line, bdk.NetworkKind.TEST).derive_address(5, bdk.Network.REGTEST)
        assert descriptor_address(line, 5) == str(theirs) == descriptor_address(LOCK, 5)


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (lambda line: line.partition("#")[0], "no checksum"),
        (lambda line: line.replace("sortedmulti(2", "sortedmulti(1"), "does not fit"),
        (lambda line: line[:-1] + ("q" if line[-1] != "q" else "p"), "does not fit"),
    ],
)
def test_a_changed_sign_of_a_descriptor_is_seen(change, words):
    with pytest.raises(CointrailError, match=words):
        descriptor_address(change(LOCK))


def test_a_lock_of_the_same_key_twice_or_of_a_private_key_is_refused():
    key = public_key(PHRASES[0])
    with pytest.raises(CointrailError, match="twice"):
        multisig_descriptor([key, key, public_key(PHRASES[1])])
    private = descriptors.root_key(PHRASES[0]).to_base58()
    with pytest.raises(CointrailError, match="private key"):
        multisig_descriptor([key, private])
    with pytest.raises(CointrailError, match="4 of 2"):
        multisig_descriptor([key, public_key(PHRASES[1])], threshold=4)


# Discovery


def ledger_paying(addresses):
    """tiny_ledger with its first outputs paid to these addresses instead, in the order of the ledger."""
    ledger = tiny_ledger()
    outputs = ledger.outputs.copy()
    chosen = [[address] for address in addresses] + [[]] * (len(outputs) - len(addresses))
    outputs["addresses"] = chosen
    names = {(row.transaction_hash, row.index): row.addresses for row in outputs.itertuples(index=False)}
    inputs = ledger.inputs.copy()
    inputs["addresses"] = [
        names[key] for key in zip(inputs["spent_transaction_hash"], inputs["spent_output_index"], strict=True)
    ]
    return Ledger("made", ledger.blocks, ledger.transactions, inputs, outputs)


def test_a_wallet_is_found_by_history_and_not_by_balance():
    line = wallet_descriptor(PHRASES[0])
    first, *_ = addresses = wallet_addresses(line, count=40)
    found = discover_wallet(ledger_paying([first, addresses[20]]), PHRASES[0])
    assert found["address"].tolist() == [first, addresses[20]]
    assert found["path"].tolist() == ["m/84h/1h/0h/0/0", "m/84h/1h/0h/0/20"]
    assert found["balance"].iloc[0] == 0 < found["received"].iloc[0]


def test_the_walk_ends_after_the_gap():
    addresses = wallet_addresses(wallet_descriptor(PHRASES[0]), count=40)
    ledger = ledger_paying([addresses[0], addresses[21]])
    assert discover_wallet(ledger, PHRASES[0])["index"].tolist() == [0]
    assert discover_wallet(ledger, PHRASES[0], gap_limit=21)["index"].tolist() == [0, 21]


def test_change_chain_and_every_purpose_are_walked():
    lines = [wallet_descriptor(PHRASES[0], purpose=p, change=True) for p in (44, 49, 84, 86)]
    ledger = ledger_paying([wallet_addresses(line, count=5)[4] for line in lines])
    assert len(discover_wallet(ledger, PHRASES[0])) == 4
    assert discover_wallet(ledger, PHRASES[0], purposes=[84])["path"].tolist() == ["m/84h/1h/0h/1/4"]


def test_another_passphrase_is_another_wallet():
    line = wallet_descriptor(PHRASES[0], passphrase="harbour")
    ledger = ledger_paying(wallet_addresses(line, count=1))
    assert discover_wallet(ledger, PHRASES[0]).empty
    assert len(discover_wallet(ledger, PHRASES[0], passphrase="harbour")) == 1


def test_the_coins_of_a_wallet_are_its_unspent_outputs():
    line = wallet_descriptor(PHRASES[0])
    ledger = ledger_paying(wallet_addresses(line, count=6))
    found = discover_wallet(ledger, PHRASES[0])
    coins = wallet_coins(ledger, found)
    assert coins["value"].sum() == found["balance"].sum() > 0
    held = ledger.outputs.assign(name=ledger.outputs["transaction_hash"] + ":" + ledger.outputs["index"].astype(str))
    assert coins.set_index("outpoint")["value"].to_dict() == {
        name: value for name, value in zip(held["name"], held["value"], strict=True) if name in set(coins["outpoint"])
    }


# PSBT


def test_a_psbt_says_what_bdk_reads_in_it():
    coins, amounts = case(multisig=True)
    text = plan(coins, amounts)
    reading, theirs = read_psbt(text), bdk.Psbt(text)
    assert reading.fee == theirs.fee() == 2_000
    assert [out.address for out in reading.outputs] == [AGENCY]
    assert [coin.value for coin in reading.inputs] == list(amounts.values())
    assert [coin.needed for coin in reading.inputs] == [1, 1, 1, 2]
    assert psbt_table(reading)["satoshi"].tolist() == [*amounts.values(), sum(amounts.values()) - 2_000, 2_000]


def test_signed_combined_and_finished_it_is_a_payment_to_core_and_to_bdk():
    coins, amounts = case(multisig=True)
    text = plan(coins, amounts)
    copies = [sign_psbt(text, PHRASES[0]), sign_psbt(text, PHRASES[1])]
    whole = combine_psbts(copies)
    assert not read_psbt(copies[0]).complete
    assert read_psbt(whole).complete
    raw = finish_psbt(whole)
    assert rehearse(raw, amounts).accepted
    assert all(fits_locks(raw, {coins[n]["outpoint"]: pair for n, pair in enumerate(amounts.items())}))
    joined = bdk.Psbt(copies[0]).combine(bdk.Psbt(copies[1])).finalize()
    assert joined.could_finalize
    assert bytes(joined.psbt.extract_tx().serialize()).hex() == raw


def test_bdk_reads_no_more_from_a_signed_psbt_than_we():
    coins, amounts = case(purposes=(84,))
    signed = sign_psbt(plan(coins, amounts), PHRASES[0])
    assert bdk.Psbt(signed).finalize().could_finalize
    assert not bdk.Psbt(plan(coins, amounts)).finalize().could_finalize


def test_one_signature_of_two_is_not_enough():
    coins, amounts = case(purposes=(), multisig=True)
    one = sign_psbt(plan(coins, amounts), PHRASES[1])
    with pytest.raises(CointrailError, match="Input 1 has 1 of 2 signatures"):
        finish_psbt(one)
    assert "signature" in [fault.kind for fault in faults(one, coins, signed=True)]


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        (98_000, 98_001, "a signature does not fit"),
        (98_000, 200_000_000, "pays out more than it takes in"),
    ],
)
def test_core_says_in_words_why_it_refuses(old, new, words):
    coins, amounts = case(purposes=(84,))
    raw = finish_psbt(sign_psbt(plan(coins, amounts), PHRASES[0]))
    forged = raw.replace(old.to_bytes(8, "little").hex(), new.to_bytes(8, "little").hex())
    assert forged != raw
    verdict = rehearse(forged, amounts)
    assert not verdict.accepted
    assert words in verdict.words
    assert verdict.core


def test_core_refuses_an_unsigned_a_foreign_and_a_wrongly_valued_spend():
    coins, amounts = case(purposes=(84,))
    unsigned = psbt.parse_psbt(plan(coins, amounts)).tx.serialize().hex()
    assert "signature" in rehearse(unsigned, amounts).words
    raw = finish_psbt(sign_psbt(plan(coins, amounts), PHRASES[0]))
    elsewhere = {address: value + 1 for address, value in amounts.items()}
    assert "not there" in rehearse(raw, elsewhere).words
    name, (address, value) = coins[0]["outpoint"], next(iter(amounts.items()))
    assert fits_locks(raw, {name: (address, value)}) == [True]
    assert fits_locks(raw, {name: (address, value + 1)}) == [False]
    assert fits_locks(unsigned, {name: (address, value)}) == [False]


def test_a_signature_moved_to_another_transaction_is_not_finished():
    coins, amounts = case(purposes=(84,))
    signed = psbt.parse_psbt(sign_psbt(plan(coins, amounts), PHRASES[0]))
    other = psbt.parse_psbt(plan(coins, amounts, fee=900))
    other.inputs[0].update(signed.inputs[0])
    with pytest.raises(CointrailError, match="does not fit this transaction"):
        finish_psbt(other.to_base64())
    with pytest.raises(CointrailError, match="another transaction than copy 1"):
        combine_psbts([signed.to_base64(), other.to_base64()])


def faults(text, covered, **changes):
    given = {"order_id": "AR-2026-17", "destination": AGENCY, "coins": {c["outpoint"]: c["value"] for c in covered}}
    return psbt_faults(text, **{**given, **changes})


def test_a_sound_plan_has_no_fault():
    coins, amounts = case()
    assert faults(plan(coins, amounts), coins) == []


def test_the_faults_of_a_plan_are_named():
    coins, amounts = case()
    text = plan(coins, amounts)
    assert [fault.kind for fault in faults(text, coins, order_id=" ")] == ["order"]
    assert [fault.kind for fault in faults(text, coins, order_id=None)] == ["order"]
    elsewhere = descriptor_address(wallet_descriptor(PHRASES[1]), 0)
    assert [fault.kind for fault in faults(plan(coins, amounts, to=elsewhere), coins)] == ["destination"]
    assert [fault.kind for fault in faults(plan(coins, amounts, fee=90_000), coins)] == ["fee"]
    two = make_psbt(coins[:2], {AGENCY: 150_000})
    assert [fault.kind for fault in faults(two, coins)] == ["missing input", "fee"]
    assert [fault.kind for fault in faults(text, coins[:2])] == ["foreign input"]
    wrong = {coins[0]["outpoint"]: 5, **{c["outpoint"]: c["value"] for c in coins[1:]}}
    assert [fault.kind for fault in faults(text, coins, coins=wrong)] == ["value"]


def test_what_cannot_be_made_or_read_is_refused_in_a_sentence():
    coins, amounts = case(purposes=(84,))
    with pytest.raises(CointrailError, match="more than the coins hold"):
        make_psbt(coins, {AGENCY: 10**9})
    with pytest.raises(CointrailError, match="no coin to spend"):
        make_psbt([], {AGENCY: 1})
    with pytest.raises(CointrailError, match="P2PKH"):
        make_psbt([{**coins[0], "descriptor": wallet_descriptor(PHRASES[0], purpose=44)}], {AGENCY: 1})
    with pytest.raises(CointrailError, match="No key of this phrase"):
        sign_psbt(plan(coins, amounts), PHRASES[1])
    with pytest.raises(CointrailError, match="no transaction in hex"):
        rehearse("xyz", amounts)
    for text in ("", "cHNidP8B", "hello", "70736274ff00", plan(coins, amounts)[:60]):
        with pytest.raises(CointrailError, match="no PSBT"):
            read_psbt(text)


def test_a_whole_move_is_judged_and_nothing_goes_without_an_order():
    lines = [wallet_descriptor(PHRASES[0]), LOCK]
    rows = [{"address": descriptor_address(line, 1), "value": 50_000, "descriptor": line, "index": 1} for line in lines]
    mine, locked = pd.DataFrame(rows[:1]), pd.DataFrame(rows[1:])
    go = {"order_id": "SE-1", "destination": AGENCY}
    assert rehearse_move(mine, PHRASES[:1], **go).accepted
    assert rehearse_move(locked, PHRASES[1:], **go).accepted
    changed = rehearse_move(mine, PHRASES[:1], changed_after=1, **go)
    assert not changed.accepted
    assert changed.core
    for coins, words, said in ((mine, [], "0 of 1"), (locked, PHRASES[:1], "1 of 2")):
        short = rehearse_move(coins, words, **go)
        assert not short.accepted
        assert said in short.words
    for nothing in (None, "", " "):
        with pytest.raises(CointrailError, match="no order id"):
            rehearse_move(mine, PHRASES[:1], **go | {"order_id": nothing})
    with pytest.raises(CointrailError, match="No key of this phrase"):
        rehearse_move(mine, PHRASES[1:2], **go)


@pytest.mark.parametrize("module", [phrases, descriptors, wallets, psbt, signing, rehearsal, rehearsed_move])
def test_the_examples_run(module):
    assert doctest.testmod(module).failed == 0
