"""Makes the files of files.toml: models with several outputs, with their channels last, in training mode, and files that are none;
and what ONNX Runtime says of them.

    python3 make_files.py         needs numpy, onnx, onnxruntime, pillow and safetensors
"""

import gzip
import io
import json
import os
import zipfile

import numpy as np
import onnx
import onnxruntime as ort
from onnx import TensorProto, helper, numpy_helper
from PIL import Image
from safetensors.numpy import save_file

HERE = os.path.join(os.path.dirname(os.path.abspath(__file__)), "files", "models")
os.makedirs(HERE, exist_ok=True)
rng = np.random.default_rng(6)
normal = lambda *shape: (0.5 * rng.standard_normal(shape)).astype(np.float32)


def path(name):
    return os.path.join(HERE, name)


def node(op, inputs, outputs, **attributes):
    outputs = outputs.split()
    return helper.make_node(op, inputs.split(), outputs, name=outputs[0], **attributes)


def net(name, nodes, outputs, stored, shape, opset=17):
    """A net of one input x; an open side is a name."""
    graph = helper.make_graph(
        nodes,
        "net",
        [helper.make_tensor_value_info("x", TensorProto.FLOAT, ["n", *shape])],
        [helper.make_tensor_value_info(o, TensorProto.FLOAT, None) for o in outputs],
        [numpy_helper.from_array(np.asarray(v), k) for k, v in stored.items()],
    )
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", opset)], ir_version=8)
    onnx.save(model, path(name))


def said(name, x, outputs):
    session = ort.InferenceSession(path(name), providers=["CPUExecutionProvider"])
    return session.run(outputs, {"x": x})


def two_outputs():
    stored = {
        "stem.conv.weight": normal(4, 3, 3, 3),
        "stem.conv.bias": normal(4),
        "head.fc.weight": normal(5, 4),
        "head.fc.bias": normal(5),
        "aux.conv.weight": normal(2, 4, 1, 1),
    }
    nodes = [
        node("Conv", "x stem.conv.weight stem.conv.bias", "c"),
        node("Relu", "c", "r"),
        node("GlobalAveragePool", "r", "p"),
        node("Flatten", "p", "f"),
        node("Gemm", "f head.fc.weight head.fc.bias", "logits", transB=1),
        node("Conv", "r aux.conv.weight", "aux_maps"),
        node("Relu", "aux_maps", "aux_relu"),
        node("GlobalAveragePool", "aux_relu", "aux_mean"),
        node("Flatten", "aux_mean", "aux"),
    ]
    net("two.onnx", nodes, ["logits", "aux"], stored, (3, 8, 8))
    x = normal(2, 3, 8, 8)
    np.save(path("x38.npy"), x)
    model = onnx.load(path("two.onnx"))
    model.graph.output.append(helper.make_tensor_value_info("aux_maps", TensorProto.FLOAT, None))
    session = ort.InferenceSession(model.SerializeToString(), providers=["CPUExecutionProvider"])
    for name, value in zip(["two_logits", "two_aux", "two_maps"], session.run(["logits", "aux", "aux_maps"], {"x": x})):
        np.save(path(f"{name}.npy"), value)
    # The second output needs an operator that no net here has.
    unread = nodes[:-1] + [node("Erf", "aux_mean", "erf"), node("Flatten", "erf", "aux")]
    net("unread.onnx", unread, ["logits", "aux"], stored, (3, 8, 8))
    net("unread_first.onnx", unread, ["aux", "logits"], stored, (3, 8, 8))
    net("open.onnx", nodes[:5], ["logits"], stored, (3, "height", "width"))
    # Both convolutions compute with one weight.
    twice = [
        node("Conv", "x w.weight", "a"),
        node("Conv", "a w.weight", "b"),
        node("GlobalAveragePool", "b", "p"),
        node("Flatten", "p", "y"),
    ]
    net("shared.onnx", twice, ["y"], {"w.weight": normal(3, 3, 1, 1)}, (3, 8, 8))


def channels_last():
    """Twins: tf2onnx's files begin with a Transpose."""
    stored = {
        "conv/kernel": normal(4, 3, 3, 3),
        "conv/bias": normal(4),
        "fc": normal(4, 5),
        "mean": np.array([0.4, 0.5, 0.6], np.float32),
        "std": np.array([0.2, 0.3, 0.25], np.float32),
    }
    rest = [
        node("Conv", "nchw conv/kernel conv/bias", "conv"),
        node("Relu", "conv", "relu"),
        node("GlobalAveragePool", "relu", "pool"),
        node("Flatten", "pool", "flat"),
        node("MatMul", "flat fc", "logits"),
    ]
    front = node("Transpose", "x", "nchw", perm=[0, 3, 1, 2])
    used = {k: stored[k] for k in ("conv/kernel", "conv/bias", "fc")}
    net("nhwc.onnx", [front, *rest], ["logits"], used, (8, 9, 3))
    scaled = [node("Sub", "x mean", "shifted"), node("Div", "shifted std", "scaled")]
    net(
        "nhwc_scaled.onnx",
        [*scaled, node("Transpose", "scaled", "nchw", perm=[0, 3, 1, 2]), *rest],
        ["logits"],
        stored,
        (8, 9, 3),
    )
    net("nchw.onnx", [node("Identity", "x", "nchw"), *rest], ["logits"], used, (3, 8, 9))
    net("nhwc_open.onnx", [front, *rest], ["logits"], used, ("height", "width", 3))
    dense = {"fc": normal(8 * 9 * 3, 5), "to": np.array([0, -1], np.int64)}
    flat = [node("Relu", "x", "relu"), node("Reshape", "relu to", "flat"), node("MatMul", "flat fc", "logits")]
    net("nhwc_dense.onnx", flat, ["logits"], dense, (8, 9, 3))

    x = rng.random((2, 8, 9, 3)).astype(np.float32)
    np.save(path("x_last.npy"), x)
    np.save(path("x_first.npy"), x.transpose(0, 3, 1, 2))
    for name in ("nhwc", "nhwc_scaled", "nhwc_dense"):
        np.save(path(f"{name}_y.npy"), said(f"{name}.onnx", x, ["logits"])[0])
    pixels = rng.integers(0, 256, (2, 8, 9, 3), dtype=np.uint8)
    os.makedirs(path("pictures"), exist_ok=True)
    for number, picture in enumerate(pixels):
        Image.fromarray(picture).save(path(f"pictures/{number}.png"))
    np.save(path("pictures_y.npy"), said("nhwc.onnx", (pixels / 255).astype(np.float32), ["logits"])[0])
    np.save(path("dense_pictures_y.npy"), said("nhwc_dense.onnx", (pixels / 255).astype(np.float32), ["logits"])[0])


def in_training():
    ones = {k: np.ones(3, np.float32) for k in ("scale", "shift", "mean", "variance")}
    rest = [node("GlobalAveragePool", "b", "p"), node("Flatten", "p", "y")]
    inputs = "x scale shift mean variance"
    outputs = "b m v sm sv"
    for opset in (9, 13):
        norm = node("BatchNormalization", inputs, outputs)
        net(f"training_{opset}.onnx", [norm, *rest], ["y"], ones, (3, 8, 8), opset)
    norm = node("BatchNormalization", inputs, "b m v", training_mode=1)
    net("training_15.onnx", [norm, *rest], ["y"], ones, (3, 8, 8), 15)
    dropout = node("Dropout", "x ratio training", "b")
    stored = {"ratio": np.float32(0.5), "training": np.bool_(True)}
    net("training_dropout.onnx", [dropout, *rest], ["y"], stored, (3, 8, 8))
    # What ONNX Runtime computes is no running statistic.
    x = rng.random((4, 3, 8, 8)).astype(np.float32)
    for opset in (9, 13, 15):
        y = said(f"training_{opset}.onnx", x, ["y"])[0]
        running = ((x - 1) / np.sqrt(1 + 1e-5) + 1).mean((2, 3))
        assert np.abs(y - running).max() > 0.1, opset


def foreign():
    pointer = b"version https://git-lfs.github.com/spec/v1\noid sha256:4d7a\nsize 12345\n"
    page = b"<!DOCTYPE html>\n<html><head><title>404</title></head></html>\n"
    archive = io.BytesIO()
    with zipfile.ZipFile(archive, "w") as file:
        file.writestr(zipfile.ZipInfo("archive/data.pkl"), b"\x80\x02}q\x00.")
    model = open(path("nchw.onnx"), "rb").read()
    save_file({"fc1.weight": normal(2, 2)}, path("weights_as.onnx"))
    contents = {
        "pointer": pointer,
        "page": page,
        "empty": b"",
        "pytorch": archive.getvalue(),
        "pickle": b"\x80\x02\x8a\x0al\xfc\x9cF\xf9 j\xa8P\x19.",
        "packed": gzip.compress(model, mtime=0),
        "answer": b"Entry not found",
    }
    for name, content in contents.items():
        for ending in ("onnx", "safetensors"):
            open(path(f"{name}.{ending}"), "wb").write(content)
    open(path("model_as.safetensors"), "wb").write(model)


DESCRIPTION = """input = [3, 8, 8]

[[node]]
name = "conv"
op = "conv"
filters = 4
kernel = 3

[[node]]
name = "relu"
op = "relu"

[[node]]
name = "pool"
op = "global_mean_pool"

[[node]]
name = "flat"
op = "flatten"

[[node]]
name = "fc"
op = "linear"
outputs = 5
"""


def half(values):
    """The upper halves of f32, as bfloat16 stores them."""
    return (values.view(np.uint32) >> 16).astype(np.uint16)


def weights():
    open(path("small.toml"), "w").write(DESCRIPTION)
    stored = {
        "conv.weight": normal(4, 3, 3, 3),
        "conv.bias": normal(4),
        "fc.weight": normal(5, 4),
        "fc.bias": normal(5),
    }
    stored = {k: (v.view(np.uint32) & 0xFFFF0000).view(np.float32).astype(np.float16).astype(np.float32) for k, v in stored.items()}
    # Both halves of precision hold these numbers exactly.
    stored = {k: (v.view(np.uint32) & 0xFFFF0000).view(np.float32) for k, v in stored.items()}
    assert all((v.astype(np.float16).astype(np.float32) == v).all() for v in stored.values())
    save_file(stored, path("plain.safetensors"))
    for prefix in ("module.", "model.", "backbone."):
        save_file({prefix + k: v for k, v in stored.items()}, path(f"{prefix}safetensors"))
    save_file({k: v.astype(np.float16) for k, v in stored.items()}, path("f16.safetensors"))
    counted = {**stored, "bn.num_batches_tracked": np.array(7, np.int64)}
    save_file(counted, path("counted.safetensors"))
    # NumPy has no bfloat16: the header is written by hand.
    header, data = {}, b""
    for name, values in stored.items():
        part = half(values).tobytes()
        header[name] = {"dtype": "BF16", "shape": list(values.shape), "data_offsets": [len(data), len(data) + len(part)]}
        data += part
    text = json.dumps(header).encode()
    text += b" " * (-len(text) % 8)
    open(path("bf16.safetensors"), "wb").write(len(text).to_bytes(8, "little") + text + data)
    nodes = [
        node("Conv", "x conv.weight conv.bias", "c"),
        node("Relu", "c", "r"),
        node("GlobalAveragePool", "r", "p"),
        node("Flatten", "p", "f"),
        node("Gemm", "f fc.weight fc.bias", "y", transB=1),
    ]
    net("small.onnx", nodes, ["y"], stored, (3, 8, 8))
    np.save(path("small_y.npy"), said("small.onnx", np.load(path("x38.npy")), ["y"])[0])


two_outputs()
channels_last()
in_training()
foreign()
weights()
