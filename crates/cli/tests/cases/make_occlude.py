#!/usr/bin/env python3
"""Makes the files of occlude.toml: small nets, images, and what Captum and PyTorch find, in f64.

Needs numpy, onnx, Pillow, torch and captum.
"""

from pathlib import Path

import numpy as np
import onnx
import torch
from captum.attr import Deconvolution, GuidedBackprop, Occlusion
from onnx import TensorProto, helper, numpy_helper
from PIL import Image
from torch import nn

FILES = Path(__file__).parent / "files"
RNG = np.random.default_rng(20)


def save(name, array):
    np.save(FILES / f"occ_{name}.npy", np.asarray(array, dtype=np.float32))


def numbers(*shape, scale=1.0):
    return (scale * RNG.standard_normal(shape)).astype(np.float32)


WEIGHTS = {
    "w1": numbers(4, 3, 3, 3, scale=0.4),
    "b1": numbers(4, scale=0.2),
    "w2": numbers(6, 4, 3, 3, scale=0.4),
    "b2": numbers(6, scale=0.2),
    "w3": numbers(5, 6),
    "b3": numbers(5, scale=0.3),
}


def node(op, inputs, output, **attributes):
    return helper.make_node(op, inputs.split(), [output], name=output, **attributes)


def features(function="Relu", **attributes):
    """Two convolutions, each with its function, and a max pooling between them."""
    return [
        node("Conv", "x w1 b1", "conv1", kernel_shape=[3, 3], pads=[1, 1, 1, 1]),
        node(function, "conv1", "act1", **attributes),
        node("MaxPool", "act1", "pool", kernel_shape=[2, 2], strides=[2, 2]),
        node("Conv", "pool w2 b2", "conv2", kernel_shape=[3, 3]),
        node(function, "conv2", "act2", **attributes),
    ]


def classifier(more=(), **scales):
    nodes = [node("GlobalAveragePool", "act2", "mean"), node("Flatten", "mean", "row")]
    return nodes + [node("Gemm", "row w3 b3", "logits", transB=1), *more]


def export(name, nodes, shape, weights, inputs=(1, 3, 16, 16)):
    used = {each for step in nodes for each in step.input}
    kept = [numpy_helper.from_array(array, key) for key, array in weights.items() if key in used]
    value = helper.make_tensor_value_info
    graph = helper.make_graph(
        nodes,
        name,
        [value("x", TensorProto.FLOAT, list(inputs))],
        [value(nodes[-1].output[0], TensorProto.FLOAT, list(shape))],
        kept,
    )
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)], ir_version=8)
    onnx.checker.check_model(model)
    onnx.save(model, FILES / f"occ_{name}.onnx")


class Net(nn.Module):
    """The same net in PyTorch, in f64, up to its logits."""

    def __init__(self, function=nn.ReLU, gain=1.0):
        super().__init__()
        self.conv1, self.conv2 = nn.Conv2d(3, 4, 3, padding=1), nn.Conv2d(4, 6, 3)
        self.act1, self.act2, self.pool = function(), function(), nn.MaxPool2d(2)
        self.linear = nn.Linear(6, 5)
        self.gain = gain
        self.double()
        layers = [self.conv1, self.conv2, self.linear]
        with torch.no_grad():
            for number, layer in enumerate(layers, 1):
                layer.weight.copy_(torch.from_numpy(WEIGHTS[f"w{number}"]))
                layer.bias.copy_(torch.from_numpy(WEIGHTS[f"b{number}"]))

    def maps(self, x):
        return self.act2(self.conv2(self.pool(self.act1(self.conv1(x)))))

    def forward(self, x):
        return self.linear(self.maps(x).mean((2, 3))) * self.gain


def log_odds(logits, k):
    others = [j for j in range(logits.shape[1]) if j != k]
    return logits[:, k] - torch.logsumexp(logits[:, others], 1)


def regions(size, patch, stride):
    """Captum's windows: every stride-th pixel, and a last one that is cut off at the border."""
    starts = [range(0, int(np.ceil((s - p) / t)) * t + 1, t) for s, p, t in zip(size, patch, stride)]
    return [[(y, min(y + patch[0], size[0]), x, min(x + patch[1], size[1])) for x in starts[1]] for y in starts[0]]


def position_map(value, image, patch, stride, fill):
    """The value at each position, for one image."""
    found = []
    for row in regions(image.shape[2:], patch, stride):
        for top, bottom, left, right in row:
            hidden = image.clone()
            hidden[:, :, top:bottom, left:right] = fill[:, :, top:bottom, left:right]
            found.append(value(hidden).item())
    rows = len(regions(image.shape[2:], patch, stride))
    return np.array(found).reshape(1, rows, -1)


def captum(value, images, patch, stride, fill):
    channels = images.shape[1]
    method = Occlusion(value)
    window, strides = (channels, *patch), (channels, *stride)
    found = [
        method.attribute(images[i : i + 1], sliding_window_shapes=window, strides=strides, baselines=fill[i : i + 1])
        for i in range(len(images))
    ]
    # Captum adds up in the type of the image, and the same for every channel.
    return torch.cat(found)[:, 0].detach().numpy()


def convolutional():
    images = torch.from_numpy(numbers(2, 3, 16, 16)).double()
    save("x", images)
    net, patch, stride = Net(), (5, 5), (4, 3)
    constant = torch.full_like(images, 0.25)
    mean = images.mean((2, 3), keepdim=True).expand_as(images)
    probability = lambda k: lambda x: torch.softmax(net(x), 1)[:, k]
    export("conv", features() + classifier(), (1, 5), WEIGHTS)
    export("softmax", features() + classifier([node("Softmax", "logits", "p", axis=1)]), (1, 5), WEIGHTS)
    export("maps", features(), (1, 6, 6, 6), WEIGHTS)
    save("pixels_logit", captum(lambda x: net(x)[:, 2], images, patch, stride, constant))
    save("pixels_probability", captum(probability(2), images, patch, stride, mean))
    save("pixels_log_odds", captum(lambda x: log_odds(net(x), 2), images, patch, stride, constant))
    save("pixels_difference", captum(lambda x: net(x)[:, 1] - net(x)[:, 3], images, patch, stride, constant))
    by_image = lambda value: np.concatenate(
        [position_map(value, images[i : i + 1], patch, stride, constant[i : i + 1]) for i in range(2)]
    )
    save("map_probability", by_image(probability(2)))
    clean = probability(2)(images).detach().numpy()[:, None, None]
    save("map_drop", clean - by_image(probability(2)))
    save("map_activity", by_image(lambda x: net.maps(x)[:, 3].sum()))
    save("map_unit", by_image(lambda x: net.maps(x)[:, 3, 2, 4]))
    mask = np.zeros((6, 6), dtype=np.uint8)
    mask[1:4, 2:5] = 255
    Image.fromarray(mask).save(FILES / "occ_mask.png")
    save("map_region", by_image(lambda x: net.maps(x)[:, 3, 1:4, 2:5].sum()))
    save("map_argmax", by_image(lambda x: net(x).argmax(1)))


def confident():
    """Probabilities that round to 1 in f32: only log-odds tell positions apart."""
    images = torch.from_numpy(numbers(1, 3, 16, 16)).double()
    gain = np.float32(60.0)
    weights = {**WEIGHTS, "w3": WEIGHTS["w3"] * gain, "b3": WEIGHTS["b3"] * gain}
    export("confident", features() + classifier([node("Softmax", "logits", "p", axis=1)]), (1, 5), weights)
    save("confident_x", images)
    net = Net(gain=60.0)
    top = net(images).argmax(1).item()
    assert torch.softmax(net(images), 1)[0, top] > 0.9999
    value = lambda x: log_odds(net(x), top)
    save("confident_log_odds", position_map(value, images, (4, 4), (4, 4), torch.full_like(images, 0.0)))


def at_the_border():
    """A net that reads nothing but the last three rows and columns of 20 by 20 pixels."""
    weights = np.zeros((2, 1, 20, 20), dtype=np.float32)
    weights[1, 0, 17:, 17:] = 0.5
    weights = {"w": weights.reshape(2, 400), "b": np.array([0, -2], dtype=np.float32)}
    nodes = [node("Flatten", "x", "row"), node("Gemm", "row w b", "logits", transB=1)]
    export("border", nodes, (1, 2), weights, (1, 1, 20, 20))
    image = np.ones((1, 1, 20, 20), dtype=np.float32)
    save("border_x", image)
    linear = lambda x: x.flatten(1) @ torch.from_numpy(weights["w"]).double().T + torch.tensor([0.0, -2.0])
    value = lambda x: torch.softmax(linear(x), 1)[:, 1]
    image = torch.from_numpy(image).double()
    found = position_map(value, image, (5, 5), (4, 4), torch.zeros_like(image))
    assert found.shape == (1, 5, 5) and found[0, 4, 4] < found[0, 0, 0]
    save("border_map", found)


def one_sigmoid():
    weights = {"w": numbers(1, 64), "b": numbers(1)}
    nodes = [
        node("Flatten", "x", "row"),
        node("Gemm", "row w b", "z", transB=1),
        node("Sigmoid", "z", "p"),
    ]
    export("sigmoid", nodes, (1, 1), weights, (1, 1, 8, 8))
    image = torch.from_numpy(RNG.random((1, 1, 8, 8)).astype(np.float32)).double()
    save("sigmoid_x", image)
    w, b = (torch.from_numpy(weights[key]).double() for key in "wb")
    p = lambda x: torch.sigmoid(x.flatten(1) @ w.T + b)[:, 0]
    half = torch.full_like(image, 0.5)
    save("sigmoid_p", position_map(p, image, (2, 2), (2, 2), half))
    save("sigmoid_other", position_map(lambda x: 1 - p(x), image, (2, 2), (2, 2), half))


def projections():
    images = torch.from_numpy(np.load(FILES / "occ_x.npy")).double()
    net = Net()
    lowest = int(net(images)[0].argmin())
    assert lowest == 0 and (net(images)[:, 0] < 0).all(), "the cases name class 0, whose logit is negative"
    inputs = images.clone().requires_grad_()
    (derivative,) = torch.autograd.grad(net(inputs)[:, lowest].sum(), inputs)
    save("derivative", derivative)
    logit = net(images)[:, lowest].detach()[:, None, None, None]
    save("derivative_times_logit", derivative * logit)
    save("guided", GuidedBackprop(Net()).attribute(images.clone().requires_grad_(), target=lowest).detach())
    save("deconvnet", Deconvolution(Net()).attribute(images.clone().requires_grad_(), target=lowest).detach())
    export("leaky", features("LeakyRelu", alpha=0.1) + classifier(), (1, 5), WEIGHTS)
    export("tanh", features("Tanh") + classifier(), (1, 5), WEIGHTS)
    tanh = Net(nn.Tanh)
    inputs = images.clone().requires_grad_()
    (derivative,) = torch.autograd.grad(tanh(inputs)[:, 1].sum(), inputs)
    save("tanh_derivative", derivative)


if __name__ == "__main__":
    convolutional()
    confident()
    at_the_border()
    one_sigmoid()
    projections()
