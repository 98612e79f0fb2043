"""What the page asks for beside Gradio's own events: canvases, pictures, ratings, health.

Plain HTTP, so that a rating is one small POST which a browser can repeat, and pictures are ordinary files
with ids for names. Also the door: it limits the size of what comes in, says which origins may post, tells
raters apart by a random cookie and sends the headers that keep the page to itself.
"""

from __future__ import annotations

import json
import re
import secrets
from collections.abc import Callable
from concurrent.futures import Future
from functools import partial
from http.cookies import CookieError, SimpleCookie
from io import BytesIO
from pathlib import Path
from urllib.parse import urlsplit

from fastapi import APIRouter, HTTPException, Request
from fastapi.concurrency import run_in_threadpool
from fastapi.responses import FileResponse, JSONResponse, Response
from PIL import Image

from pipeline.canvas import MAX_BYTES, Canvas, CanvasError, open_canvas, place_on_canvas
from pipeline.shelf import Shelf
from pipeline.store.ratings import Rating, Ratings, RatingsError
from pipeline.studio import Studio

COOKIE = "tinymuse_rater"
YEAR = 365 * 24 * 3600
MAX_JSON = 1_000_000
FOREVER = {"Cache-Control": "private, max-age=86400, immutable"}
HEADERS = {
    "Content-Security-Policy": (
        # Gradio compiles its HTML templates in the browser, hence the two unsafe words.
        "default-src 'self'; script-src 'self' 'unsafe-inline' 'unsafe-eval'; "
        "style-src 'self' 'unsafe-inline'; img-src 'self' data: blob:; font-src 'self' data:; "
        "connect-src 'self'; worker-src 'self' blob:; "
        "object-src 'none'; base-uri 'self'; form-action 'self'"
    ),
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
}


def routes(studio: Future[Studio], shelf: Shelf, ratings: Ratings, samples: Path) -> APIRouter:
    """All routes; `studio` may still be loading."""
    router = APIRouter()

    @router.get("/healthz")
    def healthz() -> dict:
        return {"ok": True, "ready": studio.done() and studio.exception() is None}

    @router.get("/api/status")
    def status() -> dict:
        if not studio.done():
            return {"ready": False, "parts": {}}
        if error := studio.exception():
            return {"ready": False, "parts": {}, "error": f"TinyMuse cannot start its models. {error}"}
        return {"ready": True, "parts": studio.result().describe()}

    @router.post("/api/canvas")
    async def post_canvas(request: Request) -> Response:
        data = await request.body()
        try:
            return JSONResponse(await run_in_threadpool(_keep_canvas, data, shelf))
        except CanvasError as error:
            return _refused(422, str(error))

    @router.get("/api/canvas/{name}.png")
    def get_canvas(name: str) -> Response:
        return _file(shelf.canvas(name))

    @router.get("/api/pictures/{name}.png")
    def get_picture(name: str) -> Response:
        return _file(shelf.picture(name))

    @router.get("/api/placed/{name}.png")
    def get_alone(name: str) -> Response:
        return _file(shelf.picture(name))

    @router.get("/api/placed/{canvas}/{name}.png")
    def get_placed(canvas: str, name: str) -> Response:
        page, picture, about = shelf.canvas(canvas), shelf.picture(name), shelf.about(name)
        if page is None or picture is None or about is None:
            return _file(None)
        if about["task"] == "T2T":  # a template is a whole design: it takes the canvas's place
            return _file(picture)
        with Image.open(page) as below, Image.open(picture) as above:
            placed = place_on_canvas(Canvas(below.convert("RGB"), ""), above.convert("RGB"))
        buffer = BytesIO()
        placed.save(buffer, "PNG")
        return Response(buffer.getvalue(), media_type="image/png", headers=FOREVER)

    @router.post("/api/ratings")
    async def post_rating(request: Request) -> Response:
        try:
            said = json.loads(await request.body())
            rating = partial(
                Rating,
                **{name: said[name] for name in ("id", "accepted", "relevance", "correctness")},
                candidate_id=said["candidate"],
                rater=request.state.rater,
            )
            about = shelf.about(said["candidate"])
        except (ValueError, KeyError, TypeError):
            return _refused(
                422, "This is no rating: id, candidate, accepted, relevance, correctness are needed."
            )
        if about is None:
            return _refused(
                404, "This candidate is not kept any more, so it cannot be rated. Press Suggest again."
            )
        return await run_in_threadpool(_record, rating, about, shelf, ratings)

    @router.get("/samples/{file}")
    def get_sample(file: str) -> Response:
        path = samples / file
        known = path.parent == samples and path.suffix in (".png", ".jpg", ".webp") and path.is_file()
        return _file(path if known else None)

    return router


def _keep_canvas(data: bytes, shelf: Shelf) -> dict:
    canvas = open_canvas(data, "")
    assert canvas.image is not None
    return canvas_record(shelf.put_canvas(canvas.image), canvas, "")


def canvas_record(name: str, canvas: Canvas, title: str) -> dict:
    """The value of the drop zone for a canvas on the shelf."""
    assert canvas.image is not None
    width, height = canvas.image.size
    return {"id": name, "width": width, "height": height, "name": title, "notes": list(canvas.notes)}


def _record(rating: Callable[..., Rating], about: dict, shelf: Shelf, ratings: Ratings) -> Response:
    """The picture is kept first: a crash between the two leaves no rating without its picture."""
    asked = ("prompt", "task", "topic", "design_type", "style", "length", "words", "seed", "renderer", "slm")
    try:
        made = rating(**{name: about[name] for name in asked}, objects=tuple(about["objects"]))
    except RatingsError as error:
        return _refused(422, str(error))
    try:
        shelf.keep(made.candidate_id)
        ratings.record(made)
    except (RatingsError, OSError) as error:
        return _refused(503, str(error))
    return JSONResponse({"saved": True})


def _file(path: Path | None) -> Response:
    if path is None:
        return _refused(404, "This picture is not kept any more.")
    return FileResponse(path, headers=FOREVER)


def _refused(status: int, reason: str) -> JSONResponse:
    return JSONResponse({"error": reason}, status_code=status)


class Door:
    """ASGI middleware around everything, Gradio included."""

    def __init__(self, app: Callable) -> None:
        self.app = app

    async def __call__(self, scope: dict, receive: Callable, send: Callable) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        headers = {
            name.decode("latin-1").lower(): value.decode("latin-1") for name, value in scope["headers"]
        }
        rater = _rater(headers.get("cookie", ""))
        scope.setdefault("state", {})["rater"] = rater or secrets.token_hex(16)
        limit = MAX_BYTES if scope["path"] == "/api/canvas" else MAX_JSON
        too_large = f"This is too large: at most {limit / 1e6:.0f} MB are taken."
        refusal = None
        if scope["method"] == "POST" and _foreign(headers):
            refusal = _refused(403, "This request comes from another site.")
        elif int(headers.get("content-length", "0") or "0") > limit:
            refusal = _refused(413, too_large)
        if refusal is not None:
            await refusal(scope, receive, send)
            return

        taken = 0

        async def limited() -> dict:
            nonlocal taken
            message = await receive()
            taken += len(message.get("body", b""))
            if taken > limit:  # a body that came without its length, in pieces
                raise HTTPException(413, too_large)
            return message

        async def dressed(message: dict) -> None:
            if message["type"] == "http.response.start":
                extra = [(name.encode(), value.encode()) for name, value in HEADERS.items()]
                if rater is None and scope["path"] in ("/", "/api/ratings"):
                    secure = "; Secure" if scope["scheme"] == "https" else ""
                    value = f"{COOKIE}={scope['state']['rater']}"
                    cookie = f"{value}; Max-Age={YEAR}; Path=/; HttpOnly; SameSite=Lax{secure}"
                    extra.append((b"set-cookie", cookie.encode()))
                message = message | {"headers": [*message["headers"], *extra]}
            await send(message)

        await self.app(scope, limited, dressed)


def _rater(cookies: str) -> str | None:
    """The rater's id from the cookie header, when it is one of ours."""
    try:
        morsel = SimpleCookie(cookies).get(COOKIE)
    except CookieError:
        return None
    return morsel.value if morsel and re.fullmatch(r"[0-9a-f]{32}", morsel.value) else None


def _foreign(headers: dict[str, str]) -> bool:
    """Whether a browser says that the request was made by a page of another site."""
    origin = headers.get("origin")
    return bool(origin) and urlsplit(origin).netloc != headers.get(
        "x-forwarded-host", headers.get("host", "")
    )
