"use strict";

// The page of `routewright graph`: a tree of rows, of which only those in view are in the document, and what is known of
// the selected one beside it.

/* global show */

/** @typedef {{id: string, kind: string, name: string, file: string | null, line: number | null} & Record<string, any>} Node */
/** @typedef {{from: string, to: string, kind: string, label?: string}} Edge */
/** @typedef {{key: string, node?: Node, label?: string, depth: number, role?: string, count?: number, children?: () => Row[]}} Row */

const graph = JSON.parse(byId("data").textContent);
/** @type {Map<string, Node>} */
const nodes = new Map(graph.nodes.map((/** @type {Node} */ node) => [node.id, node]));
const outgoing = grouped("from");
const incoming = grouped("to");
const operations = ofKind("operation");
const dependencies = ofKind("dependency");
const schemas = ofKind("schema");

/** Operations by what they depend on, directly or not, and the other way round by name for the search. */
const users = usersOfDependencies();
const words = new Map(graph.nodes.map((/** @type {Node} */ node) => [node.id, searchable(node)]));

const ROW = 32;
const BEYOND = 12;
/** A tree of more operations begins folded. */
const MANY = 300;
/** As many links are shown at once. */
const LINKS = 100;

const state = {
  tab: "routes",
  query: "",
  methods: new Set(),
  app: "",
  tag: "",
  kind: "",
  /** Rows that are unfolded (or, while something is searched for, folded) against what is usual. */
  turned: new Set(),
  usual: operations.length <= MANY,
  /** Whether dependencies and schemas are unfolded. */
  open: false,
  /** @type {Row[]} */
  rows: [],
  current: 0,
  selected: "",
};

// --- What the graph says -----------------------------------------------------------------------------------------------

/** @param {string} id */
function byId(id) {
  return /** @type {HTMLElement} */ (document.getElementById(id));
}

/** @param {"from" | "to"} end */
function grouped(end) {
  /** @type {Map<string, Edge[]>} */
  const edges = new Map();
  for (const edge of graph.edges) {
    const known = edges.get(edge[end]);
    if (known) known.push(edge);
    else edges.set(edge[end], [edge]);
  }
  return edges;
}

/** @param {string} kind @returns {Node[]} */
function ofKind(kind) {
  return graph.nodes.filter((/** @type {Node} */ node) => node.kind === kind);
}

/** @param {Node} node @param {string[]} kinds */
function targets(node, ...kinds) {
  const edges = outgoing.get(node.id) ?? [];
  return edges.filter((edge) => kinds.includes(edge.kind)).map((edge) => /** @type {Node} */ (nodes.get(edge.to)));
}

/** @param {Node} node @param {string[]} kinds */
function sources(node, ...kinds) {
  const edges = incoming.get(node.id) ?? [];
  return edges.filter((edge) => kinds.includes(edge.kind)).map((edge) => /** @type {Node} */ (nodes.get(edge.from)));
}

function usersOfDependencies() {
  /** @type {Map<string, Node[]>} */
  const found = new Map(dependencies.map((node) => [node.id, []]));
  for (const operation of operations) {
    const reached = new Set();
    const pending = targets(operation, "depends");
    for (let next = pending.pop(); next; next = pending.pop()) {
      if (reached.has(next.id)) continue;
      reached.add(next.id);
      found.get(next.id)?.push(operation);
      pending.push(...targets(next, "depends"));
    }
  }
  return found;
}

/** @param {Node} node */
function searchable(node) {
  const parts = [node.name, node.file, node.qualname, node.endpoint, node.path, node.response_model, node.app, node.prefix];
  parts.push(...(node.tags ?? []), ...(node.methods ?? []), ...(node.security ?? []));
  return parts.filter(Boolean).join("\n").toLowerCase();
}

/** @param {Node} node */
function routeKind(node) {
  if (node.route === "http" || node.route === "starlette-http") return "http";
  return node.route.replace("starlette-", "");
}

/** @param {string} method */
function tone(method) {
  const tones = { GET: "get", HEAD: "get", OPTIONS: "get", POST: "post", PUT: "put", PATCH: "put", DELETE: "delete" };
  return tones[/** @type {keyof typeof tones} */ (method)] ?? "other";
}

// --- Filters ---------------------------------------------------------------------------------------------------------

/** @param {Node} node @param {string[]} tokens */
function speaksOf(node, tokens) {
  const text = words.get(node.id) ?? "";
  return tokens.every((token) => text.includes(token) || (node.path && token.startsWith("/") && matchesUrl(node.path, token)));
}

/** Whether a path such as `/books/{book_id}` serves a URL's path. @param {string} path @param {string} url */
function matchesUrl(path, url) {
  const [pattern, given] = [path, url].map((text) => text.replace(/\/$/, "").toLowerCase().split("/"));
  if (pattern.some((segment) => segment.includes(":path}"))) return false;
  return pattern.length === given.length && pattern.every((segment, i) => segment.startsWith("{") || segment === given[i]);
}

function tokens() {
  return state.query.toLowerCase().split(/\s+/).filter(Boolean);
}

/** @param {Node} node */
function passesFilters(node) {
  if (state.methods.size > 0 && !node.methods.some((/** @type {string} */ method) => state.methods.has(method))) return false;
  if (state.app && node.app !== state.app) return false;
  if (state.tag && !node.tags.includes(state.tag)) return false;
  switch (state.kind) {
    case "":
      return true;
    case "conditional":
    case "deprecated":
      return node[state.kind];
    case "hidden":
      return !node.include_in_schema;
    default:
      return routeKind(node) === state.kind;
  }
}

function isFiltered() {
  return state.query !== "" || state.methods.size > 0 || [state.app, state.tag, state.kind].some(Boolean);
}

// --- Rows ------------------------------------------------------------------------------------------------------------

/** The rows of the tab before anything is unfolded. @param {Set<string>} passing @param {string[]} searched */
function roots(passing, searched) {
  if (state.tab === "routes") {
    return routeTree(operations.filter((node) => passing.has(node.id) && speaksOf(node, searched)));
  }
  const [all, usersOf] =
    state.tab === "dependencies"
      ? [dependencies, (/** @type {Node} */ node) => users.get(node.id) ?? []]
      : [schemas, (/** @type {Node} */ node) => sources(node, "reads", "returns")];
  const found = [];
  for (const node of all) {
    const candidates = unique(usersOf(node)).filter((user) => passing.has(user.id));
    const isNamed = speaksOf(node, searched);
    const shown = isNamed ? candidates : candidates.filter((user) => speaksOf(user, searched));
    const isWanted = shown.length > 0 || (isNamed && !isNarrowed());
    if (isWanted) found.push({ node, shown });
  }
  found.sort((a, b) => b.shown.length - a.shown.length || a.node.name.localeCompare(b.node.name));
  return found.map(({ node, shown }) => thingRow(node, shown));
}

function isNarrowed() {
  return state.methods.size > 0 || [state.app, state.tag, state.kind].some(Boolean);
}

/** @param {Node[]} list */
function unique(list) {
  return [...new Set(list)];
}

/** Apps, the routers on the way, and the operations in the order in which the app tries them. @param {Node[]} shown */
function routeTree(shown) {
  /** @type {Row[]} */
  const top = [];
  /** @type {Map<string, Row & {list: Row[]}>} */
  const groups = new Map();
  for (const node of shown) {
    let key = "";
    let list = top;
    let prefix = "";
    for (const id of node.chain) {
      key += `/${id}`;
      let group = groups.get(key);
      if (!group) {
        group = { key, node: nodes.get(id), depth: 0, count: 0, list: [], label: commonPrefix(node, id, prefix) };
        const { list: inner } = group;
        group.children = () => inner;
        groups.set(key, group);
        list.push(group);
      }
      group.count = (group.count ?? 0) + 1;
      prefix = group.label ?? prefix;
      list = group.list;
    }
    list.push(operationRow(node, key, prefix));
  }
  return top;
}

/** The path that a router's operations share, as far as prefixes tell. @param {Node} node @param {string} id @param {string} above */
function commonPrefix(node, id, above) {
  const at = node.chain.indexOf(id);
  const edge = (incoming.get(id) ?? []).find((edge) => edge.from === node.chain[at - 1]);
  const own = nodes.get(id)?.prefix ?? "";
  const prefix = above + (edge?.label ?? "") + own;
  return node.path.startsWith(prefix) ? prefix : above;
}

/** @param {Node} node @param {string} above @param {string} prefix @returns {Row} */
function operationRow(node, above, prefix) {
  const key = `${above}/${node.id}`;
  const needs = targets(node, "depends");
  const reads = targets(node, "reads");
  const returns = targets(node, "returns");
  /** @type {Row} */
  const row = { key, node, depth: 0, label: prefix };
  if (needs.length + reads.length + returns.length > 0) {
    row.children = () => [
      ...needs.map((need) => dependencyRow(need, key, [])),
      ...reads.map((schema) => leaf(schema, key, "reads")),
      ...returns.map((schema) => leaf(schema, key, "returns")),
    ];
  }
  return row;
}

/** @param {Node} node @param {string} above @param {string[]} path @returns {Row} */
function dependencyRow(node, above, path) {
  const key = `${above}/${node.id}`;
  const inner = path.includes(node.id) ? [] : targets(node, "depends");
  /** @type {Row} */
  const row = { key, node, depth: 0, role: "depends on" };
  if (inner.length > 0) row.children = () => inner.map((need) => dependencyRow(need, key, [...path, node.id]));
  return row;
}

/** @param {Node} node @param {string} above @param {string} role @returns {Row} */
function leaf(node, above, role) {
  return { key: `${above}/${role}-${node.id}`, node, depth: 0, role };
}

/** A dependency or schema with those that use it. @param {Node} node @param {Node[]} shown @returns {Row} */
function thingRow(node, shown) {
  const key = `/${node.id}`;
  const isSchema = node.kind === "schema";
  const inner = isSchema ? [] : targets(node, "depends");
  /** @type {Row} */
  const row = { key, node, depth: 0, count: shown.length };
  if (shown.length + inner.length + (node.fields?.length ?? 0) > 0) {
    row.children = () => [
      ...inner.map((need) => dependencyRow(need, key, [node.id])),
      ...(node.fields ?? []).map((/** @type {any} */ field) => ({
        key: `${key}/.${field.name}`,
        label: `${field.name}${field.required ? "" : "?"}: ${field.type ?? "…"}`,
        depth: 0,
      })),
      ...shown.map((user) => leaf(user, key, isSchema ? relation(user, node) : "used by")),
    ];
  }
  return row;
}

/** @param {Node} operation @param {Node} schema */
function relation(operation, schema) {
  const edges = (outgoing.get(operation.id) ?? []).filter((edge) => edge.to === schema.id);
  return edges.some((edge) => edge.kind === "returns") ? "returned by" : "read by";
}

/** @param {Row} row */
function isUnfolded(row) {
  const isGroup = row.node?.kind === "app" || row.node?.kind === "router";
  const isThing = state.tab !== "routes" && row.depth === 0;
  const usual = isGroup ? state.usual || isFiltered() || row.node?.kind === "app" : isThing && state.open;
  return usual !== state.turned.has(row.key);
}

/** Rows that are shown, from the top. */
function unfold() {
  const passing = new Set(operations.filter(passesFilters).map((node) => node.id));
  /** @type {Row[]} */
  const rows = [];
  /** @param {Row[]} list @param {number} depth */
  const visit = (list, depth) => {
    list.forEach((row, i) => {
      rows.push(Object.assign(row, { depth, place: i + 1, of: list.length }));
      if (row.children && isUnfolded(row)) visit(row.children(), depth + 1);
    });
  };
  const top = roots(passing, tokens());
  visit(top, 0);
  state.rows = rows;
  const total = { routes: operations, dependencies, schemas }[state.tab]?.length ?? 0;
  const shown = state.tab === "routes" ? top.reduce((sum, row) => sum + (row.count ?? 1), 0) : top.length;
  const what = state.tab === "routes" ? "path operations" : state.tab;
  byId("shown").textContent = shown === total ? `${number(total)} ${what}` : `${number(shown)} of ${number(total)} ${what}`;
}

/** @param {number} value */
function number(value) {
  return value.toLocaleString("en");
}

// --- The tree --------------------------------------------------------------------------------------------------------

/** @param {string} tag @param {Record<string, any>} properties @param {(Node | string | Element | null | undefined)[]} children */
function element(tag, properties = {}, ...children) {
  const made = document.createElement(tag);
  for (const [name, value] of Object.entries(properties)) {
    if (name.startsWith("on")) made.addEventListener(name.slice(2), value);
    else if (value !== undefined) made.setAttribute(name === "className" ? "class" : name, value);
  }
  for (const child of children) if (child) made.append(/** @type {any} */ (child));
  return made;
}

/** A path, what its routers add in a softer tone. @param {string} path @param {string} prefix */
function pathText(path, prefix = "") {
  const made = element("span", { className: "path" });
  const own = path.startsWith(prefix) ? path.slice(prefix.length) : path;
  if (own !== path) made.append(element("i", {}, prefix));
  for (const part of own.split(/(\{[^}]*\})/)) {
    if (part) made.append(part.startsWith("{") ? element("em", {}, part) : part);
  }
  return made;
}

/** @param {Node} node */
function badges(node) {
  return node.methods.map((/** @type {string} */ method) => element("span", { className: "method", "data-tone": tone(method) }, method));
}

/** @param {Node} node */
function notes(node) {
  const all = [
    [node.fails, "fails when it is imported"],
    [node.conditional, "conditional"],
    [node.deprecated, "deprecated"],
    [node.include_in_schema === false, "hidden"],
    [node.yields, "yields"],
  ];
  return all.filter(([holds]) => holds).map(([, word]) => element("span", { className: "note" }, word));
}

/** @param {Node} node */
function icon(node) {
  return element("span", { className: `icon ${node.kind}`, "data-tone": node.kind, "aria-hidden": "true" });
}

/** What a node is called, in a row or a link. @param {Node} node @param {string} prefix */
function caption(node, prefix = "") {
  if (node.kind === "operation") {
    return [...badges(node), element("span", { className: "text" }, pathText(node.path, prefix)), ...notes(node)];
  }
  const name = node.kind === "router" ? (node.name.split(":").pop() ?? node.name) : node.name;
  return [icon(node), element("span", { className: "text code" }, name), ...notes(node)];
}

/** @param {Row} row */
function rowContent(row) {
  const { node } = row;
  if (!node) return [element("span", { className: "text code" }, row.label)];
  const parts = caption(node, node.kind === "operation" ? row.label : "");
  if (node.kind === "router" && row.label) parts.splice(1, 0, element("span", { className: "text" }, pathText(row.label)));
  const meta = row.role ?? (row.count === undefined ? node.name : number(row.count));
  return [...parts, element("span", { className: "meta" }, meta)];
}

function renderRows() {
  const tree = byId("tree");
  const rows = byId("rows");
  const first = Math.max(0, Math.floor(tree.scrollTop / ROW) - BEYOND);
  const last = Math.min(state.rows.length, Math.ceil((tree.scrollTop + tree.clientHeight) / ROW) + BEYOND);
  const shown = [];
  for (let i = first; i < last; i += 1) shown.push(renderRow(i));
  rows.replaceChildren(...shown);
  rows.style.height = `${state.rows.length * ROW}px`;
  if (state.rows.length === 0) rows.append(element("p", { className: "empty" }, "Nothing fits."));
  const isDrawn = state.current >= first && state.current < last;
  if (isDrawn) tree.setAttribute("aria-activedescendant", `row-${state.current}`);
  else tree.removeAttribute("aria-activedescendant");
}

/** @param {number} i */
function renderRow(i) {
  const row = /** @type {Row & {place: number, of: number}} */ (state.rows[i]);
  const made = element(
    "div",
    {
      className: "row",
      id: `row-${i}`,
      role: "treeitem",
      "aria-level": row.depth + 1,
      "aria-posinset": row.place,
      "aria-setsize": row.of,
      "aria-selected": String(i === state.current),
      "aria-expanded": row.children ? String(isUnfolded(row)) : undefined,
      style: `top:${i * ROW}px;padding-left:${12 + row.depth * 18}px`,
      title: row.node?.file ? `${row.node.name}\n${row.node.file}:${row.node.line}` : undefined,
      onclick: (/** @type {MouseEvent} */ event) => {
        const onTwisty = /** @type {Element} */ (event.target).className === "twisty";
        if (onTwisty || (i === state.current && event.detail === 1)) turn(i);
        go(i);
      },
    },
    element("span", { className: "twisty", "aria-hidden": "true" }),
    ...rowContent(row),
  );
  return made;
}

/** Unfolds or folds a row. @param {number} i */
function turn(i) {
  const row = state.rows[i];
  if (!row?.children) return;
  if (!state.turned.delete(row.key)) state.turned.add(row.key);
  const { key } = row;
  unfold();
  state.current = Math.max(0, state.rows.findIndex((each) => each.key === key));
  renderRows();
}

/** Makes a row the current one, in view, and shows what is known of it. @param {number} i */
function go(i) {
  if (state.rows.length === 0) return;
  state.current = Math.min(Math.max(i, 0), state.rows.length - 1);
  const tree = byId("tree");
  const top = state.current * ROW;
  if (top < tree.scrollTop) tree.scrollTop = top;
  if (top + ROW > tree.scrollTop + tree.clientHeight) tree.scrollTop = top + ROW - tree.clientHeight;
  renderRows();
  const node = state.rows[state.current]?.node;
  if (node) show(node);
}

/** @param {KeyboardEvent} event */
function onTreeKey(event) {
  const row = state.rows[state.current];
  const page = Math.max(1, Math.floor(byId("tree").clientHeight / ROW) - 1);
  /** @type {Record<string, () => void>} */
  const keys = {
    ArrowDown: () => go(state.current + 1),
    ArrowUp: () => go(state.current - 1),
    PageDown: () => go(state.current + page),
    PageUp: () => go(state.current - page),
    Home: () => go(0),
    End: () => go(state.rows.length - 1),
    ArrowRight: () => (row?.children && !isUnfolded(row) ? turn(state.current) : row?.children && go(state.current + 1)),
    ArrowLeft: () => (row?.children && isUnfolded(row) ? turn(state.current) : goUp()),
    " ": () => turn(state.current),
    Enter: () => byId("detail").focus(),
  };
  const act = keys[event.key];
  if (!act || event.ctrlKey || event.metaKey || event.altKey) return;
  event.preventDefault();
  act();
}

function goUp() {
  const depth = state.rows[state.current]?.depth ?? 0;
  for (let i = state.current - 1; i >= 0; i -= 1) {
    if ((state.rows[i]?.depth ?? 0) < depth) {
      go(i);
      return;
    }
  }
}
