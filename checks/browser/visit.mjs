// A page opened from the disk, with a list of its faults.
import { mkdirSync } from "node:fs";
import { fileURLToPath, pathToFileURL } from "node:url";

export const SIZES = { phone: { width: 390, height: 844 }, desktop: { width: 1280, height: 800 } };
export const SCHEMES = ["light", "dark"];

/** Timeout in milliseconds, generous for busy machines. */
const TIMEOUT = Number(process.env.GLASSBOX_PATIENCE ?? 60_000);
const SCREENSHOTS = fileURLToPath(new URL("screenshots/", import.meta.url));

/** Opens the file; `page.faults` collects errors and external requests. */
export async function visit(browser, file, { hash = "", size = "desktop", scheme = "light" } = {}) {
  const context = await browser.newContext({ viewport: SIZES[size], colorScheme: scheme, reducedMotion: "reduce", serviceWorkers: "block" });
  const page = await context.newPage();
  page.setDefaultTimeout(TIMEOUT);
  page.faults = [];
  page.on("console", (message) => message.type() === "error" && page.faults.push(`console: ${message.text()} ${message.location().url}`));
  page.on("pageerror", (error) => page.faults.push(`error: ${error.message}`));
  page.on("request", (request) => isOutside(request.url()) && page.faults.push(`request outside: ${request.url()}`));
  await page.addInitScript(recordShifts);
  await page.goto(pathToFileURL(file).href + hash);
  await settled(page);
  return page;
}

const isOutside = (url) => !/^(file|data|blob):/.test(url);

/** Sums up layout shifts without user input. */
function recordShifts() {
  window.shifts = 0;
  new PerformanceObserver((list) => {
    for (const shift of list.getEntries()) if (!shift.hadRecentInput) window.shifts += shift.value;
  }).observe({ type: "layout-shift", buffered: true });
}

/** Waits until the page has a heading and no script is loading. */
export async function settled(page) {
  await page.waitForFunction(() => document.querySelector("h1") && document.readyState === "complete" && !document.querySelector('head script[src^="data/"]'));
}

/** Scrolls through the page, so that lazy images load. */
export async function scrollThrough(page) {
  await page.evaluate(async () => {
    for (let y = 0; y < document.documentElement.scrollHeight; y += 0.8 * window.innerHeight) {
      window.scrollTo(0, y);
      await new Promise((resolve) => setTimeout(resolve, 40));
    }
  });
  await page.waitForFunction(() => [...document.images].every((image) => image.complete));
}

export async function saveScreenshot(page, name) {
  mkdirSync(SCREENSHOTS, { recursive: true });
  await page.evaluate(() => window.scrollTo(0, 0));
  await page.screenshot({ path: `${SCREENSHOTS}${name}.png` });
}
