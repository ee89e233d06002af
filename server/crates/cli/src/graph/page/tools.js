"use strict";

// Search, filters, tabs, theme, and how the page begins.

/* global byId, dependencies, element, go, graph, isFiltered, nodes, number, ofKind, onTreeKey, operations, renderRows, routeKind */
/* global schemas, show, state, tone, unfold */

const TABS = [
  ["routes", "Routes", operations],
  ["dependencies", "Dependencies", dependencies],
  ["schemas", "Schemas", schemas],
];

/** Draws the tree anew, from its top. */
function refresh() {
  unfold();
  byId("tree").scrollTop = 0;
  state.current = 0;
  byId("clear").hidden = !isFiltered();
  renderRows();
}

/** Shows a node where the tree of its kind has it. @param {any} node */
function showInTree(node) {
  const tab = { dependency: "dependencies", schema: "schemas" }[/** @type {string} */ (node.kind)] ?? "routes";
  const isThere = () => state.rows.findIndex((row) => row.node?.id === node.id);
  if (tab !== state.tab) choose(tab);
  if (isThere() < 0) {
    if (isFiltered()) /** @type {HTMLFormElement} */ (byId("tools")).reset();
    let key = "";
    for (const id of node.chain ?? []) {
      key += `/${id}`;
      const isUsual = state.usual || nodes.get(id)?.kind === "app";
      if (isUsual) state.turned.delete(key);
      else state.turned.add(key);
    }
    unfold();
  }
  show(node);
  const at = isThere();
  if (at >= 0) go(at);
}

/** @param {string} tab */
function choose(tab) {
  state.tab = tab;
  for (const button of byId("tabs").children) {
    const isIt = button.id === `tab-${tab}`;
    button.setAttribute("aria-selected", String(isIt));
    button.setAttribute("tabindex", isIt ? "0" : "-1");
  }
  byId("tree").setAttribute("aria-label", tab);
  refresh();
}

function makeTabs() {
  for (const [tab, title, list] of TABS) {
    if (list.length === 0 && tab !== "routes") continue;
    byId("tabs").append(
      element("button", { type: "button", role: "tab", id: `tab-${tab}`, "aria-controls": "tree", onclick: () => choose(tab) }, title),
    );
  }
  byId("tabs").addEventListener("keydown", (event) => {
    const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
    if (!step) return;
    const all = [...byId("tabs").children];
    const next = all[(all.findIndex((each) => each === document.activeElement) + step + all.length) % all.length];
    /** @type {HTMLElement} */ (next).focus();
    /** @type {HTMLElement} */ (next).click();
  });
}

function makeCounts() {
  const kinds = [
    ["app", ofKind("app")],
    ["router", ofKind("router")],
    ["path operation", operations],
    ["dependency", dependencies],
    ["schema", schemas],
  ];
  for (const [word, { length }] of kinds) {
    const many = word === "dependency" ? "dependencies" : `${word}s`;
    byId("counts").append(element("li", {}, element("b", {}, number(length)), ` ${length === 1 ? word : many}`));
  }
}

/** How often each value occurs, in the order in which they do. @param {(node: any) => string[]} values */
function tally(values) {
  const counts = new Map();
  for (const node of operations) for (const value of values(node)) counts.set(value, (counts.get(value) ?? 0) + 1);
  return counts;
}

function makeFilters() {
  for (const [method, count] of tally((node) => node.methods)) {
    const button = element("button", { type: "button", "aria-pressed": "false", "data-tone": tone(method) }, `${method} `, element("span", {}, number(count)));
    button.addEventListener("click", () => {
      const isOn = !state.methods.delete(method);
      if (isOn) state.methods.add(method);
      button.setAttribute("aria-pressed", String(isOn));
      refresh();
    });
    byId("methods").append(button);
  }
  makeSelect("app", [...tally((node) => [node.app]).keys()]);
  makeSelect("tag", [...tally((node) => node.tags).keys()].sort());
  makeSelect("kind", [...tally(kindsOf).keys()]);
}

/** @param {any} node */
function kindsOf(node) {
  const notes = ["conditional", "deprecated"].filter((note) => node[note]);
  return [routeKind(node), ...notes, ...(node.include_in_schema ? [] : ["hidden"])];
}

/** @param {"app" | "tag" | "kind"} name @param {string[]} values */
function makeSelect(name, values) {
  const select = /** @type {HTMLSelectElement} */ (byId(name));
  select.append(element("option", { value: "" }, "all"), ...values.map((value) => element("option", { value }, value)));
  select.addEventListener("change", () => {
    state[name] = select.value;
    refresh();
  });
  if (values.length < 2 && select.parentElement) select.parentElement.hidden = true;
}

function makeSearch() {
  const query = /** @type {HTMLInputElement} */ (byId("query"));
  query.addEventListener("input", () => {
    state.query = query.value.trim();
    refresh();
  });
  query.addEventListener("keydown", (event) => {
    if (event.key === "ArrowDown" || event.key === "Enter") {
      event.preventDefault();
      byId("tree").focus();
      go(state.current);
    }
  });
  byId("tools").addEventListener("submit", (event) => event.preventDefault());
  byId("tools").addEventListener("reset", () => {
    Object.assign(state, { query: "", app: "", tag: "", kind: "" });
    state.methods.clear();
    for (const button of byId("methods").children) button.setAttribute("aria-pressed", "false");
    refresh();
  });
  document.addEventListener("keydown", (event) => {
    const isTyping = event.target instanceof HTMLInputElement || event.target instanceof HTMLSelectElement;
    if (event.key === "/" && !isTyping) {
      event.preventDefault();
      query.focus();
    }
    if (event.key === "Escape" && isFiltered()) /** @type {HTMLFormElement} */ (byId("tools")).reset();
  });
}

function makeTheme() {
  const themes = ["auto", "light", "dark"];
  const button = byId("theme");
  let theme = "auto";
  const apply = () => {
    if (theme === "auto") delete document.documentElement.dataset.theme;
    else document.documentElement.dataset.theme = theme;
    button.textContent = { auto: "◐ Auto theme", light: "☀ Light theme", dark: "☾ Dark theme" }[theme] ?? "";
  };
  button.addEventListener("click", () => {
    theme = themes[(themes.indexOf(theme) + 1) % themes.length] ?? "auto";
    apply();
    try {
      localStorage.setItem("routewright-theme", theme);
    } catch {
      // A page from a file may have no storage; the choice then ends with it.
    }
  });
  try {
    theme = localStorage.getItem("routewright-theme") ?? theme;
  } catch {
    // As above.
  }
  apply();
}

/** @param {boolean} isUnfolded */
function foldAll(isUnfolded) {
  state.turned.clear();
  state.usual = isUnfolded;
  state.open = isUnfolded;
  if (!isUnfolded) for (const app of ofKind("app")) state.turned.add(`/${app.id}`);
  refresh();
}

function begin() {
  makeCounts();
  makeTabs();
  makeFilters();
  makeSearch();
  makeTheme();
  byId("unfold").addEventListener("click", () => foldAll(true));
  byId("fold").addEventListener("click", () => foldAll(false));
  const tree = byId("tree");
  tree.addEventListener("keydown", onTreeKey);
  tree.addEventListener("scroll", () => requestAnimationFrame(renderRows), { passive: true });
  new ResizeObserver(renderRows).observe(tree);
  choose("routes");
  const named = nodes.get(location.hash.slice(1));
  const first = operations[0] ?? graph.nodes[0];
  if (named) showInTree(named);
  else if (first) show(first);
}

begin();
