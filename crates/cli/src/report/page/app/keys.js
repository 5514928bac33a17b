// Keys that work everywhere but in fields where one types.
"use strict";
{
  const KEYS = {
    "/": () => document.getElementById("search").focus(),
    "?": () => explorer.openHelp(),
    Escape: () => follow('[data-up]'),
    ArrowLeft: () => follow('[data-step="previous"]'),
    ArrowRight: () => follow('[data-step="next"]'),
  };

  function listen() {
    document.addEventListener("keydown", (event) => {
      if (event.ctrlKey || event.metaKey || event.altKey || document.querySelector("dialog[open]")) return;
      if (event.target.matches("input") && !leaves(event)) return;
      const rule = /^[1-9]$/.test(event.key) ? explorer.shown?.rule : null;
      if (rule) rule(Number(event.key) - 1);
      else if (KEYS[event.key]) {
        event.preventDefault();
        KEYS[event.key]();
      }
    });
  }

  /** Esc works in every field, digits and letters in those where nothing is typed. */
  function leaves({ key, target }) {
    return key === "Escape" || (target.type !== "search" && !key.startsWith("Arrow"));
  }

  function follow(selector) {
    document.querySelector(`#main ${selector}`)?.click();
  }

  explorer.listenToKeys = listen;
}
