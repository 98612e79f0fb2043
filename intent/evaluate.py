"""How well texts are understood, measured on labelled canvas texts.

Each line of the file has a text, its topic ("" when no one could tell), other topics that are as right
(accept), objects and a design type. The lines are split in two by a hash of the topic: whatever is tuned
looks at the part called fit; the part called test is only ever counted.

    python -m intent.evaluate [--file FILE.jsonl|FILE.csv] [--errors] [--json]
"""

from __future__ import annotations

import argparse
import csv
import hashlib
import json
import sys
import time
from pathlib import Path

from intent.detector import Detector, Intent, load_detector
from intent.graph import DEFAULT, Graph, key

FILE = DEFAULT.parent / "canvas_texts.jsonl"
SPEAKS = 0.3  # a topic of less confidence is an honest "not sure"


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
    """ "fit" or "test", by the topic alone, so that no topic is in both."""
    return "test" if hashlib.sha256(key(row["topic"]).encode()).digest()[-1] % 2 else "fit"


def is_right(graph: Graph, said: str, row: dict) -> bool:
    """Does a topic say the same as the label or one of the accepted others?"""
    if not said:
        return not row["topic"]
    labels = [label for label in (row["topic"], *row.get("accept", ())) if label]
    found = graph.find(said)
    return any(key(said) == key(label) or (found and found is graph.find(label)) for label in labels)


def measure(graph: Graph, rows: list[dict], intents: list[Intent]) -> dict[str, float]:
    """Shares of 0..1 over rows; objects and design types over those that have a label."""
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
    labelled, said, hits = 0, 0, 0
    for row, intent in zip(rows, intents, strict=True):
        wanted = {key(thing) for thing in row.get("objects", ())}
        named = {key(thing.value) for thing in intent.objects if thing.source != "graph"}
        labelled, said, hits = labelled + len(wanted), said + len(named), hits + len(wanted & named)
    designs = [
        key(intent.design_type.value) == key(row["design_type"])
        for row, intent in zip(rows, intents, strict=True)
        if row.get("design_type")
    ]
    scores = {
        "rows": len(rows),
        "topic top-1": _mean(first),
        "topic top-3": _mean(third),
        "unclear left open": _mean(honest),
        "object recall": hits / max(labelled, 1),
        "object precision": hits / max(said, 1),
        "design type": _mean(designs),
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


def evaluate(detector: Detector, rows: list[dict], intents: list[Intent]) -> dict[str, dict[str, float]]:
    """The measures of both parts."""
    report = {}
    for part in ("fit", "test"):
        mine = [number for number, row in enumerate(rows) if part_of(row) == part]
        report[part] = measure(detector.graph, [rows[i] for i in mine], [intents[i] for i in mine])
    return report


def main(arguments: list[str] | None = None) -> None:
    """The command line."""
    parser = argparse.ArgumentParser(
        prog="python -m intent.evaluate", description="Measure the understanding."
    )
    parser.add_argument("--file", default=FILE, help="labelled texts, JSON lines or CSV")
    parser.add_argument("--errors", action="store_true", help="list the wrong topics of the part for fitting")
    parser.add_argument("--json", action="store_true", help="print one JSON object")
    wish = parser.parse_args(arguments)
    try:
        rows = load_rows(wish.file)
    except (OSError, ValueError) as error:
        sys.exit(f"Cannot read the labelled texts: {error}")
    detector = load_detector(offline=True)
    detector.detect(None, "a first text loads the models")
    started = time.perf_counter()
    intents = [detector.detect(None, row["text"]) for row in rows]
    elapsed = time.perf_counter() - started
    report = evaluate(detector, rows, intents)
    report["speed"] = {"milliseconds a text": round(1000 * elapsed / max(len(rows), 1), 2)}
    if wish.json:
        print(json.dumps(report))
        return
    for name in report["test"]:
        print(f"{name:20} fit {report['fit'][name]:8.4f}   test {report['test'][name]:8.4f}")
    print(f"milliseconds a text  {report['speed']['milliseconds a text']}")
    if wish.errors:
        for row, intent in zip(rows, intents, strict=True):
            if part_of(row) == "fit" and not is_right(detector.graph, intent.topic.value, row):
                also = ", ".join(topic.value for topic in intent.also)
                said = f"{intent.topic.value} {intent.topic.confidence} ({also})"
                print(f"- {row['text'][:90]!r}\n    {row['topic']} | {row.get('accept')} <- {said}")


if __name__ == "__main__":
    main()
