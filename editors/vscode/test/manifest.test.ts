import { execFileSync } from "node:child_process";
import { join } from "node:path";
import { test } from "node:test";
import { extensionFolder } from "./paths";

test("the settings in package.json are those of the server's schema", () => {
  execFileSync(process.execPath, [join(extensionFolder, "scripts", "settings.mjs"), "--check"], { stdio: "pipe" });
});
