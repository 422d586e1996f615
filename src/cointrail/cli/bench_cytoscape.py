"""The board's peer in `cointrail bench board`: cytoscape.js in an anywidget, on the same data and the same layout.

The library comes from npm into a temporary folder; it is no part of the project.
"""

import os
from pathlib import Path

import anywidget
import traitlets

from cointrail.board import Board

__all__ = ["CytoscapeBoard"]

_PAGE = """
const COLOURS = { cluster: "#005a8e", address: "#005a8e", transaction: "#555555" };
async function render({ model, el }) {
  const url = URL.createObjectURL(new Blob([model.get("library")], { type: "text/javascript" }));
  const cytoscape = (await import(url)).default;
  el.style.width = "100%";
  const root = document.createElement("div");
  root.className = "ct-board";
  root.style.height = "440px";
  el.appendChild(root);
  const card = { shape: "round-rectangle", width: 204, height: 40, "background-color": "#ffffff", "border-width": 1.5,
    "border-color": (node) => COLOURS[node.data("kind")] ?? "#555555", label: "data(label)", "text-valign": "center",
    "font-size": 11 };
  const line = { "curve-style": "bezier", "target-arrow-shape": "triangle", width: "data(width)", label: "data(label)",
    "font-size": 10, "line-color": "#777777", "target-arrow-color": "#777777" };
  const style = [{ selector: "node", style: card }, { selector: "edge", style: line }];
  let cy = null;
  function draw() {
    const began = performance.now(), graph = model.get("graph");
    if (cy === null) cy = cytoscape({ container: root, style, layout: { name: "preset" }, elements: graph });
    else { cy.batch(() => { cy.elements().remove(); cy.add(graph); }); cy.fit(); }
    cy.one("render", () => {
      root.dataset.nodes = graph.nodes.length;
      root.dataset.painted = performance.now() - began;
      if (root.dataset.asked) root.dataset.answered = performance.now() - root.dataset.asked;
    });
    cy.forceRender();
  }
  model.on("change:graph", draw);
  draw();
  root.board = {
    pan: (x, y) => cy.panBy({ x, y }),
    fit: () => cy.fit(),
    next: () => model.get("graph").nodes.filter((one) => one.data.more).at(-1).data.id,
    expand: (name) => { root.dataset.asked = performance.now(); model.send({ do: "expand", name }); },
  };
}
export default { render };
"""


class CytoscapeBoard(anywidget.AnyWidget):
    """A board drawn by cytoscape.js; its file is named by CYTOSCAPE."""

    _esm = _PAGE
    library = traitlets.Unicode().tag(sync=True)
    graph = traitlets.Dict().tag(sync=True)

    def __init__(self, board: Board):
        super().__init__(library=Path(os.environ["CYTOSCAPE"]).read_text(encoding="utf-8"))
        self.board = board
        self.on_msg(lambda _, message, __: self.expand(message["name"]))
        self.push()

    def expand(self, name: str) -> None:
        """Bring a node's neighbours, as the board does."""
        self.board.expand(name)
        self.push()

    def push(self) -> None:
        """Nodes at the places of the board's own layout, edges with its labels."""
        drawing, nodes = self.board.drawing, self.board.view.nodes
        self.graph = {
            "nodes": [
                {"data": {"id": c.id, "label": f"{nodes[c.id].title} ({nodes[c.id].words})", "kind": nodes[c.id].kind,
                          "more": bool(nodes[c.id].out) and not nodes[c.id].opened},
                 "position": {"x": c.x, "y": c.y}}
                for c in drawing.cards.values()
            ],
            "edges": [
                {"data": {"id": f"e{n}", "source": line.edge.source, "target": line.edge.target, "label": line.label,
                          "width": line.width}}
                for n, line in enumerate(drawing.lines)
            ],
        }  # fmt: skip
