// What an image has in common with others, and the units that it excites.
"use strict";
{
  const { element, words, pictures, address } = explorer;

  function nearest(list) {
    const cosine = new Map(list.map((one) => [one.image, one.cosine]));
    const wall = explorer.wall(list.map((one) => one.image), "Nearest images",
      (image) => element("span", { class: "caption" }, cosine.get(image).toFixed(2)));
    wall.classList.add("large");
    return wall;
  }

  /** The last layers first: they say most about what is seen. */
  function excited(units) {
    const layers = [...new Set(units.map((one) => one.layer))].sort((a, b) => b - a);
    return element("div", { class: "excited" }, layers.map((layer) => row(layer, units.filter((one) => one.layer === layer))));
  }

  function row(layer, units) {
    const { name } = explorer.net.layers[layer];
    const tiles = units.map((one) => element("li", {}, link(layer, one)));
    return element("div", { class: words.answers(layer) ? "excited-row answers" : "excited-row" },
      element("h3", {}, element("a", { href: address.layer(layer) }, name)),
      explorer.grid(element("ul", { class: "units", "aria-label": `Units of ${name}` }, tiles)));
  }

  function link(layer, { unit, activation, part }) {
    const percent = `${Math.round(100 * part)} %`;
    const told = `${words.value(activation)}, ${percent} of its largest`;
    return explorer.unitLink(layer, unit, { shown: pictures.unitTile(layer, unit), beside: percent, told });
  }

  explorer.nearest = nearest;
  explorer.excited = excited;
}
