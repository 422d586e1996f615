"""Traps in an account's history: counterfeit tokens, and transfers that only plant a look-alike address.

Poisoners wait until a victim copies an address from the history. They "move" nothing out of the victim's account,
which needs nobody's consent; they pay a tiny amount from an address with the same first and last characters as one the
victim paid; or their own token "moves" in the victim's name. None of it is a payment of the victim.
"""

from decimal import Decimal

import pandas as pd

from cointrail.errors import CointrailError
from cointrail.ledger import TokenLedger
from cointrail.ledger.token_checks import ZERO_ADDRESS
from cointrail.tracing.accounts import account_address, as_amount, block_times, contracts_of, makers_of, token_facts
from cointrail.tracing.consent import transfer_consent
from cointrail.tracing.holdings import holders

__all__ = ["poisoning_transfers", "token_contracts"]


def token_contracts(ledger: TokenLedger) -> pd.DataFrame:
    """The tokens of a ledger, with what tells a counterfeit from the one whose name it carries.

    Returns
    -------
    DataFrame
        Columns token (the contract), symbol, name, decimals, made (number of the block), maker (who created it),
        transfers, holders, forced (transfers of more than nothing that the payer never agreed to; an issuer's
        destruction of frozen funds is not counted) and copies (an older contract with the same symbol or name; empty
        where there is none). Being older is a sign, no proof: the issuer says which contract is its own.

    Examples
    --------
    >>> from cointrail.ledger import load_token_ledger
    >>> table = token_contracts(load_token_ledger("glass_harbour"))
    >>> table.loc[table["copies"] != "", "symbol"].tolist()
    ['ARVD']
    """
    made, makers = contracts_of(ledger), makers_of(ledger)
    moves, consent = ledger.token_transfers, transfer_consent(ledger)
    forced = moves[(consent == "nobody") & (moves["value"] > 0) & (moves["to_address"] != ZERO_ADDRESS)]
    table = ledger.tokens[["address", "symbol", "name", "decimals"]].rename(columns={"address": "token"})
    return table.assign(
        made=[made.get(token, -1) for token in table["token"]],
        maker=[makers.get(token, "") for token in table["token"]],
        transfers=[int((moves["token_address"] == token).sum()) for token in table["token"]],
        holders=[len(holders(ledger, token)) for token in table["token"]],
        forced=[int((forced["token_address"] == token).sum()) for token in table["token"]],
        copies=[_copied(ledger, token) for token in ledger.tokens.itertuples()],
    )


def poisoning_transfers(
    ledger: TokenLedger, address: str | None = None, *, tiny: Decimal | str = "0.01", first: int = 3, last: int = 2
) -> pd.DataFrame:
    """The token transfers that are traps, each with its kind and the reason.

    Parameters
    ----------
    ledger : TokenLedger
    address : str, optional
        Only those in the history of this account; without it, all.
    tiny : Decimal or str
        An amount below this (in whole tokens) is tiny.
    first, last : int
        How many characters after ``0x`` and at the end make an address look like another.

    Returns
    -------
    DataFrame
        Columns height, timestamp, txid, log_index, kind ("zero value", "counterfeit" or "tiny"), victim, other (the
        address that the victim is meant to see), looks_like (an address that the victim had paid before; empty where
        none), token, symbol, units and reason.

    Raises
    ------
    CointrailError
        The text is no address, or `first` and `last` are no numbers of characters.

    References
    ----------
    Kinds after Tsuchiya et al., "Blockchain Address Poisoning", USENIX Security 2025.

    Examples
    --------
    >>> from cointrail.ledger import load_token_ledger
    >>> sorted(set(poisoning_transfers(load_token_ledger("glass_harbour"))["kind"]))
    ['counterfeit', 'tiny', 'zero value']
    """
    if min(first, last) < 0 or first + last == 0:
        raise CointrailError(f"first={first} and last={last}: give how many characters must agree, at least one.")
    address = None if address is None else account_address(address)
    facts, times, rows, paid = token_facts(ledger), block_times(ledger), [], {}
    copies = {token.address: _copied(ledger, token) for token in ledger.tokens.itertuples()}
    tiny = Decimal(tiny)
    for move, consent in zip(ledger.token_transfers.itertuples(), transfer_consent(ledger), strict=True):
        symbol, decimals = facts.get(move.token_address, ("", 0))
        kind, victim, other = _kind(move, consent, copies, as_amount(move.value, decimals) < tiny)
        like = paid.get(victim, {}).get(_ends(other, first, last), "") if kind else ""
        like = "" if like == other else like
        if kind and (kind != "tiny" or like) and address in (None, victim):
            head = (move.block_number, times[move.block_number], move.transaction_hash, move.log_index, kind)
            rows.append((*head, victim, other, like, move.token_address, symbol, move.value, _reason(kind, like)))
        elif consent == "owner" and not copies.get(move.token_address):
            paid.setdefault(move.from_address, {})[_ends(move.to_address, first, last)] = move.to_address
    names = "height timestamp txid log_index kind victim other looks_like token symbol units reason".split()
    table = pd.DataFrame(rows, columns=names)
    table["units"] = pd.Series([row[10] for row in rows], dtype=object)
    return table


def _kind(move, consent, copies, is_tiny):
    """The kind of trap that a transfer may be, its victim and the address that the victim sees."""
    if copies.get(move.token_address) and consent != "new":
        forced = consent == "nobody"
        ends = (move.from_address, move.to_address) if forced else (move.to_address, move.from_address)
        return "counterfeit", *ends
    if move.value == 0 and consent == "nobody":
        return "zero value", move.from_address, move.to_address
    if is_tiny and consent == "owner":
        return "tiny", move.to_address, move.from_address
    return "", "", ""


def _reason(kind, like):
    what = {
        "zero value": "nothing moved, and the payer did not sign",
        "counterfeit": "the contract carries the symbol of an older one",
        "tiny": "a tiny amount",
    }[kind]
    return f"{what}; the other address looks like {like[:7]}...{like[-4:]}, paid before" if like else what


def _copied(ledger, token):
    """The oldest contract with the same symbol or name, if it is older than this one."""
    same = ledger.tokens[(ledger.tokens["symbol"] == token.symbol) | (ledger.tokens["name"] == token.name)]
    oldest = same.sort_values("block_number", kind="stable").iloc[0]
    return "" if oldest["address"] == token.address else oldest["address"]


def _ends(address, first, last):
    return address[2 : 2 + first], address[len(address) - last :]
