"""Canvases and pictures over plain HTTP: taken in, shown, placed on one another, and downloaded.

Pictures are ordinary files with ids for names. What the page shows is bare pixels, since a rater may look at
it; what a person downloads carries the prompt, the seed, the models and the intent, and a canvas that carries
them brings the settings back.
"""

from __future__ import annotations

from pathlib import Path

from fastapi import APIRouter, Request
from fastapi.concurrency import run_in_threadpool
from fastapi.responses import FileResponse, JSONResponse, Response
from PIL import Image

from pipeline.canvas import Canvas, CanvasError, open_canvas
from pipeline.place import CORNER, Place, find_place, place_on_page
from pipeline.portable import read_png, write_png
from pipeline.recipe import Picture
from pipeline.render import RendererError
from pipeline.render.export import pdf_of
from pipeline.shelf import Shelf
from ui.door import refused

FOREVER = {"Cache-Control": "private, max-age=86400, immutable"}


def picture_routes(shelf: Shelf, samples: Path) -> APIRouter:
    """Everything the page asks for with a picture in it; `samples` is the folder of sample canvases."""
    router = APIRouter()

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

    @router.get("/api/download/{name}.png")
    def download_png(name: str) -> Response:
        picture, about = shelf.picture(name), shelf.about(name)
        if picture is None or about is None:
            return _gone()
        with Image.open(picture) as image:
            return _download(write_png(image, about), f"tinymuse-{name[:8]}.png")

    @router.get("/api/download/{name}.svg")
    def download_svg(name: str) -> Response:
        path = shelf.design(name)
        if path is None:
            return _gone()
        # As a download only, never shown: an SVG of this origin could hold programs.
        return FileResponse(path, media_type="image/svg+xml", filename=f"tinymuse-{name[:8]}.svg")

    @router.get("/api/download/{name}.pdf")
    def download_pdf(name: str) -> Response:
        picture, design = shelf.picture(name), shelf.design(name)
        if picture is None:
            return _gone()
        with Image.open(picture) as image:
            drawn = Picture(image.convert("RGB"), svg=design.read_text("utf-8") if design else "")
        try:
            return _download(pdf_of(drawn), f"tinymuse-{name[:8]}.pdf", "application/pdf")
        except RendererError as error:
            return refused(422, str(error))

    @router.get("/api/place/{canvas}/{name}")
    def get_place(canvas: str, name: str) -> Response:
        """Where the picture goes on this canvas, unless the person says otherwise."""
        page, picture = shelf.canvas(canvas), shelf.picture(name)
        if page is None or picture is None:
            return _gone()
        with Image.open(page) as below, Image.open(picture) as above:
            place = find_place(below.convert("RGB"), above.width / above.height)
            said = {"box": place.box, "round": place.is_round, "corner": CORNER}
            return JSONResponse({**said, "width": below.width, "height": below.height})

    @router.get("/api/placed/{canvas}/{name}.png")
    def get_placed(canvas: str, name: str, box: str = "", round: bool = False) -> Response:
        """The canvas with the picture on it, to be downloaded."""
        about = shelf.about(name)
        try:
            image = _placed(shelf, canvas, name, box, round)
        except CanvasError as error:
            return refused(422, str(error))
        if image is None or about is None:
            return _gone()
        return _download(write_png(image, about), f"canvas-{name[:8]}.png")

    @router.post("/api/placed/{canvas}/{name}")
    def keep_placed(canvas: str, name: str, box: str = "", round: bool = False) -> Response:
        """The same as a new canvas, to go on from."""
        try:
            image = _placed(shelf, canvas, name, box, round)
        except CanvasError as error:
            return refused(422, str(error))
        if image is None:
            return _gone()
        return JSONResponse(canvas_record(shelf.put_canvas(image), Canvas(image, ""), ""))

    @router.post("/api/placed/{name}")
    def keep_alone(name: str) -> Response:
        """The picture itself as a canvas, where there was none."""
        path = shelf.picture(name)
        if path is None:
            return _gone()
        with Image.open(path) as picture:
            image = picture.convert("RGB")
        return JSONResponse(canvas_record(shelf.put_canvas(image), Canvas(image, ""), ""))

    @router.get("/samples/{file}")
    def get_sample(file: str) -> Response:
        path = samples / file
        known = path.parent == samples and path.suffix in (".png", ".jpg", ".webp") and path.is_file()
        return _file(path if known else None)

    return router


def canvas_record(name: str, canvas: Canvas, title: str) -> dict:
    """The value of the drop zone for a canvas on the shelf."""
    assert canvas.image is not None
    width, height = canvas.image.size
    return {"id": name, "width": width, "height": height, "name": title, "notes": list(canvas.notes)}


def _keep_canvas(data: bytes, shelf: Shelf) -> dict:
    """A canvas from outside; one that was downloaded here says by which settings it was made."""
    canvas = open_canvas(data, "")
    assert canvas.image is not None
    record = canvas_record(shelf.put_canvas(canvas.image), canvas, "")
    if origin := read_png(data):
        recipe = origin.recipe
        record["settings"] = {
            "task": recipe.task,
            "topic": recipe.topic,
            "objects": recipe.objects,
            "design_type": recipe.design_type,
            "style": origin.style,
            "length": origin.length,
            "candidates": origin.candidates,
            "seed": origin.run_seed,
            "text": "\n".join(recipe.lines),
            "negative": recipe.negative,
        }
    return record


def _placed(shelf: Shelf, canvas: str, name: str, box: str, is_round: bool) -> Image.Image | None:
    """A picture on a canvas: in `box`, four numbers, or in the place that is found for it.

    A template, and a picture that started from the canvas, is the whole design: it takes the canvas's place.
    None when either is not there. Raises CanvasError for a box that is none.
    """
    page, picture, about = shelf.canvas(canvas), shelf.picture(name), shelf.about(name)
    if page is None or picture is None or about is None:
        return None
    with Image.open(page) as opened, Image.open(picture) as drawn:
        below, above = opened.convert("RGB"), drawn.convert("RGB")
    if about["task"] == "T2T" or about["start"]:
        return above
    if not box:
        return place_on_page(below, above, find_place(below, above.width / above.height))
    try:
        left, top, right, bottom = map(int, box.split(","))
    except ValueError:
        raise CanvasError("A box is four whole numbers: left, top, right, bottom.") from None
    return place_on_page(below, above, Place((left, top, right, bottom), is_round))


def _download(data: bytes, name: str, kind: str = "image/png") -> Response:
    headers = {"Content-Disposition": f'attachment; filename="{name}"', "Cache-Control": "private"}
    return Response(data, media_type=kind, headers=headers)


def _file(path: Path | None) -> Response:
    return _gone() if path is None else FileResponse(path, headers=FOREVER)


def _gone() -> Response:
    return refused(404, "This picture is not kept any more.")
