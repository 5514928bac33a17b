// The part of the address after "#": which page is shown, and how.
"use strict";
{
  const coded = encodeURIComponent;

  const address = {
    home: () => "#/",
    layer: (layer) => `#/layer/${coded(explorer.net.layers[layer].name)}`,
    image: (image) => `#/image/${image}`,
    class: (number) => `#/class/${number}`,
    search: (text) => `#/search/${coded(text)}`,

    /** The first rule is what is shown where the address names none. */
    unit(layer, unit, rule = 0) {
      const asked = rule === 0 ? "" : `?rule=${coded(explorer.net.rules[rule])}`;
      return `${address.layer(layer)}/unit/${unit}${asked}`;
    },

    /** Which page an address means, with its numbers checked; null where there is no such page. */
    read(hash) {
      const [path, query = ""] = hash.replace(/^#\/?/, "").split("?");
      const [kind, ...rest] = path.split("/").map(decoded);
      return kind === "" ? { page: "home" } : READERS[kind]?.(rest, new URLSearchParams(query)) ?? null;
    },
  };

  const READERS = {
    layer: ([name, ...rest], query) => {
      const layer = explorer.net.layers.findIndex((one) => one.name === name);
      if (layer < 0) return null;
      return rest.length === 0 ? { page: "layer", layer } : unitOf(layer, rest, query);
    },
    image: ([text]) => numbered("image", text, explorer.net.images.length),
    class: ([text]) => numbered("class", text, explorer.net.classes.length),
    search: ([text = ""]) => ({ page: "search", text }),
  };

  function unitOf(layer, [word, text], query) {
    const found = word === "unit" ? numbered("unit", text, explorer.net.layers[layer].units) : null;
    const rule = Math.max(0, explorer.net.rules.indexOf(query.get("rule")));
    return found && { ...found, layer, rule };
  }

  function numbered(page, text, count) {
    const number = /^\d+$/.test(text) ? Number(text) : count;
    return number < count ? { page, [page]: number } : null;
  }

  function decoded(part) {
    try {
      return decodeURIComponent(part);
    } catch {
      return part;
    }
  }

  explorer.address = address;
}
