"""start.py: what a newcomer runs first; on every failure it says a sentence."""

import ast
import hashlib
import importlib.util
import json
import os
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]


@pytest.fixture
def start(tmp_path, monkeypatch):
    """A copy of start.py in an empty project, whose commands are noted instead of run."""
    for name in ("start.py", "requirements.lock.txt", "pyproject.toml"):
        shutil.copy(ROOT / name, tmp_path)
    spec = importlib.util.spec_from_file_location("start", tmp_path / "start.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    module.ran, module.works = [], False

    def note(command):
        module.ran.append(" ".join(command))
        module.works = True
        return True

    monkeypatch.setattr(module, "succeeds", note)
    monkeypatch.setattr(module, "environment_works", lambda: module.works)
    monkeypatch.setattr(module, "hand_over", lambda arguments: module.ran.append(" ".join(arguments)))
    return module


def sentence(start, call, *arguments):
    with pytest.raises(SystemExit) as stopped:
        call(*arguments)
    assert isinstance(stopped.value.code, str)
    return stopped.value.code


def test_it_needs_only_the_standard_library_and_parses_on_an_old_python():
    """An old Python must get as far as the sentence that says which one to take."""
    tree = ast.parse((ROOT / "start.py").read_text(encoding="utf-8"), feature_version=(3, 7))
    imports = [node for node in ast.walk(tree) if isinstance(node, ast.Import | ast.ImportFrom)]
    names = {getattr(node, "module", None) or node.names[0].name for node in imports}
    assert {name.split(".")[0] for name in names} <= sys.stdlib_module_names


def test_another_pythons_variables_do_not_reach_ours(start, monkeypatch):
    for name in ("PYTHONHOME", "PYTHONPATH"):
        monkeypatch.setenv(name, "/opt/old-python")
    start.main(["--setup"])
    assert not {"PYTHONHOME", "PYTHONPATH"} & set(os.environ)


def test_first_run_makes_everything_and_the_second_nothing(start):
    start.set_up(start.LEARNER)
    venv, pip, packages, course = start.ran
    assert "-m venv --clear" in venv
    assert "--require-hashes -r" in pip
    assert f"-r pyproject.toml -c {start.LOCK} --require-hashes" in packages
    assert "--no-deps -e ." in course
    start.ran.clear()
    start.set_up(start.LEARNER)
    assert start.ran == []


def test_the_tests_need_more_than_the_course_and_then_the_course_needs_nothing(start):
    start.set_up(start.LEARNER)
    start.ran.clear()
    start.set_up(start.TESTS)
    assert [command for command in start.ran if "--group dev" in command]
    assert not [command for command in start.ran if "venv --clear" in command]
    start.ran.clear()
    start.set_up(start.LEARNER)
    assert start.ran == []


@pytest.mark.parametrize(
    ("words", "desk"),
    [
        (["grade", "day2"], True),
        (["report"], True),
        (["lab", "--teach"], True),
        (["--teach"], True),
        (["lab"], False),
        (["progress"], False),
        ([], False),
    ],
)
def test_the_verbs_of_the_desk_bring_their_packages(start, words, desk):
    (start.HERE / "nbgrader_config.py").touch()
    start.main(words)
    assert any("--all-extras" in command for command in start.ran) is desk
    assert not any("--group dev" in command for command in start.ran)


def test_a_participants_copy_never_asks_for_the_packages_of_the_desk(start):
    start.main(["grade", "day2"])
    assert not any("--all-extras" in command for command in start.ran)


def test_the_desk_is_enough_for_the_course_and_the_course_is_not_enough_for_the_desk(start):
    (start.HERE / "nbgrader_config.py").touch()
    start.set_up(start.LEARNER)
    start.ran.clear()
    start.set_up(start.DESK)
    assert [command for command in start.ran if "--all-extras" in command]
    start.ran.clear()
    start.set_up(start.LEARNER)
    assert start.ran == []


def test_a_new_lock_is_installed_into_the_same_environment(start):
    start.set_up(start.LEARNER)
    start.ran.clear()
    start.LOCK.write_text(start.LOCK.read_text() + "# newer\n")
    start.set_up(start.LEARNER)
    assert len(start.ran) == 3
    assert "venv" not in start.ran[0].split()


@pytest.mark.parametrize("state", ['{"folder": "elsewhere", "state": "x"}', '{"fold', None])
def test_a_moved_or_half_made_environment_is_made_anew(start, state):
    start.set_up(start.LEARNER)
    start.ran.clear()
    start.STAMP.write_text(state or json.dumps(start.UNFINISHED))
    start.set_up(start.LEARNER)
    assert "-m venv --clear" in start.ran[0]
    assert json.loads(start.STAMP.read_text())["state"] != "unfinished"


def test_wheels_beside_it_mean_no_network(start):
    start.WHEELS.mkdir()
    start.set_up(start.LEARNER)
    installs = [command for command in start.ran if " install " in command]
    assert len(installs) == 3
    assert all(f"--no-index --find-links {start.WHEELS}" in command for command in installs)


def test_the_installer_itself_is_pinned_by_hash(start):
    pinned = start.locked("uv")
    assert pinned.startswith("uv==")
    assert pinned.count("==") == 1
    assert pinned.count("--hash=sha256:") > 10


@pytest.mark.parametrize(
    ("words", "handed_over"),
    [
        ([], "-m cointrail lab"),
        (["--as", "S-017"], "-m cointrail lab --as S-017"),
        (["grade", "day2"], "-m cointrail grade day2"),
        (["--test", "-x", "tests/test_start.py"], "-m pytest -x tests/test_start.py"),
    ],
)
def test_it_hands_over(start, words, handed_over):
    start.main(words)
    assert start.ran[-1] == handed_over


def test_setup_stops_before_the_course_opens(start, capsys):
    start.main(["--setup"])
    assert "-e ." in start.ran[-1]
    assert "Open the course with" in capsys.readouterr().out


@pytest.mark.parametrize("version", [(3, 10, 13), (3, 14, 0)])
def test_another_python_is_told_which_to_take(start, monkeypatch, version):
    monkeypatch.setattr(sys, "version_info", version)
    said = sentence(start, start.set_up, start.LEARNER)
    assert "needs Python 3.11, 3.12 or 3.13" in said
    assert ".".join(map(str, version)) in said


def test_a_python_without_venv_is_told_what_to_install(start, monkeypatch):
    monkeypatch.setattr(importlib.util, "find_spec", lambda name: None)
    assert "python3-venv" in sentence(start, start.set_up, start.LEARNER)


def test_a_folder_that_can_not_be_written_is_named(start):
    start.VENV.write_text("in the way")
    assert str(start.HERE) in sentence(start, start.set_up, start.LEARNER)


def test_no_network_is_a_sentence_and_the_next_run_starts_clean(start, monkeypatch):
    def fail(command, **options):
        return subprocess.CompletedProcess(command, 1)

    original = importlib.util.spec_from_file_location("fresh", start.HERE / "start.py")
    fresh = importlib.util.module_from_spec(original)
    original.loader.exec_module(fresh)
    monkeypatch.setattr(fresh.subprocess, "run", fail)
    assert "network" in sentence(fresh, fresh.set_up, fresh.LEARNER)
    assert fresh.read_stamp() == fresh.UNFINISHED


def test_an_office_certificate_is_tried_before_giving_up(start, monkeypatch):
    monkeypatch.delenv("UV_SYSTEM_CERTS", raising=False)
    tried = []

    def only_with_system_certificates(command):
        tried.append(os.environ.get("UV_SYSTEM_CERTS"))
        return "pyproject.toml" not in command or os.environ.get("UV_SYSTEM_CERTS") == "1"

    monkeypatch.setattr(start, "succeeds", only_with_system_certificates)
    start.set_up(start.LEARNER)
    assert tried == [None, None, None, "1", "1"]
    assert json.loads(start.STAMP.read_text())["state"] != "unfinished"


@pytest.mark.parametrize("tampered", [False, True])
def test_uv_checks_hashes_when_the_lock_is_a_list_of_constraints(tmp_path, tampered):
    """The mode start.py uses: requirements by name, versions and hashes from a constraints file."""
    wheel = tmp_path / "tinything-1.0-py3-none-any.whl"
    with zipfile.ZipFile(wheel, "w") as archive:
        archive.writestr("tinything.py", "")
        archive.writestr("tinything-1.0.dist-info/METADATA", "Metadata-Version: 2.1\nName: tinything\nVersion: 1.0\n")
        archive.writestr(
            "tinything-1.0.dist-info/WHEEL", "Wheel-Version: 1.0\nRoot-Is-Purelib: true\nTag: py3-none-any\n"
        )
        archive.writestr("tinything-1.0.dist-info/RECORD", "")
    sha256 = hashlib.sha256(b"another file" if tampered else wheel.read_bytes()).hexdigest()
    (tmp_path / "pyproject.toml").write_text('[project]\nname = "x"\nversion = "1"\ndependencies = ["tinything"]\n')
    (tmp_path / "lock.txt").write_text(f"tinything==1.0 --hash=sha256:{sha256}\n")
    uv = [sys.executable, "-m", "uv", "pip", "install", "--no-cache", "--no-index", "--find-links", str(tmp_path)]
    where = ["--target", str(tmp_path / "installed")]
    ran = subprocess.run(
        [*uv, *where, "-r", "pyproject.toml", "-c", "lock.txt", "--require-hashes"],
        cwd=tmp_path,
        capture_output=True,
        text=True,
    )
    assert (tmp_path / "installed" / "tinything.py").exists() != tampered
    assert ("Hash mismatch" in ran.stderr) == tampered
