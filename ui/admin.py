"""The administration under /admin: studies made, opened and closed, invitations, progress, reports, exports.

With a password, a signed cookie lets in for twelve hours who gave it. Without one only this very machine is
let in: the request must come from its loopback address, name it in its Host header (so that no web page can
reach it under a name of its own), and have passed no proxy.
"""

from __future__ import annotations

import hashlib
import hmac
import ipaddress
import secrets
import shutil
import subprocess
import time
from collections.abc import Sequence
from pathlib import Path
from tempfile import mkdtemp
from urllib.parse import parse_qsl, urlsplit
from zipfile import ZipFile

from fastapi import APIRouter, Request
from fastapi.concurrency import run_in_threadpool
from fastapi.responses import FileResponse, HTMLResponse, RedirectResponse, Response
from starlette.background import BackgroundTask

from pipeline.canvas import CanvasError
from pipeline.store.ratings import RatingsError
from pipeline.store.studies import Study
from pipeline.study.data import gather
from pipeline.study.export import export_study
from pipeline.study.items import read_arm, read_canvases
from pipeline.study.report import report_html
from pipeline.study.studies import Studies, StudyError
from ui.adminpage import admin_page, login_page
from ui.door import too_fast
from ui.pace import Buckets
from ui.seal import Seal

ROOT = Path(__file__).resolve().parents[1]
COOKIE = "tinymuse_admin"
HOURS = 12
TRIES = (0.1, 5)  # passwords a second, and at once, from one address
PASSED_ON = ("forwarded", "x-forwarded-for", "x-forwarded-host", "x-real-ip", "via")
FILES = ("ratings.csv", "ratings.jsonl", "ratings.parquet", "preferences.jsonl")
REPORT_POLICY = "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'"
SEE_OTHER = 303


class Desk:
    """Who may administer, and the making of items that goes on in the background."""

    def __init__(self, seal: Seal, password: str, public_url: str, items_command: Sequence[str]) -> None:
        """`items_command` makes the items of the study whose name follows."""
        self.password, self.public_url, self._items_command = password, public_url, items_command
        self._seal, self._tries = seal, Buckets(*TRIES)
        # Another password makes another purpose: whoever came in with the old one is out.
        self._purpose = f"admin {hashlib.sha256(password.encode()).hexdigest()}"
        self._makers: dict[str, subprocess.Popen] = {}

    def lets_in(self, request: Request) -> bool:
        """Whether the request is an administrator's."""
        if not self.password:
            return not self.public_url and is_local(request)
        until = self._seal.opened(self._purpose, request.cookies.get(COOKIE, ""))
        return until is not None and int(until) > time.time()

    def enter(self, request: Request, password: str) -> Response:
        """The answer to a password: a cookie, or another try."""
        if wait := self._tries.take(request.state.peer):
            return too_fast(wait)
        if not self.password or not hmac.compare_digest(password.encode(), self.password.encode()):
            return HTMLResponse(login_page(bool(self.password), "This is not the password."), 403)
        token = self._seal.sign(self._purpose, str(int(time.time()) + HOURS * 3600))
        reply = RedirectResponse("/admin", SEE_OTHER)
        secure = request.state.secure
        reply.set_cookie(
            COOKIE, token, HOURS * 3600, path="/admin", httponly=True, samesite="strict", secure=secure
        )
        return reply

    def make_items(self, study: Study, log: Path) -> None:
        """Begin to make what is missing of the study's items, in a process of its own."""
        if not self.is_making(study):
            with log.open("wb") as out:
                command = [*self._items_command, study.name]
                self._makers[study.id] = subprocess.Popen(command, stdout=out, stderr=out, cwd=ROOT)

    def is_making(self, study: Study) -> bool:
        """Whether items are being made for the study just now."""
        maker = self._makers.get(study.id)
        return maker is not None and maker.poll() is None

    def stop(self) -> None:
        """End the making of items; what was made stays made."""
        for maker in self._makers.values():
            maker.terminate()


def is_local(request: Request) -> bool:
    """Whether someone at this machine asks, directly and under this machine's own name."""
    try:
        near = ipaddress.ip_address(request.client.host if request.client else "").is_loopback
    except ValueError:
        return False
    named = urlsplit(f"//{request.headers.get('host', '')}").hostname in ("localhost", "127.0.0.1", "::1")
    return near and named and not any(header in request.headers for header in PASSED_ON)


def admin_routes(studies: Studies, desk: Desk) -> APIRouter:
    """Everything under /admin."""
    router = APIRouter()

    def page(request: Request, problem: str = "", status: int = 200) -> Response:
        if not desk.lets_in(request):
            return HTMLResponse(login_page(bool(desk.password)), 401)
        address = desk.public_url or f"{request.url.scheme}://{request.headers.get('host', '')}"
        found = [(study, desk.is_making(study), log_of(study)) for study in studies.all()]
        html = admin_page(studies, found, address, leave=bool(desk.password), problem=problem)
        return HTMLResponse(html, status, {"Cache-Control": "no-store"})

    def log_of(study: Study) -> Path:
        return studies.folder / study.id / "items.log"

    @router.get("/admin")
    def show(request: Request) -> Response:
        return page(request)

    @router.post("/admin/enter")
    async def enter(request: Request) -> Response:
        return desk.enter(request, (await _form(request)).get("password", ""))

    @router.post("/admin/leave")
    def leave() -> Response:
        reply = RedirectResponse("/admin", SEE_OTHER)
        reply.delete_cookie(COOKIE, path="/admin")
        return reply

    @router.post("/admin/studies")
    async def create(request: Request) -> Response:
        form = await _form(request)
        return await run_in_threadpool(attempt, request, lambda: _create(studies, form))

    @router.post("/admin/studies/{name}/{verb}")
    def change(name: str, verb: str, request: Request) -> Response:
        verbs = {
            "open": lambda: studies.open(name),
            "close": lambda: studies.close(name),
            "items": lambda: desk.make_items(studies.get(name), log_of(studies.get(name))),
        }
        if verb not in verbs:
            return page(request, "There is nothing of that name.", 404)
        return attempt(request, verbs[verb])

    def attempt(request: Request, deed) -> Response:
        """Do it, for an administrator, and show the page; what cannot be is said on top of it."""
        if not desk.lets_in(request):
            return page(request)
        try:
            deed()
        except (StudyError, CanvasError, RatingsError, OSError) as error:
            return page(request, str(error), 422)
        return RedirectResponse("/admin", SEE_OTHER)

    @router.get("/admin/studies/{name}/report")
    def report(name: str, request: Request) -> Response:
        return attempt_file(
            request,
            lambda: HTMLResponse(
                report_html(gather(studies, studies.get(name))),
                headers={"Content-Security-Policy": REPORT_POLICY},
            ),
        )

    @router.get("/admin/studies/{name}/{file}")
    def export(name: str, file: str, request: Request) -> Response:
        return attempt_file(request, lambda: _exported(studies, studies.get(name), file))

    def attempt_file(request: Request, made) -> Response:
        if not desk.lets_in(request):
            return page(request)
        try:
            return made()
        except StudyError as error:
            return page(request, str(error), 404)

    return router


def _create(studies: Studies, form: dict[str, str]) -> None:
    """A study from the form's fields. Raises StudyError or CanvasError."""
    arms = dict(read_arm(line) for line in form.get("arms", "").splitlines() if line.strip())
    numbers = {}
    for name in ("target", "length", "per_canvas", "repeat_every"):
        text = form.get(name, "")
        if not text.isdecimal():
            raise StudyError(f"{text!r} is no whole number.")
        numbers[name] = int(text)
    canvases = [Path(line.strip()) for line in form.get("canvases", "").splitlines() if line.strip()]
    studies.create(
        form.get("name", "").strip(),
        arms,
        read_canvases(canvases),
        seed=secrets.randbelow(2**31),
        code=form.get("code", "").strip(),
        **numbers,
    )


def _exported(studies: Studies, study: Study, file: str) -> Response:
    """One file of the study's export, or all of it as a .zip."""
    if file not in (*FILES, "export.zip"):
        raise StudyError(f"There is no file {file!r} of a study.")
    room = Path(mkdtemp())
    away = BackgroundTask(shutil.rmtree, room, ignore_errors=True)
    export_study(studies, study, room / "study")
    path = room / "study" / file
    if file == "export.zip":
        path = room / file
        # Pictures carry no time, which a ZIP writes as 1980.
        with ZipFile(path, "w", strict_timestamps=False) as archive:
            for each in sorted((room / "study").rglob("*.*")):
                archive.write(each, each.relative_to(room / "study"))
    return FileResponse(path, filename=f"{study.name}-{file}", background=away)


async def _form(request: Request) -> dict[str, str]:
    return dict(parse_qsl((await request.body()).decode("utf-8", errors="replace")))
