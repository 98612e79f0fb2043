"""Studies: who is shown what, how often, and that nothing is lost or told too early."""

from collections import Counter
from pathlib import Path
from uuid import uuid4

import pytest

from pipeline.canvas import Canvas
from pipeline.store.database import open_store
from pipeline.store.studies import Item
from pipeline.study.studies import Studies, StudyError
from slm.command import Task


def made(tmp_path: Path, canvases: int = 10, target: int = 3, **options) -> tuple[Studies, str]:
    """An open study of two arms with items that nobody drew."""
    studies = Studies(open_store(f"sqlite:///{tmp_path / 'ratings.sqlite'}"), tmp_path)
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


def test_undo_takes_back_one_answer_however_often_it_is_sent(tmp_path):
    """Breaks when a retried Undo takes back two answers, or an undone answer still counts."""
    studies, name = made(tmp_path)
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
