"""What the model itself writes for many intents of the corpus: material to learn from.

    python -m slm.drafts --slm assets/slm --out drafts.jsonl [--intents 1000]

A judge that learned from ratings grades them, and so they teach what people like (`slm/feedback.py`).
"""

from __future__ import annotations

import argparse
import random
import sys
from dataclasses import asdict
from pathlib import Path

import numpy as np

from slm.checkpoint import SHIPPED
from slm.corpus import load_corpus, split
from slm.generate import MIN_DRAFTS, USUAL, Writer, decent
from slm.ledger import Ledger

INTENTS = 1000
"""Intents of the corpus that drafts are written for."""
SHORTEST, LONGEST = 8, 40  # words of a draft


def write_drafts(slm: Path, file: Path, intents: int, seed: int) -> None:
    """What the model in `slm` writes for some intents of the corpus, MIN_DRAFTS prompts each. Adds to what
    the file holds until all are there. Raises CheckpointError when there is no model, OSError when the file
    cannot be written."""
    writer, examples, ledger = Writer.load(slm), split(load_corpus())[0], Ledger(file)
    for number in range(len(ledger.rows), intents):
        rng = random.Random(f"{seed}/{number}")
        brief = rng.choice(examples).brief(rng.randint(SHORTEST, LONGEST), writer.asked)
        drafts = writer.source.draft(brief, MIN_DRAFTS, np.random.default_rng([seed, number]), USUAL)
        prompts = sorted({draft.text for draft in decent(brief, drafts)})
        ledger.add(asdict(brief) | {"prompts": prompts})
        if (number + 1) % 100 == 0:
            print(f"drafts for {number + 1} of {intents} intents", flush=True)


def main() -> None:
    parser = argparse.ArgumentParser(description="Let the language model write drafts to learn from.")
    parser.add_argument("--slm", type=Path, default=SHIPPED, help="checkpoint folder")
    parser.add_argument("--out", type=Path, required=True, help="JSON lines; goes on with what is there")
    parser.add_argument("--intents", type=int, default=INTENTS)
    parser.add_argument("--seed", type=int, default=1)
    arguments = parser.parse_args()
    try:
        write_drafts(arguments.slm, arguments.out, arguments.intents, arguments.seed)
    except (OSError, ValueError) as error:
        sys.exit(f"slm.drafts: {error}")


if __name__ == "__main__":
    main()
