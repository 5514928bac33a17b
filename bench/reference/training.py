"""The reference training: FC100-100-10 in PyTorch.

usage: training.py DATA EPOCHS        prints one line of JSON
Adam from 5e-3 to 1e-5 by a cosine, batches of 100, mean cross-entropy + (λ/2) Σ w² with λ = 6e-5, 6e-5, 6e-6.
The number of threads is taken from the environment (OMP_NUM_THREADS).
"""

import json
import math
import os
import sys
import time

import torch
from torch.nn.functional import cross_entropy

from digits import labeled

WIDTHS = [784, 100, 100, 10]
WEIGHT_DECAY = [6e-5, 6e-5, 6e-6]
BATCH = 100
FIRST_RATE, LAST_RATE = 5e-3, 1e-5


def untrained():
    net = torch.nn.Sequential()
    for inputs, outputs in zip(WIDTHS, WIDTHS[1:]):
        layer = torch.nn.Linear(inputs, outputs)
        torch.nn.init.xavier_uniform_(layer.weight)
        torch.nn.init.zeros_(layer.bias)
        net.extend([layer, torch.nn.Sigmoid()])
    return net[:-1]


def optimizer(net):
    """Adam as PyTorch has it fastest; its weight decay is the gradient of (λ/2) Σ w²."""
    layers = [layer for layer in net if isinstance(layer, torch.nn.Linear)]
    groups = [dict(params=[layer.weight], weight_decay=decay) for layer, decay in zip(layers, WEIGHT_DECAY)]
    groups.append(dict(params=[layer.bias for layer in layers], weight_decay=0.0))
    return torch.optim.Adam(groups, lr=FIRST_RATE, fused=True)


def train(net, images, labels, epochs):
    adam = optimizer(net)
    batches = len(images) // BATCH
    for epoch in range(epochs):
        order = torch.randperm(len(images))
        shuffled, wanted = images[order], labels[order]
        for batch in range(batches):
            fraction = (epoch + batch / batches) / epochs
            rate = LAST_RATE + (FIRST_RATE - LAST_RATE) * 0.5 * (1 + math.cos(math.pi * fraction))
            for group in adam.param_groups:
                group["lr"] = rate
            part = slice(batch * BATCH, (batch + 1) * BATCH)
            adam.zero_grad(set_to_none=True)
            cross_entropy(net(shuffled[part]), wanted[part]).backward()
            adam.step()


def error_rate(net, images, labels):
    """In %."""
    with torch.no_grad():
        return 100 * (net(images).argmax(1) != labels).double().mean().item()


def main(data, epochs):
    torch.set_num_threads(int(os.environ["OMP_NUM_THREADS"]))
    torch.manual_seed(1)
    (images, labels), test = [map(torch.from_numpy, labeled(data, part)) for part in ("train", "t10k")]
    net = untrained()
    start = time.perf_counter()
    train(net, images, labels, int(epochs))
    seconds = time.perf_counter() - start
    measured = {
        "seconds": seconds,
        "train_error": error_rate(net, images, labels),
        "test_error": error_rate(net, *test),
    }
    print(json.dumps(measured))


if __name__ == "__main__":
    main(*sys.argv[1:])
