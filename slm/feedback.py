"""Ratings teach the model: upside-down RL, closed.

    python -m slm.feedback --ratings ratings.jsonl --slm assets/slm --run runs/taught
    python app.py --slm runs/taught

What people thought of a prompt becomes its relevance command, `<|r1|>` (nobody wants it) to `<|r5|>`. The
paper proposes the command and leaves it out. Ratings are few; so they train a judge (`slm/taste.py`), the
model writes drafts of its own for many intents, and the judge grades the drafts of each intent against each
other. The model goes on learning from all of that, and is then asked for `<|r5|>`. `python -m
slm.feedback_study` tries it on simulated people.
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
from slm.drafts import INTENTS, write_drafts
from slm.model import GPT, PRESETS
from slm.taste import read_ratings, require_enough
from slm.train import TrainConfig, follow


def teach(
    ratings: Path, slm: Path, run: Path, steps: int = 600, seed: int = 1, intents: int = INTENTS
) -> TrainConfig:
    """Prepares `run` with the weights of the checkpoint `slm` and its drafts, and says how to train it on
    with the ratings. What is there already is left as it is, so that a second call goes on.

    Raises ValueError for a file that holds no or too few ratings, and for a model of no known shape.
    """
    require_enough(len(read_ratings(ratings)))  # before minutes of drafting
    model, tokenizer, meta = load_checkpoint(slm)
    shape = model.config
    fitting = [
        name for name, preset in PRESETS.items() if replace(preset, vocab_size=shape.vocab_size) == shape
    ]
    if not fitting:
        raise ValueError(f"{slm} has none of the shapes {', '.join(PRESETS)}")
    run.mkdir(parents=True, exist_ok=True)
    if not (run / "state.pt").is_file():
        write_drafts(slm, run / "drafts.jsonl", intents, seed)
        forget_grades(model, tokenizer, meta.get("asked_relevance", ASKED_RELEVANCE))
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
        drafts=run / "drafts.jsonl",
        seed=seed,
    )


def forget_grades(model: GPT, tokenizer: Tokenizer, asked: int) -> None:
    """Every relevance command becomes the one that the model was `asked` for so far. Until now the grades
    told apart how prompts were made; that would first have to be unlearned before they can tell what people
    like."""
    known, *grades = (
        tokenizer.token_to_id(relevance_token(relevance))
        for relevance in (asked, *range(1, BEST_RELEVANCE + 1))
    )
    with torch.no_grad():
        model.wte.weight[grades] = model.wte.weight[known].clone()


def main() -> None:
    parser = argparse.ArgumentParser(description="Let ratings teach the language model.")
    parser.add_argument("--ratings", type=Path, required=True, help="exported ratings, .jsonl")
    parser.add_argument("--slm", type=Path, default=SHIPPED, help="checkpoint folder to start from")
    parser.add_argument("--run", type=Path, required=True, help="folder of the taught model")
    parser.add_argument("--steps", type=int, default=600)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--intents", type=int, default=INTENTS, help="that it writes drafts for")
    try:
        follow(teach(**vars(parser.parse_args())))
    except (OSError, ValueError) as error:
        sys.exit(f"slm.feedback: {error}")


if __name__ == "__main__":
    main()
