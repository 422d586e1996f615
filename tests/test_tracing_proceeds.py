"""Proceeds in local money: every rule changes the sum, and none is chosen silently."""

import json
from decimal import Decimal
from fractions import Fraction
from pathlib import Path

import pandas as pd
import pytest
from tiny_ledger import SHOP, tiny_ledger, txid

from cointrail.errors import CointrailError
from cointrail.ledger import data_folder, load_ledger
from cointrail.tracing import load_prices, price_on, proceeds, value_sales, worth

TRUTH = Path(__file__).parents[1] / "grading" / "truth" / "primer" / "dockets"
PRICES = pd.DataFrame(
    {
        "date": ["2026-03-01", "2026-03-02"],
        "currency": "ARV",
        "price": [Decimal("1000000.00"), Decimal("2000000.00")],
    }
)
# 1,200 and 800 satoshi are paid on 1 March in UTC; on the shop's wall clock (UTC+7) that is 2 March already
SALES = pd.DataFrame(
    {
        "sale": [1, 2, 3],
        "txid": [txid("pay"), txid("second"), txid("never confirmed")],
        "local_time": ["2026-03-02T00:50:00", "2026-03-02T00:25:00", "2026-03-02T10:00:00"],
        "claimed": [1200, 800, 500],
    }
)
RULE = {"address": SHOP, "day": "block", "outputs": "address", "pending": "leave out"}


@pytest.mark.parametrize(
    ("change", "total"),
    [
        ({}, "20.00"),
        ({"day": "local"}, "40.00"),
        ({"day": "2026-03-02"}, "40.00"),
        ({"outputs": "all"}, "85.50"),
        ({"pending": "claimed"}, "30.00"),
    ],
)
def test_each_rule_gives_its_own_total(change, total):
    assert proceeds(tiny_ledger(), SALES, PRICES, **RULE | change) == Decimal(total)


def test_every_sale_is_shown_with_its_day_price_and_amount():
    table = value_sales(tiny_ledger(), SALES, PRICES, **RULE)
    assert table["sale"].tolist() == [1, 2]
    assert table["day"].tolist() == ["2026-03-01", "2026-03-01"]
    assert table["height"].tolist() == [2, 3]
    assert table["value_ARV"].tolist() == [Decimal("12.00"), Decimal("8.00")]


def test_a_claimed_sale_shows_that_it_has_no_block():
    table = value_sales(tiny_ledger(), SALES, PRICES, **RULE | {"pending": "claimed"})
    assert table["height"].isna().tolist() == [False, False, True]


def test_no_sale_is_worth_nothing():
    assert proceeds(tiny_ledger(), SALES.iloc[:0], PRICES, **RULE) == Decimal("0.00")


@pytest.mark.parametrize("rule", ["day", "outputs", "pending"])
@pytest.mark.parametrize("value", ["", "whatever", ...])
def test_an_unknown_rule_is_refused_with_the_choices(rule, value):
    with pytest.raises(CointrailError, match=r"choose|There is no price"):
        proceeds(tiny_ledger(), SALES, PRICES, **RULE | {rule: value})


def test_half_a_cent_is_rounded_up_and_nothing_is_lost_in_floats():
    assert worth(1_000_000, Decimal("50000.50")) == Decimal("500.01")
    assert worth(1, Decimal("0.01")) == Decimal("0.00")
    everything, price = 2_099_999_997_690_000, Decimal("98765432109.87")
    assert abs(Fraction(worth(everything, price)) - Fraction(price) * everything / 10**8) <= Fraction(1, 200)


def test_a_day_without_a_price_is_named():
    with pytest.raises(CointrailError, match=r"2026-02-01.*2026-03-01 to 2026-03-02"):
        price_on(PRICES, "2026-02-01")


@pytest.mark.parametrize("docket", ["A", "B"])
def test_proceeds_of_primer_are_those_of_its_truth(docket):
    facts, ledger = json.loads((TRUTH / f"{docket}.json").read_bytes()), load_ledger("primer")
    exhibit = data_folder() / "primer" / "dockets" / docket / "exhibits" / "E04_sales.csv"
    rule = RULE | {"address": facts["listed_address"]}
    table = value_sales(ledger, pd.read_csv(exhibit, comment="#"), load_prices("primer"), **rule)
    assert table["value_ARV"].map(str).tolist() == [row["amount"] for row in facts["sales"]]
    assert table["satoshi"].tolist() == [row["value"] for row in facts["sales"]]
    assert str(table["value_ARV"].sum()) == facts["proceeds"]


def test_a_changed_price_file_is_refused(tmp_path, monkeypatch):
    for name in ("manifest.json", "prices.csv"):
        copy = tmp_path / "primer" / name
        copy.parent.mkdir(exist_ok=True)
        copy.write_bytes((data_folder() / "primer" / name).read_bytes())
    monkeypatch.setenv("COINTRAIL_DATA", str(tmp_path))
    assert len(load_prices("primer"))
    copy.write_bytes(copy.read_bytes() + b" ")
    with pytest.raises(CointrailError, match=r"prices\.csv is damaged or was changed"):
        load_prices("primer")
