"""How well canvases are understood, measured on labelled canvas texts and, where rows have one, pictures.

Each line of the file has a text, its topic ("" when no one could tell), other topics that are as right
(accept), objects and a design type. Three parts: whatever is tuned looks at the part called fit; the part
called test has other topics, by a hash of the topic (some of its texts were seen when telltale phrases were
first written); the part called blind was written before anything was predicted on it, and looked at never.
With --composed every text gets a canvas with drawings of its topic, and words, pictures and both together
are measured.

    python -m intent.evaluate [--file FILE.jsonl|FILE.csv] [--graph FILE] [--clip FOLDER] [--composed]
                              [--errors] [--json]
"""

from __future__ import annotations

import argparse
import csv
import hashlib
import json
import sys
import time
from collections.abc import Sequence
from pathlib import Path

from PIL import Image

from intent.clip import ClipError, load_clip
from intent.compose import Composer, sprite_folder
from intent.design import plain_type
from intent.detector import PICTURE_ERRORS, Detector, Intent, open_picture
from intent.drawings import Sprites
from intent.graph import DEFAULT, Graph, GraphError, key, load_graph
from intent.reader import Reader
from intent.things import is_thing

FILE = DEFAULT.parent / "canvas_texts.jsonl"
SPEAKS = 0.3  # a topic of less confidence is an honest "not sure"
PARTS = ("fit", "test", "blind")
SIDE = 512  # pixels of a composed canvas
# Words that say what is done with a topic, not what it is: lock picking and a lock picking club are one.
FORMS = frozenset(
    """
    class lesson course workshop club group society meeting event session show concert competition contest
    service shop store notice tour guide
    """.split()  # noqa: SIM905
)


def load_rows(path: str | Path) -> list[dict]:
    """Labelled texts of a .jsonl or .csv file (lists in CSV cells are separated by ;)."""
    path = Path(path)
    with path.open(encoding="utf-8", newline="") as file:
        if path.suffix == ".jsonl":
            rows = [json.loads(line) for line in file if line.strip()]
        else:
            rows = [dict(row) for row in csv.DictReader(file)]
            for row in rows:
                for name in ("accept", "objects"):
                    row[name] = [item.strip() for item in (row.get(name) or "").split(";") if item.strip()]
    for number, row in enumerate(rows, 1):
        if not {"text", "topic"} <= row.keys():
            raise ValueError(f"{path}, row {number}: needs at least text and topic")
    return rows


def part_of(row: dict) -> str:
    """The part a row says it is in, else "fit" or "test" by the topic alone, so that no topic is in both."""
    if row.get("part") in PARTS:
        return row["part"]
    return "test" if hashlib.sha256(key(row["topic"]).encode()).digest()[-1] % 2 else "fit"


def essence(topic: str) -> str:
    """The name of a topic without FORMS and spaces, by which two names are compared."""
    words = key(topic).split()
    return "".join([word for word in words if word not in FORMS] or words)


def is_right(graph: Graph, said: str, row: dict) -> bool:
    """Does a topic say the same as the label or one of the accepted others?"""
    if not said:
        return not row["topic"]
    labels = [label for label in (row["topic"], *row.get("accept", ())) if label]
    found = graph.find(said)
    return any(essence(said) == essence(label) or (found and found is graph.find(label)) for label in labels)


def measure(detector: Detector, rows: list[dict], intents: list[Intent]) -> dict[str, float]:
    """Shares of 0..1 over rows; objects and design types over those that have a label."""
    graph = detector.graph
    topical = [(row, intent) for row, intent in zip(rows, intents, strict=True) if row["topic"]]
    unclear = [(row, intent) for row, intent in zip(rows, intents, strict=True) if not row["topic"]]
    first = [is_right(graph, intent.topic.value, row) for row, intent in topical]
    third = [
        any(is_right(graph, topic.value, row) for topic in (intent.topic, *intent.also[:2]))
        for row, intent in topical
    ]
    honest = [
        intent.topic.confidence < SPEAKS or is_right(graph, intent.topic.value, row)
        for row, intent in unclear
    ]
    labelled, said, named, meant = 0, 0, 0, 0
    for row, intent in zip(rows, intents, strict=True):
        wanted = row.get("objects", ())
        things = [thing.value for thing in intent.objects if thing.source != "graph"]
        labelled, said = labelled + len(wanted), said + len(things)
        named += sum(any(is_thing(thing, want) for thing in things) for want in wanted)
        meant += sum(any(is_thing(thing, want) for want in wanted) for thing in things)
    typed = [(row, intent) for row, intent in zip(rows, intents, strict=True) if row.get("design_type")]
    designs = [
        plain_type(intent.design_type.value) == plain_type(row["design_type"]) for row, intent in typed
    ]
    known = {"", *detector.words.names}
    own = [(row, intent) for row, intent in topical if intent.topic.value not in known]
    scores = {
        "rows": len(rows),
        "topic top-1": _mean(first),
        "topic top-3": _mean(third),
        "unclear left open": _mean(honest),
        "own words": len(own) / max(len(topical), 1),
        "own words right": _mean([is_right(graph, intent.topic.value, row) for row, intent in own]),
        "object recall": named / max(labelled, 1),
        "object precision": meant / max(said, 1),
        "design type": _mean(designs),
        "design calibration": calibration_error(
            [intent.design_type.confidence for _, intent in typed], designs
        ),
        "calibration error": calibration_error([intent.topic.confidence for _, intent in topical], first),
    }
    return {name: round(value, 4) for name, value in scores.items()}


def calibration_error(confidences: list[float], right: list[bool], bins: int = 10) -> float:
    """Expected calibration error: how far confidence and accuracy lie apart, bin by bin."""
    total = 0.0
    for number in range(bins):
        chosen = [i for i, value in enumerate(confidences) if min(int(value * bins), bins - 1) == number]
        if chosen:
            total += abs(sum(right[i] - confidences[i] for i in chosen))
    return total / max(len(right), 1)


def _mean(values: list[bool]) -> float:
    return sum(values) / len(values) if values else 0.0


def compose(graph: Graph, rows: list[dict]) -> list[tuple[dict, Image.Image]]:
    """The rows whose topic has drawings, each with a canvas of some, in arrangements never trained on. What
    the canvas shows takes the place of the text's objects and design type. ValueError when there is none."""
    composer = Composer(Sprites(sprite_folder()), graph)
    pairs = []
    for number, row in enumerate(rows):
        topic = graph.find(row["topic"]) if row["topic"] else None
        if topic and topic.topic in composer.things:
            composer.phrases[topic.topic] = [""]  # words would tell what the picture is to show
            made = composer.compose(f"evaluate {number}", SIDE, held_out=True, topic=topic.topic)
            shown = [composer.sprites.nouns[noun].name for noun, plain in made.seen().items() if plain]
            labels = {"objects": shown, "design_type": made.design}
            pairs.append((row | labels, Image.fromarray(made.pixels)))
    if not pairs:
        raise ValueError("no text has a topic that canvases can be composed for")
    return pairs


def evaluate(detector: Detector, rows: list[dict], intents: list[Intent]) -> dict[str, dict[str, float]]:
    """The measures of each part that has rows."""
    report = {}
    for part in PARTS:
        mine = [number for number, row in enumerate(rows) if part_of(row) == part]
        if mine:
            report[part] = measure(detector, [rows[i] for i in mine], [intents[i] for i in mine])
    return report


def show(report: dict[str, dict[str, float]]) -> None:
    """A table: a line for each measure, a column for each part."""
    print(f"{'':20}" + "".join(f"{part:>9}" for part in report))
    for name in next(iter(report.values()), {}):
        print(f"{name:20}" + "".join(f"{scores[name]:9.4g}" for scores in report.values()))


def main(arguments: list[str] | None = None) -> None:
    """The command line."""
    parser = argparse.ArgumentParser(
        prog="python -m intent.evaluate", description="Measure the understanding."
    )
    parser.add_argument(
        "--file",
        type=Path,
        default=FILE,
        help="labelled texts, JSON lines or CSV; a column file for pictures",
    )
    parser.add_argument("--graph", default="", help="topics of your own, JSON lines")
    parser.add_argument("--clip", default="embedded", help="what pictures are looked at with")
    parser.add_argument("--composed", action="store_true", help="compose a canvas for every text")
    parser.add_argument("--errors", action="store_true", help="list the wrong topics of the part for fitting")
    parser.add_argument("--json", action="store_true", help="print one JSON object")
    wish = parser.parse_args(arguments)
    try:
        rows, graph = load_rows(wish.file), load_graph(more=wish.graph)
        pairs: Sequence[tuple[dict, Image.Image | None]]
        if wish.composed:
            pairs = compose(graph, rows)
        else:
            folder = wish.file.parent
            pairs = [(row, open_picture(folder / row["file"]) if row.get("file") else None) for row in rows]
        looks = any(image for _, image in pairs)
        detector = Detector(graph, Reader(), load_clip(graph, wish.clip)[0] if looks else None)
    except (ClipError, GraphError, *PICTURE_ERRORS) as error:
        sys.exit(f"Cannot start: {error}")
    detector.detect(None, "a first text loads the models")
    rows = [row for row, _ in pairs]
    count = max(len(rows), 1)
    inputs = {"": [(image, row["text"]) for row, image in pairs]}
    if wish.composed:
        inputs = {
            "words only": [(None, row["text"]) for row in rows],
            "picture only": [(image, "") for _, image in pairs],
            "both": inputs[""],
        }
    reports = {}
    for kind, given in inputs.items():
        started, busy = time.perf_counter(), time.process_time()
        intents = [detector.detect(*each) for each in given]
        speed = {
            "milliseconds each": round(1000 * (time.perf_counter() - started) / count, 2),
            "of a CPU": round(1000 * (time.process_time() - busy) / count, 2),
        }
        report = evaluate(detector, rows, intents)
        reports[kind] = {**report, "speed": speed}
        if not wish.json:
            print(kind)
            show(report)
            print(", ".join(f"{name}: {value}" for name, value in speed.items()))
    if wish.json:
        print(json.dumps(reports if wish.composed else reports[""]))
    elif wish.errors:
        for row, intent in zip(rows, intents, strict=True):
            if part_of(row) == "fit" and not is_right(detector.graph, intent.topic.value, row):
                also = ", ".join(topic.value for topic in intent.also)
                said = f"{intent.topic.value} {intent.topic.confidence} ({also})"
                print(f"- {row['text'][:90]!r}\n    {row['topic']} | {row.get('accept')} <- {said}")


if __name__ == "__main__":
    main()
