// Which part of an image a unit sees from a place in its map.
// The nine strongest come with their regions; where those are not cut at the border they tell the centers of all places.
"use strict";
{
  /** A function from [y, x] in the map to the region [top, left, height, width] of the image. */
  function receptiveField(layer, top) {
    const { maps, sees } = explorer.net.layers[layer];
    const lines = [0, 1].map((axis) => centers(axis, maps[axis], sees[axis], top));
    return (at) => {
      const [[up, height], [left, width]] = [0, 1].map((axis) => span(lines[axis](at[axis]), sees[axis], explorer.net.side[axis]));
      return [up, left, height, width];
    };
  }

  /** Along one axis, the center in pixels of what each place sees. */
  function centers(axis, places, sees, top) {
    const step = explorer.net.side[axis] / places;
    const known = top.map((one) => [one.at[axis], center(one.region[axis], one.region[axis + 2], sees, explorer.net.side[axis])])
      .filter(([, pixel]) => pixel !== null);
    if (known.length === 0) return (at) => (at + 0.5) * step;
    known.sort(([a], [b]) => a - b);
    const [[first, from], [last, to]] = [known[0], known[known.length - 1]];
    const slope = last > first ? (to - from) / (last - first) : step;
    return (at) => from + slope * (at - first);
  }

  /** The center of a region of which at most one end is cut; null where both may be. */
  function center(start, length, sees, side) {
    if (length >= side) return null;
    return start > 0 ? start + sees / 2 : start + length - sees / 2;
  }

  function span(middle, sees, side) {
    const start = Math.min(Math.max(middle - sees / 2, 0), side - 1);
    const end = Math.max(Math.min(middle + sees / 2, side), start + 1);
    return [start, end - start];
  }

  explorer.receptiveField = receptiveField;
}
