"""The classroom: JupyterHub on one machine, a walled room for each participant of the roster, a code for each to enter.

Nobody needs an account on the machine, and it need not be started as root. nbgrader's own exchange is not used: it lets
one participant hand in under another's name, and follows links. The instructor takes the work out of the rooms instead:
`cointrail collect --classroom day2`.
"""

import csv
import os
import shutil
import socket
import sys
import sysconfig
from pathlib import Path

from jupyterhub.auth import Authenticator
from jupyterhub.spawner import SimpleLocalProcessSpawner

from cointrail.classroom.codes import draw_codes, owner_of
from cointrail.classroom.homes import home_of
from cointrail.classroom.room import HOME, ROOM_UID, Room, room_command
from cointrail.errors import CointrailError
from cointrail.exercises.roster import read_roster, roster_file
from cointrail.grading.sandbox import why_no_bubblewrap

__all__ = ["CodeAuthenticator", "RoomSpawner", "configure", "open_classroom"]

_CONFIG = Path(__file__).parent / "jupyter" / "jupyterhub_config.py"


class CodeAuthenticator(Authenticator):
    """Participant id and code, as `draw_codes` wrote them; read at each try, so that a late joiner gets in."""

    def normalize_username(self, username):
        return username  # as the roster writes it: folders and hand-ins bear this name

    async def authenticate(self, handler, data):
        files = _files(Path(os.environ["COINTRAIL_CLASSROOM"]))
        return owner_of(draw_codes(files["roster"], files["codes"]), data["username"], data["password"])


class RoomSpawner(SimpleLocalProcessSpawner):
    """Starts a participant's JupyterLab in their room."""

    async def start(self):
        root = Path(os.environ["COINTRAIL_CLASSROOM"])
        room = _make_room(root, self.user.name)
        python = [sys.executable, "-m", "cointrail.classroom.enter", self.user.name]
        self.cmd = room_command(room, [*python, "jupyterhub-singleuser"])
        return await super().start()

    def make_preexec_fn(self, name):
        return None  # the folder is made already, and the room's own


def configure(c):
    """Settings of the hub, in the form of its configuration file."""
    root = Path(os.environ["COINTRAIL_CLASSROOM"])
    ours = _files(root)["hub"]
    c.JupyterHub.bind_url = os.environ["COINTRAIL_CLASSROOM_URL"]
    c.JupyterHub.hub_bind_url = f"http://127.0.0.1:{_free_port()}"
    c.JupyterHub.db_url = f"sqlite:///{ours / 'jupyterhub.sqlite'}"
    c.JupyterHub.cookie_secret_file = str(ours / "cookie_secret")
    c.JupyterHub.authenticator_class = CodeAuthenticator
    c.JupyterHub.spawner_class = RoomSpawner
    c.JupyterHub.template_vars = {"announcement_login": "Username: your participant id. Password: your code."}
    c.JupyterHub.log_level = "WARN"
    c.Authenticator.allow_all = True  # who has a code may come in
    c.ConfigurableHTTPProxy.command = [str(Path(sysconfig.get_path("scripts")) / "configurable-http-proxy")]
    c.ConfigurableHTTPProxy.api_url = f"http://127.0.0.1:{_free_port()}"
    c.ConfigurableHTTPProxy.pid_file = str(ours / "proxy.pid")
    c.ConfigurableHTTPProxy.debug = False
    c.Spawner.home_dir_template = str(ours)
    c.Spawner.notebook_dir = HOME
    c.Spawner.default_url = "/lab/tree/START.md"
    c.Spawner.http_timeout = c.Spawner.start_timeout = 120
    c.Spawner.env_keep = []
    c.Spawner.args = [
        "--ContentsManager.hide_globs=['__pycache__', '*.pyc', 'case.json']",
        "--LabApp.check_for_updates_class=jupyterlab.NeverCheckForUpdate",
    ]


def open_classroom(root: Path, *, ip: str = "127.0.0.1", port: int = 8000) -> int:
    """Serve the class of the roster until the instructor stops it; return the exit code.

    Raises
    ------
    CointrailError
        bubblewrap or the roster is missing, or the port is taken.
    """
    lacking = why_no_bubblewrap()
    if lacking:
        raise CointrailError(lacking)
    files = _files(root)
    codes = draw_codes(files["roster"], files["codes"])
    _demand_free(ip, port)
    files["hub"].mkdir(mode=0o700, parents=True, exist_ok=True)
    os.environ |= {"COINTRAIL_CLASSROOM": str(root), "COINTRAIL_CLASSROOM_URL": f"http://{ip}:{port}"}
    print(
        f"The classroom opens at http://{_reached(ip)}:{port} for {len(codes)} participants.\n"
        f"Each one's code: {files['codes']}\nKeep this window open. To close the classroom: Ctrl+C.",
        flush=True,
    )
    from jupyterhub.app import JupyterHub

    JupyterHub.launch_instance(["-f", str(_CONFIG)])
    return 0


def _files(root):
    here = root / "grading" / "classroom"
    return {"roster": roster_file(root), "codes": here / "codes.csv", "hub": here / "hub"}


def _make_room(root, student):
    """The participant's folder, and a roster that names nobody else."""
    files, home = _files(root), home_of(root, student)
    listed = read_roster(files["roster"])
    if student not in listed:
        raise CointrailError(f"{student!r} is not in the roster any more.")
    home.mkdir(mode=0o700, parents=True, exist_ok=True)
    roster = files["hub"] / "rosters" / f"{student}.csv"
    roster.parent.mkdir(mode=0o755, exist_ok=True)
    with roster.open("w", encoding="utf-8", newline="") as out:
        csv.writer(out, lineterminator="\n").writerows([("student_id", "docket"), (student, listed[student])])
    room = Room(home, root / "course", roster)
    if os.geteuid() == 0:
        shutil.chown(home, ROOM_UID, ROOM_UID)
    return room


def _free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def _demand_free(ip, port):
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((ip, port))
        except OSError as error:
            raise CointrailError(f"Address {ip}, port {port} cannot be used: {error.strerror}. Name others.") from error


def _reached(ip):
    return socket.gethostname() if ip in ("", "0.0.0.0", "::") else ip
