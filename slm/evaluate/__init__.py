"""What the language model achieves on intents it has never seen; one file a measure.

    python -m slm.evaluate length     [--lengths 10 20 30 35 | --every] [--raw]   the paper's Table III
    python -m slm.evaluate coverage   [--length 20] [--raw]   which parts of the intents are named
    python -m slm.evaluate diversity  [--length 20] [--raw]   repetition, and copies of the corpus
    python -m slm.evaluate speed      [--only NAME ...]    tokens a second and memory, beside others
    python -m slm.evaluate relevance  [--judge URL#MODEL]       the paper's Table II: graded by a large model

All take --slm, --intents and --json. `--raw` measures the model without guided decoding.
"""

from __future__ import annotations

import itertools
import random
from collections.abc import Iterator
from dataclasses import asdict

from slm.corpus import Example, load_corpus, split
from slm.decode import Sampling
from slm.generate import Writer


def unseen(count: int, seed: int = 0) -> list[Example]:
    """`count` held-out intents, drawn by seed."""
    _, test = split(load_corpus())
    return random.Random(seed).sample(test, min(count, len(test)))


def write_one(
    writer: Writer,
    examples: list[Example],
    length: int,
    sampling: Sampling,
    relevance: int | None = None,
) -> Iterator[str]:
    """One prompt for each intent, empty where none could be shown; the seed is its number. Without a
    `relevance` the writer is asked for what it writes best."""
    asked = relevance or writer.asked
    for number, example in enumerate(examples):
        prompts = writer.write(example.brief(length, asked), 1, number, sampling)
        yield prompts[0].text if prompts else ""


def print_table(rows: list) -> None:
    """Dataclass rows as plain tables, one for each kind of row."""
    for _, group in itertools.groupby(rows, type):
        cells: list[list[str]] = []
        for row in group:
            values = asdict(row)
            cells = cells or [list(values)]
            cells.append([f"{v:.3f}" if isinstance(v, float) else str(v) for v in values.values()])
        widths = [max(map(len, column)) for column in zip(*cells, strict=True)]
        for line in cells:
            print("  ".join(cell.rjust(width) for cell, width in zip(line, widths, strict=True)))
