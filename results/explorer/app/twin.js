// The adversarial example: from the image to a picture that looks the same and has another class.
"use strict";
{
  const { element, words, pictures } = explorer;
  const ROWS = 5;

  function twin(image, { target, distortion, gain, bytes, steps }) {
    const top = pictures.whole(image, { file: "twin", alt: "", lazy: false });
    const stack = element("div", { class: "frame stack" }, pictures.whole(image, { lazy: false }), top);
    const { list, update } = explorer.bars(shownClasses(steps, target), target);
    const where = element("output", { class: "reading", "aria-live": "polite" });
    const show = (part) => {
      const step = steps[Math.round(part * (steps.length - 1))];
      top.style.opacity = part;
      update(step);
      where.textContent = `${Math.round(100 * part)} % of the way: read as ${words.className(step[0].class)}`;
    };
    const slider = explorer.range(`From the image to its adversarial example of ${words.className(target)}`, { value: 0, step: 0.01 }, show);
    show(0);
    return element("div", { class: "beside" }, stack, element("div", { class: "told" }, slider, where, list,
      element("div", { class: "changed" }, change(image, gain, target), told({ target, distortion, bytes }))));
  }

  /** The classes that get a bar: those with the most probability anywhere on the way, the target among them. */
  function shownClasses(steps, target) {
    const most = new Map([[target, 2]]);
    steps.flat().forEach((part) => most.set(part.class, Math.max(part.p, most.get(part.class) ?? 0)));
    const ranked = [...most.keys()].sort((a, b) => most.get(b) - most.get(a)).slice(0, ROWS);
    return ranked.filter((number) => number !== target).concat(target);
  }

  function told({ target, distortion, bytes }) {
    const held = bytes === target ? "still read" : "no longer read as the target, but";
    return element("p", {}, `The adversarial example differs by ${distortion.toPrecision(2)} (root mean square, where pixels go from 0 to 1). `,
      `Rounded to whole bytes, it is ${held} as ${words.className(bytes)}. `,
      "The probabilities are those of the exact arrays, at the nearest of eleven points on the way; the pictures shown here went through JPEG.");
  }

  function change(image, gain, target) {
    const alt = `The change that makes the image ${words.short(words.className(target))}, amplified ${words.value(gain)} times about gray`;
    return element("figure", { class: "change" }, pictures.whole(image, { file: "change", alt }), element("figcaption", {}, `The change, amplified ${words.value(gain)} times.`));
  }

  explorer.twin = twin;
}
