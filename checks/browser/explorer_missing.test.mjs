// A missing or truncated data file: the page names it.
import assert from "node:assert/strict";
import { cpSync, mkdirSync, mkdtempSync, readdirSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { launch } from "./chromium.mjs";
import { folder, layer, links, unit } from "./site.mjs";
import { visit } from "./visit.mjs";

let browser;
before(async () => { browser = await launch(); });
after(() => browser.close());

const CASES = [
  ["data/index.js", links.home],
  [`data/layer-${layer}.js`, links.layer()],
  [`data/unit-${layer}-${unit}.js`, links.unit()],
  ["data/image-0.js", links.image(0)],
];

for (const [file, hash] of CASES) {
  for (const [how, damage] of [["missing", rmSync], ["truncated", (path) => writeFileSync(path, "explorer.")]]) {
    test(`${file} is ${how}: the page names it`, async () => {
      const copy = copyWith(file);
      damage(join(copy, file));
      const page = await visit(browser, join(copy, "index.html"), { hash });
      const message = await page.getByRole("alert").innerText();
      assert.ok(message.includes(file), message);
      await page.context().close();
      rmSync(copy, { recursive: true });
    });
  }
}

/** A temporary copy of the explorer: the page and one data file copied, the other files linked. */
function copyWith(file) {
  const copy = mkdtempSync(join(tmpdir(), "glassbox-explorer-"));
  for (const name of readdirSync(folder)) if (name !== "data") cpSync(join(folder, name), join(copy, name), { recursive: true, dereference: true });
  mkdirSync(join(copy, "data"));
  for (const name of readdirSync(join(folder, "data"))) if (`data/${name}` !== file) symlinkSync(join(folder, "data", name), join(copy, "data", name));
  cpSync(join(folder, file), join(copy, file));
  return copy;
}
