// A unit: its strongest images, how they are projected, how often and where it fires.
"use strict";
{
  const { element, words, address } = explorer;

  async function unit(where) {
    const { layer, unit } = where;
    const [said, { units }] = await Promise.all([explorer.files.unit(layer, unit), explorer.files.layer(layer)]);
    const { name } = explorer.net.layers[layer];
    const className = words.unitClass(layer, unit);
    const fires = said.top.length > 0;
    const best = fires && explorer.strongest(where, said, (rule) => choose(where, rule, best));
    return {
      title: `${name}, unit ${unit}`,
      rule: best && ((rule) => pick(rule)),
      content: [
        explorer.title({
          heading: className ? `Unit ${unit}: ${className}` : `Unit ${unit}`,
          up: [[explorer.net.title, address.home()], [name, address.layer(layer)]], of: "unit", ...beside(where, units.length),
        }),
        explorer.facts(facts(layer, units[unit])),
        ...(fires ? [best.content, atPlaces(said), inEveryImage(layer, said, units[unit])] : [dead()]),
      ],
    };
  }

  function beside({ layer, unit, rule }, count) {
    const to = (other) => (other >= 0 && other < count ? address.unit(layer, other, rule) : null);
    return { before: to(unit - 1), after: to(unit + 1) };
  }

  /** Another rule for the same unit: its projections, the address and the neighbors' addresses change, the page stays. */
  function choose(where, rule, best) {
    where.rule = rule;
    best.show(rule);
    history.replaceState(null, "", address.unit(where.layer, where.unit, rule));
    const { before, after } = beside(where, explorer.net.layers[where.layer].units);
    document.querySelector('[data-step="previous"]')?.setAttribute("href", before);
    document.querySelector('[data-step="next"]')?.setAttribute("href", after);
  }

  /** The radio button of a rule, pressed from the keyboard. */
  function pick(rule) {
    document.querySelectorAll('#main input[type="radio"]')[rule]?.click();
  }

  function facts(layer, { images, max }) {
    const { sees, maps } = explorer.net.layers[layer];
    return [
      ["Fires in", `${words.count(images)} of ${words.counted(explorer.net.images.length, "image")}`],
      ["Largest activation", words.value(max)],
      ["Sees", `${words.by(sees)} px`],
      ["Map", maps.every((side) => side === 1) ? "one number" : words.by(maps)],
    ];
  }

  function atPlaces(said) {
    const where = element("section", { "aria-labelledby": "where" },
      element("h2", { id: "where" }, "Where it fires"),
      note("Over each of the nine images, the unit's map. Framed: what it sees from where it fires most."),
      explorer.activationMaps(said));
    const often = element("section", { "aria-labelledby": "often" },
      element("h2", { id: "often" }, "How strongly it fires"),
      note(`The largest activation in each of the ${words.counted(explorer.net.images.length, "image")}.`),
      explorer.histogram(said.histogram));
    return element("div", { class: "sides wide-first" }, where, often);
  }

  function inEveryImage(layer, said, { max }) {
    return element("section", { "aria-labelledby": "every" },
      element("h2", { id: "every" }, "In every image"),
      note("Strongest first. The activations are rounded to 1/255 of the largest."),
      explorer.everyImage(layer, said, max));
  }

  const note = (text) => element("p", { class: "note" }, text);

  function dead() {
    return element("p", {}, "The unit fires in none of the images, so there is nothing to show of it.");
  }

  explorer.pages.unit = unit;
}
