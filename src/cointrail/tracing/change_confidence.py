"""Does the stated confidence of the change consensus hold, and what would hold instead? Measured on labelled payments.

`change_consensus` states a confidence by counting rules, which are not independent. Here it is held against known
change: how often were answers with so many signs for and against them right? The measured share can then be put in the
place of the stated one. It holds for wallets like those it was measured on, and for no case.
"""

import pandas as pd

from cointrail.errors import CointrailError
from cointrail.ledger import Ledger
from cointrail.tracing.change import change_consensus
from cointrail.tracing.change_rules import PUBLISHED
from cointrail.tracing.error_rates import NOTE, calibration, need_columns, wilson_interval

__all__ = ["change_calibration", "change_signs_error", "with_measured_confidence"]


def change_calibration(ledger: Ledger, labels: pd.DataFrame, *, rules=PUBLISHED, signs: int = 1, bins: int = 5):
    """The stated confidence of the change consensus beside the share that was right.

    Parameters
    ----------
    ledger : Ledger
    labels : DataFrame
        Columns txid and vout (the true change output; missing where there is none).
    rules, signs
        As in `change_consensus`.
    bins : int
        So many steps of confidence.

    Returns
    -------
    DataFrame
        As of `calibration`: stated, right, low, high, n, note; ``attrs["brier"]``.

    Raises
    ------
    CointrailError
        A column is missing, or as in `change_consensus`.

    Examples
    --------
    >>> from cointrail.ledger import load_ledger
    >>> ledger = load_ledger("primer")
    >>> wide = ledger.transactions[(ledger.transactions["output_count"] == 2) & ~ledger.transactions["is_coinbase"]]
    >>> labels = pd.DataFrame({"txid": wide["hash"], "vout": 1})
    >>> change_calibration(ledger, labels)["note"].iloc[0]
    'measured on training data; not quotable in a case'
    """
    answers = _judged(ledger, labels, rules, signs)
    return calibration(answers["confidence"].astype(float), answers["right"], bins=bins)


def change_signs_error(ledger: Ledger, labels: pd.DataFrame, *, rules=PUBLISHED) -> pd.DataFrame:
    """How often answers with so many rules for and against them were right.

    Parameters
    ----------
    ledger, labels, rules
        As in `change_calibration`.

    Returns
    -------
    DataFrame
        Columns for_it and against_it (numbers of rules), n, right (share), low and high (Wilson interval) and note;
        one row for each pair of numbers that occurs.

    Raises
    ------
    CointrailError
        As in `change_calibration`; or no payment was answered.
    """
    answers = _judged(ledger, labels, rules, 1)
    answers = answers[answers["vout"].notna()]
    if answers.empty:
        raise CointrailError("No labelled payment was answered: nothing can be measured. Take other labels or rules.")
    answers = answers.assign(for_it=_count(answers["for_it"]), against_it=_count(answers["against_it"]))
    rows = []
    for signs, part in answers.groupby(["for_it", "against_it"]):
        right = int(part["right"].sum())
        rows.append((*signs, len(part), right / len(part), *wilson_interval(right, len(part)), NOTE))
    return pd.DataFrame(rows, columns=["for_it", "against_it", "n", "right", "low", "high", "note"])


def with_measured_confidence(consensus: pd.DataFrame, measured: pd.DataFrame, *, least: int = 20) -> pd.DataFrame:
    """The consensus with the measured share as its confidence, and the note that goes with it.

    Parameters
    ----------
    consensus : DataFrame
        From `change_consensus`, with the rules that were measured.
    measured : DataFrame
        From `change_signs_error`.
    least : int
        Numbers of signs that were seen less often give no confidence: it stays missing.

    Returns
    -------
    DataFrame
        As the consensus; confidence replaced, and a column note.

    Raises
    ------
    CointrailError
        A column is missing.

    Examples
    --------
    >>> from cointrail.ledger import load_ledger
    >>> table = change_consensus(load_ledger("primer"))
    >>> seen = pd.DataFrame({"for_it": [1], "against_it": [0], "n": [99], "right": [0.9]})
    >>> one_sign = (table["for_it"].str.count(",") == 0) & (table["for_it"] != "") & (table["against_it"] == "")
    >>> set(with_measured_confidence(table, seen)["confidence"][one_sign])
    {0.9}
    """
    need_columns(consensus, ["vout", "for_it", "against_it", "confidence"], "the consensus")
    need_columns(measured, ["for_it", "against_it", "n", "right"], "what was measured")
    enough = measured[measured["n"] >= least]
    share = {(a, b): value for a, b, value in zip(enough["for_it"], enough["against_it"], enough["right"], strict=True)}
    signs = zip(_count(consensus["for_it"]), _count(consensus["against_it"]), strict=True)
    confidence = pd.Series([share.get(one) for one in signs], index=consensus.index, dtype=float)
    return consensus.assign(confidence=confidence.where(consensus["vout"].notna()), note=NOTE)


def _judged(ledger, labels, rules, signs):
    need_columns(labels, ["txid", "vout"], "labels")
    answers = change_consensus(ledger, rules, txids=labels["txid"].tolist(), signs=signs)
    truth = labels["vout"].reset_index(drop=True).astype("Int64")
    return answers.assign(right=(answers["vout"] == truth).fillna(False).astype(bool))


def _count(names):
    """How many rules a text such as "peel, round_value" names."""
    return names.map(lambda text: text.count(",") + 1 if text else 0)
