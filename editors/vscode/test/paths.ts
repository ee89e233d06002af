// Where the tests find things; their bundles are in dist/test.
import { join, resolve } from "node:path";

/** This extension's folder. */
export const extensionFolder = join(__dirname, "..", "..");

/** The whole repository. */
export const repository = join(extensionFolder, "..", "..");

/** The server under test: a debug build unless the environment names another. */
export const server = resolve(process.env["ROUTEWRIGHT_BINARY"] ?? join(repository, "target", "debug", "routewright"));
