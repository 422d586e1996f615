"""Do the examples in the docstrings of cointrail.ledger run as printed?"""

import doctest
import importlib
import pkgutil

import pytest

import cointrail.ledger

MODULES = ["cointrail.ledger"] + [
    module.name for module in pkgutil.walk_packages(cointrail.ledger.__path__, "cointrail.ledger.")
]


@pytest.mark.parametrize("name", MODULES)
def test_examples_run_as_printed(name):
    results = doctest.testmod(importlib.import_module(name))
    assert results.failed == 0
