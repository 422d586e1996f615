"""The two dockets of primer as data: equal in shape, different in every number."""

from dataclasses import dataclass

__all__ = ["PLANS", "DocketPlan"]


@dataclass(frozen=True)
class DocketPlan:
    """What one vendor does.

    Days count from the story's first day; sales count from 0 in order of time.

    Attributes
    ----------
    vendor, code : str
        Entity, which is also the handle on the market, and the prefix of sale numbers.
    buyers : tuple of str
        They buy in turn.
    researcher_buys, slip_sale : int
        The sale that is a research institute's test purchase, and the one whose buyer made a statement.
    slip_buyer, slip_program : str
        Who made the statement, and the wallet program on their phone.
    slip_coin : int
        Size of the coin the slip's buyer pays with, in percent of the payment: it decides how large the change is.
    days : tuple of int
        First day on which each sale may be paid.
    night : tuple of int
        Sales that confirm between 17:40 and 23:40 UTC, when it is already tomorrow at UTC+7.
    first_cash_out, second_cash_out : tuple of int
        Sales whose coins the vendor sends to an exchange, with change and without.
    early : int
        The sale that is seen before midnight UTC and confirms after it.
    moved, move_day : int
        The sale whose coin the vendor moves to a second wallet, and when.
    kept : tuple of int
        Sales whose coins stay where they are, and are in the wallet file.
    pending : str
        Local time of the payment that never confirmed.
    """

    docket: str
    vendor: str
    code: str
    buyers: tuple[str, ...]
    researcher_buys: int
    slip_sale: int
    slip_buyer: str
    slip_program: str
    slip_coin: int
    days: tuple[int, ...]
    night: tuple[int, ...]
    first_cash_out: tuple[int, ...]
    second_cash_out: tuple[int, ...]
    early: int
    moved: int
    move_day: int
    kept: tuple[int, ...]
    pending: str


PLANS = (
    DocketPlan(
        docket="A",
        vendor="greyfinch",
        code="GF",
        buyers=("buyer_alder", "buyer_birch", "buyer_cedar"),
        researcher_buys=5,
        slip_sale=3,
        slip_buyer="buyer_alder",
        slip_program="phone",
        slip_coin=410,
        days=(2, 3, 4, 5, 7, 9, 11, 13, 15, 17),
        night=(1, 4, 6, 8),
        first_cash_out=(0, 1, 2),
        second_cash_out=(4, 6),
        early=7,
        moved=5,
        move_day=19,
        kept=(7, 8),
        pending="2026-02-26T15:22:40",
    ),
    DocketPlan(
        docket="B",
        vendor="paperlark",
        code="PL",
        buyers=("buyer_dogwood", "buyer_elm", "buyer_fir"),
        researcher_buys=4,
        slip_sale=2,
        slip_buyer="buyer_dogwood",
        slip_program="tablet",
        slip_coin=155,
        days=(2, 3, 5, 6, 8, 9, 12, 14, 16, 18),
        night=(0, 3, 5, 8),
        first_cash_out=(0, 1),
        second_cash_out=(3, 4, 5),
        early=6,
        moved=2,
        move_day=17,
        kept=(7, 8, 9),
        pending="2026-03-03T14:47:05",
    ),
)
