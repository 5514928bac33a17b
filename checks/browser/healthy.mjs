// Checks for every page: no errors, all images load, no layout shift, no overflow.
import assert from "node:assert/strict";
import { scrollThrough } from "./visit.mjs";

const MAX_SHIFT = 0.02;

export async function assertHealthy(page) {
  await scrollThrough(page);
  assert.deepEqual(page.faults, [], "faults");
  assert.deepEqual(await brokenImages(page), [], "images that do not load");
  assert.deepEqual(await unsizedImages(page), [], "images without width and height");
  assert.ok((await page.evaluate(() => window.shifts)) < MAX_SHIFT, "layout shift");
  assert.deepEqual(await overflow(page), [], "elements wider than the screen");
}

/** <img> without pixels, and sprites in backgrounds that do not load. */
function brokenImages(page) {
  return page.evaluate(async () => {
    const images = [...document.images].filter((image) => image.naturalWidth === 0).map((image) => image.src);
    const shown = [...document.querySelectorAll('[style*="url("]')].map((element) => element.style.backgroundImage.slice(5, -2));
    const loads = (file) => new Promise((resolve) => {
      const image = Object.assign(new Image(), { onload: () => resolve(true), onerror: () => resolve(false), src: file });
      window.kept = image;
    });
    const sprites = await Promise.all([...new Set(shown)].map(async (file) => ((await loads(file)) ? [] : [file])));
    return [...images, ...sprites.flat()];
  });
}

function unsizedImages(page) {
  return page.evaluate(() => [...document.images].filter((image) => !image.hasAttribute("width") || !image.hasAttribute("height")).map((image) => image.src));
}

/** Elements beyond the right edge and outside scrolling boxes, if the page scrolls sideways. */
function overflow(page) {
  return page.evaluate(() => {
    const { scrollWidth, clientWidth } = document.documentElement;
    if (scrollWidth <= clientWidth) return [];
    const scrolls = (element) => element && (["auto", "scroll"].includes(getComputedStyle(element).overflowX) || scrolls(element.parentElement));
    const wide = [...document.body.querySelectorAll("*")].filter((element) => element.getBoundingClientRect().right > clientWidth + 1 && !scrolls(element));
    return [`${scrollWidth} of ${clientWidth} px`, ...wide.slice(0, 5).map((element) => element.outerHTML.slice(0, 120))];
  });
}
