// Packages the extension as a release does, and unpacks the package as VS Code does.
import { execFileSync } from "node:child_process";
import { createWriteStream, mkdirSync } from "node:fs";
import { dirname, join } from "node:path";
import { pipeline } from "node:stream/promises";
import { promisify } from "node:util";
import { type Entry, open, type Options, type ZipFile } from "yauzl";
import { extensionFolder, server } from "./paths";

/** The entries of the package with their modes, unpacked into `folder`. */
export async function packagedInto(folder: string): Promise<Map<string, number>> {
  const file = join(folder, "routewright.vsix");
  const script = join(extensionFolder, "scripts", "package.mjs");
  execFileSync(process.execPath, [script, "--binary", server, "--target", "linux-x64", "--out", file], { stdio: "pipe" });
  const zip = await promisify<string, Options, ZipFile>(open)(file, { lazyEntries: true });
  const modes = new Map<string, number>();
  await new Promise<void>((resolve, reject) => {
    zip.on("error", reject);
    zip.on("end", resolve);
    zip.on("entry", (entry: Entry) => {
      const mode = (entry.externalFileAttributes >>> 16) & 0o777;
      modes.set(entry.fileName, mode);
      unpack(zip, entry, join(folder, entry.fileName), mode).then(() => {
        zip.readEntry();
      }, reject);
    });
    zip.readEntry();
  });
  return modes;
}

async function unpack(zip: ZipFile, entry: Entry, target: string, mode: number): Promise<void> {
  mkdirSync(dirname(target), { recursive: true });
  const content = await promisify(zip.openReadStream.bind(zip) as (entry: Entry, done: Done) => void)(entry);
  await pipeline(content, createWriteStream(target, { mode }));
}

type Done = (error: Error | null, content: NodeJS.ReadableStream) => void;
