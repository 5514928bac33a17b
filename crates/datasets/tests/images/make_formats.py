"""Makes formats/: small pictures of every kind, and digests.csv with the SHA-256 of the pixels that Pillow 13 reads from them.

Needs Pillow, NumPy, and OpenCV for the subsamplings of colors that Pillow does not write:

    python make_formats.py
"""

import csv
import hashlib
import io
import struct
import zlib
from pathlib import Path

import cv2
import numpy as np
from PIL import Image, ImageOps

FOLDER = Path(__file__).parent / "formats"
FOLDER.mkdir(exist_ok=True)
rng = np.random.default_rng(20)
rows = []


def smooth(width, height):
    y, x = np.mgrid[0:height, 0:width]
    waves = [np.sin(x / 5 + y / 9), np.cos(x / 7 - y / 4), np.sin(x * y / 90)]
    noise = rng.integers(-20, 20, (height, width, 3))
    return np.clip(127 + 110 * np.stack(waves, -1) + noise, 0, 255).astype(np.uint8)


def add(name, exif="ignore", resize="", interpolation=""):
    image = Image.open(FOLDER / name)
    image.load()
    if exif == "apply":
        image = ImageOps.exif_transpose(image)
    image = image.convert("RGB")
    if resize:
        height, width = map(int, resize.split("x"))
        image = image.resize((width, height), Image.Resampling[interpolation.upper()])
    rows.append([name, exif, resize, interpolation, hashlib.sha256(np.asarray(image).tobytes()).hexdigest()])


def save(image, name, **options):
    image.save(FOLDER / name, **options)
    add(name)


photo = Image.fromarray(smooth(37, 29))
for sampling in ["4:4:4", "4:2:2", "4:2:0"]:
    name = sampling.replace(":", "")
    save(photo, f"{name}.jpg", quality=85, subsampling=sampling)
    save(photo, f"{name}_progressive.jpg", quality=60, subsampling=sampling, progressive=True)
for name, factor in [("411", cv2.IMWRITE_JPEG_SAMPLING_FACTOR_411), ("440", cv2.IMWRITE_JPEG_SAMPLING_FACTOR_440)]:
    settings = [cv2.IMWRITE_JPEG_SAMPLING_FACTOR, factor, cv2.IMWRITE_JPEG_RST_INTERVAL, 2]
    cv2.imwrite(str(FOLDER / f"{name}_restarts.jpg"), np.asarray(photo)[:, :, ::-1].copy(), settings)
    add(f"{name}_restarts.jpg")
save(photo.convert("L"), "gray.jpg", quality=70)
save(photo.convert("CMYK"), "cmyk.jpg", quality=80)
save(photo, "rgb.jpg", quality=80, keep_rgb=True)
for width, height in [(1, 1), (2, 3), (5, 3), (16, 17)]:
    save(Image.fromarray(smooth(width, height)), f"{width}x{height}.jpg", quality=90, subsampling="4:2:0")

small = Image.fromarray(smooth(13, 9))
gray = small.convert("L")
alpha = Image.fromarray(rng.integers(0, 256, (9, 13), dtype=np.uint8))
rgba, gray_alpha, palette = small.copy(), gray.copy(), small.quantize(20)
rgba.putalpha(alpha)
gray_alpha.putalpha(alpha)
save(rgba, "rgba.png")
save(gray_alpha, "gray_alpha.png")
save(palette, "palette.png", transparency=3)
save(small.convert("1"), "one_bit.png")
save(small.quantize(3), "two_bits.png", bits=2)
save(small, "one_color_clear.png", transparency=small.getpixel((0, 0)))
save(small, "moving.png", save_all=True, append_images=[gray.convert("RGB")])
save(small, "rgb.bmp")
save(palette, "palette.bmp")
save(small, "lzw.tif", compression="tiff_lzw")
save(small, "deflate.tif", compression="tiff_adobe_deflate")
save(gray, "gray.tif")
save(palette, "palette.gif", transparency=5)
save(palette, "moving.gif", save_all=True, append_images=[gray.quantize(9)])
save(photo, "lossy.webp", quality=70)
save(rgba, "lossless.webp", lossless=True)
save(small, "moving.webp", save_all=True, append_images=[gray.convert("RGB")])

exif = Image.Exif()
for orientation in [3, 5, 6]:
    exif[0x0112] = orientation
    for name in [f"turned{orientation}.jpg", f"turned{orientation}.png"]:
        save(small, name, exif=exif)
        add(name, exif="apply")

noise = Image.fromarray(rng.integers(0, 256, (31, 24, 3), dtype=np.uint8))
noise.save(FOLDER / "noise.png")
for interpolation in ["nearest", "bilinear", "bicubic", "lanczos"]:
    # Smaller, larger, and both: by columns first, and by rows first.
    for resize in ["12x9", "50x61", "31x40", "8x60", "70x7", "1x1"]:
        add("noise.png", resize=resize, interpolation=interpolation)

# A file whose end is missing, after its pixels: Pillow reads it.
whole = io.BytesIO()
small.save(whole, "PNG")
for name, missing in [("no_end.png", 12), ("cut_in_check_sum.png", 14)]:
    (FOLDER / name).write_bytes(whole.getvalue()[:-missing])
    add(name)

# 16 bits, which Pillow keeps in gray only; resized as numbers.
wide = rng.integers(0, 65536, (31, 24), dtype=np.uint16)
lines = b"".join(b"\0" + line.astype(">u2").tobytes() for line in wide)


def chunk(kind, data):
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


header = struct.pack(">IIBBBBB", 24, 31, 16, 0, 0, 0, 0)
chunks = chunk(b"IHDR", header) + chunk(b"IDAT", zlib.compress(lines)) + chunk(b"IEND", b"")
(FOLDER / "wide.png").write_bytes(b"\x89PNG\r\n\x1a\n" + chunks)
numbers = Image.fromarray((wide / 257).astype(np.float32))
for name, size in [("wide", (24, 31)), ("wide_resized", (9, 40))]:
    np.save(FOLDER / f"{name}.npy", np.asarray(numbers.resize(size, Image.Resampling.BICUBIC)))

with open(FOLDER / "digests.csv", "w", newline="") as file:
    table = csv.writer(file, lineterminator="\n")
    table.writerow(["file", "exif", "resize", "interpolation", "sha256"])
    table.writerows(rows)
