"""Deposit addresses: who passes on to a service all that arrives, and whose payments share such an address.

An exchange gives each customer an address and sweeps what arrives into its hot wallet. The customer does not hold that
address's key: a payment to it is a payment to the exchange, and the exchange's books say for whom (ask for them). On an
account chain it is a contract (a forwarder) or an ordinary key, which then needs gas money before it can be swept; on a
UTXO chain it is an address whose every coin ends in a sweep. Payment firms and gambling houses work in the same way, so
that the shape alone does not name the service: the address that everything goes to does.
"""

from datetime import timedelta
from functools import singledispatch

import pandas as pd

from cointrail.errors import CointrailError
from cointrail.ledger import Ledger, TokenLedger
from cointrail.ledger.token_checks import ZERO_ADDRESS
from cointrail.tracing.accounts import account_address, account_kind, block_times, kept, makers_of
from cointrail.tracing.consent import transfer_consent
from cointrail.tracing.holdings import coin_table
from cointrail.tracing.sweeping import swept_addresses

__all__ = ["deposit_addresses", "deposit_reuse", "forwarders"]


@singledispatch
def deposit_addresses(ledger, hot, *, within: timedelta | None = None) -> pd.DataFrame:
    """The addresses that only ever pass coins on to a service's hot wallet.

    Parameters
    ----------
    ledger : TokenLedger or Ledger
    hot : iterable of str
        Addresses of the service, known from elsewhere: a tag, a test deposit, its answer.
    within : timedelta, optional
        Only those that were always swept so soon; without it, however long it took.

    Returns
    -------
    DataFrame
        On an account chain the rows of `forwarders` that pass everything to one of the `hot` addresses. On a UTXO
        ledger the columns address, deposits (outputs that paid it), received (satoshi), sweeps (transactions), together
        (with how many other addresses it was swept at once, at most), first and last (times, UTC). One that was always
        swept alone may be a firm's own that pays in all its takings. One that was never swept yet cannot be seen.

    Raises
    ------
    CointrailError
        No hot address is given, one is no address, or the ledger never saw it.

    References
    ----------
    Victor, "Address Clustering Heuristics for Ethereum", Financial Cryptography 2020. There it is the heuristic that
    finds most; it joins 17.9 % of the active keys of the chain.

    Examples
    --------
    >>> from cointrail.ledger import load_ledger
    >>> ledger = load_ledger("primer")
    >>> deposit_addresses(ledger, ledger.outputs["addresses"].iloc[0]).columns.tolist()
    ['address', 'deposits', 'received', 'sweeps', 'together', 'first', 'last']
    """
    raise CointrailError(f"{type(ledger).__name__} is no ledger: load one with load_ledger or load_token_ledger.")


@deposit_addresses.register
def _(ledger: TokenLedger, hot, *, within=None) -> pd.DataFrame:
    wanted = {account_address(address) for address in _several(hot)}
    seen = set(ledger.token_transfers["to_address"]) | set(coin_table(ledger)["to_address"])
    if strange := sorted(wanted - seen):
        raise CointrailError(f"The ledger {ledger.name} never saw {strange[0]}: copy the hot wallet's address again.")
    table = forwarders(ledger)
    table = table[table["to"].isin(wanted) & ~table["address"].isin(wanted)]
    if within is not None:
        table = table[table["longest_wait"] <= within]
    return table.reset_index(drop=True)


@deposit_addresses.register
def _(ledger: Ledger, hot, *, within=None) -> pd.DataFrame:
    return swept_addresses(ledger, _several(hot), within=within)


def forwarders(ledger: TokenLedger) -> pd.DataFrame:
    """Every account that passes all it ever sends, tokens and coins, to one other account, and never keeps a part.

    Returns
    -------
    DataFrame
        Columns address, kind ("contract" or "key"), to (the account that gets everything), maker (of a contract, the
        account that created it; else empty), payers (different accounts that paid in), deposits, sweeps, first and last
        (times of arrivals, UTC) and longest_wait (from an arrival to its sweep). Gas money is no deposit: native coins
        that only ever went into fees are not counted. A person who sold everything to one place looks the same: few
        deposits and a key say so.

    Examples
    --------
    >>> from cointrail.ledger import load_token_ledger
    >>> sorted(set(forwarders(load_token_ledger("glass_harbour"))["kind"]))
    ['contract', 'key']
    """
    return kept(ledger, "_forwarders", lambda: _find_forwarders(ledger)).copy()


def deposit_reuse(ledger: TokenLedger, hot, *, exclude=()) -> pd.DataFrame:
    """Accounts joined because they pay to the same deposit address of a service: one customer, or people who share one.

    Parameters
    ----------
    ledger : TokenLedger
    hot : iterable of str
        As in `deposit_addresses`.
    exclude : iterable of str
        Accounts that pay for many (other services, brokers): they would join strangers.

    Returns
    -------
    DataFrame
        Columns payer, group (a number; the same for accounts that are joined) and deposits (the addresses that it pays
        to, with commas). Contracts do not join anybody.

    Raises
    ------
    CointrailError
        As in `deposit_addresses`.

    References
    ----------
    Victor 2020, as above. A group is a lead: a friend may pay to a friend's address.

    Examples
    --------
    >>> from cointrail.ledger import load_token_ledger
    >>> ledger = load_token_ledger("glass_harbour")
    >>> deposit_reuse(ledger, forwarders(ledger)["to"].iloc[:1]).columns.tolist()
    ['payer', 'group', 'deposits']
    """
    found = set(deposit_addresses(ledger, hot)["address"])
    out = found | {account_address(one) for one in [*hot, *exclude]} | {ZERO_ADDRESS, *makers_of(ledger)}
    pays, passed = {}, {(sender, token) for sender, _, token, *_ in _moves(ledger)}
    for sender, to, token, *_ in _moves(ledger):
        # Gas money stays in a deposit address: who gave it is no customer.
        if to in found and (to, token) in passed and sender not in out and account_kind(ledger, sender) == "key":
            pays.setdefault(sender, set()).add(to)
    group, leader = {}, {}
    for payer, addresses in sorted(pays.items()):
        joined = {_top(leader, ("a", one)) for one in addresses}
        for one in joined:
            leader[one] = ("p", payer)
    for payer in sorted(pays):
        group.setdefault(_top(leader, ("p", payer)), len(group) + 1)
    rows = [(one, group[_top(leader, ("p", one))], ", ".join(sorted(pays[one]))) for one in sorted(pays)]
    return pd.DataFrame(rows, columns=["payer", "group", "deposits"])


def _several(hot):
    addresses = [hot] if isinstance(hot, str) else list(hot)
    if not addresses:
        raise CointrailError("No hot address is given: name at least one address of the service.")
    return addresses


def _top(leader, one):
    while one in leader and leader[one] != one:
        one = leader[one]
    return one


def _moves(ledger):
    """All payments as (from, to, token, units, height, transaction), in the order of blocks; fees are none."""

    def make():
        coins = coin_table(ledger)
        coins = coins[coins["kind"].isin(["coin", "internal"]) & (coins["value"] > 0)].assign(token_address="")
        # What nobody agreed to is no act of the account: a counterfeit "moves" units out of deposit addresses too.
        agreed = (ledger.token_transfers["value"] > 0) & (transfer_consent(ledger) != "nobody")
        tokens = ledger.token_transfers[agreed]
        names = ["from_address", "to_address", "token_address", "value", "block_number", "transaction_hash"]
        both = pd.concat([coins[names], tokens[names]]).sort_values("block_number", kind="stable")
        return list(both.itertuples(index=False, name=None))

    return kept(ledger, "_moves", make)


def _find_forwarders(ledger):
    accounts = {}
    for sender, to, token, units, height, txid in _moves(ledger):
        accounts.setdefault(sender, _Passing()).send(to, token, units, height, txid)
        accounts.setdefault(to, _Passing()).get(sender, token, units, height)
    times, makers, rows = block_times(ledger), makers_of(ledger), []
    for address, one in sorted(accounts.items()):
        if not one.only_target or address == ZERO_ADDRESS or one.only_target == ZERO_ADDRESS or one.kept_part:
            continue
        arrivals = [move for move in one.arrivals if move[1] in one.sent_tokens]
        payers, when = {move[0] for move in arrivals} - {ZERO_ADDRESS}, [times[move[2]] for move in arrivals]
        if payers and payers != {one.only_target}:
            kind = "contract" if address in makers else "key"
            head = (address, kind, one.only_target, makers.get(address, ""), len(payers), len(arrivals))
            rows.append((*head, len(one.sweeps), min(when), max(when), one.wait(times)))
    names = "address kind to maker payers deposits sweeps first last longest_wait".split()
    return pd.DataFrame(rows, columns=names)


class _Passing:
    """What one account got and passed on, and whether it ever kept a part."""

    def __init__(self):
        self.arrivals, self.sent_tokens, self.sweeps = [], set(), set()
        self.targets, self.kept_part, self._held, self._since, self._waits = set(), False, {}, {}, []

    def get(self, sender, token, units, height):
        self.arrivals.append((sender, token, height))
        self._held[token] = self._held.get(token, 0) + units
        self._since.setdefault(token, height)

    def send(self, to, token, units, height, txid):
        self.targets.add(to)
        self.sent_tokens.add(token)
        self.sweeps.add(txid)
        self._held[token] = self._held.get(token, 0) - units
        # Native coins may leave a rest: the gas money of a key.
        self.kept_part |= self._held[token] != 0 and token != ""
        self._waits.append((self._since.pop(token, height), height))

    @property
    def only_target(self):
        return next(iter(self.targets)) if len(self.targets) == 1 else None

    def wait(self, times):
        return max(times[end] - times[start] for start, end in self._waits)
