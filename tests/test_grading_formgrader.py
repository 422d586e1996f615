"""The instructor marks by hand in a browser: nothing a participant wrote runs, no other host is asked, a mark stays."""

import html
import os
import re
import secrets
import socket
import subprocess
import sys
from html.parser import HTMLParser
from urllib.parse import urlsplit

import hand_ins
import nbformat
import pytest
from nbconvert import HTMLExporter
from nbgrader.api import Gradebook
from test_browser import SECONDS, chromium  # noqa: F401  a fixture

from cointrail.grading.grade import grade
from cointrail.grading.safe_outputs import SafeOutputs, safe_html, safe_markdown

EVIL_HTML = (
    "<p onclick='taken()'>shown</p><script>window.taken=1</script><img src=x onerror='window.taken=1'>"
    "<img src='http://attacker.example/p.png'><style>body{background:url(http://attacker.example/c)}</style>"
    "<div style='background:url(http://attacker.example/d)'>text</div><a href='javascript:taken()'>l</a>"
    "<svg onload='window.taken=1'></svg><iframe src='http://attacker.example'></iframe><form action='/x'><input></form>"
)
EVIL_MARKDOWN = (
    "My own words 5 < 6.\n\n<script>window.taken=1</script><img src=x onerror='window.taken=1'>\n\n"
    "![p](http://attacker.example/m.png) [link](javascript:window.taken=1) <details open ontoggle='window.taken=1'>"
)


@pytest.mark.parametrize(
    "piece", ["script", "onclick", "onerror", "style", "attacker", "javascript", "svg", "iframe", "form"]
)
def test_nothing_that_runs_or_loads_is_left_of_html(piece):
    assert piece not in safe_html(EVIL_HTML)
    assert "shown" in safe_html(EVIL_HTML) and "text" in safe_html(EVIL_HTML)


@pytest.mark.parametrize(
    "piece",
    ["<b id={}>", "<div>", "<table><tr><td><b>", "<p><i><u>", "<!--", "<style>", "<a href='x'><p>", '<b a="', "<"],
)
def test_markup_that_multiplies_in_a_reader_of_html_stays_small(piece):
    """27 kB of it made 16 MB, and 2 MB of it gigabytes, in whoever opens again what was left open."""
    text = "<p>" + "".join(piece.format(n) for n in range(20_000)) + "</p>" + "<p>x</p>" * 30_000
    assert len(safe_html(text)) < 4 * len(text)


@pytest.mark.parametrize(
    "trick",
    [
        "<scr<script>ipt>alert(1)</scr</script>ipt>",
        "<IMG SRC=jav\tascript:alert(1)>",
        "<math><mtext><table><mglyph><style><img src=x onerror=alert(1)>",
        "<noscript><p title='</noscript><img src=x onerror=alert(1)>'>",
        '<a href="data:text/html,<script>alert(1)</script>">x</a>',
        "<img src='data:image/svg+xml;base64,PHN2Zz4='>",
        "<base href='http://attacker.example/'>",
        "<meta http-equiv=refresh content='0;url=http://attacker.example'>",
    ],
)
def test_known_ways_around_a_cleaner_end_harmless(trick):
    left = []

    class Reader(HTMLParser):
        def handle_starttag(self, tag, attributes):
            left.append((tag, dict(attributes)))

    Reader().feed(safe_html(trick))
    assert not [
        tag for tag, _ in left if tag in ("script", "style", "svg", "math", "base", "meta", "iframe", "noscript")
    ]
    names = {name for _, attributes in left for name in attributes}
    assert not [name for name in names if name.startswith("on") or name in ("href", "style", "src")]


def test_a_table_and_a_picture_of_the_page_itself_stay():
    picture = '<img src="data:image/png;base64,iVBORw0KGgo=" alt="a figure">'
    assert safe_html(picture) == picture
    assert safe_html('<table><tr><th scope="col">a</th></tr></table>').count("<th scope") == 1


def test_markdown_keeps_its_words_and_signs():
    assert safe_markdown("5 < 6 and `a<b>`").startswith("5 &lt; 6")
    assert safe_markdown("**bold** <br> [a](https://host.example)") == "**bold** <br> [a](https://host.example)"


@pytest.mark.parametrize(
    "text",
    [
        "[x](&#106;avascript:alert(1))",
        "[x](java&Tab;script:alert(1))",
        "[x](javascript\\:alert(1))",
        "[x]: &#x6A;avascript:a\n\n[x]",
        "[x]\n\n- [x]: &#x6A;avascript:a",
        "[x y]\n\n[x\ny]: &#x6A;avascript:a",
        "[x\\]y]\n\n[x\\]y]: &#x6A;avascript:a",
    ],
)
def test_no_link_of_markdown_runs_anything_once_nbconvert_has_written_it(text):
    cell = nbformat.v4.new_markdown_cell(safe_markdown(text))
    page, _ = HTMLExporter().from_notebook_node(nbformat.v4.new_notebook(cells=[cell]))
    targets = re.findall(r'(?:href|src)="([^"]*)"', page[page.index("<body") :])
    assert targets == [] or all(target.startswith("#") or target.isalnum() for target in map(html.unescape, targets))


def test_a_pictures_size_is_a_number_and_its_data_are_base64():
    """nbconvert writes a size into the page without quotes."""
    cell = nbformat.v4.new_code_cell("1")
    told = {"image/png": {"width": "1 onerror=alert(1)", "height": 9, "alt": "a figure"}, "width": "1 onload=alert(1)"}
    cell.outputs = [
        nbformat.v4.new_output("display_data", data={"image/png": "iVBORw0KGgo="}, metadata=told),
        nbformat.v4.new_output("display_data", data={"image/png": 'A"><script>alert(1)</script>'}),
    ]
    SafeOutputs().preprocess_cell(cell, {}, 0)
    assert cell.outputs[0].metadata == {"image/png": {"height": 9, "alt": "a figure"}}
    assert cell.outputs[1].data == {}


@pytest.fixture(scope="module")
def desk(tmp_path_factory):
    root = hand_ins.make_small(hand_ins.desk_copy(tmp_path_factory.mktemp("desk")), notebooks=2)
    show = f"from IPython.display import HTML, Javascript, display\ndisplay(HTML({EVIL_HTML!r}))\n"
    show += "display(Javascript('window.taken=1'))\n"
    answers = {"2.1b": show + "answer_2_1b = ...", "2.2": EVIL_MARKDOWN}
    hand_ins.hand_in(root, "evil", answers)
    grade(root, "day2", say=lambda line: None)
    return root


def test_outputs_of_a_graded_notebook_hold_no_script_and_no_widget(desk):
    for file in (desk / "grading" / "autograded" / "evil" / "day2").glob("*.ipynb"):
        for cell in nbformat.read(file, as_version=4).cells:
            for output in cell.get("outputs", []):
                kinds = set(output.get("data", {}))
                assert not kinds & {
                    "application/javascript",
                    "image/svg+xml",
                    "application/vnd.jupyter.widget-view+json",
                }
                assert "attacker" not in str(output.get("data", {}).get("text/html", ""))


@pytest.fixture(scope="module")
def server(desk):
    """Jupyter's server at the desk, as `cointrail lab --teach` starts it."""
    token = secrets.token_hex(8)
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    words = [
        "-m",
        "jupyter",
        "server",
        f"--ServerApp.port={port}",
        "--ServerApp.port_retries=0",
        "--ServerApp.allow_root=True",
    ]
    running = subprocess.Popen(
        [sys.executable, *words, "--no-browser", "--ServerApp.ip=127.0.0.1"],
        cwd=desk,
        env=os.environ | {"JUPYTER_TOKEN": token},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    yield f"http://127.0.0.1:{port}", token
    running.terminate()
    running.wait(30)


def opened(page, server, path):
    from playwright.sync_api import Error

    for _ in range(120):
        try:
            return page.goto(f"{server[0]}{path}?token={server[1]}")
        except Error:
            page.wait_for_timeout(500)
    raise AssertionError("the server did not start")


def points(desk):
    with Gradebook(f"sqlite:///{desk / 'grading' / 'gradebook.db'}", "cointrail") as book:
        graded = book.find_submission_notebook("02_balances_time_and_value", "day2", "evil")
        grade = book.find_grade("explain_2_2", graded.name, "day2", "evil")
        return graded.id, grade.manual_score


def test_marking_by_hand_asks_no_other_host_runs_nothing_and_keeps_the_mark(desk, server, chromium):  # noqa: F811
    from playwright.sync_api import expect

    page = chromium.new_page()
    asked = []

    def only_here(route):
        if urlsplit(route.request.url).hostname == "127.0.0.1":
            route.continue_()
        else:
            asked.append(route.request.url)
            route.abort()

    page.route("**/*", only_here)
    opened(page, server, "/formgrader/manage_assignments")
    for name in ("01_from_bank_statement_to_utxo", "02_balances_time_and_value"):
        with Gradebook(f"sqlite:///{desk / 'grading' / 'gradebook.db'}", "cointrail") as book:
            number = book.find_submission_notebook(name, "day2", "evil").id
        opened(page, server, f"/formgrader/submissions/{number}/")
        expect(page.locator("#notebook").first).to_be_visible(timeout=30 * SECONDS)
        page.wait_for_timeout(1000)
        assert page.evaluate("window.taken") is None
    expect(page.locator("body")).to_contain_text("My own words")
    field = page.locator("#explain_2_2")
    expect(field).to_be_visible(timeout=30 * SECONDS)
    page.wait_for_timeout(1000)
    field.fill("3")
    field.press("Tab")
    for _ in range(40):
        if points(desk)[1] == 3:
            break
        page.wait_for_timeout(250)
    assert points(desk)[1] == 3
    assert asked == []
    page.close()
