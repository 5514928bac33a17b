// Which nodes of the net are drawn as one box, and in which row and column it lies.
"use strict";
{
  const MERGED = new Set(["relu", "leaky_relu", "clip", "sigmoid", "tanh", "dropout", "identity", "affine", "flatten", "reshape", "softmax", "log_softmax"]);

  /** Boxes in topological order: { name, kinds, shape, layer, inputs (numbers of boxes), row, column, across (boxes in its row) }. */
  function netBoxes(nodes) {
    const boxes = merged(nodes);
    boxes.forEach((box) => { box.row = Math.max(-1, ...box.inputs.map((input) => boxes[input].row)) + 1; });
    rows(boxes).forEach((row) => arrange(row, boxes));
    return boxes;
  }

  /** What works on each number alone joins the box that it alone follows. */
  function merged(nodes) {
    const followers = nodes.map((_, node) => nodes.filter((other) => other.inputs.includes(node)).length);
    const boxes = [];
    const boxOf = nodes.map((node, number) => {
      const [input] = node.inputs;
      const joins = MERGED.has(node.kind) && node.inputs.length === 1 && input !== 0 && followers[input] === 1;
      if (!joins) boxes.push({ name: node.name, kinds: [], inputs: node.inputs, layer: null });
      return joins ? input : number;
    });
    const numbers = numbered(boxOf);
    nodes.forEach((node, number) => extend(boxes[numbers[number]], node));
    explorer.net.layers.forEach((layer, number) => { boxes[numbers[layer.node]].layer = number; });
    boxes.forEach((box) => { box.inputs = [...new Set(box.inputs.map((input) => numbers[input]))]; });
    return boxes;
  }

  /** From each node to its box, following the nodes that joined. */
  function numbered(boxOf) {
    const numbers = [];
    let count = 0;
    boxOf.forEach((joined, number) => { numbers[number] = joined === number ? count++ : numbers[joined]; });
    return numbers;
  }

  function extend(box, node) {
    box.kinds.push(node.kind);
    box.shape = node.shape;
  }

  function rows(boxes) {
    const rows = [];
    boxes.forEach((box) => (rows[box.row] ??= []).push(box));
    return rows;
  }

  /** Branches stay on the side they come from. */
  function arrange(row, boxes) {
    const from = (box) => box.inputs.reduce((sum, input) => sum + boxes[input].place, 0) / Math.max(1, box.inputs.length);
    row.forEach((box) => { box.from = box.inputs.length ? from(box) : 0.5; });
    row.sort((a, b) => a.from - b.from);
    row.forEach((box, column) => Object.assign(box, { column, across: row.length, place: (column + 0.5) / row.length }));
  }

  explorer.netBoxes = netBoxes;
}
