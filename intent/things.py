"""Which of the things a text names belong in its picture.

"Cake" on a birthday invitation does, "table" in "table 4" hardly. Every thing found in a text becomes a few
numbers, and a logistic regression, fitted by `python -m intent.fit`, says how likely it is to be drawn.
"""

from __future__ import annotations

import math
from collections import Counter

import numpy as np

from intent.graph import Graph, key
from intent.lexicon import Match, load_headers
from intent.words import Evidence

# Never things to draw, though some corpus lines list them.
TIMES = frozenset("night day evening morning weekend week month year hour season".split())  # noqa: SIM905
FEATURES = (
    "always",
    "usual of the likely topics",
    "how often drawn in the corpus",
    "a thing of the graph",
    "the topic's own noun",
    "names a topic",
    "inside a longer phrase",
    "more than one word",
    "few in the text",
    "part of a name or date",
    "of the headline",
)


class Things:
    """Owns what is known of things, and the weights of FEATURES."""

    def __init__(self, graph: Graph, names: list[str], weights: np.ndarray) -> None:
        self._graph, self._weights = graph, weights
        self._usual = [self._things_of(name) for name in names]
        self._known = Counter(thing for things in self._usual for thing in things)
        self._drawn = Counter(key(thing) for row in load_headers() for thing in row["objects"])

    def _things_of(self, name: str) -> frozenset[str]:
        topic = self._graph.topics.get(name)
        return frozenset(key(thing) for thing in topic.objects) if topic else frozenset()

    def features(self, evidence: Evidence, topic: str) -> list[tuple[Match, np.ndarray]]:
        """Each thing found once, in order of the text, with its numbers, float32 (FEATURES,)."""
        likely = np.argsort(-evidence.chances)[:5]
        found: dict[str, Match] = {}
        for match in sorted(evidence.reading.matches, key=lambda match: match.start):
            if match.kind == "object" and key(match.value) not in TIMES:
                found.setdefault(key(match.value), match)
        rows = []
        for name, match in found.items():
            usual = sum(float(evidence.chances[number]) for number in likely if name in self._usual[number])
            own = f" {key(topic)}".endswith(f" {name}")
            numbers = (
                1.0,
                usual,
                math.log1p(self._drawn[name]) / 4,
                float(name in self._known),
                float(own),
                float(self._graph.find(name) is not None),
                float(evidence.covered(match)),
                float(" " in name),
                1 / len(found),
                float(any(evidence.reading.apart[match.start : match.end])),
                float(match.start < 5),
            )
            rows.append((match, np.array(numbers, dtype=np.float32)))
        return rows

    def chances(self, evidence: Evidence, topic: str) -> list[tuple[str, float]]:
        """Each thing found, in order of the text, with its chance to belong in the picture."""
        rows = self.features(evidence, topic)
        return [(match.value, 1 / (1 + math.exp(-float(row @ self._weights)))) for match, row in rows]


def is_thing(said: str, wanted: str) -> bool:
    """Is it the same thing, or the same with more said of it, as "soup" and "hot soup"?"""
    one, other = f" {key(said)}", f" {key(wanted)}"
    return one.endswith(other) or other.endswith(one)
