"""What the page asks for beside Gradio's own events: canvases, pictures, ratings, health.

Plain HTTP, so that a rating is one small POST which a browser can repeat, and pictures are ordinary files
with ids for names.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from concurrent.futures import Future
from functools import partial
from io import BytesIO
from pathlib import Path

from fastapi import APIRouter, Request
from fastapi.concurrency import run_in_threadpool
from fastapi.responses import FileResponse, JSONResponse, Response
from PIL import Image

from pipeline.canvas import Canvas, CanvasError, open_canvas, place_on_canvas
from pipeline.shelf import Shelf
from pipeline.store.ratings import Rating, Ratings, RatingsError
from pipeline.studio import Studio
from ui import VERSION
from ui.door import refused

FOREVER = {"Cache-Control": "private, max-age=86400, immutable"}


def routes(studio: Future[Studio], shelf: Shelf, ratings: Ratings, samples: Path) -> APIRouter:
    """All routes; `studio` may still be loading."""
    router = APIRouter()

    @router.get("/healthz")
    def healthz() -> dict:
        return {"ok": True}

    @router.get("/readyz")
    def readyz() -> Response:
        if not studio.done():
            return refused(503, "The models are loading.")
        if error := studio.exception():
            return refused(503, f"The models cannot be loaded. {error}")
        return JSONResponse({"ready": True})

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
            return refused(422, str(error))

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
                **{name: said[name] for name in ("position", "seconds", "device") if name in said},
                candidate_id=said["candidate"],
                rater=request.state.rater,
                app=VERSION,
            )
            about = shelf.about(said["candidate"])
        except (ValueError, KeyError, TypeError):
            return refused(
                422, "This is no rating: id, candidate, accepted, relevance, correctness are needed."
            )
        if about is None:
            return refused(
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
        return refused(422, str(error))
    try:
        shelf.keep(made.candidate_id)
        ratings.record(made)
    except (RatingsError, OSError) as error:
        return refused(503, str(error))
    return JSONResponse({"saved": True})


def _file(path: Path | None) -> Response:
    if path is None:
        return refused(404, "This picture is not kept any more.")
    return FileResponse(path, headers=FOREVER)
