"""Four taint rules on integer arrays. Their plain twins are in `plain`.

Each kernel walks through transactions in order and moves marked satoshis from the coins that go in to the coins that
come out. The last coin out is the fee. Backward tracing is the same walk on the ledger turned round: what came out goes
in. ``source`` coins are marked whole, whatever reaches them; what goes into a ``stop`` coin stays there.
"""

import numpy as np
from numba import njit

__all__ = ["haircut_kernel", "order_kernel", "poison_kernel"]


@njit(cache=True)
def poison_kernel(steps, in_start, in_coins, out_start, out_coins, value, source, stop):
    """Every coin out of a transaction is marked whole if any coin in is marked."""
    mark = np.zeros(value.size, np.int64)
    dirty = source.copy()
    for t in steps:
        hit = False
        for j in range(in_start[t], in_start[t + 1]):
            coin = in_coins[j]
            if dirty[coin] and not stop[coin]:
                hit = True
                break
        if hit:
            for k in range(out_start[t], out_start[t + 1]):
                dirty[out_coins[k]] = 1
    for coin in range(value.size):
        if dirty[coin]:
            mark[coin] = value[coin]
    return mark, 0


@njit(cache=True)
def haircut_kernel(steps, in_start, in_coins, out_start, out_coins, value, source, stop):
    """Marked satoshis are shared among the coins out in proportion to value: whole satoshis, largest remainder."""
    mark = np.where(source == 1, value, 0)
    overlap = 0
    size = 1
    for t in range(out_start.size - 1):
        size = max(size, out_start[t + 1] - out_start[t])
    shares, rests = np.empty(size, np.int64), np.empty(size, np.int64)
    for t in steps:
        total, dirty = 0, 0
        for j in range(in_start[t], in_start[t + 1]):
            coin = in_coins[j]
            total += value[coin]
            if not stop[coin]:
                dirty += mark[coin]
        begin, count = out_start[t], out_start[t + 1] - out_start[t]
        if dirty == 0 or count == 0:
            continue
        _share_out(dirty, total, value, out_coins[begin : begin + count], shares, rests)
        for k in range(count):
            coin = out_coins[begin + k]
            if source[coin]:
                overlap += shares[k]
            else:
                mark[coin] = shares[k]
    return mark, overlap


@njit(cache=True)
def _share_out(dirty, total, value, coins, shares, rests):
    """Write each coin's share of the marked satoshis; what rounding leaves goes to the largest remainders."""
    left = dirty
    for k in range(coins.size):
        shares[k], rests[k] = _divide(dirty, value[coins[k]], total)
        left -= shares[k]
    for _ in range(left):
        best = 0
        for k in range(1, coins.size):
            if rests[k] > rests[best]:
                best = k
        shares[best] += 1
        rests[best] = -1


@njit(cache=True)
def _divide(a, b, c):
    """Quotient and remainder of a * b / c without overflow, for a <= c and values up to 21 million coins.

    The product needs 102 bits. A float quotient is wrong by one at most, so that the true remainder is small and
    arithmetic modulo 2**64 gives it exactly.
    """
    quotient = np.int64(float(a) * float(b) / float(c))
    rest = np.int64(np.uint64(a) * np.uint64(b) - np.uint64(quotient) * np.uint64(c))
    while rest < 0:
        quotient -= 1
        rest += c
    while rest >= c:
        quotient += 1
        rest -= c
    return quotient, rest


@njit(cache=True)
def order_kernel(steps, in_start, in_coins, out_start, out_coins, value, source, stop, newest_first):
    """Satoshis leave in the order in which they came (FIFO), or the last one first (LIFO).

    A coin is a row of pieces in `pieces`: n > 0 is n marked satoshis, n < 0 is -n clean ones. Only marked coins have
    one; the array grows when it is full.
    """
    mark = np.zeros(value.size, np.int64)
    first = np.zeros(value.size, np.int64)
    count = np.zeros(value.size, np.int32)
    pieces, top = np.empty(1024, np.int64), 0
    queue = np.empty(1024, np.int64)
    overlap = 0
    for coin in range(value.size):
        if source[coin] and value[coin] > 0:
            if top == pieces.size:
                pieces = np.concatenate((pieces, np.empty(pieces.size, np.int64)))
            mark[coin], first[coin], count[coin], pieces[top] = value[coin], top, 1, value[coin]
            top += 1
    for t in steps:
        waiting = _pieces_waiting(in_coins[in_start[t] : in_start[t + 1]], count, stop)
        if waiting == 0 or out_start[t] == out_start[t + 1]:
            continue
        if waiting > queue.size:
            queue = np.empty(2 * waiting, np.int64)
        n = _line_up(in_coins[in_start[t] : in_start[t + 1]], value, stop, first, count, pieces, queue)
        if newest_first:
            queue[:n] = queue[:n][::-1].copy()
        room = top + n + out_start[t + 1] - out_start[t]
        if room > pieces.size:
            pieces = np.concatenate((pieces, np.empty(room, np.int64)))
        at = 0
        for coin in out_coins[out_start[t] : out_start[t + 1]]:
            begin = top
            at, top, marked = _pour(value[coin], queue, at, pieces, begin)
            if source[coin] or marked == 0:
                overlap += marked
                top = begin
            else:
                mark[coin], first[coin], count[coin] = marked, begin, top - begin
    return mark, overlap


@njit(cache=True)
def _pieces_waiting(coins, count, stop):
    """How many pieces these coins have; 0 if none of them is marked."""
    waiting, hit = 0, False
    for coin in coins:
        alive = count[coin] > 0 and not stop[coin]
        hit = hit or alive
        waiting += count[coin] if alive else 1
    return waiting if hit else 0


@njit(cache=True)
def _line_up(coins, value, stop, first, count, pieces, queue):
    """Write the pieces of these coins into the queue, one coin after the other; return how many."""
    n = 0
    for coin in coins:
        if count[coin] > 0 and not stop[coin]:
            for k in range(first[coin], first[coin] + count[coin]):
                queue[n] = pieces[k]
                n += 1
        elif value[coin] > 0:
            queue[n] = -value[coin]
            n += 1
    return n


@njit(cache=True)
def _pour(need, queue, at, pieces, begin):
    """Fill a coin from the queue; return the place in the queue, the end of the coin's pieces, its marked satoshis."""
    top, marked = begin, 0
    while need > 0:
        take = min(need, abs(queue[at]))
        signed = take if queue[at] > 0 else -take
        marked += max(signed, 0)
        if top > begin and (pieces[top - 1] > 0) == (signed > 0):
            pieces[top - 1] += signed
        else:
            pieces[top] = signed
            top += 1
        need -= take
        queue[at] -= signed
        at += queue[at] == 0
    return at, top, marked
