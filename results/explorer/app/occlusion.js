// What hiding a part of the image does to the net's answer: a square under the pointer, the finger or the arrow keys.
"use strict";
{
  const { element, words, pictures, colors } = explorer;
  const ARROWS = { ArrowLeft: [0, -1], ArrowRight: [0, 1], ArrowUp: [-1, 0], ArrowDown: [1, 0] };

  function occlusion(image, map) {
    const [p, importance] = [explorer.bytes(map.p), explorer.bytes(map.importance)];
    const square = element("span", { class: "square" });
    const canvas = over(colors.painted(importance, map.size, true), map);
    const label = `Map of ${words.image(image)}: arrow keys move the square that hides a part`;
    const button = element("button", { type: "button", class: "occluded frame", "aria-label": label, "aria-describedby": "occlusion-reading" },
      pictures.whole(image, { alt: "", lazy: false }), canvas, square);
    const reading = element("output", { class: "reading", id: "occlusion-reading", "aria-live": "polite" });
    const show = moved(map, p, square, reading);
    follow(button, map, show);
    const opacity = explorer.range("Strength of the colors", { value: 0.7, step: 0.05 }, (value) => button.style.setProperty("--veil", value));
    return element("div", { class: "beside" }, button, element("div", { class: "told" },
      element("p", { class: "note" }, `Point at the picture or touch it, or move the square of ${words.by([map.patch, map.patch])} px with the arrow keys. `,
        `The brighter the color, the more the ${map.scale} of ${words.className(map.class)} drops with the square there.`),
      reading, colors.scale(ends(map, 1), ends(map, 0)), opacity));
  }

  /** An end of the scale: probabilities in percent, log-odds as they are. */
  function ends({ scale, range }, end) {
    return scale === "probability" ? words.percent(range[end]) : `${words.value(range[end])} (log-odds)`;
  }

  /** The canvas lies where its cells' centers are those of the squares. */
  function over(canvas, { size, first, step }) {
    const [rows, columns] = explorer.net.side;
    const percent = (pixels, of) => `${(100 * pixels) / of}%`;
    Object.assign(canvas.style, {
      top: percent(first[0] - step[0] / 2, rows), height: percent(size[0] * step[0], rows),
      left: percent(first[1] - step[1] / 2, columns), width: percent(size[1] * step[1], columns),
    });
    return canvas;
  }

  /** Shows the square at a position [row, column] and says what the net reads then; starts where it hurts most. */
  function moved(map, p, square, reading) {
    const { size, first, step, patch } = map;
    const [height, width] = explorer.net.side;
    const state = { at: null };
    const show = (at) => {
      state.at = at.map((cell, axis) => Math.min(size[axis] - 1, Math.max(0, cell)));
      const index = state.at[0] * size[1] + state.at[1];
      const [y, x] = state.at.map((cell, axis) => first[axis] + cell * step[axis]);
      square.style.cssText = `top:${(100 * (y - patch / 2)) / height}%;left:${(100 * (x - patch / 2)) / width}%;width:${(100 * patch) / width}%;height:${(100 * patch) / height}%`;
      reading.replaceChildren(element("b", {}, words.percent(p[index] / 255)), ` ${words.className(map.class)}`, element("br"), `read as ${words.className(map.read[index])}`);
    };
    const least = p.indexOf(Math.min(...p));
    show([Math.floor(least / size[1]), least % size[1]]);
    return { show, state };
  }

  function follow(button, { size, first, step }, { show, state }) {
    const follows = (event) => {
      const box = button.querySelector("img").getBoundingClientRect();
      const parts = [(event.clientY - box.top) / box.height, (event.clientX - box.left) / box.width];
      show(parts.map((part, axis) => Math.round((part * explorer.net.side[axis] - first[axis]) / step[axis])));
    };
    button.addEventListener("pointermove", follows);
    button.addEventListener("pointerdown", follows);
    button.addEventListener("keydown", (event) => {
      const by = ARROWS[event.key];
      if (!by) return;
      event.preventDefault();
      event.stopPropagation();
      show(state.at.map((cell, axis) => cell + by[axis]));
    });
  }

  explorer.occlusion = occlusion;
}
