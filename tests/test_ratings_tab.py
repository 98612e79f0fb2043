"""The Ratings tab."""

from dataclasses import replace
from uuid import uuid4

from pipeline.store.database import open_store
from pipeline.store.ratings import Rating, Ratings
from pipeline.study.findings import acceptance_by, grades_of, measures
from pipeline.study.statistics import krippendorff_alpha
from ui.ratings import RatingsTab, report


def rating(rater: int, item: int, accepted: bool | None = True, grade: int | None = 3) -> Rating:
    return Rating(
        id=str(uuid4()),
        candidate_id=f"c{item}",
        rater=f"r{rater}",
        accepted=accepted,
        relevance=grade,
        correctness=grade,
        prompt="A cake.",
        task="T2I",
        topic=f"topic {item}",
        renderer="illustrator",
    )


def test_figures_are_those_of_the_ratings():
    """Breaks when the tab counts unanswered questions, or a grade of 1 as relevant."""
    ratings = [rating(1, 1), rating(1, 2, False, 1), rating(2, 1, None, 2), rating(2, 3, True, None)]
    accepted, relevant, correct = measures(ratings)
    assert (accepted.share.n, accepted.share.estimate) == (3, 2 / 3)
    assert (relevant.share.n, relevant.share.estimate) == (3, 2 / 3)
    assert correct.paper == 0.96
    assert {key: share.n for key, share in acceptance_by(ratings, "renderer").items()} == {
        ("illustrator",): 3
    }
    grades = grades_of(ratings, "relevance")
    assert grades.shape == (2, 3)
    assert krippendorff_alpha(grades) < 1


def test_report_says_what_there_is(tmp_path):
    """Breaks when the tab hides how few ratings it rests on, or fails on an empty database."""
    store = Ratings(open_store(f"sqlite:///{tmp_path / 'ratings.sqlite'}"))
    tab = RatingsTab(store)
    assert "No ratings yet" in tab.show()
    store.record(rating(1, 1))
    shown = tab.show()
    assert "1 rating of 1 candidate by 1 person" in shown
    assert "too few to conclude" in shown
    assert "100%" in shown
    assert "too few to conclude" not in report([rating(each % 3, each) for each in range(40)])
    store.store.close()


def test_no_markup_of_others_reaches_the_page():
    """Breaks when a renderer's name, which a client may send, is put into the page as HTML."""
    assert "<script" not in report([replace(rating(1, 1), renderer="<script>alert(1)</script>")])
