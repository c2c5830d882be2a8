"""Write MiniLM weights as an ONNX encoder with int8 weights, without torch.

The graph is the BERT encoder, written out node by node: the words of one text in, their states
out. Weights are kept as int8 with a scale for every column and read as floats at load, so that
the small copy agrees with the whole one to a cosine of .999.
"""

import hashlib
import json
import struct
from pathlib import Path

import numpy as np
import onnx
import onnxruntime
from onnx import TensorProto, helper, numpy_helper

PUBLISHED = "53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db"
LAYERS, HEADS, WIDTH = 6, 12, 384
DEPTH = WIDTH // HEADS


def tensors(path: Path) -> dict[str, np.ndarray]:
    """The float tensors of a safetensors file."""
    raw = path.read_bytes()
    (length,) = struct.unpack("<Q", raw[:8])
    header = json.loads(raw[8 : 8 + length])
    body = raw[8 + length :]
    found = {}
    for name, about in header.items():
        if name == "__metadata__" or about["dtype"] != "F32":
            continue
        start, end = about["data_offsets"]
        found[name] = np.frombuffer(body[start:end], np.float32).reshape(about["shape"])
    return found


class Graph:
    """Collects nodes and weights."""

    def __init__(self, weights: dict[str, np.ndarray], small: bool) -> None:
        self.weights = weights
        self.small = small
        self.nodes: list[onnx.NodeProto] = []
        self.values: dict[str, onnx.TensorProto] = {}
        self.count = 0

    def value(self, name: str, array: np.ndarray) -> str:
        """A constant of the graph."""
        if name not in self.values:
            self.values[name] = numpy_helper.from_array(np.array(array, order="C"), name)
        return name

    def node(self, kind: str, inputs: list[str], **attributes: object) -> str:
        """One operation; returns the name of its result."""
        self.count += 1
        out = f"v{self.count}"
        self.nodes.append(helper.make_node(kind, inputs, [out], **attributes))
        return out

    def dense(self, x: str, name: str) -> str:
        """x @ W.T + b."""
        weight = self.matrix(f"{name}.wt", self.weights[f"{name}.weight"].T)
        bias = self.value(f"{name}.bias", self.weights[f"{name}.bias"])
        return self.node("Add", [self.node("MatMul", [x, weight]), bias])

    def matrix(self, name: str, array: np.ndarray) -> str:
        """A table of weights: as int8 with a scale a column in the small copy."""
        if not self.small:
            return self.value(name, array)
        scale = np.abs(array).max(0, keepdims=True) / 127
        whole = self.value(f"{name}.int8", np.rint(array / scale).astype(np.int8))
        floats = self.node("Cast", [whole], to=TensorProto.FLOAT)
        return self.node("Mul", [floats, self.value(f"{name}.scale", scale)])

    def rows(self, name: str, array: np.ndarray, ids: str) -> str:
        """Some rows of a table: as int8 with a scale a row in the small copy."""
        if not self.small:
            return self.node("Gather", [self.value(name, array), ids])
        scale = np.abs(array).max(1, keepdims=True) / 127
        whole = self.value(f"{name}.int8", np.rint(array / scale).astype(np.int8))
        floats = self.node("Cast", [self.node("Gather", [whole, ids])], to=TensorProto.FLOAT)
        return self.node(
            "Mul", [floats, self.node("Gather", [self.value(f"{name}.scale", scale), ids])]
        )

    def norm(self, x: str, name: str) -> str:
        """Layer normalisation."""
        scale = self.value(f"{name}.weight", self.weights[f"{name}.weight"])
        bias = self.value(f"{name}.bias", self.weights[f"{name}.bias"])
        return self.node("LayerNormalization", [x, scale, bias], axis=-1, epsilon=1e-12)

    def heads(self, x: str, transposed: bool = False) -> str:
        """(batch, words, width) to (batch, heads, words, depth)."""
        shape = self.value("heads", np.array([0, 0, HEADS, DEPTH], np.int64))
        order = [0, 2, 3, 1] if transposed else [0, 2, 1, 3]
        return self.node("Transpose", [self.node("Reshape", [x, shape])], perm=order)


def encoder(weights: dict[str, np.ndarray], *, small: bool) -> onnx.ModelProto:
    """The whole network: numbers of words in, the states of the words out."""
    g = Graph(weights, small)
    kinds = weights["embeddings.token_type_embeddings.weight"][0]
    places = weights["embeddings.position_embeddings.weight"] + kinds
    length = g.node("Gather", [g.node("Shape", ["ids"]), g.value("one", np.array(1, np.int64))])
    ends = g.node("Unsqueeze", [length, g.value("axis0", np.array([0], np.int64))])
    start, axis = g.value("start", np.array([0], np.int64)), g.value("axis0", np.zeros(1, np.int64))
    place = g.node("Slice", [g.value("places", places), start, ends, axis])
    words = g.rows("words", weights["embeddings.word_embeddings.weight"], "ids")
    x = g.node("Add", [words, place])
    x = g.norm(x, "embeddings.LayerNorm")
    for layer in range(LAYERS):
        x = block(g, x, f"encoder.layer.{layer}")
    g.nodes.append(helper.make_node("Identity", [x], ["states"]))
    inputs = [helper.make_tensor_value_info("ids", TensorProto.INT64, ["batch", "words"])]
    shape = ["batch", "words", WIDTH]
    out = helper.make_tensor_value_info("states", TensorProto.FLOAT, shape)
    graph = helper.make_graph(g.nodes, "encoder", inputs, [out], list(g.values.values()))
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 18)], ir_version=9)
    onnx.checker.check_model(model)
    return model


def block(g: Graph, x: str, name: str) -> str:
    """One transformer layer."""
    query = g.heads(g.dense(x, f"{name}.attention.self.query"))
    key = g.heads(g.dense(x, f"{name}.attention.self.key"), transposed=True)
    value = g.heads(g.dense(x, f"{name}.attention.self.value"))
    scale = g.value("scale", np.array(DEPTH**-0.5, np.float32))
    score = g.node("Mul", [g.node("MatMul", [query, key]), scale])
    seen = g.node("MatMul", [g.node("Softmax", [score], axis=-1), value])
    joined = g.node("Transpose", [seen], perm=[0, 2, 1, 3])
    flat = g.node("Reshape", [joined, g.value("flat", np.array([0, 0, WIDTH], np.int64))])
    out = g.dense(flat, f"{name}.attention.output.dense")
    x = g.norm(g.node("Add", [out, x]), f"{name}.attention.output.LayerNorm")
    inner = g.dense(x, f"{name}.intermediate.dense")
    half = g.value("half", np.array(0.5, np.float32))
    root = g.value("root", np.array(2**-0.5, np.float32))
    bell = g.node(
        "Add",
        [g.node("Erf", [g.node("Mul", [inner, root])]), g.value("onef", np.array(1.0, np.float32))],
    )
    gelu = g.node("Mul", [g.node("Mul", [inner, bell]), half])
    out = g.dense(gelu, f"{name}.output.dense")
    return g.norm(g.node("Add", [out, x]), f"{name}.output.LayerNorm")


def agreement(first: Path, second: Path) -> float:
    """The lowest cosine between two encoders on random texts of every usual length."""
    random = np.random.default_rng(7)
    sessions = [onnxruntime.InferenceSession(str(path)) for path in (first, second)]
    lowest = 1.0
    for length in (8, 16, 32, 64):
        ids = random.integers(1000, 30000, (4, length)).astype(np.int64)
        ids[:, 0], ids[:, -1] = 101, 102
        a, b = (s.run(None, {"ids": ids})[0].mean(1) for s in sessions)
        lengths = np.linalg.norm(a, axis=1) * np.linalg.norm(b, axis=1)
        lowest = min(lowest, float(((a * b).sum(1) / lengths).min()))
    return lowest


def check_published(folder: Path) -> None:
    """Refuse any other weights than the published ones."""
    digest = hashlib.sha256((folder / "model.safetensors").read_bytes()).hexdigest()
    if digest != PUBLISHED:
        raise SystemExit(f"{folder}: SHA-256 {digest} is not that of the published weights")


def export(weights: dict[str, np.ndarray], target: Path, scratch: Path) -> float:
    """Write the small encoder; the lowest cosine to the whole one."""
    whole = scratch / "whole.onnx"
    onnx.save(encoder(weights, small=False), whole)
    onnx.save(encoder(weights, small=True), target)
    return agreement(whole, target)
