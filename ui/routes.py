"""What the page asks for beside Gradio's own events and pictures: ratings, health.

Plain HTTP, so that a rating is one small POST which a browser can repeat.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from concurrent.futures import Future
from functools import partial

from fastapi import APIRouter, Request
from fastapi.concurrency import run_in_threadpool
from fastapi.responses import JSONResponse, Response

from pipeline.shelf import Shelf
from pipeline.store.database import StoreError
from pipeline.store.ratings import Rating, Ratings, RatingsError
from pipeline.studio import Studio
from pipeline.study.questions import WORDING
from pipeline.study.studies import APP_VERSION
from ui.door import refused


def routes(studio: Future[Studio], shelf: Shelf, ratings: Ratings) -> APIRouter:
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
        ratings.find("")  # the database answers, or this is a 503, too
        return JSONResponse({"ready": True})

    @router.get("/api/status")
    def status() -> dict:
        if not studio.done():
            return {"ready": False, "parts": {}}
        if error := studio.exception():
            return {"ready": False, "parts": {}, "error": f"TinyMuse cannot start its models. {error}"}
        ready = studio.result()
        return {"ready": True, "parts": ready.describe(), "starts": ready.renderer.starts}

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
                app=APP_VERSION,
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

    return router


def _record(rating: Callable[..., Rating], about: dict, shelf: Shelf, ratings: Ratings) -> Response:
    """The picture is kept first: a crash between the two leaves no rating without its picture."""
    asked = ("prompt", "task", "topic", "design_type", "style", "length", "words", "seed", "renderer", "slm")
    told = {"canvas": about.get("canvas", ""), "wording": WORDING}  # shelves of before know no canvas
    try:
        made = rating(**{name: about[name] for name in asked}, objects=tuple(about["objects"]), **told)
    except RatingsError as error:
        return refused(422, str(error))
    try:
        shelf.keep(made.candidate_id)
        ratings.record(made)
    except (StoreError, OSError) as error:
        return refused(503, str(error))
    return JSONResponse({"saved": True})
