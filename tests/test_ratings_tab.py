"""The Ratings tab: which ratings are looked at, and what is said of them."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient

from pipeline.store.database import open_store
from pipeline.store.ratings import DEMO, Rating
from pipeline.study.data import gather
from pipeline.study.studies import Studies
from tests.studied import SECRETS, open_study
from ui.ratings import Choice, RatingsTab
from ui.report import report


def rating(rater: int, item: int, accepted: bool | None = True, grade: int | None = 3, **more) -> Rating:
    fields = {"prompt": "A cake.", "task": "T2I", "topic": f"topic {item}", "renderer": "illustrator"}
    return Rating(
        id=str(uuid4()),
        candidate_id=f"c{item}",
        rater=f"r{rater}",
        accepted=accepted,
        relevance=grade,
        correctness=grade,
        **fields | more,
    )


@pytest.fixture
def studies(tmp_path):
    opened = Studies(open_store(f"sqlite:///{tmp_path / 'ratings.sqlite'}"), tmp_path)
    yield opened
    opened.ratings.store.close()


def asked(studies, **query) -> dict:
    app = FastAPI()
    app.include_router(RatingsTab(studies).routes())
    return TestClient(app).get("/api/report", params=query).json()


def demo(studies, ratings) -> str:
    return report(gather(studies, studies.get(DEMO)), ratings)


def test_report_says_what_there_is(studies):
    """Breaks when the tab hides how few ratings it rests on, or fails on an empty database."""
    assert "No ratings yet" in asked(studies)["html"]
    studies.ratings.record(rating(1, 1))
    shown = asked(studies)["html"]
    assert "1 rating of 1 candidate by 1 person" in shown
    assert "too few to compare" in shown
    assert "100%" in shown
    many = demo(studies, [rating(each % 3, each) for each in range(40)])
    assert "too few to compare" not in many.split("<h2>Do the raters")[0]
    assert "paper 86%" in many


def test_a_new_rating_is_counted_at_once(studies):
    """Breaks when a kept report is shown although there are newer ratings, or an answer was taken back."""
    tab = RatingsTab(studies)
    app = FastAPI()
    app.include_router(tab.routes())
    client = TestClient(app)
    for count in (1, 2):
        studies.ratings.record(rating(count, count))
        for _ in range(2):
            assert f"{count} rating" in client.get("/api/report").json()["html"]
    studies.ratings.record(rating(2, 2, None, None))
    assert "1 rating of" in client.get("/api/report").json()["html"]


def test_no_markup_of_others_reaches_the_page(studies):
    """Breaks when a name or note, which a client may send, is put into the page as HTML."""
    attack = "<script>alert(1)</script>"
    shown = demo(studies, [replace(rating(1, 1), renderer=attack, note=attack, rater=attack)])
    assert "<script" not in shown


@pytest.mark.parametrize(
    ("choice", "left"),
    [
        (Choice(), {1, 2, 3, 4}),
        (Choice(task="T2T"), {2}),
        (Choice(renderer="turbo"), {3}),
        (Choice(words="10-15"), {2}),
        (Choice(words="26-35"), {3}),
        (Choice(days="7"), {1, 2, 3}),
        (Choice(days="1"), {1, 2}),
        (Choice(words="no", days="no"), {1, 2, 3}),
        (Choice(task="T2T", renderer="turbo"), set()),
    ],
)
def test_filters_leave_what_was_chosen(choice, left):
    """Breaks when a filter leaves out too much, or nothing."""
    now = datetime(2026, 5, 10, 12, tzinfo=UTC)

    def made(item: int, hours: int, **more) -> Rating:
        return rating(1, item, created_at=(now - timedelta(hours=hours)).isoformat(), **more)

    ratings = [
        made(1, 1, length=20),
        made(2, 2, length=10, task="T2T"),
        made(3, 30, length=35, renderer="turbo"),
        made(4, 300),
    ]
    assert {int(each.candidate_id[1:]) for each in filter(choice.takes(now), ratings)} == left


def test_what_was_left_out_is_said(studies):
    """Breaks when a filter without ratings looks as if nobody had rated."""
    studies.ratings.record(rating(1, 1))
    assert "No rating is left" in asked(studies, task="T2T")["html"]


def test_arms_are_coded_until_the_study_closes(tmp_path):
    """Breaks when anyone who opens the tab sees which arm is ahead, or who a rater is."""
    studies, study = open_study(tmp_path, canvases=20)
    raters = [f"{n:032x}" for n in range(3)]
    for rater in raters:
        while shown := studies.next(study, rater):
            item = studies.rows.presentation(study.id, rater, shown.id).item
            guided = studies.rows.item(item).renderer.endswith("guidedarm")
            grades = {"accepted": guided, "relevance": 3 if guided else 1, "correctness": 2}
            studies.answer(study, rater, shown.id, id=str(uuid4()), seconds=4.0, **grades)
    told = asked(studies, study=study.id)
    assert told["choices"]["study"] == {DEMO: "Open demo", study.id: "pilot (still open)"}
    assert told["choices"]["renderer"] == {}
    assert not [word for word in (*SECRETS, *raters) if word in str(told)]
    assert "Arms compared" in told["html"]
    assert "+100.0" in told["html"].replace("−", "+")
    studies.close("pilot")
    told = asked(studies, study=study.id)
    assert "guidedarm" in told["html"]
    assert not [rater for rater in raters if rater in str(told)]
    studies.ratings.store.close()
