"""The wallet programs of glass_harbour, as data. Every heuristic of the course meets several that break it."""

from cointrail.world.wallets import WalletStyle

__all__ = ["PROGRAMS", "PUBLIC_PROGRAMS"]

PROGRAMS = {
    # People's programs.
    "full_node": WalletStyle(
        "p2wpkh", coins="closest", lock_time=True, replaceable=True, follows=True, rates=(80, 130), consolidates=30
    ),
    "sorted_desktop": WalletStyle(
        "p2wpkh", lock_time=True, replaceable=True, bip69=True, follows=True, rates=(70, 140), consolidates=25
    ),
    "plain_phone": WalletStyle(
        "p2pkh", change="last", coins="smallest", version=1, follows=True, rates=(90, 220), reuses=True, consolidates=14
    ),
    "wrapped_phone": WalletStyle(
        "p2sh-p2wpkh", change="last", coins="smallest", bip69=True, follows=True, rates=(80, 180), consolidates=14
    ),
    "wrapped_device": WalletStyle(
        "p2sh-p2wpkh",
        coins="largest",
        version=1,
        replaceable=True,
        follows=True,
        rates=(60, 120),
        reuses=True,
        round_to=10_000,
    ),
    "web_purse": WalletStyle(
        "p2pkh",
        change="last",
        coins="smallest",
        version=1,
        fresh_change=False,
        reuses=True,
        rates=(5, 14),
        round_to=100_000,
    ),
    "wrapped_purse": WalletStyle(
        "p2sh-p2wpkh",
        change="last",
        coins="smallest",
        version=1,
        fresh_change=False,
        reuses=True,
        follows=True,
        rates=(80, 160),
    ),
    "light_phone": WalletStyle("p2wpkh", coins="smallest", follows=True, rates=(70, 150), reuses=True, consolidates=14),
    "taproot_phone": WalletStyle("p2tr", lock_time=True, replaceable=True, follows=True, rates=(60, 130)),
    # Change goes to one address of the wallet's own that no payer sees: the only fresh address is the payee's.
    "pocket": WalletStyle(
        "p2wpkh", coins="smallest", kept_change=True, replaceable=True, follows=True, rates=(70, 140)
    ),
    # A wallet that learned segwit late: payers still see the old kind of address, change goes to the new kind.
    "two_kinds": WalletStyle(
        "p2sh-p2wpkh", change_kind="p2wpkh", coins="oldest", lock_time=True, follows=True, rates=(80, 140), reuses=True
    ),
    "private": WalletStyle("p2wpkh", coins="closest", lock_time=True, bip69=True, follows=True, rates=(60, 110)),
    "shared": WalletStyle("p2wsh", change="first", lock_time=True, replaceable=True, follows=True, rates=(60, 110)),
    # Firms' programs.
    "till": WalletStyle("p2sh-p2wpkh", change="last", reuses=True, version=1, rates=(1, 4), consolidates=20),
    "web_till": WalletStyle("p2pkh", change="last", version=1, rates=(1, 5), reuses=True, consolidates=25),
    "segwit_till": WalletStyle("p2wpkh", lock_time=True, replaceable=True, rates=(1, 4), consolidates=25),
    "hot_segwit": WalletStyle(
        "p2wpkh", change="last", fresh_change=False, coins="largest", follows=True, rates=(90, 150)
    ),
    "hot_wrapped": WalletStyle(
        "p2sh-p2wpkh", change="last", coins="largest", lock_time=True, follows=True, rates=(90, 180)
    ),
    "hot_plain": WalletStyle("p2pkh", change="last", fresh_change=False, coins="largest", version=1, rates=(6, 22)),
    "deposits_wrapped": WalletStyle("p2sh-p2wpkh", version=1, rates=(1, 3)),
    "deposits_plain": WalletStyle("p2pkh", version=1, rates=(1, 4)),
    "deposits_segwit": WalletStyle("p2wpkh", lock_time=True, rates=(1, 3)),
    "vault": WalletStyle("p2wsh", change="first", lock_time=True, coins="largest", rates=(2, 6)),
}

# What people use, with weights.
PUBLIC_PROGRAMS = (
    ("full_node", 9),
    ("sorted_desktop", 12),
    ("plain_phone", 9),
    ("wrapped_phone", 12),
    ("wrapped_device", 12),
    ("web_purse", 6),
    ("wrapped_purse", 10),
    ("light_phone", 9),
    ("pocket", 10),
    ("two_kinds", 9),
    ("taproot_phone", 4),
    ("shared", 2),
)
