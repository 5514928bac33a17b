// Where a unit fires in the images that excite it most: their maps over them.
"use strict";
{
  const { element, words, pictures, colors } = explorer;

  function activationMaps({ top, maps, map }) {
    const reading = element("output", { class: "reading", "aria-live": "polite" }, "Point at a picture to read the activation there.");
    const list = element("ul", { class: "maps" },
      top.map((one, rank) => element("li", {}, figure(one, explorer.bytes(maps[rank]), map, reading))));
    const opacity = explorer.range("Strength of the colors", { value: 0.8, step: 0.05 }, (value) => list.style.setProperty("--veil", value));
    return element("div", {}, element("div", { class: "controls" }, opacity, colors.scale("0", "largest in the image")), reading, list);
  }

  function figure(one, values, size, reading) {
    const { image, activation } = one;
    const canvas = colors.painted(values, size, true);
    const frame = element("span", { class: "frame" }, pictures.whole(image), canvas, pictures.frame(one.region));
    frame.addEventListener("pointermove", (event) => {
      const value = values[index(event, frame, size)] / 255;
      reading.textContent = `${words.value(value * activation)} here in ${words.image(image)} (largest ${words.value(activation)})`;
    });
    return element("a", { href: explorer.address.image(image) }, frame, element("span", { class: "caption" }, words.value(activation)));
  }

  /** Which cell of a map over the whole frame the pointer is in. */
  function index(event, frame, [height, width]) {
    const box = frame.getBoundingClientRect();
    const cell = (at, length, cells) => Math.min(cells - 1, Math.max(0, Math.floor((at / length) * cells)));
    return cell(event.clientY - box.top, box.height, height) * width + cell(event.clientX - box.left, box.width, width);
  }

  explorer.activationMaps = activationMaps;
}
