// An installed Chromium.
import { accessSync, constants } from "node:fs";
import { delimiter, join } from "node:path";
import { chromium } from "playwright-core";

const NAMES = ["chromium", "chromium-browser", "google-chrome"];

/** GLASSBOX_CHROMIUM, or the first of the usual names on the PATH. */
export function executable() {
  const asked = process.env.GLASSBOX_CHROMIUM;
  const places = (process.env.PATH ?? "").split(delimiter).filter(Boolean);
  const found = asked ?? NAMES.flatMap((name) => places.map((place) => join(place, name))).find(runs);
  if (!found) throw new Error(`expected ${NAMES.join(", ")} on the PATH or GLASSBOX_CHROMIUM, found none`);
  return found;
}

function runs(path) {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

export async function launch() {
  return chromium.launch({ executablePath: executable() });
}
