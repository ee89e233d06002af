// Bundles the extension into dist/extension.js, and beside it the licences of what went into the bundle; with --tests
// also the tests, one bundle for each file.
import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { argv } from "node:process";
import { build } from "esbuild";

const folder = join(import.meta.dirname, "..");

/** @type {import("esbuild").BuildOptions} */
const common = {
  absWorkingDir: folder,
  bundle: true,
  platform: "node",
  target: "node20",
  format: "cjs",
  logLevel: "warning",
};

/** @param {string} name a package's folder below node_modules @returns {string} */
function licence(name) {
  const place = join(folder, "node_modules", name);
  const file = readdirSync(place).find((each) => /^licen[cs]e/i.test(each));
  if (file === undefined) throw new Error(`${name} comes without the text of its licence`);
  return `${name}\n\n${readFileSync(join(place, file), "utf8").trim()}\n`;
}

const { metafile } = await build({
  ...common,
  entryPoints: ["src/extension.ts"],
  outfile: "dist/extension.js",
  external: ["vscode"],
  minify: true,
  legalComments: "none",
  metafile: true,
});

const packages = Object.keys(metafile.inputs).flatMap((input) => {
  const name = /.*node_modules\/((?:@[^/]+\/)?[^/]+)/.exec(input)?.[0];
  return name === undefined ? [] : [name.replace(/^node_modules\//, "")];
});
const notices = [...new Set(packages)].sort().map(licence).join(`\n${"-".repeat(80)}\n\n`);
writeFileSync(join(folder, "dist", "third-party-licences.txt"), notices);

if (argv.includes("--tests")) {
  const tests = readdirSync(join(folder, "test")).filter((name) => name.endsWith(".test.ts"));
  await build({
    ...common,
    entryPoints: tests.map((name) => join("test", name)),
    outdir: "dist/test",
    external: ["vscode"],
    sourcemap: "inline",
  });
}
