"use strict";

// What is known of the selected node, and its picture.

/* global LINKS, badges, byId, caption, element, incoming, nodes, notes, number, operations, outgoing, pathText, renderRows */
/* global showInTree, sources, state, targets, unique, users */

/** Sizes of the picture, in pixels. */
const BOX = { width: 158, height: 42, across: 40, down: 10, most: 9 };

/** @param {any} node */
function show(node) {
  if (state.selected === node.id) return;
  state.selected = node.id;
  const parts = { operation: operationParts, router: routerParts, app: routerParts, dependency: dependencyParts, schema: schemaParts };
  const detail = byId("detail");
  const below = /** @type {Record<string, (node: any) => any[]>} */ (parts)[node.kind](node).flat();
  detail.replaceChildren(...[heading(node), about(node), way(node), picture(node), ...below].filter(Boolean));
  detail.scrollTop = 0;
  try {
    history.replaceState(null, "", `#${node.id}`);
  } catch {
    // A page that is shown from memory has no address of its own.
  }
}

/** @param {any} node */
function heading(node) {
  const isOperation = node.kind === "operation";
  const text = isOperation ? pathText(node.path) : element("span", { className: "code" }, node.name);
  return element("h2", {}, ...(isOperation ? badges(node) : []), text, ...notes(node));
}

/** @param {any} node */
function about(node) {
  const kinds = { schema: node.schema, dependency: node.callable, operation: null, router: "router", app: node.entry ? "app, the entry point" : "app" };
  const words = [
    /** @type {Record<string, string | null>} */ (kinds)[node.kind],
    node.kind === "operation" ? element("b", { className: "code" }, node.endpoint ?? node.name) : null,
    node.kind === "dependency" || node.kind === "schema" ? element("span", { className: "code" }, node.qualname) : null,
    node.file ? element("span", { className: "code" }, `${node.file}:${node.line}`) : null,
    node.fails ?? null,
    ...(node.tags ?? []).map((/** @type {string} */ tag) => element("span", { className: "note" }, tag)),
  ];
  return element("p", { className: "about" }, ...words.map((word) => (typeof word === "string" ? element("span", {}, word) : word)));
}

/** The way from the app to an operation. @param {any} node */
function way(node) {
  if (node.kind !== "operation" || node.chain.length === 0) return null;
  const steps = node.chain.map((/** @type {string} */ id) => {
    const step = nodes.get(id);
    const [name, sub] = boxTexts(step);
    return element("li", {}, element("button", { type: "button", title: step?.name, onclick: () => showInTree(step) }, name, element("span", {}, sub)));
  });
  return element("ol", { className: "way", "aria-label": "Routers" }, ...steps);
}

/** @param {any} node */
function operationParts(node) {
  const answer = [
    node.status_code === null ? null : ["Status", String(node.status_code)],
    node.response_model === null ? null : ["Model", node.response_model],
    node.security.length === 0 ? null : ["Security", node.security.join(", ")],
  ];
  return [
    table("Parameters", ["Name", "In", "Type", ""], node.parameters.map(parameterRow)),
    table("Answer", null, answer.filter(Boolean)),
    links("Depends on", targets(node, "depends")),
    links("Reads", targets(node, "reads")),
    links("Returns", targets(node, "returns")),
  ];
}

/** @param {any} parameter */
function parameterRow(parameter) {
  return [parameter.name, parameter.in, parameter.type ?? "", parameter.required ? "required" : ""];
}

/** @param {any} node */
function routerParts(node) {
  const below = operations.filter((operation) => operation.chain.includes(node.id));
  const prefix = node.prefix ? [["Prefix", node.prefix]] : [];
  const included = (incoming.get(node.id) ?? []).map((edge) => ["Included by", `${nodes.get(edge.from)?.name}${edge.label ? ` at ${edge.label}` : ""}`]);
  return [table("Router", null, [...prefix, ...included]), links("Includes", targets(node, "includes")), links("Path operations", below)];
}

/** @param {any} node */
function dependencyParts(node) {
  const overrides = node.overrides.map((/** @type {any} */ it) => [it.replacement, it.within ?? "", `${it.file}:${it.line}`]);
  return [
    table("Parameters", ["Name", "In", "Type", ""], node.parameters.map(parameterRow)),
    links("Depends on", targets(node, "depends")),
    links("Used by", unique(users.get(node.id) ?? [])),
    table("Overridden", ["By", "Within", "At"], overrides),
  ];
}

/** @param {any} node */
function schemaParts(node) {
  return [
    table("Fields", ["Name", "Type", ""], [...node.fields.map((/** @type {any} */ field) => fieldRow(field, field.required ? "required" : "")), ...node.computed.map((/** @type {any} */ field) => fieldRow(field, "computed"))]),
    table("Configuration", null, Object.entries(node.config)),
    table("Validators", null, node.validators.map((/** @type {any} */ it) => [it.name, it.fields.join(", ") || it.decorator])),
    links("Inherits from", targets(node, "inherits")),
    links("Has", targets(node, "has")),
    links("Inherited by", sources(node, "inherits")),
    links("Held by", sources(node, "has")),
    links("Returned by", sources(node, "returns")),
    links("Read by", sources(node, "reads")),
    links("Returned within another", node.returned_within.map((/** @type {string} */ id) => nodes.get(id))),
    links("Read within another", node.read_within.map((/** @type {string} */ id) => nodes.get(id))),
  ];
}

/** @param {any} field @param {string} mark */
function fieldRow(field, mark) {
  const marks = [mark, field.alias ? `alias ${field.alias}` : "", field.relationship ? "relationship" : "", field.discriminator ? `by ${field.discriminator}` : ""];
  return [field.name, field.type ?? "", marks.filter(Boolean).join(", ")];
}

/** @param {string} title @param {string[] | null} heads @param {string[][]} rows */
function table(title, heads, rows) {
  if (rows.length === 0) return [];
  const isName = (/** @type {number} */ i) => (heads ? i !== 1 || heads[1] !== "In" : i === 1);
  const body = rows.map((row) =>
    element("tr", {}, ...row.map((cell, i) => element(heads || i > 0 ? "td" : "th", isName(i) ? { className: "code" } : {}, cell))),
  );
  const head = heads && element("thead", {}, element("tr", {}, ...heads.map((text) => (text ? element("th", { scope: "col" }, text) : element("td", {})))));
  return [element("h3", {}, title), element("table", {}, head, element("tbody", {}, ...body))];
}

/** @param {string} title @param {any[]} list */
function links(title, list, most = LINKS) {
  if (list.length === 0) return [];
  const items = list.slice(0, most).map((node) =>
    element("li", {}, element("button", { type: "button", onclick: () => showInTree(node) }, ...caption(node), element("span", { className: "meta" }, node.kind === "operation" ? node.name : ""))),
  );
  const made = element("ul", { className: "links" }, ...items);
  if (list.length > most) {
    const more = element("button", { type: "button" }, `${number(list.length - most)} more`);
    more.addEventListener("click", () => {
      const all = links(title, list, list.length)[1];
      if (all) made.replaceWith(all);
    });
    made.append(element("li", {}, more));
  }
  return [element("h3", {}, list.length > 1 ? `${title} (${number(list.length)})` : title), made];
}

// --- The picture -----------------------------------------------------------------------------------------------------

/** A node with what leads to it on its left, and what it leads to on its right. @param {any} center */
function picture(center) {
  const columns = [leadingTo(center), [center], ...rightOf(center)].filter((column) => column.length > 0);
  if (columns.length < 2) return null;
  const at = placed(columns);
  const height = Math.max(...columns.map((column) => column.length)) * (BOX.height + BOX.down) - BOX.down;
  const width = columns.length * (BOX.width + BOX.across) - BOX.across;
  const drawing = shape("svg", { viewBox: `-1 -1 ${width + 2} ${height + 2}`, width: width + 2, height: height + 2, role: "group", "aria-label": "Picture" });
  // Never so small that it can't be read.
  drawing.style.minWidth = `${width * 0.62}px`;
  for (const [id, from] of at) {
    for (const edge of outgoing.get(id) ?? []) {
      const to = at.get(edge.to);
      // What leads to the center is there for that alone.
      const isShown = from.column >= at.get(center.id).column || to?.node === center;
      if (to && isShown && to.column > from.column) drawing.append(line(from, to));
    }
  }
  for (const place of at.values()) drawing.append(box(place, place.node === center));
  return element("div", { className: "picture" }, drawing);
}

/** @param {any} node */
function leadingTo(node) {
  if (node.kind === "operation") return node.chain.slice(-1).map((/** @type {string} */ id) => nodes.get(id));
  const above = node.kind === "router" ? sources(node, "includes") : sources(node, "depends", "reads", "returns", "has", "inherits");
  return shortened(unique(above));
}

/** Columns of what a node leads to, each thing once. @param {any} center */
function rightOf(center) {
  const seen = new Set([center.id, ...(center.chain ?? [])]);
  const columns = [];
  let column = [center];
  while (columns.length < 3) {
    const kinds = ["depends", "reads", "returns", "has", "inherits", "includes", ...(center.kind === "router" ? ["serves"] : [])];
    const next = unique(column.flatMap((node) => targets(node, ...kinds))).filter((node) => !seen.has(node.id));
    if (next.length === 0) break;
    column = shortened(next);
    column.forEach((node) => seen.add(node.id));
    columns.push(column);
  }
  return columns;
}

/** @param {any[]} list */
function shortened(list) {
  return list.slice(0, BOX.most);
}

/** @param {any[][]} columns */
function placed(columns) {
  const tallest = Math.max(...columns.map((column) => column.length));
  const at = new Map();
  columns.forEach((column, x) => {
    const top = ((tallest - column.length) * (BOX.height + BOX.down)) / 2;
    column.forEach((node, y) => {
      at.set(node.id, { node, column: x, x: x * (BOX.width + BOX.across), y: top + y * (BOX.height + BOX.down) });
    });
  });
  return at;
}

/** @param {string} tag @param {Record<string, any>} attributes */
function shape(tag, attributes) {
  const made = document.createElementNS("http://www.w3.org/2000/svg", tag);
  for (const [name, value] of Object.entries(attributes)) made.setAttribute(name, String(value));
  return made;
}

/** @param {{x: number, y: number}} from @param {{x: number, y: number}} to */
function line(from, to) {
  const [x1, y1, x2, y2] = [from.x + BOX.width, from.y + BOX.height / 2, to.x, to.y + BOX.height / 2];
  const bend = Math.max(20, (x2 - x1) / 2);
  return shape("path", { d: `M${x1} ${y1}C${x1 + bend} ${y1} ${x2 - bend} ${y2} ${x2} ${y2}` });
}

/** @param {{node: any, x: number, y: number}} place @param {boolean} isCenter */
function box({ node, x, y }, isCenter) {
  const [name, sub] = boxTexts(node);
  const group = shape("g", { transform: `translate(${x} ${y})`, "data-tone": toneOf(node), class: isCenter ? "center" : "", tabindex: 0, role: "button" });
  group.append(shape("rect", { width: BOX.width, height: BOX.height, rx: 8 }));
  for (const [text, most, top, style] of [[name, 17, 18, ""], [sub, 22, 33, "sub"]]) {
    const made = shape("text", { x: 11, y: top, class: style });
    made.textContent = cut(text, most);
    group.append(made);
  }
  const title = shape("title", {});
  title.textContent = `${name}\n${sub}`;
  group.append(title);
  group.addEventListener("click", () => showInTree(node));
  group.addEventListener("keydown", (event) => {
    if (/** @type {KeyboardEvent} */ (event).key === "Enter") showInTree(node);
  });
  return group;
}

/** @param {any} node */
function toneOf(node) {
  if (node.kind !== "operation") return node.kind;
  return badges(node)[0]?.getAttribute("data-tone") ?? "other";
}

/** @param {any} node */
function boxTexts(node) {
  switch (node.kind) {
    case "operation":
      return [node.name, node.path];
    case "dependency":
      return [node.name, node.yields ? "yields" : node.callable];
    case "schema":
      return [node.name, node.schema];
    default: {
      const [module, name] = node.name.split(":");
      return [name ?? module, node.prefix || module];
    }
  }
}

/** A text that fits a box; of a path the end says most. @param {string} text @param {number} most */
function cut(text, most) {
  if (text.length <= most) return text;
  return text.includes("/") ? `…${text.slice(1 - most)}` : `${text.slice(0, most - 1)}…`;
}
