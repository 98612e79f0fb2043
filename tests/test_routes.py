"""What the page asks for over plain HTTP: canvases, pictures, ratings."""

import io
import uuid
from concurrent.futures import Future
from pathlib import Path

import pytest
from fastapi.testclient import TestClient
from PIL import Image

from pipeline.canvas import Canvas
from pipeline.models import Models
from pipeline.shelf import Shelf
from pipeline.store.database import open_store
from pipeline.studio import Drawn
from pipeline.study.questions import WORDING
from pipeline.study.studies import APP_VERSION, Studies
from slm.command import Task
from ui.page import build_app
from ui.seal import Seal

SAMPLES = Path(__file__).resolve().parents[1] / "assets" / "samples"


def png(size=(64, 48), color="red") -> bytes:
    buffer = io.BytesIO()
    Image.new("RGB", size, color).save(buffer, "PNG")
    return buffer.getvalue()


@pytest.fixture(scope="module")
def house(tmp_path_factory, studio):
    """The whole application without a network, its shelf, its ratings, and one candidate on the shelf."""
    folder = tmp_path_factory.mktemp("house")
    shelf, studies = Shelf(folder), Studies(open_store(f"sqlite:///{folder / 'ratings.sqlite'}"), folder)
    loaded: Future = Future()
    loaded.set_result(studio)
    steps = studio.run(Canvas(None, "Farmers market"), task=Task.T2I, length=10, candidates=1, seed=3)
    candidate = next(step.candidate for step in steps if isinstance(step, Drawn))
    shelf.put(candidate, Canvas(None, "Farmers market").id)
    models = Models(studies.ratings.store, folder)
    app = build_app(loaded, shelf, studies, models, SAMPLES, Seal.at(folder))
    return app, shelf, studies.ratings, candidate


@pytest.fixture
def client(house):
    return TestClient(house[0])


def rating(candidate, /, **changes):
    grades = {"accepted": True, "relevance": 3, "correctness": None}
    return {"id": str(uuid.uuid4()), "candidate": candidate.id} | grades | changes


def test_a_rating_is_stored_with_what_was_rated(house, client):
    """Breaks when a saved rating is not there, or the page can claim another prompt than was shown."""
    _, _, ratings, candidate = house
    sent = rating(candidate, prompt="another prompt", position=2, seconds=3.5, device="phone", app="9")
    assert client.post("/api/ratings", json=sent).json() == {"saved": True}
    stored = next(one for one, _ in ratings.history() if one.id == sent["id"])
    assert (stored.accepted, stored.relevance, stored.correctness) == (True, 3, None)
    assert (stored.prompt, stored.seed) == (candidate.recipe.prompt, candidate.recipe.seed)
    assert (stored.topic, stored.length, stored.words) == ("farmers market", 10, candidate.words)
    assert stored.slm == candidate.slm
    assert (stored.position, stored.seconds, stored.device, stored.app) == (2, 3.5, "phone", APP_VERSION)
    assert (stored.canvas, stored.wording) == (Canvas(None, "Farmers market").id, WORDING)


def test_a_retry_counts_once_and_a_changed_mind_supersedes(house, client):
    """Breaks when a repeated POST doubles a rating, or the first click stays the one that counts."""
    _, _, ratings, candidate = house
    first, second = rating(candidate), rating(candidate, accepted=False)
    for sent in (first, first, second, first):
        assert client.post("/api/ratings", json=sent).status_code == 200
    assert [one.id for one, _ in ratings.history()].count(first["id"]) == 1
    mine = [one for one in ratings.current() if one.rater == client.cookies["tinymuse_rater"].split(".")[0]]
    assert [one.accepted for one in mine] == [False]


@pytest.mark.parametrize(
    ("change", "status"),
    [
        ({"candidate": "0" * 32}, 404),
        ({"candidate": "../../ratings"}, 404),
        ({"candidate": 5}, 422),
        ({"id": "1"}, 422),
        ({"relevance": 4}, 422),
        ({"relevance": "3"}, 422),
        ({"correctness": 0}, 422),
        ({"accepted": "yes"}, 422),
        ({"seconds": -1}, 422),
        ({"device": "fridge"}, 422),
    ],
)
def test_what_is_no_rating_is_refused_with_a_reason(house, client, change, status):
    """Breaks when nonsense is stored as a rating, or answered with a traceback."""
    reply = client.post("/api/ratings", json=rating(house[3], **change))
    assert reply.status_code == status
    assert len(reply.json()["error"]) > 20


@pytest.mark.parametrize("body", [b"", b"{", b"[]", b"null", b'{"id": 1}', b"\xff"])
def test_a_body_that_is_no_json_is_refused(client, body):
    """Breaks when a broken request ends in a server error."""
    assert client.post("/api/ratings", content=body).status_code == 422


def test_a_canvas_is_checked_kept_and_given_back(client):
    """Breaks when an upload is served as it came, with whatever its file carried."""
    record = client.post("/api/canvas", content=png()).json()
    assert (record["width"], record["height"]) == (64, 48)
    back = client.get(f"/api/canvas/{record['id']}.png")
    assert back.headers["content-type"] == "image/png"
    assert Image.open(io.BytesIO(back.content)).size == (64, 48)


@pytest.mark.parametrize("body", [b"", b"hello", b"<svg xmlns='http://www.w3.org/2000/svg'/>", png()[:60]])
def test_what_is_no_picture_is_refused_with_advice(client, body):
    """Breaks when a bad file shows only "Error"."""
    reply = client.post("/api/canvas", content=body)
    assert reply.status_code == 422
    assert len(reply.json()["error"]) > 30


def test_a_candidate_is_placed_on_the_canvas(house, client):
    """Breaks when "put on canvas" loses the canvas's size or the picture, or ignores the person's box."""
    record = client.post("/api/canvas", content=png((800, 600), "white")).json()
    address = f"/api/placed/{record['id']}/{house[3].id}"
    placed = Image.open(io.BytesIO(client.get(f"{address}.png").content)).convert("RGB")
    assert placed.size == (800, 600)
    assert len(placed.getcolors(600 * 800) or []) > 10
    there = client.get(f"{address}.png", params={"box": "0,0,200,150"}).content
    right = Image.open(io.BytesIO(there)).convert("RGB").crop((200, 0, 800, 600))
    assert right.getcolors() == [(600 * 600, (255, 255, 255))]
    kept = client.post(address, params={"box": "0,0,200,150"}).json()
    assert (kept["width"], kept["height"]) == (800, 600)
    assert client.get(f"/api/canvas/{kept['id']}.png").status_code == 200
    place = client.get(f"/api/place/{record['id']}/{house[3].id}").json()
    left, top, right, bottom = place["box"]
    assert 0 <= left < right <= 800
    assert 0 <= top < bottom <= 600
    for box in ("1,2,3", "a,b,c,d", "0,0,900,900", "-5,0,100,100", "1e9,0,1,1", "5,5,6,6"):
        assert client.get(f"{address}.png", params={"box": box}).status_code == 422
    assert client.get(f"/api/placed/{'0' * 32}/{house[3].id}.png").status_code == 404
    assert client.get(f"/api/place/{'0' * 32}/{house[3].id}").status_code == 404


def test_a_download_brings_its_settings_back(house, client):
    """Breaks when a downloaded picture forgets what it was made from, or a shown one tells a blind rater."""
    candidate = house[3]
    shown = client.get(f"/api/pictures/{candidate.id}.png").content
    loaded = client.get(f"/api/download/{candidate.id}.png")
    assert loaded.headers["content-disposition"].startswith("attachment")
    assert candidate.recipe.prompt.encode() not in shown
    assert "settings" not in client.post("/api/canvas", content=shown).json()
    settings = client.post("/api/canvas", content=loaded.content).json()["settings"]
    assert (settings["topic"], settings["task"], settings["length"]) == ("farmers market", "T2I", 10)
    assert (settings["seed"], settings["candidates"]) == (3, 1)
    assert client.get(f"/api/download/{'0' * 32}.png").status_code == 404
    assert client.get(f"/api/download/{'0' * 32}.svg").status_code == 404


@pytest.mark.parametrize(
    "path",
    [
        "/api/pictures/..%2fratings.png",
        "/api/canvas/..%2f..%2fapp.png",
        "/samples/..%2fgraph.jsonl",
        "/samples/samples.json",
        "/samples/%2fetc%2fpasswd",
    ],
)
def test_no_other_file_can_be_reached(client, path):
    """Breaks when a made-up address reads a file of the server."""
    assert client.get(path).status_code in (404, 422)


def test_what_is_at_work_is_told(client):
    """Breaks when nobody can see which parts understand, write and draw, or a probe cannot ask."""
    assert client.get("/healthz").json() == {"ok": True}
    assert client.get("/readyz").json() == {"ready": True}
    assert set(client.get("/api/status").json()["parts"]) == {"Understanding", "Writing", "Drawing"}


def test_a_model_that_cannot_load_is_told_on_the_page(tmp_path):
    """Breaks when a missing model leaves the page "getting ready" for ever."""
    failed: Future = Future()
    failed.set_exception(ValueError("assets/slm holds no model. Train one."))
    studies = Studies(open_store(f"sqlite:///{tmp_path / 'r.sqlite'}"), tmp_path)
    models = Models(studies.ratings.store, tmp_path)
    app = build_app(failed, Shelf(tmp_path), studies, models, SAMPLES, Seal.at(tmp_path))
    client = TestClient(app)
    assert client.get("/readyz").status_code == 503
    assert client.get("/healthz").status_code == 200
    status = client.get("/api/status").json()
    assert not status["ready"]
    assert "assets/slm holds no model" in status["error"]
