"""MNIST and the cases of the attack, read independently of Glassbox's reader."""

import csv
import gzip
import os
import struct

import numpy as np


def idx(path):
    """The array of a gzipped IDX file of bytes."""
    with gzip.open(path) as file:
        content = file.read()
    dimensions = content[3]
    start = 4 + 4 * dimensions
    shape = struct.unpack(f">{dimensions}I", content[4:start])
    return np.frombuffer(content, np.uint8, offset=start).reshape(shape)


def labeled(data, part):
    """Pixels in [0, 1], [n, 784], and labels of the part called train or t10k."""
    images = idx(os.path.join(data, "mnist", f"{part}-images-idx3-ubyte.gz"))
    labels = idx(os.path.join(data, "mnist", f"{part}-labels-idx1-ubyte.gz"))
    # Rounded to f32 first, as Glassbox holds its pixels.
    return (images.reshape(len(images), -1) / np.float32(255)).astype(np.float32), labels.astype(np.int64)


def cases(data, work, count):
    """The first images of work/cases.csv, [count, 784] in f64, and their targets."""
    pixels, labels = labeled(data, "train")
    with open(os.path.join(work, "cases.csv"), newline="") as file:
        rows = [{name: int(value) for name, value in row.items()} for row in csv.DictReader(file)][:count]
    for row in rows:
        if labels[row["index"]] != row["label"]:
            raise SystemExit(f"image {row['index']}: expected label {row['label']}, found {labels[row['index']]}")
    return pixels[[row["index"] for row in rows]].astype(np.float64), [row["target"] for row in rows]
