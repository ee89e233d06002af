import assert from "node:assert/strict";
import { homedir } from "node:os";
import { delimiter, join } from "node:path";
import { suite, test } from "node:test";
import { findBinary, isExecutable, type Surroundings } from "../src/binary";

function surroundings(programs: string[], more: Partial<Surroundings> = {}): Surroundings {
  return {
    setting: "",
    extensionFolder: "/extension",
    workspaceFolder: "/project",
    searchPath: ["relative", "/usr/bin", "/opt/bin"].join(delimiter),
    isExecutable: (file) => programs.includes(file),
    ...more,
  };
}

const bundled = "/extension/bin/routewright";

suite("the program to start", () => {
  test("the setting wins over the bundled program, and that over PATH", () => {
    const all = ["/mine/routewright", bundled, "/usr/bin/routewright"];
    assert.deepEqual(findBinary(surroundings(all, { setting: "/mine/routewright" })), {
      found: true,
      file: "/mine/routewright",
      origin: "setting",
    });
    assert.deepEqual(findBinary(surroundings(all)), { found: true, file: bundled, origin: "bundled" });
    assert.deepEqual(findBinary(surroundings(["/opt/bin/routewright"])), {
      found: true,
      file: "/opt/bin/routewright",
      origin: "PATH",
    });
  });

  test("a setting that names no program is an error, not a reason to start another", () => {
    const found = findBinary(surroundings([bundled], { setting: "/gone/routewright" }));
    assert.deepEqual(found, { found: false, why: "routewright.path names no program: /gone/routewright" });
    assert.equal(findBinary(surroundings([bundled], { setting: "bin/routewright" })).found, false);
  });

  test("the setting may begin with the home or the workspace folder", () => {
    const home = join(homedir(), "bin/routewright");
    assert.equal(findBinary(surroundings([home], { setting: "~/bin/routewright" })).found, true);
    const local = surroundings(["/project/.venv/bin/routewright"], {
      setting: "${workspaceFolder}/.venv/bin/routewright",
    });
    assert.equal(findBinary(local).found, true);
    assert.equal(findBinary({ ...local, workspaceFolder: undefined }).found, false);
  });

  test("a relative entry of PATH is never searched", () => {
    assert.equal(findBinary(surroundings(["relative/routewright", "routewright"])).found, false);
  });

  test("a folder or a plain file is not a program", () => {
    assert.equal(isExecutable(process.execPath), true);
    assert.equal(isExecutable(__dirname), false);
    assert.equal(isExecutable(__filename), false);
  });
});
