// The first page: the net and the images.
"use strict";
{
  const { element, words } = explorer;

  function home() {
    const { title, layers, images } = explorer.net;
    return {
      title: null,
      content: [
        element("header", { class: "title" }, element("h1", { tabindex: "-1" }, title), element("p", { class: "lead" }, madeOf())),
        element("div", { class: "sides" },
          element("section", { "aria-labelledby": "net" },
            element("h2", { id: "net" }, "The net"),
            element("button", { type: "button", class: "down", onclick: () => document.getElementById("images").scrollIntoView() }, "Down to the images"),
            element("p", { class: "note" }, `Boxes in color are layers to look into: ${words.counted(layers.length, "layer")} with ${words.counted(units(), "unit")}.`),
            element("div", { class: "scrolls", tabindex: "0", role: "region", "aria-label": "Drawing of the net" }, explorer.netDrawing())),
          element("section", { "aria-labelledby": "images" },
            element("h2", { id: "images" }, "The images"), ...imagesShown(images))),
      ],
    };
  }

  const units = () => explorer.net.layers.reduce((sum, layer) => sum + layer.units, 0);

  function madeOf() {
    const { images, images_name: from, side } = explorer.net;
    return `What its units respond to, and what its answers rest on, in ${words.counted(images.length, "image")} of ${words.by(side)} pixels from ${from}.`;
  }

  function imagesShown(images) {
    const all = images.map((_, image) => image);
    const labeled = all.filter((image) => images[image].class !== null);
    if (labeled.length === 0) return [element("p", { class: "note" }, unlabeled()), explorer.wall(all, "All images", predicted)];
    const wrong = labeled.filter((image) => images[image].class !== images[image].read);
    const right = labeled.filter((image) => images[image].class === images[image].read);
    const holder = element("div", {}, explorer.wall(all, "All images", predicted));
    const kinds = { all: [all, "All images"], right: [right, "Images read right"], misread: [wrong, "Misread images"] };
    const options = Object.entries(kinds).map(([kind, [which]]) => [kind, `${kind} ${words.count(which.length)}`]);
    return [
      element("p", { class: "note" }, `${words.count(right.length)} of ${words.count(labeled.length)} are read right; × marks those misread.`),
      explorer.choice("Show", options, "all", (kind) => holder.replaceChildren(explorer.wall(...kinds[kind], predicted))),
      holder,
    ];
  }

  /** What the net says of an image, under it. */
  function predicted(image) {
    const { read, p } = explorer.net.images[image];
    if (!words.hasClasses() || read === null) return null;
    return element("span", { class: "predicted" }, `${words.short(words.className(read))} ${words.percent(p)}`);
  }

  function unlabeled() {
    return words.hasClasses() ? "There are no true labels, so none is marked as misread." : "The net names no classes, so the images have no answers.";
  }

  explorer.pages.home = home;
}
