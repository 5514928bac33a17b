// Every kind of page, on a phone and on a desk, in light and dark.
import { after, before, test } from "node:test";
import { assertAccessible } from "./accessible.mjs";
import { launched } from "./chromium.mjs";
import { assertHealthy } from "./healthy.mjs";
import { kinds, start } from "./site.mjs";
import { photographed, SCHEMES, SIZES, visit } from "./visit.mjs";

let browser;
before(async () => { browser = await launched(); });
after(() => browser.close());

for (const [kind, hash] of Object.entries(kinds)) {
  for (const [size, scheme] of Object.keys(SIZES).flatMap((size) => SCHEMES.map((scheme) => [size, scheme]))) {
    test(`${kind} on ${size}, ${scheme}: loads from the disk, stays in place and is accessible`, async () => {
      const page = await visit(browser, start, { hash, size, scheme });
      await photographed(page, `explorer-${kind}-${size}-${scheme}`);
      await assertHealthy(page);
      await assertAccessible(page);
      await page.context().close();
    });
  }
}
