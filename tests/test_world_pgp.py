"""Are the story's OpenPGP keys and signatures real? gpg and Sequoia are the judges."""

import os
import shutil
import subprocess

import pytest

from cointrail import CointrailError
from cointrail.evidence import TRAINING_KEY, TRAINING_NOTICES, check_signature, read_public_keys
from cointrail.world.pgp import pgp_key

MADE = {"user_id": "reed <reed@mail.example>", "created": "2026-02-20T09:00:00Z"}


@pytest.fixture
def key():
    return pgp_key(bytes(16), "test", **MADE)


def gpg(home, *words):
    if shutil.which("gpg") is None:
        if os.environ.get("CI") == "true":
            pytest.fail("gpg is not installed: it judges the keys")
        pytest.skip("gpg is not installed: it judges the keys")
    home.chmod(0o700)
    return subprocess.run(
        ["gpg", "--homedir", str(home), "--batch", "--no-autostart", "--status-fd", "1", *map(str, words)],
        capture_output=True,
        text=True,
    )


@pytest.mark.parametrize("change", [None, "text", "signature"])
def test_gpg_and_sequoia_agree_on_a_notice(tmp_path, key, change):
    notice = key.clear_signed("I sell under this name only.\nMarch 2026.", key.created + 86_400)
    if change == "text":
        notice = notice.replace("this name", "that name")
    if change == "signature":
        other = pgp_key(bytes(16), "stranger", **MADE)
        notice = other.clear_signed("I sell under this name only.\nMarch 2026.", key.created + 86_400)
    (tmp_path / "key.asc").write_text(key.certificate())
    (tmp_path / "notice.asc").write_text(notice)
    assert "IMPORT_OK" in gpg(tmp_path, "--import", tmp_path / "key.asc").stdout
    valid = "VALIDSIG" in gpg(tmp_path, "--verify", tmp_path / "notice.asc").stdout
    assert valid == (change is None)
    assert check_signature(notice, key.certificate()) == (key.fingerprint if valid else None)


def test_gpg_accepts_the_training_key(tmp_path):
    (tmp_path / "key.asc").write_text(TRAINING_KEY)
    gpg(tmp_path, "--import", tmp_path / "key.asc")
    for name, valid in (("T1", True), ("T2", False)):
        (tmp_path / "notice.asc").write_text(TRAINING_NOTICES[name])
        assert ("VALIDSIG" in gpg(tmp_path, "--verify", tmp_path / "notice.asc").stdout) == valid


def test_same_seed_same_key_and_another_purpose_another_key(key):
    assert pgp_key(bytes(16), "test", **MADE).certificate() == key.certificate()
    assert pgp_key(bytes(16), "other", **MADE).fingerprint != key.fingerprint
    assert read_public_keys(key.certificate()).values.tolist() == [[key.fingerprint, MADE["user_id"]]]


def test_a_line_that_the_framework_would_change_is_refused(key):
    with pytest.raises(CointrailError, match="dash"):
        key.clear_signed("- a list", key.created)
