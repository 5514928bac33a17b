// Who comes back to a page finds it where it was left, with the focus on the link that was followed.
"use strict";
{
  const left = new Map();
  let followed = false;

  function listen() {
    history.scrollRestoration = "manual";
    document.addEventListener("click", (event) => { followed = event.target.closest("a:not([data-up])") !== null; });
  }

  /** Remembers the page that is left; true where this is a way back rather than a link further on. */
  function leave(address) {
    left.set(address, window.scrollY);
    const back = !followed;
    followed = false;
    return back;
  }

  /** Scrolls to where the page was left and gives the focus to the link to `from`; false where there is none. */
  function resume(main, address, from) {
    const link = [...main.querySelectorAll("a")].find((one) => one.getAttribute("href") === from);
    window.scrollTo(0, left.get(address) ?? 0);
    link?.focus({ preventScroll: left.has(address) });
    return link !== undefined;
  }

  explorer.listenToReturns = listen;
  explorer.leave = leave;
  explorer.resume = resume;
}
