"""The fast kernels once more in plain Python, short enough to show in a lesson; tests hold both equal.

Everything is a number: a ledger is a list of transactions, a transaction a list of numbers.
"""

__all__ = ["co_spend"]


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
