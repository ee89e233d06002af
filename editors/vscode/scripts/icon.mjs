// Draws icons/icon.png out of icons/icon.svg.
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { Resvg } from "@resvg/resvg-js";

const folder = join(import.meta.dirname, "..", "icons");
const drawing = new Resvg(readFileSync(join(folder, "icon.svg"), "utf8"), { fitTo: { mode: "width", value: 128 } });
writeFileSync(join(folder, "icon.png"), drawing.render().asPng());
