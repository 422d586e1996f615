"""Does the list of a folder's files show every change, and does the system's own tool agree?"""

import doctest
import hashlib
import os
import shutil
import subprocess
import tempfile
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cointrail.errors import CointrailError
from cointrail.evidence import folder_manifest, manifest, read_manifest, verify_manifest, write_manifest

NAMES = st.sampled_from(["a.txt", "b c.txt", "deep/er/d.bin", "ส่ง.txt", "+plus"])
FILES = st.dictionaries(NAMES, st.binary(max_size=50), min_size=1)


def write_files(folder, files):
    for name, content in files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(content)
    return folder


@pytest.fixture
def folder(tmp_path):
    return write_files(tmp_path / "exhibits", {"E01.txt": b"one", "phone/E02.csv": b"two"})


@given(FILES)
@settings(max_examples=30, deadline=None)
def test_every_file_is_listed_by_its_hash_and_nothing_else(files):
    with tempfile.TemporaryDirectory() as folder:
        listed = folder_manifest(write_files(Path(folder), files))
        assert listed == {name: hashlib.sha256(content).hexdigest() for name, content in files.items()}
        assert list(listed) == sorted(listed)
        assert verify_manifest(folder, listed) == []


@given(FILES, FILES)
@settings(max_examples=40, deadline=None)
def test_exactly_what_differs_is_found(before, after):
    with tempfile.TemporaryDirectory() as old, tempfile.TemporaryDirectory() as new:
        listed = folder_manifest(write_files(Path(old), before))
        found = verify_manifest(write_files(Path(new), after), listed)
    expected = dict.fromkeys(before.keys() - after.keys(), "missing")
    expected |= dict.fromkeys(after.keys() - before.keys(), "added")
    expected |= {name: "changed" for name in before.keys() & after.keys() if before[name] != after[name]}
    assert {finding.path: finding.kind for finding in found} == expected
    assert all(finding.path in finding.sentence for finding in found)


def test_a_manifest_survives_its_file_and_leaves_itself_out(folder):
    listed = folder_manifest(folder)
    write_manifest(listed, folder / "SHA256SUMS")
    assert read_manifest(folder / "SHA256SUMS") == listed
    assert [finding.kind for finding in verify_manifest(folder, listed)] == ["added"]
    assert verify_manifest(folder, listed, leave_out=["SHA256SUMS"]) == []


@pytest.mark.skipif(shutil.which("sha256sum") is None, reason="sha256sum is not on this system")
def test_the_systems_own_tool_reads_ours_and_we_read_its(folder):
    write_manifest(folder_manifest(folder), folder.parent / "list")
    run = {"cwd": folder, "capture_output": True, "text": True}
    assert subprocess.run(["sha256sum", "-c", "--strict", "../list"], **run).returncode == 0
    theirs = subprocess.run(["sha256sum", "-b", "./E01.txt", "phone/E02.csv"], check=True, **run).stdout
    (folder.parent / "theirs").write_text(theirs)
    assert read_manifest(folder.parent / "theirs") == folder_manifest(folder)
    (folder / "E01.txt").write_bytes(b"One")
    assert subprocess.run(["sha256sum", "-c", "../list"], **run).returncode == 1


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("abc  a.txt\n", "Line 1 of"),
        (f"{'ab' * 32}  a\n{'ab' * 32}  a\n", "Line 2 of .* a second time"),
        (f"{'ab' * 32}  ../a\n", "leads out of the folder"),
        (f"{'ab' * 32}  /a\n", "leads out of the folder"),
        (f"\\{'ab' * 32}  a\\nb\n", "Line 1 of"),
    ],
)
def test_a_list_of_another_form_is_refused_with_its_line(tmp_path, text, words):
    (tmp_path / "list").write_text(text)
    with pytest.raises(CointrailError, match=words):
        read_manifest(tmp_path / "list")


def test_what_is_no_ordinary_file_is_refused(folder):
    try:
        (folder / "link").symlink_to(folder / "E01.txt")
    except OSError:
        pytest.skip("this system makes no links")
    with pytest.raises(CointrailError, match="link is a link to another place"):
        folder_manifest(folder)
    assert sorted(folder_manifest(folder, leave_out=["link"])) == ["E01.txt", "phone/E02.csv"]


@pytest.mark.skipif(os.name == "nt", reason="Windows allows no such name")
def test_a_name_that_would_need_escapes_is_refused(folder):
    (folder / "two\nlines").write_text("")
    with pytest.raises(CointrailError, match="rename the copy"):
        folder_manifest(folder)


def test_a_missing_folder_and_a_missing_list_get_a_sentence(tmp_path):
    with pytest.raises(CointrailError, match="There is no folder"):
        folder_manifest(tmp_path / "none")
    with pytest.raises(CointrailError, match="cannot be read"):
        read_manifest(tmp_path / "none")


def test_the_examples_run():
    assert doctest.testmod(manifest).failed == 0
