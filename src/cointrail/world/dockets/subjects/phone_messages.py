"""Messages about payments for the seized phone: four that one transaction fits, two that several fit."""

from datetime import timedelta

import pandas as pd

from cointrail.errors import CointrailError
from cointrail.tracing.messages import message_candidates
from cointrail.tracing.stated import stated_amount
from cointrail.world.dockets import cast
from cointrail.world.dockets.source import Source
from cointrail.world.streams import Stream

__all__ = ["choose_messages"]

# The phone is somebody's from this day on; see `phone.PHONE_LIFE`.
FIRST_DAY = "2026-03-13"
# Nobody writes about dust; satoshi.
LEAST = 100_000

SHAPES = {
    "in, exact": "It is on its way: {stated} to your address. The fee was on me.",
    "out, fee on top": "I sent you {stated}. I paid the fee on top.",
    "out, fee inside": "Done. My wallet says {stated} are gone, the fee is inside.",
    "in, exact again": "{stated} sent just now.",
    "out, about": "About {stated} went out to you this evening.",
    "in, about": "You should have about {stated} from me by tomorrow.",
}
TALK = (
    ("other", "Are you there?"),
    ("owner", "Yes. Write here, not on the other number."),
    ("other", "Parcel came. All in order."),
    ("owner", "New address next week. Wait for my message."),
    ("other", "[message deleted by the sender]"),
    ("owner", "No names in here, please."),
)


def choose_messages(source: Source, own: list[str], window: dict[str, timedelta]) -> list[dict]:
    """All messages of the chats in order of time: message, local_time, chat, sender, text, stated, direction, txid."""
    stream, payments = source.stream("phone messages"), _payments(source, own)
    chosen: list[dict] = []
    for shape in SHAPES:
        taken = {txid for row in chosen for txid in row["fits"]}
        chosen.append(_message(source, own, shape, payments, taken, stream, window))
    rows = [_line(row, stream) for row in chosen] + _talk(stream)
    rows.sort(key=lambda row: row["local_time"])
    return [row | {"message": f"M{number:02d}"} for number, row in enumerate(rows, 1)]


def _payments(source: Source, own: list[str]) -> pd.DataFrame:
    """Every transaction that touches the wallets and moves one output the way it goes: time, direction, value, fee.

    The package's own method finds them: a window without end after the first day, and any amount.
    """
    first = pd.Timestamp(f"{FIRST_DAY}T00:00:00Z")
    asked = pd.DataFrame({"message": ["in", "out"], "time": first, "amount": 1, "direction": ["in", "out"]})
    found = message_candidates(
        source.ledger,
        asked,
        addresses=own,
        before=timedelta(0),
        after=timedelta(days=400),
        fee="excluded",
        tolerance=10**15,
    )
    return found.rename(columns={"message": "direction"})[["direction", "txid", "timestamp", "value", "fee", "outputs"]]


def _message(source, own, shape, payments, taken, stream: Stream, window) -> dict:
    """The first payment, in random order, that a message of this shape fits as intended."""
    direction, _, kind = shape.partition(", ")
    rows = payments[(payments["direction"] == direction) & (payments["value"] >= LEAST)]
    for decimals in (3, 2) if kind == "about" else (8,):
        for row in stream.shuffled(list(rows.itertuples())):
            if row.txid in taken:
                continue
            value = row.value + (row.fee if kind == "fee inside" else 0)
            stated = _stated(value, decimals)
            time = row.timestamp - timedelta(minutes=stream.between(12, 170))
            wanted = range(2, 100) if kind == "about" else range(1, 2)
            if not stated_amount(stated)[0] or _near(rows, stated, time, window) not in wanted:
                continue
            fits = _fits(source, own, direction, stated, time, window)
            if row.txid in fits and len(fits) in wanted:
                txid = None if kind == "about" else row.txid
                return {"shape": shape, "stated": stated, "time": time, "txid": txid, "fits": fits}
    raise CointrailError(f"Docket {source.letter}: no payment suits a message ({shape}): take another seed.")


def _stated(satoshi: int, decimals: int) -> str:
    """Half up, as people round."""
    step = 10 ** (8 - decimals)
    units = (satoshi + step // 2) // step
    return f"{units // 10**decimals}.{units % 10**decimals:0{decimals}d} BTC"


def _near(rows: pd.DataFrame, stated: str, time, window) -> int:
    """About how many payments fit: quick, so that only likely ones are put to the method itself."""
    amount, tolerance = stated_amount(stated)
    near = rows[rows["timestamp"].between(time - window["before"], time + window["after"])]
    beside = [near["value"] - amount, near["value"] + near["fee"] - amount]
    return int(((beside[0].abs() <= tolerance) | (beside[1].abs() <= tolerance)).sum())


def _fits(source: Source, own: list[str], direction: str, stated: str, time, window) -> list[str]:
    amount, tolerance = stated_amount(stated)
    asked = pd.DataFrame({"message": ["M"], "time": [time], "amount": [amount], "direction": [direction]})
    found = message_candidates(source.ledger, asked, addresses=own, fee="either", tolerance=tolerance, **window)
    return found["txid"].tolist()


def _line(row: dict, stream: Stream) -> dict:
    direction = row["shape"].partition(", ")[0]
    sender = "owner" if direction == "out" else "other"
    text = SHAPES[row["shape"]].format(stated=row["stated"])
    head = {"local_time": _local(row["time"]), "chat": _chat(stream), "sender": sender, "text": text}
    return head | {"stated": row["stated"], "direction": direction, "txid": row["txid"]}


def _talk(stream: Stream) -> list[dict]:
    start = pd.Timestamp(f"{cast.SNAPSHOTS[0]}T01:00:00Z")
    return [
        {
            "local_time": _local(start + timedelta(days=24 * place, minutes=stream.below(700))),
            "chat": _chat(stream),
            "sender": sender,
            "text": text,
            "stated": None,
            "direction": None,
            "txid": None,
        }
        for place, (sender, text) in enumerate(TALK)
    ]


def _chat(stream: Stream) -> str:
    return f"contact {stream.between(1, 3)}"


def _local(time: pd.Timestamp) -> str:
    return f"{time.tz_localize(None) + timedelta(hours=cast.OFFSET_HOURS[cast.HOME_STATE]):%Y-%m-%dT%H:%M:%S}"
