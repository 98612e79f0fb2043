"""A run of the teacher on the disk: a ledger of answers, and Parquet shards with a manifest made from it.

answers.jsonl        one line for every intent that was answered, synced before it counts: the one truth
odd.jsonl            answers that were not what was asked for, kept aside to be read
shard-00000.parquet  the prompts that passed the filters, in the ledger's order
manifest.json        what is in the shards, and how it came to be
"""

from __future__ import annotations

import hashlib
import json
from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from slm.command import count_words

SHARD = 1000  # intents in one file


def write_shards(folder: Path, rows: Sequence[dict[str, Any]], settings: dict[str, Any]) -> dict[str, Any]:
    """Writes the shards that are not there yet, and the manifest; returns it. Only whole files appear."""
    shards: list[dict[str, Any]] = []
    for start in range(0, len(rows), SHARD):
        part = rows[start : start + SHARD]
        path = folder / f"shard-{start // SHARD:05d}.parquet"
        records: list[dict[str, Any]] = [
            {**row["intent"], "prompt": prompt, "words": count_words(prompt)}
            for row in part
            for prompt in row["prompts"]
        ]
        whole = len(part) == SHARD
        if not (whole and path.is_file()):
            table = _table(records)
            _replace(path, lambda new, table=table: pq.write_table(table, new))
        shards.append(
            {
                "file": path.name,
                "intents": len(part),
                "prompts": len(records),
                "sha256": hashlib.sha256(path.read_bytes()).hexdigest(),
            }
        )
    rejected = Counter(why for row in rows for why in row["rejected"].values())
    lengths = Counter(count_words(prompt) for row in rows for prompt in row["prompts"])
    manifest: dict[str, Any] = {
        "settings": settings,
        "intents": len(rows),
        "prompts": sum(shard["prompts"] for shard in shards),
        "given_up": len([row for row in rows if row["given_up"]]),
        "rejected": dict(sorted(rejected.items())),
        "words": {str(words): lengths[words] for words in sorted(lengths)},
        "shards": shards,
    }
    _replace(folder / "manifest.json", lambda new: new.write_text(json.dumps(manifest, indent=2) + "\n"))
    return manifest


def _table(records: list[dict[str, Any]]) -> pa.Table:
    text = pa.string()
    fields = [("id", text), ("task", text), ("topic", text), ("objects", pa.list_(text))]
    fields += [("design_type", text), ("style", text), ("tone", text), ("context", text)]
    fields += [("lengths", pa.list_(pa.int16())), ("prompt", text), ("words", pa.int16())]
    return pa.Table.from_pylist(records, schema=pa.schema(fields))


def _replace(path: Path, write: Any) -> None:
    """A kill while writing leaves the old file, or none: never half of one."""
    new = path.with_suffix(path.suffix + ".part")
    write(new)
    new.replace(path)
