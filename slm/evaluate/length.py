"""Achieved words against wished ones: the paper's Table III, for any lengths."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from slm.command import count_words
from slm.corpus import Example
from slm.decode import Sampling
from slm.evaluate import write_one
from slm.generate import Writer

PAPER_LENGTHS = (10, 20, 30, 35)
EVERY_LENGTH = range(8, 41)


@dataclass(frozen=True)
class LengthRow:
    """Achieved words against one wished length."""

    wished: int
    prompts: int
    mean: float
    mean_square_error: float
    within_2: float
    exact: float


def evaluate_length(
    writer: Writer,
    examples: list[Example],
    lengths: Iterable[int],
    sampling: Sampling,
    relevance: int | None = None,
) -> list[LengthRow]:
    """One row a length."""
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
