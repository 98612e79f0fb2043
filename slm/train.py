"""Training by upside-down RL: next-token prediction on lines whose commands say what their prompts achieved.

    python -m slm.train --preset small --run runs/small --steps 6000 --decay 1200

Stops and continues: the run folder keeps everything (model, optimisers, position in the data) and a second
call goes on where the first one stood, bit for bit. Muon for the matrices of the blocks, AdamW for the rest;
a trapezoid schedule, whose last `decay` steps also turn from composed pairs to the corpus.
"""

from __future__ import annotations

import argparse
import json
import time
from collections.abc import Iterator
from contextlib import nullcontext
from dataclasses import asdict, dataclass
from pathlib import Path

import torch
from tokenizers import Tokenizer

from slm.checkpoint import load_checkpoint, save_checkpoint
from slm.data import Position, Stream
from slm.model import GPT, PRESETS


@dataclass(frozen=True)
class TrainConfig:
    """How to train. Raises ValueError when the decay is longer than the run."""

    run: Path
    preset: str = "small"
    steps: int = 6000
    decay: int = 1200
    """The last steps: the learning rate falls to zero and the mixture turns to the corpus."""
    warmup: int = 50
    batch_tokens: int = 4096
    matrix_lr: float = 2e-3
    """Muon's, scaled to AdamW's update size (adjust_lr_fn="match_rms_adamw")."""
    other_lr: float = 2e-3
    """AdamW's, for embeddings, norms and biases."""
    weight_decay: float = 0.05
    clip: float = 1.0
    composed: float = 0.75
    """Share of the grammar's pairs before the decay; the rest is the corpus."""
    composed_at_end: float = 0.35
    seed: int = 1
    save_every: int = 100
    bf16: bool = True

    def __post_init__(self) -> None:
        if self.decay > self.steps:
            raise ValueError(f"a decay of {self.decay} steps does not fit a run of {self.steps}")


@dataclass(frozen=True)
class Progress:
    """One optimiser step."""

    step: int
    loss: float
    tokens: int
    tokens_per_second: float


def schedule(config: TrainConfig, step: int) -> float:
    """The factor on the learning rates: up, flat, down to zero (a trapezoid)."""
    left = config.steps - step
    return min((step + 1) / config.warmup, left / config.decay if config.decay else 1.0, 1.0)


def train(config: TrainConfig) -> Iterator[Progress]:
    """Trains up to `config.steps`, continuing what the run folder holds, and yields after every step.

    The folder gets `tokenizer.json` beforehand (`python -m slm.tokenizer`), `state.pt` while training, and is
    a checkpoint (`slm/checkpoint.py`) after every save. A folder that holds a checkpoint but no `state.pt`
    (`python -m slm.grow`, or a copy of a trained model) is trained on from its weights. Raises
    FileNotFoundError without a tokenizer, ValueError when the weights are not of the preset's shape.
    """
    torch.manual_seed(config.seed)
    device = torch.device("cuda" if torch.cuda.is_available() else "cpu")
    tokenizer_file = config.run / "tokenizer.json"
    if not tokenizer_file.is_file():
        raise FileNotFoundError(f"{tokenizer_file} not found: make it with python -m slm.tokenizer first")
    tokenizer = Tokenizer.from_file(str(tokenizer_file))
    shape = PRESETS[config.preset]
    model = GPT(shape).to(device)
    matrices = [w for name, w in model.named_parameters() if name.startswith("h.") and w.ndim == 2]
    others = [w for name, w in model.named_parameters() if not (name.startswith("h.") and w.ndim == 2)]
    optimisers: list[torch.optim.Optimizer] = [
        torch.optim.Muon(
            matrices, lr=config.matrix_lr, weight_decay=config.weight_decay, adjust_lr_fn="match_rms_adamw"
        ),
        torch.optim.AdamW(others, lr=config.other_lr, betas=(0.9, 0.95), weight_decay=0.0),
    ]
    rates = [config.matrix_lr, config.other_lr]
    position, step, tokens = Position(), 0, 0
    state_file = config.run / "state.pt"
    if state_file.is_file():
        state = torch.load(state_file, map_location=device, weights_only=True)
        model.load_state_dict(state["model"])
        for optimiser, saved in zip(optimisers, state["optimisers"], strict=True):
            optimiser.load_state_dict(saved)
        position, step, tokens = Position(*state["position"]), state["step"], state["tokens"]
    elif (config.run / "model.safetensors").is_file():
        begun = load_checkpoint(config.run)[0]
        if begun.config != shape:
            raise ValueError(f"{config.run} holds {begun.config}, the preset {config.preset} is {shape}")
        model.load_state_dict(begun.state_dict())

    def save() -> None:
        state = {
            "model": model.state_dict(),
            "optimisers": [optimiser.state_dict() for optimiser in optimisers],
            "position": (position.block, position.batch),
            "step": step,
            "tokens": tokens,
        }
        part = state_file.with_suffix(".part")  # a kill while writing must not cost the run
        torch.save(state, part)
        part.replace(state_file)
        settings = {key: str(value) for key, value in asdict(config).items() if key != "run"}
        save_checkpoint(
            config.run, model, tokenizer, {"step": step, "target_tokens": tokens, "settings": settings}
        )

    stream = Stream(tokenizer, config.seed, config.batch_tokens, shape.n_positions)
    half = torch.autocast(device.type, torch.bfloat16) if config.bf16 else nullcontext()
    decaying = step >= config.steps - config.decay
    batches = stream.batches(position, config.composed_at_end if decaying else config.composed)
    while step < config.steps:
        if not decaying and step >= config.steps - config.decay:
            decaying = True
            position = Position(position.block + 1)  # a block has one mixture
            batches = stream.batches(position, config.composed_at_end)
        began = time.perf_counter()
        ids, targets, position = next(batches)
        with half:
            loss = model.loss(ids.to(device), targets.to(device))
        loss.backward()
        torch.nn.utils.clip_grad_norm_(model.parameters(), config.clip)
        factor = schedule(config, step)
        for optimiser, rate in zip(optimisers, rates, strict=True):
            for group in optimiser.param_groups:
                group["lr"] = rate * factor
            optimiser.step()
            optimiser.zero_grad(set_to_none=True)
        step += 1
        tokens += int((targets >= 0).sum())
        if step % config.save_every == 0 or step == config.steps:
            save()
        yield Progress(step, float(loss.detach()), tokens, ids.numel() / (time.perf_counter() - began))


def main() -> None:
    parser = argparse.ArgumentParser(description="Train the language model, or continue its training.")
    parser.add_argument(
        "--run", type=Path, required=True, help="folder of the run, with tokenizer.json in it"
    )
    parser.add_argument("--preset", choices=PRESETS, default=TrainConfig.preset)
    for name in ("steps", "decay", "batch_tokens", "seed", "save_every"):
        parser.add_argument(f"--{name.replace('_', '-')}", type=int, default=getattr(TrainConfig, name))
    for name in ("matrix_lr", "other_lr", "composed", "composed_at_end"):
        parser.add_argument(f"--{name.replace('_', '-')}", type=float, default=getattr(TrainConfig, name))
    config = TrainConfig(**vars(parser.parse_args()))
    with (config.run / "log.jsonl").open("a") as log:
        for progress in train(config):
            log.write(json.dumps(asdict(progress)) + "\n")
            if progress.step % 20 == 0:
                log.flush()
                print(
                    f"step {progress.step} loss {progress.loss:.3f} {progress.tokens_per_second:.0f} tok/s",
                    flush=True,
                )


if __name__ == "__main__":
    main()
