"""Prints the SHA-256 of the pixels that Pillow 13 reads from the ImageNet sample and resizes, for photographs.rs.

    python digest_photographs.py images.tar
"""

import hashlib
import io
import sys
import tarfile

import numpy as np
from PIL import Image

images = []
with tarfile.open(sys.argv[1]) as archive:
    for member in archive:
        if member.name.endswith(".jpg"):
            images.append(Image.open(io.BytesIO(archive.extractfile(member).read())).convert("RGB"))


def digest(images):
    sha = hashlib.sha256()
    for image in images:
        sha.update(np.asarray(image).tobytes())
    return sha.hexdigest()


print("decoded", digest(images))
for resampling in ["NEAREST", "BILINEAR", "BICUBIC", "LANCZOS"]:
    for height, width in [(97, 111), (333, 300)]:
        resized = [image.resize((width, height), Image.Resampling[resampling]) for image in images[:200]]
        print(resampling, height, width, digest(resized))
