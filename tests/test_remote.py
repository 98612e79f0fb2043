"""The remote renderer against a real HTTP server that answers as the services do."""

import base64
import contextlib
import http.server
import io
import json
import threading
import time

import pytest
from PIL import Image

from pipeline.recipe import Recipe
from pipeline.render import RendererError, Stopped, remote
from pipeline.render.choose import choose_renderer
from pipeline.render.remote import Remote

KEY = "sk-very-secret"
RECIPE = Recipe("A red balloon.", seed=7, size=(300, 200))


def png(size, color="red"):
    buffer = io.BytesIO()
    Image.new("RGB", size, color).save(buffer, "PNG")
    return buffer.getvalue()


def error(code, message):
    return {"error": {"code": code, "message": message}}


class Service(http.server.BaseHTTPRequestHandler):
    """Answers by the name of the model; keeps what it was asked."""

    def do_POST(self):
        asked = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        seen = self.server.seen
        seen.append((self.path, asked, self.headers.get("Authorization")))
        model, times = asked.get("model"), len(seen)
        size = tuple(map(int, asked["size"].split("x")))
        picture = {"data": [{"b64_json": base64.b64encode(png(size)).decode()}]}
        if model == "by-url":
            self.answer(200, {"data": [{"url": "/files/a.png"}]})
        elif model == "strict":  # takes the three standard sizes, and no seed
            if "seed" in asked:
                self.answer(400, error("unknown_parameter", "Unknown parameter: 'seed'."))
            elif asked["size"] not in ("1024x1024", "1536x1024", "1024x1536"):
                self.answer(400, error("invalid_value", "Invalid value: 'size' must be one of ..."))
            else:
                self.answer(200, {"data": [picture["data"][0] | {"revised_prompt": "A balloon, in red"}]})
        elif model == "busy-twice" and times < 3:
            self.answer(429 if times == 1 else 503, {}, {"Retry-After": "0"})
        elif model == "always-busy":
            self.answer(429, error("rate_limit_exceeded", "Slow down."), {"Retry-After": "0"})
        elif model == "poor":
            self.answer(429, error("insufficient_quota", "You exceeded your current quota."))
        elif model == "moderated":
            self.answer(400, error("moderation_blocked", "Your request was rejected by the safety system."))
        elif model == "wrong-key":
            self.answer(401, error("invalid_api_key", f"Incorrect API key provided: {KEY}."))
        elif model == "unknown":
            self.answer(404, error("model_not_found", "The model 'unknown' does not exist."))
        elif model == "talkative":
            self.answer(422, {"detail": f"prompt is odd, dear {KEY}"})
        elif model == "slow":
            time.sleep(20)
        elif model == "no-picture":
            self.answer(200, {"data": [{"b64_json": base64.b64encode(b"<html>").decode()}]})
        elif model == "no-data":
            self.answer(200, {"data": []})
        elif model == "no-json":
            self.answer(200, b"<html>hello</html>")
        elif model == "huge":
            self.answer(200, b" " * 60_000_000)
        else:
            self.answer(200, picture)

    def do_GET(self):
        self.server.seen.append((self.path, None, self.headers.get("Authorization")))
        if self.path == "/files/a.png":
            self.answer(200, png((64, 64), "blue"))
        else:
            self.answer(404, {})

    def answer(self, status, body, headers=()):
        data = body if isinstance(body, bytes) else json.dumps(body).encode()
        self.send_response(status)
        for name, value in dict(headers).items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(data)))
        self.end_headers()
        self.wfile.write(data)

    def handle(self):
        with contextlib.suppress(BrokenPipeError, ConnectionResetError):  # the client went away, as it should
            super().handle()

    def log_message(self, *arguments):
        pass


@pytest.fixture
def service(monkeypatch):
    """The server's address and what it was asked; the key stands in the environment."""
    monkeypatch.setenv("TINYMUSE_IMAGES_KEY", KEY)
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Service)
    server.daemon_threads = True
    server.seen = []
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}/v1", server.seen
    server.shutdown()
    server.server_close()


def test_a_prompt_becomes_a_picture(service):
    """Breaks when the request is not what such services read, or the picture has another size than asked."""
    address, seen = service
    renderer = choose_renderer(f"{address}#any")
    picture = renderer.draw(RECIPE)
    assert (picture.image.size, picture.image.mode, picture.notes) == ((300, 200), "RGB", ())
    assert picture.image.getpixel((9, 9)) == (255, 0, 0)
    path, asked, key = seen[0]
    assert (path, key) == ("/v1/images/generations", f"Bearer {KEY}")
    assert asked == {"model": "any", "prompt": "A red balloon.", "n": 1, "size": "304x192", "seed": 7}
    assert renderer.name.endswith("#any)")
    assert KEY not in renderer.describe() + renderer.name
    Remote(address).draw(RECIPE)
    assert "model" not in seen[-1][1]


def test_a_picture_given_by_its_address_is_fetched_without_the_key(service):
    """Breaks when such an answer is not understood, or the key is handed to whoever keeps the pictures."""
    address, seen = service
    picture = Remote(f"{address}#by-url").draw(RECIPE)
    assert picture.image.getpixel((9, 9)) == (0, 0, 255)
    assert seen[-1] == ("/files/a.png", None, None)


def test_what_a_service_does_not_take_is_left_out_and_said(service):
    """Breaks when a service with fixed sizes and no seeds draws nothing, or the person is not told."""
    address, seen = service
    renderer = Remote(f"{address}#strict")
    picture = renderer.draw(RECIPE)
    assert picture.image.size == (300, 200)
    assert "no seed" in picture.notes[0]
    assert "A balloon, in red" in picture.notes[1]
    assert [asked["size"] for _, asked, _ in seen] == ["304x192", "304x192", "1536x1024"]
    renderer.draw(Recipe("x", size=(200, 300)))
    assert len(seen) == 4, "what was learnt is forgotten"
    assert seen[-1][1]["size"] == "1024x1536"


def test_a_busy_service_is_asked_again(service):
    """Breaks when one busy moment costs a candidate, or a refusal is asked again and again."""
    address, seen = service
    assert Remote(f"{address}#busy-twice").draw(RECIPE).image.size == (300, 200)
    assert len(seen) == 3
    with pytest.raises(RendererError, match="too many requests"):
        Remote(f"{address}#always-busy").draw(RECIPE)
    assert len(seen) == 3 + remote.TRIES
    with pytest.raises(RendererError, match="no credit"):
        Remote(f"{address}#poor").draw(RECIPE)
    assert len(seen) == 4 + remote.TRIES


@pytest.mark.parametrize(
    ("model", "says"),
    [
        ("moderated", "for its content"),
        ("wrong-key", "TINYMUSE_IMAGES_KEY"),
        ("unknown", "no model 'unknown'"),
        ("talkative", "prompt is odd"),
        ("no-picture", "no picture"),
        ("no-data", "no picture"),
        ("no-json", "no picture"),
        ("huge", "too large"),
    ],
)
def test_every_refusal_is_one_clear_sentence_without_the_key(service, model, says):
    """Breaks when a refusal is a traceback, or the page shows the key."""
    with pytest.raises(RendererError, match=says) as caught:
        Remote(f"{service[0]}#{model}").draw(RECIPE)
    assert KEY not in str(caught.value)


def test_a_slow_service_is_given_up_and_stop_is_heard_at_once(service, monkeypatch):
    """Breaks when a service that hangs hangs the page, or Stop leaves a thread that waits for it."""
    renderer = Remote(f"{service[0]}#slow")
    stop = threading.Event()
    threading.Timer(0.3, stop.set).start()
    before = time.monotonic()
    with pytest.raises(Stopped):
        renderer.draw(RECIPE, stop=stop)
    assert time.monotonic() - before < 10, "Stop waited for the service"
    monkeypatch.setattr(remote, "ANSWER_SECONDS", 0.3)
    with pytest.raises(RendererError, match="within"):
        renderer.draw(RECIPE)
    assert len(service[1]) == 2, "a picture that may still come, and be charged, was asked for twice"


def test_a_service_that_is_not_there_is_told(monkeypatch):
    """Breaks when a wrong port ends in a traceback."""
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")
    monkeypatch.setattr(remote, "LONGEST_WAIT", 0.0)
    with pytest.raises(RendererError, match="cannot be reached"):
        Remote("http://127.0.0.1:9/v1").draw(RECIPE)


@pytest.mark.parametrize(
    ("address", "says"),
    [
        ("https:///v1", "no address"),
        ("https://me:secret@host/v1", "out of the address"),
        ("https://host/v1?key=secret", "out of the address"),
    ],
)
def test_a_wrong_address_is_refused(address, says):
    """Breaks when a key in the address ends up in names, records and logs."""
    with pytest.raises(RendererError, match=says):
        choose_renderer(address)
    with pytest.raises(RendererError, match="--offline"):
        choose_renderer("https://host/v1", offline=True)


def test_the_openai_key_goes_nowhere_in_clear(service, monkeypatch):
    """Breaks when a key that lies in the environment is sent to any machine on the local network."""
    address, seen = service
    monkeypatch.delenv("TINYMUSE_IMAGES_KEY")
    monkeypatch.setenv("OPENAI_API_KEY", KEY)
    Remote(address).draw(RECIPE)
    assert seen[-1][2] is None
