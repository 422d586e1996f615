"""Freezes: what an issuer of a stablecoin did to an address, and whether it still holds.

A frozen account can receive but not send; its balance stays in sight. Only the issuer can freeze, and only units of its
own contract: bitcoin, the native coin and other tokens of the same address are free.
"""

import pandas as pd

from cointrail.ledger import TokenLedger
from cointrail.tracing.accounts import account_address, block_times, token_contract, token_facts
from cointrail.tracing.outputs import known_height

__all__ = ["freeze_events", "is_frozen"]

# keccak256 of Frozen(address), Released(address) and FrozenFundsDestroyed(address,uint256), the events of the course's
# stablecoins. Those of real ones have other names (AddedBlackList, ...), and do the same.
_EVENTS = {
    "0x8a5c4736a33c7b7f29a2c34ea9ff9608afc5718d56f6fd6dcbd2d3711a1a4913": "frozen",
    "0x8273fa3eb0bea439f1dccc317946ca11fb3e2d61a66620969b86039bc4fe79da": "released",
    "0x99f6578b7fb0082b70f1378ef8994a3ed95e82782830fe74aff2f30b11a0d3f2": "destroyed",
}


def freeze_events(ledger: TokenLedger, address: str | None = None, *, height: int | None = None) -> pd.DataFrame:
    """Every freeze, release and destruction, in the order of the chain.

    Parameters
    ----------
    ledger : TokenLedger
    address : str, optional
        Only those of this account.
    height : int, optional
        Count blocks up to and with this one; without it, all.

    Returns
    -------
    DataFrame
        Columns height, timestamp, txid, event ("frozen", "released", "destroyed"), address, token, symbol and units
        (of a destruction, else 0).

    Raises
    ------
    CointrailError
        The text is no address, or the ledger does not reach that height.

    Examples
    --------
    >>> from cointrail.ledger import load_token_ledger
    >>> freeze_events(load_token_ledger("glass_harbour"))["event"].iloc[0]
    'frozen'
    """
    address, height = None if address is None else account_address(address), known_height(ledger, height)
    facts, times, rows = token_facts(ledger), block_times(ledger), []
    logs = ledger.logs[[topics[0] in _EVENTS for topics in ledger.logs["topics"]]]
    for log in logs[logs["block_number"] <= height].itertuples():
        account = "0x" + log.topics[1][26:]
        if address in (None, account):
            units = int(log.data, 16) if len(log.data) > 2 else 0
            head = (log.block_number, times[log.block_number], log.transaction_hash, _EVENTS[log.topics[0]], account)
            rows.append((*head, log.address, facts.get(log.address, ("", 0))[0], units))
    return pd.DataFrame(rows, columns="height timestamp txid event address token symbol units".split())


def is_frozen(ledger: TokenLedger, address: str, token: str, height: int | None = None) -> bool:
    """Can the account not send this token after the block, because its issuer froze it?

    Raises
    ------
    CointrailError
        As in `freeze_events` and `token_contract`.

    Examples
    --------
    >>> from cointrail.ledger import load_token_ledger
    >>> is_frozen(load_token_ledger("glass_harbour"), "0x" + "0" * 39 + "1", "HBC")
    False
    """
    events = freeze_events(ledger, address, height=height)
    events = events[(events["token"] == token_contract(ledger, token)) & events["event"].isin(["frozen", "released"])]
    return not events.empty and events["event"].iloc[-1] == "frozen"
