// The page of `routewright graph`, used as people use it.
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { after, before, suite, test } from "node:test";
import { join } from "node:path";
import { launch, pageOf, root, written } from "./browser.mjs";

const axe = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");

/** @type {import("playwright-core").Browser} */
let browser;
before(async () => {
  browser = await launch();
});
after(() => browser.close());

/** Opens a page; what goes wrong in it, and whatever it asks the network for, fails the test. */
async function open(address, colorScheme = "light") {
  const page = await browser.newPage({ viewport: { width: 1400, height: 900 }, colorScheme });
  const wrong = [];
  page.on("pageerror", (error) => wrong.push(String(error)));
  page.on("console", (message) => message.type() === "error" && wrong.push(message.text()));
  page.on("request", (request) => request.url().split("#")[0] !== address && wrong.push(request.url()));
  await page.goto(address);
  return { page, done: () => page.close().then(() => assert.deepEqual(wrong, [])) };
}

/** The rows in the document: their text without what the eye alone sees. */
function rows(page) {
  return page.locator("[role=treeitem]").evaluateAll((all) =>
    all.sort((a, b) => a.offsetTop - b.offsetTop).map((row) => row.innerText.replaceAll(/\s+/g, " ").trim()),
  );
}

const heading = (page) => page.locator("#detail h2").innerText();
const shown = (page) => page.locator("#shown").innerText();

suite("the bookshop", () => {
  const address = pageOf("examples/bookshop");

  test("what is in it is counted, and the first operation is shown", async () => {
    const { page, done } = await open(address);
    assert.match(await page.locator("#counts").innerText(), /1 app\s+8 routers\s+25 path operations/);
    assert.equal(await shown(page), "25 path operations");
    const all = await rows(page);
    assert.match(all[0], /app\.main:app 25$/);
    assert.ok(all.some((row) => row.startsWith("POST /api/v1/accounts/token")), all.join("\n"));
    assert.match(await heading(page), /POST\s*\/api\/v1\/accounts\/token/);
    await done();
  });

  test("a search finds by function, tag, file, and by the URL of a request", async () => {
    const { page, done } = await open(address);
    for (const [query, expected] of [
      ["read_author", ["GET /api/v1/authors/{author_id} read_author"]],
      ["delete books.py", ["DELETE /api/v1/books/{book_id} delete_book"]],
      ["get /api/v1/orders/17", ["GET /api/v1/orders/{order_id} read_order"]],
    ]) {
      await page.fill("#query", query);
      const found = (await rows(page)).filter((row) => /^[A-Z]+ \//.test(row));
      assert.deepEqual(found, expected);
    }
    await page.fill("#query", "nothing of the kind");
    assert.equal(await page.locator(".empty").innerText(), "Nothing fits.");
    await page.keyboard.press("Escape");
    assert.equal(await shown(page), "25 path operations");
    await done();
  });

  test("methods, tags and kinds narrow it down, and are cleared together", async () => {
    const { page, done } = await open(address);
    await page.click("#methods button:has-text('POST')");
    assert.equal(await shown(page), "7 of 25 path operations");
    await page.selectOption("#tag", "orders");
    assert.equal(await shown(page), "2 of 25 path operations");
    await page.click("#clear");
    await page.selectOption("#kind", "websocket");
    assert.equal(await shown(page), "1 of 25 path operations");
    assert.ok((await rows(page)).some((row) => row.includes("follow_stock")));
    await page.click("#clear");
    assert.equal(await shown(page), "25 path operations");
    await done();
  });

  test("the keyboard alone goes everywhere", async () => {
    const { page, done } = await open(address);
    await page.keyboard.press("/");
    await page.keyboard.type("update_book");
    await page.keyboard.press("ArrowDown");
    const current = () => page.locator("[role=treeitem][aria-selected=true]");
    for (let i = 0; i < 3; i += 1) await page.keyboard.press("ArrowDown");
    assert.match(await heading(page), /PATCH\s*\/api\/v1\/books\/\{book_id\}/);
    assert.equal(await page.locator("#tree").getAttribute("aria-activedescendant"), await current().getAttribute("id"));
    assert.equal(await current().getAttribute("aria-expanded"), "false");
    await page.keyboard.press("ArrowRight");
    assert.equal(await current().getAttribute("aria-expanded"), "true");
    await page.keyboard.press("ArrowRight");
    assert.equal(await current().getAttribute("aria-level"), "5");
    assert.equal(await heading(page), "require_staff");
    await page.keyboard.press("ArrowLeft");
    await page.keyboard.press("ArrowLeft");
    assert.equal(await current().getAttribute("aria-expanded"), "false");
    await page.keyboard.press("Home");
    assert.match(await current().innerText(), /app\.main:app/);
    await done();
  });

  test("links and the picture lead from an operation to its dependencies and schemas and back", async () => {
    const { page, done } = await open(address);
    await page.fill("#query", "update_book");
    await page.click("[role=treeitem]:has-text('update_book')");
    assert.ok((await page.locator(".picture g").count()) > 5);
    await page.click(".links button:has-text('get_session')");
    assert.equal(await page.locator("#tab-dependencies").getAttribute("aria-selected"), "true");
    assert.match(await heading(page), /get_session\s*yields/);
    await page.click(".links button:has-text('/api/v1/orders/{order_id}/cancellation')");
    assert.equal(await page.locator("#tab-routes").getAttribute("aria-selected"), "true");
    await page.click(".picture g:has-text('OrderPublic')");
    assert.equal(await page.locator("#tab-schemas").getAttribute("aria-selected"), "true");
    assert.match(await page.locator("#detail").innerText(), /FIELDS/);
    await done();
  });

  test("a node that the address names is shown", async () => {
    const { page, done } = await open(address);
    await page.goto(`${address}#s0`);
    await page.reload();
    assert.equal(await page.locator("#tab-schemas").getAttribute("aria-selected"), "true");
    await done();
  });

  for (const scheme of ["light", "dark"]) {
    test(`nothing stands in anybody's way, ${scheme}`, async () => {
      const { page, done } = await open(address, scheme);
      for (const tab of ["routes", "dependencies", "schemas"]) {
        await page.click(`#tab-${tab}`);
        await page.click("#unfold");
        await page.evaluate(axe);
        const found = await page.evaluate(() => globalThis.axe.run());
        assert.deepEqual(found.violations.map(({ id, nodes }) => [id, nodes.map((node) => node.html)]), []);
      }
      await done();
    });
  }

  test("the theme is the system's until another one is chosen", async () => {
    const ground = (page) => page.evaluate(() => getComputedStyle(document.body).backgroundColor);
    const { page, done } = await open(address, "dark");
    const dark = await ground(page);
    await page.click("#theme");
    assert.notEqual(await ground(page), dark);
    await page.click("#theme");
    assert.equal(await ground(page), dark);
    await done();
  });
});

test("ten thousand routes stay smooth", async () => {
  const folder = join(written("large", ""), "..", "workspace");
  const python = process.env.PYTHON ?? "python3";
  const generator = join(root, "tests/benches/generate.py");
  const sizes = ["--modules", "1000", "--routes", "10000", "--shape", "layered"];
  execFileSync(python, [generator, "--into", folder, ...sizes], { stdio: "ignore" });
  const address = pageOf(folder);
  const { page, done } = await open(address);
  assert.equal(await shown(page), "10,000 path operations");
  await page.click("#unfold");
  await page.focus("#tree");
  await page.keyboard.press("End");
  const last = await heading(page);
  assert.ok((await page.locator("[role=treeitem]").count()) < 100);
  await page.keyboard.press("ArrowUp");
  assert.notEqual(await heading(page), last);
  const took = await page.evaluate(() => {
    const query = document.getElementById("query");
    const times = [];
    for (const text of ["g", "ge", "get", "get 9", ""]) {
      const started = performance.now();
      query.value = text;
      query.dispatchEvent(new Event("input"));
      times.push(Math.round(performance.now() - started));
    }
    return times;
  });
  console.log(`a search in 10,000 routes took ${took.join(", ")} ms`);
  await page.fill("#query", "nothing of the kind");
  assert.equal(await shown(page), "0 of 10,000 path operations");
  await done();
});
