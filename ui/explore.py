"""The Explore tab: what the language model writes for one intent at many lengths, guided and raw.

The tab is one component of our own (`web/explore.js`). It asks for prompts over plain HTTP and reads the
answer line by line as it is written (one JSON record a line): leaving, or Stop, closes the connection, and
that ends the work. A program can ask the same:

    curl -N localhost:7860/api/explore/grid -H "Content-Type: application/json" \
        -d '{"topic": "harvest fair", "lengths": [10, 20], "seed": 1}'
"""

from __future__ import annotations

import itertools
import json
import threading
from collections.abc import Iterator
from concurrent.futures import Future
from dataclasses import asdict, fields

import gradio as gr
from fastapi import APIRouter, Request
from fastapi.responses import JSONResponse, Response, StreamingResponse

from intent.graph import load_graph
from pipeline.explore import SWEEP_PROMPTS, SWEPT, Exploration, sweep_lengths, write_grid
from pipeline.studio import Studio
from pipeline.wish import StudioError
from slm.command import Task
from ui.door import refused
from ui.theme import component

NO_WAIT = {"Cache-Control": "no-store", "X-Accel-Buffering": "no"}  # a proxy must not hold words back
MAX_LENGTHS = 8  # rows of one grid, for each task
AT_ONCE = 8  # explorations under way; each holds a thread of the server while it waits for its turn


class NotReady(StudioError):
    """The models are still loading: to be asked again."""


class ExploreTab:
    """The tab's routes and its component."""

    def __init__(self, studio: Future[Studio]) -> None:
        self.studio, self.graph = studio, load_graph()
        self._free = threading.Semaphore(AT_ONCE)

    def routes(self) -> APIRouter:
        """What `web/explore.js` asks for."""
        router = APIRouter(prefix="/api/explore")

        @router.get("/usual")
        def usual(topic: str) -> dict:
            """What the graph knows of a topic: its name there, its usual companions and its neighbours."""
            known = self.graph.find(topic)
            if known is None:
                return {"topic": "", "objects": [], "design_types": [], "styles": [], "near": []}
            near = [other.topic for other in self.graph.neighbours(known.topic)]
            return {
                "topic": known.topic,
                "objects": known.objects,
                "design_types": known.design_types,
                "styles": known.styles,
                "near": near[:8],
            }

        @router.post("/grid")
        async def grid(request: Request) -> Response:
            try:
                said = json.loads(await request.body())
                lengths = [_whole(length, "A length") for length in said["lengths"][:MAX_LENGTHS]]
                records = write_grid(self._ready(), exploration(said), lengths)
                first = next(records)  # what cannot be done is refused before anything is promised
            except (ValueError, KeyError, TypeError, StopIteration) as error:
                return _refused(error)
            return StreamingResponse(
                self._lines(records, first), headers=NO_WAIT, media_type="application/jsonl"
            )

        @router.post("/sweep")
        async def sweep(request: Request) -> Response:
            try:
                said = json.loads(await request.body())
                records = sweep_lengths(self._ready(), exploration(said), Task(said.get("task", "T2I")))
            except (ValueError, KeyError, TypeError) as error:
                return _refused(error)
            lines = self._lines(records)
            return StreamingResponse(lines, headers=NO_WAIT, media_type="application/jsonl")

        return router

    def build(self) -> gr.HTML:
        """The tab's component; to be called inside a gr.Tab. Its event `send` carries an intent."""
        topics = self.graph.topics
        return component(
            "explore",
            "tm-explore",
            None,
            ["send"],
            topics=list(topics),
            design_types=sorted({name for topic in topics.values() for name in topic.design_types}),
            styles=sorted({name for topic in topics.values() for name in topic.styles}),
            swept=[SWEPT.start, SWEPT.stop - 1],
            prompts=SWEEP_PROMPTS,
        )

    def _ready(self) -> Studio:
        """The studio, once its models are loaded. StudioError until then, and when they cannot be."""
        if not self.studio.done():
            raise NotReady("The models are still loading. Try again in a few seconds.")
        if error := self.studio.exception():
            raise StudioError(f"TinyMuse cannot start its models. {error}")
        return self.studio.result()

    def _lines(self, records: Iterator, *before: object) -> Iterator[str]:
        """One JSON record a line, each with its kind; the last one says so when something went wrong."""
        if not self._free.acquire(blocking=False):
            yield _line("error", {"error": "Too many people are exploring right now. Try again in a minute."})
            return
        try:
            for record in itertools.chain(before, records):
                yield _line(type(record).__name__.lower(), asdict(record))
        except StudioError as error:
            yield _line("error", {"error": str(error)})
        except Exception as error:  # whatever it was, the page must say so
            print(f"explore: {error!r}", flush=True)
            yield _line("error", {"error": f"Writing failed ({type(error).__name__}); the log says more."})
        finally:
            self._free.release()


def exploration(said: dict) -> Exploration:
    """The exploration a page or a program asks for. StudioError, KeyError or TypeError when it is none."""
    values = {field.name: said[field.name] for field in fields(Exploration) if field.name in said}
    for name in ("topic", "design_type", "style"):
        values[name] = str(values.get(name) or "")
    values["objects"] = tuple(str(each) for each in values.get("objects") or ())
    for name in ("seed", "relevance"):
        if name in values:
            values[name] = _whole(values[name], f"The {name}")
    for name in ("temperature", "top_p"):
        if name in values:
            values[name] = float(values[name])
    return Exploration(**values)


def _whole(value: object, name: str) -> int:
    if not isinstance(value, int | float) or not float(value).is_integer():
        raise StudioError(f"{name} must be a whole number.")
    return int(value)


def _line(kind: str, values: dict) -> str:
    return json.dumps({"kind": kind, **values}, ensure_ascii=False) + "\n"


def _refused(error: Exception) -> JSONResponse:
    reason = str(error) if isinstance(error, StudioError) else "A topic and whole numbers are needed."
    return refused(503 if isinstance(error, NotReady) else 422, reason)
