"""A checkpoint is one folder that explains itself, in the standard GPT-2 layout:

config.json          GPT-2 shape, as `transformers` reads it
model.safetensors    weights under GPT-2's names
tokenizer.json       the tokenizer
meta.json            what it was trained on, how long, and its figures
"""

from __future__ import annotations

import argparse
import json
import sys
from pathlib import Path
from typing import Any

import torch
from safetensors.torch import load_file, save_file
from tokenizers import Tokenizer
from torch import Tensor

from slm.command import END
from slm.model import GPT, GPTConfig

SHIPPED = Path(__file__).parent.parent / "assets" / "slm"

_RENAMED = {".c_fc.": ".mlp.c_fc.", ".c_proj.": ".mlp.c_proj."}


class CheckpointError(ValueError):
    """The folder is not a checkpoint of this language model; the message says what is wrong."""


def _standard_name(name: str) -> str:
    if ".attn." in name:
        return f"transformer.{name}"
    for ours, theirs in _RENAMED.items():
        name = name.replace(ours, theirs)
    return f"transformer.{name}"


def _is_conv1d(name: str) -> bool:
    """GPT-2 stores the matrices of its blocks as (in, out), torch's Linear as (out, in)."""
    return ".h." in name and name.endswith(".weight") and ".ln_" not in name


def save_checkpoint(
    folder: Path, model: GPT, tokenizer: Tokenizer, meta: dict[str, Any], dtype: torch.dtype = torch.float32
) -> None:
    """Writes the folder. Weights are stored in `dtype`."""
    folder.mkdir(parents=True, exist_ok=True)
    tensors: dict[str, Tensor] = {}
    for name, weight in model.state_dict().items():
        standard = _standard_name(name)
        stored = weight.t() if _is_conv1d(standard) else weight
        tensors[standard] = stored.to("cpu", dtype).contiguous()
    save_file(tensors, folder / "model.safetensors", metadata={"format": "pt"})
    shape = model.config
    end = tokenizer.token_to_id(END)
    config = {
        "model_type": "gpt2",
        "architectures": ["GPT2LMHeadModel"],
        "activation_function": "gelu_new",
        "n_layer": shape.n_layer,
        "n_head": shape.n_head,
        "n_embd": shape.n_embd,
        "vocab_size": shape.vocab_size,
        "n_positions": shape.n_positions,
        "layer_norm_epsilon": 1e-5,
        "tie_word_embeddings": True,
        "bos_token_id": end,
        "eos_token_id": end,
        "dtype": str(dtype).removeprefix("torch."),
    }
    (folder / "config.json").write_text(json.dumps(config, indent=2) + "\n")
    (folder / "meta.json").write_text(json.dumps(meta, indent=2) + "\n")
    tokenizer.save(str(folder / "tokenizer.json"))


def load_checkpoint(folder: Path) -> tuple[GPT, Tokenizer, dict[str, Any]]:
    """Model in float32 and evaluation mode, tokenizer, meta. Raises CheckpointError when files are missing,
    broken, or do not belong together."""
    missing = [
        n for n in ("config.json", "model.safetensors", "tokenizer.json") if not (folder / n).is_file()
    ]
    if missing:
        raise CheckpointError(f"{folder} is no language model folder: {', '.join(missing)} not found")
    try:
        config = json.loads((folder / "config.json").read_text())
        keys = ("n_layer", "n_head", "n_embd", "vocab_size", "n_positions")
        shape = GPTConfig(**{key: config[key] for key in keys})
        tokenizer = Tokenizer.from_file(str(folder / "tokenizer.json"))
        tensors = load_file(folder / "model.safetensors")
    except Exception as error:  # tokenizers raises a bare Exception for a broken file
        raise CheckpointError(f"{folder} can not be read as a language model: {error}") from error
    if tokenizer.get_vocab_size() != shape.vocab_size:
        raise CheckpointError(
            f"{folder}: the tokenizer has {tokenizer.get_vocab_size()} tokens, the model {shape.vocab_size}"
        )
    if tokenizer.token_to_id(END) is None:
        raise CheckpointError(f"{folder}: its tokenizer does not know the control language ({END})")
    model = GPT(shape)
    state = {}
    for name in model.state_dict():
        standard = _standard_name(name)
        if standard not in tensors:
            raise CheckpointError(f"{folder}: the weights lack {standard}")
        weight = tensors[standard].float()
        state[name] = weight.t() if _is_conv1d(standard) else weight
    try:
        model.load_state_dict(state)
    except RuntimeError as error:
        raise CheckpointError(f"{folder}: the weights do not fit config.json ({error})") from error
    meta_file = folder / "meta.json"
    meta = json.loads(meta_file.read_text()) if meta_file.is_file() else {}
    return model.eval(), tokenizer, meta


def main() -> None:
    parser = argparse.ArgumentParser(description="Write a checkpoint as a standard GPT-2 folder.")
    parser.add_argument("--slm", type=Path, default=SHIPPED, help="checkpoint folder")
    parser.add_argument("--export", type=Path, required=True, help="folder to write")
    parser.add_argument("--half", action="store_true", help="store the weights in 16 bits")
    arguments = parser.parse_args()
    try:
        model, tokenizer, meta = load_checkpoint(arguments.slm)
    except CheckpointError as error:
        sys.exit(f"slm.checkpoint: {error}")
    dtype = torch.float16 if arguments.half else torch.float32
    save_checkpoint(arguments.export, model, tokenizer, meta, dtype)
    print(f"{model.parameter_count():,} parameters -> {arguments.export}")


if __name__ == "__main__":
    main()
