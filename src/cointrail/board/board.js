// The page's side of the case board: shows finished SVG, moves it about, and tells Python what was asked for.
const SVG = "http://www.w3.org/2000/svg";
const NEAR = 0.35; // below this scale words are too small to read and are left out
const READABLE = 0.65; // scale at which a person reads without effort
const SLOW = 400; // milliseconds after which the board says that it waits
const KEYS = { Enter: "expand", Backspace: "back", c: "collapse", o: "cluster", p: "pin", h: "hide", u: "undo" };
const READING = ["payments", "code"]; // what changes nothing on the board
const HELP =
  "Enter: follow the money out. Backspace: where it came from. Arrow keys: next card. C: collapse. O: open or close a cluster. " +
  "P: pin. H: hide. N: note. Space, Shift and Space: choose, choose one more. U: undo. F: fit. Plus and minus: zoom. Escape: back to the buttons.";

function make(tag, attributes = {}, parent, text) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value);
  if (text !== undefined) element.textContent = text;
  parent?.appendChild(element);
  return element;
}

function render({ model, el }) {
  el.style.width = "100%";
  const root = make("div", { class: "ct-board", "data-lm-suppress-shortcuts": "true" }, el);
  const bar = make("div", { class: "ct-bar", role: "toolbar", "aria-label": "Case board" }, root);
  const panel = make("div", { class: "ct-panel", hidden: "" }, root);
  const frame = make("div", { class: "ct-frame" }, root);
  const svg = document.createElementNS(SVG, "svg");
  const view = document.createElementNS(SVG, "g");
  svg.setAttribute("role", "group");
  frame.style.height = `${model.get("height")}px`;
  svg.appendChild(view);
  const layer = make("div", { class: "ct-layer" }, frame);
  layer.appendChild(svg);
  const about = make("p", { class: "ct-about" }, root);
  const status = make("p", { class: "ct-status", role: "status", "aria-live": "polite" }, root);
  make("p", { class: "ct-help" }, root, HELP);

  let scene = model.get("scene"), scale = 1, left = 0, top = 0, current = null, kept = null, waiting = 0, fresh = true, wide = 0;
  let cards = [], places = new Map(), open = null;

  // moving is a style of the whole drawing, which the browser shifts without drawing it again; only zooming draws
  let drawn = 0, looking = 0, late = [];
  const place = () => {
    layer.style.transform = `translate(${Math.round(left)}px, ${Math.round(top)}px)`;
    if (scale !== drawn) {
      view.setAttribute("transform", `scale(${scale})`);
      view.style.setProperty("--thin", `${1 / scale}px`);
    }
    drawn = scale;
    root.classList.toggle("ct-far", scale < NEAR);
    if (late.length && scale >= NEAR && !looking) looking = setTimeout(look, 60);
  };
  const look = () => { // on a very large board only the words in sight are on the page
    looking = 0;
    const [width, height] = size();
    for (const one of late) {
      const seen = Math.abs(left + scale * one.x - width / 2) < width && Math.abs(top + scale * one.y - height / 2) < height;
      if (seen && !one.shown) {
        one.parent.insertAdjacentHTML("beforeend", `<g>${one.words}</g>`);
        one.shown = one.parent.lastChild;
      } else if (!seen && one.shown) {
        one.shown.remove();
        one.shown = null;
      }
    }
  };
  const size = () => [wide, model.get("height")];
  const fit = () => {
    const [width, height] = size(), [x, y, w, h] = scene.box;
    scale = Math.min(1, width / w, height / h);
    left = (width - scale * w) / 2 - scale * x;
    top = (height - scale * h) / 2 - scale * y;
    place();
  };
  const settle = (name, way) => { // all of it where that can be read, else the card that was clicked and what came with it
    const before = scale;
    fit();
    if (scale >= READABLE) return;
    const [width, height] = size(), { x, y } = places.get(name);
    scale = Math.min(0.9, Math.max(READABLE, before));
    const at = way === "expand" ? 0.05 : way === "back" ? 0.95 - (scale * scene.wide) / width : 0.5 - (scale * scene.wide / 2) / width;
    const [from, above, w, h] = scene.box;
    left = inside(width * at - scale * x, width, scale * from, scale * w);
    top = inside(height / 2 - scale * y, height, scale * above, scale * h);
    place();
  };
  const inside = (at, room, from, long) => // no empty paper beside a drawing that is larger than the frame
    long < room ? (room - long) / 2 - from : Math.min(-from, Math.max(room - long - from, at));
  const reveal = (name) => {
    const card = places.get(name);
    if (!card) return;
    const [width, height] = size(), { x, y } = card;
    left += Math.max(0, 20 - (left + scale * x)) - Math.max(0, left + scale * (x + scene.wide) - width + 20);
    top += Math.max(0, 40 - (top + scale * y)) - Math.max(0, top + scale * y - height + 40);
    place();
  };
  const zoom = (factor, x = size()[0] / 2, y = size()[1] / 2) => {
    const next = Math.min(3, Math.max(0.02, scale * factor));
    left = x - (x - left) * (next / scale);
    top = y - (y - top) * (next / scale);
    scale = next;
    place();
  };

  const send = (what, more = {}) => {
    const name = more.name ?? current;
    if (!name && !["undo", "filter", "link", "payments", "code", "select"].includes(what)) return say("Choose a card first.");
    if (places.has(name) && !READING.includes(what)) kept = { name, what, at: [left + scale * places.get(name).x, top + scale * places.get(name).y] };
    clearTimeout(waiting);
    waiting = setTimeout(() => say("Working… If nothing happens, the kernel is busy or has stopped: run the cell again."), SLOW);
    root.dataset.asked = performance.now();
    model.send({ do: what, ...more, ...(name ? { name } : {}) });
  };
  const say = (text) => { status.textContent = text; };

  const focus = (name, move = true) => {
    const before = current !== null && cards[places.get(current)?.n];
    if (before) before.setAttribute("tabindex", "-1");
    current = name;
    const card = cards[places.get(name)?.n];
    if (!card) return;
    card.setAttribute("tabindex", "0");
    if (move) { card.focus({ preventScroll: true }); reveal(name); }
  };

  function draw() {
    const held = root.contains(document.activeElement) && svg.contains(document.activeElement);
    const began = performance.now();
    clearTimeout(waiting);
    scene = model.get("scene");
    if (!scene.svg) return;
    view.innerHTML = scene.svg;
    cards = view.querySelectorAll("[data-n]");
    const { cards: words, labels } = scene.late, below = view.querySelector(".labels");
    late = words.map((words, n) => ({ parent: cards[n], x: scene.cards[n][1], y: scene.cards[n][2], words }));
    for (const [x, y, words] of labels) late.push({ parent: below, x, y, words });
    places = new Map(scene.cards.map(([name, x, y], n) => [name, { x, y, n }]));
    svg.setAttribute("aria-label", scene.words);
    const chosen = scene.selection[0] ?? (places.has(current) ? current : scene.cards[0][0]);
    for (const name of scene.selection) {
      cards[places.get(name).n].classList.add("ct-chosen");
      cards[places.get(name).n].setAttribute("aria-pressed", "true");
    }
    about.textContent = scene.about || "Click a card to follow its money out.";
    say(scene.message);
    buttons.undo.disabled = scene.steps === 0;
    buttons.filter.textContent = Object.keys(scene.filter).length ? "Filter (on)…" : PANELS.filter;
    if (fresh && wide) { fresh = false; settle(chosen); }
    else if (kept && ["expand", "back"].includes(kept.what) && places.has(kept.name)) settle(kept.name, kept.what);
    else if (kept && places.has(kept.name)) { // the card that was clicked stays where it is
      const { x, y } = places.get(kept.name);
      left = kept.at[0] - scale * x;
      top = kept.at[1] - scale * y;
      place();
    }
    kept = null;
    focus(chosen, held);
    if (READING.includes(open)) model.send({ do: open });
    root.dataset.nodes = scene.cards.length;
    root.dataset.drawn = (performance.now() - began).toFixed(1);
    requestAnimationFrame(() => setTimeout(() => {
      root.dataset.painted = (performance.now() - began).toFixed(1);
      if (root.dataset.asked) root.dataset.answered = (performance.now() - root.dataset.asked).toFixed(1);
    }));
  }

  // --- buttons and panels
  const buttons = {};
  const button = (name, text, act, title = text) => {
    const made = make("button", { type: "button", title, ...(text.length === 1 ? { "aria-label": title } : {}) }, bar, text);
    made.addEventListener("click", act);
    return (buttons[name] = made);
  };
  button("expand", "Follow out →", () => send("expand"), "Follow the money out of the chosen card");
  button("back", "← Where from?", () => send("back"), "Show where the money of the chosen card came from");
  button("collapse", "Collapse", () => send("collapse"), "Take away what the chosen card brought");
  button("cluster", "Open cluster", () => send("cluster"), "Open the chosen cluster, or close it");
  button("pin", "Pin", () => send("pin"), "Keep the chosen card at its height, or let it move again");
  button("hide", "Hide", () => send("hide"), "Take the chosen card off the board");
  button("undo", "Undo", () => send("undo"), "Take the last step back");
  button("fit", "Fit", () => fit(), "Show the whole board");
  button("in", "+", () => zoom(1.25), "Zoom in");
  button("out", "−", () => zoom(0.8), "Zoom out");
  const PANELS = { note: "Note…", add: "Add…", link: "Link…", filter: "Filter…", payments: "Payments", code: "Code" };
  for (const [name, text] of Object.entries(PANELS))
    button(name, text, () => toggle(name)).setAttribute("aria-expanded", "false");

  function toggle(name) {
    open = open === name ? null : name;
    for (const one of Object.keys(PANELS)) buttons[one].setAttribute("aria-expanded", String(one === open));
    panel.hidden = open === null;
    panel.textContent = "";
    if (READING.includes(open)) return send(open);
    if (open) form(open);
  }
  const FIELDS = {
    note: [["text", "Note on the chosen card", "text"]],
    add: [["name", "Address, account or transaction", "text"]],
    link: [["why", "You assert a link between the two chosen cards (Shift-click the second). Your reason", "text"]],
    filter: [["least", "At least (whole coins)", "text"], ["since", "From (UTC)", "date"], ["until", "To (UTC)", "date"], ["hops", "Steps from the start", "number"]],
  };
  function form(kind) {
    const made = make("form", {}, panel);
    const inputs = FIELDS[kind].map(([name, text, type]) => {
      const label = make("label", {}, made, `${text} `);
      return make("input", { name, type, ...(type === "number" ? { min: 1 } : {}), value: (kind === "filter" && scene.filter[name]) || "" }, label);
    });
    make("button", { type: "submit" }, made, kind === "filter" ? "Apply; empty shows all" : "OK");
    made.addEventListener("submit", (event) => {
      event.preventDefault();
      send(kind, Object.fromEntries(inputs.map((input) => [input.name, input.value])));
      if (kind !== "filter") { toggle(kind); focus(current); }
    });
    made.addEventListener("keydown", (event) => { // JupyterLab keeps Enter from the form
      if (event.key === "Escape") { toggle(kind); buttons[kind].focus(); }
      else if (event.key !== "Enter" || event.target.tagName !== "INPUT") return;
      else made.requestSubmit();
      event.preventDefault();
      event.stopPropagation();
    });
    inputs[0].focus();
  }
  function showPanel() {
    const content = model.get("panel");
    if (content.kind !== open) return;
    clearTimeout(waiting);
    panel.textContent = "";
    if (content.kind === "code") return make("pre", { tabindex: "0", "aria-label": "The steps as Python" }, panel, content.text);
    const table = make("table", {}, make("div", { class: "ct-table", tabindex: "0", role: "region", "aria-label": content.text }, panel));
    make("caption", {}, table, content.text);
    const head = make("tr", {}, make("thead", {}, table));
    for (const word of content.head) make("th", { scope: "col" }, head, word);
    const body = make("tbody", {}, table);
    for (const row of content.rows) {
      const line = make("tr", {}, body);
      for (const cell of row) make("td", {}, line, cell);
    }
  }

  // --- mouse
  let drag = null;
  frame.addEventListener("pointerdown", (event) => {
    if (event.button) return;
    const card = event.target.closest("[data-n]");
    drag = { x: event.clientX, y: event.clientY, left, top, card, far: false };
    frame.setPointerCapture(event.pointerId);
  });
  frame.addEventListener("pointermove", (event) => {
    if (!drag) return;
    const [dx, dy] = [event.clientX - drag.x, event.clientY - drag.y];
    drag.far ||= Math.hypot(dx, dy) > 4;
    if (!drag.far) return;
    if (drag.card) {
      drag.to = scene.cards[drag.card.dataset.n][2] + dy / scale;
      drag.card.setAttribute("transform", `translate(0 ${dy / scale})`);
    } else { left = drag.left + dx; top = drag.top + dy; place(); }
  });
  frame.addEventListener("pointerup", (event) => {
    const ended = drag;
    drag = null;
    if (!ended?.card) return;
    const name = scene.cards[ended.card.dataset.n][0];
    focus(name);
    if (ended.far) send("pin", { name, y: Math.round(ended.to) });
    else if (event.shiftKey || event.ctrlKey || event.metaKey) choose(name);
    else if (scene.opened.includes(name)) send("select", { name, names: [name] });
    else send("expand", { name });
  });
  frame.addEventListener("pointercancel", () => { drag = null; });
  const choose = (name) => {
    const names = scene.selection.includes(name) ? scene.selection.filter((one) => one !== name) : [...scene.selection, name];
    send("select", { name, names });
  };
  frame.addEventListener("wheel", (event) => {
    if (!event.ctrlKey && !event.shiftKey) return; // the wheel alone scrolls the page
    event.preventDefault();
    const box = frame.getBoundingClientRect();
    zoom((event.deltaY || event.deltaX) < 0 ? 1.15 : 1 / 1.15, event.clientX - box.left, event.clientY - box.top);
  }, { passive: false });

  // --- keyboard
  const WAYS = {
    ArrowRight: ([x, y]) => x > 0 && x + Math.abs(y) * 0.3, ArrowLeft: ([x, y]) => x < 0 && -x + Math.abs(y) * 0.3,
    ArrowDown: ([x, y]) => y > 0 && y + Math.abs(x) * 3, ArrowUp: ([x, y]) => y < 0 && -y + Math.abs(x) * 3,
  };
  svg.addEventListener("keydown", (event) => {
    if (event.altKey || ((event.ctrlKey || event.metaKey) && event.key !== "z")) return;
    const here = places.get(current);
    if (WAYS[event.key] && here) {
      let best = null, least = Infinity;
      for (const [name, x, y] of scene.cards) {
        const far = name !== current && WAYS[event.key]([x - here.x, y - here.y]);
        if (far !== false && far < least) [best, least] = [name, far];
      }
      if (best) focus(best);
    } else if (KEYS[event.key]) send(KEYS[event.key]);
    else if (event.key === "z") send("undo");
    else if (event.key === " " && event.shiftKey) choose(current);
    else if (event.key === " ") send("select", { names: [current] });
    else if (event.key === "n") toggle("note");
    else if (event.key === "f") fit();
    else if (event.key === "+" || event.key === "=") zoom(1.25);
    else if (event.key === "-") zoom(0.8);
    else if (event.key === "Home") focus(scene.cards[0][0]);
    else if (event.key === "Escape") buttons.expand.focus();
    else return;
    event.preventDefault();
    event.stopPropagation();
  });
  view.addEventListener("focusin", (event) => {
    const card = event.target.closest?.("[data-n]");
    if (card && scene.cards[card.dataset.n][0] !== current) focus(scene.cards[card.dataset.n][0], false);
  });

  // --- paper: the whole drawing, as wide as the page
  const toPaper = () => {
    svg.setAttribute("viewBox", scene.box.join(" "));
    view.removeAttribute("transform");
    layer.style.transform = "none";
    root.classList.remove("ct-far");
  };
  const fromPaper = () => { svg.removeAttribute("viewBox"); drawn = 0; place(); };
  window.addEventListener("beforeprint", toPaper);
  window.addEventListener("afterprint", fromPaper);

  const watch = new ResizeObserver(([entry]) => {
    wide = entry.contentRect.width;
    if (fresh && scene.svg && wide) { fresh = false; settle(scene.cards[0][0]); }
  });
  watch.observe(frame);
  model.on("change:scene", draw);
  model.on("change:panel", showPanel);
  root.board = { pan: (x, y) => { left += x; top += y; place(); }, fit }; // for measurements
  place();
  draw();
  return () => {
    watch.disconnect();
    clearTimeout(waiting);
    window.removeEventListener("beforeprint", toPaper);
    window.removeEventListener("afterprint", fromPaper);
    model.off("change:scene", draw);
    model.off("change:panel", showPanel);
  };
}

export default { render };
