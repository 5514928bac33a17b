// Many images as thumbnails, which the browser loads when they come into view.
"use strict";
{
  const { element, pictures } = explorer;

  /** `caption(image)` gives what stands under each. */
  function wall(images, label, caption = () => null) {
    const items = images.map((image) => element("li", {}, pictures.thumbnail(image, caption(image))));
    return explorer.grid(element("ul", { class: "wall", "aria-label": label }, items));
  }

  explorer.wall = wall;
}
