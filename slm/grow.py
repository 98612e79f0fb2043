"""A small trained model becomes a larger one that says the same, and learns on from there.

    python -m slm.grow --slm runs/small --preset medium --run runs/medium
    python -m slm.train --run runs/medium --preset medium ...

The first hours of a training on a CPU go several times faster in a small model. Width doubles and layers are
added so that the function is kept exactly: every unit gets a twin, whoever reads the two weighs them
unequally (which is what lets twins part), and new layers start by adding nothing. The ideas are Net2Net's
(Chen and others, 2015) and bert2BERT's (Chen and others, 2021).
"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

import torch
from torch import Tensor

from slm.checkpoint import SHIPPED, CheckpointError, load_checkpoint, save_checkpoint
from slm.model import GPT, PRESETS, GPTConfig

READERS = ("attn.c_attn.weight", "attn.c_proj.weight", "c_fc.weight", "c_proj.weight")
"""Matrices of a block: each reads doubled units, so its columns are split between the twins."""


def grow(model: GPT, config: GPTConfig, seed: int = 0) -> GPT:
    """A model of shape `config` with the same logits as `model`, up to rounding.

    `config` is as wide or twice as wide, with heads of the same width, as deep or deeper, and has the same
    vocabulary and positions; ValueError otherwise. The added layers lie between the old ones.
    """
    old = model.config
    factor = config.n_embd // old.n_embd
    fits = (
        config.n_embd == factor * old.n_embd
        and factor in (1, 2)
        and config.n_head == factor * old.n_head
        and config.n_layer >= old.n_layer
        and (config.vocab_size, config.n_positions) == (old.vocab_size, old.n_positions)
    )
    if not fits:
        raise ValueError(
            f"can not grow {old} to {config}: the width stays or doubles with the heads, layers are added, "
            "vocabulary and positions stay"
        )
    generator = torch.Generator().manual_seed(seed)
    source = model.state_dict()
    grown = GPT(config)
    state = grown.state_dict()
    taken = set()
    for layer in range(config.n_layer):
        origin = layer * old.n_layer // config.n_layer
        for name in _of_layer(source, origin):
            weight = source[f"h.{origin}.{name}"]
            if origin in taken and name.startswith(("attn.c_proj", "c_proj")):
                state[f"h.{layer}.{name}"].zero_()  # an added layer adds nothing at first
            elif factor == 1:
                state[f"h.{layer}.{name}"] = weight.clone()
            else:
                state[f"h.{layer}.{name}"] = _widen(name, weight, old, generator)
        taken.add(origin)
    for name in ("wte.weight", "wpe.weight", "ln_f.weight", "ln_f.bias"):
        weight = source[name]
        if factor == 2 and name.startswith("ln_f"):
            # The output layer is the embedding, whose twins both count: their shares add up to the whole.
            share = 0.25 + 0.5 * torch.rand(weight.shape, generator=generator)
            state[name] = torch.cat([weight * share, weight * (1 - share)])
        else:
            state[name] = torch.cat([weight] * factor, dim=-1)
    grown.load_state_dict(state)
    return grown.eval()


def _of_layer(source: dict[str, Tensor], layer: int) -> list[str]:
    prefix = f"h.{layer}."
    return [name.removeprefix(prefix) for name in source if name.startswith(prefix)]


def _widen(name: str, weight: Tensor, old: GPTConfig, generator: torch.Generator) -> Tensor:
    """One weight of a block at twice the width."""
    parts = 3 if name.startswith("attn.c_attn") else 1  # queries, keys and values double apart
    rows = torch.cat([torch.cat([part, part]) for part in weight.chunk(parts)])
    if name not in READERS:
        return rows
    noise = torch.randn(rows.shape, generator=generator) * weight.std() / 2
    return torch.cat([rows / 2 + noise, rows / 2 - noise], dim=1)


def main() -> None:
    parser = argparse.ArgumentParser(description="Grow a trained language model into a larger one.")
    parser.add_argument("--slm", type=Path, default=SHIPPED, help="checkpoint folder to start from")
    parser.add_argument("--preset", choices=PRESETS, required=True, help="the larger shape")
    parser.add_argument("--run", type=Path, required=True, help="folder of the run to begin")
    arguments = parser.parse_args()
    try:
        model, tokenizer, meta = load_checkpoint(arguments.slm)
        grown = grow(model, PRESETS[arguments.preset])
    except (CheckpointError, ValueError) as error:
        sys.exit(f"slm.grow: {error}")
    save_checkpoint(arguments.run, grown, tokenizer, {"grown_from": meta})
    print(f"{model.parameter_count():,} -> {grown.parameter_count():,} parameters in {arguments.run}")


if __name__ == "__main__":
    main()
