"""Bytes of a bulk ledger, by compiled loops: serialised payments, hex text, bech32 addresses."""

import hashlib

import numpy as np
from numba import njit

from cointrail.world.bulk import Flow

__all__ = ["add_txids", "addresses_text", "hex_text", "key_hashes", "serialise"]

CHARSET = np.frombuffer(b"qpzry9x8gf2tvdw0s3jn54khce6mua7l", np.uint8)
DIGITS = np.frombuffer(b"0123456789abcdef", np.uint8)
PREFIX = np.frombuffer(b"bcrt1q", np.uint8)
ADDRESS_LENGTH = 44
INPUT, OUTPUT = 41, 31


def key_hashes(seed: bytes, count: int) -> np.ndarray:
    """Twenty random bytes for each address number: hashes of keys that nobody has."""
    sha256, start = hashlib.sha256, hashlib.sha256(b"bulk addresses" + seed).digest()
    parts = [sha256(start + number.to_bytes(8, "big")).digest() for number in range(-(-count * 20 // 32))]
    return np.frombuffer(b"".join(parts), np.uint8)[: count * 20].reshape(count, 20)


def serialise(flow: Flow, hashes: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """All payments without witness, end to end, with zeros for the txids that they spend; and where each begins."""
    inputs, outputs = np.diff(flow.input_start), np.diff(flow.output_start)
    start = np.concatenate([[0], np.cumsum(10 + INPUT * inputs + OUTPUT * outputs)])
    return _serialise(start, flow.input_start, flow.output_start, flow.output_value, flow.output_address, hashes), start


@njit(cache=True, nogil=True)
def _serialise(start, input_start, output_start, values, addresses, hashes):
    data = np.zeros(start[-1], np.uint8)
    for t in range(len(start) - 1):
        at = start[t]
        data[at] = 2
        data[at + 4] = input_start[t + 1] - input_start[t]
        at += 5
        for _ in range(input_start[t], input_start[t + 1]):
            # No script: 36 bytes of outpoint, a zero, and a sequence that allows replacement (BIP125).
            data[at + 37] = 0xFD
            data[at + 38 : at + 41] = 0xFF
            at += INPUT
        data[at] = output_start[t + 1] - output_start[t]
        at += 1
        for o in range(output_start[t], output_start[t + 1]):
            value = values[o]
            for place in range(8):
                data[at + place] = (value >> (8 * place)) & 0xFF
            data[at + 8], data[at + 9], data[at + 10] = 22, 0, 20
            data[at + 11 : at + 31] = hashes[addresses[o]]
            at += OUTPUT
    return data


def add_txids(
    data: np.ndarray, start: np.ndarray, flow: Flow, place: np.ndarray, ids: np.ndarray, piece: range
) -> None:
    """Fill in the txids of a piece of the payments, in `ids` and where later payments of the piece spend them.

    `ids` holds the txids of the coinbases and then of all payments, in network order; those before the piece are known.
    `place` is the row in it and the vout of every output. What a piece spends of earlier ones is written by a compiled
    loop; only payments that spend one of the same piece wait for its hash.
    """
    known = len(ids) - len(flow.input_start) + 1 + piece.start
    late_at, late_row = _write_outpoints(
        data, start, flow.input_start, flow.spent_output, place[0], place[1], ids, known, piece.start, piece.stop
    )
    sha256, view, digests, number = hashlib.sha256, memoryview(data), [], 0
    late_at, late_row = [*late_at.tolist(), len(data)], late_row.tolist()
    bounds = start[piece.start : piece.stop + 1].tolist()
    begin = bounds[0]
    for end in bounds[1:]:
        while late_at[number] < end:
            view[late_at[number] : late_at[number] + 32] = digests[late_row[number] - known]
            number += 1
        digests.append(sha256(sha256(view[begin:end]).digest()).digest())
        begin = end
    ids[known : known + len(piece)] = np.frombuffer(b"".join(digests), np.uint8).reshape(-1, 32)


@njit(cache=True, nogil=True)
def _write_outpoints(data, start, input_start, spent, rows, vouts, ids, known, first, last):
    """Write what some payments spend; give place and row of the txids that are not known yet."""
    late_at = np.empty(input_start[last] - input_start[first], np.int64)
    late_row = np.empty_like(late_at)
    count = 0
    for t in range(first, last):
        at = start[t] + 5
        for number in range(input_start[t], input_start[t + 1]):
            row, vout = rows[spent[number]], vouts[spent[number]]
            if row < known:
                data[at : at + 32] = ids[row]
            else:
                late_at[count], late_row[count] = at, row
                count += 1
            for shift in range(4):
                data[at + 32 + shift] = (vout >> (8 * shift)) & 0xFF
            at += INPUT
    return late_at[:count], late_row[:count]


@njit(cache=True, nogil=True)
def hex_text(rows, backwards):
    """Hex digits of each row of bytes, from the last byte to the first where `backwards` (as hashes are shown)."""
    count, width = rows.shape
    text = np.empty((count, 2 * width), np.uint8)
    for row in range(count):
        for place in range(width):
            byte = rows[row, width - 1 - place if backwards else place]
            text[row, 2 * place] = DIGITS[byte >> 4]
            text[row, 2 * place + 1] = DIGITS[byte & 15]
    return text


@njit(cache=True, nogil=True)
def _polymod(state, value):
    """One step of the checksum of BIP173."""
    top = state >> 25
    state = ((state & 0x1FFFFFF) << 5) ^ value
    for bit, generator in enumerate((0x3B6A57B2, 0x26508E6D, 0x1EA119FA, 0x3D4233DD, 0x2A1462B3)):
        if (top >> bit) & 1:
            state ^= generator
    return state


@njit(cache=True, nogil=True)
def addresses_text(hashes):
    """The regtest address (P2WPKH, bech32) of each hash, 44 characters."""
    text = np.empty((len(hashes), ADDRESS_LENGTH), np.uint8)
    begin = 1
    for letter in (98, 99, 114, 116):
        begin = _polymod(begin, letter >> 5)
    begin = _polymod(begin, 0)
    for letter in (98, 99, 114, 116):
        begin = _polymod(begin, letter & 31)
    begin = _polymod(begin, 0)
    for row in range(len(hashes)):
        text[row, :6] = PREFIX
        state, held, bits, at = begin, 0, 0, 6
        for byte in hashes[row]:
            held = ((held << 8) | byte) & 0xFFF
            bits += 8
            while bits >= 5:
                bits -= 5
                value = (held >> bits) & 31
                state = _polymod(state, value)
                text[row, at] = CHARSET[value]
                at += 1
        for _ in range(6):
            state = _polymod(state, 0)
        state ^= 1
        for place in range(6):
            text[row, at + place] = CHARSET[(state >> (5 * (5 - place))) & 31]
    return text
