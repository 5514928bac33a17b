// Numbers and names as a reader wants them.
"use strict";
{
  const whole = new Intl.NumberFormat("en-US");
  const digits = new Intl.NumberFormat("en-US", { maximumSignificantDigits: 3 });

  const words = {
    count: (number) => whole.format(number),

    value: (number) => digits.format(number),

    counted: (number, one, many = `${one}s`) => `${whole.format(number)} ${number === 1 ? one : many}`,

    /** A probability: 93.2 %, 0.04 %, < 0.01 %. */
    percent(p) {
      const percent = 100 * p;
      if (percent === 0) return "0 %";
      if (percent < 0.01) return "< 0.01 %";
      return `${percent < 1 ? percent.toFixed(2) : percent.toFixed(1)} %`;
    },

    /** The pixels' side by side: 227 × 227. */
    by: (sizes) => sizes.map((size) => whole.format(size)).join(" × "),

    /** Names such as "tench, Tinca tinca" are cut at the comma where there is little room. */
    short: (name) => name.split(",")[0],

    className: (number) => explorer.net.classes[number] ?? `class ${number}`,

    hasClasses: () => explorer.net.classes.length > 0,

    /** What is known of an image, for those who do not see it. */
    image(number) {
      const { name, class: label, read } = explorer.net.images[number];
      if (!words.hasClasses()) return name;
      const readAs = `read as ${words.short(words.className(read))}`;
      if (label === null) return `${name}, ${readAs}`;
      return `${name}: ${words.short(words.className(label))}, ${read === label ? "read right" : readAs}`;
    },

    /** The unit's class where the layer answers one number for each class, else null. */
    unitClass(layer, unit) {
      return words.answers(layer) ? words.className(unit) : null;
    },

    /** Whether the layer has one unit for each class, though perhaps not all of them are shown. */
    answers: (layer) => explorer.net.layers[layer].classes,
  };

  explorer.words = words;
}
