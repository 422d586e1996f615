"""Do the verbs of `cointrail world` say what they did, and what is wrong?"""

import shutil

import pytest

from cointrail.cli import main
from cointrail.ledger import data_folder


def test_make_writes_both_halves_and_says_where(tmp_path, capsys):
    assert main(["world", "make", "primer", "--out", str(tmp_path)]) == 0
    out = capsys.readouterr().out
    assert "libbitcoinkernel connects" in out and str(tmp_path) in out
    assert (tmp_path / "datasets/primer/manifest.json").is_file()
    assert (tmp_path / "grading/truth/primer/dockets/A.json").is_file()


def test_verify_is_content_with_the_published_world(capsys):
    assert main(["world", "verify", "primer"]) == 0
    out = capsys.readouterr().out
    assert "all is well" in out and "WRONG" not in out


def test_verify_ends_with_one_when_something_is_wrong(tmp_path, monkeypatch, capsys):
    shutil.copytree(data_folder() / "primer", tmp_path / "primer")
    monkeypatch.setenv("COINTRAIL_DATA", str(tmp_path))
    (tmp_path / "primer" / "prices.csv").write_text("SYNTHETIC TRAINING DATA\n")
    assert main(["world", "verify", "primer"]) == 1
    out = capsys.readouterr().out
    assert "WRONG" in out and "prices.csv" in out and "the truth is not in this copy" in out


def test_describe_shows_the_world_and_nothing_of_its_truth(capsys):
    assert main(["world", "describe", "primer"]) == 0
    out = capsys.readouterr().out
    assert "SYNTHETIC TRAINING DATA" in out and "docket B" in out and "E06" in out
    assert "cash-out" not in out and "northpier" not in out


@pytest.mark.parametrize("action", ["make", "verify", "describe"])
def test_an_unknown_world_is_one_sentence(action, capsys):
    assert main(["world", action, "nowhere"]) == 2
    captured = capsys.readouterr()
    assert captured.out == "" and "'nowhere'" in captured.err and captured.err.count("\n") == 1
