// Every kind of page at phone and desktop size, in light and dark mode.
import { after, before, test } from "node:test";
import { assertAccessible } from "./accessible.mjs";
import { launch } from "./chromium.mjs";
import { assertHealthy } from "./healthy.mjs";
import { kinds, start } from "./site.mjs";
import { saveScreenshot, SCHEMES, SIZES, visit } from "./visit.mjs";

let browser;
before(async () => { browser = await launch(); });
after(() => browser.close());

for (const [kind, hash] of Object.entries(kinds)) {
  for (const [size, scheme] of Object.keys(SIZES).flatMap((size) => SCHEMES.map((scheme) => [size, scheme]))) {
    test(`${kind} on ${size}, ${scheme}: loads from the disk without layout shift and is accessible`, async () => {
      const page = await visit(browser, start, { hash, size, scheme });
      await saveScreenshot(page, `explorer-${kind}-${size}-${scheme}`);
      await assertHealthy(page);
      await assertAccessible(page);
      await page.context().close();
    });
  }
}
