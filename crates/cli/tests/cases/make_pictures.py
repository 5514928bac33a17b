"""Makes files/pictures: small nets, pictures of every kind, and the arrays that Pillow and NumPy make of them.

    python make_pictures.py    (Pillow 13, NumPy, onnx)
"""

import io
import json
import shutil
import struct
import zlib
from pathlib import Path

import numpy as np
import onnx
from onnx import TensorProto, helper, numpy_helper
from PIL import Image, ImageOps

HERE = Path(__file__).parent / "files" / "pictures"
shutil.rmtree(HERE, ignore_errors=True)
(HERE / "folder" / ".cache").mkdir(parents=True)
(HERE / "a").mkdir()
(HERE / "b").mkdir()
rng = np.random.default_rng(7)


def net(name, channels, height, width, classes=2):
    """A net whose node `pixels` is its input, and whose classes are of the channels' means."""
    weights = {
        "w": np.eye(channels, dtype=np.float32).reshape(channels, channels, 1, 1),
        "g": rng.normal(size=(channels, classes)).astype(np.float32),
    }
    nodes = [
        helper.make_node("Conv", ["x", "w"], ["pixels"], name="pixels"),
        helper.make_node("GlobalAveragePool", ["pixels"], ["mean"], name="mean"),
        helper.make_node("Flatten", ["mean"], ["flat"], name="flat"),
        helper.make_node("Gemm", ["flat", "g"], ["y"], name="y"),
    ]
    graph = helper.make_graph(
        nodes,
        "net",
        [helper.make_tensor_value_info("x", TensorProto.FLOAT, ["n", channels, height, width])],
        [helper.make_tensor_value_info("y", TensorProto.FLOAT, ["n", classes])],
        [numpy_helper.from_array(array, key) for key, array in weights.items()],
    )
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 13)])
    model.ir_version = 8
    onnx.save(model, HERE / f"{name}.onnx")


net("rgb", 3, 8, 10)
net("gray", 1, 8, 10)
net("wide", 3, 96, 160)


def smooth(height, width):
    y, x = np.mgrid[0:height, 0:width]
    waves = np.stack([np.sin(x / 3 + y / 5), np.cos(x / 4 - y / 3), np.sin(x * y / 9)], -1)
    return np.clip(127 + 100 * waves + rng.integers(-25, 25, waves.shape), 0, 255).astype(np.uint8)


def expect(name, image):
    """The input of a net that reads 0 to 1, from a picture or an array of bytes."""
    array = np.asarray(image.convert("RGB") if isinstance(image, Image.Image) else image).astype(np.float32)
    array = array[:, :, None] if array.ndim == 2 else array
    np.save(HERE / f"{name}.npy", (array / np.float32(255)).transpose(2, 0, 1)[None])


picture = Image.fromarray(smooth(8, 10))
alpha = Image.fromarray(rng.integers(0, 256, (8, 10), dtype=np.uint8))


def put(name, image, **options):
    """A file in some format, whatever its name, and what Pillow reads from it."""
    kind = options.pop("kind", None)
    image.save(HERE / name, kind, **options)
    expect(name.replace(".", "_"), Image.open(HERE / name))


put("cat", picture, kind="JPEG", quality=90)
put("cat.jfif", picture, kind="JPEG", quality=80, progressive=True)
put("png.txt", picture, kind="PNG")
put("x.bmp", picture)
put("x.webp", picture, quality=80)
put("x.tif", picture, compression="tiff_lzw")
put("moving.gif", picture.quantize(50), save_all=True, append_images=[alpha.quantize(5)])
transparent = picture.copy()
transparent.putalpha(alpha)
put("alpha.png", transparent)
put("palette.png", picture.quantize(20))
put("cmyk.jpg", picture.convert("CMYK"), quality=90)

# What is no picture.
np.savez(HERE / "arrays.npz", x=np.zeros(3))
(HERE / "page.png").write_text("<!DOCTYPE html>\n<html><body>Not found</body></html>\n")
(HERE / "pointer.jpg").write_text("version https://git-lfs.github.com/spec/v1\noid sha256:0\nsize 9\n")
(HERE / "notes").write_text("hello\n")
(HERE / "empty.png").write_bytes(b"")
(HERE / "photo.heic").write_bytes(b"\0\0\0\x18ftypheic\0\0\0\0mif1heic")

# Damaged files: Pillow reads the first and refuses the second as truncated.
whole = io.BytesIO()
picture.save(whole, "PNG")
(HERE / "no_end.png").write_bytes(whole.getvalue()[:-12])
expect("no_end_png", Image.open(HERE / "no_end.png"))
whole = io.BytesIO()
picture.save(whole, "JPEG")
(HERE / "cut.jpg").write_bytes(whole.getvalue()[:-9])

# A folder of two pictures, a hidden one, and three files that are none.
picture.save(HERE / "folder" / "1.png")
picture.save(HERE / "folder" / "2.webp")
picture.save(HERE / "folder" / ".cache" / "x.png")
for name in ["a.txt", "b.txt", "c.csv"]:
    (HERE / "folder" / name).write_text("no picture\n")
for folder in ["a", "b"]:
    Image.fromarray(smooth(8, 10)).save(HERE / folder / "1.png")

# Arrays of every kind.
numbers = rng.integers(0, 256, (2, 3, 8, 10)).astype(np.uint8)
np.save(HERE / "u8.npy", numbers)
np.save(HERE / "f16.npy", (numbers / 255).astype(np.float16))
np.save(HERE / "big_endian_columns.npy", np.asfortranarray(numbers.astype(">i4") - 100))
np.save(HERE / "bool.npy", numbers > 99)
np.save(HERE / "u8_expected.npy", numbers.astype(np.float32))
np.save(HERE / "f16_expected.npy", (numbers / 255).astype(np.float16).astype(np.float32))
np.save(HERE / "big_endian_columns_expected.npy", numbers.astype(np.float32) - 100)
np.save(HERE / "bool_expected.npy", (numbers > 99).astype(np.float32))
shutil.copy(HERE / "u8_expected.npy", HERE / "array_without_ending")

# Preprocessing, of a tall picture for the wide net.
tall = Image.fromarray(smooth(23, 17))
tall.save(HERE / "tall.png")
resampling = {name: Image.Resampling[name.upper()] for name in ["nearest", "bilinear", "bicubic", "lanczos"]}
for name, method in resampling.items():
    expect(f"squash_{name}", tall.resize((10, 8), method))
# The width becomes 10 and the height int(10 · 23 / 17) = 13, of which round(2.5) = 2 rows are cut off on top.
expect("fit_crop", tall.resize((10, 13), Image.Resampling.BILINEAR).crop((0, 2, 10, 10)))
expect("fit_pad", ImageOps.pad(tall, (10, 8), Image.Resampling.BICUBIC))
expect("resize_12", tall.resize((12, 16), Image.Resampling.BILINEAR).crop((1, 4, 11, 12)))
expect("gray_net", np.asarray(tall.convert("L").resize((10, 8), Image.Resampling.BILINEAR)))
imagenet = np.asarray(tall.resize((10, 8), Image.Resampling.BILINEAR)).astype(np.float64) / 255
imagenet = (imagenet - [0.485, 0.456, 0.406]) / [0.229, 0.224, 0.225]
np.save(HERE / "imagenet.npy", imagenet.transpose(2, 0, 1)[None].astype(np.float32))
Image.fromarray(smooth(160, 96)[:, :, 0]).save(HERE / "160x96.jpg", quality=10)

# A camera's orientation: turned by a quarter.
exif = Image.Exif()
exif[0x0112] = 6
Image.fromarray(smooth(10, 8)).save(HERE / "turned.png", exif=exif)
expect("turned", ImageOps.exif_transpose(Image.open(HERE / "turned.png")))
Image.fromarray(smooth(8, 10)).save(HERE / "lies.png", exif=exif)
expect("lies", Image.open(HERE / "lies.png"))

# 16 bits, in gray.
wide = rng.integers(0, 65536, (8, 10), dtype=np.uint16)


def chunk(kind, data):
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


header = chunk(b"IHDR", struct.pack(">IIBBBBB", 10, 8, 16, 0, 0, 0, 0))
lines = zlib.compress(b"".join(b"\0" + line.astype(">u2").tobytes() for line in wide))
(HERE / "wide.png").write_bytes(b"\x89PNG\r\n\x1a\n" + header + chunk(b"IDAT", lines) + chunk(b"IEND", b""))
np.save(HERE / "wide.npy", (wide / 65535).astype(np.float32)[None, None])

# Names of classes.
index = {"0": ["n01440764", "tench"], "1": ["n01443537", "goldfish"]}
(HERE / "class_index.json").write_text(json.dumps(index))
(HERE / "list.json").write_text(json.dumps(["tench", "goldfish"]))
(HERE / "numbered.json").write_text(json.dumps({"0": "tench", "1": "goldfish"}))
(HERE / "config.json").write_text(json.dumps({"model_type": "vit", "id2label": {"0": "tench", "1": "goldfish"}}))
(HERE / "class_indices.json").write_text(json.dumps({"goldfish": 1, "tench": 0}))
(HERE / "gap.json").write_text(json.dumps({"0": "tench", "2": "shark"}))
