"""Do the examples in the docstrings of cointrail.world run as printed?"""

import doctest
import importlib
import pkgutil

import pytest

import cointrail.world

MODULES = ["cointrail.world"] + [
    module.name for module in pkgutil.walk_packages(cointrail.world.__path__, "cointrail.world.")
]


@pytest.mark.parametrize("name", MODULES)
def test_examples_run_as_printed(name):
    results = doctest.testmod(importlib.import_module(name))
    assert results.failed == 0
