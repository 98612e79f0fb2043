"""Studies: who is shown what, how often, and that nothing is lost or told too early."""

import threading
from collections import Counter
from datetime import timedelta
from pathlib import Path
from uuid import uuid4

import pytest

from pipeline.canvas import Canvas
from pipeline.store.database import open_store
from pipeline.store.studies import Item
from pipeline.study import order
from pipeline.study.studies import Studies, StudyError
from slm.command import Task


def made(
    tmp_path: Path, canvases: int = 10, target: int = 3, url: str = "", **options
) -> tuple[Studies, str]:
    """An open study of two arms with items that nobody drew."""
    studies = Studies(open_store(url or f"sqlite:///{tmp_path / 'ratings.sqlite'}"), tmp_path)
    faces = {f"canvas {n}": (Canvas(None, "words"), Task.T2I) for n in range(canvases)}
    study = studies.create(
        "pilot", {"one": {}, "two": {"guided": "no"}}, faces, seed=7, target=target, **options
    )
    for canvas in study.canvases:
        for arm in study.arms:
            about = ("T2I", "fair", ("tent",), "", "", 20, 3, 1, f"painter of {arm.name}", f"slm-{arm.name}")
            studies.add_item(Item(uuid4().hex, study.id, arm.code, canvas.id, 0, "A red tent.", *about))
    studies.open("pilot")
    return studies, "pilot"


def rate(studies: Studies, study, rater: str, seen) -> None:
    studies.answer(study, rater, seen.id, id=str(uuid4()), accepted=True, relevance=3, correctness=2)


def test_a_rater_sees_every_item_once_and_one_in_ten_again(tmp_path):
    """Breaks when an item is skipped or shown twice by mistake, or the hidden repeats are too many or few."""
    studies, name = made(tmp_path)
    study = studies.get(name)
    seen = []
    while (face := studies.next(study, "ann")) is not None:
        assert studies.next(study, "ann") == face, "asked again, the same comes again"
        done, total = studies.progress(study, "ann")
        assert done == len(seen)
        assert total == 22
        rate(studies, study, "ann", face)
        seen.append(face)
    assert [face.position for face in seen] == list(range(1, 23))
    ratings = studies.ratings.current(study.id)
    assert len(ratings) == 22
    times = Counter(rating.candidate_id for rating in ratings)
    assert len(times) == 20
    assert sorted(times.values())[-3:] == [1, 2, 2]
    assert sum(rating.repeated for rating in ratings) == 2
    first = {r.candidate_id: r.position for r in ratings if not r.repeated}
    assert all(r.position - first[r.candidate_id] > 5 for r in ratings if r.repeated)


def test_undo_takes_back_one_answer_however_often_it_is_sent(tmp_path, database_url):
    """Breaks when a retried Undo takes back two answers, or an undone answer still counts."""
    studies, name = made(tmp_path, url=database_url)
    study = studies.get(name)
    faces = []
    for _ in range(3):
        faces.append(studies.next(study, "ann"))
        rate(studies, study, "ann", faces[-1])
    waiting = studies.next(study, "ann")
    click = str(uuid4())
    assert studies.undo(study, "ann", click) == faces[2]
    assert studies.undo(study, "ann", click) == faces[2]
    assert len(studies.ratings.current(study.id)) == 2
    assert studies.next(study, "ann") == faces[2]
    assert studies.undo(study, "bob", str(uuid4())) is None
    rate(studies, study, "ann", faces[2])
    assert studies.next(study, "ann") == waiting


def test_items_get_their_raters_evenly_and_no_more_than_asked(tmp_path):
    """Breaks when some items are rated by all and others by none."""
    studies, name = made(tmp_path, canvases=4, target=2, repeat_every=0)
    study = studies.get(name)
    for rater in ("ann", "bob", "cem", "dee"):
        for _ in range(3):
            rate(studies, study, rater, studies.next(study, rater))
    times = Counter(rating.candidate_id for rating in studies.ratings.current(study.id))
    assert set(times.values()) == {1, 2}
    for rater in ("ann", "bob", "cem", "dee"):
        while face := studies.next(study, rater):
            rate(studies, study, rater, face)
    times = Counter(rating.candidate_id for rating in studies.ratings.current(study.id))
    assert set(times.values()) == {2}
    assert studies.progress(study, "eve") == (0, 0)


def test_a_study_opens_with_all_its_items_and_closes_for_good(tmp_path):
    """Breaks when raters meet a half-made study, or rate one whose arms are known."""
    studies, name = made(tmp_path)
    study = studies.get(name)
    face = studies.next(study, "ann")
    with pytest.raises(StudyError, match="not shown to you"):
        rate(studies, study, "bob", face)
    closed = studies.close(name)
    for attempt in (
        lambda: studies.next(closed, "ann"),
        lambda: rate(studies, closed, "ann", face),
        lambda: studies.open(name),
    ):
        with pytest.raises(StudyError, match="closed"):
            attempt()
    with pytest.raises(StudyError, match="already"):
        made(tmp_path)
    draft = studies.create("other", {"one": {}}, {"c": (Canvas(None, "words"), Task.T2I)}, seed=1, target=1)
    with pytest.raises(StudyError, match="not open yet"):
        studies.close(draft.name)


def test_tabs_and_raters_at_once_get_what_one_would(tmp_path, database_url):
    """Breaks when a second tab makes a rater rate an item twice, or many raters at once fail or exceed what
    was asked for by more than those who came in the same moment."""
    studies, name = made(tmp_path, canvases=3, target=4, url=database_url)
    study = studies.get(name)
    failures, faces = [], []

    def work(rater: str) -> None:
        try:
            while face := studies.next(study, rater):
                faces.append((rater, face.position, face.id))
                rate(studies, study, rater, face)
        except Exception as error:
            failures.append(error)

    threads = [threading.Thread(target=work, args=(f"rater {n // 2}",)) for n in range(8)]  # two tabs each
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failures == []
    assert len({(rater, position) for rater, position, _ in faces}) == len({id for *_, id in faces})
    ratings = studies.ratings.current(study.id)
    assert len(ratings) == len({(r.rater, r.candidate_id, r.presentation) for r in ratings}) == 24
    assert len({r.candidate_id for r in ratings}) == 6


def test_an_item_left_open_is_given_to_others_after_a_while(tmp_path, monkeypatch):
    """Breaks when people who only look keep items from ever getting their raters."""
    studies, name = made(tmp_path, canvases=1, target=1, repeat_every=0)
    study = studies.get(name)
    assert studies.next(study, "ann")
    assert studies.next(study, "bob")
    assert studies.next(study, "cem") is None
    assert studies.progress(study, "cem") == (0, 0)
    monkeypatch.setattr("pipeline.study.studies.HOLD", timedelta(0))
    face = studies.next(study, "cem")
    rate(studies, study, "cem", face)
    assert studies.progress(study, "cem") == (1, 2)


def test_an_answer_can_be_completed_and_changed(tmp_path):
    """Breaks when half an answer counts as done, a reload forgets it, or a changed mind counts twice."""
    studies, name = made(tmp_path)
    study = studies.get(name)
    face = studies.next(study, "ann")
    half = {"accepted": None, "relevance": 2, "correctness": None, "note": "Nice."}
    studies.answer(study, "ann", face.id, id=str(uuid4()), **half)
    again = studies.next(study, "ann")
    assert (again.id, again.relevance, again.accepted, again.note) == (face.id, 2, None, "Nice.")
    assert studies.progress(study, "ann")[0] == 0
    rate(studies, study, "ann", face)
    rate(studies, study, "ann", face)
    assert studies.progress(study, "ann")[0] == 1
    assert len(studies.ratings.current(study.id)) == 1
    assert len(studies.ratings.history(study.id)) == 3
    assert studies.next(study, "ann").id != face.id


@pytest.mark.parametrize("every", [10, 15, 20])
def test_repeats_are_about_as_many_as_said_and_cannot_be_foretold(every):
    """Breaks when raters see none, too many, the same, or always at the same place."""
    places = set()
    for rater in range(40):
        shown = []
        while choice := order.choose(3, f"r{rater}", [f"i{n}" for n in range(60)], shown, {}, 9, every):
            shown.append(choice)
        again = [n for n, choice in enumerate(shown) if choice.repeated]
        assert 60 // every <= len(again) <= 60 // every + 1
        assert len(shown) == 60 + order.repeats(3, f"r{rater}", 60, every)
        assert len({shown[n].item for n in again}) == len(again)
        assert all(shown[n].item not in [each.item for each in shown[n - order.GAP : n]] for n in again)
        places.add(tuple(again))
    assert len(places) > 10
    assert order.repeats(3, "r1", 60, 0) == 0


def test_each_rater_has_an_order_of_their_own_and_keeps_it():
    """Breaks when all raters see the same order, or a rater's order changes with a restart."""
    items = [f"i{n}" for n in range(12)]
    orders = {}
    for rater in ("ann", "bob", "ann"):
        shown = []
        while choice := order.choose(3, rater, items, shown, {}, 9, 0):
            shown.append(choice)
        assert orders.setdefault(rater, shown) == shown
    assert orders["ann"] != orders["bob"]
    assert order.choose(3, "ann", items, [], dict.fromkeys(items[1:], 1), 9, 0).item == "i0"
