// The net as a drawing: the more maps, the wider the box, from the image at the top to the answer at the bottom.
"use strict";
{
  const { drawn, words } = explorer;
  const ROW = 40;
  const HEIGHT = 26;
  const BRANCH = 168;
  const LETTER = 7.2;

  function netDrawing() {
    const boxes = explorer.netBoxes(explorer.net.nodes);
    const width = Math.max(2, ...boxes.map((box) => box.across)) * BRANCH;
    const height = (Math.max(...boxes.map((box) => box.row)) + 1) * ROW;
    boxes.forEach((box) => measure(box, boxes, width));
    const lines = boxes.flatMap((box) => box.inputs.map((input) => line(boxes[input], box, boxes)));
    return drawn("svg", { width, height, viewBox: `0 0 ${width} ${height}`, class: "net", role: "group", "aria-label": "The net, from the image down to its answer" },
      lines, boxes.map(shown));
  }

  function measure(box, boxes, width) {
    const room = width / box.across - 12;
    const most = Math.max(...boxes.map((other) => Math.log2(1 + other.shape[0])));
    box.label = short(box, boxes);
    box.detail = box.layer === null && box.row > 0 ? words.count(box.shape[0]) : words.by(box.shape);
    const least = LETTER * (box.label.length + box.detail.length) + 28;
    box.width = Math.min(room, Math.max(least, (Math.log2(1 + box.shape[0]) / most) * room));
    box.x = box.place * width;
    box.y = box.row * ROW + (ROW - HEIGHT) / 2;
  }

  /** A part goes without its module's name where a box below bears that. */
  function short({ name, across }, boxes) {
    const letters = across > 1 ? 13 : 24;
    const [module, part] = name.split(/[./](?=[^./]*$)/);
    const text = part !== undefined && boxes.some((box) => box.name === module) ? part : exported(name);
    return text.length <= letters ? text : `…${text.slice(1 - letters)}`;
  }

  /** `/layer1/layer1.0/conv1/Conv` is the convolution layer1.0.conv1: no operator's name, and no module that the next one repeats. */
  function exported(name) {
    const parts = name.split("/").filter((part) => part !== "");
    if (parts.length > 1 && /^[A-Z][A-Za-z]*(_\d+)?$/.test(parts.at(-1))) parts.pop();
    return parts.filter((part, i) => !parts[i + 1]?.startsWith(`${part}.`)).join(".") || name;
  }

  function line(from, to, boxes) {
    const [y0, y1] = [from.y + HEIGHT, to.y];
    const crossed = boxes.some((box) => box.row > from.row && box.row < to.row && Math.abs(box.x - (from.x + to.x) / 2) < box.width / 2);
    if (crossed) return aside(from, to, y0, y1);
    const middle = (y0 + y1) / 2;
    return drawn("path", { class: "edge", d: `M${from.x} ${y0}C${from.x} ${middle} ${to.x} ${middle} ${to.x} ${y1}` });
  }

  /** A line that leaves its column to pass the boxes between. */
  function aside(from, to, y0, y1) {
    const x = Math.max(from.x + from.width / 2, to.x + to.width / 2) + 4;
    const [start, end] = [y0 - HEIGHT / 2, y1 + HEIGHT / 2];
    return drawn("path", { class: "edge", d: `M${from.x + from.width / 2} ${start}H${x}V${end}H${to.x + to.width / 2}` });
  }

  function shown(box) {
    const parts = [
      drawn("rect", { x: box.x - box.width / 2, y: box.y, width: box.width, height: HEIGHT, rx: 5 }),
      text(box, box.x - box.width / 2 + 9, "start", `${box.label} `, "label"),
      text(box, box.x + box.width / 2 - 9, "end", box.detail, "detail"),
    ];
    if (box.layer === null) return drawn("g", { class: "box" }, drawn("title", {}, `${box.name}: ${box.kinds.join(", ")}, ${words.by(box.shape)}`), parts);
    const { name, units } = explorer.net.layers[box.layer];
    return drawn("a", { class: "box layer", href: explorer.address.layer(box.layer), "aria-label": `${box.label} ${box.detail}: layer ${name}, ${words.counted(units, "unit")}` }, parts);
  }

  function text(box, x, anchor, content, kind) {
    return drawn("text", { x, y: box.y + HEIGHT / 2 + 4, "text-anchor": anchor, class: kind }, content);
  }

  explorer.netDrawing = netDrawing;
}
