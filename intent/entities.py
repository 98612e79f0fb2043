"""Names, dates, times, prices, addresses, phone numbers, e-mails and hashtags in the text of a canvas.

They are recognised so that they can be kept out of the topic: "Amelia Rose Hartley" is about no rose,
"May 4" about no politician. Also the first thing done to any text: bounded, and rid of characters and
control tokens that a person has no use for.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Container
from dataclasses import dataclass

from intent.graph import singular

LONGEST_TEXT = 4000  # characters looked at: the topic of a longer text is told by its beginning

_MONTH = r"(?:jan|feb|mar|apr|may|june?|july?|aug|sept?|oct|nov|dec)[a-z]{0,6}\.?"
_DAY = r"(?:mon|tues?|weds?|wednes|thu|thurs?|fri|sat|satur|sun)(?:days?)?"
_STREET = (
    r"(?:street|str|st|avenue|ave|road|rd|lane|ln|close|drive|dr|court|ct|place|pl|square|sq|way|terrace|"
    r"boulevard|blvd|highway|hwy|crescent|parkway)"
)
_NUMBER = r"\d[\d.,]{0,12}"
_MONEY = r"(?:usd|eur|gbp|euros?|pounds?|dollars?|rupees?|rupaye|cents?|k)"

# Where patterns overlap, the one named first wins.
PATTERNS: dict[str, re.Pattern[str]] = {
    "email": re.compile(r"[\w.+-]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63}){1,4}"),
    "link": re.compile(
        r"\bhttps?://\S{1,300}|\bwww\.\S{1,300}|\b[a-z0-9-]{2,40}\.(?:com|org|net|co\.uk|io|de|fr)\b\S{0,200}",
        re.IGNORECASE,
    ),
    "hashtag": re.compile(r"(?<![\w&])[#@][^\W\d_]\w{1,60}"),
    "price": re.compile(
        rf"(?:[$£€¥₹]|\brs\.?)\s?{_NUMBER}k?\b|\b{_NUMBER}\s?(?:[$£€¥₹]|{_MONEY}\b)", re.IGNORECASE
    ),
    "address": re.compile(rf"\b(?:\d{{1,5}}[a-z]?,?\s)?(?:[A-Z][\w'’]{{1,20}}\s){{1,2}}(?i:{_STREET})\b\.?"),
    "time": re.compile(
        r"\b\d{1,2}(?:[:.]\d{2})?\s?(?:am|pm|a\.m\.|p\.m\.|uhr|h)(?!\w)|\b\d{1,2}:\d{2}\b", re.IGNORECASE
    ),
    "date": re.compile(
        rf"\b{_MONTH}\s\d{{1,2}}(?:st|nd|rd|th)?\b(?:,?\s\d{{4}}\b)?"
        rf"|\b\d{{1,2}}(?:st|nd|rd|th)?\s(?:of\s)?{_MONTH}\b(?:,?\s\d{{4}}\b)?"
        rf"|\b\d{{1,2}}[/.]\d{{1,2}}(?:[/.]\d{{2,4}})?\b|\b\d{{4}}-\d{{2}}-\d{{2}}\b|\b{_DAY}\b",
        re.IGNORECASE,
    ),
    "phone": re.compile(r"(?<!\w)\+?\(?\d{2,5}\)?(?:[\s.-]?\d{2,5}){1,4}(?!\w)"),
}
_TITLED = re.compile(
    r"\b(?:[Mm]rs?|[Mm]s|[Mm]iss|[Dd]r|[Aa]unt|[Uu]ncle|[Cc]oach|[Ll]ord|[Ll]ady)\.?\s(?:[A-Z][\w'’]{1,20})"
)
_WORD = re.compile(r"[^\W\d_][\w'’]*")


@dataclass(frozen=True)
class Entity:
    """A stretch of text that is a name, a date ... ; `text[start:end]` of the text it was found in."""

    kind: str  # a key of PATTERNS, or "name"
    text: str
    start: int
    end: int


def clean(text: str) -> str:
    """The text as it is looked at: bounded, no control characters or <|tokens|>, no word twice in a row."""
    text = unicodedata.normalize("NFC", text[: 2 * LONGEST_TEXT])
    text = re.sub(r"<\|[^|<>\n]{0,40}\|>", " ", text)
    text = "".join(
        char if char in "\n\t" or unicodedata.category(char) not in ("Cc", "Cf", "Cs", "Co", "Cn") else " "
        for char in text
    )
    if len(text) > LONGEST_TEXT:
        text = re.sub(r"\S+$", "", text[:LONGEST_TEXT]) or text[:LONGEST_TEXT]  # no half word at the end
    return re.sub(r"\b(\w+)(?:\s+\1\b)+", r"\1", text).strip()


def find_entities(text: str, known: Container[str]) -> list[Entity]:
    """The entities of a text in order, none overlapping. `known`: plain words, in the singular."""
    taken = [False] * len(text)
    found = []

    def take(kind: str, start: int, end: int) -> None:
        if not any(taken[start:end]):
            taken[start:end] = [True] * (end - start)
            found.append(Entity(kind, text[start:end], start, end))

    for kind, pattern in PATTERNS.items():
        for match in pattern.finditer(text):
            if kind != "phone" or sum(char.isdigit() for char in match.group()) >= 7:
                take(kind, *match.span())
    for match in _TITLED.finditer(text):
        take("name", *match.span())
    for start, end in _names(text, known):
        take("name", start, end)
    return sorted(found, key=lambda entity: entity.start)


def _names(text: str, known: Container[str]) -> list[tuple[int, int]]:
    """Capitalised words nobody knows, with the known ones they enclose: Amelia [Rose] Hartley."""
    spans: list[tuple[int, int]] = []
    previous: tuple[int, int] | None = None
    between: list[tuple[int, int]] = []  # capitalised known words since the last unknown one
    for match in _WORD.finditer(text):
        word = re.sub(r"['’]s$", "", match.group())
        joined = previous is not None and text[(between or [previous])[-1][1] : match.start()] == " "
        if not word[0].isupper():
            previous, between = None, []
        elif singular(word.lower()) in known or len(word) == 1:
            between = [*between, match.span()] if joined else []
            previous = previous if joined else None
        else:
            if joined and previous is not None and between and not word.isupper():
                spans[-1] = (previous[0], match.end())
            else:
                spans.append(match.span())
            previous, between = spans[-1], []
    return spans
