"""What the language model achieves on intents it has never seen.

    python -m slm.evaluate length   [--intents 200] [--lengths 10 20 30 35] [--raw] [--json]
    python -m slm.evaluate coverage [--intents 200] [--length 20] [--raw] [--json]

`length` is the paper's Table III: mean, mean square error and share within 2 words of the wish. `coverage` is
the share of topics, objects, design types and styles that the prompts name. `--raw` measures the model
without guided decoding.
"""

from __future__ import annotations

import argparse
import itertools
import json
import random
import sys
from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass
from pathlib import Path

from slm.checkpoint import SHIPPED
from slm.command import ASKED_RELEVANCE, count_words
from slm.corpus import Example, load_corpus, split
from slm.coverage import names
from slm.generate import Sampling, Writer

PAPER_LENGTHS = (10, 20, 30, 35)


@dataclass(frozen=True)
class LengthRow:
    """Achieved words against one wished length."""

    wished: int
    prompts: int
    mean: float
    mean_square_error: float
    within_2: float
    exact: float


@dataclass(frozen=True)
class CoverageRow:
    """Share of one field's terms that the prompts name."""

    field: str
    terms: int
    named: float


def unseen(count: int, seed: int = 0) -> list[Example]:
    """`count` held-out intents, drawn by seed."""
    _, test = split(load_corpus())
    return random.Random(seed).sample(test, min(count, len(test)))


def write_one(
    writer: Writer, examples: list[Example], length: int, sampling: Sampling, relevance: int
) -> Iterator[str]:
    """One prompt for each intent; the seed is its number."""
    for number, example in enumerate(examples):
        yield writer.write(example.brief(length, relevance), 1, number, sampling)[0].text


def evaluate_length(
    writer: Writer,
    examples: list[Example],
    lengths: Iterable[int],
    sampling: Sampling,
    relevance: int = ASKED_RELEVANCE,
) -> list[LengthRow]:
    """Table III for any lengths."""
    rows = []
    for wished in lengths:
        achieved = [count_words(text) for text in write_one(writer, examples, wished, sampling, relevance)]
        off = [abs(words - wished) for words in achieved]
        count = len(achieved)
        rows.append(
            LengthRow(
                wished,
                count,
                sum(achieved) / count,
                sum(d * d for d in off) / count,
                sum(d <= 2 for d in off) / count,
                sum(d == 0 for d in off) / count,
            )
        )
    return rows


def evaluate_coverage(
    writer: Writer,
    examples: list[Example],
    length: int,
    sampling: Sampling,
    relevance: int = ASKED_RELEVANCE,
) -> list[CoverageRow]:
    """Which parts of the intents the prompts name; `everything` counts prompts that name all of theirs."""
    hits: dict[str, list[bool]] = {
        key: [] for key in ("topic", "objects", "design_type", "style", "everything")
    }
    texts = write_one(writer, examples, length, sampling, relevance)
    for example, text in zip(examples, texts, strict=True):
        found = {
            "topic": [names(text, example.topic)],
            "objects": [names(text, name) for name in example.objects],
            "design_type": [names(text, example.design_type)] if example.design_type else [],
            "style": [names(text, example.style)] if example.style else [],
        }
        for field, results in found.items():
            hits[field] += results
        hits["everything"].append(all(itertools.chain(*found.values())))
    return [CoverageRow(field, len(r), sum(r) / max(len(r), 1)) for field, r in hits.items()]


def print_table(rows: list) -> None:
    """Dataclass rows as a plain table."""
    cells = [list(asdict(rows[0]))]
    for row in rows:
        cells.append(
            [f"{value:.3f}" if isinstance(value, float) else str(value) for value in asdict(row).values()]
        )
    widths = [max(map(len, column)) for column in zip(*cells, strict=True)]
    for line in cells:
        print("  ".join(cell.rjust(width) for cell, width in zip(line, widths, strict=True)))


def main() -> None:
    parser = argparse.ArgumentParser(description="Measure the language model on held-out intents.")
    parser.add_argument("measure", choices=("length", "coverage"))
    parser.add_argument("--slm", type=Path, default=SHIPPED, help="checkpoint folder")
    parser.add_argument("--intents", type=int, default=200)
    parser.add_argument("--lengths", type=int, nargs="+", default=PAPER_LENGTHS)
    parser.add_argument("--length", type=int, default=20, help="for coverage")
    parser.add_argument(
        "--relevance", type=int, default=ASKED_RELEVANCE, help="the relevance command, 1 to 5"
    )
    parser.add_argument("--raw", action="store_true", help="without guided decoding")
    parser.add_argument("--json", action="store_true")
    arguments = parser.parse_args()
    try:
        writer = Writer.load(arguments.slm)
    except ValueError as error:
        sys.exit(f"slm.evaluate: {error}")
    examples = unseen(arguments.intents)
    sampling = Sampling(guided=not arguments.raw)
    rows: list[LengthRow] | list[CoverageRow]
    if arguments.measure == "length":
        rows = evaluate_length(writer, examples, arguments.lengths, sampling, arguments.relevance)
    else:
        rows = evaluate_coverage(writer, examples, arguments.length, sampling, arguments.relevance)
    if arguments.json:
        print(json.dumps([asdict(row) for row in rows]))
    else:
        print_table(rows)


if __name__ == "__main__":
    main()
