"""What the teacher is asked about: intents drawn from the creative knowledge graph, with tone and context."""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import dataclass

from intent.graph import Graph
from slm.command import Task
from slm.corpus import held_out

TONES = (
    "playful", "calm", "festive", "elegant", "bold", "nostalgic", "tender", "witty", "dramatic",
    "matter-of-fact",
)  # fmt: skip
CONTEXTS = {
    Task.T2I: (
        "a close view", "a wide view", "an indoor scene", "an outdoor scene", "a still life",
        "people at work", "an illustration in a named medium", "a photograph", "a pattern or a border",
        "an unusual viewpoint",
    ),
    Task.T2T: (
        "for a phone screen", "to be printed", "for a small business", "for a family", "for a company",
        "for a club or a school", "with much free space for text", "with a picture at the top",
        "with a drawn border",
    ),
}  # fmt: skip
SHORTEST, LONGEST = 6, 40
"""Words of the prompts that are asked for."""


@dataclass(frozen=True)
class Question:
    """One intent to write prompts for. `lengths` are in words, one for each prompt."""

    id: str
    task: Task
    topic: str
    objects: tuple[str, ...]
    design_type: str
    style: str
    tone: str
    context: str
    lengths: tuple[int, ...]


def sample(graph: Graph, seed: int, prompts: int = 5) -> Iterator[Question]:
    """Endless questions; the n-th depends on the seed and n alone. Every category of the graph comes equally
    often, and topics that figures are measured on never."""
    by_category: dict[str, list[str]] = {}
    for name, topic in graph.topics.items():
        if not held_out(name):
            by_category.setdefault(topic.category, []).append(name)
    categories = sorted(by_category)
    number = 0
    while True:
        rng = random.Random(f"{seed}/{number}")
        topic = graph.topics[rng.choice(by_category[rng.choice(categories)])]
        task = rng.choice(list(Task))
        name = rng.choice((topic.topic, *topic.aliases)) if rng.random() < 0.4 else topic.topic
        if held_out(name):
            name = topic.topic
        yield Question(
            id=f"{seed}-{number:07d}",
            task=task,
            topic=name,
            objects=tuple(rng.sample(topic.objects, min(rng.choice((0, 1, 1, 2, 2, 3)), len(topic.objects)))),
            design_type=rng.choice(topic.design_types or ("poster",)) if task is Task.T2T else "",
            style=rng.choice(topic.styles) if topic.styles and rng.random() < 0.5 else "",
            tone=rng.choice(TONES),
            context=rng.choice(CONTEXTS[task]),
            lengths=tuple(sorted(rng.randint(SHORTEST, LONGEST) for _ in range(prompts))),
        )
        number += 1
