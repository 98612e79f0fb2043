"""A checkpoint is one folder that explains itself, in the standard GPT-2 layout:

config.json          GPT-2 shape, as `transformers` reads it
model.safetensors    weights under GPT-2's names (several numbered files, with an index, when they are large)
tokenizer.json       the tokenizer
meta.json            what it was trained on, how long, and its figures
taste.json           where ratings taught it: the judge that learned from them
*_config.json        its end token and how to sample, for `transformers` and servers

    python -m slm.checkpoint --slm runs/small --export DIR             what transformers, vLLM, llama.cpp load
    python -m slm.checkpoint --slm runs/small --export DIR --dtype int8     to ship: a quarter of the size

In an int8 folder the matrices are whole numbers with one scale for each output; only this project reads
it, and exports it again as floats. Reading needs no torch, so that a process that only writes prompts stays
small; `save_checkpoint` and `load_checkpoint` are the two places that know torch's model.
"""

from __future__ import annotations

import argparse
import json
import math
import shutil
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from safetensors import safe_open
from safetensors.numpy import save_file
from tokenizers import Tokenizer

from slm.command import END
from slm.taste import TASTE_FILE

if TYPE_CHECKING:
    from slm.model import GPT

SHIPPED = Path(__file__).parent.parent / "assets" / "slm"
DTYPES = ("float32", "float16", "int8")
SHARD_BYTES = 90_000_000
"""Weights that are larger are stored in several files: many hosts of repositories refuse 100 MB."""

FILES = (
    "config.json",
    "meta.json",
    "tokenizer.json",
    "tokenizer_config.json",
    "generation_config.json",
    TASTE_FILE,
)
INDEX = "model.safetensors.index.json"
EMBEDDING = "transformer.wte.weight"
_SHAPE = ("n_layer", "n_head", "n_embd", "vocab_size", "n_positions")
_RENAMED = {".c_fc.": ".mlp.c_fc.", ".c_proj.": ".mlp.c_proj."}


class CheckpointError(ValueError):
    """The folder is not a checkpoint of this language model; the message says what is wrong."""


def quantise(weight: np.ndarray, axis: int) -> tuple[np.ndarray, np.ndarray]:
    """(int8 of the same shape, float32 scales without `axis`): each slice along `axis` has one scale, its
    largest number being 127."""
    scale = np.maximum(np.abs(weight).max(axis), 1e-12).astype(np.float32) / 127
    return np.rint(weight / np.expand_dims(scale, axis)).astype(np.int8), scale


def _is_matrix(name: str) -> bool:
    """Matrices of the blocks, (in, out) in GPT-2's layout where torch's Linear has (out, in)."""
    return ".h." in name and name.endswith(".weight") and ".ln_" not in name


def _outputs_first(name: str) -> int:
    """The axis that a scale spans: the inputs of a matrix, the width of a token's embedding."""
    return 1 if name == EMBEDDING else 0


class Checkpoint:
    """A folder, opened and checked. `shape` has n_layer, n_head, n_embd, vocab_size and n_positions; weights
    are read from the disk as they are asked for.

    Raises CheckpointError when files are missing, broken, or do not belong together.
    """

    def __init__(self, folder: Path) -> None:
        for name in ("config.json", "tokenizer.json"):
            if not (folder / name).is_file():
                raise CheckpointError(f"{folder} is no language model folder: {name} not found")
        files = [folder / "model.safetensors"]
        index = folder / INDEX
        try:
            if index.is_file():
                files = [
                    folder / name
                    for name in sorted(set(json.loads(index.read_text())["weight_map"].values()))
                ]
            if lost := [path.name for path in files if not path.is_file()]:
                raise CheckpointError(f"{folder} is no language model folder: {', '.join(lost)} not found")
            config = json.loads((folder / "config.json").read_text())
            self.shape: dict[str, int] = {key: int(config[key]) for key in _SHAPE}
            self.tokenizer = Tokenizer.from_file(str(folder / "tokenizer.json"))
            self._home: dict[str, Path] = {}
            self._sizes: dict[str, list[int]] = {}
            for path in files:
                with safe_open(path, framework="numpy") as tensors:
                    for name in tensors.keys():  # noqa: SIM118 - not a dictionary
                        self._home[name] = path
                        self._sizes[name] = tensors.get_slice(name).get_shape()
            meta = folder / "meta.json"
            self.meta: dict[str, Any] = json.loads(meta.read_text()) if meta.is_file() else {}
        except CheckpointError:
            raise
        except Exception as error:  # tokenizers raises a bare Exception for a broken file
            raise CheckpointError(f"{folder} can not be read as a language model: {error}") from error
        self.folder = folder
        if self.tokenizer.get_vocab_size() != self.shape["vocab_size"]:
            raise CheckpointError(
                f"{folder}: the tokenizer has {self.tokenizer.get_vocab_size()} tokens, "
                f"the model {self.shape['vocab_size']}"
            )
        end = self.tokenizer.token_to_id(END)
        if end is None:
            raise CheckpointError(f"{folder}: its tokenizer does not know the control language ({END})")
        self.end: int = end
        self._check_shapes()

    def _check_shapes(self) -> None:
        width = self.shape["n_embd"]
        expected = {
            EMBEDDING: [self.shape["vocab_size"], width],
            "transformer.wpe.weight": [self.shape["n_positions"], width],
        }
        expected |= {f"transformer.ln_f.{part}": [width] for part in ("weight", "bias")}
        for layer in range(self.shape["n_layer"]):
            for name, ins, outs in (
                ("attn.c_attn", width, 3 * width),
                ("attn.c_proj", width, width),
                ("mlp.c_fc", width, 4 * width),
                ("mlp.c_proj", 4 * width, width),
            ):
                expected[f"transformer.h.{layer}.{name}.weight"] = [ins, outs]
                expected[f"transformer.h.{layer}.{name}.bias"] = [outs]
            for norm in ("ln_1", "ln_2"):
                expected |= {f"transformer.h.{layer}.{norm}.{part}": [width] for part in ("weight", "bias")}
        for name, size in expected.items():
            if name not in self._home:
                raise CheckpointError(f"{self.folder}: the weights lack {name}")
            found = self._sizes[name]
            if found != size:
                raise CheckpointError(
                    f"{self.folder}: the weights do not fit config.json ({name} is {found})"
                )
        self.names = tuple(expected)

    def parameter_count(self) -> int:
        """Trainable numbers; the tied output counts once."""
        return sum(math.prod(self._sizes[name]) for name in self.names)

    def _read(self, name: str) -> np.ndarray:
        with safe_open(self._home[name], framework="numpy") as tensors:  # a file kept open stays in memory
            return tensors.get_tensor(name)

    def quantised(self, name: str) -> tuple[np.ndarray, np.ndarray]:
        """A matrix or the embedding as int8 with its scales, quantised now if the folder has floats."""
        weight = self._read(name)
        if weight.dtype == np.int8:
            return weight, self._read(f"{name}.scale")
        return quantise(weight.astype(np.float32), _outputs_first(name))

    def weight(self, name: str) -> np.ndarray:
        """Any weight in float32."""
        weight = self._read(name)
        if weight.dtype != np.int8:
            return weight.astype(np.float32)
        return weight * np.expand_dims(self.quantised(name)[1], _outputs_first(name))


def _standard_name(name: str) -> str:
    if ".attn." not in name:
        for ours, theirs in _RENAMED.items():
            name = name.replace(ours, theirs)
    return f"transformer.{name}"


def save_checkpoint(
    folder: Path, model: GPT, tokenizer: Tokenizer, meta: dict[str, Any], dtype: str = "float32"
) -> None:
    """Writes the folder. `dtype` is one of DTYPES."""
    weights = {}
    for name, weight in model.state_dict().items():
        standard = _standard_name(name)
        weights[standard] = (weight.t() if _is_matrix(standard) else weight).float().cpu().numpy()
    shape = model.config
    write_checkpoint(folder, {key: getattr(shape, key) for key in _SHAPE}, weights, tokenizer, meta, dtype)


def write_checkpoint(
    folder: Path,
    shape: dict[str, int],
    weights: dict[str, np.ndarray],
    tokenizer: Tokenizer,
    meta: dict[str, Any],
    dtype: str,
) -> None:
    """Writes the folder from float32 `weights` under their standard names."""
    folder.mkdir(parents=True, exist_ok=True)
    tensors: dict[str, np.ndarray] = {}
    for name, weight in weights.items():
        if dtype != "int8":
            tensors[name] = np.ascontiguousarray(weight, dtype)
        elif _is_matrix(name) or name == EMBEDDING:
            tensors[name], tensors[f"{name}.scale"] = quantise(weight, _outputs_first(name))
        else:
            tensors[name] = weight.astype(np.float16)
    _save_weights(folder, tensors)
    end = tokenizer.token_to_id(END)
    config = {
        "model_type": "gpt2",
        "architectures": ["GPT2LMHeadModel"],
        "activation_function": "gelu_new",
        **shape,
        "layer_norm_epsilon": 1e-5,
        "tie_word_embeddings": True,
        "bos_token_id": end,
        "eos_token_id": end,
        "dtype": dtype,
    }
    (folder / "config.json").write_text(json.dumps(config, indent=2) + "\n")
    special = {"tokenizer_class": "PreTrainedTokenizerFast", "bos_token": END, "eos_token": END}
    (folder / "tokenizer_config.json").write_text(json.dumps(special, indent=2) + "\n")
    sampling = {
        "do_sample": True,
        "temperature": 0.8,
        "top_p": 0.92,
        "bos_token_id": end,
        "eos_token_id": end,
    }
    (folder / "generation_config.json").write_text(json.dumps(sampling, indent=2) + "\n")
    (folder / "meta.json").write_text(json.dumps(meta, indent=2) + "\n")
    tokenizer.save(str(folder / "tokenizer.json"))


def _save_weights(folder: Path, tensors: dict[str, np.ndarray]) -> None:
    shards: list[dict[str, np.ndarray]] = [{}]
    for name, tensor in tensors.items():
        if shards[-1] and sum(each.nbytes for each in shards[-1].values()) + tensor.nbytes > SHARD_BYTES:
            shards.append({})
        shards[-1][name] = np.ascontiguousarray(tensor)
    files = ["model.safetensors"]
    if len(shards) > 1:
        files = [f"model-{n:05}-of-{len(shards):05}.safetensors" for n in range(1, len(shards) + 1)]
    for file, shard in zip(files, shards, strict=True):
        part = folder / f"{file}.part"  # a kill while writing must not cost the last checkpoint
        save_file(shard, part, metadata={"format": "pt"})
        part.replace(folder / file)
    if len(shards) > 1:
        home = {name: file for file, shard in zip(files, shards, strict=True) for name in shard}
        size = sum(tensor.nbytes for tensor in tensors.values())
        index = {"metadata": {"total_size": size}, "weight_map": home}
        (folder / INDEX).write_text(json.dumps(index, indent=2) + "\n")
        files.append(INDEX)
    for old in folder.glob("model*.safetensors*"):
        if old.name not in files:
            old.unlink()


def copy_checkpoint(folder: Path, to: Path) -> None:
    """Copies the files of a checkpoint, and nothing else that lies beside them, into the folder `to`."""
    for path in (*folder.glob("model*.safetensors"), *(folder / name for name in (*FILES, INDEX))):
        if path.is_file():
            shutil.copy2(path, to / path.name)


def load_checkpoint(folder: Path) -> tuple[GPT, Tokenizer, dict[str, Any]]:
    """Torch's model in float32 and evaluation mode, tokenizer, meta. Raises CheckpointError as Checkpoint
    does."""
    import torch

    from slm.model import GPT, GPTConfig

    stored = Checkpoint(folder)
    model = GPT(GPTConfig(**stored.shape))
    state = {}
    for name in model.state_dict():
        standard = _standard_name(name)
        weight = torch.from_numpy(stored.weight(standard))
        state[name] = weight.t() if _is_matrix(standard) else weight
    model.load_state_dict(state)
    return model.eval(), stored.tokenizer, stored.meta


def main() -> None:
    parser = argparse.ArgumentParser(description="Write a checkpoint as a standard GPT-2 folder.")
    parser.add_argument("--slm", type=Path, default=SHIPPED, help="checkpoint folder")
    parser.add_argument("--export", type=Path, required=True, help="folder to write")
    parser.add_argument("--dtype", choices=DTYPES, default="float32", help="how the weights are stored")
    arguments = parser.parse_args()
    try:
        stored = Checkpoint(arguments.slm)
    except CheckpointError as error:
        sys.exit(f"slm.checkpoint: {error}")
    weights = {name: stored.weight(name) for name in stored.names}
    write_checkpoint(arguments.export, stored.shape, weights, stored.tokenizer, stored.meta, arguments.dtype)
    if (stored.folder / TASTE_FILE).is_file():
        shutil.copy2(stored.folder / TASTE_FILE, arguments.export / TASTE_FILE)
    print(f"{stored.parameter_count():,} parameters in {arguments.dtype} -> {arguments.export}")


if __name__ == "__main__":
    main()
