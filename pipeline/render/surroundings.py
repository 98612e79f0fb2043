"""What belongs to a topic: the drawings that stand for a text which names no drawn thing itself.

The creative graph says which objects a topic has; the drawings' own topics help where it is silent.

    python -m pipeline.render.surroundings "a price list for a nail salon"
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from functools import lru_cache

from intent.graph import Graph, Topic, load_graph
from pipeline.render.art import Drawing, load_art
from pipeline.render.nouns import tokens


@lru_cache(maxsize=1)
def graph() -> Graph:
    """The shipped graph, read once."""
    return load_graph()


def topics_of(text: str) -> Iterator[Topic]:
    """The topics that a text names, those of the longest names first."""
    words = tokens(text)[:80]
    taken: set[int] = set()
    for length in (5, 4, 3, 2, 1):
        for start in range(len(words) - length + 1):
            place = set(range(start, start + length))
            found = None if place & taken else graph().find(" ".join(words[start : start + length]))
            if found:
                taken |= place
                yield found


def around(text: str, topic: str = "", limit: int = 4) -> list[Drawing]:
    """Drawings of what the topic has, else of what the topics named in the text have; perhaps none."""
    art, known = load_art(), graph().find(topic) if topic else None
    for found in [known] if known else topics_of(text):
        for near in (found, *graph().parents(found.topic)):
            drawings = [m.drawing for thing in near.objects for m in art.find(thing) if not m.kin]
            if drawings:
                return list(dict.fromkeys(drawings))[:limit]
    return art.near(text, limit)


def main() -> None:
    """Print what surrounds the text of the command line."""
    print(", ".join(drawing.name for drawing in around(" ".join(sys.argv[1:]))))


if __name__ == "__main__":
    main()
