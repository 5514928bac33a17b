// Viridis, which everybody sees as growing from dark to light, and maps painted in it.
"use strict";
{
  const ANCHORS = ["440154", "482878", "3e4a89", "31688e", "26828e", "1f9e89", "35b779", "6ece58", "b5de2b", "fde725"]
    .map((hex) => [0, 2, 4].map((at) => parseInt(hex.slice(at, at + 2), 16)));

  /** Red, green and blue for a value from 0 to 1. */
  function viridis(value) {
    const at = Math.min(Math.max(value, 0), 1) * (ANCHORS.length - 1);
    const low = Math.min(Math.floor(at), ANCHORS.length - 2);
    return [0, 1, 2].map((c) => ANCHORS[low][c] + (at - low) * (ANCHORS[low + 1][c] - ANCHORS[low][c]));
  }

  /** A canvas with one pixel for each byte; `veil` makes low values see-through. */
  function painted(values, [height, width], veil = false) {
    const canvas = explorer.element("canvas", { width, height, "aria-hidden": "true" });
    const context = canvas.getContext("2d");
    const pixels = context.createImageData(width, height);
    values.forEach((byte, i) => pixels.data.set([...viridis(byte / 255), veil ? byte : 255], 4 * i));
    context.putImageData(pixels, 0, 0);
    return canvas;
  }

  /** A strip of the colors with what its ends mean. */
  function scale(low, high) {
    const strip = painted(Uint8Array.from({ length: 256 }, (_, i) => i), [1, 256]);
    return explorer.element("p", { class: "scale" }, explorer.element("span", {}, low), strip, explorer.element("span", {}, high));
  }

  explorer.colors = { viridis, painted, scale };
}
