"""The Training tab: make a language model of one's own, step by step, and let it write.

The tab is one component (`web/training.js`) that asks under /admin, like all administration: with a password,
or from this machine alone. The work itself is jobs (`pipeline/jobs.py`): they go on when the page is closed
and when the app ends.
"""

from __future__ import annotations

import json
import time
from collections.abc import Callable
from concurrent.futures import Future
from dataclasses import asdict
from pathlib import Path
from typing import Any

import gradio as gr
from fastapi import APIRouter, Request
from fastapi.concurrency import run_in_threadpool
from fastapi.responses import JSONResponse, Response

from pipeline.jobs import JobError
from pipeline.models import STEPS, ModelError, Models, Plan, plan_of
from pipeline.store.jobs import RUNNING
from pipeline.studio import Studio
from slm.generate import Writer
from slm.model import PRESETS
from ui.admin import Desk
from ui.theme import component

SHIPPED = "the model that ships with TinyMuse"


class TrainingTab:
    """The tab's routes and its component."""

    def __init__(self, models: Models, studio: Future[Studio], desk: Desk) -> None:
        self.models, self.studio, self.desk = models, studio, desk

    def build(self) -> gr.HTML:
        """The tab's component; to be called inside a gr.Tab."""
        presets = {
            name: {"vocabulary": shape.vocab_size, "layers": shape.n_layer, "width": shape.n_embd}
            for name, shape in PRESETS.items()
        }
        return component("training", "tm-training", None, [], presets=presets, plan=asdict(Plan()))

    def routes(self) -> APIRouter:
        """What `web/training.js` asks for."""
        router = APIRouter(prefix="/admin/training")
        answer = self.answer

        @router.get("")
        def overview(request: Request) -> Response:
            return answer(request, self.overview)

        @router.get("/{name}")
        def model(name: str, request: Request) -> Response:
            return answer(request, lambda: self.model(name))

        @router.post("/rollback")
        def roll_back(request: Request) -> Response:
            return answer(request, lambda: self.write_with(self.models.roll_back))

        @router.post("/{name}/publish")
        def publish(name: str, request: Request) -> Response:
            return answer(request, lambda: self.write_with(lambda: self.models.publish(name)))

        @router.post("/{name}/{step}")
        async def start(name: str, step: str, request: Request) -> Response:
            body = await request.body()
            return await run_in_threadpool(answer, request, lambda: self.start(name, step, body))

        @router.post("/{name}/{step}/stop")
        def stop(name: str, step: str, request: Request) -> Response:
            return answer(request, lambda: self.models.jobs.stop(self.models.run(name).name, step))

        return router

    def answer(self, request: Request, deed: Callable[[], Any]) -> Response:
        """What `deed` gives, for an administrator; a refusal in words otherwise."""
        never = {"Cache-Control": "no-store"}
        if not self.desk.lets_in(request):
            reason = "Training is for administrators of this server. Sign in at /admin, then come back."
            return JSONResponse({"error": reason}, 401, never)
        try:
            return JSONResponse(deed() or {}, headers=never)
        except (ModelError, JobError) as error:
            return JSONResponse({"error": str(error)}, 409, never)

    def overview(self) -> dict[str, Any]:
        """The models there are, and which one writes."""
        history = [asdict(each) for each in self.models.history()]
        return {"models": self.models.names(), "history": history, "shipped": SHIPPED}

    def model(self, name: str) -> dict[str, Any]:
        """Everything about one model: its plan, its steps, how it learns, what was measured."""
        run, plan = self.models.run(name), self.models.plan(name)
        losses = self.models.losses(name)
        history = self.models.history()
        made = {
            "teacher": (run / "teacher" / "manifest.json").is_file(),
            "tokenizer": (run / "tokenizer.json").is_file(),
            "train": bool(losses) and losses[-1][0] >= plan.steps,
            "evaluate": bool(self.models.figures(name)),
        }
        return {
            "name": name,
            "plan": asdict(plan),
            "steps": {step: self.step(name, step) | {"made": made[step]} for step in STEPS},
            "losses": losses,
            "seconds_left": _left(plan, losses),
            "samples": self.models.samples(name)[-3:],
            "figures": self.models.figures(name),
            "current": asdict(history[-1]) if history else None,
        }

    def step(self, name: str, step: str) -> dict[str, Any]:
        """How the newest job of a step stands."""
        job = self.models.jobs.latest(name, step)
        if job is None:
            return {"state": "", "seconds": 0, "tail": []}
        end = time.time() if job.state == RUNNING else job.ended_at or job.heartbeat_at
        return {"state": job.state, "seconds": end - job.started_at, "tail": self.models.jobs.tail(job)}

    def start(self, name: str, step: str, body: bytes) -> None:
        """Take a step with the plan that the page sent."""
        try:
            said = json.loads(body)
        except ValueError:
            said = None
        if not isinstance(said, dict):
            raise ModelError("A plan is needed.")
        self.models.start(name, step, plan_of(said))

    def write_with(self, change: Callable[[], Any]) -> dict[str, Any]:
        """Publish or roll back, and let the model write from now on, without a restart."""
        if not self.studio.done() or self.studio.exception():
            raise ModelError("The app is still loading its models. Try again in a few seconds.")
        publication = change()
        folder: Path | None = self.models.current()
        self.studio.result().take_writer(Writer.load(folder) if folder else Writer.load())
        return asdict(publication)


def _left(plan: Plan, losses: list[tuple[int, float, float]]) -> float | None:
    """Seconds of training that are left at the pace of late."""
    if not losses or not losses[-1][2]:
        return None
    step, _, rate = losses[-1]
    return max(0, plan.steps - step) * plan.batch_tokens / rate
