"""A whole seizure on the rehearsal chain: the coins of a wallet move to the agency, and Bitcoin Core's rules judge it.

Nothing goes without an order id, here as in life. The rehearsal chain holds coins of the same addresses and amounts as
the wallet; they are worth nothing, and the ledger of the case is not touched.
"""

from collections.abc import Iterable

import pandas as pd

from cointrail.errors import CointrailError
from cointrail.evidence.rehearsal import Verdict, rehearsal_coins, rehearse
from cointrail.evidence.signing import combine_psbts, finish_psbt, make_psbt, sign_psbt

__all__ = ["rehearse_move"]


def rehearse_move(
    coins: pd.DataFrame,
    phrases: Iterable[str],
    *,
    order_id: str | None,
    destination: str,
    fee: int = 3_000,
    changed_after: int = 0,
) -> Verdict:
    """Plan the move of all coins to one address, sign it with the given words, and let consensus code judge it.

    Parameters
    ----------
    coins : DataFrame
        As `wallet_coins` gives it: address, value (satoshi), descriptor, index.
    phrases : iterable of str
        The words that sign, one after the other.
    order_id : str or None
        The number of the court's order. Without one nothing is planned or signed.
    destination : str
        The agency's address.
    fee : int, optional
        Satoshi.
    changed_after : int, optional
        Satoshi that somebody adds to the payment after it was signed.

    Returns
    -------
    Verdict
        A refusal before the last step, such as a missing signature, has no words of Core's: `core` is empty.

    Raises
    ------
    CointrailError
        No order id, no coin, or words that open none of the coins.

    Examples
    --------
    >>> from cointrail.evidence import wallet_addresses, wallet_descriptor
    >>> words = "leader donkey expire field device common course icon blanket around inspire remind"
    >>> line = wallet_descriptor(words)
    >>> coins = pd.DataFrame(
    ...     [{"address": wallet_addresses(line)[0], "value": 90_000, "descriptor": line, "index": 0}])
    >>> rehearse_move(coins, [words], order_id="SE-1", destination=wallet_addresses(line)[5]).words
    'accepted: every rule of consensus is kept'
    """
    if not (isinstance(order_id, str) and order_id.strip()):
        raise CointrailError("There is no order id: without an order nothing is moved or signed, not even here.")
    amounts = {address: int(value) for address, value in coins.groupby("address", sort=False)["value"].sum().items()}
    places = rehearsal_coins(amounts)
    rows = [
        row | {"outpoint": places[row["address"]], "value": amounts[row["address"]]}
        for row in coins.drop_duplicates("address").to_dict("records")
    ]
    sent = sum(amounts.values()) - fee
    draft = make_psbt(rows, {destination: sent})
    try:
        raw = finish_psbt(combine_psbts([sign_psbt(draft, phrase) for phrase in phrases] or [draft]))
    except CointrailError as error:
        if "signatures" not in str(error):
            raise
        return Verdict(False, "", f"refused before it is sent: {error}")
    return rehearse(_with_amount(raw, sent, sent + changed_after), amounts)


def _with_amount(raw, old, new):
    return raw.replace(old.to_bytes(8, "little").hex(), new.to_bytes(8, "little").hex())
