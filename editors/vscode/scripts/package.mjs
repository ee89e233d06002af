// Packages the extension with the server in it: node scripts/package.mjs [--binary FILE] [--target T] [--out FILE].
// The binary is the release build of this repository unless another is named.
import { execFileSync } from "node:child_process";
import { chmodSync, copyFileSync, mkdirSync, rmSync } from "node:fs";
import { join, resolve } from "node:path";
import { arch, execPath, platform } from "node:process";
import { parseArgs } from "node:util";
import { createVSIX } from "@vscode/vsce";

const folder = join(import.meta.dirname, "..");
const name = platform === "win32" ? "routewright.exe" : "routewright";
const { values } = parseArgs({
  options: {
    binary: { type: "string", default: join(folder, "..", "..", "target", "release", name) },
    target: { type: "string", default: `${platform}-${arch}` },
    out: { type: "string", default: folder },
  },
});

execFileSync(execPath, [join(folder, "scripts", "build.mjs")], { stdio: "inherit" });
rmSync(join(folder, "bin"), { recursive: true, force: true });
mkdirSync(join(folder, "bin"));
copyFileSync(resolve(values.binary), join(folder, "bin", name));
chmodSync(join(folder, "bin", name), 0o755);
await createVSIX({ cwd: folder, target: values.target, packagePath: resolve(values.out), dependencies: false });
