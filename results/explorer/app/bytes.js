// Numbers that came as base64.
"use strict";
{
  /** One number from 0 to 255 for each byte. */
  function bytes(base64) {
    return Uint8Array.from(atob(base64), (letter) => letter.charCodeAt(0));
  }

  /** One number for each two bytes, the low one first. */
  function pairs(base64) {
    const all = bytes(base64);
    return Array.from({ length: all.length / 2 }, (_, i) => all[2 * i] + 256 * all[2 * i + 1]);
  }

  explorer.bytes = bytes;
  explorer.pairs = pairs;
}
