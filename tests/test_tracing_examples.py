"""Every example in a docstring of the tracing methods runs and gives what it says, on the world primer."""

import doctest
import importlib
import pkgutil

import pytest

import cointrail.tracing
from cointrail.errors import CointrailError
from cointrail.ledger import worlds

MODULES = sorted(module.name for module in pkgutil.iter_modules(cointrail.tracing.__path__))


def primer_is_there():
    try:
        return "primer" in worlds()
    except CointrailError:
        return False


@pytest.mark.skipif(not primer_is_there(), reason="the world primer is not made yet")
@pytest.mark.parametrize("name", MODULES)
def test_the_examples_run(name):
    assert doctest.testmod(importlib.import_module(f"cointrail.tracing.{name}")).failed == 0


def test_every_public_name_can_be_had_and_is_explained():
    for name in cointrail.tracing.__all__:
        assert getattr(cointrail.tracing, name).__doc__, name
