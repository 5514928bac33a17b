// Controls of the pages: rules, sorting, sliders, maps, search.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { launch } from "./chromium.mjs";
import { imageWith, kinds, layer, links, net, readData, start } from "./site.mjs";
import { settled, visit } from "./visit.mjs";

let browser;
before(async () => { browser = await launch(); });
after(() => browser.close());

test("another rule changes the projections and the link, and the link leads back to it", async () => {
  const page = await visit(browser, start, { hash: links.unit() });
  const shown = () => page.locator(".strongest .sprite").evaluateAll((tiles) => tiles.map((tile) => [tile.getAttribute("aria-label"), getComputedStyle(tile).backgroundPositionY]));
  const first = await shown();
  await page.getByText(net.rules[1], { exact: true }).click();
  const second = await shown();
  assert.ok(first.length > 0);
  first.forEach((tile, rank) => tile.forEach((part, i) => assert.notEqual(second[rank][i], part)));
  assert.equal(await page.evaluate(() => location.hash), `${links.unit()}?rule=${net.rules[1]}`);
  await page.reload();
  await settled(page);
  assert.deepEqual(await shown(), second);
  await page.keyboard.press("1");
  assert.deepEqual(await shown(), first);
  await page.context().close();
});

test("units are sorted by the selected statistic", async () => {
  const page = await visit(browser, start, { hash: links.layer() });
  await page.getByText("maximum", { exact: true }).click();
  const shown = await page.locator(".units a").evaluateAll((tiles) => tiles.map((tile) => tile.getAttribute("href")));
  const { units } = readData(`layer-${layer}.js`);
  const sorted = [...units.keys()].sort((a, b) => units[b].max - units[a].max || a - b);
  assert.deepEqual(shown, sorted.map((one) => links.unit(layer, one)));
  await page.context().close();
});

test("the pointer over a map shows an activation", async () => {
  const page = await visit(browser, start, { hash: links.unit() });
  const reading = page.locator(".reading");
  const before = await reading.innerText();
  await page.locator(".maps .frame").first().hover();
  assert.notEqual(await reading.innerText(), before);
  await page.context().close();
});

const twin = imageWith((image) => image.twin);
test("the slider moves the bars from the image to its twin", { skip: twin === null && "no image has a twin" }, async () => {
  const { steps } = readData(`image-${twin}.js`).twin;
  const page = await visit(browser, start, { hash: links.image(twin) });
  const bars = () => page.locator("[aria-labelledby=twin] .bars .value").allInnerTexts();
  const lengths = () => page.locator("[aria-labelledby=twin] .bars .length").evaluateAll((bars) => bars.map((bar) => bar.style.transform));
  const first = [await bars(), await lengths()];
  await page.locator("[aria-labelledby=twin] input[type=range]").fill("1");
  assert.notDeepEqual(await bars(), first[0]);
  assert.notDeepEqual(await lengths(), first[1]);
  assert.match(await page.locator("[aria-labelledby=twin] .reading").innerText(), new RegExp(escaped(net.classes[steps.at(-1)[0].class])));
  assert.equal(await page.locator(".stack img").nth(1).evaluate((image) => getComputedStyle(image).opacity), "1");
  await page.context().close();
});

const occluded = imageWith((image) => image.occlusion);
test("the pointer and the arrow keys move the square, and the reading follows", { skip: occluded === null && "no image has an occlusion map" }, async () => {
  const page = await visit(browser, start, { hash: links.image(occluded) });
  const map = page.locator(".occluded");
  const state = async () => [await page.locator("#occlusion-reading").innerText(), await page.locator(".square").getAttribute("style")];
  await map.scrollIntoViewIfNeeded();
  const { width, height } = await map.boundingBox();
  await map.hover({ position: { x: width * 0.05, y: height * 0.05 } });
  const corner = await state();
  assert.equal(corner[0].split("\n")[0].split(" %")[0], firstProbability(occluded));
  await map.hover({ position: { x: width * 0.5, y: height * 0.5 } });
  const middle = await state();
  assert.notEqual(middle[1], corner[1]);
  await map.press("ArrowRight");
  assert.notEqual((await state())[1], middle[1]);
  await page.context().close();
});

/** Expected text for the first position of the square, without "%". */
function firstProbability(image) {
  const percent = (100 * Buffer.from(readData(`image-${image}.js`).occlusion.p, "base64")[0]) / 255;
  return percent === 0 ? "0" : percent.toFixed(percent < 1 ? 2 : 1);
}

test("a class name typed into the search finds its images", { skip: !kinds.search && "the net names no classes" }, async () => {
  const page = await visit(browser, start);
  await page.keyboard.press("/");
  await page.keyboard.type(net.classes[net.images[0].read]);
  const found = page.locator(`main a[href="${links.image(0)}"]`);
  await found.waitFor();
  assert.ok(await page.evaluate(() => document.activeElement.id === "search"), "one can type on");
  await found.click();
  await page.locator(`main[data-address="${links.image(0)}"]`).waitFor();
  await page.context().close();
});

test("a layer's name typed into the search finds the layer", async () => {
  const page = await visit(browser, start);
  await page.locator("#search").fill(net.layers[layer].name);
  await page.locator(`main a[href="${links.layer()}"]`).click();
  await page.getByRole("heading", { level: 1, name: net.layers[layer].name }).waitFor();
  await page.context().close();
});

test("an unknown name is not found, and the page says so", async () => {
  const page = await visit(browser, start, { hash: "#/search/no-such-name" });
  assert.match(await page.getByRole("status").innerText(), /0 layers, 0 images/);
  await page.context().close();
});

const escaped = (text) => text.replace(/[.*+?^${}()|[\]\\]/g, "\\$&");
