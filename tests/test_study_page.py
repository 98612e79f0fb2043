"""A rater's side of a study over HTTP: who may take part, what is shown, that it is blind, what is kept."""

import io
import re
import sqlite3
import uuid
from datetime import timedelta
from urllib.parse import quote

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient
from PIL import Image

from pipeline.store.database import StoreError
from tests.load_study import simulate
from tests.studied import SECRETS, open_study
from ui.door import Door, store_is_away
from ui.seal import Seal
from ui.study import study_routes

SEAL = Seal(b"k" * 32)


@pytest.fixture
def pilot(tmp_path):
    """An open study, and the application that serves it behind the door."""
    studies, study = open_study(tmp_path)
    yield studies, study, app_of(studies)
    studies.ratings.store.close()


def app_of(studies) -> FastAPI:
    app = FastAPI()
    app.add_middleware(Door, seal=SEAL)
    app.add_exception_handler(StoreError, store_is_away)
    app.include_router(study_routes(studies, SEAL))
    return app


def joined(app, name="pilot", **said) -> TestClient:
    client = TestClient(app)
    assert client.post(f"/api/study/{name}/join", json=said).json() == {"joined": True}
    return client


def answer(item: dict, **changes) -> dict:
    grades = {"accepted": True, "relevance": 3, "correctness": 2}
    return {"id": str(uuid.uuid4()), "presentation": item["id"]} | grades | changes


def upcoming(client, count=1, name="pilot") -> list[dict]:
    return client.get(f"/api/study/{name}/next?count={count}").json()["next"]


# --- taking part ----------------------------------------------------------------------------------------


def test_nothing_is_kept_of_who_only_looks(pilot):
    """Breaks when a visitor who has not agreed gets a cookie, is shown an item, or can rate."""
    studies, study, app = pilot
    client = TestClient(app)
    for path in ("/study/pilot", "/api/study/pilot", "/web/rater.js", "/api/study/pilot/next"):
        assert "set-cookie" not in client.get(path).headers
    assert client.get("/api/study/pilot/next").status_code == 403
    assert client.post("/api/study/pilot/ratings", json=answer({"id": "x"})).status_code == 403
    assert studies.rows.taken(study.id, timedelta(days=1)) == {}


def test_an_invited_study_asks_for_its_code(tmp_path):
    """Breaks when anyone may rate in a study that was meant for those invited."""
    studies, _ = open_study(tmp_path, code="maple-7")
    app = app_of(studies)
    client = TestClient(app)
    assert client.get("/api/study/pilot").json()["coded"] is True
    for said in ({}, {"code": "maple-8"}, {"code": ["maple-7"]}, {"code": None}):
        assert client.post("/api/study/pilot/join", json=said).status_code == 403
    assert upcoming(joined(app, code=" maple-7 "))
    assert "maple" not in client.get("/study/pilot").text + client.get("/api/study/pilot").text


def test_taking_part_cannot_be_made_up(pilot):
    """Breaks when a cookie of another study, or another rater's, lets someone in."""
    _, study, app = pilot
    member, other = joined(app), TestClient(app)
    other.get("/api/study/pilot")
    name = f"tinymuse_study_{study.id[:12]}"
    for token in (member.cookies[name], "x", SEAL.sign("study other", "x")):
        assert other.get("/api/study/pilot/next", headers={"cookie": f"{name}={token}"}).status_code == 403


@pytest.mark.parametrize("path", ["/study/other", "/api/study/other", "/study/..%2f..%2fapp.py"])
def test_an_unknown_study_is_said_so(pilot, path):
    """Breaks when a wrong link ends in a server error."""
    assert TestClient(pilot[2]).get(path).status_code == 404


def test_a_name_with_signs_in_it_works(tmp_path):
    """Breaks when a study's name needs quoting in an address."""
    studies, _ = open_study(tmp_path, "Étude 1.a")
    client = joined(app_of(studies), quote("Étude 1.a"))
    [item] = upcoming(client, name=quote("Étude 1.a"))
    assert client.get(item["suggestion"]).headers["content-type"] == "image/png"


# --- rating ---------------------------------------------------------------------------------------------


def test_an_answer_is_stored_with_when_where_and_how(pilot):
    """Breaks when a saved answer is not there, or without what an analysis needs."""
    studies, study, app = pilot
    client = joined(app)
    [item] = upcoming(client)
    sent = answer(item, note="A tent?", seconds=4.25, device="phone")
    assert client.post("/api/study/pilot/ratings", json=sent).json() == {"saved": True}
    [rating] = studies.ratings.current(study.id)
    assert (rating.accepted, rating.relevance, rating.correctness, rating.note) == (True, 3, 2, "A tent?")
    assert (rating.seconds, rating.device, rating.position) == (4.25, "phone", 1)
    assert rating.presentation == item["id"]
    assert rating.app
    assert rating.wording
    assert rating.rater == client.cookies["tinymuse_rater"].split(".")[0]


def test_a_retry_counts_once_and_nulls_take_an_answer_back(pilot):
    """Breaks when a repeated POST doubles an answer, or an undone one still counts."""
    studies, study, app = pilot
    client = joined(app)
    first, second = upcoming(client, 2)
    sent = answer(first)
    for _ in range(3):
        client.post("/api/study/pilot/ratings", json=sent)
    assert len(studies.ratings.history(study.id)) == 1
    assert upcoming(client)[0]["id"] == second["id"]
    client.post("/api/study/pilot/ratings", json=answer(first, accepted=None))
    again = upcoming(client)[0]
    assert again["id"] == first["id"]
    assert (again["accepted"], again["relevance"]) == (None, 3)


def test_what_is_shown_stays_shown(pilot):
    """Breaks when a reload, or another day, gives a rater another item than the one they looked at."""
    _, _, app = pilot
    client = joined(app)
    items = upcoming(client, 4)
    assert upcoming(client, 4) == items
    assert [item["position"] for item in items] == [1, 2, 3, 4]
    client.post("/api/study/pilot/ratings", json=answer(items[0]))
    assert upcoming(client, 3) == items[1:]
    assert client.get("/api/study/pilot/next").json()["done"] == 1


def test_the_end_is_reached(pilot):
    """Breaks when a study never ends for a rater, or ends with items left."""
    _, _, app = pilot
    client = joined(app)
    total, rated = client.get("/api/study/pilot").json()["total"], 0
    while items := upcoming(client, 3):
        for item in items:
            client.post("/api/study/pilot/ratings", json=answer(item))
            rated += 1
    assert rated == total >= 10


@pytest.mark.parametrize(
    ("change", "status"),
    [
        ({"id": "1"}, 422),
        ({"relevance": 4}, 422),
        ({"accepted": "yes"}, 422),
        ({"seconds": "long"}, 422),
        ({"device": "fridge"}, 422),
        ({"note": 5}, 422),
        ({"presentation": "0" * 32}, 409),
        ({"presentation": 7}, 409),
    ],
)
def test_what_is_no_answer_is_refused_with_a_reason(pilot, change, status):
    """Breaks when nonsense is stored, or answered with a traceback."""
    client = joined(pilot[2])
    reply = client.post("/api/study/pilot/ratings", json=answer(upcoming(client)[0], **change))
    assert reply.status_code == status
    assert len(reply.json()["error"]) > 20


@pytest.mark.parametrize("body", [b"", b"{", b"[]", b"null", b'{"id": 1}', b"\xff"])
def test_a_body_that_is_no_json_is_refused(pilot, body):
    """Breaks when a broken request ends in a server error."""
    assert joined(pilot[2]).post("/api/study/pilot/ratings", content=body).status_code == 422


def test_nobody_rates_or_sees_what_was_shown_to_another(pilot):
    """Breaks when one rater can answer, or look at, what belongs to another."""
    _, _, app = pilot
    mine, other = joined(app), joined(app)
    [item] = upcoming(mine)
    assert other.post("/api/study/pilot/ratings", json=answer(item)).status_code == 409
    assert other.get(item["suggestion"]).status_code == 404


def test_a_closed_study_takes_no_more(pilot):
    """Breaks when ratings come in after the arms were made known."""
    studies, _, app = pilot
    client = joined(app)
    [item] = upcoming(client)
    studies.close("pilot")
    reply = client.post("/api/study/pilot/ratings", json=answer(item))
    assert reply.status_code == 409
    assert "closed" in reply.json()["error"]
    assert client.get("/api/study/pilot/next").status_code == 409
    assert TestClient(app).post("/api/study/pilot/join", json={}).status_code == 409


def test_a_database_that_is_away_asks_for_another_try(pilot, tmp_path):
    """Breaks when a rating that was not saved is answered as anything but "try again"."""
    studies, study, app = pilot
    client = joined(app)
    [item] = upcoming(client)
    sent = answer(item)
    for table in ("ratings", "studies"):
        with sqlite3.connect(tmp_path / "ratings.sqlite") as other:
            other.execute(f"alter table {table} rename to away")
        assert client.post("/api/study/pilot/ratings", json=sent).status_code == 503
        with sqlite3.connect(tmp_path / "ratings.sqlite") as other:
            other.execute(f"alter table away rename to {table}")
    assert client.post("/api/study/pilot/ratings", json=sent).status_code == 200
    assert len(studies.ratings.current(study.id)) == 1


# --- blind ----------------------------------------------------------------------------------------------


def test_nothing_tells_the_arm(pilot):
    """Breaks when a page, an address, a header or a byte of a picture says which arm an item is of."""
    studies, study, app = pilot
    client = joined(app)
    paths = [
        "/study/pilot",
        "/api/study/pilot",
        "/web/rater.js",
        "/web/study.css",
        "/api/study/pilot/next?count=20",
    ]
    items = upcoming(client, 20)
    assert len(items) >= 10
    for item in items:
        paths += [item["canvas"], item["suggestion"]]
        client.post("/api/study/pilot/ratings", json=answer(item))
    hidden = [*SECRETS, *(item.id for item in studies.items(study)), study.id, str(tmp := studies.folder)]
    hidden += [canvas.id for canvas in study.canvases]
    for path in paths:
        reply = client.get(path)
        assert reply.status_code == 200
        told = f"{reply.url} {reply.headers}".encode() + reply.content
        found = [word for word in hidden if word.encode() in told]
        assert not found, (path, found)
        assert not {"last-modified", "etag", "content-disposition"} & set(reply.headers) or path.startswith(
            "/web/"
        )
    pictures = [client.get(item["suggestion"]) for item in items]
    assert {frozenset(picture.headers) for picture in pictures} == {frozenset(pictures[0].headers)}
    for picture in pictures:
        with Image.open(io.BytesIO(picture.content)) as image:
            image.load()
            assert image.info == {}
    assert tmp.is_dir()


def test_the_same_page_for_every_rater_and_item(pilot):
    """Breaks when an item's fields differ by arm, so that a script could tell them apart."""
    client = joined(pilot[2])
    shapes = {tuple((name, type(value)) for name, value in item.items()) for item in upcoming(client, 20)}
    assert len(shapes) == 1
    names = {re.sub("[0-9a-f]{32}", "ID", item["suggestion"]) for item in upcoming(client, 20)}
    assert names == {"/api/study/pilot/pictures/ID/suggestion.png"}


@pytest.mark.bench
def test_nothing_acknowledged_is_lost(capsys):
    """Fifty raters, three minutes, the server killed three times: each acknowledged rating is there once."""
    found = simulate(180, raters=50, kills=3)
    with capsys.disabled():
        print("\n" + ", ".join(f"{name} {value:,.0f}" for name, value in found.items()))
