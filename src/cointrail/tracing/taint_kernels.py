"""Four taint rules on integer arrays. Their plain twins are in `plain`.

Each kernel walks through transactions in order and moves marked satoshis from the coins that go in to the coins that
come out. The last coin out is the fee. Backward tracing is the same walk on the ledger turned round: what came out goes
in. ``source`` coins are marked whole, whatever reaches them; what goes into a ``stop`` coin stays there.
"""

import numpy as np
from numba import njit

__all__ = ["RULES", "haircut_kernel", "order_kernel", "poison_kernel"]

# A coin's flag: 0 clean, 1 marked, 2 marked and at a stop. One byte for each coin, so that the walk past the many
# transactions that have nothing to do with the case stays in the processor's cache.


@njit(cache=True)
def poison_kernel(steps, in_start, in_coins, out_start, out_coins, stop, flag):
    """Every coin out of a transaction is marked whole if any coin in is marked."""
    carries = np.zeros(flag.size // 8 + 1, np.uint8)  # one bit for each coin: small enough for the cache
    for coin in np.flatnonzero(flag):
        carries[coin >> 3] |= 1 << (coin & 7)
    for t in steps:
        if _any_carries(in_start[t], in_start[t + 1], in_coins, carries):
            for k in range(out_start[t], out_start[t + 1]):
                coin = out_coins[k]
                flag[coin] = 1 + stop[coin]
                carries[coin >> 3] |= (1 - stop[coin]) << (coin & 7)


@njit(cache=True)
def _any_carries(begin, end, in_coins, carries):
    for j in range(begin, end):
        coin = in_coins[j]
        if carries[coin >> 3] >> (coin & 7) & 1:
            return True
    return False


@njit(cache=True)
def haircut_kernel(steps, in_start, in_coins, out_start, out_coins, value, stop, flag, mark):
    """Marked satoshis are shared among the coins out in proportion to value: whole satoshis, largest remainder."""
    source = _start(flag, value, mark)
    overlap, size = 0, 1
    for t in range(out_start.size - 1):
        size = max(size, out_start[t + 1] - out_start[t])
    shares, rests = np.empty(size, np.int64), np.empty(size, np.int64)
    for t in steps:
        dirty = 0
        for j in range(in_start[t], in_start[t + 1]):
            if flag[in_coins[j]] == 1:
                dirty += mark[in_coins[j]]
        begin, count = out_start[t], out_start[t + 1] - out_start[t]
        if dirty == 0 or count == 0:
            continue
        _share_out(dirty, value, out_coins[begin : begin + count], shares, rests)
        for k in range(count):
            coin = out_coins[begin + k]
            if _is_in(coin, source):
                overlap += shares[k]
            elif shares[k] > 0:
                mark[coin] = shares[k]
                flag[coin] = 1 + stop[coin]
    return overlap


@njit(cache=True)
def _start(flag, value, mark):
    """Mark the sources whole; return them, sorted. One without value carries nothing on."""
    source = np.flatnonzero(flag)
    for coin in source:
        mark[coin] = value[coin]
        flag[coin] = value[coin] > 0
    return source


@njit(cache=True)
def _is_in(coin, source):
    """Is a coin among the sorted sources? Most coins come after the last, or before the first."""
    if coin < source[0] or coin > source[-1]:
        return False
    place = np.searchsorted(source, coin)
    return place < source.size and source[place] == coin


@njit(cache=True)
def _share_out(dirty, value, coins, shares, rests):
    """Write each coin's share of the marked satoshis; what rounding leaves goes to the largest remainders."""
    left, total = dirty, 0
    for coin in coins:  # with the fee as a coin, as much comes out as went in
        total += value[coin]
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
def order_kernel(steps, in_start, in_coins, out_start, out_coins, value, stop, flag, mark, newest_first):
    """Satoshis leave in the order in which they came (FIFO), or the last one first (LIFO).

    A coin is a row of pieces in `pieces`: n > 0 is n marked satoshis, n < 0 is -n clean ones. Only marked coins have
    one; the array grows when it is full.
    """
    source = _start(flag, value, mark)
    first, count = np.empty(value.size, np.int64), np.empty(value.size, np.int32)
    pieces, queue = np.empty(1024 + source.size, np.int64), np.empty(1024, np.int64)
    top, overlap = 0, 0
    for coin in source:
        first[coin], count[coin], pieces[top] = top, 1, value[coin]
        top += flag[coin]
    for t in steps:
        if out_start[t] == out_start[t + 1] or not _any_marked(in_start[t], in_start[t + 1], in_coins, flag):
            continue
        coins = in_coins[in_start[t] : in_start[t + 1]]
        waiting = _pieces_waiting(coins, flag, count)
        if waiting > queue.size:
            queue = np.empty(2 * waiting, np.int64)
        n = _line_up(coins, value, flag, first, count, pieces, queue)
        if newest_first:
            queue[:n] = queue[:n][::-1].copy()
        room = top + n + out_start[t + 1] - out_start[t]
        if room > pieces.size:
            pieces = np.concatenate((pieces, np.empty(room, np.int64)))
        at = 0
        for k in range(out_start[t], out_start[t + 1]):
            coin, begin = out_coins[k], top
            at, top, marked = _pour(value[coin], queue, at, pieces, begin)
            if marked == 0 or _is_in(coin, source):
                overlap += marked
                top = begin
            else:
                mark[coin], first[coin], count[coin], flag[coin] = marked, begin, top - begin, 1 + stop[coin]
    return overlap


@njit(cache=True)
def _any_marked(begin, end, in_coins, flag):
    for j in range(begin, end):
        if flag[in_coins[j]] == 1:
            return True
    return False


@njit(cache=True)
def _pieces_waiting(coins, flag, count):
    """How many pieces these coins have."""
    waiting = 0
    for coin in coins:
        waiting += count[coin] if flag[coin] == 1 else 1
    return waiting


@njit(cache=True)
def _line_up(coins, value, flag, first, count, pieces, queue):
    """Write the pieces of these coins into the queue, one coin after the other; return how many."""
    n = 0
    for coin in coins:
        if flag[coin] == 1:
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


def _poison(steps, in_start, in_coins, out_start, out_coins, value, source, stop):
    flag = source.copy()
    poison_kernel(steps, in_start, in_coins, out_start, out_coins, stop, flag)
    return flag, value, 0


def _in_parts(kernel, *options):
    def rule(steps, in_start, in_coins, out_start, out_coins, value, source, stop):
        # Made here and not in the kernel: numpy leaves the pages that nobody touches unwritten
        flag, mark = source.copy(), np.zeros(len(value), np.int64)
        facts = steps, in_start, in_coins, out_start, out_coins, value, stop, flag, mark
        return flag, mark, kernel(*facts, *options)

    return rule


# A rule returns each coin's flag, its satoshis (they count only where the flag is not 0), and what came back to sources
RULES = {
    "poison": _poison,
    "haircut": _in_parts(haircut_kernel),
    "fifo": _in_parts(order_kernel, False),
    "lifo": _in_parts(order_kernel, True),
}
