"""What `cointrail bench board` measures: the case board beside cytoscape.js, in JupyterLab in a headless Chromium.

No GPU, no network: a request to any other machine is an error. Both widgets show the same board of glass_harbour at the
same places. `draw` is from the page's first knowledge of 2,000 nodes to the frame that shows them; `expand` from a key
to the frame that shows the new cards, Python's work included; `pan` counts frames while the board is moved.
"""

import os
import re
import shutil
import subprocess
import sys
import tempfile
from contextlib import contextmanager
from pathlib import Path
from statistics import median
from urllib.parse import urlsplit

import nbformat

from cointrail.cli.bench import Figure
from cointrail.errors import CointrailError

__all__ = ["figures"]

NODES_TO_DRAW, NODES_TO_EXPAND, EXPANSIONS = 2000, 60, 5
BROWSERS = ("chromium", "chromium-browser", "google-chrome")
FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking"]
MINUTE = 60_000

_GROW = """
from cointrail.board import open_board
from cointrail.ledger import load_ledger

ledger = load_ledger("glass_harbour")
board = open_board(ledger, start=ledger.inputs["addresses"].iloc[len(ledger.inputs) // 2][0])
while len(board.view.nodes) < {nodes}:
    unopened = [node for node in board.view.nodes.values() if not node.opened]
    board.expand(max(unopened, key=lambda node: node.out).id, largest=max(25, {nodes} // 4))
"""
_SHOW = {
    "cointrail": _GROW + "board",
    "cytoscape.js": _GROW + "from cointrail.cli.bench_cytoscape import CytoscapeBoard\nCytoscapeBoard(board)",
}
_FRAMES = """() => new Promise((done) => {
  const board = document.querySelector('.ct-board').board, began = performance.now();
  let frames = 0;
  const step = () => {
    board.pan(frames % 60 < 30 ? 6 : -6, frames % 40 < 20 ? 3 : -3);
    frames += 1;
    const passed = performance.now() - began;
    passed < 3000 ? requestAnimationFrame(step) : done(frames / passed * 1000);
  };
  requestAnimationFrame(step);
})"""


def figures(scale, note):
    """Yield (name, Figure); `scale` does not matter here."""
    measured = {}
    with tempfile.TemporaryDirectory() as folder:
        library = _cytoscape(Path(folder), note)
        with _page(Path(folder), library) as (page, address, left):
            for peer in _SHOW if library else ("cointrail",):
                note(f"{peer}: {NODES_TO_DRAW:,} nodes ...")
                measured[peer, "nodes"] = _open(page, address, f"{peer}-{NODES_TO_DRAW}")
                measured[peer, "draw"] = float(_said(page, "painted")) / 1000
                page.evaluate("document.querySelector('.ct-board').board.fit()")
                measured[peer, "pan"] = page.evaluate(_FRAMES)
                note(f"{peer}: expansions ...")
                _open(page, address, f"{peer}-{NODES_TO_EXPAND}")
                measured[peer, "expand"] = _expand(page, peer)
            if left:
                raise CointrailError(f"The board asked another machine for {left[0]}: it must not.")
    yield from _figures(measured, bool(library))


def _figures(measured, with_peer):
    n = measured["cointrail", "nodes"]
    for name, unit, limit in (("draw", "s", 0.5), ("expand", "s", 0.15), ("pan", "1/s", 40)):
        ours = measured["cointrail", name]
        for peer, theirs in (("cytoscape.js", measured.get(("cytoscape.js", name))), ("limit", limit)):
            if peer == "limit" or with_peer:
                ratio = ours / theirs if name == "pan" else theirs / ours
                ending = "" if peer != "limit" else "_limit"
                many = EXPANSIONS if name == "expand" else n
                yield f"{name}{ending}", Figure(round(ours, 3), unit, peer, round(theirs, 3), round(ratio, 2), many)


def _cytoscape(folder, note):
    """The file of cytoscape.js, by npm; None where that cannot be had."""
    if npm := shutil.which("npm"):
        subprocess.run([npm, "install", "--silent", "--prefix", str(folder), "cytoscape@3"], capture_output=True)
    file = folder / "node_modules" / "cytoscape" / "dist" / "cytoscape.esm.min.mjs"
    if not file.is_file():
        note("cytoscape.js could not be had by npm: left out")
        return None
    return file


@contextmanager
def _page(folder, library):
    """A page of a fresh JupyterLab with the notebooks, from which nothing gets out."""
    from playwright.sync_api import sync_playwright

    browser = next(filter(None, map(shutil.which, BROWSERS)), None)
    if browser is None:
        raise CointrailError("Chromium is not installed: the board is measured in it (Debian: apt install chromium).")
    environment = {**os.environ, "COINTRAIL_WORK": str(folder / "work")}
    environment |= {"CYTOSCAPE": str(library)} if library else {}
    command = [sys.executable, "-m", "cointrail", "lab", "--no-browser"]
    lab = subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
    try:
        address = next(
            filter(None, (re.search(r"http://127\.0\.0\.1:\S+", one) for one in iter(lab.stdout.readline, "")))
        )
        _write_notebooks(folder / "work")
        with sync_playwright() as playwright:
            window = playwright.chromium.launch(executable_path=browser, args=FLAGS)
            page = window.new_page(viewport={"width": 1366, "height": 768})
            left = []
            page.route("**/*", lambda route: _only_here(route, left))
            yield page, address[0], left
            window.close()
    finally:
        lab.terminate()
        lab.wait(30)


def _only_here(route, left):
    if urlsplit(route.request.url).hostname == "127.0.0.1":
        route.continue_()
    else:
        left.append(route.request.url)
        route.abort()


def _write_notebooks(folder):
    kernel = {"name": "python3", "display_name": "Python 3", "language": "python"}
    for peer, code in _SHOW.items():
        for nodes in (NODES_TO_DRAW, NODES_TO_EXPAND):
            cells = [nbformat.v4.new_code_cell(code.format(nodes=nodes).strip())]
            book = nbformat.v4.new_notebook(cells=cells, metadata={"kernelspec": kernel})
            nbformat.write(book, folder / f"{peer}-{nodes}.ipynb")


def _open(page, address, name):
    """Open a notebook, run its cell, wait for the board; how many nodes it shows."""
    from playwright.sync_api import Error

    place = re.sub(
        r"/lab(/[^?]*)?(?=\?|$)", f"/lab/workspaces/{re.sub(r'[^a-z0-9]', '', name)}/tree/{name}.ipynb", address
    )
    for _ in range(60):
        try:
            page.goto(place)
            break
        except Error:  # the address is printed just before the server listens
            page.wait_for_timeout(500)
    page.locator(".jp-CodeCell .cm-content").first.wait_for(timeout=2 * MINUTE)
    page.locator(".jp-StatusBar-Widget:has-text('Idle')").wait_for(timeout=2 * MINUTE)
    page.locator(".jp-CodeCell .cm-content").first.click()
    page.keyboard.press("Shift+Enter")
    page.wait_for_function("document.querySelector('.ct-board')?.dataset.painted", timeout=5 * MINUTE)
    page.wait_for_timeout(1500)
    return int(_said(page, "nodes"))


def _said(page, what):
    return page.evaluate("what => document.querySelector('.ct-board').dataset[what]", what)


def _expand(page, peer):
    """Seconds from the key to the new picture, the middle one of several."""
    took = []
    for _ in range(EXPANSIONS):
        page.evaluate("delete document.querySelector('.ct-board').dataset.answered")
        if peer == "cointrail":
            page.locator("[data-n]:has(text:text-matches('^[0-9,]+ ▸'))").last.focus()
            page.keyboard.press("Enter")
        else:
            name = page.evaluate("document.querySelector('.ct-board').board.next()")
            page.evaluate("name => document.querySelector('.ct-board').board.expand(name)", name)
        page.wait_for_function("document.querySelector('.ct-board').dataset.answered", timeout=MINUTE)
        took.append(float(_said(page, "answered")) / 1000)
        page.wait_for_timeout(300)
    return median(took)
