// An image: its class, what that rests on, what is like it, and an adversarial example.
"use strict";
{
  const { element, words, pictures, address } = explorer;

  async function image({ image }) {
    const said = await explorer.files.image(image);
    const { name, class: label } = explorer.net.images[image];
    const shows = words.hasClasses() && label !== null ? words.className(label) : null;
    return {
      title: shows ? `${words.short(shows)}, ${name}` : name,
      content: [
        explorer.title({ heading: shows ?? name, below: shows && name, up: [[explorer.net.title, address.home()]], of: "image", ...beside(image) }),
        answer(image, said),
        section("occlusion", "What the answer rests on", said.occlusion ? explorer.occlusion(image, said.occlusion) : missing("No occlusion map was made of this image.")),
        section("twin", "An adversarial example", said.twin ? explorer.twin(image, said.twin) : missing(untwinned())),
        section("nearest", "Nearest images", note("By the cosine between their features."), explorer.nearest(said.nearest)),
        section("units", "Units it excites most", note("Those that it brings nearest to the largest activation that any image gives them."), explorer.excited(said.units)),
      ],
    };
  }

  function beside(image) {
    const to = (other) => (explorer.net.images[other] ? address.image(other) : null);
    return { before: to(image - 1), after: to(image + 1) };
  }

  function answer(image, { top5 }) {
    return element("section", { class: "beside", "aria-labelledby": "read" },
      element("div", { class: "frame" }, pictures.whole(image, { lazy: false })),
      element("div", { class: "told" }, element("h2", { id: "read" }, words.hasClasses() ? "What the net reads" : "What the net says"), ...verdict(image, top5)));
  }

  function verdict(image, top5) {
    if (!words.hasClasses() || !top5?.length) return [missing("The net names no classes, so it has no answer to show.")];
    const { class: label, read } = explorer.net.images[image];
    const { list, update } = explorer.bars(top5.map((one) => one.class), label);
    update(top5);
    return [label === null ? note("It has no true label.") : judged(label, read), list];
  }

  function judged(label, read) {
    const right = label === read;
    const told = right ? "that is what it is labeled." : `it is labeled ${words.className(label)}.`;
    return element("p", { class: right ? "right" : "wrong" }, element("b", {}, right ? "Right: " : "Misread: "), told);
  }

  function untwinned() {
    return words.hasClasses() ? "No adversarial example of this image was found." : "The net names no classes, so there is no answer to change.";
  }

  const section = (id, heading, ...content) => element("section", { "aria-labelledby": id }, element("h2", { id }, heading), content);
  const note = (text) => element("p", { class: "note" }, text);
  const missing = (text) => element("p", { class: "missing" }, text);

  explorer.pages.image = image;
}
