"""The safe vocabulary: what the model does not learn, does not write, and is not asked for.

`assets/blocklist.txt` grades words and phrases from 1 (mild) to 4 (hateful); 0 marks a benign phrase. Texts
are normalised first, so that spelling tricks do not slip through, and compared by whole words, so that
Scunthorpe and cocktails pass.

    python -m slm.safety FILE ...    what the list finds in text files, for people who extend it
"""

from __future__ import annotations

import argparse
import re
import unicodedata
from functools import cache
from itertools import chain
from pathlib import Path

BLOCKLIST = Path(__file__).parent.parent / "assets" / "blocklist.txt"
BENIGN, ANY, REFUSED = 0, 1, 3
"""Severities: phrases that shield a blocked word; from which a text is not learned or written; from which it
is not taken from a person."""

_LOOKALIKES = str.maketrans("013457@$€!|", "oieastaseil")
_WORD = re.compile(r"[^\W_]+")
_SPELLED_OUT = re.compile(r"\b\w([ .*_-])(?:\w\1)+\w\b")
_DRAWN_OUT = re.compile(r"(.)\1{2,}")


def blocked(text: str, severity: int = ANY) -> list[str]:
    """The entries of the block list at or above `severity` that stand in `text`, hardest first."""
    found: dict[str, int] = {}
    by_first, stems = _index()
    for words in _readings(text):
        benign_until = 0
        for at, word in enumerate(words):
            beginnings = (word[:end] for end in range(3, len(word) + 1))
            for entry in chain(by_first.get(word, ()), *(stems.get(each, ()) for each in beginnings)):
                if at < benign_until or not _stands(entry.split(), words[at:]):
                    continue
                if blocklist()[entry] == BENIGN:
                    benign_until = at + len(entry.split())
                elif blocklist()[entry] >= severity:
                    found[entry] = blocklist()[entry]
    return sorted(found, key=lambda entry: (-found[entry], entry))


@cache
def blocklist() -> dict[str, int]:
    """Entries with their severities. ValueError names a bad line by its number."""
    entries: dict[str, int] = {}
    for number, line in enumerate(BLOCKLIST.read_text(encoding="utf-8").splitlines(), 1):
        line = line.strip()
        if not line or line.startswith("#"):
            continue
        grade, _, entry = line.partition(" ")
        if grade not in {"0", "1", "2", "3", "4"} or not entry:
            raise ValueError(f'{BLOCKLIST.name}, line {number}: "severity words" is needed, not {line!r}')
        entries[entry] = int(grade)
    return entries


@cache
def _index() -> tuple[dict[str, list[str]], dict[str, list[str]]]:
    """Entries by their first word, benign ones first, and those of one open-ended word by its stem."""
    by_first: dict[str, list[str]] = {}
    stems: dict[str, list[str]] = {}
    for entry in sorted(blocklist(), key=lambda entry: blocklist()[entry]):
        first = entry.split()[0]
        (stems if first.endswith("*") else by_first).setdefault(first.rstrip("*"), []).append(entry)
    return by_first, stems


def _stands(entry: list[str], words: tuple[str, ...]) -> bool:
    """Whether `words` begin with the words of the entry."""
    return len(words) >= len(entry) and all(
        word.startswith(each[:-1]) if each.endswith("*") else word == each
        for each, word in zip(entry, words, strict=False)
    )


def _readings(text: str) -> set[tuple[str, ...]]:
    """The words of `text`, normalised: as it is, with look-alike signs as letters, and each with drawn-out
    letters cut to two and to one. Several, since 4 may be an a and may be a 4."""
    plain = unicodedata.normalize("NFKD", text.casefold())
    plain = "".join(sign for sign in plain if unicodedata.category(sign) not in ("Mn", "Cf"))
    plain = _SPELLED_OUT.sub(lambda m: re.sub(r"[ .*_-]", "", m.group()), plain)
    readings = {plain, plain.translate(_LOOKALIKES)}
    readings |= {_DRAWN_OUT.sub(shorter, reading) for reading in readings for shorter in (r"\1", r"\1\1")}
    return {tuple(_WORD.findall(reading.replace("'", ""))) for reading in readings}


def main() -> None:
    parser = argparse.ArgumentParser(description="Find blocked words in text files.")
    parser.add_argument("files", nargs="+", type=Path)
    for path in parser.parse_args().files:
        for number, line in enumerate(path.read_text(encoding="utf-8", errors="replace").splitlines(), 1):
            if found := blocked(line):
                print(f"{path}:{number}: {', '.join(found)}")


if __name__ == "__main__":
    main()
