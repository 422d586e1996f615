"""Who agreed to a token transfer: the owner, somebody the owner allowed, or nobody.

A token's contract writes its own log. An ordinary one moves units only when their owner calls it or has allowed the
caller to; but anybody may "move" nothing out of a stranger's account, and the maker of a token can write rules under
which it moves everybody's. So a line in an account's history is no act of its holder until this is known.
"""

import pandas as pd

from cointrail.ledger import TokenLedger
from cointrail.ledger.token_checks import ZERO_ADDRESS
from cointrail.tracing.accounts import kept, senders
from cointrail.tracing.token_transfers import approval_logs

__all__ = ["transfer_consent"]


def transfer_consent(ledger: TokenLedger) -> pd.Series:
    """How each row of `ledger.token_transfers` came about.

    Returns
    -------
    Series of str
        In the order of the table: "owner" (the account that pays called the token, itself or as a contract), "allowed"
        (an account that it had approved called it), "new" (units were made) or "nobody" (neither: a transfer of
        nothing, a counterfeit's own rule, or an issuer who destroys frozen funds).

    Examples
    --------
    >>> from cointrail.ledger import load_token_ledger
    >>> sorted(set(transfer_consent(load_token_ledger("glass_harbour"))))
    ['allowed', 'new', 'nobody', 'owner']
    """
    return kept(ledger, "_consent", lambda: _find(ledger)).copy()


def _find(ledger):
    signers, callers, allowed = senders(ledger), _callers(ledger), _allowances(ledger)
    found = []
    names = ["token_address", "from_address", "transaction_hash"]
    for token, payer, txid in ledger.token_transfers[names].itertuples(index=False, name=None):
        calling = callers.get((txid, token), set()) | {signers[txid]}
        if payer == ZERO_ADDRESS:
            found.append("new")
        elif payer in calling:
            found.append("owner")
        else:
            found.append("allowed" if any((token, payer, one) in allowed for one in calling) else "nobody")
    return pd.Series(found, index=ledger.token_transfers.index, dtype=object)


def _callers(ledger):
    """Who called each contract in each transaction."""
    callers = {}
    columns = (ledger.traces[name] for name in ("transaction_hash", "from_address", "to_address"))
    for txid, sender, to in zip(*columns, strict=True):
        if isinstance(txid, str):
            callers.setdefault((txid, to), set()).add(sender)
    return callers


def _allowances(ledger):
    """Every (token, owner, spender) that an approval of more than nothing ever named."""
    return {
        (log.address, "0x" + log.topics[1][26:], "0x" + log.topics[2][26:])
        for log in approval_logs(ledger).itertuples()
        if int(log.data, 16)
    }
