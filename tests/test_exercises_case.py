"""Does everybody get a docket of their own, the same one each time, and is a tampered exhibit refused?"""

import hashlib
import json

import pytest

from cointrail import CointrailError
from cointrail.exercises.case import Case, docket_in, own_docket


def test_letters_take_turns_in_a_small_world():
    assert [docket_in("primer", letter) for letter in "ABCX"] == ["A", "B", "A", "B"]


@pytest.mark.parametrize("letter", ["", "Y", "a", "AB"])
def test_an_unknown_docket_is_refused(monkeypatch, letter):
    monkeypatch.setenv("COINTRAIL_DOCKET", letter)
    with pytest.raises(CointrailError, match="A to X"):
        own_docket()


def test_a_damaged_case_file_says_how_to_make_it_anew(tmp_path, monkeypatch):
    (tmp_path / "case.json").write_text("{")
    monkeypatch.setenv("COINTRAIL_WORK", str(tmp_path))
    with pytest.raises(CointrailError, match="cointrail lab --as"):
        own_docket()


def test_exhibits_are_read_by_kind_and_a_tampered_one_is_named(tmp_path, monkeypatch):
    folder = tmp_path / "toy" / "dockets" / "A" / "exhibits"
    folder.mkdir(parents=True)
    (folder / "list.csv").write_text("# SYNTHETIC TRAINING DATA\ntxid,value\nab,5\n")
    (folder / "note.txt").write_text("SYNTHETIC TRAINING DATA\nhello\n")
    register = [
        {"id": name, "file": file, "sha256": hashlib.sha256((folder / file).read_bytes()).hexdigest()}
        for name, file in (("E01", "list.csv"), ("E02", "note.txt"))
    ]
    (folder / "register.json").write_text(json.dumps(register))
    monkeypatch.setenv("COINTRAIL_DATA", str(tmp_path))
    case = Case("toy", "A")
    assert case.exhibit("E01").to_dict("records") == [{"txid": "ab", "value": 5}]
    assert case.exhibit("E02").endswith("hello\n")
    (folder / "note.txt").write_text("hello, changed\n")
    with pytest.raises(CointrailError, match=r"E02 \(note.txt\)"):
        case.exhibit("E02")
    with pytest.raises(CointrailError, match="no exhibit 'E99'"):
        case.path("E99")


def test_a_damaged_register_and_exhibits_of_another_world_are_named(tmp_path, monkeypatch):
    folder = tmp_path / "toy" / "dockets" / "A" / "exhibits"
    folder.mkdir(parents=True)
    (folder / "register.json").write_text("[{")
    monkeypatch.setenv("COINTRAIL_DATA", str(tmp_path))
    with pytest.raises(CointrailError, match=r"register\.json is damaged"):
        _ = Case("toy", "A").exhibits
    (tmp_path / "toy" / "manifest.json").write_text(json.dumps({"tip": "aa", "files": {}}))
    (tmp_path / "toy" / "dockets" / "manifest.json").write_text(json.dumps({"tip": "bb", "files": {}}))
    with pytest.raises(CointrailError, match=r"dockets.manifest\.json was made for another world.*world dockets toy"):
        _ = Case("toy", "A").exhibits


def test_a_docket_without_exhibits_says_so():
    with pytest.raises(CointrailError, match="Docket F of primer has no exhibits yet"):
        Case("primer", "F").exhibit("E01")


def test_a_pdf_is_opened_by_a_link_to_a_copy_in_the_learner_s_folder(tmp_path, monkeypatch):
    case = Case("glass_harbour", "A")
    monkeypatch.delenv("COINTRAIL_WORK", raising=False)  # another test may have opened the course
    with pytest.raises(CointrailError, match=r'case\.link\("E19a"\)'):
        case.exhibit("E19a")
    assert "href" not in case.link("E19a").data  # no learner's folder: the name only
    (tmp_path / "case.json").write_text('{"student_id": "s", "docket": "A"}')
    monkeypatch.setenv("COINTRAIL_WORK", str(tmp_path))
    target = case.link("E19a").data.split('href="')[1].split('"')[0]
    assert (tmp_path / "day5" / target).resolve().read_bytes() == case.path("E19a").read_bytes()
