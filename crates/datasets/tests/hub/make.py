"""Writes what `tests/hub.rs` finds in the cache of the hub: as many images as MNIST has, ten pictures in turn.

Each row is as in the parquet files of `ylecun/mnist`: `image.bytes`, a PNG, and `label`.

Needs numpy, Pillow and pyarrow: `python make.py`.
"""

import io
from pathlib import Path

import numpy
import pyarrow
import pyarrow.parquet
from PIL import Image


def png(digit: int) -> bytes:
    pixels = (numpy.arange(784).reshape(28, 28) * (digit + 1) % 256).astype(numpy.uint8)
    file = io.BytesIO()
    Image.fromarray(pixels).save(file, "PNG", optimize=True)
    return file.getvalue()


PICTURES = [{"bytes": png(digit), "path": None} for digit in range(10)]
SCHEMA = pyarrow.schema(
    [
        ("image", pyarrow.struct([("bytes", pyarrow.binary()), ("path", pyarrow.string())])),
        ("label", pyarrow.int64()),
    ]
)

for name, count in [("train", 60_000), ("test", 10_000)]:
    labels = [index % 10 for index in range(count)]
    columns = {"image": [PICTURES[label] for label in labels], "label": labels}
    table = pyarrow.table(columns, schema=SCHEMA)
    pyarrow.parquet.write_table(table, Path(__file__).parent / f"{name}.parquet", compression="zstd")
