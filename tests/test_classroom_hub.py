"""The classroom for real: JupyterHub, two participants, and what each of them can see and hand in."""

import asyncio
import json
import os
import re
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.parse
import urllib.request
from http.cookiejar import CookieJar
from pathlib import Path

import pytest
from tornado.httpclient import HTTPRequest
from tornado.websocket import websocket_connect

from cointrail.classroom.codes import draw_codes
from cointrail.grading.sandbox import why_no_bubblewrap

ROOT = Path(__file__).resolve().parents[1]
pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(bool(why_no_bubblewrap()) and not os.environ.get("CI"), reason=why_no_bubblewrap() or "-"),
]

# What a participant's notebook finds out about the room it runs in.
LOOK = f"""ROOT = {str(ROOT)!r}
import json, os
from pathlib import Path
from cointrail import load_ledger, open_case
seen = {{
    "blocks": len(load_ledger("primer").blocks),
    "docket": open_case().docket,
    "roster": Path("/grading/classroom/roster.csv").read_text(),
    "instructor's": [name for name in ("/grading/truth", "/solutions", ROOT + "/grading") if os.path.exists(name)],
    "homes": os.path.exists("/home"),
    "root": os.getuid() == 0,
}}
print("SEEN", json.dumps(seen))
"""


class Person:
    """A browser without a screen: cookies, forms, and JupyterLab's own interface."""

    def __init__(self, url):
        self.url, self.jar = url, CookieJar()
        self.opener = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(self.jar))

    def get(self, path):
        with self.opener.open(self.url + path, timeout=120) as answer:
            return answer.read().decode()

    def send(self, path, data, *, form=False, method=None):
        token = next((c.value for c in self.jar if c.name == "_xsrf" and path.startswith(c.path)), "")
        body = urllib.parse.urlencode(data | {"_xsrf": token}) if form else json.dumps(data)
        kind = "application/x-www-form-urlencoded" if form else "application/json"
        headers = {"Content-Type": kind, "X-XSRFToken": token}
        request = urllib.request.Request(self.url + path, body.encode(), headers, method=method)
        with self.opener.open(request, timeout=120) as answer:
            return answer.read().decode()

    def sign_in(self, student, code):
        self.get("/hub/login")
        self.send("/hub/login", {"username": student, "password": code}, form=True)
        self.get("/hub/spawn")
        until = time.monotonic() + 60
        while f"/user/{student}/" not in self.opener.open(self.url + "/hub/spawn", timeout=120).geturl():
            assert time.monotonic() < until, "the room did not open"
            time.sleep(0.5)
        return f"/user/{student}"

    def run(self, room, code):
        """Run code in a new kernel of the room; return what it printed as JSON behind the word SEEN."""
        kernel = json.loads(self.send(f"{room}/api/kernels", {"name": "python3"}))["id"]
        cookies = "; ".join(f"{cookie.name}={cookie.value}" for cookie in self.jar)
        address = self.url.replace("http", "ws", 1) + f"{room}/api/kernels/{kernel}/channels"
        return asyncio.run(asyncio.wait_for(_execute(HTTPRequest(address, headers={"Cookie": cookies}), code), 120))


async def _execute(address, code):
    header = {"msg_id": "1", "username": "", "session": "1", "msg_type": "execute_request", "version": "5.3"}
    content = {"code": code, "silent": False, "store_history": False, "user_expressions": {}, "allow_stdin": False}
    channel = await websocket_connect(address)
    await channel.write_message(
        json.dumps({"header": header, "parent_header": {}, "metadata": {}, "content": content, "channel": "shell"})
    )
    said = ""
    while not (found := re.search("SEEN (.*)\n", said)):
        message = json.loads(await channel.read_message())
        assert message["msg_type"] != "error", message["content"]
        said += message["content"].get("text", "")
    return json.loads(found[1])


@pytest.fixture(scope="module")
def classroom(tmp_path_factory):
    """A course with three in the roster, served; its folder and address."""
    root = tmp_path_factory.mktemp("class")
    for name in ("course", "nbgrader_config.py"):
        (root / name).symlink_to(ROOT / name)
    roster = root / "grading" / "classroom" / "roster.csv"
    roster.parent.mkdir(parents=True)
    roster.write_text("student_id,name,docket\nS-01,Ada,C\nS-02,Ben,D\nS-03,Cem,E\n", encoding="utf-8")
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    log = (root / "log").open("w")
    words = [sys.executable, "-m", "cointrail", "classroom", "--port", str(port)]
    server = subprocess.Popen(words, cwd=root, stdout=log, stderr=log)
    try:
        _wait_for(port, server, root / "log")
        yield root, f"http://127.0.0.1:{port}"
    finally:
        server.terminate()
        server.wait(timeout=60)


def _wait_for(port, server, log):
    until = time.monotonic() + 60
    while time.monotonic() < until and server.poll() is None:
        try:
            urllib.request.urlopen(f"http://127.0.0.1:{port}/hub/login", timeout=5)
            return
        except OSError:
            time.sleep(0.5)
    pytest.fail(f"the classroom did not open: {log.read_text()}")


def test_two_participants_work_apart_and_hand_in(classroom):
    root, url = classroom
    codes = draw_codes(root / "grading" / "classroom" / "roster.csv", root / "grading" / "classroom" / "codes.csv")
    for student, docket in (("S-01", "C"), ("S-02", "D")):
        person = Person(url)
        room = person.sign_in(student, codes[student])
        names = {item["name"] for item in json.loads(person.get(f"{room}/api/contents/day2"))["content"]}
        assert "01_from_bank_statement_to_utxo.ipynb" in names
        seen = person.run(room, LOOK)
        assert seen["docket"] == docket
        assert seen["roster"].split() == ["student_id,docket", f"{student},{docket}"]
        assert (seen["instructor's"], seen["homes"], seen["root"], seen["blocks"]) == ([], False, False, 257)
    collected = subprocess.run(
        [sys.executable, "-m", "cointrail", "collect", "--classroom", "day2"], cwd=root, capture_output=True, text=True
    )
    assert "2 taken, 1 left" in collected.stdout, collected
    assert len(list((root / "grading/submitted/S-01/day2").glob("*.ipynb"))) == 4


def test_a_wrong_code_opens_nothing(classroom):
    _, url = classroom
    person = Person(url)
    person.get("/hub/login")
    with pytest.raises(urllib.error.HTTPError) as refused:
        person.send("/hub/login", {"username": "S-01", "password": "AAAA-AAAA-AAAA"}, form=True)
    assert refused.value.code == 403
