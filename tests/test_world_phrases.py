"""Do twelve words open the wallets that the truth says they open? embit's descriptors are the judge."""

import pytest
from embit import bip32, bip39
from embit.descriptor import Descriptor
from embit.networks import NETWORKS

from cointrail.errors import CointrailError
from cointrail.ledger import load_ledger
from cointrail.world.files import WorldFiles
from cointrail.world.keys import make_lock
from cointrail.world.phrases import PATHS, phrase_of, shadow_of

NAME = "glass_harbour"
GAP_LIMIT = 20
TEMPLATES = {"p2pkh": "pkh({})", "p2sh-p2wpkh": "sh(wpkh({}))", "p2wpkh": "wpkh({})", "p2tr": "tr({})"}


@pytest.fixture(scope="module")
def files():
    return WorldFiles(NAME)


@pytest.fixture(scope="module")
def used():
    return set(load_ledger(NAME).outputs["addresses"].str[0].dropna())


def discover(row, used, *, gap=GAP_LIMIT):
    """The used addresses of a phrase as wallets find them: {branch: [index, ...]} and the addresses."""
    root = bip32.HDKey.from_seed(bip39.mnemonic_to_seed(row.words, password=row.passphrase))
    account = root.derive(row.path.replace("'", "h")).to_public().to_base58(version=NETWORKS["regtest"]["xpub"])
    found, addresses = {}, set()
    for branch in (0, 1):
        descriptor = Descriptor.from_string(TEMPLATES[row.script_type].format(f"{account}/{branch}/*"))
        index, empty, found[branch] = 0, 0, []
        while empty < gap:
            address = descriptor.derive(index).address(NETWORKS["regtest"])
            if address in used:
                found[branch].append(index)
                addresses.add(address)
            empty = 0 if address in used else empty + 1
            index += 1
    return found, addresses


@pytest.mark.parametrize("kind", PATHS)
def test_embit_descriptors_give_the_same_addresses(kind):
    phrase = phrase_of(bytes(16), "somebody/stash", kind)
    for branch, index in ((0, 0), (0, 7), (1, 3)):
        theirs = Descriptor.from_string(TEMPLATES[kind].format(f"{phrase.account_key}/{branch}/*")).derive(index)
        assert make_lock(kind, (phrase.secret(branch, index),)).address == theirs.address(NETWORKS["regtest"])


def test_words_are_valid_and_follow_from_seed_and_name():
    words = phrase_of(bytes(16), "somebody/stash", "p2tr").words
    assert bip39.mnemonic_is_valid(words) and len(words.split()) == 12
    assert words == phrase_of(bytes(16), "somebody/stash", "p2wpkh").words
    assert words != phrase_of(bytes([1] * 16), "somebody/stash", "p2tr").words


def test_a_passphrase_opens_another_wallet_of_the_same_words():
    plain, shadow = phrase_of(bytes(16), "somebody/stash", "p2wpkh"), shadow_of(bytes(16), "somebody/stash", "p2wpkh")
    assert plain.words == shadow.words and shadow.passphrase
    assert plain.fingerprint != shadow.fingerprint and plain.secret(0, 0) != shadow.secret(0, 0)


def test_a_script_type_without_a_path_is_one_sentence():
    with pytest.raises(CointrailError, match="p2wsh"):
        phrase_of(bytes(16), "somebody/stash", "p2wsh")


def test_every_vendor_has_three_wallets_from_two_phrases(files):
    for _, rows in files.truth_table("phrases").groupby("docket"):
        assert sorted(rows["wallet"]) == ["hidden", "second", "stash"]
        words = rows.set_index("wallet")["words"]
        assert words["hidden"] == words["stash"] != words["second"]
        assert (rows.set_index("wallet")["passphrase"] != "").to_dict() == {
            "hidden": True,
            "second": False,
            "stash": False,
        }


@pytest.mark.parametrize("wallet", ["stash", "second", "hidden"])
def test_discovery_from_the_words_finds_exactly_the_wallet(files, used, wallet):
    """With a gap limit of twenty, what the words give is what the truth says the wallet received."""
    phrases, held = files.truth_table("phrases"), files.truth_table("addresses")
    for row in phrases[phrases["wallet"] == wallet].itertuples():
        mine = set(held[(held["entity"] == row.entity) & (held["wallet"] == wallet)]["address"]) & used
        assert discover(row, used)[1] == mine != set(), row.docket


def test_the_device_has_a_gap_and_coins_that_a_hasty_look_misses(files, used):
    ledger, phrases = load_ledger(NAME), files.truth_table("phrases")
    spent = set(zip(ledger.inputs["spent_transaction_hash"], ledger.inputs["spent_output_index"], strict=True))
    made = zip(ledger.outputs["transaction_hash"], ledger.outputs["index"], strict=True)
    unspent = ledger.outputs[[pair not in spent for pair in made]]
    held = unspent.groupby(unspent["addresses"].str[0])["value"].sum()
    for row in phrases[phrases["wallet"] == "stash"].itertuples():
        found, addresses = discover(row, used)
        gaps = [after - before - 1 for before, after in zip(found[0], found[0][1:], strict=False)]
        assert 5 <= max(gaps) < GAP_LIMIT and max(found[0]) > 3 and found[1], row.docket
        first = make_lock("p2tr", (phrase_of(files_seed(files), f"{row.entity}/stash", "p2tr").secret(0, 0),)).address
        assert first in addresses and first not in held.index, row.docket
        assert len(addresses & set(held.index)) >= 3, row.docket
        assert discover(row, used, gap=4)[1] < addresses, row.docket


def files_seed(files):
    return bytes.fromhex(files.manifest["seed"])
