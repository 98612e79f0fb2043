"""Which parts of the intents the prompts name."""

from __future__ import annotations

import itertools
from dataclasses import dataclass

from slm.corpus import Example
from slm.coverage import names
from slm.decode import Sampling
from slm.evaluate import write_one
from slm.generate import Writer


@dataclass(frozen=True)
class CoverageRow:
    """Share of one field's terms that the prompts name."""

    field: str
    terms: int
    named: float


def evaluate_coverage(
    writer: Writer,
    examples: list[Example],
    length: int,
    sampling: Sampling,
    relevance: int | None = None,
) -> list[CoverageRow]:
    """One row a field; `everything` counts prompts that name all of theirs."""
    fields = ("topic", "objects", "design_type", "style", "everything")
    hits: dict[str, list[bool]] = {field: [] for field in fields}
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
