// The report at phone and desktop size, in light and dark mode.
import assert from "node:assert/strict";
import { existsSync, statSync } from "node:fs";
import { dirname, resolve } from "node:path";
import { after, before, test } from "node:test";
import { fileURLToPath } from "node:url";
import { assertAccessible } from "./accessible.mjs";
import { launch } from "./chromium.mjs";
import { assertHealthy } from "./healthy.mjs";
import { saveScreenshot, SCHEMES, SIZES, visit } from "./visit.mjs";

const MAX_BYTES = 15e6;
const report = resolve(process.env.GLASSBOX_REPORT ?? fileURLToPath(new URL("../../results/index.html", import.meta.url)));
if (!existsSync(report)) throw new Error(`${report}: expected the report, found none; GLASSBOX_REPORT names its file`);

let browser;
before(async () => { browser = await launch(); });
after(() => browser.close());

for (const [size, scheme] of Object.keys(SIZES).flatMap((size) => SCHEMES.map((scheme) => [size, scheme]))) {
  test(`the report on ${size}, ${scheme}: loads from the disk without layout shift and is accessible`, async () => {
    const page = await visit(browser, report, { size, scheme });
    await saveScreenshot(page, `report-${size}-${scheme}`);
    await assertHealthy(page);
    await assertAccessible(page);
    await page.context().close();
  });
}

test("the report and its files take less than 15 MB", async () => {
  const page = await visit(browser, report);
  const shown = await page.evaluate(() => [...document.querySelectorAll("img[src], link[rel=stylesheet][href], script[src]")].map((element) => element.src || element.href));
  const files = [...new Set(shown.filter((url) => url.startsWith("file:")).map((url) => fileURLToPath(url.split(/[?#]/)[0])))];
  const bytes = [report, ...files].reduce((sum, file) => sum + statSync(file).size, 0);
  assert.ok(bytes < MAX_BYTES, `${bytes} bytes`);
  await page.context().close();
});

test("the report's links to files and to its own parts are valid", async () => {
  const page = await visit(browser, report);
  const broken = await page.evaluate(() => [...document.querySelectorAll('a[href^="#"]')].map((link) => link.getAttribute("href").slice(1)).filter((id) => id && !document.getElementById(id)));
  const files = await page.evaluate(() => [...document.querySelectorAll("a[href]")].map((link) => link.href).filter((url) => url.startsWith("file:")));
  const gone = files.map((url) => fileURLToPath(url.split(/[?#]/)[0])).filter((file) => !existsSync(file));
  assert.deepEqual([...broken, ...gone], [], `from ${dirname(report)}`);
  await page.context().close();
});
