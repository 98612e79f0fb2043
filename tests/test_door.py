"""Who comes in over HTTP, how large, how fast, and what Gradio's part may not do."""

import io
import re
import stat
import uuid
from concurrent.futures import Future
from pathlib import Path

import pytest
from fastapi import FastAPI, Request
from fastapi.testclient import TestClient

from pipeline.models import Models
from pipeline.shelf import Shelf
from pipeline.store.database import open_store
from pipeline.study.studies import Studies
from ui.door import COOKIE, RATER_PACE, Door, peer_of
from ui.pace import Buckets
from ui.page import build_app
from ui.seal import Seal

SAMPLES = Path(__file__).resolve().parents[1] / "assets" / "samples"
KEY = b"k" * 32


@pytest.fixture(scope="module")
def whole(tmp_path_factory):
    """The whole application while its models load: enough for everything the door does."""
    folder = tmp_path_factory.mktemp("door")
    studies = Studies(open_store(f"sqlite:///{folder / 'ratings.sqlite'}"), folder)
    models = Models(studies.ratings.store, folder)
    return build_app(Future(), Shelf(folder), studies, models, SAMPLES, Seal.at(folder))


@pytest.fixture
def client(whole):
    return TestClient(whole)


def small(**options) -> FastAPI:
    """The door around an application that says who asks."""
    app = FastAPI()
    app.add_middleware(Door, seal=Seal(KEY), **options)

    @app.post("/api/ratings")
    async def post(request: Request) -> dict:
        await request.body()
        return {"rater": request.state.rater, "peer": request.state.peer}

    return app


# --- who ------------------------------------------------------------------------------------------------


def test_raters_are_told_apart_by_a_signed_cookie():
    """Breaks when two people count as one, or a script can choose who it is."""
    app = small()
    one, other = TestClient(app), TestClient(app)
    reply = one.post("/api/ratings")
    assert "HttpOnly" in reply.headers["set-cookie"]
    assert "SameSite=Lax" in reply.headers["set-cookie"]
    again = one.post("/api/ratings")
    assert "set-cookie" not in again.headers
    assert again.json()["rater"] == reply.json()["rater"] != other.post("/api/ratings").json()["rater"]


@pytest.mark.parametrize(
    "token",
    [
        "<script>",
        "0" * 32,
        "0" * 32 + "." + "0" * 32,
        "",
        ".",
        "\xfc",
        Seal(b"x" * 32).sign("rater", "0" * 32),
    ],
)
def test_a_made_up_cookie_counts_for_nothing(token):
    """Breaks when anyone can rate in another's name, or as a thousand people of their own making."""
    client = TestClient(small())
    reply = client.post("/api/ratings", headers={"cookie": f"{COOKIE}={token}".encode("latin-1")})
    assert re.fullmatch("[0-9a-f]{32}", reply.json()["rater"])
    assert reply.json()["rater"] != "0" * 32
    assert "set-cookie" in reply.headers


def test_the_key_is_made_once_and_for_its_owner_alone(tmp_path):
    """Breaks when a restart makes every rater a new person, or others on the machine can read the key."""
    token = Seal.at(tmp_path).sign("rater", "someone")
    assert Seal.at(tmp_path).opened("rater", token) == "someone"
    assert Seal.at(tmp_path).opened("admin", token) is None
    assert stat.S_IMODE((tmp_path / "cookies.key").stat().st_mode) == 0o600
    (tmp_path / "cookies.key").write_bytes(b"")
    with pytest.raises(ValueError, match="Delete it"):
        Seal.at(tmp_path)


def test_forwarded_headers_are_believed_only_of_a_proxy_one_named():
    """Breaks when a client can pretend to come from elsewhere, and so escape the limits."""
    forwarded = {"x-forwarded-for": "6.6.6.6, 203.0.113.9", "x-forwarded-host": "elsewhere.example"}
    assert TestClient(small()).post("/api/ratings", headers=forwarded).json()["peer"] == "testclient"
    behind = TestClient(small(public_url="https://study.example"))
    assert behind.post("/api/ratings", headers=forwarded).json()["peer"] == "203.0.113.9"
    cross = forwarded | {"origin": "https://elsewhere.example"}
    assert TestClient(small()).post("/api/ratings", headers=cross).status_code == 403
    assert peer_of({"client": ("2001:db8::5", 1)}, "") == peer_of({"client": ("2001:db8::6", 1)}, "")


def test_behind_a_proxy_its_pages_may_post_and_the_cookie_needs_https():
    """Breaks when a study behind https refuses its own page, or its cookie travels in the clear."""
    behind = TestClient(small(public_url="https://study.example"))
    reply = behind.post("/api/ratings", headers={"origin": "https://study.example", "host": "127.0.0.1"})
    assert reply.status_code == 200
    assert "Secure" in reply.headers["set-cookie"]
    assert "Secure" not in TestClient(small()).post("/api/ratings").headers["set-cookie"]


@pytest.mark.parametrize("origin", ["https://elsewhere.example", "null", "", "http://testserver:81"])
@pytest.mark.parametrize("options", [{}, {"public_url": "https://study.example"}])
def test_pages_of_other_sites_are_refused(origin, options):
    """Breaks when any web page a rater visits could rate in their name."""
    client = TestClient(small(**options))
    assert client.post("/api/ratings", headers={"origin": origin}).status_code == 403
    assert client.post("/api/ratings", headers={"origin": "http://testserver"}).status_code == 200


# --- how much, how fast -----------------------------------------------------------------------------------


def test_what_is_too_large_is_refused(client):
    """Breaks when one request can fill the memory."""
    assert client.post("/api/ratings", content=b"x" * 1_100_000).status_code == 413
    assert client.post("/api/canvas", content=b"x" * 25_100_000).status_code == 413
    assert client.post("/gradio_api/queue/join", content=b"x" * 1_100_000).status_code == 413
    pieces = (b"x" * 100_000 for _ in range(20))  # sent without a length
    assert client.post("/api/ratings", content=pieces).status_code == 413


def test_a_bucket_empties_and_fills():
    """Breaks when a limit never ends, or lets everything pass."""
    now = [0.0]
    buckets = Buckets(rate=2, burst=3, clock=lambda: now[0])
    assert [buckets.take("a") for _ in range(4)] == [0, 0, 0, 0.5]
    assert buckets.take("b") == 0
    now[0] = 0.5
    assert [buckets.take("a"), buckets.take("a")] == [0, 0.5]
    now[0] = 100.0
    assert [buckets.take("a") for _ in range(4)] == [0, 0, 0, 0.5]


def test_a_script_is_slowed_down_and_told_for_how_long():
    """Breaks when one rater can flood the server, or is refused without a word on when to come back."""
    app = small()
    client, neighbour = TestClient(app), TestClient(app)
    client.post("/api/ratings")
    replies = [client.post("/api/ratings") for _ in range(RATER_PACE[1] + 40)]
    late = [reply for reply in replies if reply.status_code == 429]
    assert late
    assert int(late[0].headers["retry-after"]) >= 1
    assert "Try again in" in late[0].json()["error"]
    assert neighbour.post("/api/ratings").status_code == 200  # of the same address, as in a classroom


def test_a_classroom_behind_one_address_can_rate():
    """Breaks when forty people behind one router, who all post at once, hinder each other."""
    app = small()
    room = [TestClient(app) for _ in range(40)]
    assert {each.post("/api/ratings").status_code for _ in range(3) for each in room} == {200}


# --- Gradio's part ---------------------------------------------------------------------------------------


def test_no_page_of_another_origin_may_read(client):
    """Breaks when Gradio answers every origin, credentials included, as it does by default."""
    origin = {"origin": "https://elsewhere.example"}
    for path in ("/", "/config", "/api/status", "/gradio_api/info"):
        assert "access-control-allow-origin" not in client.get(path, headers=origin).headers
    asks = origin | {"access-control-request-method": "POST"}
    assert "access-control-allow-origin" not in client.options("/api/ratings", headers=asks).headers
    assert client.post("/gradio_api/queue/join", json={}, headers=origin).status_code == 403


def test_the_queue_cannot_be_skipped(client):
    """Breaks when a script can run any number of jobs at once, past the queue and its limits."""
    events = client.get("/config").json()["dependencies"]
    queued = [each["api_name"] for each in events if each["backend_fn"] and each["queue"] is not False]
    assert queued
    for name in queued:
        for verb in ("run", "api"):
            assert client.post(f"/gradio_api/{verb}/{name}", json={"data": []}).status_code == 404, name


def test_gradio_reports_to_nobody_and_remembers_no_runs(client):
    """Breaks when the page sends figures of its use elsewhere, or shows one person's runs to another."""
    config = client.get("/config").json()
    assert config["analytics_enabled"] is False
    assert client.get("/monitoring").status_code in (401, 403, 404)
    assert client.get("/monitoring/summary").status_code in (401, 403, 404)
    assert client.get("/gradio_api/runs").status_code == 404
    assert client.get("/gradio_api/run-history/buckets").status_code == 404
    assert not config.get("show_error")


@pytest.mark.parametrize(
    "path",
    [
        "/gradio_api/file=http://192.0.2.1/x.png",
        "/gradio_api/file=HTTPS://192.0.2.1/x.png",
        "/gradio_api/file%3Dhttps://192.0.2.1/x.png",
        "/gradio_api/file/https://192.0.2.1/x.png",
        "/gradio_api/proxy=https://192.0.2.1/x.png",
        "/gradio_api/file=/etc/passwd",
        "/gradio_api/file=ui/door.py",
        "/web/..%2fdoor.py",
    ],
)
def test_nothing_is_fetched_for_anyone(client, path):
    """Breaks when the server can be used to reach other machines, or to read its own files."""
    assert client.get(path).status_code in (403, 404)


def test_gradio_takes_no_files(client):
    """Breaks when files can be left on the server that no part of the page takes."""
    assert client.post("/gradio_api/upload", files={"files": ("a.png", io.BytesIO(b"x"))}).status_code == 404


def test_pages_keep_to_themselves(client):
    """Breaks when a page may load or send anything to another site, or leaks its address."""
    headers = client.get("/").headers
    assert "default-src 'self'" in headers["content-security-policy"]
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["referrer-policy"] == "same-origin"
    refused = client.post("/api/ratings", json={"id": str(uuid.uuid4())}, headers={"origin": "null"})
    assert refused.headers["x-content-type-options"] == "nosniff"
