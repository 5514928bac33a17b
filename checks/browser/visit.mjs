// A page opened from the disk, with everything noted that should not happen on it.
import { mkdirSync } from "node:fs";
import { fileURLToPath, pathToFileURL } from "node:url";

export const SIZES = { phone: { width: 390, height: 844 }, desktop: { width: 1280, height: 800 } };
export const SCHEMES = ["light", "dark"];

/** How long, in milliseconds, anything on a page may take: long, for machines that do much else. */
const PATIENCE = Number(process.env.GLASSBOX_PATIENCE ?? 60_000);
const SCREENSHOTS = fileURLToPath(new URL("screenshots/", import.meta.url));

/** Opens the file; `page.faults` collects what goes wrong from then on. */
export async function visit(browser, file, { hash = "", size = "desktop", scheme = "light" } = {}) {
  const context = await browser.newContext({ viewport: SIZES[size], colorScheme: scheme, reducedMotion: "reduce", serviceWorkers: "block" });
  const page = await context.newPage();
  page.setDefaultTimeout(PATIENCE);
  page.faults = [];
  page.on("console", (message) => message.type() === "error" && page.faults.push(`console: ${message.text()} ${message.location().url}`));
  page.on("pageerror", (error) => page.faults.push(`error: ${error.message}`));
  page.on("request", (request) => isOutside(request.url()) && page.faults.push(`request outside: ${request.url()}`));
  await page.addInitScript(noteShifts);
  await page.goto(pathToFileURL(file).href + hash);
  await settled(page);
  return page;
}

const isOutside = (url) => !/^(file|data|blob):/.test(url);

/** Adds up by how much things moved that the reader did not move. */
function noteShifts() {
  window.shifts = 0;
  new PerformanceObserver((list) => {
    for (const shift of list.getEntries()) if (!shift.hadRecentInput) window.shifts += shift.value;
  }).observe({ type: "layout-shift", buffered: true });
}

/** Until the page has a heading and no script is under way. */
export async function settled(page) {
  await page.waitForFunction(() => document.querySelector("h1") && document.readyState === "complete" && !document.querySelector('head script[src^="data/"]'));
}

/** Scrolls through the page, so that what loads when it comes into view does. */
export async function scrolled(page) {
  await page.evaluate(async () => {
    for (let y = 0; y < document.documentElement.scrollHeight; y += 0.8 * window.innerHeight) {
      window.scrollTo(0, y);
      await new Promise((resolve) => setTimeout(resolve, 40));
    }
  });
  await page.waitForFunction(() => [...document.images].every((image) => image.complete));
}

export async function photographed(page, name) {
  mkdirSync(SCREENSHOTS, { recursive: true });
  await page.evaluate(() => window.scrollTo(0, 0));
  await page.screenshot({ path: `${SCREENSHOTS}${name}.png` });
}
