"""A rater's side of a study over HTTP: the page, what comes next, its pictures, the answers.

Blind: a rater sees random ids, prompts and pixels. Which arm made an item is in no page, address, header or
byte of a picture; pictures go out with nothing but their pixels, and without the time their file was made.
Nothing is kept of a rater, a cookie included, before they agreed to take part.

    /study/pilot?code=...     the page, to be sent to raters; the code only where the study has one
"""

from __future__ import annotations

import hmac
import json
import re
from html import escape
from pathlib import Path
from urllib.parse import quote

from fastapi import APIRouter, Request
from fastapi.concurrency import run_in_threadpool
from fastapi.responses import FileResponse, HTMLResponse, JSONResponse, Response

from pipeline.store.ratings import DEMO, RatingsError
from pipeline.store.studies import Study
from pipeline.study.questions import QUESTIONS
from pipeline.study.studies import Presentation, Studies, StudyError
from ui.door import YEAR, refused
from ui.seal import Seal

WEB = Path(__file__).parent / "web"
AHEAD = 20  # at most so many presentations are handed out at once
ANSWERS = ("id", "presentation", "accepted", "relevance", "correctness")
LOGGED = ("note", "seconds", "device")
NEVER = {"Cache-Control": "no-store"}
PRIVATE = {"Cache-Control": "private, max-age=86400, immutable"}
DRAWN = (b"IHDR", b"PLTE", b"tRNS", b"IDAT", b"IEND")  # the chunks of a PNG that make its pixels


def study_routes(studies: Studies, seal: Seal) -> APIRouter:
    """All that raters ask for; a rater is known by the door's cookie, one who takes part by a second one."""
    router = APIRouter()

    def find(name: str) -> Study | None:
        try:
            study = studies.get(name)
        except StudyError:
            return None
        return None if study.id == DEMO else study  # the demo is rated on the Canvas tab

    def takes_part(request: Request, study: Study) -> bool:
        token = request.cookies.get(_cookie(study), "")
        return seal.opened(f"study {study.id}", token) == request.state.rater

    @router.get("/study/{name}")
    def page(name: str) -> Response:
        if (study := find(name)) is None:
            lost = "There is no such study. Look at your link again, or ask who sent it to you."
            return HTMLResponse(own_page("Rating study", f"<main class='st-lone'><p>{lost}</p></main>"), 404)
        scripts = ("core.js", "outbox.js", "rater.js")
        return HTMLResponse(own_page(study.name, "<main id='study'></main>", scripts), headers=NEVER)

    @router.get("/web/{file}")
    def web(file: str) -> Response:
        path = WEB / file
        if not re.fullmatch(r"[a-z]+\.(js|css)", file) or not path.is_file():
            return refused(404, "There is no such file.")
        return FileResponse(path, headers={"Cache-Control": "no-cache"})

    @router.get("/api/study/{name}")
    def about(name: str, request: Request) -> Response:
        if (study := find(name)) is None:
            return refused(404, "There is no such study.")
        done, total = studies.progress(study, request.state.rater)
        facts = {
            "state": study.state,
            "coded": bool(study.code),
            "joined": takes_part(request, study),
            "done": done,
            "total": total,
            "questions": [vars(question) for question in QUESTIONS],
        }
        return JSONResponse(facts, headers=NEVER)

    @router.post("/api/study/{name}/join")
    async def join(name: str, request: Request) -> Response:
        said = await _said(request)
        study = await run_in_threadpool(find, name)
        if study is None or study.state != "open":
            return refused(409, "This study is not open.")
        if not hmac.compare_digest(str(said.get("code", "")).strip().encode(), study.code.encode()):
            return refused(403, "This is not the code of this study. Look at your invitation again.")
        reply = JSONResponse({"joined": True})
        token = seal.sign(f"study {study.id}", request.state.rater)
        options = {"path": "/api/study", "httponly": True, "samesite": "lax", "secure": request.state.secure}
        reply.set_cookie(_cookie(study), token, max_age=YEAR, **options)
        return reply

    @router.get("/api/study/{name}/next")
    def upcoming(name: str, request: Request, count: int = 3) -> Response:
        study = find(name)
        if study is None or not takes_part(request, study):
            return refused(403, "You do not take part in this study yet.")
        try:
            found = studies.upcoming(study, request.state.rater, min(max(count, 1), AHEAD))
        except StudyError as error:
            return refused(409, str(error))
        done, total = studies.progress(study, request.state.rater)
        faces = [_face(study, each) for each in found]
        return JSONResponse({"next": faces, "done": done, "total": total}, headers=NEVER)

    @router.get("/api/study/{name}/pictures/{presentation}/{which}.png")
    def picture(name: str, presentation: str, which: str, request: Request) -> Response:
        study = find(name)
        shown = studies.presentation(study, request.state.rater, presentation) if study else None
        path = {"canvas": shown.canvas, "suggestion": shown.picture}.get(which) if shown else None
        if path is None or not path.is_file():
            return refused(404, "This picture is not there.")
        return Response(bare(path.read_bytes()), media_type="image/png", headers=PRIVATE)

    @router.post("/api/study/{name}/ratings")
    async def post_rating(name: str, request: Request) -> Response:
        said = await _said(request)
        if missing := [each for each in ANSWERS if each not in said]:
            return refused(422, f"This is no rating: {', '.join(missing)} is missing.")
        return await run_in_threadpool(answer, name, request, said)

    def answer(name: str, request: Request, said: dict) -> Response:
        study = find(name)
        if study is None or not takes_part(request, study):
            return refused(403, "You do not take part in this study. Load the page again.")
        given = {each: said[each] for each in (*ANSWERS, *LOGGED) if each in said}
        try:
            studies.answer(study, request.state.rater, **given)
        except StudyError as error:
            return refused(409, str(error))
        except RatingsError as error:
            return refused(422, str(error))
        return JSONResponse({"saved": True})

    return router


def own_page(title: str, body: str, scripts: tuple[str, ...] = ()) -> str:
    """A page of our own, in the look of the app's; `body` is HTML already."""
    loaded = "".join(f"<script src='/web/{name}'></script>" for name in scripts)
    return (
        "<!doctype html><html lang='en'><head><meta charset='utf-8'>"
        "<meta name='viewport' content='width=device-width, initial-scale=1'>"
        "<meta name='color-scheme' content='light dark'><meta name='robots' content='noindex'>"
        f"<title>{escape(title)} · TinyMuse</title><link rel='icon' href='data:,'>"
        "<link rel='stylesheet' href='/web/style.css'><link rel='stylesheet' href='/web/study.css'></head>"
        f"<body class='st'>{body}<noscript><p class='st-lone'>This page needs JavaScript, which your browser "
        f"has turned off.</p></noscript>{loaded}</body></html>"
    )


def bare(png: bytes) -> bytes:
    """The PNG's pixels as they are, without its texts, times and names."""
    kept, at = [png[:8]], 8
    while at < len(png):
        end = at + 12 + int.from_bytes(png[at : at + 4])  # length, kind, data, checksum
        if png[at + 4 : at + 8] in DRAWN:
            kept.append(png[at:end])
        at = end
    return b"".join(kept)


def _face(study: Study, shown: Presentation) -> dict:
    """A presentation as the page gets it."""
    pictures = f"/api/study/{quote(study.name)}/pictures/{shown.id}"
    return {
        "id": shown.id,
        "position": shown.position,
        "prompt": shown.prompt,
        "template": shown.task == "T2T",
        "canvas": f"{pictures}/canvas.png" if shown.canvas else None,
        "text": shown.text,
        "suggestion": f"{pictures}/suggestion.png",
        **{name: getattr(shown, name) for name in ("accepted", "relevance", "correctness", "note")},
    }


def _cookie(study: Study) -> str:
    return f"tinymuse_study_{study.id[:12]}"


async def _said(request: Request) -> dict:
    """The request's JSON object; an empty one for anything else."""
    try:
        said = json.loads(await request.body())
    except ValueError:
        return {}
    return said if isinstance(said, dict) else {}
