"""The reference attack: SciPy's L-BFGS-B on c·‖r‖² + cross-entropy in the box, one example at a time.

usage: attack.py DATA WORK MODEL (numpy|torch) EXAMPLES        prints one line of JSON
The largest c whose minimizer reaches the target is bracketed by factors of 4 from 0.05 and bisected geometrically to 2 %.
All arithmetic is in f64. The number of threads is taken from the environment (OMP_NUM_THREADS and its like).
"""

import json
import os
import sys
import time

import numpy as np
from safetensors.numpy import load_file
from scipy.optimize import Bounds, minimize

from digits import cases

FIRST_C = 0.05
GROWTH = 4
MOST_GROWTHS = 12
RATIO = 1.02
OPTIONS = dict(maxiter=200, maxcor=10, ftol=1e-9, gtol=1e-6)


class NumpyNet:
    """Dense layers with sigmoids between them; the gradient is written by hand."""

    def __init__(self, layers):
        self.layers = layers

    def forward(self, x):
        hidden = []
        for weight, bias in self.layers[:-1]:
            x = 1 / (1 + np.exp(-(weight @ x + bias)))
            hidden.append(x)
        weight, bias = self.layers[-1]
        return weight @ x + bias, hidden

    def loss(self, x, target):
        """Cross-entropy and its gradient."""
        logits, hidden = self.forward(x)
        logits = logits - logits.max()
        signal = np.exp(logits)
        total = signal.sum()
        loss = np.log(total) - logits[target]
        signal /= total
        signal[target] -= 1
        for (weight, _), h in zip(self.layers[:0:-1], hidden[::-1]):
            signal = (signal @ weight) * (h * (1 - h))
        return loss, signal @ self.layers[0][0]

    def read(self, x):
        return self.forward(x)[0].argmax()


class TorchNet:
    """The same; the gradient is PyTorch's."""

    def __init__(self, layers):
        import torch

        torch.set_num_threads(int(os.environ["OMP_NUM_THREADS"]))
        self.torch = torch
        self.layers = [(torch.from_numpy(weight), torch.from_numpy(bias)) for weight, bias in layers]
        self.labels = [torch.tensor([label]) for label in range(10)]

    def forward(self, x):
        for weight, bias in self.layers[:-1]:
            x = self.torch.sigmoid(self.torch.nn.functional.linear(x, weight, bias))
        weight, bias = self.layers[-1]
        return self.torch.nn.functional.linear(x, weight, bias)

    def loss(self, x, target):
        x = self.torch.from_numpy(x).requires_grad_()
        loss = self.torch.nn.functional.cross_entropy(self.forward(x[None]), self.labels[target])
        (gradient,) = self.torch.autograd.grad(loss, x)
        return loss.item(), gradient.numpy()

    def read(self, x):
        with self.torch.no_grad():
            return int(self.forward(self.torch.from_numpy(x)[None]).argmax())


class Search:
    """The search over c for one example."""

    def __init__(self, net, original, target, first_c=FIRST_C, growth=GROWTH, options=OPTIONS):
        self.net, self.original, self.target = net, original, target
        self.first_c, self.growth, self.options = first_c, growth, options
        self.bounds = Bounds(np.zeros_like(original), np.ones_like(original))
        self.evaluations = 0
        self.distortion = np.inf

    def reaches(self, c):
        """Whether the minimizer at this c is read as the target; the nearest such one is kept."""

        def objective(x):
            self.evaluations += 1
            loss, gradient = self.net.loss(x, self.target)
            r = x - self.original
            return loss + c * (r @ r), gradient + 2 * c * r

        found = minimize(objective, self.original, jac=True, method="L-BFGS-B", bounds=self.bounds, options=self.options)
        x = np.clip(found.x, 0, 1)
        reached = self.net.read(x) == self.target
        if reached:
            self.distortion = min(self.distortion, np.sqrt(np.mean((x - self.original) ** 2)))
        return reached

    def run(self):
        if self.net.read(self.original) == self.target:
            self.distortion = 0.0
            return
        low, high = self.bracket()
        while low is not None and high / low > RATIO:
            middle = np.sqrt(low * high)
            if self.reaches(middle):
                low = middle
            else:
                high = middle

    def bracket(self):
        """A c that reaches the target, or None, and one that does not."""
        c = self.first_c
        if self.reaches(c):
            for _ in range(MOST_GROWTHS):
                low, c = c, c * self.growth
                if not self.reaches(c):
                    break
            return low, c
        for _ in range(MOST_GROWTHS):
            high, c = c, c / self.growth
            if self.reaches(c):
                return c, high
        return None, c


def load(path):
    """Weights and biases, layer after layer, in f64."""
    tensors = {name: tensor.astype(np.float64) for name, tensor in load_file(path).items()}
    return [(tensors[f"fc{i}.weight"], tensors[f"fc{i}.bias"]) for i in range(1, len(tensors) // 2 + 1)]


def attack(net, image, target):
    search = Search(net, image, target)
    search.run()
    return search


def report(searches, seconds):
    """Prints what ended searches found and took, as one line of JSON."""
    distortions = [float(search.distortion) for search in searches]
    measured = {
        "examples": len(searches),
        "found": int(np.isfinite(distortions).sum()),
        "seconds_per_example": seconds / len(searches),
        "evaluations_per_example": float(np.mean([search.evaluations for search in searches])),
        "distortions": distortions,
    }
    print(json.dumps(measured))


def main(data, work, model, gradient, examples):
    net = {"numpy": NumpyNet, "torch": TorchNet}[gradient](load(os.path.join(work, f"{model}.safetensors")))
    images, targets = cases(data, work, int(examples))
    attack(net, images[0], targets[0])  # not measured: libraries set themselves up
    start = time.perf_counter()
    searches = [attack(net, image, target) for image, target in zip(images, targets)]
    report(searches, time.perf_counter() - start)


if __name__ == "__main__":
    main(*sys.argv[1:])
