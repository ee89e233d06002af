// The settings that the server gets: only what somebody has set. A default that VS Code fills in must not go along,
// because the editor's settings win over the project's own pyproject.toml or routewright.toml.

/** What only this client reads. */
const OWN = new Set(["path", "trace.server"]);

/** One setting at each level at which VS Code knows it (`WorkspaceConfiguration.inspect`). */
export interface Levels {
  globalValue?: unknown;
  workspaceValue?: unknown;
  workspaceFolderValue?: unknown;
}

/** A tree of settings, as the server reads it. */
export type SettingsTree = Record<string, unknown>;

/** The keys of the server's settings, without the leading `routewright.`, out of this extension's package.json. */
export function serverKeys(manifest: unknown): string[] {
  const { contributes } = manifest as { contributes: { configuration: { properties: Record<string, unknown> } } };
  return Object.keys(contributes.configuration.properties)
    .map((name) => name.replace(/^routewright\./, ""))
    .filter((key) => !OWN.has(key));
}

/** What is set, as a tree: `{"style": {"quotes": "double"}}` for the key `style.quotes`. */
export function explicitSettings(keys: string[], inspect: (key: string) => Levels | undefined): SettingsTree {
  const tree: SettingsTree = {};
  for (const key of keys) {
    const value = explicitValue(inspect(key) ?? {});
    if (value !== undefined) plant(tree, key.split("."), value);
  }
  return tree;
}

/** The most specific level decides; tables are merged key by key, as VS Code itself merges them. */
function explicitValue({ globalValue, workspaceValue, workspaceFolderValue }: Levels): unknown {
  return [globalValue, workspaceValue, workspaceFolderValue]
    .filter((value) => value !== undefined)
    .reduce<unknown>((below, above) => (isTable(below) && isTable(above) ? { ...below, ...above } : above), undefined);
}

function isTable(value: unknown): value is SettingsTree {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function plant(tree: SettingsTree, [head, ...rest]: string[], value: unknown): void {
  if (head === undefined) return;
  if (rest.length === 0) {
    tree[head] = value;
    return;
  }
  const branch = isTable(tree[head]) ? tree[head] : {};
  tree[head] = branch;
  plant(branch, rest, value);
}
