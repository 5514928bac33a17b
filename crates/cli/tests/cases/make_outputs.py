"""Makes the files of outputs.toml: nets whose outputs are read in every way, and what ONNX Runtime says of them.

    python3 make_outputs.py         needs numpy, onnx, onnxruntime and safetensors
"""

import os

import numpy as np
import onnx
import onnxruntime as ort
import safetensors.numpy
from onnx import TensorProto, helper, numpy_helper

HERE = os.path.join(os.path.dirname(os.path.abspath(__file__)), "files")
rng = np.random.default_rng(18)


def tensor(name, values):
    return numpy_helper.from_array(np.asarray(values, dtype=np.float32), name)


def net(name, nodes, outputs, stored, shape=(3, 8, 8), opset=17, dtype=TensorProto.FLOAT):
    """A net of one input x; outputs are names with shapes."""
    graph = helper.make_graph(
        nodes,
        "net",
        [helper.make_tensor_value_info("x", TensorProto.FLOAT, ["n", *shape])],
        [helper.make_tensor_value_info(o, dtype, s) for o, s in outputs],
        stored,
    )
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", opset)], ir_version=8)
    onnx.checker.check_model(model)
    path = os.path.join(HERE, name)
    onnx.save(model, path)
    return path


def node(op, inputs, output, **attributes):
    return helper.make_node(op, inputs.split(), [output], name=output, **attributes)


def head(classes, scale=1.0):
    """A convolution, a rectifier, the mean of each map, and a dense layer of so many outputs, `z`."""
    weights = [
        tensor("w", rng.normal(size=(4, 3, 3, 3)) * 0.5),
        tensor("v", rng.normal(size=(classes, 4)) * scale),
        tensor("b", rng.normal(size=classes) * 0.2),
    ]
    nodes = [
        node("Conv", "x w", "conv", pads=[1, 1, 1, 1]),
        node("Relu", "conv", "relu"),
        node("GlobalAveragePool", "relu", "mean"),
        node("Flatten", "mean", "row"),
        node("Gemm", "row v b", "z", transB=1),
    ]
    return nodes, weights


def run(path, x, outputs=None):
    return ort.InferenceSession(path, providers=["CPUExecutionProvider"]).run(outputs, {"x": x})


def fixed(classes, values):
    """A net that says these numbers of any image: they are the bias of a dense layer without weights."""
    weights = [tensor("v", np.zeros((classes, 3))), tensor("b", values)]
    nodes = [node("GlobalAveragePool", "x", "mean"), node("Flatten", "mean", "row"), node("Gemm", "row v b", "z", transB=1)]
    return nodes, weights


def logit(p):
    return np.log(np.asarray(p) / (1 - np.asarray(p)))


def main():
    os.makedirs(HERE, exist_ok=True)
    x = rng.random((2, 3, 8, 8), dtype=np.float32)
    np.save(os.path.join(HERE, "x.npy"), x)
    np.save(os.path.join(HERE, "one.npy"), x[:1])
    bad = x.copy()
    bad[1, 0, 2, 3] = np.nan
    np.save(os.path.join(HERE, "nan.npy"), bad)

    # One sigmoid, said of any image and of its own.
    nodes, weights = fixed(1, logit([0.71]))
    net("sigmoid_071.onnx", nodes + [node("Sigmoid", "z", "p")], [("p", ["n", 1])], weights)
    nodes, weights = head(1, 4.0)
    net("sigmoid.onnx", nodes + [node("Sigmoid", "z", "p")], [("p", ["n", 1])], weights)
    net("one_logit.onnx", nodes, [("z", ["n", 1])], weights)
    # Four sigmoids.
    nodes, weights = fixed(4, logit([0.99, 0.98, 0.01, 0.01]))
    net("sigmoids.onnx", nodes + [node("Sigmoid", "z", "p")], [("p", ["n", 4])], weights)

    # A softmax behind what only moves numbers: 0.9999986 for class 1.
    sure = [0.0, 13.5, 0.0]
    nodes, weights = fixed(3, sure)
    softmax = nodes + [node("Softmax", "z", "p", axis=1)]
    shape = [numpy_helper.from_array(np.array([-1, 3], dtype=np.int64), "shape")]
    axes = [numpy_helper.from_array(np.array([2, 3], dtype=np.int64), "axes")]
    net("cast.onnx", softmax + [node("Cast", "p", "y", to=TensorProto.FLOAT)], [("y", ["n", 3])], weights)
    net("identity.onnx", softmax + [node("Identity", "p", "y")], [("y", ["n", 3])], weights)
    net("flatten.onnx", softmax + [node("Flatten", "p", "y")], [("y", ["n", 3])], weights)
    net("reshape.onnx", softmax + [node("Reshape", "p shape", "y")], [("y", ["n", 3])], weights + shape)
    maps = [tensor("k", np.zeros((3, 3, 1, 1))), tensor("b", sure)]
    pooled = [node("Conv", "x k b", "conv"), node("GlobalAveragePool", "conv", "z")]
    net("squeeze.onnx", pooled + [node("Softmax", "z", "p", axis=1), node("Squeeze", "p axes", "y")], [("y", ["n", 3])], maps + axes)
    net("opset9.onnx", pooled + [node("Softmax", "z", "y")], [("y", ["n", 3, 1, 1])], maps, opset=9)
    # Probabilities in percent, and two softmaxes side by side: numbers as they are.
    net("percent.onnx", softmax + [node("Mul", "p hundred", "y")], [("y", ["n", 3])], weights + [tensor("hundred", 100.0)])
    net("two_softmaxes.onnx", softmax + [node("Concat", "p p", "y", axis=1)], [("y", ["n", 6])], weights)
    # Means, maxima and limits of probabilities.
    flat = [tensor("k", np.zeros((2, 3, 1, 1))), tensor("b", logit([0.9, 0.2]))]
    maps = [node("Conv", "x k b", "z")]
    pooled = [node("GlobalAveragePool", "p", "mean"), node("Flatten", "mean", "y")]
    net("mean_of_sigmoids.onnx", maps + [node("Sigmoid", "z", "p")] + pooled, [("y", ["n", 2])], flat)
    net("mean_of_softmaxes.onnx", maps + [node("Softmax", "z", "p", axis=1)] + pooled, [("y", ["n", 2])], flat)
    nodes, weights = fixed(2, [0.3, 7.0])
    limits = [tensor("low", 0.0), tensor("high", 1.0)]
    net("hard_sigmoid.onnx", nodes + [node("Clip", "z low high", "p")], [("p", ["n", 2])], weights + limits)
    # A binary classifier as torch.sigmoid(net(x)).squeeze(1) exports it, and a softmax over one number.
    nodes, weights = fixed(1, logit([0.71]))
    row = [numpy_helper.from_array(np.array([1], dtype=np.int64), "row_axis")]
    squeezed = nodes + [node("Sigmoid", "z", "p"), node("Squeeze", "p row_axis", "y")]
    net("sigmoid_squeezed.onnx", squeezed, [("y", ["n"])], weights + row)
    nodes, weights = head(1)
    net("softmax_of_one.onnx", nodes + [node("Softmax", "z", "p", axis=1)], [("p", ["n", 1])], weights)
    # A regression of one number, and of three by a tanh.
    nodes, weights = fixed(1, [-3.25])
    net("regression.onnx", nodes, [("z", ["n", 1])], weights)
    nodes, weights = head(3)
    net("tanh.onnx", nodes + [node("Tanh", "z", "y")], [("y", ["n", 3])], weights)
    # Segmentation: maps of scores.
    segment = [tensor("s", rng.normal(size=(5, 3, 3, 3)))]
    path = net("segment.onnx", [node("Conv", "x s", "y", pads=[1, 1, 1, 1])], [("y", ["n", 5, 8, 8])], segment)
    np.save(os.path.join(HERE, "segment_y.npy"), run(path, x)[0])
    # Ten classes.
    nodes, weights = head(10)
    path = net("ten.onnx", nodes, [("z", ["n", 10])], weights)
    np.save(os.path.join(HERE, "ten_z.npy"), run(path, x)[0])
    # Weights of a dense layer for 28 by 28 pixels.
    dense = {"fc1.weight": rng.normal(size=(3, 784)).astype(np.float32), "fc1.bias": np.zeros(3, dtype=np.float32)}
    safetensors.numpy.save_file(dense, os.path.join(HERE, "fc.safetensors"))
    np.save(os.path.join(HERE, "gray.npy"), rng.random((1, 1, 28, 28), dtype=np.float32))
    # Weights that are no numbers.
    broken = weights[:2] + [tensor("b", [np.nan] + [0.0] * 9)]
    net("nan_weights.onnx", nodes, [("z", ["n", 10])], broken)
    for name, count in [("nine.txt", 9), ("ten.txt", 10), ("eleven.txt", 11)]:
        with open(os.path.join(HERE, name), "w") as file:
            file.writelines(f"name {i}\n" for i in range(count))
    with open(os.path.join(HERE, "index.json"), "w") as file:
        file.write('{' + ", ".join(f'"{i}": ["n{i:08d}", "name_{i}"]' for i in range(10)) + '}\n')
    open(os.path.join(HERE, "empty.txt"), "w").close()
    with open(os.path.join(HERE, "twice.txt"), "w") as file:
        file.writelines(f"{'crane' if i in (3, 5) else i}\n" for i in range(10))
    with open(os.path.join(HERE, "truth.csv"), "w") as file:
        file.write("file,label,name\nelsewhere.png,3,three\n")
    with open(os.path.join(HERE, "half_truth.csv"), "w") as file:
        file.write("file,label,name\nx.npy[0],3,three\n")


main()
