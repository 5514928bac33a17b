"""The reference attack on photographs: SciPy's L-BFGS-B through PyTorch's SqueezeNet v1.0, one photograph at a time.

usage: ostriches.py DATA WORK EXAMPLES        prints one line of JSON
The search over c is that of attack.py from the other side's first c and by its factor; a minimization ends after MOST iterations.
The net computes in f32, all else in f64. The number of threads is taken from the environment (OMP_NUM_THREADS).
"""

import os
import sys
import time

import numpy as np
import torch
import torchvision
from safetensors.torch import load_file

from attack import OPTIONS, Search, report

SIDE, OSTRICH = 227, 9
FIRST_C, GROWTH = 32.0, 2.0

# SciPy's minimizations creep on for hundreds of iterations: with as many as on digits (200) it takes about four times as long.
MOST = 50
MEAN = torch.tensor([104.0, 117.0, 123.0])[:, None, None]


class Net:
    """Cross-entropy as a function of pixels, blue first."""

    def __init__(self, weights):
        self.net = torchvision.models.squeezenet1_0()
        self.net.load_state_dict(load_file(weights))
        self.net.eval().requires_grad_(False)

    def forward(self, x):
        return self.net(255 * x.reshape(1, 3, SIDE, SIDE) - MEAN)

    def loss(self, x, target):
        x = torch.from_numpy(x.astype(np.float32)).requires_grad_()
        loss = torch.nn.functional.cross_entropy(self.forward(x).double(), torch.tensor([target]))
        (gradient,) = torch.autograd.grad(loss, x)
        return loss.item(), gradient.numpy().astype(np.float64)

    def read(self, x):
        with torch.no_grad():
            return int(self.forward(torch.from_numpy(x.astype(np.float32))).argmax())


def attack(net, image):
    search = Search(net, image, OSTRICH, FIRST_C, GROWTH, {**OPTIONS, "maxiter": MOST})
    search.run()
    return search


def main(data, work, examples):
    torch.set_num_threads(int(os.environ["OMP_NUM_THREADS"]))
    net = Net(os.path.join(data, "squeezenet", "squeezenet1_0.safetensors"))
    images = np.fromfile(os.path.join(work, "photographs.f32"), np.float32).reshape(-1, 3 * SIDE * SIDE)
    images = images[: int(examples)].astype(np.float64)
    net.loss(images[0], OSTRICH)  # not measured: libraries set themselves up
    start = time.perf_counter()
    searches = [attack(net, image) for image in images]
    report(searches, time.perf_counter() - start)


if __name__ == "__main__":
    main(*sys.argv[1:])
