"""The ends of crossings on each chain: payments to and from a swapper or a bridge, and what a bridge writes down.

The service's addresses must be known: from tags, a test order, `deposit_addresses` or a cluster.
"""

import numpy as np
import pandas as pd

from cointrail.errors import CointrailError
from cointrail.ledger import Ledger, TokenLedger
from cointrail.tracing.accounts import account_address, block_times, token_facts
from cointrail.tracing.arrays import address_number, ledger_arrays, outpoints

__all__ = ["bridge_records", "coin_ends", "match_bridge", "token_ends"]

# keccak256 of Arrived(bytes32,address,address,uint256) and Departed(uint256,address,address,uint256,string), the events
# of the course's bridge.
_ARRIVED = "0x88b4bd9e2b7cdab95838e0f91c422407abfc5702f6224dc69ec6ce7397a74bac"
_DEPARTED = "0x266a81c2bd9a2bb052b873d1b120fc782de9b7c7ca6b7944d6260feecd6ef3b1"


def coin_ends(ledger: Ledger, addresses, *, way: str) -> pd.DataFrame:
    """Payments into a service (way "in") or out of it (way "out") on the UTXO chain.

    Parameters
    ----------
    ledger : Ledger
    addresses : iterable of str
        All addresses of the service that are known.
    way : {"in", "out"}
        "in": outputs to these addresses from transactions that spend none of them. "out": outputs to other addresses
        from transactions that spend only them.

    Returns
    -------
    DataFrame
        Columns end (the outpoint), timestamp (the block's, UTC), amount (satoshi), address and txid, in the order of
        the ledger.

    Raises
    ------
    CointrailError
        The way is unknown, or an address is not valid or never seen.

    Examples
    --------
    >>> from cointrail.ledger import load_ledger
    >>> ledger = load_ledger("primer")
    >>> coin_ends(ledger, ledger.outputs["addresses"].iloc[0], way="in").columns.tolist()
    ['end', 'timestamp', 'amount', 'address', 'txid']
    """
    view, own = ledger_arrays(ledger), np.zeros(len(ledger_arrays(ledger).addresses), bool)
    own[[address_number(ledger, address) for address in addresses]] = True
    pays = np.zeros((2, len(view.height)), bool)
    spender = np.repeat(np.arange(len(view.height)), np.diff(view.input_start))
    theirs = (view.input_address >= 0) & own[view.input_address]
    for row, chosen in enumerate((theirs, ~theirs)):
        pays[row, spender[chosen]] = True
    to_them = (view.output_address >= 0) & own[view.output_address]
    t = view.output_tx
    if _need_way(way) == "in":
        found = np.flatnonzero(to_them & ~pays[0, t])
    else:
        found = np.flatnonzero(~to_them & (view.output_address >= 0) & pays[0, t] & ~pays[1, t])
    columns = {
        "end": outpoints(view, found),
        "timestamp": ledger.transactions["block_timestamp"].iloc[t[found]].to_numpy(),
        "amount": view.output_value[found],
        "address": view.addresses.to_numpy()[view.output_address[found]],
        "txid": view.txids[t[found]],
    }
    return pd.DataFrame(columns).assign(timestamp=lambda table: pd.to_datetime(table["timestamp"], utc=True))


def token_ends(ledger: TokenLedger, accounts, *, way: str) -> pd.DataFrame:
    """Token payments into a service (way "in") or out of it (way "out") on the account chain.

    Parameters
    ----------
    ledger : TokenLedger
    accounts : iterable of str
        All accounts of the service that are known, with its deposit addresses. What moves between them is left out.
    way : {"in", "out"}

    Returns
    -------
    DataFrame
        Columns end (``hash:log_index``), timestamp (UTC), amount (base units, int), symbol, decimals, token (the
        contract), other (who pays, or is paid) and txid. Transfers of nothing are left out.

    Raises
    ------
    CointrailError
        The way is unknown, or a text is no address.

    Examples
    --------
    >>> from cointrail.ledger import load_token_ledger
    >>> ledger = load_token_ledger("glass_harbour")
    >>> token_ends(ledger, [ledger.token_transfers["to_address"].iloc[0]], way="in")["amount"].iloc[0] > 0
    True
    """
    own = {account_address(one) for one in accounts}
    moves, facts, times = ledger.token_transfers, token_facts(ledger), block_times(ledger)
    sent, got = moves["from_address"].isin(own), moves["to_address"].isin(own)
    chosen = got & ~sent if _need_way(way) == "in" else sent & ~got
    rows = moves[chosen & (moves["value"] > 0) & moves["token_address"].isin(facts)]
    other = rows["from_address"] if way == "in" else rows["to_address"]
    columns = {
        "end": [f"{txid}:{log}" for txid, log in zip(rows["transaction_hash"], rows["log_index"], strict=True)],
        "timestamp": rows["block_number"].map(times).to_numpy(),
        "amount": rows["value"].to_numpy(),
        "symbol": [facts[token][0] for token in rows["token_address"]],
        "decimals": [facts[token][1] for token in rows["token_address"]],
        "token": rows["token_address"].to_numpy(),
        "other": other.to_numpy(),
        "txid": rows["transaction_hash"].to_numpy(),
    }
    return pd.DataFrame(columns).assign(timestamp=lambda table: pd.to_datetime(table["timestamp"], utc=True))


def bridge_records(ledger: TokenLedger) -> pd.DataFrame:
    """What bridges wrote down about the other chain, in the order of this one.

    Returns
    -------
    DataFrame
        Columns txid, height, timestamp, way ("out": tokens came out here; "in": they were paid in here), names (the
        txid on the UTXO chain for "out", the address that is to be paid there for "in"), account, token, symbol,
        amount (base units) and bridge (the contract). A bridge can write what it likes: look whether the other end is
        there.

    Examples
    --------
    >>> from cointrail.ledger import load_token_ledger
    >>> sorted(set(bridge_records(load_token_ledger("glass_harbour"))["way"]))
    ['in', 'out']
    """
    facts, times, rows = token_facts(ledger), block_times(ledger), []
    logs = ledger.logs[[topics[0] in (_ARRIVED, _DEPARTED) for topics in ledger.logs["topics"]]]
    for log in logs.itertuples():
        token, account = ("0x" + topic[26:] for topic in log.topics[2:4])
        data = bytes.fromhex(log.data[2:])
        way, names = ("out", log.topics[1][2:]) if log.topics[0] == _ARRIVED else ("in", _text(data))
        head = (log.transaction_hash, log.block_number, times[log.block_number], way, names, account, token)
        rows.append((*head, facts.get(token, ("", 0))[0], int.from_bytes(data[:32], "big"), log.address))
    names = "txid height timestamp way names account token symbol amount bridge".split()
    return pd.DataFrame(rows, columns=names)


def match_bridge(coins: pd.DataFrame, records: pd.DataFrame, *, way: str) -> pd.DataFrame:
    """The other end of each crossing of a bridge, as the bridge itself names it.

    Parameters
    ----------
    coins : DataFrame
        The bridge's ends on the UTXO chain, from `coin_ends`: paid in for "out", paid out for "in".
    records : DataFrame
        From `bridge_records`.
    way : {"out", "in"}
        "out": from bitcoin to tokens; "in": back.

    Returns
    -------
    DataFrame
        Columns source, destination (None where it is not there, or several payments to the named address could be it),
        and reason. An address that was named several times is matched in the order of time.

    Raises
    ------
    CointrailError
        The way is unknown.
    """
    records, rows = records[records["way"] == _need_way(way)], []
    if way == "out":
        named = dict(zip(records["names"], records["txid"], strict=True))
        for coin in coins.itertuples():
            found = named.get(coin.txid)
            rows.append((coin.end, found, "The bridge names this txid." if found else "The bridge names it nowhere."))
    for address, asked in records.groupby("names", sort=False) if way == "in" else ():
        paid = coins[coins["address"] == address]
        clear = len(paid) == len(asked)
        for place, record in enumerate(asked.itertuples()):
            end = paid["end"].iloc[place] if clear else None
            reason = "The bridge names this address." if clear else f"{len(paid)} payments for {len(asked)} orders."
            rows.append((record.txid, end, reason))
    return pd.DataFrame(rows, columns=["source", "destination", "reason"], dtype=object)


def _text(data):
    """A string of an event's data, after Solidity's rules: where it begins, how long it is, its bytes."""
    start = int.from_bytes(data[32:64], "big")
    length = int.from_bytes(data[start : start + 32], "big")
    return data[start + 32 : start + 32 + length].decode("utf-8", errors="replace")


def _need_way(way):
    if way not in ("in", "out"):
        raise CointrailError(f"way={way!r} is neither 'in' nor 'out'.")
    return way
