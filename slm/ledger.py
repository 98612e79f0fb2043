"""Append-only lines of JSON: what long work has done so far, so that it can be killed at any moment."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any


class Ledger:
    """Append-only lines in a file. What is in it survives a kill; a half-written last line is dropped."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.rows: list[dict[str, Any]] = []
        if path.is_file():
            data = path.read_bytes()
            whole = data.rfind(b"\n") + 1
            if whole < len(data):
                os.truncate(path, whole)
            self.rows = [json.loads(line) for line in data[:whole].splitlines()]

    def add(self, row: dict[str, Any]) -> None:
        """Returns when the row is on the disk."""
        line = json.dumps(row, ensure_ascii=False) + "\n"
        with self.path.open("a", encoding="utf-8") as file:
            file.write(line)
            file.flush()
            os.fsync(file.fileno())
        self.rows.append(row)
