"""The steps of a board as Python: the audit log of a trace, which anybody can run again."""

from cointrail.board.utxo_moves import UtxoMoves

__all__ = ["Code", "as_code"]


class Code(str):
    """Text that a notebook shows as it is, without quotes."""

    def __repr__(self) -> str:
        return str(self)


def as_code(board) -> Code:
    """The Python that makes the board again, one line a step."""
    loads, names, options = [], [], []
    for source in board._sources:
        utxo = isinstance(source, UtxoMoves)
        name, load = ("ledger", "load_ledger") if utxo else ("tokens", "load_token_ledger")
        loads.append((name, load, source.name))
        names.append(name)
        options += _cluster_options(source) if utxo else []
    start = board.start[0] if len(board.start) == 1 else board.start
    lines = ["from cointrail.board import open_board"]
    lines.append(f"from cointrail.ledger import {', '.join(load for _, load, _ in loads)}")
    lines.append("")
    lines += [f"{name} = {load}({world!r})" for name, load, world in loads]
    if board.tags:
        titles = ", ".join(pack["title"] for pack in board.tags.packs)
        lines.append(f"# tags: the TagPacks of this board ({titles}), for example tags = read_tagpack(file)")
        options.append("tags=tags")
    if "clusters=clusters" in options:
        lines.append("# clusters: your table of this board, with the columns address and cluster")
    lines.append(f"board = open_board({', '.join([*names, f'start={start!r}', *options])})")
    lines += [f"board.{_call(step)}" for step in board.steps]
    return Code("\n".join(lines))


def _call(step):
    operation, arguments, options = step
    inside = [repr(value) for value in arguments] + [f"{name}={value!r}" for name, value in options.items()]
    return f"{operation}({', '.join(inside)})"


def _cluster_options(source):
    options = [] if source.clusters is True else ["clusters=False" if source.clusters is False else "clusters=clusters"]
    return options + ([f"exclude={list(source.exclude)!r}"] if source.exclude else [])
