"""In which order a rater sees the items of a study, and which come twice.

Nothing here is remembered: what comes next follows from the study's seed, the rater and what was shown so
far. Items that the fewest raters have come first, among them each rater's own random order decides; an item
with enough raters comes no more. For every `repeat_every` items one that the rater has seen before comes
again, at a place that cannot be told.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from hashlib import sha256
from typing import NamedTuple

GAP = 5
"""So many other presentations, at least, lie between an item and its repeat."""


class Choice(NamedTuple):
    """The item to show next."""

    item: str
    repeated: bool


def choose(
    seed: int,
    rater: str,
    items: Collection[str],
    shown: Sequence[Choice],
    taken: Mapping[str, int],
    target: int,
    repeat_every: int,
) -> Choice | None:
    """What `rater` sees after `shown`, or None at the end; `taken` counts the raters of each item."""
    again = {choice.item for choice in shown if choice.repeated}
    if len(again) < repeats(seed, rater, len(shown) - len(again), repeat_every):
        early = [choice.item for choice in shown[:-GAP] if choice.item not in again]
        return Choice(min(early, key=lambda item: draw(seed, rater, "again", item)), True)
    left = fresh(items, shown, taken, target)
    if not left:
        return None
    return Choice(min(left, key=lambda item: (taken.get(item, 0), draw(seed, rater, item))), False)


def fresh(
    items: Collection[str], shown: Sequence[Choice], taken: Mapping[str, int], target: int
) -> list[str]:
    """The items that the rater has not seen and that still need raters."""
    seen = {choice.item for choice in shown}
    return [item for item in items if item not in seen and taken.get(item, 0) < target]


def repeats(seed: int, rater: str, items: int, repeat_every: int) -> int:
    """How many repeats the rater has seen after `items` different items, or sees before the next."""
    if not repeat_every:
        return 0
    whole, rest = divmod(items, repeat_every)
    # Late in each run of items, in the first one very late: there must be something to repeat.
    early = repeat_every // 2 if whole else repeat_every - 3
    due = early + 1 + draw(seed, rater, "repeat", whole) % (repeat_every - early)
    return whole + (rest >= due)


def draw(*parts: object) -> int:
    """A number that looks random and follows from its parts."""
    return int.from_bytes(sha256("/".join(map(str, parts)).encode()).digest()[:8], "big")
