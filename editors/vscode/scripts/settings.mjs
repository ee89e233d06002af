// Writes the settings of package.json: the server's, out of docs/settings.schema.json, and the few that belong to this client. With --check it writes nothing and fails when they differ.
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { argv, exit, stderr } from "node:process";

const folder = join(import.meta.dirname, "..");
const schemaFile = join(folder, "..", "..", "docs", "settings.schema.json");
const manifestFile = join(folder, "package.json");

/** @typedef {Record<string, unknown> & { properties?: Record<string, Schema>, $ref?: string }} Schema */

/** What only this client reads; the server never sees them (see src/settings.ts). */
const clientSettings = {
  "routewright.path": {
    type: "string",
    default: "",
    scope: "machine-overridable",
    markdownDescription:
      "The program to start: an absolute path, which may begin with `~` or `${workspaceFolder}`. Empty: the one that comes with this extension, or else the `routewright` on `PATH`.",
  },
  "routewright.trace.server": {
    type: "string",
    enum: ["messages", "verbose"],
    default: "messages",
    scope: "window",
    markdownDescription:
      "How much of the protocol is written to the output channel while its log level is *Trace* (command *Developer: Set Log Level…*).",
  },
};

/** @param {Schema} schema @param {Schema} root @returns {Schema} the schema with its local references filled in */
function resolved(schema, root) {
  if (schema.$ref === undefined) return schema;
  const { $ref, ...rest } = schema;
  /** @type {unknown} */
  let target = root;
  for (const step of $ref.replace(/^#\//, "").split("/")) {
    target = /** @type {Record<string, unknown> | undefined} */ (target)?.[step];
  }
  if (target === undefined) throw new Error(`${$ref} is not in the schema`);
  return { ...resolved(/** @type {Schema} */ (target), root), ...rest };
}

/** @param {unknown} value @param {Schema} root @returns {unknown} */
function inlined(value, root) {
  if (Array.isArray(value)) return value.map((/** @type {unknown} */ each) => inlined(each, root));
  if (typeof value !== "object" || value === null) return value;
  const schema = resolved(/** @type {Schema} */ (value), root);
  return Object.fromEntries(Object.entries(schema).map(([key, each]) => [key, inlined(each, root)]));
}

/** @param {Schema} setting @returns {Record<string, unknown>} a setting as VS Code shows it */
function contributed({ description, ...rest }) {
  return { ...rest, scope: "resource", ...(description === undefined ? {} : { markdownDescription: description }) };
}

/** @param {Schema} schema @param {string} prefix @param {Schema} root @returns {[string, Record<string, unknown>][]} */
function settingsOf(schema, prefix, root) {
  return Object.entries(schema.properties ?? {}).flatMap(([key, each]) => {
    const setting = /** @type {Schema} */ (inlined(each, root));
    const name = `${prefix}.${key}`;
    return setting.properties === undefined ? [[name, contributed(setting)]] : settingsOf(setting, name, root);
  });
}

/** @param {string} text @returns {unknown} */
function parsed(text) {
  return JSON.parse(text);
}

const schema = /** @type {Schema} */ (parsed(readFileSync(schemaFile, "utf8")));
const before = readFileSync(manifestFile, "utf8");
const manifest = /** @type {{ contributes: Record<string, unknown> }} */ (parsed(before));
manifest.contributes["configuration"] = {
  title: "Routewright",
  properties: { ...clientSettings, ...Object.fromEntries(settingsOf(schema, "routewright", schema)) },
};
const after = `${JSON.stringify(manifest, null, 2)}\n`;

if (!argv.includes("--check")) {
  writeFileSync(manifestFile, after);
} else if (after !== before) {
  stderr.write("the settings in package.json are not those of docs/settings.schema.json: npm run settings\n");
  exit(1);
}
