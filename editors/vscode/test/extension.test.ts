// The whole extension as it is shipped: packaged, unpacked, loaded and activated against a stand-in for the editor,
// with the real server behind it.
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { cpSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import Module from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, suite, test } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import { extensionFolder, repository } from "./paths";
import { CancellationTokenSource, type CodeAction, type Document, Editor, type Hover, Range, SnippetTextEdit } from "./vscode";
import { packagedInto } from "./vsix";

interface Extension {
  activate(context: object): Promise<void>;
  deactivate(): Promise<void>;
}

interface Loader {
  _load(request: string, ...rest: unknown[]): unknown;
}

const TIMEOUT = 30_000;
const token = new CancellationTokenSource().token;
const folder = mkdtempSync(join(tmpdir(), "routewright-"));
const project = join(folder, "project");
const installed = join(folder, "extension");

/** Load the bundle with `vscode` standing for the given editor. */
function load(editor: Editor): Extension {
  const loader = Module as unknown as Loader;
  const original = loader._load.bind(loader);
  const vscode = editor.module();
  loader._load = (request, ...rest) => (request === "vscode" ? vscode : original(request, ...rest));
  try {
    return original(join(installed, "dist", "extension.js"), module, false) as Extension;
  } finally {
    loader._load = original;
  }
}

async function until<T>(what: string, condition: () => T | undefined): Promise<T> {
  const end = Date.now() + TIMEOUT;
  while (Date.now() < end) {
    const value = condition();
    if (value !== undefined) return value;
    await sleep(20);
  }
  throw new Error(`waited in vain for ${what}`);
}

suite("the packaged extension", () => {
  const editor = new Editor(project);
  const subscriptions: { dispose(): unknown }[] = [];
  let modes: Map<string, number>;
  let extension: Extension;

  before(async () => {
    cpSync(join(repository, "tests", "editors", "shop"), project, { recursive: true });
    modes = await packagedInto(folder);
    extension = load(editor);
    const packageJSON: unknown = JSON.parse(readFileSync(join(installed, "package.json"), "utf8"));
    await extension.activate({ subscriptions, extensionPath: installed, extension: { packageJSON } });
  });

  after(async () => {
    await extension.deactivate();
    for (const each of subscriptions) each.dispose();
    rmSync(folder, { recursive: true });
  });

  function provider<P>(kind: string): Promise<P> {
    return until(`the provider of ${kind}`, () => editor.providers.get(kind) as P | undefined);
  }

  test("carries the bundle, the server, the settings and nothing else", () => {
    assert.deepEqual(
      [...modes.keys()].filter((name) => name.startsWith("extension/")).sort(),
      [
        "extension/LICENSE.md",
        "extension/bin/routewright",
        "extension/changelog.md",
        "extension/dist/extension.js",
        "extension/dist/third-party-licences.txt",
        "extension/icons/icon.png",
        "extension/package.json",
        "extension/readme.md",
      ].sort(),
    );
    const manifest = readFileSync(join(installed, "package.json"), "utf8");
    assert.match(manifest, /"routewright\.path"/);
    assert.match(readFileSync(join(folder, "extension.vsixmanifest"), "utf8"), /TargetPlatform="linux-x64"/);
  });

  test("carries a server that can be run", () => {
    assert.equal(modes.get("extension/bin/routewright"), 0o755);
    const version = execFileSync(join(installed, "bin", "routewright"), ["--version"], { encoding: "utf8" });
    assert.match(version, /^routewright \d+\.\d+\.\d+/);
  });

  test("starts that server and says so", async () => {
    await until("the server", () => (editor.context.get("routewright.running") === true ? true : undefined));
    assert.match(editor.status.tooltip, /^Routewright .*is running$/);
    assert.ok(editor.log.includes(`starting ${join(installed, "bin", "routewright")} (bundled)`));
  });

  test("registers every command that its manifest names", () => {
    const { contributes } = JSON.parse(readFileSync(join(extensionFolder, "package.json"), "utf8")) as {
      contributes: { commands: { command: string }[] };
    };
    const missing = contributes.commands.map(({ command }) => command).filter((name) => !editor.commands.has(name));
    assert.deepEqual(missing, []);
  });

  test("shows a mistake", async () => {
    const document = editor.open("app/routers/orders.py");
    const found = await until("a diagnostic", () => editor.diagnostics.get(document.uri.toString())?.[0]);
    assert.equal(found.range.start.line, document.find('"latest"').line);
    assert.equal(found.source, "routewright");
  });

  test("hovers over a path operation with its full path", async () => {
    const document = editor.open("app/routers/items.py");
    const hovers = await provider<{ provideHover(...args: unknown[]): Promise<Hover> }>("Hover");
    const hover = await hovers.provideHover(document, document.find('get("/{item_id}")'), token);
    assert.match(JSON.stringify(hover.contents), /\/api\/items\/\{item_id\}/);
  });

  test("inserts an endpoint with tab stops, the same text as everywhere else", async () => {
    const document = editor.open("app/routers/items.py");
    const edits = await insertion(document, "Insert endpoint: DELETE /items/{item_id} (delete item)");
    assert.ok(edits.some((edit) => edit instanceof SnippetTextEdit));
    const expected = readFileSync(join(repository, "tests", "editors", "shop_items_inserted.py"), "utf8");
    assert.equal(document.after(edits), expected);
  });

  async function insertion(document: Document, title: string) {
    const actions = await provider<{
      provideCodeActions(...args: unknown[]): Promise<CodeAction[]>;
      resolveCodeAction(...args: unknown[]): Promise<CodeAction>;
    }>("CodeActions");
    const start = document.find('get("/{item_id}")');
    const context = { diagnostics: [], triggerKind: "Invoke", only: undefined };
    const offered = await actions.provideCodeActions(document, new Range(start, start), context, token);
    const chosen = offered.find((action) => action.title === title);
    assert.ok(chosen, `“${title}” is not among: ${offered.map((action) => action.title).join(", ")}`);
    const resolved = chosen.edit === undefined ? await actions.resolveCodeAction(chosen, token) : chosen;
    return resolved.edit?.edits.get(document.uri.toString()) ?? [];
  }

  test("leads from the list of routes to the function", async () => {
    editor.pick = (label) => label === "GET /api/items/{item_id}";
    await editor.commands.get("routewright.showRoutes")?.();
    assert.equal(editor.shown?.uri.fsPath, join(project, "app", "routers", "items.py"));
    const source = readFileSync(editor.shown.uri.fsPath, "utf8").split("\n");
    assert.match(source[editor.shown.line - 1] ?? "", /^def read_item/);
  });

  test("asks for a router, says what comes of each name, and lets the new files be looked at", async () => {
    const add = editor.commands.get("routewright.addRouter");
    editor.typed.push("class");
    await add?.();
    assert.match(JSON.stringify(editor.remarks), /can't name/);
    assert.equal(editor.applied.length, 0);

    editor.remarks.length = 0;
    editor.typed.push("returns", "/returns");
    await add?.();
    assert.match(JSON.stringify(editor.remarks.at(-1)), /creates app\/routers\/returns\.py/);
    const made = [...(editor.applied.at(-1)?.made ?? [])].filter(([uri]) => uri.endsWith("/routers/returns.py"));
    assert.deepEqual(made.map(([, isLookedAt]) => isLookedAt), [true]);
  });

  test("does nothing where the user lets it be", async () => {
    const before = editor.applied.length;
    editor.pick = () => false;
    for (const name of ["Resource", "Router", "Auth"]) await editor.commands.get(`routewright.add${name}`)?.();
    assert.equal(editor.applied.length, before);
  });

  test("restarts on command, and stops", async () => {
    await editor.commands.get("routewright.restartServer")?.();
    await until("the server", () => (editor.context.get("routewright.running") === true ? true : undefined));
    await extension.deactivate();
    assert.equal(editor.context.get("routewright.running"), false);
    assert.equal(editor.status.tooltip, "Routewright is stopped");
  });

  test("says why it can't start the program that is set", async () => {
    editor.settings.set("routewright.path", "/nowhere/routewright");
    const again = load(editor);
    editor.commands.clear();
    await again.activate({ subscriptions: [], extensionPath: installed, extension: { packageJSON: manifest() } });
    assert.match(editor.status.tooltip, /routewright\.path names no program/);
    await again.deactivate();
  });

  function manifest(): unknown {
    return JSON.parse(readFileSync(join(installed, "package.json"), "utf8"));
  }
});
