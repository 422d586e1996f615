"""The safety rules of synthetic content, as checks on text: nothing that could be a real address, host or machine."""

import re
from ipaddress import ip_address, ip_network

from embit import base58, bech32

__all__ = ["real_addresses", "real_hosts"]

# Version bytes of mainnet: P2PKH, P2SH, private keys, and the four bytes of xpub, xprv, ypub, yprv, zpub, zprv.
MAINNET_BYTES = {0x00, 0x05, 0x80}
MAINNET_KEYS = {bytes.fromhex(key) for key in ("0488b21e", "0488ade4", "049d7cb2", "049d7878", "04b24746", "04b2430c")}

BASE58 = re.compile(r"[1-9A-HJ-NP-Za-km-z]{25,112}")
# How such strings begin and how long they are: only these are decoded, because a ledger is full of other words.
MAINNET_SHAPE = re.compile(r"[13].{24,34}|[5KL].{50,51}|[xyz].{110}")
BECH32 = re.compile(r"bc1[02-9ac-hj-np-z]{6,87}", re.IGNORECASE)
HOST = re.compile(r"\b(?:[a-z0-9-]+\.)+[a-z]{2,}\b", re.IGNORECASE)
# What stands before the @ of an e-mail address is no host.
MAILBOX = re.compile(r"[\w.+-]+(?=@)")
IP = re.compile(r"\b(?:\d{1,3}\.){3}\d{1,3}\b")

# RFC 2606 and 6761; file names look like hosts too.
HARMLESS = (".example", ".invalid", ".test", ".example.org", ".example.com", ".example.net")
HARMLESS += (
    ".csv",
    ".json",
    ".jsonl",
    ".txt",
    ".md",
    ".html",
    ".pdf",
    ".asc",
    ".eml",
    ".jpg",
    ".parquet",
    ".dat",
    ".py",
)
RESERVED_IPS = [ip_network(net) for net in ("192.0.2.0/24", "198.51.100.0/24", "203.0.113.0/24")]


def real_addresses(text: str) -> list[str]:
    """Strings that parse as an address or key of the real Bitcoin network."""
    words = (word for word in BASE58.findall(text) if MAINNET_SHAPE.fullmatch(word))
    found = [word for word in words if _is_mainnet_base58(word)]
    return found + [word for word in BECH32.findall(text) if bech32.decode("bc", word.lower()) != (None, None)]


def _is_mainnet_base58(word: str) -> bool:
    try:
        payload = base58.decode_check(word)
    except ValueError:
        return False
    return (payload[0] in MAINNET_BYTES and len(payload) in (21, 33, 34)) or payload[:4] in MAINNET_KEYS


def real_hosts(text: str) -> list[str]:
    """Host names and IP addresses that are not reserved for examples."""
    hosts = [host for host in HOST.findall(MAILBOX.sub("", text)) if not f".{host.lower()}".endswith(HARMLESS)]
    return hosts + [ip for ip in IP.findall(text) if not any(ip_address(ip) in net for net in RESERVED_IPS)]
