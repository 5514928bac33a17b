// The page follows the address.
"use strict";
{
  const { element } = explorer;
  const main = document.getElementById("main");
  let turn = 0;

  async function start() {
    explorer.listenToHelp();
    try {
      explorer.net = await explorer.files.index();
    } catch (error) {
      show(failure(error));
      return;
    }
    introduce();
    explorer.listenToSearch();
    explorer.listenToKeys();
    window.addEventListener("hashchange", () => turnTo(true));
    await turnTo(false);
  }

  function introduce() {
    const { title, made_with: maker, images_name: from } = explorer.net;
    document.getElementById("home").textContent = title;
    document.getElementById("made-with").textContent = `Made with ${maker} from ${from}. Pictures went through JPEG; numbers are those of the exact arrays.`;
  }

  /** Shows the page of the address, unless another was asked for meanwhile. */
  async function turnTo(moved) {
    const mine = (turn += 1);
    const page = await pageOf(location.hash).catch(failure);
    if (mine === turn) show(page, moved);
  }

  async function pageOf(hash) {
    const where = explorer.address.read(hash);
    return where ? explorer.pages[where.page](where) : nowhere(hash);
  }

  function show(page, moved = false) {
    explorer.shown = page;
    main.replaceChildren(...page.content.filter(Boolean));
    const site = explorer.net?.title ?? "Explorer";
    document.title = page.title ? `${page.title} · ${site}` : `${site} · Explorer`;
    if (!moved || page.keepsFocus) return;
    document.getElementById("search").value = "";
    window.scrollTo(0, 0);
    main.querySelector("h1")?.focus({ preventScroll: true });
  }

  function nowhere(hash) {
    return problem("There is no such page", `Nothing here is called ${decodeURI(hash)}.`);
  }

  /** A message that says which file is missing; what is no missing file is a mistake of the page's and goes to the console too. */
  function failure(error) {
    if (!(error instanceof explorer.files.MissingFile)) console.error(error);
    return problem("This page cannot be shown", error.message);
  }

  function problem(heading, message) {
    return { title: heading, content: [
      element("h1", { tabindex: "-1" }, heading),
      element("p", { role: "alert", class: "problem" }, message),
      element("p", {}, element("a", { href: "#/", "data-up": true }, "Back to the net")),
    ] };
  }

  start();
}
