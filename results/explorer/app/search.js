// What the search finds among the names of classes, layers and images.
"use strict";
{
  const { element, words, address } = explorer;
  const MOST = 30;
  const MOST_IMAGES = 60;

  function search({ text }) {
    const found = find(text);
    write(text);
    return {
      title: `Search: ${text}`,
      keepsFocus: true,
      content: [
        explorer.title({ heading: text ? `Search: ${text}` : "Search", up: [[explorer.net.title, address.home()]] }),
        element("p", { class: "note", role: "status" }, summary(found)),
        found.classes.length > 0 && section("Classes", found.classes.slice(0, MOST).map(classFound), "found"),
        found.layers.length > 0 && section("Layers", found.layers.map(layerFound), "found"),
        found.images.length > 0 && element("section", { "aria-labelledby": "Images" }, element("h2", { id: "Images" }, "Images"), explorer.wall(found.images.slice(0, MOST_IMAGES), "Images found")),
      ],
    };
  }

  /** The field says what is searched, also where a link led here. */
  function write(text) {
    const input = document.getElementById("search");
    if (input.value.trim() !== text) input.value = text;
  }

  /** Numbers of the classes, layers and images whose names hold every word; images also by the names of their classes. */
  function find(text) {
    const asked = text.toLowerCase().split(/\s+/).filter(Boolean);
    const holds = (name) => asked.length > 0 && asked.every((word) => name.toLowerCase().includes(word));
    const { classes, layers, images } = explorer.net;
    const numbers = (list, name) => [...list.keys()].filter((i) => holds(name(list[i])));
    return {
      classes: numbers(classes, (name) => name),
      layers: numbers(layers, (layer) => layer.name),
      images: numbers(images, (image) => [image.name, ...classNames(image)].join(" ")),
    };
  }

  function classNames({ class: label, read }) {
    return words.hasClasses() ? [label, read].filter((number) => number !== null).map(words.className) : [];
  }

  function summary({ classes, layers, images }) {
    return `${words.counted(classes.length, "class", "classes")}, ${words.counted(layers.length, "layer")}, ${words.counted(images.length, "image")} found.`;
  }

  function classFound(number) {
    const { labeled, read } = explorer.imagesOf(number);
    return element("li", {}, element("a", { href: address.class(number) }, words.className(number)),
      element("span", { class: "note" }, `${words.count(labeled.length)} labeled so, ${words.count(read.length)} read as this`), explorer.classUnit(number));
  }

  function layerFound(layer) {
    const { name, units } = explorer.net.layers[layer];
    return element("li", {}, element("a", { href: address.layer(layer) }, name), element("span", { class: "note" }, words.counted(units, "unit")));
  }

  function section(heading, items, kind) {
    return element("section", { "aria-labelledby": heading }, element("h2", { id: heading }, heading), element("ul", { class: kind }, items));
  }

  /** Typing changes the address, which changes the page; Enter goes to the first result. */
  function listen() {
    const input = document.getElementById("search");
    input.addEventListener("input", () => typed(input.value.trim()));
    document.getElementById("search-form").addEventListener("submit", (event) => {
      event.preventDefault();
      document.querySelector("#main section a")?.focus();
    });
  }

  function typed(text) {
    const searching = location.hash.startsWith("#/search/");
    if (searching) location.replace(address.search(text));
    else location.hash = address.search(text);
  }

  explorer.pages.search = search;
  explorer.listenToSearch = listen;
}
