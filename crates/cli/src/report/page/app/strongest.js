// The nine strongest: what the unit sees, and what of it made the unit fire, by one of several rules.
"use strict";
{
  const { element, words, pictures } = explorer;

  const RULES = {
    deconvnet: "What of the patch excites the unit, by the deconvnet: the rectifiers pass back what is positive.",
    guided: "What of the patch excites the unit, by guided backpropagation: the rectifiers pass back what is positive, where they let through.",
    gradient: "Along what the activation grows fastest: its true gradient.",
  };

  /** `show(rule)` switches the projections of the section to another rule. */
  function strongest({ layer, unit, rule }, { top }, switched) {
    const { rules } = explorer.net;
    const projections = top.map((_, rank) => pictures.tile(`data/unit-${layer}-${unit}.jpg`, [rule, rank], [rules.length, 9], { role: "img" }));
    const explained = element("p", { class: "note", "aria-live": "polite" });
    const show = (number) => {
      explained.textContent = RULES[rules[number]] ?? "";
      projections.forEach((tile, rank) => turn(tile, number, rank, top[rank].image));
    };
    show(rule);
    const options = rules.map((name, number) => [String(number), name]);
    const buttons = explorer.choice("Projection (keys 1 to " + rules.length + ")", options, String(rule), (value) => switched(Number(value)));
    const cards = top.map((one, rank) => card(one, rank, projections[rank]));
    const content = element("section", { "aria-labelledby": "strongest" },
      element("h2", { id: "strongest" }, "The nine strongest"), buttons, explained, element("ol", { class: "strongest" }, cards));
    return { content, show };
  }

  function turn(tile, rule, rank, image) {
    const { rules, images } = explorer.net;
    const down = rules.length > 1 ? rule / (rules.length - 1) : 0;
    tile.style.backgroundPositionY = `${100 * down}%`;
    tile.dataset.rule = rules[rule];
    tile.setAttribute("aria-label", `Projection ${rank + 1} by ${rules[rule]}, from ${images[image].name}`);
  }

  function card({ image, activation, region }, rank, projection) {
    const alt = `Patch ${rank + 1}: ${region[2]} × ${region[3]} pixels of ${words.image(image)}`;
    return element("li", {}, element("a", { href: explorer.address.image(image), title: words.image(image) }, pictures.patch(image, region, alt)),
      projection, element("span", { class: "caption" }, words.value(activation)));
  }

  explorer.strongest = strongest;
}
