"""Ratings teach the model: upside-down RL, closed.

    python -m slm.feedback --ratings ratings.jsonl --slm assets/slm --run runs/taught
    python app.py --slm runs/taught

What people thought of a prompt becomes its relevance command, `<|r1|>` (nobody wants it) to `<|r5|>`
(`slm/taste.py`); the model goes on learning with it, and is then asked for `<|r5|>`. The paper proposes the
command and leaves it out. `python -m slm.feedback_study` shows on simulated people that it works.
"""

from __future__ import annotations

import argparse
import sys
from dataclasses import replace
from pathlib import Path

import torch
from tokenizers import Tokenizer

from slm.checkpoint import SHIPPED, load_checkpoint, save_checkpoint
from slm.command import ASKED_RELEVANCE, BEST_RELEVANCE, relevance_token
from slm.model import GPT, PRESETS
from slm.train import TrainConfig, follow


def teach(ratings: Path, slm: Path, run: Path, steps: int = 300, seed: int = 1) -> TrainConfig:
    """Prepares `run` with the weights of the checkpoint `slm` and says how to train it on with the ratings. A
    folder that is already training is left as it is, so that a second call goes on."""
    model, tokenizer, meta = load_checkpoint(slm)
    shape = model.config
    fitting = [
        name for name, preset in PRESETS.items() if replace(preset, vocab_size=shape.vocab_size) == shape
    ]
    if not fitting:
        raise ValueError(f"{slm} has none of the shapes {', '.join(PRESETS)}")
    if not (run / "state.pt").is_file():
        forget_grades(model, tokenizer)
        save_checkpoint(run, model, tokenizer, {"taught_from": meta})
    return TrainConfig(
        run=run,
        preset=fitting[0],
        steps=steps,
        decay=steps,
        warmup=10,
        matrix_lr=1.5e-3,
        other_lr=3e-3,
        composed=0.5,
        composed_at_end=0.5,
        ratings=ratings,
        seed=seed,
    )


def forget_grades(model: GPT, tokenizer: Tokenizer) -> None:
    """Every relevance command becomes what the model was asked for so far. Until now the grades told apart
    how prompts were made; that would first have to be unlearned before they can tell what people like."""
    asked, *grades = (
        tokenizer.token_to_id(relevance_token(relevance))
        for relevance in (ASKED_RELEVANCE, *range(1, BEST_RELEVANCE + 1))
    )
    with torch.no_grad():
        model.wte.weight[grades] = model.wte.weight[asked].clone()


def main() -> None:
    parser = argparse.ArgumentParser(description="Let ratings teach the language model.")
    parser.add_argument("--ratings", type=Path, required=True, help="exported ratings, .jsonl")
    parser.add_argument("--slm", type=Path, default=SHIPPED, help="checkpoint folder to start from")
    parser.add_argument("--run", type=Path, required=True, help="folder of the taught model")
    parser.add_argument("--steps", type=int, default=300)
    parser.add_argument("--seed", type=int, default=1)
    try:
        follow(teach(**vars(parser.parse_args())))
    except (OSError, ValueError) as error:
        sys.exit(f"slm.feedback: {error}")


if __name__ == "__main__":
    main()
