"""The reference for convolutional nets: PyTorch's convolutions and forward passes, captum's deconvnet and occlusion maps.

usage: vision.py WORK conv DIRECTION CHANNELS FILTERS KERNEL STRIDE PADDING SIDE BATCH
       vision.py WORK forward NET BATCH
       vision.py WORK project BATCH
       vision.py WORK occlude NET STRIDE         prints one line of JSON
The nets' weights are read from WORK, where the other side leaves them.
The number of threads is taken from the environment (OMP_NUM_THREADS).
"""

import json
import os
import statistics
import sys
import time
import warnings
from collections import OrderedDict

import numpy as np
import torch
import torchvision
from captum.attr import NeuronDeconvolution, Occlusion
from safetensors.torch import load_file
from torch import nn
from torch.nn.functional import conv2d

SIDE = 224

# The unit that is projected, one that all images excite: map, row and column of conv5.
UNIT = (11, 6, 6)

# Side of the occluder and what it shows.
PATCH, VALUE = 32, 0.5

# How many occluded images captum may be told to compute at a time.
AT_ONCE = (1, 8, 16, 32, 64)

# Calls that are timed: at least LEAST, and more while they take less than ENOUGH seconds together.
LEAST, ENOUGH = 5, 1.0


def numbers(*shape):
    """Numbers in [-0.5, 0.5) that the other side makes by the same formula."""
    i = np.arange(np.prod(shape), dtype=np.int64)
    return torch.from_numpy((i * 7919 % 104729 / 104729 - 0.5).astype(np.float32).reshape(shape))


def median(call):
    """The last result and the median of the seconds, after one call that is not counted."""
    result, seconds = call(), []
    while len(seconds) < LEAST or sum(seconds) < ENOUGH:
        start = time.perf_counter()
        result = call()
        seconds.append(time.perf_counter() - start)
    return result, statistics.median(seconds)


def conv(_work, direction, *sizes):
    """One convolution, or PyTorch's own kernel for one of its adjoints."""
    channels, filters, kernel, stride, padding, side, batch = map(int, sizes)
    x = numbers(batch, channels, side, side)
    weight = numbers(filters, channels, kernel, kernel)
    signal = numbers(*conv2d(x, weight, None, stride, padding).shape)

    def gradient(of):
        wanted = [of == "x", of == "weight", False]
        sizes = [stride] * 2, [padding] * 2, [1] * 2, False, [0] * 2, 1
        return torch.ops.aten.convolution_backward(signal, x, weight, None, *sizes, wanted)[wanted.index(True)]

    calls = {
        "forward": lambda: conv2d(x, weight, None, stride, padding),
        "data-gradient": lambda: gradient("x"),
        "filter-gradient": lambda: gradient("weight"),
    }
    return measured(*median(calls[direction]))


def zfnet():
    """The net of Zeiler & Fergus without contrast normalization, in the paper's words."""
    pool = lambda: nn.MaxPool2d(3, 2, ceil_mode=True)
    layers = [
        ("conv1", nn.Conv2d(3, 96, 7, 2, 1)), ("relu1", nn.ReLU()), ("pool1", pool()),
        ("conv2", nn.Conv2d(96, 256, 5, 2)), ("relu2", nn.ReLU()), ("pool2", pool()),
        ("conv3", nn.Conv2d(256, 384, 3, padding=1)), ("relu3", nn.ReLU()),
        ("conv4", nn.Conv2d(384, 384, 3, padding=1)), ("relu4", nn.ReLU()),
        ("conv5", nn.Conv2d(384, 256, 3, padding=1)), ("relu5", nn.ReLU()), ("pool5", pool()),
        ("flatten", nn.Flatten()),
        ("fc6", nn.Linear(9216, 4096)), ("relu6", nn.ReLU()),
        ("fc7", nn.Linear(4096, 4096)), ("relu7", nn.ReLU()), ("fc8", nn.Linear(4096, 1000)),
    ]
    return nn.Sequential(OrderedDict(layers))


def loaded(work, name):
    """A net with the other side's weights, ready to compute."""
    net = zfnet() if name == "zfnet" else getattr(torchvision.models, name)()
    net.load_state_dict(load_file(os.path.join(work, f"{name}.safetensors")))
    return net.eval()


def forward(work, name, batch):
    net, images = loaded(work, name), numbers(int(batch), 3, SIDE, SIDE)
    with torch.no_grad():
        return measured(*median(lambda: net(images)))


def project(work, batch):
    """Projections of one unit of conv5 to the pixels of every image, forward pass included."""
    warnings.simplefilter("ignore")
    net, images = loaded(work, "zfnet"), numbers(int(batch), 3, SIDE, SIDE)
    deconvnet = NeuronDeconvolution(net, net.conv5)
    pixels, seconds = median(lambda: deconvnet.attribute(images.clone().requires_grad_(), UNIT))
    with torch.no_grad():
        positive = net[: list(net._modules).index("conv5") + 1](images)[(slice(None), *UNIT)] > 0
    return measured(pixels[positive], seconds)


def fastest_batch(net):
    """How many images at a time take the least time each."""

    def seconds_an_image(batch):
        images = numbers(batch, 3, SIDE, SIDE)
        net(images)
        start = time.perf_counter()
        net(images)
        return (time.perf_counter() - start) / batch

    return min(AT_ONCE, key=seconds_an_image)


def occlude(work, name, stride):
    """What hiding each pixel takes from the first logit, as many occluded images at a time as are fastest."""
    net, image, stride = loaded(work, name), numbers(1, 3, SIDE, SIDE), int(stride)
    sizes = {"sliding_window_shapes": (3, PATCH, PATCH), "strides": (3, stride, stride)}
    with torch.no_grad():
        batch = fastest_batch(net)
        start = time.perf_counter()
        lost = Occlusion(net).attribute(image, **sizes, baselines=VALUE, target=0, perturbations_per_eval=batch)
        seconds = time.perf_counter() - start
    return {**measured(lost[:, :1], seconds), "images_at_a_time": batch}


def measured(result, seconds):
    return {"seconds": seconds, "mean_magnitude": result.abs().double().mean().item()}


def main(work, part, *words):
    torch.set_num_threads(int(os.environ["OMP_NUM_THREADS"]))
    print(json.dumps({"conv": conv, "forward": forward, "project": project, "occlude": occlude}[part](work, *words)))


if __name__ == "__main__":
    main(*sys.argv[1:])
