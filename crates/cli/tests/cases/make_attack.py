"""Makes the files of attack.toml: linear nets, whose nearest adversarial examples NumPy knows, and images for them.

    python3 make_attack.py          needs numpy, onnx, onnxruntime and pillow
"""

import os

import numpy as np
import onnx
import onnxruntime as ort
from onnx import TensorProto, helper, numpy_helper
from PIL import Image

HERE = os.path.join(os.path.dirname(os.path.abspath(__file__)), "files")
rng = np.random.default_rng(4)
SIDE = 6


def stored(name, values):
    return numpy_helper.from_array(np.asarray(values, dtype=np.float32), name)


def linear(name, weights, bias, ending=None):
    """Logits `weights · x + bias` of a gray image x, perhaps with an operation behind them."""
    last = "z" if ending is None else "y"
    nodes = [
        helper.make_node("Flatten", ["x"], ["row"], name="row"),
        helper.make_node("Gemm", ["row", "w", "b"], ["z"], name="z", transB=1),
    ]
    nodes += [helper.make_node(ending, ["z"], ["y"], name="y")] if ending else []
    graph = helper.make_graph(
        nodes,
        "net",
        [helper.make_tensor_value_info("x", TensorProto.FLOAT, ["n", 1, SIDE, SIDE])],
        [helper.make_tensor_value_info(last, TensorProto.FLOAT, ["n", len(bias)])],
        [stored("w", weights), stored("b", bias)],
    )
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)], ir_version=8)
    onnx.checker.check_model(model)
    onnx.save(model, os.path.join(HERE, name))


def logits(name, x):
    session = ort.InferenceSession(os.path.join(HERE, name), providers=["CPUExecutionProvider"])
    return session.run(None, {"x": x.astype(np.float32)})[0]


def nearest(weights, bias, x):
    """The nearest point beyond the border of each image's class, where the box does not matter."""
    points = []
    for image in x.reshape(len(x), -1):
        z = weights @ image + bias
        top = z.argmax()
        best = None
        for other in range(len(bias)):
            if other != top:
                d = weights[other] - weights[top]
                r = d * (z[top] - z[other]) / (d @ d)
                if best is None or r @ r < best @ best:
                    best = r
        assert ((image + best > 0) & (image + best < 1)).all()
        points.append(image + best)
    return np.array(points).reshape(x.shape)


def save(name, x):
    np.save(os.path.join(HERE, name), x.astype(np.float32))


def text(name, lines):
    with open(os.path.join(HERE, name), "w") as file:
        file.write("\n".join(lines) + "\n")


weights = rng.normal(size=(4, SIDE * SIDE))
levels = rng.integers(90, 166, size=(3, 1, SIDE, SIDE))
x = levels / 255.0
# Each image is of a class of its own.
weights = 0.1 * weights
weights[:3] += 2.0 * (x.reshape(3, -1) - x.mean())
bias = -(weights * x.mean()).sum(axis=1) - np.array([0.0, 0.0, 0.0, 1.0])
linear("att_linear.onnx", weights, bias)
weights, bias = weights.astype(np.float32).astype(float), bias.astype(np.float32).astype(float)
classes = logits("att_linear.onnx", x).argmax(axis=1)
print("classes", classes, "nearest", logits("att_linear.onnx", nearest(weights, bias, x)).argsort(axis=1)[:, -2:])
linear("att_linear_copy.onnx", weights, bias)
linear("att_linear_normalized.onnx", 0.25 * weights, bias + 0.5 * weights.sum(axis=1))
save("att_x.npy", x)
save("att_normalized.npy", (x - 0.5) / 0.25)
save("att_nearest.npy", nearest(weights, bias, x))
save("att_nearest_normalized.npy", (nearest(weights, bias, x) - 0.5) / 0.25)
# A class that always wins, and one that never does.
linear("att_unreachable.onnx", np.vstack([weights[:1] * 0.01, weights[1:2] * 0.01]), [-90.0, 0.0])
# One probability.
linear("att_sigmoid.onnx", weights[:1] - weights[1:2], bias[:1] - bias[1:2], "Sigmoid")
linear("att_sigmoids.onnx", weights, bias, "Sigmoid")
linear("att_three.onnx", weights[:3], bias[:3])
linear("att_two.onnx", weights[:2], bias[:2])

os.makedirs(os.path.join(HERE, "att_photos"), exist_ok=True)
for name, image in zip(["a", "b", "c"], levels):
    Image.fromarray(image[0].astype(np.uint8)).save(os.path.join(HERE, "att_photos", f"{name}.png"))
os.makedirs(os.path.join(HERE, "att_broken"), exist_ok=True)
for name, image in zip(["a", "c"], levels):
    Image.fromarray(image[0].astype(np.uint8)).save(os.path.join(HERE, "att_broken", f"{name}.png"))
with open(os.path.join(HERE, "att_broken", "b.png"), "wb") as file:
    file.write(b"\x89PNG\r\n\x1a\nno picture")
others = (classes + 1) % 4
names = ["cat", "dog", "frog", "ostrich"]
rows = [f"{n}.png,{c},{names[c]}" for n, c in zip("abc", classes)]
text("att_classes.csv", ["file,index,name", *rows])
text("att_names.txt", names)
text("att_by_file.csv", ["file,target"] + [f"{n}.png,{t}" for n, t in zip("cab", others[[2, 0, 1]])])
text("att_more_rows.csv", ["image,target"] + [f"{n}.png,{t}" for n, t in zip("cabz", [*others[[2, 0, 1]], 1])])
text("att_no_c.csv", ["file,target", "a.png,3", "b.png,3"])
text("att_three_rows.csv", ["target", "3", "2", "3"])
text("att_two_rows.csv", ["target", "3", "3"])
