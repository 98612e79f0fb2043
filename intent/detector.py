"""Canvas in, Intent out: the words on it, the picture and what the graph knows are fused into one answer.

Every part of the Intent carries a confidence and where it came from, so that the page can show it and the
person can overrule it.

    python -m intent.detector IMAGE [--text "..."] [--json] [--offline] [--clip FOLDER]
"""

from __future__ import annotations

import argparse
import json
import math
import sys
from dataclasses import asdict, dataclass
from pathlib import Path

import numpy as np
from PIL import Image

from intent.clip import Clip, ClipError, load_clip
from intent.graph import DEFAULT, Graph, GraphError, key, load_graph
from intent.reader import Reader
from intent.words import Evidence, Words

COMPANIONS = 3  # things proposed, named ones included, when the canvas names fewer
MOST_OBJECTS = 4
COLOURS = 5
FAINT = 0.12  # a topic less likely than this is not worth saying
VETO = 1e-5  # so much chance is left to a topic that a source says nothing of
TRUST = {"text": 1.0, "words": 0.7, "picture": 0.5}  # typed words are meant, a picture may be mere decoration
TIMES = frozenset(
    {"night", "day", "evening", "morning", "weekend", "week", "month", "year", "hour", "season"}
)


@dataclass(frozen=True)
class Finding:
    """One thing understood.

    Sources: "text" typed, "words" read off the picture, "picture" seen, "graph" a usual companion of the
    topic, "person" set by hand, "none".
    """

    value: str
    confidence: float  # 0..1
    source: str


NOTHING = Finding("", 0.0, "none")


@dataclass(frozen=True)
class Intent:
    """What a canvas is about."""

    topic: Finding = NOTHING
    objects: tuple[Finding, ...] = ()
    design_type: Finding = NOTHING
    style: Finding = NOTHING
    words: tuple[str, ...] = ()  # lines read off the picture, in reading order
    palette: tuple[str, ...] = ()  # its dominant colours, "#rrggbb", the most frequent first
    also: tuple[Finding, ...] = ()  # the next best topics


class Detector:
    """Owns what is needed to understand a canvas. `clip` None: the picture's text and colours only."""

    def __init__(self, graph: Graph, reader: Reader, clip: Clip | None = None, why_no_clip: str = "") -> None:
        self.graph = graph
        self.things = {key(thing) for topic in graph.topics.values() for thing in topic.objects}
        self.reader = reader
        self.clip = clip
        self.why_no_clip = why_no_clip
        self.words = Words(graph)

    def describe(self) -> str:
        """One plain sentence: what it sees with, and how to change it."""
        if self.clip is not None:
            return f"Reads the words on the canvas and looks at the picture with {self.clip.name}."
        why = f" ({self.why_no_clip})" if self.why_no_clip else ""
        return (
            "The picture itself is not understood without CLIP weights: only its text and colours are used"
            f"{why}; give --clip FOLDER with open_clip weights."
        )

    def detect(self, image: Image.Image | None, text: str) -> Intent:
        """What the canvas (an RGB picture, a text, or both) is about; an empty Intent when nothing tells."""
        read = (
            [self.words.respace(line.text) for line in self.reader.read(image)] if image is not None else []
        )
        heard = {"text": self.words.find(text), "words": self.words.find("\n".join(read))}
        chances = {source: evidence.chances * evidence.familiar for source, evidence in heard.items()}
        if self.clip is not None and image is not None:
            # The picture knows the topics of the graph; those known by words alone stand behind them.
            seen = self.clip.topics(image)
            chances["picture"] = np.pad(seen, (0, len(self.words.names) - len(seen)))
        topic, also = self._topic(heard, chances)
        return Intent(
            topic=topic,
            objects=self._objects(heard, topic),
            design_type=self._named("design", heard, topic),
            style=self._named("style", heard, topic),
            words=tuple(read),
            palette=palette(image) if image is not None else (),
            also=also,
        )

    def _topic(
        self, heard: dict[str, Evidence], chances: dict[str, np.ndarray]
    ) -> tuple[Finding, tuple[Finding, ...]]:
        """The most likely topic and up to three more.

        The sources' logarithms add up, each weighted by TRUST; a topic is never surer than the source that is
        surest of it. A source that is silent does not vote.
        """
        voices = {source: part for source, part in chances.items() if part.any()}
        if not voices:
            return self._own_words(heard, NOTHING) or NOTHING, ()
        scores = np.sum([TRUST[source] * np.log(part + VETO) for source, part in voices.items()], axis=0)
        scores /= max(TRUST[source] for source in voices)
        joint = np.exp(scores - scores.max())
        mixed = np.minimum(joint / joint.sum(), np.max(list(voices.values()), axis=0))
        order = np.argsort(-scores, kind="stable")[:4]

        def finding(number: int) -> Finding:
            source = max(voices, key=lambda name: TRUST[name] * voices[name][number])
            return Finding(self.words.names[number], round(float(mixed[number]), 3), source)

        best = finding(order[0])
        if own := self._own_words(heard, best):
            return own, (best,) if best.value != own.value else ()
        if best.confidence < FAINT:
            return NOTHING, ()
        return best, tuple(finding(number) for number in order[1:] if mixed[number] >= 0.02)

    def _own_words(self, heard: dict[str, Evidence], best: Finding) -> Finding | None:
        """What a short text says outright: a topic's name, or one no topic explains ("ferry timetable")."""
        for source, evidence in heard.items():
            if evidence.own and len(evidence.own.split()) >= 0.6 * evidence.size:
                if topic := self.graph.find(evidence.own):
                    return Finding(topic.topic, 0.95, source)
                if best.confidence < 0.2 or not self.words.explains(best.value, evidence.own):
                    return Finding(evidence.own, 0.4, source)
        return None

    def _objects(self, heard: dict[str, Evidence], topic: Finding) -> tuple[Finding, ...]:
        """Things named on the canvas first, then usual companions of the topic."""
        found: dict[str, Finding] = {}
        told = f" {key(topic.value)}"  # its own noun, as "party" in "pool party", is no thing to draw
        for source, evidence in heard.items():
            for match in sorted(evidence.matches, key=lambda match: match.start):
                name = key(match.value)
                if match.kind != "object" or name in TIMES:
                    continue
                if told.endswith(f" {name}") and name not in self.things:
                    continue
                if not evidence.covered(match):
                    found.setdefault(match.value, Finding(match.value, 0.7, source))
        named = list(found.values())[:MOST_OBJECTS]
        known = self.graph.topics.get(topic.value)
        for thing in known.objects if known else ():
            if len(named) < COMPANIONS and thing not in found:
                named.append(Finding(thing, round(0.4 * topic.confidence, 3), "graph"))
        return tuple(named)

    def _named(self, kind: str, heard: dict[str, Evidence], topic: Finding) -> Finding:
        """The design type or style named on the canvas, else the usual one of the topic."""
        for source, evidence in heard.items():
            matches = [match for match in evidence.matches if match.kind == kind]
            if matches:
                longest = max(matches, key=lambda match: match.end - match.start)
                return Finding(longest.value, 0.7, source)
        known = self.graph.topics.get(topic.value)
        usual = (known.design_types if kind == "design" else known.styles) if known else ()
        return Finding(usual[0], round(0.4 * topic.confidence, 3), "graph") if usual else NOTHING


def palette(image: Image.Image) -> tuple[str, ...]:
    """Up to five dominant colours, most frequent first, none nearly like another."""
    small = image.convert("RGB")
    small.thumbnail((96, 96), Image.Resampling.NEAREST)  # blending would invent colours between two
    few = small.quantize(24, kmeans=2).convert("RGB")
    kept: list[tuple[int, int, int]] = []
    for _, colour in sorted(few.getcolors() or [], key=lambda entry: entry[0], reverse=True):
        assert isinstance(colour, tuple)
        if all(math.dist(colour, other) > 48 for other in kept):
            kept.append((colour[0], colour[1], colour[2]))
    return tuple("#{:02x}{:02x}{:02x}".format(*colour) for colour in kept[:COLOURS])


def load_detector(offline: bool = False, graph: str | Path = DEFAULT, clip: str = "") -> Detector:
    """The detector with all it can get. `clip`: as for load_clip, "" is the default model.

    GraphError and ClipError say what is wrong with the files that were named.
    """
    known = load_graph(graph)
    model, why = load_clip(known, clip, offline)
    return Detector(known, Reader(), model, why)


def main(arguments: list[str] | None = None) -> None:
    """The command line."""
    parser = argparse.ArgumentParser(prog="python -m intent.detector", description="Understand a canvas.")
    parser.add_argument("image", nargs="?", help="a picture file")
    parser.add_argument("--text", default="", help="the text typed beside it")
    parser.add_argument("--json", action="store_true", help="print one JSON object")
    parser.add_argument("--offline", action="store_true", help="never ask the model hub")
    parser.add_argument("--graph", default=DEFAULT, help="a knowledge graph of your own (JSON lines)")
    parser.add_argument("--clip", default="", help="open_clip weights: a folder, a file, or a model name")
    wish = parser.parse_args(arguments)
    try:
        image = Image.open(wish.image).convert("RGB") if wish.image else None
        detector = load_detector(wish.offline, wish.graph, wish.clip)
    except (ClipError, GraphError, OSError, Image.DecompressionBombError) as error:
        sys.exit(f"Cannot start: {error}")
    intent = detector.detect(image, wish.text)
    if wish.json:
        print(json.dumps(asdict(intent), ensure_ascii=False))
        return
    print(detector.describe())
    for name, value in asdict(intent).items():
        print(f"{name}: {value}")


if __name__ == "__main__":
    main()
