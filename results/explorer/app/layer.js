// A layer: its units as tiles, each the patch that excites it most.
"use strict";
{
  const { element, words, pictures, address } = explorer;
  const ORDERS = {
    number: { text: "number", by: (a, b) => a.unit - b.unit },
    images: { text: "images", by: (a, b) => b.images - a.images || a.unit - b.unit },
    max: { text: "maximum", by: (a, b) => b.max - a.max || a.unit - b.unit },
  };

  async function layer({ layer }) {
    const { units } = await explorer.files.layer(layer);
    const { name } = explorer.net.layers[layer];
    const holder = element("div", {}, tiles(layer, units, "number"));
    const options = Object.entries(ORDERS).map(([order, { text }]) => [order, text]);
    return {
      title: name,
      content: [
        explorer.title({ heading: name, up: [[explorer.net.title, address.home()]], of: "layer", ...beside(layer) }),
        explorer.facts(facts(layer, units)),
        element("section", { "aria-labelledby": "units" },
          element("h2", { id: "units" }, "Units"),
          element("p", { class: "note" }, "Each tile is the part of an image that excites the unit most, as large as the unit sees. ",
            "Sorted by number, by in how many images they fire, or by their largest activation."),
          explorer.choice("Sort by", options, "number", (order) => holder.replaceChildren(tiles(layer, units, order))),
          holder),
      ],
    };
  }

  function beside(layer) {
    const to = (other) => (explorer.net.layers[other] ? address.layer(other) : null);
    return { before: to(layer - 1), after: to(layer + 1) };
  }

  function facts(layer, units) {
    const { all, maps, sees } = explorer.net.layers[layer];
    const dead = units.filter((unit) => unit.images === 0).length;
    return [
      ["Units", units.length < all ? `the first ${words.count(units.length)} of ${words.count(all)}` : words.count(all)],
      ["Maps", maps.every((side) => side === 1) ? "one number each" : words.by(maps)],
      ["A unit sees", `${words.by(sees)} px`],
      ["Never fire", words.count(dead)],
    ];
  }

  function tiles(layer, units, order) {
    const sorted = units.map((facts, unit) => ({ ...facts, unit })).sort(ORDERS[order].by);
    const kind = words.answers(layer) ? "units named" : "units";
    return explorer.grid(element("ul", { class: kind, "aria-label": `Units of ${explorer.net.layers[layer].name}` },
      sorted.map((unit) => element("li", {}, link(layer, unit, order)))));
  }

  function link(layer, { unit, images, max }, order) {
    const shown = images === 0 ? element("span", { class: "sprite dead" }, "dead") : pictures.unitTile(layer, unit);
    const fires = images === 0 ? "fires in no image" : `fires in ${words.counted(images, "image")}, at most ${words.value(max)}`;
    const beside = { number: null, images: words.count(images), max: words.value(max) }[order];
    return explorer.unitLink(layer, unit, { shown, beside, told: fires });
  }

  explorer.pages.layer = layer;
}
