"""The fast kernels once more in plain Python, short enough to show in a lesson; tests hold both equal.

Everything is a number: a ledger is a list of transactions, a transaction a list of numbers.
"""

__all__ = ["co_spend", "fifo", "haircut", "poison"]


def co_spend(addresses: int, transactions: list[list[int]]) -> list[int]:
    """The cluster of each address, as the smallest address number in it (union-find).

    Parameters
    ----------
    addresses : int
        How many addresses there are, numbered from 0.
    transactions : list of lists
        The input addresses of each transaction.

    Examples
    --------
    >>> co_spend(5, [[0, 2], [2, 4], [3]])
    [0, 1, 0, 3, 0]
    """
    parent = list(range(addresses))

    def root(address):
        while parent[address] != address:
            parent[address] = parent[parent[address]]
            address = parent[address]
        return address

    for inputs in transactions:
        for other in inputs[1:]:
            a, b = root(inputs[0]), root(other)
            parent[max(a, b)] = min(a, b)
    return [root(address) for address in range(addresses)]


def poison(transactions, value, sources, stop=()):
    """Taint by poison: a coin is marked whole if any coin of the transaction that made it was marked.

    Parameters
    ----------
    transactions : list of (list of int, list of int)
        The coins that go in and the coins that come out, the fee last. A coin is a number. For backward tracing, turn
        both the list and each pair round.
    value : list of int
        Satoshi of each coin.
    sources, stop : sets of int
        Coins to follow, and coins where the trail ends.

    Returns
    -------
    dict
        Coin -> marked satoshi; coins without any are left out.

    Examples
    --------
    Anderson et al. 2018: 3 stolen and 7 fresh coins are spent together, and 4 and 6 come out.

    >>> poison([([0, 1], [2, 3])], [3, 7, 4, 6], {0})
    {0: 3, 2: 4, 3: 6}
    """
    dirty = dict.fromkeys(sources)
    for ins, outs in transactions:
        if any(coin in dirty and coin not in stop for coin in ins):
            dirty |= dict.fromkeys(outs)
    return {coin: value[coin] for coin in dirty if value[coin]}


def haircut(transactions, value, sources, stop=()):
    """Taint by haircut: marked satoshis are shared among the coins out in proportion to their value.

    Shares are whole satoshis: each is rounded down, then what is left goes, one satoshi each, to the largest
    remainders; of equal ones to the first. Parameters and result as for `poison`.

    >>> haircut([([0, 1], [2, 3])], [3, 7, 4, 6], {0})
    {0: 3, 2: 1, 3: 2}
    """
    mark = {coin: value[coin] for coin in sources}
    for ins, outs in transactions:
        total, dirty = sum(value[coin] for coin in ins), sum(mark.get(coin, 0) for coin in ins if coin not in stop)
        if not dirty:
            continue
        shares = [dirty * value[coin] // total for coin in outs]
        rests = [dirty * value[coin] % total for coin in outs]
        for k in sorted(range(len(outs)), key=lambda k: -rests[k])[: dirty - sum(shares)]:
            shares[k] += 1
        mark |= {coin: share for coin, share in zip(outs, shares, strict=True) if coin not in sources}
    return {coin: marked for coin, marked in mark.items() if marked}


def fifo(transactions, value, sources, stop=(), *, newest_first=False):
    """Taint by order: first in, first out; with `newest_first`, last in, first out. Else as `haircut`.

    A marked coin is a row of pieces (satoshis, marked or not).

    >>> fifo([([0, 1], [2, 3])], [3, 7, 4, 6], {0})
    {0: 3, 2: 3}
    >>> fifo([([0, 1], [2, 3])], [3, 7, 4, 6], {0}, newest_first=True)
    {0: 3, 3: 3}
    """
    rows = {coin: [(value[coin], True)] for coin in sources}
    for ins, outs in transactions:
        if not any(coin in rows and coin not in stop for coin in ins):
            continue
        queue = [piece for coin in ins for piece in (coin not in stop and rows.get(coin)) or [(value[coin], False)]]
        queue = queue if newest_first else queue[::-1]
        for coin in outs:
            row, need = [], value[coin]
            while need:
                size, marked = queue.pop()
                row.append((min(size, need), marked))
                if size > need:
                    queue.append((size - need, marked))
                need -= row[-1][0]
            if coin not in sources and any(marked for _, marked in row):
                rows[coin] = row
    sums = {coin: sum(size for size, marked in row if marked) for coin, row in rows.items()}
    return {coin: marked for coin, marked in sums.items() if marked}
