"""Are the compiled contracts what the compiler makes of the sources?"""

import hashlib
import json
import os
import shutil
import subprocess
from importlib.resources import files

import pytest

from cointrail.world.evm.contracts import compiler_input

FOLDER = files("cointrail.world.evm").joinpath("contracts")
COMPILED = json.loads(FOLDER.joinpath("compiled.json").read_bytes())


def test_no_source_changed_since_it_was_compiled():
    sources = {
        path.name: hashlib.sha256(path.read_bytes()).hexdigest()
        for path in FOLDER.iterdir()
        if path.name != "compiled.json"
    }
    assert sources == COMPILED["sources"]


def test_every_source_says_what_it_is():
    for name in COMPILED["sources"]:
        assert "SYNTHETIC TRAINING DATA" in FOLDER.joinpath(name).read_text(encoding="utf-8")


@pytest.mark.slow
def test_the_compiler_makes_the_same_bytes_again():
    solc = shutil.which("solcjs")
    if solc is None:
        assert not os.environ.get("CI"), ".ci/full installs solcjs"
        pytest.skip("solcjs (npm package solc) is not here")
    version = subprocess.run([solc, "--version"], capture_output=True, text=True, check=True).stdout.strip()
    if version.split("+")[0] not in COMPILED["compiler"]:
        pytest.skip(f"solcjs is {version}, the contracts were compiled with {COMPILED['compiler']}")
    asked = json.dumps(compiler_input())
    said = subprocess.run([solc, "--standard-json"], input=asked, capture_output=True, text=True, check=True).stdout
    made = json.loads(said[said.index("{") :])
    assert made.get("errors", []) == []
    found = {
        name: one["evm"]["bytecode"]["object"] for file in made["contracts"].values() for name, one in file.items()
    }
    assert {name: code for name, code in found.items() if code} == COMPILED["bytecode"]
