// Where a unit fires most in every image, the strongest images first, some at a time.
"use strict";
{
  const { element, words, pictures } = explorer;
  const AT_A_TIME = 48;

  function everyImage(layer, { top, strength, place }, max) {
    const { maps } = explorer.net.layers[layer];
    const strengths = explorer.bytes(strength);
    const places = explorer.pairs(place);
    const field = explorer.receptiveField(layer, top);
    const sorted = [...strengths.keys()].sort((a, b) => strengths[b] - strengths[a] || a - b);
    const items = sorted.map((image) => () => {
      const at = [Math.floor(places[image] / maps[1]), places[image] % maps[1]];
      return item(image, strengths[image] === 0 ? null : field(at), (strengths[image] / 255) * max);
    });
    return growing(items);
  }

  function item(image, region, activation) {
    const caption = region === null ? "0" : `≈ ${words.value(activation)}`;
    const link = pictures.thumbnail(image, element("span", { class: "caption" }, caption));
    if (region !== null) link.querySelector(".frame").append(pictures.frame(region));
    return element("li", {}, link);
  }

  /** A list that shows more of its items when asked to. */
  function growing(items) {
    const list = explorer.grid(element("ul", { class: "wall", "aria-label": "Every image, the strongest first" }));
    const more = element("button", { type: "button" });
    let shown = 0;
    const show = (count) => {
      list.append(...items.slice(shown, shown + count).map((make) => make()));
      const first = list.children[shown]?.querySelector("a");
      list.querySelectorAll("a").forEach((link) => link.setAttribute("tabindex", link === first ? "0" : "-1"));
      shown += count;
      more.textContent = `Show more (${words.count(Math.max(0, items.length - shown))} are left)`;
      more.hidden = shown >= items.length;
      return first;
    };
    more.addEventListener("click", () => show(4 * AT_A_TIME)?.focus());
    show(AT_A_TIME);
    return element("div", {}, list, more);
  }

  explorer.everyImage = everyImage;
}
