"""A study for tests, with pictures of one colour each in place of drawn ones."""

import colorsys
from pathlib import Path

from PIL import Image
from PIL.PngImagePlugin import PngInfo

from pipeline.canvas import Canvas
from pipeline.store.database import open_store
from pipeline.store.studies import Item, Study
from pipeline.study.studies import Studies
from slm.command import Task

ARMS = {"guidedarm": {}, "rawarm": {"guided": "no"}}
SECRETS = ("guidedarm", "rawarm", "painter-of", "writer-of", "telltale")
"""What a rater must not find anywhere: names of arms, of what drew and of what wrote."""


def open_study(
    folder: Path, name: str = "pilot", canvases: int = 5, side: int = 64, **options
) -> tuple[Studies, Study]:
    """An open study of two arms: 2 x `canvases` items, each with a picture whose file tells on its arm."""
    studies = Studies(open_store(f"sqlite:///{folder / 'ratings.sqlite'}"), folder)
    faces = {
        f"canvas {n}": (Canvas(_picture(n, side), f"Fair number {n}"), Task.T2I) for n in range(canvases)
    }
    study = studies.create(name, ARMS, faces, seed=7, target=100, **options)
    for at, face in enumerate(study.canvases):
        for arm in study.arms:
            item = Item(
                id=f"{at:016x}{ord(arm.code):016x}",
                study=study.id,
                arm=arm.code,
                canvas=face.id,
                number=0,
                prompt=f"A bright tent on a green field, number {at}.",
                task="T2I",
                topic="fair",
                objects=("tent",),
                design_type="",
                style="",
                length=20,
                words=9,
                seed=at,
                renderer=f"painter-of-{arm.name}",
                slm=f"writer-of-{arm.name}",
            )
            path = studies.picture(study.id, item.id)
            path.parent.mkdir(parents=True, exist_ok=True)
            told = PngInfo()
            told.add_text("telltale", arm.name)
            _picture(20 * at + ord(arm.code), side).save(path, pnginfo=told)
            studies.add_item(item)
    return studies, studies.open(name)


def _picture(number: int, side: int) -> Image.Image:
    red, green, blue = (round(255 * part) for part in colorsys.hsv_to_rgb(number * 0.137 % 1, 0.45, 0.9))
    return Image.new("RGB", (side, side * 3 // 4), (red, green, blue))
