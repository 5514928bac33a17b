// One of a few, as radio buttons.
"use strict";
{
  const { element } = explorer;
  let groups = 0;

  /** `options` are [value, text]; `chosen` is called with the value. */
  function choice(legend, options, value, chosen) {
    const name = `choice-${(groups += 1)}`;
    const buttons = options.map(([one, text]) => element("label", {},
      element("input", { type: "radio", name, value: one, checked: one === value, onchange: () => chosen(one) }),
      element("span", {}, text)));
    return element("fieldset", { class: "choice" }, element("legend", {}, legend), element("span", { class: "options" }, buttons));
  }

  /** A range from 0 to 1 with its name; `moved` is called with the value. */
  function range(label, { value, step }, moved) {
    const input = element("input", { type: "range", min: 0, max: 1, step, value });
    input.addEventListener("input", () => moved(Number(input.value)));
    return element("label", { class: "range" }, element("span", {}, label), input);
  }

  explorer.choice = choice;
  explorer.range = range;
}
