// The explorer's data, read from the disk without a browser: the expected content of the pages.
import { existsSync, readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { createContext, runInContext } from "node:vm";

const ROOT = fileURLToPath(new URL("../..", import.meta.url));

export const folder = resolve(process.env.GLASSBOX_EXPLORER ?? join(ROOT, "results/explorer"));
export const start = join(folder, "index.html");
if (!existsSync(start)) throw new Error(`${start}: expected an explorer, found none; GLASSBOX_EXPLORER names its folder`);

/** Content of a data file: the last argument of its call. */
export function readData(file) {
  const data = {};
  const receive = (...content) => { data.content = content.at(-1); };
  const explorer = { index: receive, layer: receive, unit: receive, image: receive };
  runInContext(readFileSync(join(folder, "data", file), "utf8"), createContext({ explorer }));
  return data.content;
}

export const net = readData("index.js");

/** The middle layer, and its unit that is active in most images. */
export const layer = Math.floor(net.layers.length / 2);
export const unit = mostActive(layer);
export const last = net.layers.length - 1;

export function mostActive(layer) {
  const { units } = readData(`layer-${layer}.js`);
  return units.reduce((best, one, i) => (one.images > units[best].images ? i : best), 0);
}

/** The first image (of 100) whose data satisfies the predicate, or null. */
export function imageWith(predicate) {
  const first = [...net.images.keys()].slice(0, 100);
  return first.find((image) => predicate(readData(`image-${image}.js`))) ?? null;
}

export const links = {
  home: "#/",
  layer: (which = layer) => `#/layer/${encodeURIComponent(net.layers[which].name)}`,
  unit: (which = layer, one = unit) => `${links.layer(which)}/unit/${one}`,
  image: (image) => `#/image/${image}`,
};

/** One address of each kind of page. */
export const kinds = {
  home: links.home,
  layer: links.layer(),
  answers: links.layer(last),
  unit: links.unit(),
  class_unit: links.unit(last, mostActive(last)),
  image: links.image(imageWith((image) => image.twin && image.occlusion) ?? 0),
  ...(net.classes.length > 0 && { class: `#/class/${net.images[0].read}`, search: `#/search/${encodeURIComponent(word(net.classes[net.images[0].read]))}` }),
  nowhere: "#/layer/no-such-layer",
};

/** The first word of a name. */
export function word(name) {
  return name.split(/[\s,]+/)[0];
}
