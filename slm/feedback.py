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

from slm.checkpoint import SHIPPED, copy_checkpoint, load_checkpoint
from slm.model import PRESETS
from slm.train import TrainConfig, follow


def teach(ratings: Path, slm: Path, run: Path, steps: int = 300, seed: int = 1) -> TrainConfig:
    """Prepares `run` as a copy of the checkpoint `slm` and says how to train it on with the ratings. A folder
    that is already training is left as it is, so that a second call goes on."""
    shape = load_checkpoint(slm)[0].config
    fitting = [
        name for name, preset in PRESETS.items() if replace(preset, vocab_size=shape.vocab_size) == shape
    ]
    if not fitting:
        raise ValueError(f"{slm} has none of the shapes {', '.join(PRESETS)}")
    run.mkdir(parents=True, exist_ok=True)
    if not (run / "state.pt").is_file():
        copy_checkpoint(slm, run)
    return TrainConfig(
        run=run,
        preset=fitting[0],
        steps=steps,
        decay=steps,
        warmup=10,
        matrix_lr=8e-4,
        other_lr=8e-4,
        composed=0.5,
        composed_at_end=0.5,
        ratings=ratings,
        seed=seed,
    )


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
