"""Canvas in, Intent out: the words on it, the picture and what the graph knows are fused into one answer.

Every part of the Intent carries a confidence and where it came from, so that the page can show it and the
person can overrule it.

    python -m intent.detector IMAGE [--text "..."] [--json] [--offline] [--clip FOLDER] [--graph FILE]
    python -m intent.detector --list FILE.csv
"""

from __future__ import annotations

import argparse
import csv
import json
import math
import sys
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from PIL import Image

from intent.clip import Clip, ClipError, load_clip
from intent.design import Designs, plain_type
from intent.graph import Graph, GraphError, key, load_graph
from intent.reader import Reader
from intent.things import Things, is_thing
from intent.words import Evidence, load_weights, load_words, sureness

if TYPE_CHECKING:
    from intent.clip import Seen

COMPANIONS = 3  # things proposed, named ones included, when the canvas names fewer
MOST_OBJECTS = 4
COLOURS = 5
FAINT = 0.12  # a topic less likely than this is not worth saying
LEAST_THING = 0.4  # chance of a thing named to belong in the picture; a wrong one harms more
LEAST_SEEN = 0.3  # of a thing seen
VETO = 1e-5  # so much chance is left to a topic that a source says nothing of
TRUST = {"text": 1.0, "words": 0.7, "picture": 0.5}  # typed words are meant, a picture may be mere decoration


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
        self.reader = reader
        self.clip = clip
        self.why_no_clip = why_no_clip
        self.words = load_words(graph)
        weights = load_weights()
        self.designs = Designs.load(graph, self.words.names)
        self.things = Things(graph, self.words.names, np.array(list(weights["things"].values())))
        self._trust = np.array(list(weights["trust"].values()))

    def describe(self) -> str:
        """One plain sentence: what it sees with, and how to change it."""
        if self.clip is None:
            return "Reads the words on the canvas; the picture itself is not looked at."
        why = f" ({self.why_no_clip}; give --clip FOLDER with open_clip weights)" if self.why_no_clip else ""
        return f"Reads the words on the canvas and looks at the picture with {self.clip.name}{why}."

    def detect(self, image: Image.Image | None, text: str) -> Intent:
        """What the canvas (an RGB picture, a text, or both) is about; an empty Intent when nothing tells."""
        lines = self.reader.read(image) if image is not None else []
        read = [self.words.english.respace(line.text) for line in lines]
        heard = {"text": self.words.find(text), "words": self.words.find("\n".join(read))}
        seen = self.clip.look(image) if self.clip is not None and image is not None else None
        topic, also = self._topic(heard, seen)
        return Intent(
            topic=topic,
            objects=self._objects(heard, seen, topic),
            design_type=self._design(heard, seen, topic, image),
            style=self._style(heard, topic),
            words=tuple(read),
            palette=palette(image) if image is not None else (),
            also=also,
        )

    def _topic(self, heard: dict[str, Evidence], seen: Seen | None) -> tuple[Finding, tuple[Finding, ...]]:
        """The most likely topic and up to three more.

        The sources' logarithms add up, each weighted by TRUST; a topic is never surer than the source that is
        surest of it. A source that is silent does not vote.
        """
        chances = {source: evidence.chances * evidence.familiar for source, evidence in heard.items()}
        if seen is not None:
            # The picture knows the topics of the graph; those known by words alone stand behind them.
            chances["picture"] = np.pad(seen.topics, (0, len(self.words.names) - len(seen.topics)))
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
            sure = mixed[number]
            if source != "picture":  # its chances are calibrated already
                sure = 1 / (1 + math.exp(-float(sureness(sure) @ self._trust)))
            return Finding(self.words.names[number], round(float(sure), 3), source)

        best = finding(order[0])
        if own := self._own_words(heard, best):
            return own, (best,) if best.value != own.value else ()
        if best.confidence < FAINT:
            return NOTHING, ()
        return best, tuple(finding(number) for number in order[1:] if mixed[number] >= 0.01)

    def _own_words(self, heard: dict[str, Evidence], best: Finding) -> Finding | None:
        """What a short text says outright: a topic's name, or one no topic explains ("ferry timetable")."""
        for source, evidence in heard.items():
            if evidence.own and len(evidence.own.split()) >= 0.6 * len(evidence.reading.content):
                if topic := self.graph.find(evidence.own):
                    return Finding(topic.topic, 0.95, source)
                if best.confidence < 0.2 or not self.words.explains(best.value, evidence.own):
                    return Finding(evidence.own, 0.4, source)
        return None

    def _objects(self, heard: dict[str, Evidence], seen: Seen | None, topic: Finding) -> tuple[Finding, ...]:
        """Things named on the canvas first, then things seen, then usual companions of the topic."""
        found: dict[str, Finding] = {}
        for source, evidence in heard.items():
            for name, chance in self.things.chances(evidence, topic.value):
                if chance >= LEAST_THING:
                    found.setdefault(key(name), Finding(name, round(chance, 3), source))
        for name, chance in seen.objects if seen else ():
            if chance >= LEAST_SEEN and not any(is_thing(name, known) for known in found):
                found[key(name)] = Finding(name, chance, "picture")
        chosen = list(found.values())[:MOST_OBJECTS]
        known = self.graph.topics.get(topic.value)
        for thing in known.objects if known else ():
            if len(chosen) < COMPANIONS and key(thing) not in found:
                chosen.append(Finding(thing, round(0.4 * topic.confidence, 3), "graph"))
        return tuple(chosen)

    def _design(
        self, heard: dict[str, Evidence], seen: Seen | None, topic: Finding, image: Image.Image | None
    ) -> Finding:
        """The most likely type by the words, the page's shape and the picture; else the topic's usual one."""
        for source, evidence in heard.items():
            if evidence.chances.any():
                shape = image.width / image.height if image is not None else None
                chances = self.designs.chances(evidence, shape)
                for name, chance in seen.designs if seen else ():
                    if (plain := plain_type(name)) in self.designs.types:
                        chances[self.designs.types.index(plain)] += chance
                best = int(chances.argmax())
                sure = chances[best] / chances.sum()
                return Finding(self.designs.types[best], round(float(sure), 3), source)
        if seen and seen.designs:
            return Finding(*seen.designs[0], "picture")
        known = self.graph.topics.get(topic.value)
        usual = known.design_types if known else ()
        return Finding(usual[0], round(0.4 * topic.confidence, 3), "graph") if usual else NOTHING

    def _style(self, heard: dict[str, Evidence], topic: Finding) -> Finding:
        """The style named on the canvas, else the usual one of the topic."""
        for source, evidence in heard.items():
            for match in evidence.reading.matches:
                if match.kind == "style":
                    return Finding(match.value, 0.7, source)
        known = self.graph.topics.get(topic.value)
        usual = known.styles if known else ()
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


def load_detector(offline: bool = False, graph: str | Path = "", clip: str = "") -> Detector:
    """The detector with all it can get.

    `graph`: a file of the user's own topics, beside those that ship. `clip`: as for load_clip, "" is the
    default model. GraphError and ClipError say what is wrong with the files that were named.
    """
    known = load_graph(more=graph)
    model, why = load_clip(known, clip, offline)
    return Detector(known, Reader(), model, why)


def detect_list(detector: Detector, path: Path) -> Iterator[dict]:
    """The intents of a CSV's rows (columns file, text; one may be empty), files relative to the CSV.

    A row that cannot be read becomes {"error": ...}, and the rest goes on. ValueError without such columns.
    """
    with path.open(encoding="utf-8-sig", newline="") as lines:
        rows = csv.DictReader(lines)
        if not {"file", "text"} & set(rows.fieldnames or ()):
            raise ValueError(f"{path}: needs a first line with the columns file, text, or one of them")
        for row in rows:
            file, text = row.get("file") or "", row.get("text") or ""
            try:
                intent = detector.detect(open_picture(path.parent / file) if file else None, text)
            except PICTURE_ERRORS as error:
                yield {"file": file, "text": text, "error": str(error)}
                continue
            yield {"file": file, "text": text, **asdict(intent)}


def open_picture(path: str | Path) -> Image.Image:
    """A picture file as an RGB image; one of PICTURE_ERRORS when it is none."""
    with Image.open(path) as image:
        return image.convert("RGB")


PICTURE_ERRORS = (OSError, ValueError, SyntaxError, Image.DecompressionBombError)  # what Pillow raises


def main(arguments: list[str] | None = None) -> None:
    """The command line."""
    parser = argparse.ArgumentParser(prog="python -m intent.detector", description="Understand a canvas.")
    parser.add_argument("image", nargs="?", help="a picture file")
    parser.add_argument("--text", default="", help="the text typed beside it")
    parser.add_argument("--list", type=Path, help="a CSV with columns file, text; a JSON line each")
    parser.add_argument("--json", action="store_true", help="print one JSON object")
    parser.add_argument("--offline", action="store_true", help="never ask the model hub")
    parser.add_argument("--graph", default="", help="topics of your own (JSON lines), beside those that ship")
    parser.add_argument("--clip", default="", help="open_clip weights: a folder, a file, or a model name")
    wish = parser.parse_args(arguments)
    if not (wish.image or wish.text or wish.list):
        parser.error("give a picture, --text or --list")
    try:
        image = open_picture(wish.image) if wish.image else None
        detector = load_detector(wish.offline, wish.graph, wish.clip)
        if wish.list:
            for row in detect_list(detector, wish.list):
                print(json.dumps(row, ensure_ascii=False), flush=True)
            return
    except (ClipError, GraphError, *PICTURE_ERRORS) as error:
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
