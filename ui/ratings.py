"""The Ratings tab: which ratings are looked at, and what they say (`report.py` writes that).

The tab is a component of our own, `web/ratings.js`, that asks for a report over plain HTTP, with its filters
in the address. Intervals take a second or so to work out: a report is kept until its ratings change.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from fastapi import APIRouter
from fastapi.concurrency import run_in_threadpool

from pipeline.store.ratings import DEMO, Rating
from pipeline.store.studies import Study
from pipeline.study.data import StudyData, gather
from pipeline.study.studies import Studies
from ui.report import report
from ui.theme import component

KEPT = 64  # reports
TASKS = {"T2I": "Images", "T2T": "Templates"}
WORDS = {"10-15": "10 to 15", "16-25": "16 to 25", "26-35": "26 to 35"}
DAYS = {"1": "Last day", "7": "Last 7 days", "30": "Last 30 days"}


@dataclass(frozen=True)
class Choice:
    """Which ratings of a study are looked at; "" leaves none out."""

    task: str = ""
    renderer: str = ""
    words: str = ""  # a key of WORDS, by the wished length
    days: str = ""  # a key of DAYS

    def takes(self, now: datetime) -> Callable[[Rating], bool]:
        """Whether a rating is one of them."""
        low, high = map(int, self.words.split("-")) if self.words in WORDS else (0, 10**6)
        since = (now - timedelta(days=int(self.days))).isoformat() if self.days in DAYS else ""

        def taken(rating: Rating) -> bool:
            return (
                self.task in ("", rating.task)
                and self.renderer in ("", rating.renderer)
                and (not self.words or (rating.length is not None and low <= rating.length <= high))
                and rating.created_at >= since
            )

        return taken


class RatingsTab:
    """Shows what `studies` hold; asked anew whenever the tab is looked at."""

    def __init__(self, studies: Studies) -> None:
        self.studies = studies
        self._reports: dict[tuple, str] = {}
        self._turn = asyncio.Lock()  # who waits for a report takes no thread from who saves a rating

    def build(self) -> None:
        """The tab's one component; to be called inside a gr.Tab."""
        component("ratings", "tm-ratings", None, [])

    def routes(self) -> APIRouter:
        """What `web/ratings.js` asks for."""
        router = APIRouter()

        @router.get("/api/report")
        async def show(
            study: str = "", task: str = "", renderer: str = "", words: str = "", days: str = ""
        ) -> dict:
            async with self._turn:
                return await run_in_threadpool(self.show, study, Choice(task, renderer, words, days))

        return router

    def show(self, study: str, choice: Choice) -> dict:
        """The report on the chosen ratings as HTML, and what there is to choose from."""
        known = [each for each in self.studies.all() if each.state != "draft"]
        chosen = next((each for each in known if each.id == study), known[0])
        data = gather(self.studies, chosen)
        return {
            "study": chosen.id,
            "html": self._report(data, choice),
            "choices": {
                "study": {each.id: _title(each) for each in known},
                "task": TASKS,
                "renderer": {name: name for name in sorted({r.renderer for r in data.ratings} - {""})},
                "words": WORDS,
                "days": DAYS,
            },
        }

    def _report(self, data: StudyData, choice: Choice) -> str:
        now = datetime.now(UTC)
        newest = data.history[-1][0].id if data.history else ""
        key = (data.study.id, data.study.state, choice, newest, now.date() if choice.days else None)
        if key not in self._reports:
            if len(self._reports) >= KEPT:
                self._reports.pop(next(iter(self._reports)))
            self._reports[key] = report(data, list(filter(choice.takes(now), data.ratings)))
        return self._reports[key]


def _title(study: Study) -> str:
    if study.id == DEMO:
        return "Open demo"
    return study.name if study.state == "closed" else f"{study.name} (still open)"
