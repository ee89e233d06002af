// Which program is the server: the one that is set, the one in this extension, or the one on PATH.
import { accessSync, constants, statSync } from "node:fs";
import { homedir } from "node:os";
import { delimiter, isAbsolute, join } from "node:path";

/** Everything that decides which program is started. */
export interface Surroundings {
  /** The setting `routewright.path`; empty when it isn't set. */
  setting: string;
  /** Where this extension is installed. */
  extensionFolder: string;
  /** The first workspace folder, for `${workspaceFolder}`. */
  workspaceFolder: string | undefined;
  /** The variable PATH. */
  searchPath: string;
  isExecutable: (file: string) => boolean;
}

export type Binary =
  | { found: true; file: string; origin: "setting" | "bundled" | "PATH" }
  | { found: false; why: string };

const NAME = process.platform === "win32" ? "routewright.exe" : "routewright";

/** A setting that names no program is an error: starting another one in its place would hide it. */
export function findBinary(surroundings: Surroundings): Binary {
  const { setting, extensionFolder, searchPath, isExecutable } = surroundings;
  if (setting !== "") {
    const file = expanded(setting, surroundings.workspaceFolder);
    if (!isAbsolute(file)) return { found: false, why: `routewright.path is not an absolute path: ${setting}` };
    if (!isExecutable(file)) return { found: false, why: `routewright.path names no program: ${file}` };
    return { found: true, file, origin: "setting" };
  }
  const bundled = join(extensionFolder, "bin", NAME);
  if (isExecutable(bundled)) return { found: true, file: bundled, origin: "bundled" };
  // A relative entry of PATH would let the opened folder bring the program along.
  const onPath = searchPath
    .split(delimiter)
    .filter((folder) => isAbsolute(folder))
    .map((folder) => join(folder, NAME))
    .find((file) => isExecutable(file));
  if (onPath !== undefined) return { found: true, file: onPath, origin: "PATH" };
  return { found: false, why: "this extension carries no server for this platform, and PATH has no routewright" };
}

function expanded(setting: string, workspaceFolder: string | undefined): string {
  const file = setting.replace(/^~(?=[/\\])/, homedir());
  return workspaceFolder === undefined ? file : file.replaceAll("${workspaceFolder}", workspaceFolder);
}

/** Whether a file is there and may be run. */
export function isExecutable(file: string): boolean {
  try {
    accessSync(file, constants.X_OK);
    return statSync(file).isFile();
  } catch {
    return false;
  }
}
