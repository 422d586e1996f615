"""Recursive length prefix (RLP), the serialisation of account chains: byte strings and lists of them.

Whole numbers are written big-endian without leading zeros; the Ethereum Yellow Paper, appendix B.
"""

from cointrail.errors import CointrailError

__all__ = ["Item", "decode", "encode", "encode_list"]

Item = bytes | int | list


def encode(item: Item) -> bytes:
    """Bytes, a whole number or a list of such, as RLP.

    Examples
    --------
    >>> encode([b"cat", 1024]).hex()
    'c783636174820400'
    """
    if isinstance(item, list):
        return encode_list([encode(part) for part in item])
    if isinstance(item, int):
        item = item.to_bytes((item.bit_length() + 7) // 8, "big")
    if len(item) == 1 and item[0] < 0x80:
        return bytes(item)
    return _head(0x80, len(item)) + item


def encode_list(parts: list[bytes]) -> bytes:
    """A list whose items are RLP already."""
    body = b"".join(parts)
    return _head(0xC0, len(body)) + body


def _head(offset: int, length: int) -> bytes:
    if length < 56:
        return bytes((offset + length,))
    size = length.to_bytes((length.bit_length() + 7) // 8, "big")
    return bytes((offset + 55 + len(size),)) + size


def decode(data: bytes, start: int = 0) -> tuple[bytes | list, int]:
    """The item that begins at `start`, and where the next one begins.

    Raises
    ------
    CointrailError
        If the bytes end too early.

    Examples
    --------
    >>> decode(bytes.fromhex("c783636174820400"))
    ([b'cat', b'\\x04\\x00'], 8)
    """
    first = data[start] if start < len(data) else 0x81
    if first < 0x80:
        return data[start : start + 1], start + 1
    body, end = _span(data, start, first - (0xC0 if first >= 0xC0 else 0x80))
    if end > len(data):
        raise CointrailError(f"The RLP item at byte {start} is cut short: the file is damaged; copy it again.")
    if first < 0xC0:
        return data[body:end], end
    items = []
    while body < end:
        item, body = decode(data, body)
        items.append(item)
    return items, end


def _span(data: bytes, start: int, mark: int) -> tuple[int, int]:
    """Where the body of an item begins and ends."""
    if mark < 56:
        return start + 1, start + 1 + mark
    body = start + 1 + mark - 55
    return body, body + int.from_bytes(data[start + 1 : body], "big")
