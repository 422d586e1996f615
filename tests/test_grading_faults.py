"""What goes wrong in a real class: a worker dies, the disk is full, the gradebook is locked, a machine goes away."""

import multiprocessing
import os
import re
import resource
import signal
import sqlite3
import subprocess
import sys
import threading
import time

import hand_ins
import pytest
import walls

from cointrail import CointrailError
from cointrail.grading.grade import grade
from cointrail.grading.scheduler import executor_at

pytestmark = walls.needs_sandbox
CLASS = [f"s{number}" for number in range(8)]


def desk_with_class(folder, students=CLASS):
    root = hand_ins.make_small(hand_ins.desk_copy(folder))
    hand_ins.seat(root, students, "A")
    for student in students:
        hand_ins.hand_in(root, student, hand_ins.right_answers())
    return root


def command(root, *words, **options):
    words = [sys.executable, "-u", "-m", "cointrail", "grade", "day2", *words]
    return subprocess.Popen(words, cwd=root, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, **options)


def all_right(results):
    return {result.student for result in results if result.total == result.of == 9}


def test_a_worker_that_is_killed_costs_nobody_a_point(tmp_path):
    root = desk_with_class(tmp_path)
    killed = []

    def kill_one(line):
        workers = multiprocessing.active_children()
        if workers and not killed:
            killed.append(workers[0].pid)
            os.kill(killed[0], signal.SIGKILL)

    results = grade(root, "day2", jobs=2, say=kill_one)
    assert killed
    assert all_right(results) == set(CLASS)


def test_a_run_that_is_killed_loses_no_finished_result_and_the_next_one_goes_on(tmp_path):
    root = desk_with_class(tmp_path, CLASS[:5])
    first = command(root, "--jobs", "1", start_new_session=True)
    done = []
    for line in first.stdout:
        done += re.findall(r"\] (s\d): ", line)
        if len(done) == 2:
            os.killpg(first.pid, signal.SIGKILL)
            break
    first.wait()
    told = []
    results = grade(root, "day2", jobs=1, say=told.append)
    assert all_right(results) == set(CLASS[:5])
    assert {result.student for result in results if result.skipped} >= set(done)
    assert not [line for line in told if any(f" {student}:" in line for student in done)]


def test_a_full_disk_is_told_and_the_next_run_finishes(tmp_path):
    """No file may be larger than half the gradebook: SQLite's writes fail as on a full disk."""
    root = desk_with_class(tmp_path, CLASS[:3])
    grade(root, "day2", students=["s0"], say=lambda line: None)
    size = (root / "grading" / "gradebook.db").stat().st_size

    def full():
        resource.setrlimit(resource.RLIMIT_FSIZE, (size // 2, resource.RLIM_INFINITY))

    stopped = command(root, preexec_fn=full)
    out, err = stopped.communicate(timeout=300)
    assert "Traceback" not in out + err
    assert "Could not be graded" in out or "gradebook cannot be written" in err
    assert all_right(grade(root, "day2", jobs=1, say=lambda line: None)) == set(CLASS[:3])


def hold(root, seconds):
    """Another program holds the gradebook for a while."""
    book = sqlite3.connect(root / "grading" / "gradebook.db", check_same_thread=False, isolation_level=None)
    book.execute("begin exclusive")

    def let_go():
        time.sleep(seconds)
        book.execute("rollback")
        book.close()

    threading.Thread(target=let_go).start()


def test_a_gradebook_that_is_locked_for_a_moment_is_waited_for(tmp_path):
    root = desk_with_class(tmp_path, ["s0", "s1"])
    grade(root, "day2", students=["s0"], say=lambda line: None)
    held = []

    def hold_once(*words):
        if not held:
            held.append(hold(root, 8))

    results = grade(root, "day2", force=True, jobs=1, say=hold_once)
    assert held
    assert all_right(results) == {"s0", "s1"}


def test_a_gradebook_that_stays_locked_is_a_sentence(tmp_path):
    root = desk_with_class(tmp_path, ["s0"])
    grade(root, "day2", say=lambda line: None)
    book = sqlite3.connect(root / "grading" / "gradebook.db", isolation_level=None)
    book.execute("begin exclusive")
    try:
        with pytest.raises(CointrailError, match=r"gradebook cannot be written.*locked"):
            grade(root, "day2", force=True, say=lambda line: None)
    finally:
        book.close()


def test_the_same_command_twice_at_once(tmp_path):
    root = desk_with_class(tmp_path, CLASS[:3])
    first = command(root)
    for line in first.stdout:
        if "[1/" in line:
            break
    first.send_signal(signal.SIGSTOP)  # so that it is still at work, however fast it is
    second = command(root)
    _, err = second.communicate(timeout=120)
    first.send_signal(signal.SIGCONT)
    assert second.returncode == 2
    assert "Another cointrail grade is at work" in err and "Traceback" not in err
    first.communicate(timeout=300)
    assert first.returncode == 0
    assert all_right(grade(root, "day2", say=lambda line: None)) == set(CLASS[:3])


@pytest.fixture
def cluster():
    distributed = pytest.importorskip("distributed")
    with distributed.LocalCluster(
        n_workers=2, threads_per_worker=1, processes=True, dashboard_address=None, silence_logs=50
    ) as cluster:
        yield cluster


def test_a_dask_cluster_gives_the_same_and_survives_the_loss_of_a_worker(tmp_path, cluster):
    root = desk_with_class(tmp_path)
    killed = []

    def kill_one(line):
        if not killed:
            killed.append(next(iter(cluster.workers.values())).process.pid)
            os.kill(killed[0], signal.SIGKILL)

    with executor_at(cluster.scheduler_address) as executor:
        results = grade(root, "day2", executor=executor, say=kill_one)
    assert killed
    assert all_right(results) == set(CLASS)


def test_no_scheduler_at_the_address_is_a_sentence(monkeypatch):
    pytest.importorskip("distributed")
    monkeypatch.setattr("cointrail.grading.scheduler._TO_ANSWER", 1)
    with (
        pytest.raises(CointrailError, match="No Dask scheduler answers at tcp://127"),
        executor_at("tcp://127.0.0.1:9"),
    ):
        pass


def test_a_scheduler_without_workers_does_not_wait_for_ever(tmp_path, monkeypatch):
    distributed = pytest.importorskip("distributed")
    monkeypatch.setattr("cointrail.grading.scheduler._WITHOUT_WORKERS", 1)
    monkeypatch.setattr("cointrail.grading.pool._BETWEEN_LOOKS", 0.5)
    root = desk_with_class(tmp_path, ["s0"])
    with (
        distributed.LocalCluster(n_workers=0, dashboard_address=None, silence_logs=50) as empty,
        pytest.raises(CointrailError, match="has had no worker"),
        executor_at(empty.scheduler_address) as executor,
    ):
        grade(root, "day2", executor=executor, say=lambda line: None)
