// Which keys do what.
"use strict";
{
  const { element } = explorer;
  const KEYS = [
    ["/", "search"],
    ["← →", "the previous or next layer, unit or image; within a list, its neighbors"],
    ["↑ ↓", "within a list, the row above or below"],
    ["Enter", "open what has the focus"],
    ["Esc", "one step up, toward the net"],
    ["1 2 3", "on a unit's page, the projection's rule"],
    ["?", "this help"],
  ];

  function listen() {
    const dialog = document.getElementById("help");
    const close = element("button", { type: "button", onclick: () => dialog.close() }, "Close");
    dialog.append(element("h2", { id: "help-title" }, "Keys"),
      element("dl", { class: "keys" }, KEYS.map(([key, what]) => element("div", {}, element("dt", {}, key.split(" ").map((one) => element("kbd", {}, one))), element("dd", {}, what)))),
      element("p", { class: "note" }, "On a map of what the answer rests on, the arrow keys move the square."), close);
    document.getElementById("help-button").addEventListener("click", open);
  }

  function open() {
    document.getElementById("help").showModal();
  }

  explorer.listenToHelp = listen;
  explorer.openHelp = open;
}
