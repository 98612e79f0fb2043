"""The distilled corpus in `assets/corpus/`: 9,194 intents with five prompts each, and the split that keeps
some unseen.

Intents are held out by topic before anything is made from them: a held-out topic is in no training line,
neither from the corpus nor composed by the teacher.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from slm.command import ASKED_RELEVANCE, BEST_RELEVANCE, Brief, Task, count_words

CORPUS = Path(__file__).parent.parent / "assets" / "corpus"
HELD_OUT_SHARE = 0.04


@dataclass(frozen=True)
class Example:
    """One intent of the corpus with the prompts written for it."""

    id: str
    task: Task
    topic: str
    objects: tuple[str, ...]
    design_type: str
    style: str
    prompts: tuple[str, ...]

    def brief(self, length: int, relevance: int = ASKED_RELEVANCE) -> Brief:
        """The intent as the model is told it, with the outcome that is wished or was achieved."""
        return Brief(self.task, self.topic, self.objects, self.design_type, self.style, length, relevance)

    def pairs(self) -> Iterable[tuple[Brief, str]]:
        """Each prompt with its achieved word count as the command."""
        for prompt in self.prompts:
            yield self.brief(count_words(prompt), BEST_RELEVANCE), prompt


def example_of(row: Mapping[str, Any], prompts: Iterable[str]) -> Example:
    """A stored intent with its prompts. Raises KeyError, TypeError or ValueError when it is none."""
    return Example(
        id=row["id"],
        task=Task(row["task"]),
        topic=row["topic"],
        objects=tuple(row["objects"]),
        design_type=row["design_type"],
        style=row["style"],
        prompts=tuple(prompts),
    )


def load_corpus(folder: Path = CORPUS) -> list[Example]:
    """All intents, in file order. Raises ValueError naming the file and line of a broken record."""
    examples = []
    for path in sorted(folder.glob("*.jsonl")):
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
            try:
                row = json.loads(line)
                examples.append(example_of(row, row["prompts"]))
            except (ValueError, KeyError, TypeError) as error:
                raise ValueError(
                    f"{path.name}, line {number}: not a record of the corpus ({error})"
                ) from error
    return examples


def load_distilled(folder: Path) -> list[Example]:
    """The intents of a run of the teacher (`slm/teacher/llm/`), held-out topics left out. Raises ValueError
    when the folder holds no finished shards."""
    import pyarrow.parquet as pq  # only where there is something to read

    shards = sorted(folder.glob("shard-*.parquet"))
    if not shards:
        raise ValueError(f"{folder} holds no shards of the teacher: make them with python -m slm.teacher")
    prompts: dict[str, list[str]] = {}
    rows: dict[str, dict] = {}
    for row in (row for path in shards for row in pq.read_table(path).to_pylist()):
        prompts.setdefault(row["id"], []).append(row["prompt"])
        rows[row["id"]] = row
    return [example_of(row, prompts[name]) for name, row in rows.items() if not held_out(row["topic"])]


@dataclass(frozen=True)
class Drafts:
    """What the model itself wrote for one command (`slm/drafts.py`)."""

    brief: Brief
    prompts: tuple[str, ...]


def load_drafts(file: Path) -> list[Drafts]:
    """The drafts in a file. Raises ValueError when a line is none, and when there are none at all."""
    drafts = []
    for number, line in enumerate(file.read_text(encoding="utf-8").splitlines(), 1):
        try:
            row = json.loads(line)
            drafts.append(Drafts(prompts=tuple(row.pop("prompts")), brief=Brief(**row)))
        except (ValueError, KeyError, TypeError, AttributeError) as error:
            raise ValueError(f"{file}, line {number}: no drafts of the model's own ({error})") from error
    if not drafts:
        raise ValueError(f"{file} holds no drafts: write them with python -m slm.drafts")
    return drafts


def held_out(topic: str) -> bool:
    """Whether intents of this topic are kept from training. Stable for ever: it depends on the words
    alone."""
    digest = hashlib.sha256(topic.lower().encode()).digest()
    return int.from_bytes(digest[:4]) / 2**32 < HELD_OUT_SHARE


def split(examples: Iterable[Example]) -> tuple[list[Example], list[Example]]:
    """(training, held out), by topic."""
    train: list[Example] = []
    test: list[Example] = []
    for example in examples:
        (test if held_out(example.topic) else train).append(example)
    return train, test
