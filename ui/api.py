"""The whole job over HTTP, for programs: an order is posted, steps come back as they happen.

    curl -s --data-binary @poster.png http://127.0.0.1:7860/api/canvas          {"id": "3f...", ...}
    curl -sN http://127.0.0.1:7860/api/suggest -d '{"canvas": "3f...", "text": "Jazz night", "length": 20}'

The order is JSON: `canvas` (an id from /api/canvas), and the fields of `pipeline.suggest.Order`, all of them
optional but for a canvas or a text. The answer is one JSON object a line, named by its `event`: understood,
written, waiting, drawing, drawn, failed, and at the end done or error. A drawn candidate says where its
picture is. Who closes the connection stops the run. What cannot be done is refused before any line, as
{"error": "..."}, with 422 for a wrong order, 503 while the models load or too many runs are under way.
"""

from __future__ import annotations

import json
import threading
from collections.abc import AsyncIterator, Iterator
from concurrent.futures import Future
from dataclasses import fields
from functools import partial

from anyio import to_thread
from fastapi import APIRouter, Request
from fastapi.responses import Response, StreamingResponse
from pydantic import TypeAdapter, ValidationError

from pipeline.canvas import CanvasError
from pipeline.shelf import Shelf
from pipeline.studio import Drawn, Step, Studio
from pipeline.suggest import Order, record_of, suggest
from pipeline.wish import StudioError
from ui.door import refused

MAX_RUNS = 8  # at once; each holds a thread while it waits
MAX_WORDS = 80  # characters of a topic, an object, a design type, a style

_ORDER = TypeAdapter(Order)
_FIELDS = {"canvas", *(field.name for field in fields(Order))}


def api_routes(studio: Future[Studio], shelf: Shelf) -> APIRouter:
    """POST /api/suggest; `studio` may still be loading."""
    router = APIRouter()
    free = threading.Semaphore(MAX_RUNS)

    @router.post("/api/suggest")
    async def post_order(request: Request) -> Response:
        try:
            name, order = _order(await request.body())
        except ValueError as error:
            return refused(422, str(error))
        if not studio.done() or studio.exception():
            return refused(503, "The models are not loaded. Ask /readyz when they are.")
        picture = shelf.canvas(name) if name else None
        if name and picture is None:
            return refused(404, "This canvas is not kept any more. Post it again.")
        if not free.acquire(blocking=False):
            return refused(503, "Too many runs are under way. Try again later.")
        stop = threading.Event()
        try:
            steps = suggest(studio.result(), picture, order, stop)
            first = await to_thread.run_sync(next, steps)  # what is wrong with the order comes up here
        except (CanvasError, StudioError) as error:
            free.release()
            return refused(422, str(error))
        except BaseException:
            free.release()
            raise
        return StreamingResponse(_lines(first, steps, stop, shelf, free), media_type="application/x-ndjson")

    return router


def _order(body: bytes) -> tuple[str, Order]:
    """The canvas's id, "" for none, and the order. ValueError says what is wrong with it."""
    try:
        said = json.loads(body)
    except (ValueError, RecursionError):
        said = None
    if not isinstance(said, dict):
        raise ValueError('An order is a JSON object, such as {"text": "Jazz night, 12 May"}.')
    if unknown := sorted(said.keys() - _FIELDS):
        raise ValueError(f"Unknown in an order: {', '.join(unknown)}. It takes {', '.join(sorted(_FIELDS))}.")
    try:
        order = _ORDER.validate_python({key: value for key, value in said.items() if key != "canvas"})
    except ValidationError as error:
        first = error.errors()[0]
        raise ValueError(f"{'.'.join(map(str, first['loc']))}: {first['msg']}.") from None
    named = [order.topic, order.design_type, order.style, *(order.objects or ())]
    if any(len(word or "") > MAX_WORDS for word in named):
        raise ValueError(f"A topic, object, design type or style has at most {MAX_WORDS} characters.")
    return str(said.get("canvas") or ""), order


async def _lines(
    first: Step, steps: Iterator[Step], stop: threading.Event, shelf: Shelf, free: threading.Semaphore
) -> AsyncIterator[bytes]:
    """The steps as lines of JSON; however this ends, the run does too."""
    # A thread that is left behind by a closed connection ends by itself, since `stop` is set.
    following = partial(to_thread.run_sync, next, steps, None, abandon_on_cancel=True)
    step: Step | None = first
    try:
        while step is not None:
            record = record_of(step)
            if isinstance(step, Drawn):
                await to_thread.run_sync(shelf.put, step.candidate)
                record["picture"] = f"/api/pictures/{step.candidate.id}.png"
                record["download"] = f"/api/download/{step.candidate.id}.png"
            yield _line(record)
            step = await following()
        yield _line({"event": "done"})
    except StudioError as error:
        yield _line({"event": "error", "error": str(error)})
    except Exception as error:  # whatever it was, the program must hear of it
        print(f"api: {error!r}", flush=True)
        yield _line({"event": "error", "error": f"Something went wrong here ({type(error).__name__})."})
    finally:
        stop.set()
        free.release()


def _line(record: dict) -> bytes:
    return json.dumps(record, ensure_ascii=False).encode() + b"\n"
