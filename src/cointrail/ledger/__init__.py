"""Floor 0: the ledger. Tables, addresses, scripts, raw blocks, loading by name.

>>> from cointrail.ledger import load_ledger
>>> ledger = load_ledger("primer")
>>> ledger.check()
"""

from cointrail.ledger.addresses import Address, address_of, parse_address, script_of
from cointrail.ledger.blockfile import ledger_from_blocks, read_blocks, write_blocks
from cointrail.ledger.model import Ledger, read_txid
from cointrail.ledger.store import checked_path, data_folder, load_ledger, load_manifest, read_ledger, worlds
from cointrail.ledger.token_ledger import TokenLedger, load_token_ledger, load_token_manifest, read_token_ledger

__all__ = [
    "Address",
    "Ledger",
    "TokenLedger",
    "address_of",
    "checked_path",
    "data_folder",
    "ledger_from_blocks",
    "load_ledger",
    "load_manifest",
    "load_token_ledger",
    "load_token_manifest",
    "parse_address",
    "read_blocks",
    "read_ledger",
    "read_token_ledger",
    "read_txid",
    "script_of",
    "worlds",
    "write_blocks",
]
