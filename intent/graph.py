"""The creative knowledge graph: what people design, what it is called, what belongs to it.

One JSON object a line in `assets/graph.jsonl`, one line a topic: its names, the phrases written on such
canvases (cues), the things usually seen with it, the design types and styles it comes in. Everything that
understands or proposes reads this one structure, so it is plain data: no torch, no model.

    python -m intent.graph "bday party"

A file of your own adds topics to those that ship (`--graph FILE` of app.py, intent.detector and
intent.evaluate). Only the name is needed: {"topic": "ferret racing", "cues": ["and they're off"]}
"""

from __future__ import annotations

import json
import re
import sys
import unicodedata
from dataclasses import dataclass, fields
from pathlib import Path

ASSETS = Path(__file__).resolve().parents[1] / "assets"
DEFAULT = ASSETS / "graph.jsonl"


class GraphError(ValueError):
    """A line of the graph that cannot be used; the message names the file and the line."""


@dataclass(frozen=True)
class Topic:
    """One topic of the graph, as written in its line; what a line leaves out is empty."""

    topic: str
    category: str = ""
    parents: tuple[str, ...] = ()  # broader topics; a few name a faith or a field that is no topic itself
    aliases: tuple[str, ...] = ()  # other names, unique across the graph
    cues: tuple[str, ...] = ()  # phrases written on canvases of this topic
    objects: tuple[str, ...] = ()
    design_types: tuple[str, ...] = ()
    styles: tuple[str, ...] = ()
    colors: tuple[str, ...] = ()
    clip: tuple[str, ...] = ()  # captions of pictures of this topic, for zero-shot labels


@dataclass(frozen=True)
class Proposal:
    """What a design of a topic usually has, the most usual first."""

    objects: tuple[str, ...]
    design_types: tuple[str, ...]
    styles: tuple[str, ...]
    palettes: tuple[tuple[str, ...], ...]  # colours that go together, by name


def normalise(phrase: str) -> str:
    """Lower case, no accents, no punctuation, single spaces; apostrophes vanish."""
    plain = unicodedata.normalize("NFKD", phrase.casefold().replace("&", " and "))
    plain = re.sub(r"['’‘`´\u0300-\u036f]", "", plain)
    return " ".join(re.findall(r"[^\W_]+", plain))


def singular(word: str) -> str:
    """The singular of a plain English plural; both forms meet here, real word or not."""
    if len(word) > 4 and word.endswith("ies"):
        return word[:-3] + "y"
    if len(word) > 4 and word.endswith(("sses", "shes", "ches", "xes", "zes")):
        return word[:-2]
    if len(word) > 3 and word.endswith("s") and not word.endswith(("ss", "us", "is")):
        return word[:-1]
    return word


def key(phrase: str) -> str:
    """The form under which phrases are compared: normalised, every word in the singular."""
    return " ".join(singular(word) for word in normalise(phrase).split())


class Graph:
    """All topics by name, with look-ups by any of their names and along the parents."""

    def __init__(self, topics: list[Topic]) -> None:
        self.topics: dict[str, Topic] = {topic.topic: topic for topic in topics}
        self._by_key: dict[str, Topic] = {}
        for topic in topics:
            for alias in topic.aliases:
                self._by_key.setdefault(key(alias), topic)
        self._by_key.update({key(topic.topic): topic for topic in topics})
        self._children: dict[str, list[Topic]] = {}
        for topic in topics:
            for parent in topic.parents:
                self._children.setdefault(parent, []).append(topic)

    def find(self, phrase: str) -> Topic | None:
        """The topic of this name or alias, whatever case, punctuation or number; a topic beats an alias."""
        return self._by_key.get(key(phrase))

    def parents(self, topic: str) -> tuple[Topic, ...]:
        """The broader topics of a topic (only those that are topics of the graph)."""
        return tuple(self.topics[name] for name in self.topics[topic].parents if name in self.topics)

    def children(self, topic: str) -> tuple[Topic, ...]:
        """The narrower topics of a topic, in the order of the file."""
        return tuple(self._children.get(topic, ()))

    def neighbours(self, topic: str) -> tuple[Topic, ...]:
        """Parents, children, then siblings under any shared parent; each once, never the topic itself."""
        near = [*self.parents(topic), *self.children(topic)]
        for parent in self.topics[topic].parents:
            near += self._children[parent]
        return tuple({other.topic: other for other in near if other.topic != topic}.values())

    def propose(self, topic: str) -> Proposal:
        """What to offer for a topic: its own first, then what its parents and neighbours add.

        KeyError when the graph has no such topic; look it up with `find` first.
        """
        family = [self.topics[topic], *self.neighbours(topic)]

        def gather(field: str) -> tuple[str, ...]:
            return tuple(dict.fromkeys(value for near in family for value in getattr(near, field)))

        palettes = dict.fromkeys(near.colors for near in family if near.colors)
        return Proposal(gather("objects"), gather("design_types"), gather("styles"), tuple(palettes))

    def ancestors(self, topic: str) -> tuple[Topic, ...]:
        """Everything above a topic, nearest first."""
        found: dict[str, Topic] = {}
        wave = [topic]
        while wave:
            above = [parent for name in wave for parent in self.parents(name) if parent.topic not in found]
            found.update({parent.topic: parent for parent in above})
            wave = [parent.topic for parent in above]
        return tuple(found.values())


def load_graph(path: str | Path = DEFAULT, more: str | Path = "") -> Graph:
    """Read and check a graph file, and one of the user's own topics if there is `more`.

    GraphError names the file, the line and what is wrong there.
    """
    topics: list[Topic] = []
    owners: dict[str, tuple[str, str]] = {}
    for file in [Path(path), Path(more)] if more else [Path(path)]:
        for where, topic in _topics(file):
            for name in (topic.topic, *topic.aliases):
                plain = normalise(name)
                other, first = owners.get(plain, (topic.topic, where))
                if first != where:
                    raise GraphError(f"{where}: {name!r} already names {other!r} of {first}")
                owners[plain] = (topic.topic, where)
            topics.append(topic)
    return Graph(topics)


def _topics(path: Path) -> list[tuple[str, Topic]]:
    """The topics of one file, each with "FILE, line N"."""
    try:
        lines = path.read_text(encoding="utf-8").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise GraphError(f"{path}: cannot be read as UTF-8 text ({error})") from error
    places = [(f"{path}, line {number}", line) for number, line in enumerate(lines, 1) if line.strip()]
    if not places:
        raise GraphError(f"{path}: holds no topic; write one JSON object a line")
    return [(where, _parse(line, where)) for where, line in places]


def _parse(line: str, where: str) -> Topic:
    """One line as a Topic; GraphError when a field is unknown or of the wrong kind."""
    try:
        row = json.loads(line)
    except json.JSONDecodeError as error:
        raise GraphError(f"{where}: is no JSON ({error.msg} at column {error.colno})") from error
    if not isinstance(row, dict):
        raise GraphError(f"{where}: must be a JSON object, is {type(row).__name__}")
    names = [field.name for field in fields(Topic)]
    if odd := sorted(set(row) - set(names)):
        raise GraphError(f"{where}: unknown fields {', '.join(odd)}; known are {', '.join(names)}")
    row = {"category": "own", **row}
    for name in ("topic", "category"):
        if not isinstance(row.get(name), str) or not normalise(row[name]):
            raise GraphError(f"{where}: {name!r} must be a text that is not empty")
    for name in names[2:]:
        value = row.get(name, [])
        if not isinstance(value, list) or not all(isinstance(item, str) and item.strip() for item in value):
            raise GraphError(f"{where}: {name!r} must be a list of texts, none of them empty")
    return Topic(row["topic"], row["category"], *(tuple(row.get(name, ())) for name in names[2:]))


if __name__ == "__main__":
    graph = load_graph()
    phrase = " ".join(sys.argv[1:])
    match = graph.find(phrase)
    if match is None:
        sys.exit(f"No topic is called {phrase!r}; the graph has {len(graph.topics)} topics.")
    print(match)
    print("near:", ", ".join(topic.topic for topic in graph.neighbours(match.topic)))
