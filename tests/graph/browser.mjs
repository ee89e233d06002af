// Chromium, the built program, and the pages that it makes.
import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { pathToFileURL } from "node:url";
import { chromium } from "playwright-core";

export const root = resolve(import.meta.dirname, "../..");
const binary = process.env.ROUTEWRIGHT ?? join(root, "target/debug/routewright");
const scratch = mkdtempSync(join(tmpdir(), "routewright-graph-"));
process.on("exit", () => rmSync(scratch, { recursive: true, force: true }));

/** @param {string} project @param {string[]} options @returns {string} what `routewright graph` prints */
export function graph(project, ...options) {
  const environment = { ...process.env, VIRTUAL_ENV: "" };
  return execFileSync(binary, ["graph", project, ...options], {
    cwd: root,
    encoding: "utf8",
    env: environment,
    maxBuffer: 1 << 28,
    stdio: ["ignore", "pipe", "ignore"],
  });
}

/** @param {string} name @param {string} text @returns {string} the path of a file in a folder that goes with the process */
export function written(name, text) {
  const path = join(scratch, name);
  writeFileSync(path, text);
  return path;
}

/** @param {string} project @returns {string} the address of its page */
export function pageOf(project) {
  return pathToFileURL(written(`${project.replaceAll(/\W/g, "-")}.html`, graph(project))).href;
}

/** Debian's Chromium: no sandbox for whoever is root, nothing in the background. */
export function launch() {
  return chromium.launch({
    executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium",
    args: [
      "--no-sandbox",
      "--disable-gpu",
      "--disable-quic",
      "--no-first-run",
      "--disable-background-networking",
      "--disable-component-update",
      "--disable-sync",
    ],
  });
}
