// What stands at the top of a page: the way up, the heading, the neighbors.
"use strict";
{
  const { element } = explorer;

  /** `up` are [text, address] from the net downward; `before` and `after` are addresses or null; `below` stands under the heading. */
  function title({ heading, below = null, up, before = null, after = null, of = "" }) {
    return element("header", { class: "title" },
      element("nav", { "aria-label": "Where this is" }, element("ol", { class: "way" },
        up.map(([text, href], i) => element("li", {}, element("a", { href, "data-up": i === up.length - 1 }, text))))),
      element("div", { class: "heading" }, element("h1", { tabindex: "-1" }, heading), neighbors(before, after, of)),
      below && element("p", { class: "lead" }, below));
  }

  function neighbors(before, after, of) {
    if (!of) return null;
    return element("nav", { "aria-label": `Other ${of}s`, class: "neighbors" },
      step(before, `Previous ${of}`, "←", "previous"), step(after, `Next ${of}`, "→", "next"));
  }

  function step(href, name, arrow, which) {
    if (href === null) return element("span", { class: "round none", "aria-hidden": "true" }, arrow);
    return element("a", { class: "round", href, "aria-label": name, "data-step": which }, arrow);
  }

  /** Names and values, side by side. */
  function facts(pairs) {
    return element("dl", { class: "facts" }, pairs.map(([name, value]) => element("div", {}, element("dt", {}, name), element("dd", {}, value))));
  }

  explorer.title = title;
  explorer.facts = facts;
}
