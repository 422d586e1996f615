"""The examples in the docstrings of the board and of the evidence room run and say what they say."""

import doctest
import importlib

import pytest


@pytest.mark.parametrize("name", ["board.board", "board.moves", "board.saved", "board.text", "evidence.acquisition"])
def test_examples_run(name):
    results = doctest.testmod(importlib.import_module(f"cointrail.{name}"))
    assert results.attempted and not results.failed
