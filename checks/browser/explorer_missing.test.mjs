// A folder in which a data file is missing or cut off: the page names the file.
import assert from "node:assert/strict";
import { cpSync, mkdirSync, mkdtempSync, readdirSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { launched } from "./chromium.mjs";
import { folder, layer, links, unit } from "./site.mjs";
import { visit } from "./visit.mjs";

let browser;
before(async () => { browser = await launched(); });
after(() => browser.close());

const CASES = [
  ["data/index.js", links.home],
  [`data/layer-${layer}.js`, links.layer()],
  [`data/unit-${layer}-${unit}.js`, links.unit()],
  ["data/image-0.js", links.image(0)],
];

for (const [file, hash] of CASES) {
  for (const [how, damage] of [["missing", rmSync], ["cut off", (path) => writeFileSync(path, "explorer.")]]) {
    test(`${file} is ${how}: the page says so by its name`, async () => {
      const copy = copied(file);
      damage(join(copy, file));
      const page = await visit(browser, join(copy, "index.html"), { hash });
      const told = await page.getByRole("alert").innerText();
      assert.ok(told.includes(file), told);
      await page.context().close();
      rmSync(copy, { recursive: true });
    });
  }
}

/** The folder in a temporary place: the page and one data file copied, the other files linked. */
function copied(file) {
  const copy = mkdtempSync(join(tmpdir(), "glassbox-explorer-"));
  for (const name of readdirSync(folder)) if (name !== "data") cpSync(join(folder, name), join(copy, name), { recursive: true, dereference: true });
  mkdirSync(join(copy, "data"));
  for (const name of readdirSync(join(folder, "data"))) if (`data/${name}` !== file) symlinkSync(join(folder, "data", name), join(copy, "data", name));
  cpSync(join(folder, file), join(copy, file));
  return copy;
}
