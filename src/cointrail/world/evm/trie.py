"""The hash tree of account chains (Merkle Patricia trie): one root that stands for a whole table of keys and values.

Yellow Paper, appendix D. Subtrees that did not change keep their hash, so a root after a few updates is cheap.
"""

from collections.abc import Iterable

from cointrail.world.evm.hashing import keccak
from cointrail.world.evm.rlp import encode, encode_list

__all__ = ["EMPTY_ROOT", "Trie", "list_root"]

EMPTY_ROOT = keccak(encode(b""))


def list_root(items: Iterable[bytes]) -> bytes:
    """The root over a list: transactions or receipts of a block, keyed by the RLP of their position."""
    trie = Trie()
    for position, item in enumerate(items):
        trie.set(encode(position), item)
    return trie.root()


class Trie:
    """Keys and values as bytes.

    A node is a list: ``["leaf", path, value]``, ``["short", path, node]`` or ``["branch", children, value]``, with the
    cached RLP reference as last element. Paths are tuples of half bytes.
    """

    def __init__(self):
        self._top = None

    def set(self, key: bytes, value: bytes) -> None:
        """Set the value of a key; an empty value takes the key away."""
        path = tuple(half for byte in key for half in (byte >> 4, byte & 15))
        self._top = _put(self._top, path, value) if value else _drop(self._top, path)

    def root(self) -> bytes:
        """The 32 bytes that stand for all keys and values."""
        return EMPTY_ROOT if self._top is None else keccak(_serialise(self._top))


def _put(node: list | None, path: tuple, value: bytes) -> list:
    if node is None:
        return ["leaf", path, value, None]
    if node[0] == "branch":
        return _put_branch(node, path, value)
    shared = 0
    while shared < min(len(path), len(node[1])) and path[shared] == node[1][shared]:
        shared += 1
    if shared == len(node[1]):
        if node[0] == "short":
            return ["short", node[1], _put(node[2], path[shared:], value), None]
        if shared == len(path):
            return ["leaf", path, value, None]
    fork = _fork(node, shared)
    fork = _put_branch(fork, path[shared:], value)
    return ["short", path[:shared], fork, None] if shared else fork


def _fork(node: list, shared: int) -> list:
    """A branch that holds what a leaf or a short cut held, below the part of the path that it shares."""
    rest = node[1][shared:]
    if not rest:
        return ["branch", [None] * 16, node[2], None]
    below = node[2] if node[0] == "short" and len(rest) == 1 else [node[0], rest[1:], node[2], None]
    return ["branch", [below if half == rest[0] else None for half in range(16)], b"", None]


def _put_branch(node: list, path: tuple, value: bytes) -> list:
    children = list(node[1])
    if not path:
        return ["branch", children, value, None]
    children[path[0]] = _put(children[path[0]], path[1:], value)
    return ["branch", children, node[2], None]


def _drop(node: list | None, path: tuple) -> list | None:
    if node is None or node[0] == "leaf":
        return None if node is None or node[1] == path else node
    if node[0] == "short":
        below = len(node[1])
        return _lengthen(node[1], _drop(node[2], path[below:])) if path[:below] == node[1] else node
    children, value = list(node[1]), node[2] if path else b""
    if path:
        children[path[0]] = _drop(children[path[0]], path[1:])
    left = [half for half, child in enumerate(children) if child is not None]
    if value and not left:
        return ["leaf", (), value, None]
    if len(left) == 1 and not value:
        return _lengthen((left[0],), children[left[0]])
    return ["branch", children, value, None]


def _lengthen(path: tuple, node: list | None) -> list | None:
    """A node with a longer way to it: two short cuts in a row are never left."""
    if node is None or node[0] == "branch":
        return node and ["short", path, node, None]
    return [node[0], path + node[1], node[2], None]


def _serialise(node: list) -> bytes:
    if node[0] == "branch":
        parts = [_reference(child) for child in node[1]] + [encode(node[2])]
    else:
        below = encode(node[2]) if node[0] == "leaf" else _reference(node[2])
        parts = [encode(_packed(node[1], leaf=node[0] == "leaf")), below]
    return encode_list(parts)


def _reference(node: list | None) -> bytes:
    """A node inside its parent: itself if it is short, else its hash; remembered until the node changes."""
    if node is None:
        return encode(b"")
    if node[3] is None:
        serial = _serialise(node)
        node[3] = serial if len(serial) < 32 else encode(keccak(serial))
    return node[3]


def _packed(path: tuple, *, leaf: bool) -> bytes:
    """Half bytes as bytes; the first says whether the number is odd and whether the path ends in a value."""
    odd = len(path) % 2
    halves = ((2 * leaf + odd), *(() if odd else (0,)), *path)
    return bytes(16 * high + low for high, low in zip(halves[::2], halves[1::2], strict=True))
