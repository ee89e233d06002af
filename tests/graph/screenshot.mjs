// Writes docs/images/graph-light.png and graph-dark.png: the page of the example.
import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { launch, pageOf, root } from "./browser.mjs";

const folder = join(root, "docs/images");
mkdirSync(folder, { recursive: true });
const address = pageOf("examples/bookshop");
const browser = await launch();
for (const colorScheme of ["light", "dark"]) {
  const page = await browser.newPage({ viewport: { width: 1360, height: 860 }, colorScheme });
  await page.goto(address);
  await page.click("[role=treeitem]:has-text('update_book')");
  await page.click("[role=treeitem]:has-text('update_book')");
  await page.locator("#tree").evaluate((tree) => tree.scrollBy(0, 180));
  await page.mouse.move(0, 0);
  await page.waitForTimeout(200);
  await page.screenshot({ path: join(folder, `graph-${colorScheme}.png`) });
}
await browser.close();
