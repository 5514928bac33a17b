// Probabilities as bars with numbers.
"use strict";
{
  const { element, words } = explorer;

  /** Rows for these classes; `shown.update([{class, p}])` moves their bars. A class that is not given has no number. */
  function bars(classes, marked = null) {
    const rows = classes.map((number) => row(number, number === marked));
    const list = element("ul", { class: "bars" }, rows.map((one) => one.item));
    const update = (read) => rows.forEach((one) => one.show(read.find((part) => part.class === one.number)?.p));
    return { list, update };
  }

  function row(number, marked) {
    const length = element("span", { class: "length" });
    const value = element("span", { class: "value" });
    const name = element("a", { href: explorer.address.class(number), class: "name" }, words.className(number));
    const item = element("li", { class: marked && "marked" }, name, value, element("span", { class: "track", "aria-hidden": "true" }, length));
    const show = (p) => {
      length.style.transform = `scaleX(${p ?? 0})`;
      value.textContent = p === undefined ? "–" : words.percent(p);
    };
    return { number, item, show };
  }

  explorer.bars = bars;
}
