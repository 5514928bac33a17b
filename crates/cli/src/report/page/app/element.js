// element("a", { href: "#/" }, "Home"): an HTML element with attributes and children; drawn(...): an SVG one.
"use strict";
{
  const SVG = "http://www.w3.org/2000/svg";

  function element(tag, attributes = {}, ...children) {
    return filled(document.createElement(tag), attributes, children);
  }

  function drawn(tag, attributes = {}, ...children) {
    return filled(document.createElementNS(SVG, tag), attributes, children);
  }

  function filled(node, attributes, children) {
    for (const [name, value] of Object.entries(attributes)) set(node, name, value);
    node.append(...children.flat(2).filter((child) => child !== null && child !== undefined && child !== false));
    return node;
  }

  /** `on…` listens, `style` takes an object of properties; null, undefined and false leave the attribute out. */
  function set(node, name, value) {
    if (value === null || value === undefined || value === false) return;
    if (name.startsWith("on")) node.addEventListener(name.slice(2), value);
    else if (name === "style") for (const [property, to] of Object.entries(value)) node.style.setProperty(property, to);
    else node.setAttribute(name, value === true ? "" : value);
  }

  explorer.element = element;
  explorer.drawn = drawn;
}
