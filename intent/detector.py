"""Canvas in, Intent out: the words on it, the picture and what the graph knows are fused into one answer.

Every part of the Intent carries a confidence and where it came from, so that the page can show it and the person
can overrule it.

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

from intent.clip import Clip, load_clip
from intent.graph import DEFAULT, Graph, GraphError, load_graph
from intent.reader import Reader
from intent.words import Evidence, Words

COMPANIONS = 3  # usual things of a topic, proposed when the text names none
COLOURS = 5


@dataclass(frozen=True)
class Finding:
    """One thing understood. Sources: "text" typed, "words" read off the picture, "picture" seen, "graph" a usual
    companion of the topic, "person" set by hand, "none"."""

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
        self.reader = reader
        self.clip = clip
        self.why_no_clip = why_no_clip
        self.words = Words(graph)

    def describe(self) -> str:
        """One plain sentence: what it sees with, and how to change it."""
        if self.clip is not None:
            return f"Reads the words on the canvas and looks at the picture with {self.clip.name}."
        return (
            "The picture itself is not understood without CLIP weights: only its text and colours are used"
            f"{f' ({self.why_no_clip})' if self.why_no_clip else ''}; give --clip FOLDER with open_clip weights."
        )

    def detect(self, image: Image.Image | None, text: str) -> Intent:
        """What the canvas (an RGB picture, a text, or both) is about; an empty Intent when nothing tells."""
        read = (
            [self.words.respace(line.text) for line in self.reader.read(image)] if image is not None else []
        )
        typed, seen = self.words.find(text), self.words.find("\n".join(read))
        seen_topics = self.clip.topics(image) if self.clip is not None and image is not None else None
        topic, also = self._topic(typed, seen, seen_topics)
        return Intent(
            topic=topic,
            objects=self._objects(typed, seen, topic),
            design_type=self._named("design", typed, seen, topic),
            style=self._named("style", typed, seen, topic),
            words=tuple(read),
            palette=palette(image) if image is not None else (),
            also=also,
        )

    def _topic(
        self, typed: Evidence, seen: Evidence, picture: np.ndarray | None
    ) -> tuple[Finding, tuple[Finding, ...]]:
        votes = typed.votes + seen.votes
        scores = votes.copy()
        if picture is not None:
            scores += 4 * picture
        order = np.argsort(-scores, kind="stable")[:4]
        best, second = scores[order[0]], scores[order[1]]
        sure = _sure(float(best), float(second))
        own, own_source = (typed.own, "text") if typed.own else (seen.own, "words")
        if best < 2.0 and own:
            return Finding(own, 0.35, own_source), ()
        if best < 0.8:
            return NOTHING, ()
        parts = {"text": typed.votes[order[0]], "words": seen.votes[order[0]]}
        if picture is not None:
            parts["picture"] = 4 * picture[order[0]]
        source = max(parts, key=lambda name: parts[name])
        names = self.words.names
        rest = tuple(
            Finding(names[n], round(sure * float(scores[n] / best) * 0.8, 3), source)
            for n in order[1:]
            if scores[n] > 0.5 * best
        )
        return Finding(names[order[0]], sure, source), rest

    def _objects(self, typed: Evidence, seen: Evidence, topic: Finding) -> tuple[Finding, ...]:
        found: dict[str, Finding] = {}
        for source, evidence in (("text", typed), ("words", seen)):
            for match in evidence.matches:
                if match.kind == "object" and match.value not in topic.value:
                    found.setdefault(match.value, Finding(match.value, 0.8, source))
        known = self.graph.topics.get(topic.value)
        usual = known.objects if known else ()
        named = list(found.values())[:4]
        for thing in usual:
            if len(named) < COMPANIONS and thing not in found:
                named.append(Finding(thing, round(0.3 * topic.confidence, 3), "graph"))
        return tuple(named)

    def _named(self, kind: str, typed: Evidence, seen: Evidence, topic: Finding) -> Finding:
        for source, evidence in (("text", typed), ("words", seen)):
            for match in evidence.matches:
                if match.kind == kind:
                    return Finding(match.value, 0.7, source)
        known = self.graph.topics.get(topic.value)
        usual = (known.design_types if kind == "design" else known.styles) if known else ()
        return Finding(usual[0], round(0.4 * topic.confidence, 3), "graph") if usual else NOTHING


def _sure(best: float, second: float) -> float:
    """A confidence of 0..1 from the strongest evidence and its lead over the next."""
    return round(1 / (1 + math.exp(-(0.35 * best + 0.5 * (best - second) - 1.5))), 3)


def palette(image: Image.Image) -> tuple[str, ...]:
    """Up to five dominant colours, most frequent first, none nearly like another."""
    small = image.convert("RGB")
    small.thumbnail((96, 96))
    few = small.quantize(16, kmeans=2)
    colours = few.getpalette() or []
    kept: list[tuple[int, int, int]] = []
    for _, number in sorted(few.getcolors() or [], reverse=True):
        colour = (colours[3 * number], colours[3 * number + 1], colours[3 * number + 2])
        if all(math.dist(colour, other) > 48 for other in kept):
            kept.append(colour)
    return tuple("#{:02x}{:02x}{:02x}".format(*colour) for colour in kept[:COLOURS])


def load_detector(offline: bool = False, graph: str | Path = DEFAULT, clip: str = "") -> Detector:
    """The detector with all it can get: `clip` is a folder, a file or an open_clip name ("" = the default one)."""
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
    except (GraphError, OSError, Image.DecompressionBombError) as error:
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
