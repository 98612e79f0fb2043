"""The shelf: the canvases and candidates a running app has at hand, as files, so that a restart forgets
nothing.

A candidate lies there as its picture and, beside it, what it was asked for; a rating refers to it by id,
and the page cannot claim another prompt than the one that was shown. What nobody rated is thrown away after
a day; what was rated is kept. Ids are the only names, and only ids are accepted, so no path from outside is
ever opened.

    shelf = Shelf("data"); shelf.put(candidate); shelf.about(candidate.id)
"""

from __future__ import annotations

import json
import re
import secrets
import shutil
import time
from pathlib import Path

from PIL import Image

from pipeline.candidate import Candidate, save_png

DAY = 24 * 3600
_ID = re.compile(r"[0-9a-f]{32}")


class Shelf:
    """Folders `recent` (swept), `rated` (kept) and `canvases` (swept) below one folder."""

    def __init__(self, folder: str | Path) -> None:
        self.recent, self.rated, self.canvases = (
            Path(folder) / name for name in ("recent", "rated", "canvases")
        )
        for room in (self.recent, self.rated, self.canvases):
            room.mkdir(parents=True, exist_ok=True)

    def put_canvas(self, image: Image.Image) -> str:
        """Keep a canvas; returns its id, which cannot be guessed."""
        name = secrets.token_hex(16)
        save_png(image, self.canvases / f"{name}.png")
        return name

    def put(self, candidate: Candidate, canvas: str = "") -> None:
        """Keep a candidate's picture, its SVG where there is one, and what it was asked for; `canvas` is the
        id of the canvas it was made for."""
        save_png(candidate.image, self.recent / f"{candidate.id}.png")
        if candidate.svg:
            (self.recent / f"{candidate.id}.svg").write_text(candidate.svg, encoding="utf-8")
        about = candidate.about | {"canvas": canvas}
        (self.recent / f"{candidate.id}.json").write_text(json.dumps(about), encoding="utf-8")

    def canvas(self, name: str) -> Path | None:
        """The file of a canvas, or None when it is not there (any more)."""
        return _find(name, ".png", self.canvases)

    def picture(self, name: str) -> Path | None:
        """The file of a candidate's picture, or None when it is not there (any more)."""
        return _find(name, ".png", self.rated, self.recent)

    def design(self, name: str) -> Path | None:
        """The file of a candidate as an editable SVG, or None when it has none."""
        return _find(name, ".svg", self.rated, self.recent)

    def about(self, name: str) -> dict | None:
        """What a candidate was asked for: the fields of its recipe and the wish; None for an unknown id."""
        path = _find(name, ".json", self.rated, self.recent)
        return None if path is None else json.loads(path.read_text(encoding="utf-8"))

    def keep(self, name: str) -> None:
        """Keep a candidate for good: it was rated."""
        for ending in (".svg", ".png", ".json"):
            path = _find(name, ending, self.recent)
            if path is not None and not (self.rated / path.name).exists():
                shutil.copy2(path, self.rated / path.name)

    def sweep(self, age: float = DAY) -> None:
        """Throw away what is older than `age` seconds and was not rated."""
        before = time.time() - age
        for room in (self.recent, self.canvases):
            for path in room.iterdir():
                if path.stat().st_mtime < before:
                    path.unlink(missing_ok=True)


def _find(name: str, ending: str, *rooms: Path) -> Path | None:
    if not _ID.fullmatch(name):
        return None
    return next((path for room in rooms if (path := room / (name + ending)).is_file()), None)
