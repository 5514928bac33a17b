// The one global name. Data files call explorer.index, .layer, .unit and .image; everything else hangs on it too.
"use strict";

window.explorer = (() => {
  const arrived = new Map();
  const receive = (file) => (content) => arrived.set(file, content);

  return {
    arrived,
    pages: {},
    index: (content) => receive("data/index.js")(content),
    layer: (layer, content) => receive(`data/layer-${layer}.js`)(content),
    unit: (layer, unit, content) => receive(`data/unit-${layer}-${unit}.js`)(content),
    image: (image, content) => receive(`data/image-${image}.js`)(content),
  };
})();
