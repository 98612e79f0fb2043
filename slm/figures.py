"""The few figures by which one model is compared with another, kept beside its checkpoint.

    python -m slm.figures --slm runs/mine [--intents 40]

Writes `figures.json`: shares of 0 to 1 on intents whose topics the model has never seen.
"""

from __future__ import annotations

import argparse
import json
import sys
from pathlib import Path

from slm.decode import Sampling
from slm.evaluate import unseen
from slm.evaluate.coverage import evaluate_coverage
from slm.evaluate.length import PAPER_LENGTHS, evaluate_length
from slm.generate import Writer

LENGTH = 20  # words of the prompts whose coverage is counted


def measure(writer: Writer, intents: int) -> dict[str, float]:
    """Guided `exact` length, `raw_within_2` words, and what is named, as the app writes."""
    examples = unseen(intents)

    def mean(rows: list, name: str) -> float:
        return sum(getattr(row, name) for row in rows) / len(rows)

    guided = evaluate_length(writer, examples, PAPER_LENGTHS, Sampling())
    raw = evaluate_length(writer, examples, PAPER_LENGTHS, Sampling(guided=False))
    named = evaluate_coverage(writer, examples, LENGTH, Sampling())
    return {
        "intents": len(examples),
        "exact": mean(guided, "exact"),
        "raw_within_2": mean(raw, "within_2"),
        **{row.field: row.named for row in named},
    }


def main() -> None:
    parser = argparse.ArgumentParser(description="Measure a model, and keep the figures beside it.")
    parser.add_argument("--slm", type=Path, required=True, help="checkpoint folder")
    parser.add_argument("--intents", type=int, default=40)
    arguments = parser.parse_args()
    try:
        figures = measure(Writer.load(arguments.slm), arguments.intents)
    except ValueError as error:
        sys.exit(f"slm.figures: {error}")
    (arguments.slm / "figures.json").write_text(json.dumps(figures, indent=2) + "\n")
    for name, value in figures.items():
        print(f"{name:13} {value:.3f}" if name != "intents" else f"{name:13} {value:.0f}")


if __name__ == "__main__":
    main()
