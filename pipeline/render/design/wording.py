"""Wording: which line of a canvas is the headline, which a date, a price, a row of a list; and what stands in
where a design has no words yet (clearly placeholders, never invented facts).

    python -m pipeline.render.design.wording "JAZZ NIGHT / Sat 12 May, 8 pm / The Blue Room"
"""

from __future__ import annotations

import itertools
import re
import sys
from collections.abc import Iterator
from dataclasses import dataclass

from intent.entities import find_entities
from pipeline.render.art import tokens
from pipeline.render.design.kinds import PLAIN, Kind
from pipeline.render.nouns import words_of
from pipeline.render.palette import COLORS
from pipeline.render.surroundings import graph

MOST_LINES, MOST_LETTERS = 60, 3000  # of a canvas that a design takes: far more than a page reads well with


@dataclass(frozen=True)
class Detail:
    """A line below the headline.

    `role`: date, place, price, contact, row (`right` is its price), head (of what follows), name (of whom a
    certificate is for), step or text.
    """

    role: str
    text: str
    right: str = ""


@dataclass(frozen=True)
class Wording:
    """The words of a design by role."""

    kicker: str  # a short line above the headline: "You are invited to"
    headline: str
    details: tuple[Detail, ...]
    placeholder: bool = False  # nothing here is the person's


_PLACE = re.compile(
    r"\b(?:hall|street|st|avenue|ave|road|rd|park|room|school|church|library|cafe|club|center|centre|square|"
    r"garden|house|hotel|beach|gym|field|court|lane|close|studio|theat(?:er|re)|museum|bar|pub|restaurant|"
    r"basement|upstairs|rooftop|stadium|lot|barn|farm|chapel|campus|building|floor)\b",
    re.IGNORECASE,
)
_COUPLE = re.compile(r"^(?:[A-Z][\w'’-]+ ){1,3}(?:&|\+|and) (?:[A-Z][\w'’-]+ ?){1,3}$")
_LEAD_IN = re.compile(
    r"^(?:you(?:'|’)?(?:re| are)|we(?:'|’)?(?:re| are)|please|join|save|come|introducing|announcing|welcome|"
    r"together|request|the\b.{0,24}presents?|presents?|celebrate|happy|this is to|this certifies|admit|now|"
    r"grand|annual|\d+\w* annual)",
    re.IGNORECASE,
)
_ROW = re.compile(r"^(.{3,60}?)[\s.…·:-]*\s([$£€¥₹]?\s?\d{1,4}(?:[.,]\d{2})?\s?[$€£]?)$")
_YEAR = re.compile(r"(?:19|20)\d\d$")
_NUMBERED = re.compile(
    r"^(?:day|week|row|seat|no|number|room|part|step|page|chapter|to|age|under|top)$", re.I
)
_GIVEN = re.compile(
    r"\b(?:presented|awarded|given|certif\w+|granted) (?:to|that)\b|^to$|this certif", re.IGNORECASE
)
_TITLED = frozenset(  # kinds whose first line is their title or their owner
    ("resume", "slide", "logo", "infographic", "newsletter", "brochure", "business card", "menu",
     "price list", "certificate", "calendar", "document", "list", "cover")
)  # fmt: skip
_HEADED = frozenset(("resume", "newsletter", "brochure", "document"))
_HEADINGS = words_of(
    """experience education skills contact about services languages profile summary references interests
    awards projects certifications volunteering hobbies objective"""
)
_MANY_IN_ONE = re.compile(r"\s+[/|•·]\s+|\n")
_NO_ABBREVIATION = r"(?<!\bMr\.)(?<!\bDr\.)(?<!\bSt\.)(?<!\bMs\.)(?<!\bMrs\.)"
_SENTENCE = re.compile(_NO_ABBREVIATION + r"(?<=[.!?])\s+(?=\S)|\s+[-–—]\s+|(?<=\w):\s+")
_CONTACT = ("email", "link", "hashtag", "phone")


def word(prompt: str, words: tuple[str, ...], kind: Kind, design_type: str = "", about: str = "") -> Wording:
    """The wording of a design of a kind from the canvas's lines; `about` is its topic, if one is known."""
    lines = _lines(words)
    title = _title(about) if about else topic(prompt, design_type)
    if not lines:
        return _placeholders(title, kind)
    rows = sum(bool(_row(line)) for line in lines)
    if rows >= 2 and _row(lines[0]):  # a price list without a title
        return Wording("", title, tuple(_details(lines, kind)))
    best = max(range(len(lines)), key=lambda index: _title_score(lines[index], index, prompt, kind))
    headline, *more = _parted(lines[best])
    lines[best + 1 : best + 1] = more
    before = lines[best - 1] if best else ""
    kicker = before if before and len(before) <= 44 and _role(before) == "text" else ""
    rest = [line for index, line in enumerate(lines) if index != best and not (kicker and index == best - 1)]
    return Wording(kicker, headline.rstrip(" ,;:"), tuple(_details(rest, kind)))


def topic(prompt: str, design: str = "") -> str:
    """What the design is about, as a title: "Summer Sale" of "a bright summer sale poster with sunrays"."""
    spoken = tokens(prompt)[:80]
    known = graph()
    for length in (5, 4, 3, 2):
        for start in range(len(spoken) - length + 1):
            phrase = " ".join(spoken[start : start + length])
            if known.find(phrase) and not set(spoken[start : start + length]) & DESIGNS:
                return _title(phrase)
    plain = " ".join(spoken)
    about = re.search(
        r"\b(?:for|of|about|announc\w+|celebrat\w+) (?:an? |the |our |my )?((?:\w+ ?){1,6})", plain
    )
    for found in (_before(spoken, design), about.group(1).split() if about else []):
        kept: list[str] = []
        for each in found:
            if each in _STOP and kept:
                break
            if each not in _STOP and each not in _NO_TITLE:
                kept.append(each)
        if kept:
            return _title(" ".join(kept[:4]))
    single = next((each for each in spoken if known.find(each) and each not in _NO_TITLE), "")
    return _title(single) if single else "Your title here"


# --- parts --------------------------------------------------------------------------------------------------


_STOP = words_of("""
    a an the of in on and with at to for by from is as its it her his their over under into through while out
    that this where whose which above below between across along one two three each every all set make design
    create lay put use give let show draw place style compose arrange build print typeset sketch fill turn
    frame wrap using who so keep add leave carry carries features featuring showing spread drop run like
    inside around behind beside beneath announcing listing printed
""")
_STYLES = words_of("""
    bold elegant playful modern minimal minimalist retro vintage cheerful cute bright rustic cozy formal
    festive professional clean simple colorful fun warm dark moody gothic romantic delicate friendly soft
    pastel classic tall square small large tiny wide double sided folded two page color colored style styled
    dreamy serene dignified inviting bauhaus watercolor flat illustrated hand drawn geometric abstract funny
    sleek fresh boho botanical whimsical luxurious luxury refined quiet calm loud sunny glossy matte dramatic
    energetic gentle upbeat bohemian sophisticated
""")
DESIGNS = words_of("""
    design designs poster flyer invitation card logo banner menu infographic brochure certificate ticket
    presentation label slide deck newsletter calendar resume post story thumbnail cover program sign sticker
    list page paper frame border pattern headline title script serif sans type lettering letters photo picture
    illustration background posters flyers invitations cards labels signs tickets frames banners
""")
_NO_TITLE = _STYLES | DESIGNS | set(COLORS)


def _before(spoken: list[str], design: str) -> list[str]:
    """The few words before the design type in the prompt."""
    kind = tokens(design)
    for start in range(len(spoken) - len(kind) + 1):
        if kind and spoken[start : start + len(kind)] == kind:
            before = spoken[max(0, start - 6) : start]
            last = max((i for i, each in enumerate(before) if each in _STOP), default=-1)
            return before[last + 1 :]
    return []


def _title(phrase: str) -> str:
    small = {"of", "the", "and", "a", "in", "on", "for", "to", "at"}
    words = phrase.split()
    return " ".join(w if i and w in small else w[:1].upper() + w[1:] for i, w in enumerate(words))


def _placeholders(title: str, kind: Kind) -> Wording:
    """A design without words shows where words will stand."""
    details = []
    for line in filter(None, kind.empty.split(" / ")):
        role, _, text = line.partition(":")
        text, _, right = text.partition("|")
        details.append(Detail(role, text, right))
    return Wording(kind.kicker, title, tuple(details), placeholder=True)


def _lines(words: tuple[str, ...]) -> list[str]:
    """The canvas's lines; a run-on line is parted at slashes, a lone long one at its sentences."""
    parts = [part for line in words for part in _MANY_IN_ONE.split(line)]
    if len([part for part in parts if part.strip()]) <= 2:
        parts = [piece for part in parts for piece in (_SENTENCE.split(part) if len(part) > 40 else [part])]
    cleaned = (" ".join(part.split()).strip(" /|•·-–") for part in parts)
    lines = list(dict.fromkeys(part for part in cleaned if re.search(r"\w", part)))[:MOST_LINES]
    room = list(itertools.accumulate(map(len, lines), initial=0))
    return [line for line, before in zip(lines, room, strict=False) if before < MOST_LETTERS]


def _parted(headline: str) -> list[str]:
    """A headline too long to be one, parted after its first clause."""
    shout = re.match(r"((?:[^a-z\s]{2,}\s+){2,})(?=[a-z\d])(.*[a-z].*)$", headline)
    if shout:  # FOOD TRUCK FRIDAY 12 trucks, live band
        return [shout.group(1).strip(), shout.group(2)]
    if len(headline) <= 44:
        return [headline]
    clauses = re.split(_NO_ABBREVIATION + r"(?<=[.!?,;:])\s+|\s+[-–—]\s+", headline)
    for count in range(len(clauses) - 1, 0, -1):
        at = headline.index(clauses[count], sum(map(len, clauses[:count])))
        first = headline[:at].rstrip(" ,;:-–—")
        if len(first) <= 44 and first.count(" "):
            return [first, headline[at:]]
    return [headline]


def _kinds(line: str) -> set[str]:
    return {entity.kind for entity in find_entities(line, ())}


def _role(line: str) -> str:
    kinds = _kinds(line)
    if kinds.intersection(_CONTACT):
        return "contact"
    if kinds & {"date", "time"}:
        return "date"
    if "price" in kinds:
        return "price"
    return "place" if "address" in kinds or (_PLACE.search(line) and len(line) < 50) else "text"


def _row(line: str) -> re.Match[str] | None:
    """The name and price of a line of a list; a year or "Day 2" is no price."""
    row = _ROW.match(line)
    if row and (_YEAR.match(row.group(2)) or _NUMBERED.search(row.group(1).split()[-1])):
        return None
    return row


def _details(lines: list[str], kind: Kind) -> Iterator[Detail]:
    listed = sum(bool(_row(line)) for line in lines) >= 2
    for number, line in enumerate(lines):
        detail = _detail(line, listed)
        before, after = (
            lines[number - 1] if number else "",
            lines[number + 1] if number + 1 < len(lines) else "",
        )
        if kind.name == "certificate" and _GIVEN.search(before) and len(line) < 40:
            detail = Detail("name", line)
        elif kind.name in _HEADED and after and _heads(line, after):
            detail = Detail("head", line)
        yield detail


def _heads(line: str, after: str) -> bool:
    """Whether the line is a heading of the next one."""
    if line.lower().strip(":") in _HEADINGS or re.match(r"day \d+$", line.lower()):
        return True
    short = len(line.split()) <= 4 and not re.search(r"[.,!?;\d@]", line) and line[:1].isupper()
    return short and len(after.split()) >= len(line.split()) + 3 and _role(line) in {"text", "place"}


def _detail(line: str, listed: bool) -> Detail:
    row = _row(line)
    if row and (listed or re.search(r"[$£€¥₹]", row.group(2))):
        name = row.group(1).rstrip(" .…·:-")
        if re.search(r"[^\W\d]", name) and not _kinds(name) & {"date", "time", "phone", "email", "link"}:
            return Detail("row", name, row.group(2).strip())
    return Detail(_role(line), line)


def _title_score(line: str, index: int, prompt: str, kind: Kind) -> float:
    count = len(line.split())
    score = -0.7 * index - 0.25 * max(0, count - 5) - (2.0 if count == 1 and len(line) < 3 else 0.0)
    score += 2.0 if line.isupper() and len(line) > 3 else 0.0
    score += 1.0 if 2 <= count <= 6 else 0.0
    score += 0.6 if line.endswith("!") else 0.0
    score += 4.5 if index == 0 and kind.name in _TITLED and count <= 8 else 0.0
    score += 3.0 if _COUPLE.match(line) else 0.0
    dated = 3.5 if re.search(r"\d", line) else 1.0  # "12 May, 8 pm" is no title, "Climate Strike Friday" is
    score -= {"date": dated, "contact": 5.0, "price": 1.5, "place": 1.0 if index else 0.3, "text": 0.0}[
        _role(line)
    ]
    score -= 1.0 if line[:1].isdigit() else 2.5 if line[:1] == "(" else 0.0
    score -= 2.5 if _row(line) else 0.0
    score -= 2.0 if _LEAD_IN.match(line) and count <= 5 and index == 0 and not line.isupper() else 0.0
    score -= 1.0 if line[:1].islower() and index else 0.0
    spoken = set(tokens(prompt)) - _STOP - _STYLES
    return score + 0.8 * min(2, len(spoken & set(tokens(line))))


def main() -> None:
    """Print the wording of the text on the command line (lines parted by " / ")."""
    print(word("", tuple(" ".join(sys.argv[1:]).split(" / ")), PLAIN))


if __name__ == "__main__":
    main()
