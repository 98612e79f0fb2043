"""Ratings: what was acknowledged is kept, whatever happens next, on SQLite and on PostgreSQL."""

import dataclasses
import signal
import sqlite3
import subprocess
import sys
import threading
from pathlib import Path
from uuid import uuid4

import pytest

from pipeline.store.database import StoreError, open_store
from pipeline.store.ratings import Rating, Ratings, RatingsError, Summary

ROOT = Path(__file__).parents[1]


def rating(candidate="c1", rater="ann", **changes):
    values = {
        "id": str(uuid4()),
        "candidate_id": candidate,
        "rater": rater,
        "accepted": True,
        "relevance": 3,
        "correctness": 2,
        "prompt": "A red balloon over the sea.",
        "task": "T2I",
        "topic": "birthday",
        "objects": ("balloon", "sea"),
        "seed": 2**40,
        "words": 6,
    }
    return Rating(**values | changes)


def test_a_rating_comes_back_as_it_went_in(database_url):
    """A field lost or changed on the way makes the study's data wrong without anyone noticing."""
    ratings = Ratings(open_store(database_url))
    first = rating(design_type="card", style="playful", length=20, renderer="art", slm="base", accepted=None)
    second = rating("c2", objects=(), relevance=None, prompt='Ünïcode 🎈, "quotes"\nand lines; --')
    ratings.record(first)
    ratings.record(second)
    assert ratings.current() == [first, second]
    assert Ratings(open_store(database_url)).current() == [first, second], (
        "a second connection must see the same"
    )


def test_a_retry_adds_nothing_and_a_changed_mind_supersedes(database_url):
    """A double click counted twice, or an old opinion counted beside the new one, would bias every number."""
    ratings = Ratings(open_store(database_url))
    before = rating(accepted=False)
    after = rating(accepted=True)
    other = rating(rater="bob", accepted=False, relevance=1, correctness=None)
    for each in (before, before, after, other, before):
        ratings.record(each)
    assert ratings.current() == [after, other]
    assert ratings.history() == [(before, False), (after, True), (other, True)]
    assert ratings.summary() == Summary(2, 2, 2, 1, 2.0, 2.0)


def test_an_empty_database_has_a_summary(database_url):
    """The page asks for the numbers before anyone has rated."""
    ratings = Ratings(open_store(database_url))
    assert ratings.summary() == Summary(0, 0, 0, 0, None, None)
    assert ratings.current() == []


def test_eight_threads_write_at_once(database_url):
    """Raters click at the same time; a lost row or "database is locked" must not happen."""
    ratings = Ratings(open_store(database_url))
    failures = []

    def click(worker):
        try:
            for index in range(25):
                each = rating(f"c{index}", f"rater{worker}")
                ratings.record(each)
                ratings.record(each)
        except Exception as error:
            failures.append(error)

    threads = [threading.Thread(target=click, args=(worker,)) for worker in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failures == []
    assert ratings.summary().ratings == 200
    assert len(ratings.history()) == 200


WRITER = """
import sys, uuid
from pipeline.store.database import open_store
from pipeline.store.ratings import Rating, Ratings
ratings = Ratings(open_store(sys.argv[1]))
while True:
    id = str(uuid.uuid4())
    ratings.record(Rating(id, id, "ann", True, 3, 3, "A prompt.", "T2I"))
    print("saved", id, flush=True)
"""


def test_kill_right_after_saved_loses_nothing(database_url):
    """The acknowledgement must come after the commit: SIGKILL in the very next instant may lose nothing."""
    told = set()
    for round in range(4):
        writer = subprocess.Popen(
            [sys.executable, "-c", WRITER, database_url], cwd=ROOT, stdout=subprocess.PIPE, text=True
        )
        for _ in range(1 + 7 * round):
            told.add(writer.stdout.readline().split()[1])
        writer.send_signal(signal.SIGKILL)
        told.update(line.split()[1] for line in writer.communicate()[0].splitlines() if len(line) == 42)
    kept = {each.id for each in Ratings(open_store(database_url)).current()}
    assert told <= kept
    assert len(kept) <= len(told) + 4, "at most one unacknowledged row per kill"


@pytest.mark.parametrize(
    ("wrong", "says"),
    [
        ({"id": "click-1"}, "UUID"),
        ({"relevance": 4}, "Relevance must be 1, 2 or 3, not 4"),
        ({"correctness": 0}, "Correctness must be 1, 2 or 3"),
        ({"relevance": 2.5}, "Relevance"),
        ({"relevance": True}, "Relevance"),
        ({"accepted": "yes"}, "Accepted must be true or false"),
        ({"task": "T2V"}, "T2I or T2T"),
        ({"rater": ""}, "needs its rater"),
        ({"candidate_id": ""}, "needs its candidate_id"),
        ({"prompt": "nul \0"}, "prompt must be plain text"),
        ({"prompt": "x" * 5000}, "prompt"),
        ({"objects": ("\ud800",)}, "objects"),
        ({"topic": None}, "topic must be plain text"),
        ({"seed": 2**64}, "seed"),
        ({"length": -1}, "length"),
    ],
)
def test_wrong_values_are_refused(wrong, says):
    """Anyone can post to the server; a grade of 4 or a text no database takes must stop at the door."""
    with pytest.raises(RatingsError, match=says):
        rating(**wrong)


def test_databases_that_cannot_be_used_say_so(tmp_path):
    """A mistyped URL or a broken file must be told at the start, without the password."""
    (tmp_path / "broken.sqlite").write_bytes(b"this is no database" * 500)
    with sqlite3.connect(tmp_path / "other.sqlite") as other:
        other.execute("CREATE TABLE ratings (id TEXT, stars INTEGER)")
    for url, says in (
        (f"sqlite:///{tmp_path}/broken.sqlite", "cannot be opened"),
        (f"sqlite:///{tmp_path}/other.sqlite", "another program or version"),
        ("ratings", "cannot be opened"),
        ("mysql://u:secret@host/db", "SQLite or PostgreSQL, not in mysql"),
        ("postgresql+nosuch://u:secret@host/db", "cannot be opened"),
        ("postgresql+psycopg://u:secret@127.0.0.1:1/db", "cannot be opened|not installed"),
    ):
        with pytest.raises(StoreError, match=says) as caught:
            open_store(url)
        assert "secret" not in str(caught.value)


def test_a_lost_database_refuses_and_a_retry_succeeds(tmp_path):
    """A failed save must be an error the page can show; the retry of that click must be stored once."""
    path = tmp_path / "ratings.sqlite"
    ratings = Ratings(open_store(f"sqlite:///{path}"))
    ratings.record(rating())
    ratings.store.close()
    path.rename(tmp_path / "away")
    path.mkdir()
    late = rating("c2")
    with pytest.raises(StoreError, match=r"could not be saved .* Try again"):
        ratings.record(late)
    path.rmdir()
    (tmp_path / "away").rename(path)
    ratings.record(late)
    ratings.record(late)
    assert [each.candidate_id for each in ratings.current()] == ["c1", "c2"]


def test_a_rating_cannot_be_changed():
    """Records are frozen: a rating altered after it was saved would differ from its row."""
    with pytest.raises(dataclasses.FrozenInstanceError):
        rating().accepted = False
