"""The API for programs: the whole job by HTTP, refusals in words, a closed connection that ends the run."""

import http.client
import json
import threading
import time
from concurrent.futures import Future

import pytest
import uvicorn
from fastapi import FastAPI
from fastapi.testclient import TestClient
from PIL import Image

from pipeline.recipe import Picture
from pipeline.render import Stopped
from pipeline.render.illustrator import Illustrator
from pipeline.shelf import Shelf
from pipeline.studio import Studio
from ui.api import MAX_RUNS, api_routes

MARKET = "Farmers market this Saturday"


def app_of(studio, folder):
    app, loaded = FastAPI(), Future()
    if studio is not None:
        loaded.set_result(studio)
    shelf = Shelf(folder)
    app.include_router(api_routes(loaded, shelf))
    return app, shelf


def post(client, **order):
    answer = client.post("/api/suggest", content=json.dumps(order))
    assert answer.status_code == 200, answer.text
    return [json.loads(line) for line in answer.text.splitlines()]


def test_an_order_becomes_pictures(studio, tmp_path):
    """Breaks when a program cannot do by HTTP what the page does."""
    app, shelf = app_of(studio, tmp_path)
    canvas = shelf.put_canvas(Image.new("RGB", (300, 400), "#f6e2c0"))
    lines = post(
        TestClient(app),
        canvas=canvas,
        text=MARKET,
        task="T2I",
        length=10,
        candidates=2,
        seed=3,
        topic="bakery",
    )
    assert [line["event"] for line in lines if line["event"] != "drawing"] == [
        "understood", "written", "drawn", "drawn", "done",
    ]  # fmt: skip
    assert lines[0]["intent"]["topic"] == {"value": "bakery", "confidence": 1.0, "source": "person"}
    drawn = [line for line in lines if line["event"] == "drawn"]
    assert [one["prompt"] for one in drawn] == [one["prompt"] for one in lines[1]["prompts"]]
    for one in drawn:
        assert one["picture"] == f"/api/pictures/{one['id']}.png"
        with Image.open(shelf.picture(one["id"])) as image:
            assert list(image.size) == one["size"]


@pytest.mark.parametrize(
    ("body", "status", "says"),
    [
        (b"", 422, "JSON object"),
        (b"[" * 100_000, 422, "JSON object"),
        (b"[]", 422, "JSON object"),
        (b"{}", 422, "empty"),
        (b'{"text": "x", "size": 3}', 422, "Unknown in an order: size"),
        (b'{"text": "x", "length": "many"}', 422, "length"),
        (b'{"text": "x", "length": 100}', 422, "length"),
        (b'{"text": "x", "task": "T2X"}', 422, "task"),
        (b'{"text": "x", "objects": "cat"}', 422, "objects"),
        (b'{"text": "x", "box": [1, 2]}', 422, "box"),
        (b'{"text": "party", "strength": 0.5}', 422, "words alone"),
        (json.dumps({"text": "x", "topic": "x" * 81}).encode(), 422, "at most 80"),
        (b'{"canvas": "../../etc/passwd"}', 404, "not kept"),
        (b'{"canvas": "' + b"0" * 32 + b'"}', 404, "not kept"),
    ],
)
def test_what_cannot_be_done_is_refused_in_words(studio, tmp_path, body, status, says):
    """Breaks when a wrong order ends in a server error, or its reason is lost."""
    app, _ = app_of(studio, tmp_path)
    answer = TestClient(app, raise_server_exceptions=False).post("/api/suggest", content=body)
    assert answer.status_code == status, answer.text
    assert says in answer.json()["error"]


def test_while_the_models_load_it_says_so(tmp_path):
    """Breaks when a program that starts with the app hangs or crashes it."""
    app, _ = app_of(None, tmp_path)
    answer = TestClient(app).post("/api/suggest", content=b'{"text": "party"}')
    assert (answer.status_code, answer.json().keys()) == (503, {"error"})


class Endless(Illustrator):
    """Draws until it is stopped."""

    def __init__(self):
        super().__init__()
        self.at_work = 0

    def draw(self, recipe, *, canvas=None, on_step=None, stop=None):
        self.at_work += 1
        try:
            while not stop.wait(0.05):
                on_step(1, 2)
        finally:
            self.at_work -= 1
        raise Stopped


class Broken(Illustrator):
    def draw(self, recipe, **rest):
        return Picture(Image.new("RGB", (8, 8)), svg=b"not a text")


@pytest.fixture
def serve():
    """Serves an app on a port of its own; the servers end with the test."""
    servers = []

    def start(app):
        server = uvicorn.Server(uvicorn.Config(app, port=0, log_level="error"))
        thread = threading.Thread(target=server.run, daemon=True)
        thread.start()
        while not server.started:
            assert thread.is_alive()
            time.sleep(0.02)
        servers.append((server, thread))
        return server.servers[0].sockets[0].getsockname()[1]

    yield start
    for server, thread in servers:
        server.should_exit = server.force_exit = True
        thread.join(10)


def test_a_closed_connection_ends_the_run_and_frees_its_place(studio, tmp_path, serve):
    """Breaks when programs that go away leave runs behind until nobody can start one."""
    endless = Endless()
    app, _ = app_of(Studio(studio.detector, studio.writer, endless, studio.template), tmp_path)
    port = serve(app)

    def open_run():
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
        connection.request(
            "POST", "/api/suggest", body=json.dumps({"text": MARKET, "length": 8, "candidates": 1})
        )
        answer = connection.getresponse()
        line = answer.readline() if answer.status == 200 else answer.read()
        return connection, answer, line

    runs = [open_run() for _ in range(MAX_RUNS)]
    assert {answer.status for _, answer, _ in runs} == {200}
    _, refused, said = open_run()
    assert refused.status == 503
    assert b"Too many runs" in said
    for connection, answer, _ in runs:
        answer.close()
        connection.close()
    deadline = time.monotonic() + 30
    while True:
        connection, answer, _ = open_run()
        if answer.status == 200:
            break
        assert time.monotonic() < deadline, "the runs of closed connections go on"
        time.sleep(0.1)
    answer.close()
    connection.close()
    while endless.at_work:
        assert time.monotonic() < deadline, "the renderer goes on for nobody"
        time.sleep(0.05)


def test_an_error_in_the_middle_is_the_last_line(studio, tmp_path):
    """Breaks when a program waits for a run that died."""
    app, _ = app_of(Studio(studio.detector, studio.writer, Broken(), studio.template), tmp_path)
    lines = post(TestClient(app), text=MARKET, length=8, candidates=1)
    assert lines[-1]["event"] == "error"
    assert "TypeError" in lines[-1]["error"]
