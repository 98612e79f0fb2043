"""A study as files, and back: what one hands to a colleague, a reviewer or a trainer.

    study.json           the study and its items
    ratings.jsonl        every rating ever given, with whether it counts (`current`) and its arm
    ratings.csv, ratings.parquet    the same rows
    preferences.jsonl    prompt, chosen, rejected: what preference trainers such as TRL read
    report.html          see report.py
    canvases/, pictures/ what the raters saw, named by id

`import_study` reads study.json and ratings.jsonl; the report of what it read is the same, byte for byte.
"""

from __future__ import annotations

import csv
import json
import re
import shutil
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import asdict, fields
from pathlib import Path
from typing import Any, get_type_hints

import pyarrow as pa
import pyarrow.parquet as pq

from pipeline.store.ratings import DEMO, Rating
from pipeline.store.studies import Item, Study, read_item, read_study
from pipeline.study.data import StudyData, gather
from pipeline.study.findings import canvas_of, first_answers
from pipeline.study.report import report_html
from pipeline.study.studies import Studies, StudyError
from slm.command import Brief, Task, render

FORMAT = 1
_ARROW = {
    str: pa.string(),
    int: pa.int64(),
    int | None: pa.int64(),
    float | None: pa.float64(),
    bool: pa.bool_(),
    bool | None: pa.bool_(),
    tuple[str, ...]: pa.list_(pa.string()),
}
_SCHEMA = pa.schema(
    [(name, _ARROW[kind]) for name, kind in get_type_hints(Rating).items()]
    + [("arm", pa.string()), ("current", pa.bool_())]
)


def export_study(studies: Studies, study: Study, folder: Path) -> StudyData:
    """Write everything of a study that may be seen now into `folder`. Raises StudyError when it cannot be.

    A folder that holds another export is not written into.
    """
    data = gather(studies, study)
    arms = data.arms
    rows = [
        asdict(rating) | {"arm": arms.get(rating.candidate_id, ""), "current": current}
        for rating, current in data.history
    ]
    try:
        folder.mkdir(parents=True, exist_ok=True)
        if any(folder.iterdir()):
            raise StudyError(f"The folder {str(folder)!r} is not empty. Name a new one.")
        _write_lines(folder / "ratings.jsonl", rows)
        _write_csv(folder / "ratings.csv", rows)
        pq.write_table(pa.Table.from_pylist(rows, _SCHEMA), folder / "ratings.parquet")
        _write_lines(folder / "preferences.jsonl", preference_pairs(data.ratings))
        (folder / "report.html").write_text(report_html(data), encoding="utf-8")
        for canvas in study.canvases:
            if canvas.pictured:
                _copy(studies.canvas(study.id, canvas.id), folder / "canvases")
        for item in data.items:
            _copy(studies.picture(study.id, item.id), folder / "pictures")
        told = {"format": FORMAT, "study": asdict(data.study), "items": [asdict(item) for item in data.items]}
        (folder / "study.json").write_text(json.dumps(told, ensure_ascii=False, indent=1), encoding="utf-8")
    except OSError as error:
        raise StudyError(f"The export cannot be written to {str(folder)!r} ({error.strerror}).") from None
    return data


def _write_lines(path: Path, rows: Iterable[dict[str, Any]]) -> None:
    with path.open("w", encoding="utf-8", newline="\n") as out:
        out.writelines(json.dumps(row, ensure_ascii=False) + "\n" for row in rows)


def _write_csv(path: Path, rows: list[dict[str, Any]]) -> None:
    with path.open("w", encoding="utf-8", newline="") as out:
        writer = csv.DictWriter(out, _SCHEMA.names)
        writer.writeheader()
        for row in rows:
            # Spreadsheets run what begins like this, and anyone may have written the note.
            note = f"'{row['note']}" if row["note"][:1] in tuple("=+-@\t\r") else row["note"]
            writer.writerow(row | {"objects": "; ".join(row["objects"]), "note": note})


def _copy(path: Path, folder: Path) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    shutil.copy2(path, folder / path.name)


def preference_pairs(ratings: Iterable[Rating]) -> list[dict[str, str]]:
    """Prompts that a person would take and would not take for the same wish on the same canvas.

    `prompt` is the line the language model reads, `chosen` and `rejected` go on from it, as in TRL's
    preference format with an explicit prompt. Each person's decisions make pairs of their own.
    """
    said: dict[tuple[str, str, str], tuple[list[str], list[str]]] = defaultdict(lambda: ([], []))
    for rating in first_answers(ratings):
        if rating.accepted is not None and rating.topic and rating.length:
            wish = (rating.topic, rating.objects, rating.design_type, rating.style, rating.length)
            key = (rating.rater, canvas_of(rating), render(Brief(Task(rating.task), *wish)))
            said[key][not rating.accepted].append(f" {rating.prompt}")
    return [
        {"prompt": line, "chosen": chosen, "rejected": rejected}
        for (_, _, line), (taken, left) in said.items()
        for chosen in taken
        for rejected in left
        if chosen != rejected
    ]


def import_study(studies: Studies, folder: Path) -> Study:
    """The study in an export, added to this database with its ratings. Raises StudyError or StoreError."""
    study, items, ratings = _read(folder)
    for known in studies.all():
        if study.id == known.id and (studies.items(known) or studies.ratings.history(known.id)):
            raise StudyError(f"The study {study.name!r} is here already.")
        if study.name == known.name and study.id != known.id:
            raise StudyError(
                f"Another study here is called {study.name!r}. Import into another --data folder."
            )
    for canvas in study.canvases:
        if canvas.pictured:
            _copy(folder / "canvases" / f"{canvas.id}.png", studies.canvas(study.id, canvas.id).parent)
    for item in items:
        _copy(folder / "pictures" / f"{item.id}.png", studies.picture(study.id, item.id).parent)
    studies.rows.restore(study, items, ratings)
    return study


def _read(folder: Path) -> tuple[Study, list[Item], list[Rating]]:
    """What an export says. StudyError when it is none, or not one of this version."""
    try:
        told = json.loads((folder / "study.json").read_text(encoding="utf-8"))
        lines = (folder / "ratings.jsonl").read_text(encoding="utf-8").split("\n")
        if told["format"] != FORMAT:
            raise StudyError("This export was made by another version of TinyMuse. Update TinyMuse.")
        study, items = read_study(told["study"]), [read_item(item) for item in told["items"]]
        names = [spec.name for spec in fields(Rating)]
        rows = [json.loads(line) for line in lines if line]
        ratings = [
            Rating(**{name: row[name] for name in names} | {"objects": tuple(row["objects"])}) for row in rows
        ]
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        if isinstance(error, StudyError):
            raise
        raise StudyError(
            f"{str(folder)!r} holds no exported study: study.json or ratings.jsonl is missing or broken."
        ) from None
    for id in (study.id, *(canvas.id for canvas in study.canvases), *(item.id for item in items)):
        if not re.fullmatch(r"[0-9a-f]{32}", id) and id != DEMO:  # ids become names of files
            raise StudyError(f"The export in {str(folder)!r} has a strange id, {id[:40]!r}.")
    return study, items, ratings
