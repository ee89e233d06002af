import assert from "node:assert/strict";
import { suite, test } from "node:test";
import { explicitSettings, type Levels, serverKeys } from "../src/settings";

function settings(values: Record<string, Levels>) {
  return explicitSettings(Object.keys(values), (key) => values[key]);
}

suite("the server's settings", () => {
  test("a default is not sent: it would override the project's own file", () => {
    assert.deepEqual(settings({ select: { defaultValue: ["all"] } as Levels, ignore: {} }), {});
    assert.deepEqual(explicitSettings(["unknown"], () => undefined), {});
  });

  test("the most specific level decides", () => {
    const select = { globalValue: ["a"], workspaceValue: ["b"], workspaceFolderValue: ["c"] };
    assert.deepEqual(settings({ select }), { select: ["c"] });
    assert.deepEqual(settings({ select: { globalValue: ["a"], workspaceValue: [] } }), { select: [] });
    assert.deepEqual(settings({ flag: { globalValue: true, workspaceValue: false } }), { flag: false });
  });

  test("tables are merged key by key", () => {
    const severity = { globalValue: { x: "error", y: "hint" }, workspaceValue: { y: "off" } };
    assert.deepEqual(settings({ severity }), { severity: { x: "error", y: "off" } });
  });

  test("a dotted key becomes a tree", () => {
    const values = { "style.quotes": { globalValue: "single" }, "style.naming": { workspaceValue: null } };
    assert.deepEqual(settings(values), { style: { quotes: "single", naming: null } });
  });

  test("the client's own settings are not the server's", () => {
    const properties = { "routewright.path": {}, "routewright.trace.server": {}, "routewright.select": {} };
    assert.deepEqual(serverKeys({ contributes: { configuration: { properties } } }), ["select"]);
  });
});
