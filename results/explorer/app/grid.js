// A list of links that is one stop for the Tab key; the arrow keys move within it.
"use strict";
{
  function grid(list) {
    list.addEventListener("keydown", (event) => {
      if (!event.key.startsWith("Arrow")) return;
      event.preventDefault();
      event.stopPropagation();
      const to = neighbor(list, event.target.closest("li"), event.key);
      if (to) link(to).focus();
    });
    list.addEventListener("focusin", (event) => stopAt(list, event.target));
    links(list).forEach((one, i) => one.setAttribute("tabindex", i === 0 ? "0" : "-1"));
    return list;
  }

  const link = (item) => item.querySelector("a");
  const links = (list) => [...list.children].map(link).filter(Boolean);

  function stopAt(list, focused) {
    list.querySelectorAll('a[tabindex="0"]').forEach((one) => one.setAttribute("tabindex", "-1"));
    focused.setAttribute("tabindex", "0");
  }

  function neighbor(list, item, key) {
    const across = columns(list);
    const by = { ArrowLeft: -1, ArrowRight: 1, ArrowUp: -across, ArrowDown: across }[key];
    return list.children[[...list.children].indexOf(item) + by] ?? null;
  }

  /** How many items the first row holds. */
  function columns(list) {
    const items = [...list.children];
    const next = items.findIndex((item) => item.offsetTop > items[0].offsetTop);
    return next < 0 ? items.length : next;
  }

  explorer.grid = grid;
}
