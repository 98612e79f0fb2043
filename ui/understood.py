"""The value of "What I understood", to the page and back; `web/understood.js` shows it."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING

from pipeline.wish import MAX_OBJECTS, Edits

if TYPE_CHECKING:  # brings torch, which takes seconds to import
    from intent.detector import Intent


def understood_record(intent: Intent, edited: list[str], notes: tuple[str, ...]) -> dict:
    """The value of "What I understood"."""
    return {
        "topic": asdict(intent.topic),
        "objects": [asdict(found) for found in intent.objects],
        "design_type": asdict(intent.design_type),
        "style": asdict(intent.style),
        "words": list(intent.words),
        "palette": list(intent.palette),
        "edited": edited,
        "notes": list(notes),
    }


def explored_record(said: dict) -> dict:
    """The value of "What I understood" for an intent that was explored: all of it is the person's."""

    def finding(value: object) -> dict:
        return {"value": " ".join(str(value or "").split())[:80], "confidence": 1.0, "source": "person"}

    objects = said.get("objects")
    return {
        **{name: finding(said.get(name)) for name in ("topic", "design_type", "style")},
        "objects": [finding(each) for each in objects[:MAX_OBJECTS]] if isinstance(objects, list) else [],
        "words": [],
        "palette": [],
        "edited": ["topic", "objects", "design_type", "style"],
        "notes": [],
    }


def edited_of(understood: dict | None) -> list[str]:
    """The fields the person changed, as the page says."""
    said = (understood or {}).get("edited") or []
    return [name for name in ("topic", "objects", "design_type", "style") if name in said]


def edits_of(understood: dict | None) -> Edits:
    """What the person changed, cut to size: the record comes from a browser."""
    record = understood or {}

    def word(found: object) -> str:
        value = found.get("value") if isinstance(found, dict) else None
        return " ".join(str(value or "").split())[:80]

    changed: dict = {name: word(record.get(name)) for name in edited_of(understood) if name != "objects"}
    if "objects" in edited_of(understood):
        objects = record.get("objects")
        changed["objects"] = tuple(map(word, objects[:MAX_OBJECTS])) if isinstance(objects, list) else ()
    return Edits(**changed)
