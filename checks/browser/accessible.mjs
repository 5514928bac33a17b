// Accessibility of a page, checked by axe.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";

const axe = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");
const TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"];

/** Checks the page, with long lists cut to 12 items: thousands of similar ones would take minutes. */
export async function assertAccessible(page) {
  await page.evaluate(() => document.querySelectorAll("ul > li:nth-child(n + 13), ol > li:nth-child(n + 13)").forEach((item) => item.remove()));
  await page.evaluate(axe);
  const { violations, passes } = await page.evaluate((tags) => window.axe.run(document, { runOnly: { type: "tag", values: tags }, resultTypes: ["violations"] }), TAGS);
  assert.ok(passes.length > 10, "axe looked at the page");
  assert.deepEqual(violations.map(describe), []);
}

function describe({ id, help, nodes }) {
  const first = nodes.slice(0, 3).map((node) => `${node.target.join(" ")} (${node.any[0]?.message ?? node.failureSummary})`);
  return `${id}: ${help}, in ${nodes.length}: ${first.join("; ")}`;
}
