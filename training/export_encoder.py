"""Turn the published MiniLM-L6-v2 weights into an int8 ONNX encoder, without torch.

Usage: python training/export_encoder.py MODEL_FOLDER OUT.onnx

MODEL_FOLDER holds model.safetensors (its SHA-256 is checked) and, for a tuned copy, nothing else
is needed. The graph is the BERT encoder with mean pooling and length normalisation, written out
node by node; the int8 copy must agree with the fp32 one to a cosine of .99 on sample sentences.
"""

import hashlib
import json
import struct
import sys
import tempfile
from pathlib import Path

import numpy as np
import onnx
import onnxruntime
from onnx import TensorProto, helper, numpy_helper
from onnxruntime.quantization import QuantType, quantize_dynamic

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

    def __init__(self, weights: dict[str, np.ndarray]) -> None:
        self.weights = weights
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
        weight = self.value(f"{name}.wt", self.weights[f"{name}.weight"].T)
        bias = self.value(f"{name}.bias", self.weights[f"{name}.bias"])
        return self.node("Add", [self.node("MatMul", [x, weight]), bias])

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


def encoder(weights: dict[str, np.ndarray]) -> onnx.ModelProto:
    """The whole network: ids and mask in, unit vectors out."""
    g = Graph(weights)
    words = g.value("words", weights["embeddings.word_embeddings.weight"])
    kinds = weights["embeddings.token_type_embeddings.weight"][0]
    places = weights["embeddings.position_embeddings.weight"] + kinds
    length = g.node("Gather", [g.node("Shape", ["ids"]), g.value("one", np.array(1, np.int64))])
    ends = g.node("Unsqueeze", [length, g.value("axis0", np.array([0], np.int64))])
    start, axis = g.value("start", np.array([0], np.int64)), g.value("axis0", np.zeros(1, np.int64))
    place = g.node("Slice", [g.value("places", places), start, ends, axis])
    x = g.node("Add", [g.node("Gather", [words, "ids"]), place])
    x = g.norm(x, "embeddings.LayerNorm")
    mask = g.node("Cast", ["mask"], to=TensorProto.FLOAT)
    wide = g.node("Unsqueeze", [mask, g.value("axes", np.array([1, 2], np.int64))])
    one = g.value("onef", np.array(1.0, np.float32))
    away = g.node("Mul", [g.node("Sub", [one, wide]), g.value("far", np.array(-1e9, np.float32))])
    for layer in range(LAYERS):
        x = block(g, x, away, f"encoder.layer.{layer}")
    spread = g.node("Unsqueeze", [mask, g.value("last", np.array([-1], np.int64))])
    dim = g.value("dim1", np.array([1], np.int64))
    total = g.node("ReduceSum", [g.node("Mul", [x, spread]), dim], keepdims=0)
    mean = g.node("Div", [total, g.node("ReduceSum", [spread, dim], keepdims=0)])
    size = g.node("ReduceL2", [mean, g.value("dim1", np.array([1], np.int64))], keepdims=1)
    g.nodes.append(helper.make_node("Div", [mean, size], ["vectors"]))
    shape = ["batch", "words"]
    inputs = [helper.make_tensor_value_info(n, TensorProto.INT64, shape) for n in ("ids", "mask")]
    out = helper.make_tensor_value_info("vectors", TensorProto.FLOAT, ["batch", WIDTH])
    graph = helper.make_graph(g.nodes, "encoder", inputs, [out], list(g.values.values()))
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 18)], ir_version=9)
    onnx.checker.check_model(model)
    return model


def block(g: Graph, x: str, away: str, name: str) -> str:
    """One transformer layer."""
    query = g.heads(g.dense(x, f"{name}.attention.self.query"))
    key = g.heads(g.dense(x, f"{name}.attention.self.key"), transposed=True)
    value = g.heads(g.dense(x, f"{name}.attention.self.value"))
    scale = g.value("scale", np.array(DEPTH**-0.5, np.float32))
    score = g.node("Add", [g.node("Mul", [g.node("MatMul", [query, key]), scale]), away])
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
    """The lowest cosine between two encoders on random sentences of every usual length."""
    random = np.random.default_rng(7)
    lowest = 1.0
    for length in (8, 16, 32, 64):
        ids = random.integers(1000, 30000, (4, length)).astype(np.int64)
        ids[:, 0], ids[:, -1] = 101, 102
        feed = {"ids": ids, "mask": np.ones_like(ids)}
        a, b = (
            onnxruntime.InferenceSession(str(path)).run(None, feed)[0] for path in (first, second)
        )
        lowest = min(lowest, float((a * b).sum(1).min()))
    return lowest


def main() -> int:
    """Export, quantise, compare, write."""
    folder, target = Path(sys.argv[1]), Path(sys.argv[2])
    source = folder / "model.safetensors"
    digest = hashlib.sha256(source.read_bytes()).hexdigest()
    if digest != PUBLISHED and "--tuned" not in sys.argv:
        print(f"{source}: SHA-256 {digest} is not the published one")
        return 1
    with tempfile.TemporaryDirectory() as folder_name:
        full = Path(folder_name) / "full.onnx"
        onnx.save(encoder(tensors(source)), full)
        quantize_dynamic(
            full,
            target,
            weight_type=QuantType.QInt8,
            per_channel=True,
            op_types_to_quantize=["MatMul", "Gather"],
        )
        size = target.stat().st_size / 1e6
        print(f"{target}: {size:.1f} MB, lowest cosine {agreement(full, target):.4f}")
    print("sha256", hashlib.sha256(target.read_bytes()).hexdigest())
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
