"""Every test finds the environment that the run began with: opening the course, for one, changes it for good."""

import os

import pytest


@pytest.fixture(autouse=True)
def _environment_as_before():
    before = dict(os.environ)
    yield
    os.environ.clear()
    os.environ.update(before)
