import { execFileSync } from "node:child_process";
import { join } from "node:path";
import { test } from "node:test";
import { extensionFolder } from "./paths";

test("the settings in package.json are those that the server's code declares", () => {
  execFileSync(process.execPath, [join(extensionFolder, "scripts", "settings.mjs"), "--check"], { stdio: "pipe" });
});
