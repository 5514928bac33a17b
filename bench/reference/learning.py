"""The reference training of zfnet-64: PyTorch, on the images, labels and first weights that the other side left in WORK.

usage: learning.py DATA WORK contiguous|channels-last        prints one line of JSON
One epoch to set up, one that is timed. A thread of its own makes the crops, as many batches ahead as the queue holds.
The number of threads is taken from the environment (OMP_NUM_THREADS).
"""

import json
import os
import queue
import sys
import threading
import time
from collections import OrderedDict

import numpy as np
import torch
from safetensors.torch import load_file
from torch import nn
from torch.nn import functional as F

EXAMPLES, SIDE, CROP, BATCH, CLASSES, SCALE = 6400, 64, 56, 128, 100, 1 / 62
RATE, MOMENTUM, DECAY, RADIUS, AHEAD = 0.01, 0.9, 5e-4, 0.1, 4


def net():
    pool = lambda: nn.MaxPool2d(3, 2, ceil_mode=True)
    norm = lambda: nn.LocalResponseNorm(5, 5e-4, 0.75, 1.0)
    layers = [("conv1", nn.Conv2d(3, 24, 5, 1, 2)), ("relu1", nn.ReLU(True)), ("pool1", pool()), ("norm1", norm())]
    layers += [("conv2", nn.Conv2d(24, 64, 5, 2, 2)), ("relu2", nn.ReLU(True)), ("pool2", pool()), ("norm2", norm())]
    for number, (inputs, outputs) in enumerate([(64, 96), (96, 96), (96, 64)], 3):
        layers += [(f"conv{number}", nn.Conv2d(inputs, outputs, 3, 1, 1)), (f"relu{number}", nn.ReLU(True))]
    layers += [("pool5", pool()), ("flatten", nn.Flatten())]
    for number, inputs in ((6, 576), (7, 1024)):
        layers += [(f"fc{number}", nn.Linear(inputs, 1024)), (f"relu{number}", nn.ReLU(True)), (f"drop{number}", nn.Dropout())]
    return nn.Sequential(OrderedDict([*layers, ("fc8", nn.Linear(1024, CLASSES))]))


def crops(images, labels, mean, seed, layout, batches):
    """Puts the batches of one epoch into the queue: random places, every second image mirrored."""
    random = np.random.default_rng(seed)
    order = random.permutation(len(images))
    for first in range(0, len(order) - BATCH + 1, BATCH):
        some = order[first : first + BATCH]
        batch = np.empty((BATCH, 3, CROP, CROP), np.float32)
        for place, (top, left), mirrored, index in zip(
            batch, random.integers(0, SIDE - CROP + 1, (BATCH, 2)), random.random(BATCH) < 0.5, some
        ):
            window = (slice(None), slice(top, top + CROP), slice(left, left + CROP))
            piece = (images[index][window] - mean[window]) * np.float32(SCALE)
            place[:] = piece[:, :, ::-1] if mirrored else piece
        batches.put((torch.from_numpy(batch).contiguous(memory_format=layout), labels[some]))


def main(_data, work, layout):
    torch.manual_seed(1)
    torch.set_num_threads(int(os.environ["OMP_NUM_THREADS"]))
    layout = {"contiguous": torch.contiguous_format, "channels-last": torch.channels_last}[layout]
    images = np.fromfile(os.path.join(work, "small-images.u8"), np.uint8).reshape(-1, 3, SIDE, SIDE)
    labels = torch.from_numpy(np.fromfile(os.path.join(work, "small-images.labels"), np.uint8).astype(np.int64))
    mean = images.mean(0, dtype=np.float64).astype(np.float32)
    model = net()
    model.load_state_dict(load_file(os.path.join(work, "zfnet-64.safetensors")))
    model.to(memory_format=layout).train()
    filters = [parameter for parameter in model.parameters() if parameter.dim() == 4]
    weights = [parameter for parameter in model.parameters() if parameter.dim() > 1]
    biases = [parameter for parameter in model.parameters() if parameter.dim() == 1]
    groups = [{"params": weights, "weight_decay": DECAY}, {"params": biases}]
    optimizer = torch.optim.SGD(groups, RATE, momentum=MOMENTUM)
    losses = []
    for epoch in range(2):
        start, sum_of_losses, batches = time.perf_counter(), 0.0, queue.Queue(AHEAD)
        threading.Thread(target=crops, args=(images, labels, mean, epoch, layout, batches), daemon=True).start()
        for _ in range(EXAMPLES // BATCH):
            x, y = batches.get()
            loss = F.cross_entropy(model(x), y)
            optimizer.zero_grad(set_to_none=True)
            loss.backward()
            optimizer.step()
            with torch.no_grad():
                for w in filters:
                    rms = w.square().mean((1, 2, 3), keepdim=True).sqrt()
                    w.mul_((RADIUS / rms).clamp(max=1))
            sum_of_losses += loss.item()
        losses.append(sum_of_losses / (EXAMPLES // BATCH))
    seconds = time.perf_counter() - start
    print(json.dumps({"images_per_second": EXAMPLES / seconds, "loss": losses[0]}))


if __name__ == "__main__":
    main(*sys.argv[1:])
