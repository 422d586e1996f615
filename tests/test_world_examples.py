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
    try:
        module = importlib.import_module(name)
    except ModuleNotFoundError as error:
        if error.name != "pyrevm":
            raise
        pytest.skip("pyrevm has no wheel for this system: an account chain can be read here, not made")
    results = doctest.testmod(module)
    assert results.failed == 0
