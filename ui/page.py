"""The page: header, tabs, the line that says what is at work; and the web application around it."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Sequence
from concurrent.futures import Future
from contextlib import asynccontextmanager
from pathlib import Path

import gradio as gr
from fastapi import FastAPI
from fastapi.middleware.cors import CORSMiddleware

from pipeline.models import Models
from pipeline.shelf import Shelf
from pipeline.store.database import StoreError
from pipeline.studio import Studio
from pipeline.study.studies import Studies
from ui import theme
from ui.admin import Desk, admin_routes
from ui.api import api_routes
from ui.canvas import CanvasTab
from ui.door import Door, store_is_away
from ui.explore import ExploreTab
from ui.pictures import picture_routes
from ui.ratings import RatingsTab
from ui.routes import routes
from ui.seal import Seal
from ui.study import study_routes
from ui.training import TrainingTab

HEADER = """
<header class="tm-top">
  <svg class="tm-mark" viewBox="0 0 40 40" aria-hidden="true">
    <rect x="3" y="3" width="34" height="34" rx="10" fill="var(--tm-accent)"/>
    <path d="M20 9l3.2 7.8L31 20l-7.8 3.2L20 31l-3.2-7.8L9 20l7.8-3.2z" fill="var(--tm-accent-ink)"/>
  </svg>
  <div><h1>TinyMuse</h1><p>Ideas for the design you are working on</p></div>
  <button type="button" class="tm-button is-icon tm-shade" title="Light or dark"
    aria-label="Light or dark"></button>
</header>
"""
HEADER_SCRIPT = """
tm.restoreDark();
const shade = element.querySelector(".tm-shade");
shade.append(tm.icon("moon"));
shade.addEventListener("click", tm.toggleDark);
"""


def build_page(
    canvas: CanvasTab, explore: ExploreTab, ratings: RatingsTab, training: TrainingTab
) -> gr.Blocks:
    """All tabs in one page."""
    with gr.Blocks(title="TinyMuse", analytics_enabled=False, fill_width=True) as page:
        gr.HTML(HEADER, js_on_load=HEADER_SCRIPT, apply_default_css=False)
        with gr.Tabs() as tabs:
            with gr.Tab("Canvas", id="canvas"):
                take_explored = canvas.build(page)
            with gr.Tab("Explore", render_children=True):
                take_explored(explore.build(), tabs)
            with gr.Tab("Ratings"):
                ratings.build()
            with gr.Tab("Training", render_children=True):
                training.build()
        theme.component("works", "tm-works", None, [])
    page.queue(api_open=False, max_size=40, default_concurrency_limit=8)
    return page


def build_app(
    studio: Future[Studio],
    shelf: Shelf,
    studies: Studies,
    models: Models,
    samples: Path,
    seal: Seal,
    *,
    public_url: str = "",
    password: str = "",
    items_command: Sequence[str] = (),
) -> FastAPI:
    """The whole web application, to be served by any ASGI server; `studio` may still be loading.

    `public_url` is where people reach it when that is not where it is served; the administration asks for
    `password`, and runs `items_command` to make the items of a study.
    """
    desk = Desk(seal, password, public_url, items_command)
    ratings = RatingsTab(studies)
    canvas, explore = CanvasTab(studio, shelf, samples), ExploreTab(studio)
    training = TrainingTab(models, studio, desk)

    async def sweep_hourly() -> None:
        while True:
            await asyncio.to_thread(shelf.sweep)
            await asyncio.sleep(3600)

    @asynccontextmanager
    async def life(_app: FastAPI) -> AsyncIterator[None]:
        broom = asyncio.create_task(sweep_hourly())
        yield
        broom.cancel()
        canvas.stop_all()
        desk.stop()
        studies.ratings.store.close()

    app = FastAPI(title="TinyMuse", docs_url=None, redoc_url=None, openapi_url=None, lifespan=life)
    # No page of another origin may read anything here. With a CORS policy of its own the app gets none from
    # Gradio, whose default answers every origin.
    app.add_middleware(CORSMiddleware, allow_origins=[])
    app.add_middleware(Door, seal=seal, public_url=public_url)
    app.add_exception_handler(StoreError, store_is_away)
    app.include_router(routes(studio, shelf, studies.ratings))
    app.include_router(study_routes(studies, seal))
    app.include_router(training.routes())
    app.include_router(admin_routes(studies, desk))
    app.include_router(picture_routes(shelf, samples))
    app.include_router(api_routes(studio, shelf))
    app.include_router(canvas.routes())
    app.include_router(explore.routes())
    app.include_router(ratings.routes())
    return gr.mount_gradio_app(
        app,
        build_page(canvas, explore, ratings, training),
        path="/",
        theme=theme.theme(),
        css=theme.css(),
        head=theme.head(),
        footer_links=[],
        run_history=False,
        enable_monitoring=False,
        max_file_size="1mb",
        ssr_mode=False,
        show_error=False,
        root_path=public_url or None,
    )
