"""Makes the images of this folder with Pillow, each with the pixels that Pillow reads from it.

Run as: python make.py   (Pillow 13.0, NumPy)
"""

import numpy as np
from PIL import Image, ImageOps

side = 24
y, x = np.mgrid[0:side, 0:side] / (side - 1)
colors = np.stack([x, y, 0.5 + 0.5 * np.sin(4 * x + 3 * y)], axis=2)
rgb = Image.fromarray((colors * 255).round().astype(np.uint8))


def reference(name, convert=lambda image: image.convert("RGB")):
    """The pixels of a file, as Pillow reads them."""
    convert(Image.open(name)).save(name.rsplit(".", 1)[0] + ".pillow.png", optimize=True)


gray = rgb.convert("L")
gray.save("gray.jpg", quality=95)
reference("gray.jpg")

cmyk = np.stack([1 - x, 1 - y, 0.4 * x + 0.3 * y, 0.6 * x * y], axis=2)
cmyk = Image.fromarray((cmyk * 255).round().astype(np.uint8), "CMYK")
cmyk.save("cmyk.jpg", quality=95)
reference("cmyk.jpg")

# The same without the segment in which Adobe's programs say that they store the inverse.
data = open("cmyk.jpg", "rb").read()
at = data.index(b"\xff\xee\x00\x0eAdobe")
open("cmyk_plain.jpg", "wb").write(data[:at] + data[at + 16 :])
reference("cmyk_plain.jpg")

# The same samples declared as luminance, two chrominances and black.
data = bytearray(data)
data[at + 15] = 2
open("ycck.jpg", "wb").write(data)
reference("ycck.jpg")

tall = rgb.resize((16, 24))
exif = Image.Exif()
exif[0x0112] = 6
tall.save("rotated.jpg", quality=95, exif=exif)
reference("rotated.jpg", lambda image: ImageOps.exif_transpose(image).convert("RGB"))

alpha = rgb.copy()
alpha.putalpha(gray)
alpha.save("alpha.png", optimize=True)
reference("alpha.png")

rgb.quantize(16).save("palette.png", optimize=True)
reference("palette.png")

noise = np.random.default_rng(1).integers(0, 256, (61, 47, 3), dtype=np.uint8)
noise = Image.fromarray(noise)
noise.save("noise.png", optimize=True)
noise.resize((20, 25), Image.BILINEAR).save("noise.pillow.png", optimize=True)
