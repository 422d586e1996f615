"""Open the course in JupyterLab: a learner's own copy with calm settings, or the instructor's desk with every panel."""

import json
import os
import secrets
import socket
import sys
import webbrowser
from pathlib import Path

from cointrail.classroom.handout import hand_out, writing_to
from cointrail.errors import CointrailError

__all__ = ["assign_case", "course_folder", "is_listed", "learner_folder", "open_desk", "open_lessons", "prepare"]

CALM = Path(__file__).parent / "jupyter"
ALONE = "self-study"
FIRST_PORT, PORTS = 8888, 50


def course_folder():
    """Where the released lessons lie: `course` beside the project's sources, else beside the environment of a kit."""
    for house in (Path(__file__).parents[3], Path(sys.prefix).parent):
        if (house / "course").is_dir():
            return house / "course"
    raise CointrailError(
        f"The lessons are not at {Path(__file__).parents[3] / 'course'}: unpack the whole course again, "
        "or make them from solutions/ with: cointrail build"
    )


def learner_folder():
    """A learner's own folder: `$COINTRAIL_WORK` if set, else `work` beside course/."""
    named = os.environ.get("COINTRAIL_WORK")
    return Path(named).absolute() if named else course_folder().parent / "work"


def prepare(student_id=None):
    """Hand the lessons out and settle whose case it is; return what changed, as `hand_out` does."""
    work = learner_folder()
    assign_case(work, student_id)
    return hand_out(course_folder(), work)


def assign_case(work, student_id=None):
    """Write `case.json` = {student_id, docket}: who works here, and on which docket. Without an id: docket A.

    Raises
    ------
    CointrailError
        The folder holds the work of somebody else.
    """
    file = work / "case.json"
    owner = _owner(file)
    if student_id is None and owner:
        return
    student_id = student_id or ALONE
    if owner not in (None, ALONE, student_id):
        raise CointrailError(
            f"{work} holds the work of {owner!r}. For {student_id!r} take another folder, by COINTRAIL_WORK; "
            f"if that id was a slip, delete {file.name} there."
        )
    docket = "A" if student_id == ALONE else _docket(student_id)
    with writing_to(work):
        work.mkdir(parents=True, exist_ok=True)
        file.write_text(json.dumps({"student_id": student_id, "docket": docket}) + "\n", encoding="utf-8")


def _owner(file):
    if not file.is_file():
        return None
    try:
        return json.loads(file.read_text(encoding="utf-8"))["student_id"]
    except (ValueError, KeyError, TypeError) as error:
        raise CointrailError(f"{file} is damaged. Delete it, then run: cointrail lab --as YOUR-ID") from error


def _docket(student_id):
    from cointrail.exercises.roster import assign_docket, roster_file

    return assign_docket(student_id, roster=roster_file(course_folder().parent))


def is_listed(student_id):
    """Whether the class's list, where there is one, knows an id."""
    from cointrail.exercises.roster import read_roster, roster_file, row_of

    roster = roster_file(course_folder().parent)
    return not roster.is_file() or row_of(student_id, read_roster(roster)) is not None


def open_lessons(*, browser=True, port=None):
    """Serve the learner's folder until the person stops it; return the exit code."""
    work = learner_folder()
    running = _running(work)
    if running:
        print(f"The course is open already, at\n\n    {running}\n")
        if browser:
            webbrowser.open(running)
        return 0
    start = "/lab/tree/START.md" if (work / "START.md").is_file() else "/lab"
    os.environ["COINTRAIL_WORK"] = str(work)
    os.environ["JUPYTER_CONFIG_DIR"] = str(work / ".jupyter")
    os.environ["JUPYTER_CONFIG_PATH"] = str(CALM)
    return _serve(work, start, browser=browser, port=port)


def open_desk(*, browser=True, port=None):
    """Serve the whole project with Formgrader and every other panel, for the instructor; return the exit code."""
    house = course_folder().parent
    if not (house / "nbgrader_config.py").is_file():
        raise CointrailError(f"{house} is a participant's copy: it has no instructor's desk. Run: cointrail lab")
    return _serve(house, "/lab", browser=browser, port=port)


def _serve(root, start, *, browser, port):
    os.chdir(root)  # for the instructor: nbgrader reads nbgrader_config.py from the working folder
    port = _free_port(port)
    token = secrets.token_hex(24)
    os.environ["JUPYTER_TOKEN"] = token  # not on the command line, where every user of the machine could read it
    how = "Your browser opens this address; if it does not, copy it:" if browser else "Open this address in a browser:"
    print(
        f"\n{how}\n\n    http://127.0.0.1:{port}{start}?token={token}\n\n"
        "Keep this window open while you work. To end: save your notebook, then press Ctrl+C here.\n",
        flush=True,
    )
    from jupyterlab.labapp import LabApp

    LabApp.launch_instance(
        [
            f"--ServerApp.root_dir={root}",
            f"--ServerApp.port={port}",
            "--ServerApp.port_retries=0",
            "--ServerApp.ip=127.0.0.1",
            f"--ServerApp.open_browser={browser}",
            f"--LabApp.default_url={start}",
            "--ServerApp.answer_yes=True",
            "--ServerApp.log_level=ERROR",
            "--LabApp.log_level=ERROR",
            "--ContentsManager.hide_globs=['__pycache__', '*.pyc', '.DS_Store', 'case.json']",
            "--LabApp.check_for_updates_class=jupyterlab.NeverCheckForUpdate",
            "--ServerApp.allow_root=True",  # it listens on this machine only, and asks for the token
        ]
    )
    return 0


def _free_port(asked):
    for port in [asked] if asked else range(FIRST_PORT, FIRST_PORT + PORTS):
        with socket.socket() as probe:
            if os.name == "posix":  # as the server does; on Windows the option would take a port from its owner
                probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind(("127.0.0.1", port))
            except OSError:
                continue
            return port
    if asked:
        raise CointrailError(f"Port {asked} is taken by another program. Leave --port out, or choose another number.")
    raise CointrailError(f"Ports {FIRST_PORT} to {FIRST_PORT + PORTS - 1} are all taken. Name a free one with --port.")


def _running(work):
    """The address of a server that serves this folder already, or None."""
    from jupyter_server.serverapp import list_running_servers

    for server in list_running_servers():
        if Path(server["root_dir"]) == work:
            with socket.socket() as probe:
                if probe.connect_ex(("127.0.0.1", server["port"])) == 0:
                    return f"{server['url']}lab/tree/START.md?token={server['token']}"
    return None
