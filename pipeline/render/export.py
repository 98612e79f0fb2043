"""Pictures and designs as PDF: vectors stay vectors, text stays text.

Typst sets the page: it reads the SVG with the typefaces that the SVG itself carries.

    Path("flyer.pdf").write_bytes(pdf_of(template.draw(recipe)))
"""

from __future__ import annotations

import base64
import io
import re
import tempfile
from pathlib import Path

import typst
from fontTools.ttLib import TTFont

from pipeline.recipe import Picture
from pipeline.render import RendererError

_FONT = re.compile(r"data:font/woff2;base64,([A-Za-z0-9+/=]+)")
_POINTS = 0.75  # per pixel, as in CSS


def pdf_of(picture: Picture) -> bytes:
    """The picture as a PDF of one page, its SVG if it has one, else its pixels.

    Raises RendererError when the SVG cannot be read.
    """
    width, height = (side * _POINTS for side in picture.image.size)
    with tempfile.TemporaryDirectory(prefix="tinymuse-") as name:
        folder = Path(name)
        art = folder / ("page.svg" if picture.svg else "page.png")
        if picture.svg:
            art.write_text(picture.svg, encoding="utf-8")
        else:
            picture.image.save(art)
        for number, data in enumerate(_FONT.findall(picture.svg)):
            loaded = TTFont(io.BytesIO(base64.b64decode(data)))
            loaded.flavor = None
            loaded.save(folder / f"{number}.ttf")
        page = (
            f"#set page(width: {width:.2f}pt, height: {height:.2f}pt, margin: 0pt)\n"
            f'#image("{art.name}", width: 100%, height: 100%, fit: "stretch")'
        )
        (folder / "page.typ").write_text(page, encoding="utf-8")
        try:
            return typst.compile(
                str(folder / "page.typ"),
                root=str(folder),
                font_paths=[str(folder)],
                ignore_system_fonts=True,
                format="pdf",
            )
        except typst.TypstError as error:
            raise RendererError(f"This design could not be made a PDF: {error}. Take its PNG.") from error
