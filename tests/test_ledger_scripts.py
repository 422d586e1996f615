"""Are scripts named as Bitcoin Core names them?"""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cointrail.ledger.scripts import script_asm, script_type

KEY = "02" + "11" * 32

TYPES = {
    "76a914" + "22" * 20 + "88ac": "pubkeyhash",
    "a914" + "22" * 20 + "87": "scripthash",
    "0014" + "22" * 20: "witness_v0_keyhash",
    "0020" + "22" * 32: "witness_v0_scripthash",
    "5120" + "22" * 32: "witness_v1_taproot",
    "5220" + "22" * 32: "witness_unknown",
    "0015" + "22" * 21: "nonstandard",
    "21" + KEY + "ac": "pubkey",
    f"5121{KEY}21{KEY}52ae": "multisig",
    f"5221{KEY}51ae": "nonstandard",
    "6a0568656c6c6f": "nulldata",
    "6aac": "nonstandard",
    "": "nonstandard",
}


@pytest.mark.parametrize(("script", "name"), TYPES.items())
def test_types_have_cores_names(script, name):
    assert script_type(bytes.fromhex(script)) == name


ASM = {
    # As `bitcoin-cli decodescript` shows them.
    "76a914" + "22" * 20 + "88ac": "OP_DUP OP_HASH160 " + "22" * 20 + " OP_EQUALVERIFY OP_CHECKSIG",
    "0014" + "22" * 20: "0 " + "22" * 20,
    "5120" + "22" * 32: "1 " + "22" * 32,
    f"5221{KEY}21{KEY}52ae": f"2 {KEY} {KEY} 2 OP_CHECKMULTISIG",
    "6a0568656c6c6f": "OP_RETURN 68656c6c6f",
    "6a0401020304": "OP_RETURN 67305985",
    "4f": "-1",
    "02ff80": "-255",
    "ba": "OP_CHECKSIGADD",
    "b1": "OP_CHECKLOCKTIMEVERIFY",
    "0511": "[error]",
    "": "",
}


@pytest.mark.parametrize(("script", "text"), ASM.items())
def test_assembly_is_cores(script, text):
    assert script_asm(bytes.fromhex(script)) == text


def test_a_signature_in_an_input_shows_its_sighash():
    signature = "3006020101020101"
    script = bytes.fromhex("09" + signature + "01" + "21" + KEY)
    assert script_asm(script, signatures=True) == f"{signature}[ALL] {KEY}"
    assert script_asm(script) == f"{signature}01 {KEY}"


@given(st.binary(max_size=100))
def test_every_script_has_a_type_and_a_text(script):
    assert script_type(script)
    assert isinstance(script_asm(script, signatures=True), str)
