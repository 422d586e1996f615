"""The mistakes the feedback recognises, by the code of the syllabus: a name a person can remember."""

__all__ = ["NAMES", "named"]

NAMES = {
    "M01": "= and == mixed up",
    "M02": "a bitcoin amount with a decimal point",
    "M03": "order or repetition in the wrong place",
    "M04": "an old state of the notebook",
    "M05": "every output counted as a payment",
    "M06": "an address taken for a person",
    "M07": "balance taken for money received",
    "M08": "the fee forgotten",
    "M09": "the price of the wrong day",
    "M10": "local time taken for UTC",
    "M11": "only the ends of an address compared",
    "M12": "an unconfirmed payment counted",
    "M13": "feedback taken for sales",
    "M14": "a copied public key taken for the same vendor",
    "M15": "co-spending taken for proof",
    "M16": "one label spread over everything",
    "M17": "the first matching amount taken",
    "M18": "repetition taken for confirmation",
    "M19": "the smaller output always taken for change",
    "M20": "the larger output always taken for change",
    "M21": "round numbers sought in the wrong unit",
    "M22": "certainty through a CoinJoin",
    "M23": "a privacy tool taken for a crime",
    "M24": "a batch payout taken for a CoinJoin",
    "M25": "haircut rounded so that value is lost",
    "M26": "a trail followed past a service",
    "M27": "the wrong number of decimals",
    "M28": "the same symbol taken for the same token",
    "M29": "an approval taken for a transfer",
    "M30": "a failed transaction counted",
    "M31": "a deposit address taken for the suspect's wallet",
    "M32": "equal amounts expected across chains",
    "M33": "the account holder taken for the offender",
    "M34": "the device taken for the coins",
    "M35": "an empty wallet taken for no funds",
    "M36": "one key taken for all",
    "M37": "a seed exposed",
    "M38": "more claimed than shown",
    "M39": "counted twice",
    "M40": "a police channel taken for evidence",
    "M41": "articles gathered without need",
    "M42": "more shared than needed",
    "M43": "no alternatives named",
    "M44": "a training error rate quoted as evidence",
    "M45": "traced through a market's pooled wallet",
    "M46": "a chemical or a listing taken for an offence",
    "M47": "listings taken for sales",
    "M48": "every match taken for guilty",
}


def named(code):
    """How a mistake is headed on a page: its name first, and the code where the syllabus has one.

    >>> named("M08")
    'The fee forgotten (M08)'
    >>> named("the change")
    'The change'
    """
    name = NAMES.get(code, code)
    return name[:1].upper() + name[1:] + (f" ({code})" if code in NAMES else "")
