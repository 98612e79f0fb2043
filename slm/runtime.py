"""The network at work: from token ids to logits, one prefill for a batch of drafts, then one step a token.

On a processor it is an ONNX Runtime session over the checkpoint's int8 matrices, built in memory when it is
loaded: 8-bit products cost 0.005 nats a token and run several times faster than float32 ones, and without
torch the process stays small. On a graphics card it is torch's own model.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

import numpy as np
import onnx
import onnxruntime as ort
from onnx import helper

from slm.checkpoint import EMBEDDING, Checkpoint

if TYPE_CHECKING:
    from slm.model import KVCache

MICROSOFT = "com.microsoft"
"""The domain of ONNX Runtime's own operators."""
MOST_THREADS = 4
"""The work of one token does not fill more; OMP_NUM_THREADS overrides it."""


class Run(Protocol):
    """One batch being written: feed a token a row, get the logits of the next."""

    logits: np.ndarray
    """(batch, vocabulary) float32, of the token to come; the next step overwrites it."""

    def step(self, tokens: np.ndarray) -> None:
        """Append `tokens`, (batch,) int64."""


class Network(Protocol):
    """A language model's network."""

    device: str

    def begin(self, ids: list[int], batch: int, positions: int) -> Run:
        """Prefill `ids` once and share it among `batch` rows, with room for `positions` tokens in all."""


def load_network(stored: Checkpoint) -> Network:
    """The fastest network this machine has for the checkpoint."""
    if shutil.which("nvidia-smi"):  # asking torch costs a process on the processor 250 MB
        import torch

        if torch.cuda.is_available():
            return TorchNetwork(stored.folder, "cuda")
    return OnnxNetwork(stored)


class OnnxNetwork:
    """GPT-2 in ONNX Runtime: int8 weights with a scale for each output, activations quantised as they come,
    sums in int32; attention and norms in float32."""

    device = "cpu"

    def __init__(self, stored: Checkpoint) -> None:
        self.shape = stored.shape
        graph = _Graph(stored)
        model = graph.model()
        options = ort.SessionOptions()
        threads = os.environ.get("OMP_NUM_THREADS") or min(os.cpu_count() or 1, MOST_THREADS)
        options.intra_op_num_threads = int(threads)
        options.log_severity_level = 3
        options.add_session_config_entry("session.intra_op.allow_spinning", "0")
        options.add_external_initializers(list(graph.large), list(graph.large.values()))
        self.session = ort.InferenceSession(model, options, providers=["CPUExecutionProvider"])

    def begin(self, ids: list[int], batch: int, positions: int) -> Run:
        first = OnnxRun(self, 1, len(ids))
        first.feed(np.array([ids], np.int64))
        if batch == 1 and positions == len(ids):
            return first
        run = OnnxRun(self, batch, positions)
        run.share(first)
        return run


class OnnxRun:
    """Keys and values of a batch, preallocated and written in place: each (batch, heads, positions, head
    width)."""

    def __init__(self, network: OnnxNetwork, batch: int, positions: int) -> None:
        shape = network.shape
        self.session, self.batch, self.length = network.session, batch, 0
        size = (batch, shape["n_head"], positions, shape["n_embd"] // shape["n_head"])
        self.caches = {name: np.zeros(size, np.float32) for name in _cache_names(shape["n_layer"])}
        self.logits = np.zeros((batch, shape["vocab_size"]), np.float32)
        self.binding = self.session.io_binding()
        for name, cache in self.caches.items():
            value = ort.OrtValue.ortvalue_from_numpy(cache)
            self.binding.bind_ortvalue_input(f"past_{name}", value)
            self.binding.bind_ortvalue_output(f"present_{name}", value)
        self.binding.bind_ortvalue_output("logits", ort.OrtValue.ortvalue_from_numpy(self.logits))

    def share(self, first: OnnxRun) -> None:
        """Every row goes on from where `first`, a batch of one, stands."""
        self.length = first.length
        for name, cache in first.caches.items():
            self.caches[name][:, :, : self.length] = cache[:, :, : self.length]
        self.logits[:] = first.logits

    def step(self, tokens: np.ndarray) -> None:
        self.feed(tokens[:, None])

    def feed(self, ids: np.ndarray) -> None:
        """Append `ids`, (batch, time) int64."""
        positions = np.arange(self.length, self.length + ids.shape[1])
        self.length += ids.shape[1]
        self.binding.bind_cpu_input("ids", np.ascontiguousarray(ids))
        self.binding.bind_cpu_input("positions", positions)
        self.binding.bind_cpu_input("last", np.full(self.batch, self.length - 1, np.int32))
        self.binding.bind_cpu_input("total", np.array([self.length], np.int32))
        self.session.run_with_iobinding(self.binding)


def _cache_names(layers: int) -> Iterator[str]:
    for layer in range(layers):
        yield from (f"key{layer}", f"value{layer}")


class _Graph:
    """GPT-2 as a graph of ONNX Runtime's operators. Large weights stay beside it, in `large`."""

    def __init__(self, stored: Checkpoint) -> None:
        self.stored = stored
        self.nodes: list[onnx.NodeProto] = []
        self.small: list[onnx.TensorProto] = []
        self.large: dict[str, ort.OrtValue] = {}

    def constant(self, name: str, value: np.ndarray) -> str:
        if value.nbytes < 1024:
            self.small.append(onnx.numpy_helper.from_array(value, name))
            return name
        tensor = onnx.TensorProto(
            name=name, data_type=helper.np_dtype_to_tensor_dtype(value.dtype), dims=value.shape
        )
        tensor.data_location = onnx.TensorProto.EXTERNAL
        tensor.external_data.add(key="location", value="memory")
        self.small.append(tensor)
        self.large[name] = ort.OrtValue.ortvalue_from_numpy(np.ascontiguousarray(value))
        return name

    def weight(self, name: str) -> str:
        return self.constant(name, self.stored.weight(f"transformer.{name}"))

    def node(
        self, operator: str, inputs: list[str], outputs: list[str], domain: str = "", **attributes
    ) -> str:
        self.nodes.append(helper.make_node(operator, inputs, outputs, domain=domain, **attributes))
        return outputs[0]

    def matrix(self, x: str, name: str, bias: bool = True) -> str:
        weight, scale = self.stored.quantised(f"transformer.{name}.weight")
        inputs = [x, self.constant(f"{name}.weight", weight), self.constant(f"{name}.scale", scale)]
        if bias:
            inputs += ["", self.weight(f"{name}.bias")]
        return self.node("DynamicQuantizeMatMul", inputs, [f"{name}.out"], MICROSOFT)

    def norm(self, x: str, added: str, name: str) -> tuple[str, str]:
        """(normed, sum) of the stream `x` and what the last block adds to it."""
        outputs = [f"{name}.out", "", "", f"{name}.sum"]
        inputs = [x, added, self.weight(f"{name}.weight"), self.weight(f"{name}.bias")]
        self.node("SkipLayerNormalization", inputs, outputs, MICROSOFT, epsilon=1e-5)
        return outputs[0], outputs[3]

    def model(self) -> bytes:
        shape = self.stored.shape
        heads = shape["n_head"]
        rows, scales = self.stored.quantised(EMBEDDING)
        self.node("Gather", [self.constant("wte", rows), "ids"], ["row"])
        self.node("Cast", ["row"], ["row32"], to=onnx.TensorProto.FLOAT)
        self.node("Gather", [self.constant("wte.scale", scales[:, None]), "ids"], ["row.scale"])
        x = self.node("Mul", ["row32", "row.scale"], ["embedded"])
        added = self.node("Gather", [self.weight("wpe.weight"), "positions"], ["placed"])
        added = self.node("Expand", [added, self.node("Shape", [x], ["size"])], ["placed.rows"])
        for layer in range(shape["n_layer"]):
            at = f"h.{layer}"
            y, x = self.norm(x, added, f"{at}.ln_1")
            y = self.matrix(y, f"{at}.attn.c_attn")
            inputs = [y, "", "", f"past_key{layer}", f"past_value{layer}", "last", "total"]
            outputs = [f"{at}.attended", f"present_key{layer}", f"present_value{layer}"]
            y = self.node(
                "GroupQueryAttention", inputs, outputs, MICROSOFT, num_heads=heads, kv_num_heads=heads
            )
            y, x = self.norm(x, self.matrix(y, f"{at}.attn.c_proj"), f"{at}.ln_2")
            y = self.matrix(y, f"{at}.mlp.c_fc", bias=False)
            y = self.node("FastGelu", [y, self.weight(f"{at}.mlp.c_fc.bias")], [f"{at}.gelu"], MICROSOFT)
            added = self.matrix(y, f"{at}.mlp.c_proj")
        y, _ = self.norm(x, added, "ln_f")
        y = self.node("Gather", [y, self.constant("newest", np.array(-1))], ["state"], axis=1)
        head = [y, self.constant("head", rows.T), "head.scale"]
        self.constant("head.scale", scales)
        self.node("DynamicQuantizeMatMul", head, ["logits"], MICROSOFT)

        def value(name: str, kind: int, *size: str | int) -> onnx.ValueInfoProto:
            return helper.make_tensor_value_info(name, kind, size)

        kinds = onnx.TensorProto
        cache = ("batch", heads, "room", shape["n_embd"] // heads)
        names = list(_cache_names(shape["n_layer"]))
        given = [
            value("ids", kinds.INT64, "batch", "time"),
            value("positions", kinds.INT64, "time"),
            value("last", kinds.INT32, "batch"),
            value("total", kinds.INT32, 1),
            *(value(f"past_{name}", kinds.FLOAT, *cache) for name in names),
        ]
        made = [
            value("logits", kinds.FLOAT, "batch", shape["vocab_size"]),
            *(value(f"present_{name}", kinds.FLOAT, *cache) for name in names),
        ]
        graph = helper.make_graph(self.nodes, "gpt2", given, made, self.small)
        opsets = [helper.make_opsetid("", 21), helper.make_opsetid(MICROSOFT, 1)]
        return helper.make_model(graph, opset_imports=opsets, ir_version=10).SerializeToString()


class TorchNetwork:
    """The model in torch, in float32."""

    def __init__(self, folder: Path, device: str) -> None:
        from slm.checkpoint import load_checkpoint

        self.device = device
        self.model = load_checkpoint(folder)[0].to(device)

    def begin(self, ids: list[int], batch: int, positions: int) -> Run:
        from slm.model import KVCache

        cache = KVCache(self.model.config, batch, self.model.wte.weight)
        run = TorchRun(self, cache)
        run.feed([ids] * batch)
        return run


class TorchRun:
    """A batch in torch's cache."""

    def __init__(self, network: TorchNetwork, cache: KVCache) -> None:
        self.network, self.cache = network, cache
        self.logits = np.zeros(0, np.float32)

    def step(self, tokens: np.ndarray) -> None:
        self.feed(tokens[:, None].tolist())

    def feed(self, ids: list[list[int]]) -> None:
        """Append `ids`, a list for each row."""
        import torch

        with torch.inference_mode():
            logits = self.network.model.step(torch.tensor(ids, device=self.network.device), self.cache)
        self.logits = logits.float().cpu().numpy()
