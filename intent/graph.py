"""The creative knowledge graph: what people design, what it is called, what belongs to it.

One JSON object a line in `assets/graph.jsonl`, one line a topic: its names, the phrases written on such
canvases (cues), the things usually seen with it, the design types and styles it comes in. Everything that
understands or proposes reads this one structure, so it is plain data: no torch, no model.

    python -m intent.graph "bday bash"
"""

from __future__ import annotations

import json
import re
import sys
import unicodedata
from dataclasses import dataclass, fields
from pathlib import Path

DEFAULT = Path(__file__).resolve().parents[1] / "assets" / "graph.jsonl"


class GraphError(ValueError):
    """A line of the graph that cannot be used; the message names the file and the line."""


@dataclass(frozen=True)
class Topic:
    """One topic of the graph, as written in its line."""

    topic: str
    category: str
    parents: tuple[str, ...]  # broader topics; a few name a faith or a field that is no topic itself
    aliases: tuple[str, ...]  # other names, unique across the graph
    cues: tuple[str, ...]  # phrases written on canvases of this topic
    objects: tuple[str, ...]
    design_types: tuple[str, ...]
    styles: tuple[str, ...]
    colors: tuple[str, ...]
    clip: tuple[str, ...]  # captions of pictures of this topic, for zero-shot labels


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

    def ancestors(self, topic: str) -> tuple[Topic, ...]:
        """Everything above a topic, nearest first."""
        found: dict[str, Topic] = {}
        wave = [topic]
        while wave:
            above = [parent for name in wave for parent in self.parents(name) if parent.topic not in found]
            found.update({parent.topic: parent for parent in above})
            wave = [parent.topic for parent in above]
        return tuple(found.values())


def load_graph(path: str | Path = DEFAULT) -> Graph:
    """Read and check a graph file. GraphError names the file, the line and what is wrong there."""
    path = Path(path)
    try:
        lines = path.read_text(encoding="utf-8").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise GraphError(f"{path}: cannot be read as UTF-8 text ({error})") from error
    topics: list[Topic] = []
    owners: dict[str, tuple[str, int]] = {}
    for number, line in enumerate(lines, 1):
        if not line.strip():
            continue
        topic = _parse(line, f"{path}, line {number}")
        for name in (topic.topic, *topic.aliases):
            plain = normalise(name)
            other, first = owners.get(plain, (topic.topic, number))
            if first != number:
                raise GraphError(f"{path}, line {number}: {name!r} already names {other!r} of line {first}")
            owners[plain] = (topic.topic, number)
        topics.append(topic)
    if not topics:
        raise GraphError(f"{path}: holds no topic; write one JSON object a line")
    return Graph(topics)


def _parse(line: str, where: str) -> Topic:
    """One line as a Topic; GraphError when a field is missing, unknown or of the wrong kind."""
    try:
        row = json.loads(line)
    except json.JSONDecodeError as error:
        raise GraphError(f"{where}: is no JSON ({error.msg} at column {error.colno})") from error
    if not isinstance(row, dict):
        raise GraphError(f"{where}: must be a JSON object, is {type(row).__name__}")
    names = [field.name for field in fields(Topic)]
    if odd := sorted(set(names) ^ set(row)):
        raise GraphError(f"{where}: fields missing or unknown: {', '.join(odd)}")
    for name in ("topic", "category"):
        if not isinstance(row[name], str) or not normalise(row[name]):
            raise GraphError(f"{where}: {name!r} must be a text that is not empty")
    for name in names[2:]:
        value = row[name]
        if not isinstance(value, list) or not all(isinstance(item, str) and item.strip() for item in value):
            raise GraphError(f"{where}: {name!r} must be a list of texts, none of them empty")
    return Topic(row["topic"], row["category"], *(tuple(row[name]) for name in names[2:]))


if __name__ == "__main__":
    graph = load_graph()
    phrase = " ".join(sys.argv[1:])
    match = graph.find(phrase)
    if match is None:
        sys.exit(f"No topic is called {phrase!r}; the graph has {len(graph.topics)} topics.")
    print(match)
    print("near:", ", ".join(topic.topic for topic in graph.neighbours(match.topic)))
