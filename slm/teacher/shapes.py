"""The sentence shapes of the compositional teacher, as data, and how one is read.

A shape is a sentence with {slots}, [optional parts] and (one|of|these); `draft.py` fills the slots. An
optional part is taken when the wished length leaves room. The first letter is raised and the full stop set
at the end. A verb that follows {o} or {O} is written with its ending in brackets: fill(s).

    {N} the subject or people, {P} ({Ps} many); both name the topic   {X} the subject, a thing
    {T} the topic with its article   {A} "at a farmers market"   {W} "a quiet corner of a farmers market"
    {G} people without the topic   {K} a clause of the scene   {L} a setting: "in a sunny back garden"
    {o} one object, a noun phrase   {C} one object, in a clause   {near} where it is: "close by"
    {O} all objects left, joined; {O2} two or more   {aside} the same and where they are: "a kite close by"
    {light}   {glow} light falling on what follows   {view} "seen from above"   {hues} "in coral and cream"
    {M} a medium with the style: "a rustic watercolor"   {Mt} with the topic: "a pottery still life"
    {make} create, design ...   {D} the design with its style   {Dt} with the topic: "a bold yoga flyer"
    {purpose} "announcing a yoga retreat"   {bid} as a request: "announce a yoga retreat"
    {motif} {layout}   {features} one or both   {also} the same, going on   {palette} "coral and gold"
    {about} "on the theme of moving day"   {posed} "side by side"   {ground} "on a plain cream background"
    {finish} "with fine detail throughout"
    {list} objects, motif, layout, palette; {items} two or more   {spot} {spot_of} {ink} where and how drawn
"""

from __future__ import annotations

import re
from dataclasses import dataclass

# Pictures said as noun phrases; a lead ("a rustic oil painting of", "seen from above,") may go before them.
# A sentence tells one story at the most: clauses of the scene and of an object seldom belong together.
PICTURE_PHRASES = """
{N} {L}[, {light}]
{N} {L}, where {K}[, {light}]
{N} {L} (while|as) {K}[, {light}]
{N} {L}, {aside}[, {light}]
{N} {L} with {O}[ {near}][, {light}]
{N} {L}: {O2}[, {light}]
{N} {L}, seen (past|over|beyond) {O}[, {light}]
{N} with {O}[ {L}][, {light}]
{N}, {aside}[, {light}]
{O2} in sharp focus, {N} behind them[ {L}][, {light}]
{o} in sharp focus, {N} behind[ {L}][, {light}]
{o} {near}, {N} {L} beyond[, {light}]
{o} (beside|next to|in front of|near) {o} {A}[ {L}][, {light}]
{O2} {A}[ {L}][, {light}]
{O} {L} {A}[, {light}]
{W}, {aside}[, {light}]
{W} with {O}[, {light}]
{W}, where {C}[, {light}]
{G} {A}[ {L}], {O} (between them|beside them|close by)[, {light}]
{G} {A}[ {L}] beside {O}[, {light}]
{G} (pausing|meeting|lingering|laughing) {A}[ {L}], {aside}[, {light}]
{G} (pausing|chatting|lingering) {A}[ {L}] beside {O}[, {light}]
{P} {L}, {O} (nearby|close by|in front of them)[, {light}]
{X} and {o}[ {L}][, {light}]
{P} (beside|next to|in front of) {o}[ {L}][, {light}]
{Ps} gathered around {o}[ {L}][, {light}]
{P} {L}, beside {O}[, {light}]
{o} beside {X}[ {L}][, {light}]
{X} beside {o}[ {L}][, {light}]
{P}, {aside}[, {light}]
the (moment|instant|second) {C} {A}[ {L}][, {light}]
{N} {L}, framed by {o} and {o}[, {light}]
{N} {L}, {o} on the left and {o} on the right[, {light}]
{o} on one side and {o} on the other, {N} between them[ {L}][, {light}]
{o} and {o}, side by side {A}[ {L}][, {light}]
{o}, {o} and {o} together {A}[ {L}][, {light}]
"""

# Pictures said as whole sentences; "in this rustic picture," or a viewpoint may go before them.
PICTURE_CLAUSES = """
{C} {A}[ {L}][, {aside}][, {light}]
{C} beside {o} {A}[ {L}][, {light}]
{C} {A}[ {L}], watched by {G}[, {light}]
{C} {A}[ {L}] with {G} looking on
everyone {A} (looks up|turns to look|stops talking) as {C}[, {light}]
{L}, {C} {A}[, {aside}][, {light}]
{L}, {K} {A}[, {light}]
{K} {A}[ {L}], {aside}[, {light}]
{K} {A}[ {L}] beside {O}[, {light}]
{K} {A}[ {L}][, {light}]
(beside|behind|beyond|close to) {O}, {K} {A}[ {L}][, {light}]
{O2} share the frame with {P}[ {L}][, {light}]
{glow} {o} and {P}[ {L}]
{o} and {o} (share the foreground|catch the eye|fill the frame) {A}[ {L}][, {light}]
{o} catch(es) the eye {A}[ {L}][, {aside}][, {light}]
{o} fill(s) the foreground {A}[ {L}][, {O} (farther back|just behind)][, {light}]
{o} take(s) center stage {A}[ {L}][, {aside}]
{glow} {O} {A}[ {L}]
{glow} {N} {L}[, {aside}]
"""

# Pictures around a medium, which carries the style.
PICTURE_MEDIA = """
{M} of {T} {L}, {aside}[, {hues}]
{M} of {T} {L} with {O}[, {hues}]
{M} of {T}[ {L}], where {C}[, {hues}]
{M} of {O} {A}[ {L}][, {hues}]
{M} of {O2} {L}, made for {T}[, {hues}]
{M} (in which|where) {C} {A}[ {L}][, {aside}][, {hues}]
{M} of {T} {L}, (in which|where) {K}[, {aside}][, {hues}]
{M} of {G} {A}[ {L}], {aside}[, {hues}]
{M} of {W}, {aside}[, {hues}]
{Mt} of {O}[ {L}][, {hues}]
{Mt} with {O}[ {L}][, {hues}]
{Mt} {L}, {aside}[, {hues}]
{Mt} showing {o} beside {o}[ {L}][, {hues}]
{Mt} (in which|where) {C}[ {L}][, {aside}][, {hues}]
{Mt} {L}, where {K}[, {aside}][, {hues}]
"""

# Pictures that show the objects and say how: whatever the topic, nothing in them can be out of place. Names
# and objects that the bank knows no places or people for come in these alone, where there are objects.
PICTURE_STILLS = """
{M} of {T} with {O}[ {posed}][ {ground}][, {light}][, {hues}][, {finish}]
{M} of {T}[ {ground}]: {O}[ {posed}][, {light}][, {hues}][, {finish}]
{M} of {O} for {T}[, {posed}][, {ground}][, {light}][, {hues}][, {finish}]
{M} of {O} {A}[, {posed}][, {view}][, {light}][, {hues}][, {finish}]
{M} of {O} {A}[, {ground}][, {light}][, {hues}][, {finish}]
{M} {about}: {O}[ {posed}][, {ground}][, {light}][, {hues}][, {finish}]
{M} {about} with {O}[ {posed}][, {ground}][, {light}][, {hues}][, {finish}]
{M} {about}, {O} {posed}[, {ground}][, {light}][, {hues}][, {finish}]
{M} {about} that shows {O}[ {posed}][, {ground}][, {light}][, {hues}][, {finish}]
{O} {A}[, {posed}][, {view}][, {light}][, {hues}][, {finish}]
{O} {posed} {A}[, {view}][, {light}][, {hues}][, {finish}]
{G} (admiring|standing beside|looking at|taking in) {O} {A}[, {view}][, {light}][, {hues}][, {finish}]
{M} of {G} (admiring|standing beside|looking at|taking in) {O} {A}[, {view}][, {light}][, {hues}]
"""

TEMPLATES = """
{make} {D} {purpose}
{make} {D} {purpose} in {palette}
{make} {D} {purpose}, with {list}
{make} {D} {purpose}, with {features}[, in {palette}]
{make} {D} {purpose}: {items}
{make} {D} {purpose}, pairing {O} with {layout}[, all in {palette}]
{make} {D} {purpose}, pairing {motif} with {layout}[, all in {palette}]
{make} {D} {purpose}, and let {motif} carry the page[, with {layout}]
{make} {D} {purpose}, {O} {spot}[, with {features}][, in {palette}]
{make} {D} for {T} with {list}
{make} {D} for {T} with {features}[, in {palette}]
{make} {D} for {T} in {palette}[, with {features}]
{make} {D} for {T}: {items}
{make} {D} for {T} around {motif}[, with {layout}][, in {palette}]
{make} {Dt} with {list}
{make} {Dt} with {O}[ {spot}][{also}][, in {palette}]
{make} {Dt} with {features}[, in {palette}]
{make} {Dt} in {palette}[, with {list}]
{make} {Dt} in {palette}[, with {features}]
{make} {Dt}: {items}
{make} {Dt} where {O} sit(s) {spot}[, with {features}][, in {palette}]
{make} {Dt} around {O}[, with {features}][, in {palette}]
use {palette} for {D} {purpose}[, with {list}]
use {palette} for {Dt} with {O} {spot}[{also}]
keep {D} {purpose} to {palette}[, with {features}]
keep {Dt} to {palette}[, with {list}]
place {O} {spot_of} {D} {purpose}[, with {features}][, in {palette}]
put {O} {spot_of} {Dt}[, with {features}][, in {palette}]
set {O} {spot_of} {D} for {T}[, with {features}][, in {palette}]
draw {O} {ink} for {D} {purpose}[, with {features}][, in {palette}]
show {O} {ink} on {Dt}[, with {features}][, in {palette}]
illustrate {D} {purpose} with {O}[{also}][, in {palette}]
build {D} {purpose} around {O}[, with {features}][, in {palette}]
build {Dt} around {motif}[, with {layout}][, in {palette}]
combine {motif} and {layout} in {D} {purpose}[, all in {palette}]
combine {O} with {motif} on {Dt}[, all in {palette}]
pair {motif} with {layout} on {D} {purpose}[, in {palette}]
pair {O} with {layout} on {Dt}[, in {palette}]
start {D} {purpose} with {motif}, then add {layout}[ in {palette}]
let {motif} set the tone of {D} {purpose}[, with {layout}][, in {palette}]
let {O} lead the eye across {Dt}[, with {features}][, in {palette}]
{bid} with {D}: {items}
{bid} with {D} in {palette}[, {O} {spot}][{also}]
{bid} with {D} that pairs {O} with {layout}[, in {palette}]
{bid} with {D} that shows {O} {spot}[{also}][, in {palette}]
{bid} with {D} built on {motif}[ and {layout}][, in {palette}]
{bid} with {D} that opens with {motif}[{also}][, in {palette}]
for {T}, {make} {D} with {list}
for {T}, {make} {D} with {features}[, in {palette}]
for {T}, {make} {D} in {palette}[, with {list}]
in {palette}, {make} {D} {purpose}[, with {list}]
in {palette}, {make} {Dt} with {list}
{Dt} with {list}
{Dt} with {O}[ {spot}][{also}][, in {palette}]
{Dt} with {features}[, in {palette}]
{Dt} in {palette} with {list}
{Dt} in {palette}
{Dt}: {items}
{Dt}, {O} {spot}[, with {features}][, in {palette}]
{Dt} built around {O}[, with {features}][, in {palette}]
{D} {purpose}[ in {palette}]
{D} {purpose}, with {list}
{D} {purpose}, with {features}[, in {palette}]
{D} {purpose} shows {O} {spot}[, with {features}][, in {palette}]
{D} {purpose} opens with {motif}[, followed by {layout}][, in {palette}]
{motif} set(s) the tone of {D} {purpose}[, with {layout}][, in {palette}]
{O} take(s) the center of {D} {purpose}[, with {features}][, in {palette}]
{O} stand(s) {spot_of} {Dt}[, with {features}][, in {palette}]
"""

LEADS_PHRASE = ("{M} of ", "{M} of ", "{M} of ", "{view}, ")
LEADS_CLAUSE = ("in {M}, ", "{M} in which ", "{M} where ", "{view}, ")


# The words a slot usually takes and the fewest it can do with, for planning a length.
_SIZES = """
X 5 3 | P 6 4 | Ps 6 4 | N 5.5 3 | L 5 3 | K 7 5 | A 4 2 | T 3 1 | W 7 5 | G 3 2 | O 7 2 | O2 10 5
o 5 2 | C 7 5 | near 2.5 1 | aside 9 4 | light 4.5 3 | glow 4 3 | hues 6 4 | view 4 3 | M 3 2 | Mt 5 3
make 1 1 | D 3 2 | Dt 5 3 | purpose 6.5 3 | bid 6.5 3 | motif 6 4 | layout 7 5 | features 10 4 | also 7 4
about 5 2 | posed 4 2 | ground 6 4 | finish 5 3 | list 13 3 | items 14 8 | palette 5 3
spot 3.5 2 | spot_of 4 3 | ink 4 3
"""
SIZES = {
    slot: (float(usual), float(fewest))
    for slot, usual, fewest in (entry.split() for entry in _SIZES.strip().replace("\n", "|").split("|"))
}
LISTS = ("O", "O2", "aside", "list", "items")  # slots that say all objects that are left
_MUST_LIST = ("O", "O2", "aside")  # and cannot do without one

_TOKEN = re.compile(r"\{(\w+)\}|(\[)|(\])|\(([^)]*)\)|([^\[\](){}]+)")


@dataclass(frozen=True, slots=True)
class Part:
    """A piece of a shape: a slot, or texts to choose from; `option` numbers its optional part, 0 for none."""

    slot: str
    texts: tuple[str, ...]
    option: int
    size: float
    least: float

    def listing(self, objects: int) -> float:
        """The words to plan for a slot that says so many objects, so that they need not stand there bare."""
        return {"aside": 2.5, "list": 7.0, "items": 7.0}.get(self.slot, 0.0) + 4.2 * objects


class Shape:
    """One sentence shape, read from its line above."""

    def __init__(self, line: str) -> None:
        self.parts: list[Part] = []
        option = self.options = 0
        for slot, opens, closes, choice, text in _TOKEN.findall(line):
            if slot:
                self.parts.append(Part(slot, (), option, *SIZES[slot]))
            elif opens:
                self.options += 1
                option = self.options
            elif closes:
                option = 0
            else:
                texts = tuple(choice.split("|")) if choice else (text,)
                size = 0 if texts in (("s",), ("es",)) else len(texts[0].split())
                self.parts.append(Part("", texts, option, size, size))
        self.slots = frozenset(part.slot for part in self.parts if part.slot)
        self.singles = sum(part.slot in ("o", "C") for part in self.parts)
        self.list_option = next((part.option for part in self.parts if part.slot in LISTS), 0)
        self.least = sum(part.least for part in self.parts if not part.option)
        self.most = sum(part.size for part in self.parts) * 1.25 + 1

    def can_say(self, count: int) -> bool:
        """Whether this shape says exactly so many objects."""
        left = count - self.singles
        if left < 0 or (left and self.slots.isdisjoint(LISTS)):
            return False
        if left == 0 and not self.slots.isdisjoint(_MUST_LIST):
            return bool(self.list_option)
        return not ("O2" in self.slots and left == 1)


def read_shapes(block: str) -> list[Shape]:
    """All shapes of a block, one a line."""
    return [Shape(line.strip()) for line in block.strip().splitlines()]
