// How strongly a unit fires, over all images.
"use strict";
{
  const { element, drawn, words } = explorer;
  const SIZE = { width: 340, height: 190, left: 40, right: 14, top: 10, bottom: 40 };

  function histogram({ counts, low, high }) {
    const most = Math.max(1, ...counts);
    const images = counts.reduce((sum, count) => sum + count, 0);
    const label = `Histogram of ${words.counted(images, "image")} by the unit's largest activation, from ${words.value(low)} to ${words.value(high)}; `
      + `at most ${words.counted(most, "image")} in one of ${counts.length} bins.`;
    return element("figure", { class: "histogram" },
      drawn("svg", { viewBox: `0 0 ${SIZE.width} ${SIZE.height}`, width: SIZE.width, height: SIZE.height, role: "img", "aria-label": label },
        counts.map((count, i) => bar(count, i, { counts, low, high, most })), heights(most), values(low, high)));
  }

  const right = SIZE.width - SIZE.right;
  const bottom = SIZE.height - SIZE.bottom;
  const x = (part) => SIZE.left + part * (right - SIZE.left);
  const y = (part) => bottom - part * (bottom - SIZE.top);

  function bar(count, i, { counts, low, high, most }) {
    const value = (bin) => words.value(low + (bin / counts.length) * (high - low));
    return drawn("rect", { class: "count", x: x(i / counts.length) + 0.5, y: y(count / most), width: x(1 / counts.length) - x(0) - 1, height: bottom - y(count / most) },
      drawn("title", {}, `${value(i)} to ${value(i + 1)}: ${words.counted(count, "image")}`));
  }

  function heights(most) {
    const marks = most > 1 ? [0, Math.round(most / 2), most] : [0, most];
    return marks.map((count) => [
      drawn("line", { class: count === 0 ? "axis" : "rule", x1: SIZE.left, x2: right, y1: y(count / most), y2: y(count / most) }),
      drawn("text", { x: SIZE.left - 6, y: y(count / most) + 4, "text-anchor": "end" }, words.count(count)),
    ]);
  }

  function values(low, high) {
    const ends = [[0, "start"], [0.5, "middle"], [1, "end"]];
    return [
      ...ends.map(([part, anchor]) => drawn("text", { x: x(part), y: bottom + 16, "text-anchor": anchor }, words.value(low + part * (high - low)))),
      drawn("text", { x: x(0.5), y: bottom + 34, "text-anchor": "middle", class: "name" }, "largest activation"),
    ];
  }

  explorer.histogram = histogram;
}
