// Navigation from the net to an image and its neighbor: by mouse, by keyboard alone, and by external links.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { launch } from "./chromium.mjs";
import { kinds, layer, links, readData, start, unit } from "./site.mjs";
import { visit } from "./visit.mjs";

let browser;
before(async () => { browser = await launch(); });
after(() => browser.close());

const top = readData(`unit-${layer}-${unit}.js`).top[0].image;
const nearest = readData(`image-${top}.js`).nearest[0].image;
const path = [links.layer(), links.unit(), links.image(top), links.image(nearest)];

test("clicks lead from the net to a layer, a unit, an image and the nearest image", async () => {
  const page = await visit(browser, start);
  for (const hash of path) {
    await page.locator(`main a[href="${hash}"]`).first().click();
    await waitFor(page, hash);
  }
  assert.deepEqual(page.faults, []);
  await page.context().close();
});

test("keys alone lead the same way, and Esc leads up", async () => {
  const page = await visit(browser, start);
  for (const hash of path) {
    await reach(page, hash);
    await page.keyboard.press("Enter");
    await waitFor(page, hash);
  }
  await page.keyboard.press("Escape");
  await waitFor(page, links.home);
  await page.context().close();
});

test("Tab leads from the top of the page to every kind of control, and the focus is seen", async () => {
  const page = await visit(browser, start, { hash: links.unit() });
  const seen = new Set();
  for (let i = 0; i < 14; i += 1) {
    await page.keyboard.press("Tab");
    const { kind, outlined } = await focused(page);
    assert.ok(outlined, `focus on ${kind} is seen`);
    seen.add(kind);
  }
  assert.deepEqual(["A", "BUTTON", "INPUT search", "INPUT radio"].filter((kind) => !seen.has(kind)), []);
  await page.context().close();
});

test("the arrow keys lead to the neighboring units and images", async () => {
  const page = await visit(browser, start, { hash: links.unit(layer, 1) });
  await page.keyboard.press("ArrowRight");
  await waitFor(page, links.unit(layer, 2));
  await page.keyboard.press("ArrowLeft");
  await waitFor(page, links.unit(layer, 1));
  await page.context().close();
});

test("? shows the keys and Esc puts them away", async () => {
  const page = await visit(browser, start);
  await page.keyboard.press("?");
  await page.getByRole("dialog", { name: "Keys" }).waitFor();
  await page.keyboard.press("Escape");
  await page.getByRole("dialog").waitFor({ state: "hidden" });
  await page.context().close();
});

test("going back restores the focus to the link that was followed", async () => {
  const page = await visit(browser, start, { hash: links.layer() });
  await page.locator(`main a[href="${links.unit()}"]`).click();
  await waitFor(page, links.unit());
  await page.goBack();
  await waitFor(page, links.layer());
  assert.equal(await page.evaluate(() => document.activeElement.getAttribute("href")), links.unit());
  await page.context().close();
});

for (const [kind, hash] of Object.entries(kinds)) {
  test(`a link opens directly: ${kind}`, async () => {
    const page = await visit(browser, start, { hash });
    const heading = await page.locator("h1").innerText();
    assert.match(heading, HEADINGS[kind] ?? /./);
    assert.equal(await page.getByRole("alert").count(), kind === "nowhere" ? 1 : 0);
    assert.deepEqual(page.faults, []);
    await page.context().close();
  });
}

const HEADINGS = { unit: new RegExp(`Unit ${unit}\\b`), nowhere: /no such page/, search: /^Search: / };

/** Waits until the page of this address is shown. */
async function waitFor(page, hash) {
  await page.locator(`main[data-address="${hash}"]`).waitFor();
}

/** Moves the focus to a link with Tab, and within lists with the arrow keys. */
async function reach(page, hash) {
  for (let i = 0; i < 400; i += 1) {
    const { href, list } = await focused(page);
    if (href === hash) return;
    const holds = list && await page.evaluate((hash) => document.activeElement.closest("ul").querySelector(`a[href="${hash}"]`) !== null, hash);
    await page.keyboard.press(holds ? "ArrowRight" : "Tab");
  }
  assert.fail(`${hash}: not reached by Tab and arrow keys`);
}

function focused(page) {
  return page.evaluate(() => {
    const { activeElement: it } = document;
    const kind = it.tagName.toUpperCase() + (it.tagName === "INPUT" ? ` ${it.type}` : "");
    const outlined = [it, it.parentElement].some((element) => getComputedStyle(element).outlineStyle !== "none");
    return { kind, outlined, href: it.getAttribute("href"), list: it.closest("ul.units, ul.wall") !== null };
  });
}
