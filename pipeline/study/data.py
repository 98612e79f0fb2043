"""A study's data as it may be seen: raters numbered instead of named, arms coded until the study is closed.

The report, the export and the Ratings tab show this and nothing else.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

from pipeline.store.ratings import Rating
from pipeline.store.studies import Arm, Item, Study
from pipeline.study.studies import Studies


@dataclass(frozen=True)
class StudyData:
    """A study with everything made and said in it; `history` as `Ratings.history` gives it."""

    study: Study
    items: tuple[Item, ...]
    history: tuple[tuple[Rating, bool], ...]

    @property
    def ratings(self) -> list[Rating]:
        """The ratings that count, oldest first."""
        return [rating for rating, current in self.history if current]

    @property
    def arms(self) -> dict[str, str]:
        """The arm of each item: its name, or its code while the study is not closed."""
        names = {arm.code: arm.name for arm in self.study.arms}
        return {item.id: names[item.arm] for item in self.items}


def gather(studies: Studies, study: Study) -> StudyData:
    """What may be seen of a study now."""
    history, items = studies.ratings.history(study.id), studies.items(study)
    number = {rater: i for i, rater in enumerate(dict.fromkeys(r.rater for r, _ in history), 1)}
    history = [(replace(r, rater=f"rater {number[r.rater]}"), current) for r, current in history]
    study = replace(study, code="")  # the invitation is for those who were invited
    if study.arms and study.state != "closed":
        study = replace(study, arms=tuple(Arm(arm.code, arm.code, {}) for arm in study.arms))
        items = [replace(item, renderer="", slm="") for item in items]
        history = [(replace(r, renderer="", slm=""), current) for r, current in history]
    return StudyData(study, tuple(items), tuple(history))
