// Pictures of the images, parts of them, and tiles of sprites.
"use strict";
{
  const { element, words } = explorer;
  const percent = (part) => `${100 * part}%`;

  /** The whole image as the net sees it. */
  function whole(image, { alt = words.image(image), lazy = true, file = "image" } = {}) {
    const [height, width] = explorer.net.side;
    return element("img", { src: `data/${file}-${image}.jpg`, width, height, alt, loading: lazy && "lazy", decoding: "async" });
  }

  /** A link to an image that shows it, with what else is given under it. */
  function thumbnail(image, ...caption) {
    const { class: label, read } = explorer.net.images[image];
    const misread = words.hasClasses() && label !== null && label !== read;
    const mark = misread && element("span", { class: "misread", "aria-hidden": "true" }, "×");
    return element("a", { class: "thumbnail", href: explorer.address.image(image) },
      element("span", { class: "frame" }, whole(image), mark), caption);
  }

  /** A square that shows the region [top, left, height, width] of an image, as large as it fits. */
  function patch(image, region, alt) {
    const picture = whole(image, { alt });
    const [, , height, width] = region;
    const large = Math.max(height, width);
    const cut = element("span", { class: "cut", style: {
      height: percent(height / large), width: percent(width / large),
      top: percent((large - height) / (2 * large)), left: percent((large - width) / (2 * large)),
    } }, picture);
    placeWithin(picture, region);
    return element("span", { class: large < 24 ? "patch coarse" : "patch" }, cut);
  }

  function placeWithin(picture, [top, left, height, width]) {
    const [rows, columns] = explorer.net.side;
    picture.style.cssText = `width:${percent(columns / width)};height:${percent(rows / height)};left:${percent(-left / width)};top:${percent(-top / height)}`;
  }

  /** A frame around a region, over a picture of the whole image. */
  function frame([top, left, height, width]) {
    const [rows, columns] = explorer.net.side;
    return element("span", { class: "field", style: {
      top: percent(top / rows), left: percent(left / columns), height: percent(height / rows), width: percent(width / columns),
    } });
  }

  /** One tile of a sprite with so many rows and columns. */
  function tile(file, [row, column], [rows, columns], attributes = {}) {
    const at = (index, count) => percent(count > 1 ? index / (count - 1) : 0);
    return element("span", { class: "sprite", ...attributes, style: {
      "background-image": `url("${file}")`,
      "background-size": `${percent(columns)} ${percent(rows)}`,
      "background-position": `${at(column, columns)} ${at(row, rows)}`,
    } });
  }

  /** The strongest patch of a unit, from its layer's sprite. */
  function unitTile(layer, unit) {
    const { units, columns } = explorer.net.layers[layer];
    const place = [Math.floor(unit / columns), unit % columns];
    return tile(`data/layer-${layer}.jpg`, place, [Math.ceil(units / columns), columns]);
  }

  explorer.pictures = { whole, thumbnail, patch, frame, tile, unitTile };
}
