"""The market QUAYSIDE as captured on four days (E01a to E01e): listings, feedback, and the page of the suspect.

Feedback follows the orders that the simulator knows: one order in two or three leaves it, days later, and the price of
its listing lies below what was paid. So feedback times price is a true lower bound, where nothing is counted twice.
Two traps are planted: an offer listed twice, which shows its feedback twice, and a holding price.
"""

import hashlib
import json
from collections import Counter
from datetime import date, datetime, timedelta
from decimal import ROUND_HALF_UP, Decimal
from html import escape

import pandas as pd

from cointrail.errors import CointrailError
from cointrail.evidence import minimum_revenue, read_snapshots, seen_first
from cointrail.world.dockets.cast import SNAPSHOTS
from cointrail.world.dockets.paper import Paper, Subject, html_paper, json_paper
from cointrail.world.dockets.source import Source

__all__ = ["CURRENCY", "make", "market_sellers"]

CURRENCY = "SEL"
# What one SEL is at most worth in ARV: a price in SEL times this is never more than was paid in ARV.
DEAREST_RATE = Decimal("0.50")
SMALL, LARGE = 160, 320
SHOWN_DAYS = 75
FEEDBACK_PERCENT = 45
HOLDING_FACTOR = 40
ON_THE_MARKET = ("market", "finalised early", "escrow")
WORDS = (
    *("arrived", "as described", "all well", "took ten days", "arrived, thank you", "second order, fine"),
    *("slow post", "well packed", "fine", "answered quickly", "good as before", "no complaint", "came early"),
    *("one day late", "correct", "again", "my third", "friendly", "as always", "label was unclear", "ok"),
)
# Dockets of the week show sellers of the week; who sits an exam meets them, too.
WEEK = "ABCDEFGHIJKLMNOPQRST"


def make(source: Source) -> Subject:
    """Four captures as JSON, the last page of the suspect as HTML, and the ranking by minimum revenue."""
    scene = _Scene(source)
    texts = [scene.capture(moment) for moment in scene.moments]
    papers = [_capture_paper(source, number, content) for number, content in enumerate(texts)]
    facts = _facts(source, [paper.data.decode() for paper in papers])
    return Subject([*papers, _page(source, texts[-1], "E01e")], facts)


def market_sellers(source: Source) -> list[str]:
    """The suspect and five others of the same market, in no order."""
    start = WEEK.find(source.letter) + 1 if source.letter in WEEK else 3 * source.number % 20
    letters = [letter for letter in WEEK[start:] + WEEK[:start] if letter != source.letter][:5]
    vendors = source.truth("vendors").set_index("docket")["vendor"]
    return source.stream("market/sellers").shuffled([source.cast.vendor, *vendors[letters]])


class _Scene:
    """The market of one docket: who sells what at which price, and all feedback there will ever be."""

    def __init__(self, source: Source):
        self.source, self.stream = source, source.stream("market/scene")
        self.sellers = market_sellers(source)
        numbers = self.stream.shuffled(range(100, 999))
        self.listings = {
            (seller, tier): f"Q{numbers[2 * place + (tier == LARGE)]}"
            for place, seller in enumerate(self.sellers)
            for tier in (SMALL, LARGE)
        }
        self.twin_id = f"Q{numbers[50]}"
        self.prices = {key: int(self._price(key[1]) / DEAREST_RATE) for key in self.listings}
        self.moments = [f"{day}T0{4 + place}:{10 + self.stream.below(45)}:00Z" for place, day in enumerate(SNAPSHOTS)]
        self.feedback = self._all_feedback()
        self.twin, self.held = None, None
        self._plant()

    def _price(self, tier: int) -> int:
        return tier - 5 * self.stream.below(7)

    def _all_feedback(self) -> list[dict]:
        orders = self.source.truth("orders")
        here = orders[orders["vendor"].isin(self.sellers) & orders["channel"].isin(ON_THE_MARKET)]
        rows, seen = [], set()
        for order in here.sort_values("order").itertuples():
            if not self.stream.chance(FEEDBACK_PERCENT) or order.cents < SMALL * 100:
                continue
            tier = LARGE if order.cents >= LARGE * 100 else SMALL
            day = (order.timestamp + pd.Timedelta(days=self.stream.between(3, 11))).date().isoformat()
            buyer = f"{self.stream.choice('abdeghklmnprst')}***{self.stream.below(10)}"
            words = next(w for w in self.stream.shuffled(WORDS) if (order.vendor, day, buyer, w) not in seen)
            seen.add((order.vendor, day, buyer, words))
            listing = self.listings[order.vendor, tier]
            rows.append({"listing": listing, "seller": order.vendor, "day": day, "buyer": buyer, "words": words})
        return sorted(rows, key=lambda row: (row["day"], row["seller"], row["buyer"]))

    def _plant(self) -> None:
        """Choose whose offer is listed twice, and who holds a price, so that each slip changes the ranking."""
        for twin, held in ((t, h) for h in self._weakest_first() for t in self.sellers if t != h):
            self.twin, self.held = twin, held
            tables = read_snapshots(_as_text(self.capture(moment)) for moment in self.moments)
            if len({tuple(_ranking(tables, *rule)) for rule in RULES}) == len(RULES) and _no_tie(tables):
                return
        raise CointrailError(f"Docket {self.source.letter}: no trap changes the ranking of the market's sellers.")

    def _weakest_first(self) -> list[str]:
        heard = Counter(row["seller"] for row in self._shown(self.moments[-1]))
        return sorted((seller for seller in self.sellers if heard[seller]), key=lambda seller: heard[seller])

    def _shown(self, moment: str) -> list[dict]:
        last = date.fromisoformat(moment[:10])
        first = (last - timedelta(days=SHOWN_DAYS)).isoformat()
        return [row for row in self.feedback if first < row["day"] <= last.isoformat()]

    def capture(self, moment: str) -> dict:
        """What the market shows at one moment."""
        holding = moment == self.moments[-1]
        listings = [self._listing(key, holding and key[0] == self.held) for key in self.listings]
        feedback = self._shown(moment)
        if self.twin:
            key = (self.twin, LARGE)
            twin = self._listing(key, False) | {"listing": self.twin_id}
            listings.append(twin)
            again = [row | {"listing": self.twin_id} for row in feedback if row["listing"] == self.listings[key]]
            feedback = feedback + again
        listings.sort(key=lambda row: row["listing"])
        return {"market": "QUAYSIDE", "captured": moment, "currency": CURRENCY, "listings": listings} | {
            "feedback": feedback
        }

    def _listing(self, key: tuple[str, int], holding: bool) -> dict:
        seller, tier = key
        price = self.prices[key] * (HOLDING_FACTOR if holding else 1)
        title = f"Lot {self.listings[key][1:]}, {'small' if tier == SMALL else 'large'}" + (
            " (back soon)" if holding else ""
        )
        return {"listing": self.listings[key], "seller": seller, "title": title, "price": price}


# duplicates, holding_prices: the right way first, then what a hurried reader does
RULES = (("leave out", "leave out"), ("count", "leave out"), ("leave out", "count"), ("count", "count"))


def _ranking(tables, duplicates, holding):
    return minimum_revenue(*tables, duplicates=duplicates, holding_prices=holding)["seller"].tolist()


def _no_tie(tables) -> bool:
    return minimum_revenue(*tables, duplicates="leave out", holding_prices="leave out")["revenue"].is_unique


def _as_text(content: dict) -> str:
    return json.dumps(content)


def _facts(source: Source, texts: list[str]) -> dict:
    listings, feedback = read_snapshots(texts)
    ranking, *slips = (_ranking((listings, feedback), *rule) for rule in RULES)
    return {
        "ranking": ranking,
        "duplicates_counted": slips[0],
        "holding_counted": slips[1],
        "both_counted": slips[2],
        "total_arv": str(_in_arv(source, listings, feedback)),
        "total_arv_last_rate": str(_in_arv(source, listings, feedback, day=SNAPSHOTS[-1])),
        "feedback_of_vendor": int((seen_first(feedback)["seller"] == source.cast.vendor).sum()),
        "orders_of_vendor": int(source.of("orders")["channel"].isin(ON_THE_MARKET).sum()),
    }


def _in_arv(source: Source, listings, feedback, day: str | None = None) -> Decimal:
    """The suspect's minimum revenue in ARV: each capture at the rate of its day, or all at the rate of one day."""
    rates = pd.read_csv(source.records.folder / "exchange_rates.csv", comment="#", dtype=str)
    rate = {row.date: Decimal(row.arv) for row in rates.itertuples() if row.currency == CURRENCY}
    mine = seen_first(feedback)
    mine = mine[mine["seller"] == source.cast.vendor].merge(listings[["captured", "listing", "price"]])
    lowest = listings.groupby("listing")["price"].min()
    mine = mine[mine["price"] < 10 * mine["listing"].map(lowest)]
    total = sum(int(row.price) * rate[day or row.captured[:10]] for row in mine.itertuples())
    return Decimal(total).quantize(Decimal("0.01"), ROUND_HALF_UP)


def _capture_paper(source: Source, number: int, content: dict) -> Paper:
    return json_paper(
        f"E01{'abcd'[number]}",
        f"quayside_{content['captured'][:10]}.json",
        content,
        title=f"Market QUAYSIDE, captured {content['captured'][:10]}",
        source="Hidden service of the market, saved as structured text",
        acquired=content["captured"],
        authority=f"Observation order {source.cast.order_number('OB', 1)}",
        reliability="B2",
    )


def _page(source: Source, content: dict, number: str) -> Paper:
    """The suspect's own page on the last day, as a browser shows it."""
    mine = [row for row in content["listings"] if row["seller"] == source.cast.vendor]
    offers = "".join(
        f"<tr><td>{row['listing']}</td><td>{escape(row['title'])}</td><td>{row['price']} {CURRENCY}</td></tr>"
        for row in mine
    )
    said = [row for row in content["feedback"] if row["seller"] == source.cast.vendor]
    heard = "".join(
        f"<tr><td>{row['day']}</td><td>{row['listing']}</td><td>{row['buyer']}</td><td>{escape(row['words'])}</td></tr>"
        for row in said
    )
    digest = hashlib.sha256(_as_text(content).encode()).hexdigest()
    moment = datetime.fromisoformat(content["captured"]).strftime("%Y-%m-%d %H:%M UTC")
    body = f"""<h1>QUAYSIDE</h1>
<p>Address of the page: http://quayside-training.onion.invalid/seller/{source.cast.vendor}<br>
Captured {moment}. SHA-256 of the page's data: <code>{digest}</code></p>
<h2>Seller {source.cast.vendor}</h2>
<p>Ships from ARVANIA to ARVANIA and SELMORA. Orders in coins only.
Notices of this seller are signed; the key stands on the profile.</p>
<h2>Offers</h2>
<table><tr><th>listing</th><th>offer</th><th>price</th></tr>{offers}</table>
<h2>Feedback of the last {SHOWN_DAYS} days</h2>
<table><tr><th>day</th><th>listing</th><th>buyer</th><th>words</th></tr>{heard}</table>"""
    return html_paper(
        number,
        "quayside_seller.html",
        body,
        title=f"Page of the seller {source.cast.vendor} on QUAYSIDE",
        source="Hidden service of the market, saved as a page",
        acquired=content["captured"],
        authority=f"Observation order {source.cast.order_number('OB', 1)}",
        reliability="B2",
    )
