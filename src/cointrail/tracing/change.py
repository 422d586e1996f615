"""Which output is change: the answer of one rule, or of several rules together, with the right to abstain.

A wrong change output joins the payer with the payee, and chained over a ledger it joins thousands. An abstention costs
one address. So the methods here name an output only where their rule leaves exactly one.
"""

import numpy as np
import pandas as pd

from cointrail.errors import CointrailError
from cointrail.ledger import Ledger
from cointrail.tracing.arrays import transaction_numbers
from cointrail.tracing.change_facts import ChangeFacts
from cointrail.tracing.change_rules import PUBLISHED, ChangeRule
from cointrail.tracing.error_rates import measure

__all__ = ["as_answers", "change_consensus", "change_error", "predict_change"]


def predict_change(ledger: Ledger, rule: ChangeRule, *, txids=None, height: int | None = None) -> pd.DataFrame:
    """The change output of each transaction, by one rule (or a combination of rules).

    Parameters
    ----------
    ledger : Ledger
    rule : ChangeRule
        For example ``fresh_address & optimal_change``.
    txids : iterable of str, optional
        Only these transactions, in this order; without it, every transaction with an input and two outputs or more.
    height : int, optional
        What was known at this height; without it, at the tip.

    Returns
    -------
    DataFrame
        Columns txid, height, vout (empty where the rule abstains, or leaves several outputs) and address.

    Raises
    ------
    CointrailError
        `rule` is no rule, a txid is unknown, or the height is beyond the tip.

    Examples
    --------
    >>> from cointrail.ledger import load_ledger
    >>> from cointrail.tracing.change_rules import address_reuse
    >>> predict_change(load_ledger("primer"), address_reuse).columns.tolist()
    ['txid', 'height', 'vout', 'address']
    """
    facts = ChangeFacts(ledger, height=height)
    chosen, rows = _choices(facts, rule), _rows(facts, txids)
    return _table(facts, rows, chosen[rows])


def change_consensus(
    ledger: Ledger, rules=PUBLISHED, *, txids=None, height: int | None = None, signs: int = 1
) -> pd.DataFrame:
    """The change output that most rules name, with the rules for and against it and a stated confidence.

    Parameters
    ----------
    ledger, txids, height
        As in `predict_change`.
    rules : iterable of ChangeRule
        Each has one vote, where it leaves exactly one output.
    signs : int
        Name an output only if at least so many rules are for it. Ties abstain.

    Returns
    -------
    DataFrame
        As of `predict_change`, and confidence, for_it and against_it (names of rules, with commas).

    Raises
    ------
    CointrailError
        As in `predict_change`; or there is no rule.

    Notes
    -----
    The stated confidence is (for + 1) / (for + against + 2), Laplace's rule of succession: 0.67 for one sign, 0.75 for
    two that agree, 0.5 for one against one. Rules are not independent, so it is an opinion to be measured with
    `calibration`, not a probability. On one synthetic benchmark a guess on one sign was right in 89.5 % of cases, on
    two signs in 99.5 % (Hopline, scripted transactions of one wallet program; expect less elsewhere).

    Examples
    --------
    >>> from cointrail.ledger import load_ledger
    >>> table = change_consensus(load_ledger("primer"), signs=2)
    >>> bool(table["confidence"].max() <= 1)
    True
    """
    facts, rules = ChangeFacts(ledger, height=height), tuple(rules)
    if not rules:
        raise CointrailError("There is no rule: name at least one, for example address_reuse.")
    rows = _rows(facts, txids)
    choices = np.array([_choices(facts, rule)[rows] for rule in rules])
    winner, votes = _majority(choices)
    winner = np.where(votes >= signs, winner, -1)
    pro, contra = (choices == winner) & (winner >= 0), (choices != winner) & (choices >= 0) & (winner >= 0)
    confidence = (pro.sum(axis=0) + 1) / (pro.sum(axis=0) + contra.sum(axis=0) + 2)
    names = [rule.name for rule in rules]
    return _table(facts, rows, winner).assign(
        confidence=np.where(winner >= 0, confidence, np.nan),
        for_it=_named(names, pro),
        against_it=_named(names, contra),
    )


def as_answers(table: pd.DataFrame) -> dict[str, int | None]:
    """Txid -> number of the change output, from a table of `predict_change` or `change_consensus`; None: it abstains.

    Examples
    --------
    >>> as_answers(pd.DataFrame({"txid": ["ab", "cd"], "vout": pd.array([1, None], dtype="Int64")}))
    {'ab': 1, 'cd': None}
    """
    return {txid: None if pd.isna(vout) else int(vout) for txid, vout in zip(table["txid"], table["vout"], strict=True)}


def change_error(ledger: Ledger, labels: pd.DataFrame, *, rules=PUBLISHED, by: str | None = None) -> pd.DataFrame:
    """How often each rule is right, and how often it decides, on labelled transactions.

    Parameters
    ----------
    ledger : Ledger
    labels : DataFrame
        Columns txid and vout (the true change output; missing where there is none), and the column named by `by`.
    rules : iterable of ChangeRule
    by : str, optional
        A column of the labels to measure apart, such as the wallet's style.

    Returns
    -------
    DataFrame
        Column rule, and those of `measure`: precision with a Wilson interval, coverage, and the note that forbids to
        quote it in a case.

    Raises
    ------
    CointrailError
        As in `measure` and `predict_change`.
    """
    tables = []
    for rule in rules:
        errors = measure(lambda txids, rule=rule: predict_change(ledger, rule, txids=txids), labels, by=by)
        errors.insert(0, "rule", rule.name)
        tables.append(errors)
    return pd.concat(tables, ignore_index=True)


def _choices(facts, rule):
    """The one output that a rule marks in each transaction, -1 where it marks none or several."""
    if not isinstance(rule, ChangeRule):
        raise CointrailError(f"{rule!r} is no change rule: use one of cointrail.tracing, for example address_reuse.")
    marked, _ = rule.votes(facts)
    outputs = np.flatnonzero(marked)
    t = facts.view.output_tx[outputs]
    count = np.bincount(t, minlength=len(facts.view.height))
    chosen = np.full(len(count), -1)
    chosen[t] = outputs
    return np.where(count == 1, chosen, -1)


def _rows(facts, txids):
    if txids is not None:
        return transaction_numbers(facts.ledger, txids)
    return np.unique(facts.view.output_tx[facts.eligible])


def _majority(choices):
    """For each column the choice with most votes and their number; -1 where two choices have the same number."""
    votes = np.array([((choices == one) & (one >= 0)).sum(axis=0) for one in choices])
    best = votes.max(axis=0)
    winner = np.take_along_axis(choices, votes.argmax(axis=0)[None], axis=0)[0]
    tied = ((votes == best) & (choices >= 0) & (choices != winner)).any(axis=0)
    return np.where(tied | (best == 0), -1, winner), best


def _table(facts, rows, chosen):
    view = facts.view
    vout = pd.array(chosen - view.output_start[rows], dtype="Int64")
    vout[chosen < 0] = pd.NA
    owner = np.where(chosen >= 0, view.output_address[chosen], -1)
    address = pd.Series(view.addresses.to_numpy()[owner], dtype=object).where(owner >= 0, None)
    columns = {"txid": view.txids[rows], "height": view.height[rows].astype(np.int64), "vout": vout, "address": address}
    return pd.DataFrame(columns)


def _named(names, chosen):
    """Names of the rules in each column, as one text; each different set is written once."""
    code = (chosen.T @ (1 << np.arange(len(names)))).astype(np.int64)
    sets, place = np.unique(code, return_inverse=True)
    texts = [", ".join(name for bit, name in enumerate(names) if one >> bit & 1) for one in sets.tolist()]
    return np.array(texts, dtype=object)[place]
