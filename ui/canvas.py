"""The Canvas tab: drop a design, see what was understood, get candidates, rate them.

Gradio carries the values and the events; the drop zone, the fields of the intent and the cards are our own
components (`web/`), each of which holds one record as its value. The server trusts none of these records:
canvases are named by ids of the shelf, edits are cut to size, numbers are checked again by the studio.
"""

from __future__ import annotations

import json
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import Future
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Annotated, Any

import gradio as gr
from fastapi import APIRouter, Body

from intent.graph import load_graph
from pipeline.candidate import MAX_SEED
from pipeline.canvas import Canvas, CanvasError, open_canvas
from pipeline.shelf import Shelf
from pipeline.studio import MAX_CANDIDATES, MAX_LENGTH, MIN_LENGTH, Drawn, Studio, Understood
from pipeline.wish import StudioError
from slm.command import Task
from ui.board import Board
from ui.pictures import canvas_record
from ui.theme import component
from ui.understood import edited_of, edits_of, explored_record, understood_record

LENGTH, CANDIDATES, SEED = 20, 4, 7  # what the page starts with
MAX_TYPED = 100_000  # characters the page sends; what the canvas takes of them it says itself
TASKS = [("Image", Task.T2I.value), ("Template", Task.T2T.value)]
NEW_SEED = f"() => Math.floor(Math.random() * {MAX_SEED})"
# What Suggest and Stop look like during a run and after it.
BUSY = (gr.Button(visible=False), gr.Button(visible=True))
IDLE = (gr.Button(visible=True), gr.Button(visible=False))
SHOWN = gr.Tabs(selected="canvas")
LOOKING, LOADING = "Looking at your canvas…", "Getting ready: the models are loading…"


@dataclass(frozen=True)
class Sample:
    """A canvas to try with one click."""

    file: str
    title: str
    text: str
    task: str


def load_samples(folder: Path) -> list[Sample]:
    """The samples named in the folder's samples.json."""
    rows = json.loads((folder / "samples.json").read_text(encoding="utf-8"))
    return [
        Sample(row["file"], row.get("title", row["text"].splitlines()[0]), row["text"], row["task"])
        for row in rows
    ]


class CanvasTab:
    """The tab's handlers: they gather what the page holds, call the studio and say what came of it."""

    def __init__(self, studio: Future[Studio], shelf: Shelf, samples: Path) -> None:
        self.studio, self.shelf = studio, shelf
        self.folder, self.samples = samples, load_samples(samples)
        self._stops: dict[str, threading.Event] = {}

    # --- handlers -----------------------------------------------------------------------------------------

    def routes(self) -> APIRouter:
        """What `web/understood.js` asks for.

        Looks are no events of Gradio: the stream of its queue closes when an event ends, and the server then
        drops the run that a click on Suggest, which also leaves the text field, has just put there.
        """
        router = APIRouter()

        @router.post("/api/look")
        def look(said: Annotated[dict, Body()]) -> dict:
            picture, understood = (
                each if isinstance(each, dict) else None
                for each in (said.get("picture"), said.get("understood"))
            )
            return self.look(picture, str(said.get("text") or ""), understood)

        return router

    def look(self, picture: dict | None, text: str, understood: dict | None) -> dict:
        """What the canvas is about, as soon as there is one; the person's edits stay."""
        before = understood or {}
        try:
            canvas = self._canvas(picture, text)
            intent = self._ready().understand(canvas, edits_of(understood))
        except (CanvasError, StudioError) as error:
            return before | {"busy": str(error)}
        except Exception as error:  # whatever it was, the page must say so
            return before | {"busy": unexpected(error)}
        return understood_record(intent, edited_of(understood), canvas.notes)

    def run(
        self,
        picture: dict | None,
        text: str,
        task: str,
        length: int,
        candidates: int,
        seed: int | None,
        understood: dict | None,
        start: dict | None,
        request: gr.Request,
    ) -> Iterator[tuple]:
        """The whole job; each step changes the board, and the intent once."""
        page = request.session_hash or ""
        self._end(page)  # one run a page: a new one ends the old
        stop = self._stops[page] = threading.Event()
        wish = [picture, text, task, length, candidates, seed, understood, start]
        board = Board(wish, str(picture["id"]) if picture else None)
        edits, edited = edits_of(understood), edited_of(understood)
        shown: dict | None = understood if understood and "topic" in understood else None
        waiting = LOOKING if self.studio.done() else LOADING
        try:
            yield board.say("busy", waiting), shown, *BUSY
            canvas = self._canvas(picture, text)
            steps = self._ready().run(
                canvas,
                task=Task(task),
                length=whole(length, "The length"),
                candidates=whole(candidates, "The number of candidates"),
                seed=whole(seed, "The seed"),
                edits=edits,
                **started(start, picture, task),
                stop=stop,
            )
            for step in steps:
                if isinstance(step, Understood):
                    shown = wish[6] = understood_record(step.intent, edited, canvas.notes)
                if isinstance(step, Drawn):
                    self.shelf.put(step.candidate, canvas.id)
                yield board.take(step, whole(length, "The length")), shown, *BUSY
            yield board.finish(stopped=stop.is_set()), shown, *IDLE
        except (CanvasError, StudioError) as error:
            yield board.say("error", str(error)), shown, *IDLE
        except Exception as error:
            yield board.say("error", unexpected(error)), shown, *IDLE
        finally:
            stop.set()
            if self._stops.get(page) is stop:
                del self._stops[page]

    def stop(self, request: gr.Request) -> None:
        """End the page's run; what was drawn by then stays."""
        self._end(request.session_hash or "")

    def _ready(self) -> Studio:
        """The studio, once its models are loaded. StudioError when they cannot be."""
        if error := self.studio.exception():
            raise StudioError(f"TinyMuse cannot start its models. {error}")
        return self.studio.result()

    def _end(self, page: str) -> None:
        if stop := self._stops.get(page):
            stop.set()

    def stop_all(self) -> None:
        """End every run: the server is going down."""
        for stop in list(self._stops.values()):
            stop.set()

    def take_sample(self, event: gr.EventData) -> tuple[dict, str, str, None]:
        """A sample's canvas, text and task in place of the person's."""
        sample = self.samples[int(event.index) % len(self.samples)]
        canvas = open_canvas(self.folder / sample.file, sample.text)
        assert canvas.image is not None
        record = canvas_record(self.shelf.put_canvas(canvas.image), canvas, sample.title)
        return record, sample.text, sample.task, None

    def restore(self, picture: dict, *before: Any) -> tuple:
        """The settings that made a dropped picture, in place of the person's, which can be taken back.

        Returns the picture and the rest of the wish: text, task, length, candidates, seed, intent, start.
        """
        said = picture["settings"]
        record = {name: value for name, value in picture.items() if name != "settings"}
        return (
            record | {"restored": list(before)},
            str(said["text"]),
            Task(said["task"]).value,
            min(max(whole(said["length"], "The length"), MIN_LENGTH), MAX_LENGTH),
            min(max(whole(said["candidates"], "The number of candidates"), 1), MAX_CANDIDATES),
            whole(said["seed"], "The seed"),
            explored_record(said),
            {"negative": str(said["negative"])},
        )

    def take_back(self, picture: dict) -> tuple:
        """The settings as they were before `restore`; what was understood then was of another canvas."""
        record = {name: value for name, value in picture.items() if name != "restored"}
        return (record, *picture["restored"][:5], None, picture["restored"][6])

    def take_explored(
        self, picture: dict | None, text: str, event: gr.EventData
    ) -> tuple[str, str, int, int, dict, gr.Tabs]:
        """An intent of the Explore tab in place of what was understood; its topic is a bare canvas's text.

        Returns text, task, length, seed and the intent, and brings the Canvas tab to the front.
        """
        said = explored_record(event._data)
        if not picture and not text.strip():
            text = said["topic"]["value"]
        task = Task.T2T if event.task == Task.T2T else Task.T2I
        return text, task.value, whole(event.length, "The length"), whole(event.seed, "The seed"), said, SHOWN

    def _canvas(self, picture: dict | None, text: str) -> Canvas:
        """The canvas the page speaks of. CanvasError when its picture was swept away."""
        if not picture:
            return open_canvas(None, text)
        path = self.shelf.canvas(str(picture.get("id")))
        if path is None:
            raise CanvasError("The picture of this canvas is not kept any more. Drop it again.")
        return open_canvas(path, text)

    # --- layout -------------------------------------------------------------------------------------------

    def build(self, page: gr.Blocks) -> Callable[[gr.HTML, gr.Tabs], None]:
        """The tab's components and how they are wired; to be called inside a gr.Tab of `page`.

        Returns what wires the Explore tab's component, which can send an intent here, to this tab.
        """
        graph = load_graph().topics.values()
        with gr.Row(elem_classes="tm-columns", equal_height=False):
            with gr.Column(elem_classes="tm-left", scale=0, min_width=320):
                gr.HTML("<h2>Your canvas</h2>", elem_classes="tm-heading")
                picture = component("dropzone", "tm-drop", None, ["picked", "restored", "unrestored"])
                text = gr.Textbox(
                    label="Text on the canvas",
                    placeholder="Jazz night, 12 May, 8 pm\nor what it is for: a poster for a jazz night",
                    lines=3,
                    max_lines=8,
                    max_length=MAX_TYPED,
                    interactive=True,
                )
                samples = component(
                    "samples", "tm-samples", None, ["sample"], samples=[asdict(s) for s in self.samples]
                )
                task = gr.Radio(
                    TASKS, value=Task.T2I.value, label="Make", interactive=True, elem_classes="tm-task"
                )
                with gr.Row(elem_classes="tm-pair"):
                    length = gr.Slider(
                        MIN_LENGTH,
                        MAX_LENGTH,
                        LENGTH,
                        step=1,
                        label="Words",
                        buttons=[],
                        interactive=True,
                    )
                    count = gr.Slider(
                        1,
                        MAX_CANDIDATES,
                        CANDIDATES,
                        step=1,
                        label="Candidates",
                        buttons=[],
                        interactive=True,
                    )
                with gr.Row(elem_classes="tm-seed"):
                    seed = gr.Number(
                        SEED, label="Seed", precision=0, minimum=0, maximum=MAX_SEED, interactive=True
                    )
                    dice = gr.Button("New seed", elem_classes="tm-dice", scale=0, min_width=110)
                start = component("start", "tm-start", None, [])
                with gr.Row(elem_classes="tm-go"):
                    suggest = gr.Button("Suggest", variant="primary", size="lg", elem_id="suggest")
                    halt = gr.Button("Stop", variant="stop", size="lg", visible=False, elem_id="stop")
            with gr.Column(elem_classes="tm-right", min_width=320):
                gr.HTML("<h2>What I understood</h2>", elem_classes="tm-heading")
                understood = component(
                    "understood",
                    "tm-understood",
                    None,
                    ["reset", "renamed"],
                    design_types=sorted({name for topic in graph for name in topic.design_types}),
                    styles=sorted({name for topic in graph for name in topic.styles}),
                )
                gr.HTML("<h2>Candidates</h2>", elem_classes="tm-heading")
                board = component("board", "tm-board", None, ["more"])

        wish = [picture, text, task, length, count, seed, understood, start]
        shown = [board, understood, suggest, halt]
        fresh = [None, "", Task.T2I.value, LENGTH, CANDIDATES, SEED, None, None]
        page.load(None, wish, wish, js=f"(...now) => tm.lastWish({json.dumps(fresh)}, ...now)")
        quiet: dict[str, Any] = {"show_progress": "hidden", "api_visibility": "private"}
        runs = {"concurrency_limit": 8, "concurrency_id": "runs", **quiet}
        canvas = [picture, text, understood]
        for event in (picture.picked, understood.reset):  # another canvas, or the edits taken back
            event(None, [picture, text], understood, js="(picture, text) => tm.look(picture, text, null)")
        understood.renamed(None, canvas, understood, js="tm.look")
        gr.on([text.blur, text.submit], None, canvas, understood, js="tm.lookIfNew")
        picture.restored(self.restore, wish, wish, queue=False, **quiet)
        picture.unrestored(self.take_back, picture, wish, queue=False, **quiet).then(
            None, [picture, text], understood, js="(picture, text) => tm.look(picture, text, null)"
        )
        dice.click(None, None, seed, js=NEW_SEED)
        suggest.click(self.run, wish, shown, **runs)
        samples.sample(self.take_sample, None, [picture, text, task, understood], queue=False, **quiet).then(
            self.run, wish, shown, **runs
        )
        board.more(None, None, seed, js=NEW_SEED).then(self.run, wish, shown, **runs)
        halt.click(self.stop, None, None, queue=False, **quiet)

        def wire_explore(explore: gr.HTML, tabs: gr.Tabs) -> None:
            taken = [text, task, length, seed, understood, tabs]
            explore.send(self.take_explored, [picture, text], taken, queue=False, **quiet).then(
                self.run, wish, shown, **runs
            )

        return wire_explore


def started(start: dict | None, picture: dict | None, task: str) -> dict[str, Any]:
    """How a run uses the canvas, as `Studio.run` takes it; the record comes from a browser."""
    said = start or {}
    asked: dict[str, Any] = {"negative": str(said.get("negative") or "")}
    mode = said.get("mode")
    if picture and task == Task.T2I and mode in ("whole", "box"):
        strengths = said.get("strength")
        percent = strengths.get(mode) if isinstance(strengths, dict) else None
        asked["strength"] = whole(percent, "How much may change") / 100
        if mode == "box":
            box = said.get("box")
            if not isinstance(box, list) or len(box) != 4:
                raise StudioError("Draw a box on your canvas first.")
            asked["box"] = tuple(whole(side, "A side of the box") for side in box)
    return asked


def whole(number: object, name: str) -> int:
    """A number from the page as an int. StudioError when there is none."""
    if not isinstance(number, int | float):
        raise StudioError(f"{name} is missing. Type a whole number.")
    return int(number)


def unexpected(error: Exception) -> str:
    """One line for the person; the whole error goes to the log."""
    print(f"canvas: {error!r}", flush=True)
    return f"Something went wrong here ({type(error).__name__}). Try again; the server's log says more."
