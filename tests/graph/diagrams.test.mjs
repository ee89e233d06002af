// Mermaid and Graphviz themselves read what is written for them.
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { mkdirSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { after, before, suite, test } from "node:test";
import { graph, launch, written } from "./browser.mjs";

const mermaid = createRequire(import.meta.url).resolve("mermaid/dist/mermaid.min.js");

/** Names and paths with everything that means something to a diagram. */
const ODD = `from fastapi import APIRouter, Depends, FastAPI
from pydantic import BaseModel

app = FastAPI()
router = APIRouter(prefix='/a"b#c;d<e>&f')


class Größe(BaseModel):
    end: int


def end() -> None:
    return None


@router.get("/{x:path}/[y]|z\`w\\\\v/**_~%%", dependencies=[Depends(end)])
def subgraph(x: str) -> Größe:
    return Größe(end=1)


app.include_router(router, prefix="/-->|x|")
`;

function odd() {
  const folder = join(dirname(written("odd", "")), "odd-project");
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, "main.py"), ODD);
  return folder;
}

const cases = [["examples/bookshop", "create_author"], [odd(), "subgraph"]].flatMap(([project, name]) =>
  ["routes", "dependencies", "schemas"].map((part) => ({ project, name, part })),
);

suite("Mermaid", () => {
  /** @type {import("playwright-core").Browser} */
  let browser;
  /** @type {import("playwright-core").Page} */
  let page;
  before(async () => {
    browser = await launch();
    page = await browser.newPage();
    await page.addScriptTag({ path: mermaid });
  });
  after(() => browser.close());

  for (const { project, name, part } of cases) {
    test(`draws the ${part} of ${project.split("/").pop()}`, async () => {
      const text = graph(project, "--format", "mermaid", "--of", part);
      const drawn = await page.evaluate(async (source) => {
        globalThis.mermaid.initialize({ startOnLoad: false, securityLevel: "strict" });
        await globalThis.mermaid.parse(source);
        const { svg } = await globalThis.mermaid.render("drawn", source);
        const holder = document.createElement("div");
        holder.innerHTML = svg;
        return holder.textContent;
      }, text);
      assert.ok(drawn.includes(name), drawn);
      if (part === "routes" && name === "subgraph") assert.ok(drawn.includes('/-->|x|/a"b#c;d<e>&f'), drawn);
    });
  }
});

suite("Graphviz", () => {
  for (const { project, name, part } of cases) {
    test(`draws the ${part} of ${project.split("/").pop()}`, () => {
      const input = graph(project, "--format", "dot", "--of", part);
      const drawn = execFileSync("dot", ["-Tsvg"], { input, encoding: "utf8" });
      assert.ok(drawn.includes(`>${name}<`), drawn);
    });
  }
});
