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
    explorer.listenToReturns();
    window.addEventListener("hashchange", (event) => turnTo(new URL(event.oldURL).hash));
    await turnTo(null);
  }

  function introduce() {
    const { made_with: maker, images_name: from, remarks } = explorer.net;
    const made = `Made with ${maker} from ${from}. Pictures went through JPEG; numbers are those of the exact arrays.`;
    document.getElementById("made-with").replaceChildren(...[made, ...remarks].map((text) => element("p", {}, text)));
  }

  /** Shows the page of the address, unless another was asked for meanwhile. */
  async function turnTo(from) {
    const mine = (turn += 1);
    const back = from !== null && explorer.leave(from);
    const page = await pageOf(location.hash).catch(failure);
    if (mine !== turn) return;
    show(page);
    if (from !== null && !page.keepsFocus) enter(from, back);
  }

  async function pageOf(hash) {
    const where = explorer.address.read(hash);
    return where ? explorer.pages[where.page](where) : nowhere(hash);
  }

  function show(page) {
    explorer.shown = page;
    main.dataset.address = location.hash;
    main.replaceChildren(...page.content.filter(Boolean));
    document.title = [page.title, explorer.net?.title, "Glassbox explorer"].filter(Boolean).join(" · ");
  }

  /** A page that one comes to begins at its heading, one that one comes back to where it was left. */
  function enter(from, back) {
    document.getElementById("search").value = "";
    if (back && explorer.resume(main, location.hash, from)) return;
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
