// Data files, loaded when wanted, once each. From a folder on the disk a script is the only file a page may read.
"use strict";
{
  const underway = new Map();

  /** What the file says; rejected, with the file's name, where it is missing or damaged. */
  function loaded(file) {
    if (!underway.has(file)) {
      const content = read(file);
      underway.set(file, content);
      content.catch(() => underway.delete(file));
    }
    return underway.get(file);
  }

  function read(file) {
    return new Promise((resolve, reject) => {
      const script = explorer.element("script", { src: file });
      script.addEventListener("load", () => {
        script.remove();
        if (explorer.arrived.has(file)) resolve(explorer.arrived.get(file));
        else reject(new MissingFile(file, "holds no data for this page"));
      });
      script.addEventListener("error", () => {
        script.remove();
        reject(new MissingFile(file, "could not be read"));
      });
      document.head.append(script);
    });
  }

  class MissingFile extends Error {
    constructor(file, what) {
      super(`The file ${file} ${what}.`);
      this.file = file;
    }
  }

  explorer.files = {
    MissingFile,
    index: () => loaded("data/index.js"),
    layer: (layer) => loaded(`data/layer-${layer}.js`),
    unit: (layer, unit) => loaded(`data/unit-${layer}-${unit}.js`),
    image: (image) => loaded(`data/image-${image}.js`),
  };
}
