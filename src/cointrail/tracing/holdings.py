"""What an account holds at a block: native coins in wei, and tokens in base units.

A balance is exact and a whole number; decimals serve only to show it. "At height h" means after block h. A frozen
account keeps its balance: that it cannot move it is another question, see `freeze_events`.
"""

import pandas as pd

from cointrail.ledger import TokenLedger
from cointrail.ledger.token_checks import ZERO_ADDRESS, coin_moves
from cointrail.tracing.accounts import account_address, as_amount, kept, token_contract
from cointrail.tracing.outputs import known_height

__all__ = ["coin_balance", "holders", "token_balance", "token_balances"]


def token_balance(ledger: TokenLedger, address: str, token: str, height: int | None = None) -> int:
    """Base units of one token that an account holds after a block.

    Parameters
    ----------
    ledger : TokenLedger
    address : str
        One that the ledger never saw holds 0.
    token : str
        The contract's address, or a symbol that only one contract uses.
    height : int, optional
        The number of a block; without it, the last.

    Returns
    -------
    int
        Base units: divide by 10 to the power of the token's decimals to show them.

    Raises
    ------
    CointrailError
        The text is no address, the token is unknown or not told apart, or the ledger does not reach that height.

    Examples
    --------
    >>> from cointrail.ledger import load_token_ledger
    >>> ledger = load_token_ledger("glass_harbour")
    >>> first = ledger.token_transfers.iloc[0]
    >>> token_balance(ledger, first["to_address"], first["token_address"], first["block_number"])
    60000000000
    """
    contract, address = token_contract(ledger, token), account_address(address)
    moves = _until(ledger.token_transfers, known_height(ledger, height))
    moves = moves[moves["token_address"] == contract]
    got = moves.loc[moves["to_address"] == address, "value"].sum()
    return int(got - moves.loc[moves["from_address"] == address, "value"].sum())


def coin_balance(ledger: TokenLedger, address: str, height: int | None = None) -> int:
    """Wei of the native coin that an account holds after a block; fees, tips and internal transfers count.

    Raises
    ------
    CointrailError
        The text is no address, or the ledger does not reach that height.

    Examples
    --------
    >>> from cointrail.ledger import load_token_ledger
    >>> ledger = load_token_ledger("glass_harbour")
    >>> coin_balance(ledger, ledger.traces["to_address"].iloc[0], 0) > 0
    True
    """
    address, moves = account_address(address), _until(coin_table(ledger), known_height(ledger, height))
    got = moves.loc[moves["to_address"] == address, "value"].sum()
    return int(got - moves.loc[moves["from_address"] == address, "value"].sum())


def token_balances(ledger: TokenLedger, address: str, height: int | None = None) -> pd.DataFrame:
    """All that an account holds after a block, one row an asset.

    Returns
    -------
    DataFrame
        Columns token (the contract; empty for the native coin), symbol ("native" for the coin), decimals, units (int)
        and amount (Decimal, as people write it). The native coin always, tokens only where something is held. Two rows
        can carry one symbol: two contracts.

    Raises
    ------
    CointrailError
        As in `coin_balance`.

    Examples
    --------
    >>> from cointrail.ledger import load_token_ledger
    >>> table = token_balances(load_token_ledger("glass_harbour"), "0x" + "0" * 39 + "1")
    >>> table[["symbol", "units"]].values.tolist()
    [['native', 0]]
    """
    rows = [("", "native", 18, coin_balance(ledger, address, height))]
    for token in ledger.tokens.itertuples():
        if units := token_balance(ledger, address, token.address, height):
            rows.append((token.address, token.symbol, int(token.decimals), units))
    table = pd.DataFrame(rows, columns=["token", "symbol", "decimals", "units"])
    table["units"] = pd.Series([row[3] for row in rows], dtype=object)
    table["amount"] = pd.Series([as_amount(units, decimals) for _, _, decimals, units in rows], dtype=object)
    return table


def holders(ledger: TokenLedger, token: str, height: int | None = None) -> pd.Series:
    """Base units of every account that holds a token after a block, the most first; by address.

    Raises
    ------
    CointrailError
        As in `token_balance`.
    """
    contract = token_contract(ledger, token)
    moves = _until(ledger.token_transfers, known_height(ledger, height))
    units = {}
    moves = moves[moves["token_address"] == contract]
    for sender, to, value in zip(moves["from_address"], moves["to_address"], moves["value"], strict=True):
        units[to] = units.get(to, 0) + value
        units[sender] = units.get(sender, 0) - value
    held = {address: value for address, value in units.items() if value > 0 and address != ZERO_ADDRESS}
    return pd.Series(dict(sorted(held.items(), key=lambda pair: (-pair[1], pair[0]))), dtype=object)


def coin_table(ledger: TokenLedger) -> pd.DataFrame:
    """Every movement of native coins, with its kind, made at the first call and kept with the ledger.

    Kinds: genesis (coins of block 0), fee (the burnt part and the validator's), coin (what the transaction itself
    pays) and internal (what moved inside it).
    """
    return kept(ledger, "_coin_table", lambda: _coin_table(ledger))


def _coin_table(ledger):
    moves = list(coin_moves(ledger.blocks, ledger.transactions, ledger.receipts, ledger.traces))
    table = pd.DataFrame(moves, columns=["transaction_hash", "from_address", "to_address", "value"])
    table["value"] = pd.Series([move[3] for move in moves], dtype=object)
    table["transaction_hash"] = [move[0] or "" for move in moves]
    columns = (ledger.transactions[name] for name in ("hash", "block_number", "from_address", "value"))
    outer = {txid: facts for txid, *facts in zip(*columns, strict=True)}
    # Of each transaction the two parts of the fee come first, then the calls, the outermost before the inner ones.
    place = table.groupby("transaction_hash").cumcount()
    kinds, heights = [], []
    for n, (txid, sender, _, value) in zip(place, moves, strict=True):
        height, signer, paid = outer[txid] if txid else (0, None, None)
        direct = n == 2 and (sender, value) == (signer, paid)
        kinds.append("genesis" if not txid else "fee" if n < 2 else "coin" if direct else "internal")
        heights.append(height)
    return table.assign(kind=kinds, block_number=heights)


def _until(table, height):
    return table[table["block_number"] <= height]
