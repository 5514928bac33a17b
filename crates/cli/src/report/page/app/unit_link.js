// A unit as a tile with its number, and its class where it has one.
"use strict";
{
  const { element, words, address } = explorer;

  /** `shown` is the tile, `beside` what stands beside the number, `told` what is said of the unit to who asks. */
  function unitLink(layer, unit, { shown, beside, told }) {
    const name = words.unitClass(layer, unit);
    const number = element("b", {}, element("span", { class: "unseen" }, "Unit "), `${unit}`);
    return element("a", { href: address.unit(layer, unit), title: told }, shown,
      element("span", { class: "caption" }, number, beside && element("span", {}, beside)),
      name && element("span", { class: "caption name" }, words.short(name)));
  }

  explorer.unitLink = unitLink;
}
