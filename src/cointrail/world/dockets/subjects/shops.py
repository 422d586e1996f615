"""A precursor shop on the ordinary web (E02a) and the registration record of its address (E02b)."""

from html import escape

from cointrail.world.dockets.cast import SNAPSHOTS
from cointrail.world.dockets.paper import Paper, Subject, html_paper, text_paper
from cointrail.world.dockets.source import Source
from cointrail.world.dockets.subjects.handles import reseller_hosting
from cointrail.world.dockets.subjects.listings import LAWFUL, SCHEDULE, SHOPS

__all__ = ["make"]


def make(source: Source) -> Subject:
    """Page and record of the shop that the reseller's hosting customer pays for."""
    stream = source.stream("listings/shops")
    shop = stream.shuffled(SHOPS)[2]
    return Subject([_page(source, shop), _record(source, shop)], {"shop": shop})


def _page(source: Source, shop: str) -> Paper:
    stream = source.stream("shops/page")
    controlled = stream.shuffled([row[0] for row in SCHEDULE if row[2] == "CONTROLLED PRECURSOR"])[:2]
    goods = [*controlled, *stream.shuffled(LAWFUL)[:3]]
    rows = "".join(
        f"<tr><td>{escape(name)}</td><td>drum of {stream.choice((5, 10, 25))} kg</td>"
        f"<td>{stream.between(30, 220)}.00 SEL</td></tr>"
        for name in stream.shuffled(goods)
    )
    body = f"""<h1>{shop}</h1>
<p>Address of the page: http://{shop}.example/chemicals<br>
Open to everybody; no account is needed.</p>
<p>Chemicals for workshops. Ships from SELMORA to ARVANIA and PORT TORRIN. Invoice on request.
 Payment by bank or in coins.</p>
<table><tr><th>goods</th><th>size</th><th>price</th></tr>{rows}</table>
<p>A product sheet comes with every drum. Some goods need a licence of the buyer's state.</p>"""
    return html_paper(
        "E02a",
        "shop_page.html",
        body,
        title=f"Page of the shop {shop}",
        source="Ordinary web page, open to everybody",
        acquired=f"{SNAPSHOTS[-1]}T06:05:00Z",
        authority="Public source; written note",
        reliability="B2",
    )


def _record(source: Source, shop: str) -> Paper:
    customer, machine = reseller_hosting(source)
    text = f"""DOMAIN REGISTRATION RECORD (answer of the registrar)

Domain            {shop}.example
Created           2026-01-{10 + source.number % 18:02d} 11:40 (registrar's clock, UTC+0)
Registrant        withheld in the public record;
                  given to the cell: {customer} of a hosting company
E-mail            shop@{shop}.example
Machine           {machine}
Name servers      ns1.hosting-quarter.example, ns2.hosting-quarter.example

Remark of the hosting company: 340 other customers use the machine {machine}.
A customer number belongs to one contract. The company did not check the name
that the customer gave.
"""
    return text_paper(
        "E02b",
        "registration_record.txt",
        text,
        title=f"Registration record of {shop}.example",
        source="Registrar's answer",
        acquired="2026-09-24T08:30:00Z",
        authority=f"Production order {source.cast.order_number('PO', 1)}",
        reliability="B3",
    )
