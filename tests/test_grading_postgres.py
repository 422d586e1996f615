"""A class whose gradebook lies on PostgreSQL has the scores it has on SQLite."""

import os
import shutil
import socket
import subprocess
import tempfile
from pathlib import Path

import hand_ins
import pytest
import walls

from cointrail.grading.grade import grade
from cointrail.grading.report import make_report

pytestmark = walls.needs_sandbox
PLACES = [*sorted(Path("/usr/lib/postgresql").glob("*/bin"), reverse=True), Path("/usr/local/bin")]
NEEDED = ("initdb", "pg_ctl", "createdb")
PROGRAMS = next((place for place in PLACES if all((place / name).is_file() for name in NEEDED)), None)


@pytest.fixture
def database():
    """A server of its own, as another user when we are root (PostgreSQL refuses root)."""
    if PROGRAMS is None:
        pytest.skip("PostgreSQL is not installed: the gradebook was tried on SQLite only")
    pytest.importorskip("psycopg")
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = str(probe.getsockname()[1])
    folder = Path(tempfile.mkdtemp(prefix="cointrail-postgres-"))
    user = {"user": "postgres", "group": "postgres"} if os.geteuid() == 0 else {}
    if user:
        shutil.chown(folder, "postgres", "postgres")

    def run(*words):
        subprocess.run(
            [str(PROGRAMS / words[0]), *words[1:]], check=True, stdout=subprocess.DEVNULL, cwd=folder, **user
        )

    run("initdb", "-D", f"{folder}/db", "-A", "trust", "-U", "desk")
    run(
        "pg_ctl",
        "-D",
        f"{folder}/db",
        "-o",
        f"-p {port} -k {folder} -c listen_addresses=127.0.0.1",
        "-l",
        f"{folder}/log",
        "-w",
        "start",
    )
    try:
        run("createdb", "-h", "127.0.0.1", "-p", port, "-U", "desk", "gradebook")
        yield f"postgresql+psycopg://desk@127.0.0.1:{port}/gradebook"
    finally:
        run("pg_ctl", "-D", f"{folder}/db", "-m", "immediate", "stop")
        shutil.rmtree(folder)


def test_scores_are_the_same_as_on_sqlite(tmp_path, database, monkeypatch):
    scores = {}
    for kind in ("sqlite", "postgres"):
        root = hand_ins.make_small(hand_ins.desk_copy(tmp_path / kind))
        hand_ins.seat(root, ["right", "wrong"], "A")
        hand_ins.hand_in(root, "right", hand_ins.right_answers())
        hand_ins.hand_in(root, "wrong", hand_ins.mistaken_answers("A", ("M08", "M05")))
        if kind == "postgres":
            monkeypatch.setenv("COINTRAIL_GRADEBOOK", database)
            (root / "grading" / "gradebook.db").unlink()
        graded = grade(root, "day2", say=lambda line: None)
        assert all(one.skipped for one in grade(root, "day2", say=lambda line: None))
        reported = make_report(root).hand_ins.set_index("student")["points"].to_dict()
        scores[kind] = ({one.student: (one.scores, one.of) for one in graded}, reported)
        assert (root / "grading" / "gradebook.db").exists() == (kind == "sqlite")
    assert scores["sqlite"] == scores["postgres"]
    assert scores["sqlite"][1]["right"] == 9
