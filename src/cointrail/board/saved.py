"""A board in a file of the case: its start, its steps and its tags as JSON; the ledgers are loaded by name."""

import json
from pathlib import Path

import pandas as pd

from cointrail.board.board import Board
from cointrail.board.utxo_moves import UtxoMoves
from cointrail.errors import CointrailError
from cointrail.ledger import Ledger, load_ledger, load_token_ledger

__all__ = ["open_board", "save"]

VERSION = 1
LARGEST_FILE = 5_000_000
OPERATIONS = frozenset("add back close_cluster collapse expand filter hide link note open_cluster pin unpin".split())


def open_board(*ledgers, start=None, tags=(), clusters=True, exclude=()) -> Board:
    """Open a new board on ledgers, or a saved one from its file.

    Parameters
    ----------
    *ledgers : Ledger, TokenLedger
        Or first the file that `Board.save` wrote; then ledgers only where they are no world's of this course.
    start, tags, clusters, exclude
        See `Board`.

    Returns
    -------
    Board

    Raises
    ------
    CointrailError
        There is no start, the file is no board, or its ledger is longer or shorter than it was.

    Examples
    --------
    >>> from cointrail.ledger import load_ledger
    >>> ledger = load_ledger("primer")
    >>> open_board(ledger, start=ledger.transactions["hash"].iloc[-1])
    <Board primer: 1 node, 0 payments>
    """
    if ledgers and isinstance(ledgers[0], str | Path):
        return _open(Path(ledgers[0]), ledgers[1:])
    if start is None:
        raise CointrailError("Name an address or txid to begin with: open_board(ledger, start=address).")
    return Board(*ledgers, start=start, tags=tags, clusters=clusters, exclude=exclude)


def save(board: Board, file) -> Path:
    """Write a board; the same board gives the same bytes."""
    file = Path(file)
    record = {
        "cointrail board": VERSION,
        "ledgers": [_ledger_record(source) for source in board._sources],
        "start": board.start,
        "tags": board.tags.packs,
        "steps": [[operation, list(arguments), options] for operation, arguments, options in board.steps],
    }
    try:
        file.write_text(json.dumps(record, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
    except OSError as error:
        raise CointrailError(f"The board could not be written to {file}: {error.strerror}.") from error
    return file


def _ledger_record(source):
    record = {
        "kind": "utxo" if isinstance(source, UtxoMoves) else "token",
        "world": source.name,
        "tip": source.ledger.tip,
    }
    if isinstance(source, UtxoMoves):
        record["exclude"] = list(source.exclude)
        record["clusters"] = source.clusters if isinstance(source.clusters, bool) else _groups(source.clusters)
    return record


def _groups(table):
    groups = table.groupby("cluster", sort=False)["address"].agg(list)
    return [addresses for addresses in groups if len(addresses) > 1]


def _open(file, given):
    try:
        if file.stat().st_size > LARGEST_FILE:
            raise CointrailError(f"{file} is larger than {LARGEST_FILE:,} bytes: it is no board.")
        record = json.loads(file.read_text(encoding="utf-8"))
        if record.get("cointrail board") != VERSION:
            raise CointrailError(f"{file} is no board of this version of cointrail.")
        options = {}
        ledgers = [_ledger(one, given, options) for one in record["ledgers"]]
        board = Board(*ledgers, start=record["start"], tags=record["tags"], **options)
        for operation, arguments, named in record["steps"]:
            if operation not in OPERATIONS:
                raise CointrailError(f"{file} holds a step that no board has: {operation!r}.")
            getattr(board, operation)(*arguments, **named)
    except OSError as error:
        raise CointrailError(f"There is no readable board in {file}: {error.strerror}.") from error
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
        raise CointrailError(f"{file} is no board, or it is damaged: save the board again.") from error
    board._changed(f"Opened from {file.name}.")
    return board


def _ledger(record, given, options):
    utxo = record["kind"] == "utxo"
    if utxo:
        groups = record["clusters"]
        options["exclude"] = record["exclude"]
        options["clusters"] = groups if isinstance(groups, bool) else _table(groups)
    mine = [ledger for ledger in given if isinstance(ledger, Ledger) == utxo and ledger.name == record["world"]]
    ledger = mine[0] if mine else (load_ledger if utxo else load_token_ledger)(record["world"])
    if ledger.tip != record["tip"]:
        raise CointrailError(
            f"The board was made on {record['world']} up to block {record['tip']}; this ledger ends at {ledger.tip}. "
            "Follow the money again on this one."
        )
    return ledger


def _table(groups):
    rows = [(address, number) for number, group in enumerate(groups) for address in group]
    return pd.DataFrame(rows, columns=["address", "cluster"])
