"""Do addresses agree with embit and BDK, and are wrong ones refused in clear words?"""

import bdkpython
import pytest
from embit.networks import NETWORKS
from embit.script import Script
from hypothesis import given
from hypothesis import strategies as st

from cointrail.errors import CointrailError
from cointrail.ledger import address_of, parse_address, script_of

HASH20 = st.binary(min_size=20, max_size=20)
HASH32 = st.binary(min_size=32, max_size=32)
SCRIPTS = st.one_of(
    HASH20.map(lambda h: b"\x76\xa9\x14" + h + b"\x88\xac"),
    HASH20.map(lambda h: b"\xa9\x14" + h + b"\x87"),
    HASH20.map(lambda h: b"\x00\x14" + h),
    HASH32.map(lambda h: b"\x00\x20" + h),
    HASH32.map(lambda h: b"\x51\x20" + h),
)


@given(SCRIPTS)
def test_an_address_leads_back_to_its_script(script):
    assert script_of(address_of(script)) == script


@given(SCRIPTS)
def test_embit_gives_the_same_address(script):
    assert Script(script).address(NETWORKS["regtest"]) == address_of(script)


@given(SCRIPTS)
def test_bdk_reads_the_same_script(script):
    theirs = bdkpython.Address(address_of(script), bdkpython.Network.REGTEST).script_pubkey()
    assert bytes(theirs.to_bytes()) == script


@given(SCRIPTS, st.data())
def test_one_wrong_character_is_refused(script, data):
    address = address_of(script)
    place = data.draw(st.integers(5, len(address) - 1))
    letter = data.draw(st.sampled_from([c for c in "qpzry9x8gf2tvdw" if c != address[place]]))
    with pytest.raises(CointrailError, match="copy it again"):
        parse_address(address[:place] + letter + address[place + 1 :])


@given(SCRIPTS, st.sampled_from(["main", "test"]))
def test_addresses_of_other_networks_are_refused_by_name(script, network):
    address = Script(script).address(NETWORKS[network])
    if network == "main":
        with pytest.raises(CointrailError, match="the real Bitcoin network"):
            parse_address(address)
    elif address.startswith("tb1"):
        with pytest.raises(CointrailError, match="public test network"):
            parse_address(address)
    else:
        # Base58 of regtest and of the test network are the same strings.
        assert parse_address(address).script == script


@pytest.mark.parametrize("text", ["", "hello", "bcrt1", "1", "0OIl", "bcrt1q" + "q" * 38, "an address"])
def test_what_is_no_address_is_refused(text):
    with pytest.raises(CointrailError, match="is no valid address"):
        parse_address(text)


def test_capital_letters_are_allowed_only_throughout():
    address = address_of(b"\x00\x14" + bytes(20))
    assert parse_address(address.upper()).script == b"\x00\x14" + bytes(20)
    with pytest.raises(CointrailError, match="mixes capital and small letters"):
        parse_address(address[:5] + address[5:].upper())


def test_blanks_around_an_address_do_not_matter():
    address = address_of(b"\x51\x20" + bytes(32))
    assert parse_address(f"  {address}\n") == parse_address(address)
    assert parse_address(address).network == "regtest"


def test_scripts_nobody_holds_have_no_address():
    assert address_of(bytes.fromhex("6a0568656c6c6f")) is None
    assert address_of(b"") is None
