// A class: the images labeled as it, those read as it, and its unit.
"use strict";
{
  const { element, words, address } = explorer;

  function classPage({ class: number }) {
    const name = words.className(number);
    const { labeled, read } = imagesOf(number);
    return {
      title: name,
      content: [
        explorer.title({ heading: name, up: [[explorer.net.title, address.home()]] }),
        element("p", {}, classUnit(number)),
        explorer.net.images.some((image) => image.class !== null) && shown("labeled", "Labeled so", labeled),
        shown("read", "Read as this", read),
      ],
    };
  }

  function imagesOf(number) {
    const { images } = explorer.net;
    const which = (field) => images.flatMap((image, i) => (image[field] === number ? [i] : []));
    return { labeled: which("class"), read: which("read") };
  }

  /** A link to the class's unit, where the last layer shown has one. */
  function classUnit(number) {
    const last = explorer.net.layers.length - 1;
    const { name, units } = explorer.net.layers[last];
    if (!words.answers(last) || number >= units) return null;
    return element("a", { href: address.unit(last, number) }, `its unit in ${name}`);
  }

  function shown(id, heading, images) {
    return element("section", { "aria-labelledby": id }, element("h2", { id }, `${heading}: ${words.counted(images.length, "image")}`),
      images.length > 0 && explorer.wall(images, heading));
  }

  explorer.imagesOf = imagesOf;
  explorer.classUnit = classUnit;
  explorer.pages.class = classPage;
}
