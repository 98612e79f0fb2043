"""The page as one editable SVG document: shapes and pictures as vectors, every line of text as text.

Lines stand where they were measured, in faces that the document carries along (only the letters it uses), so
that it looks the same in any browser and its words can still be changed in a vector editor.
"""

from __future__ import annotations

import base64
import io
import re
from xml.sax.saxutils import escape

from pipeline.recipe import Picture
from pipeline.render.design.faces import Face, embedded
from pipeline.render.design.lettering import Line
from pipeline.render.design.page import Page

_SERIFS = frozenset(("Lora", "Playfair Display", "Abril Fatface"))


def document(page: Page, picture: Picture | None, words: bool = True) -> str:
    """The page as an SVG document in pixels, with the picture in its window; without its words if asked.

    A picture that has no vectors of its own is embedded as JPEG.
    """
    width, height = round(page.width), round(page.height)
    parts = [f'<g id="shapes">{"".join(page.shapes)}</g>']
    if page.picture and picture:
        (left, top, right, bottom), clip = page.picture
        place = f'x="{left:.1f}" y="{top:.1f}" width="{right - left:.1f}" height="{bottom - top:.1f}"'
        art = _vectors(picture.svg, place) if picture.svg else _pixels(picture, place)
        parts.append(f'<clipPath id="window"><path d="{clip}"/></clipPath>')
        parts.append(f'<g id="picture" clip-path="url(#window)">{art}</g>')
    if words:
        parts.insert(0, f"<style>{_style(page.lines)}</style>")
        parts.append(f'<g id="text">{"".join(_text(line) for line in page.lines)}</g>')
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" width="{width}" '
        f'height="{height}">{"".join(parts)}</svg>'
    )


def _vectors(svg: str, place: str) -> str:
    """The picture's own document, put in its place."""
    head = re.match(r'<svg [^>]*?viewBox="([^"]*)"[^>]*>', svg)
    assert head, "a renderer's SVG begins with its size"
    inner = svg[head.end() : svg.rindex("</svg>")]
    return f'<svg {place} viewBox="{head[1]}" preserveAspectRatio="none">{inner}</svg>'


def _pixels(picture: Picture, place: str) -> str:
    data = io.BytesIO()
    picture.image.save(data, "JPEG", quality=93)
    source = base64.b64encode(data.getvalue()).decode()
    return f'<image {place} preserveAspectRatio="none" href="data:image/jpeg;base64,{source}"/>'


def _style(lines: list[Line]) -> str:
    """The faces of the lines, each with just the letters that are used."""
    letters: dict[Face, set[str]] = {}
    for line in lines:
        letters.setdefault(line.face, set()).update(line.text)
    rules = []
    for face, used in letters.items():
        data = base64.b64encode(embedded(face, frozenset(used))).decode()
        rules.append(
            f"@font-face{{font-family:'{face.family}';font-weight:{face.weight};"
            f"src:url(data:font/woff2;base64,{data}) format('woff2')}}"
        )
    return "".join(rules)


def _text(line: Line) -> str:
    face = line.face
    others = (
        "cursive" if face.family == "Great Vibes" else "serif" if face.family in _SERIFS else "sans-serif"
    )
    spaced = f' letter-spacing="{line.tracking * line.size:.2f}" font-kerning="none"' if line.tracking else ""
    return (
        f'<text x="{line.x:.2f}" y="{line.y:.2f}" font-family="\'{face.family}\', {others}" '
        f'font-weight="{face.weight}" font-size="{line.size}" fill="{line.color}"{spaced}>'
        f"{escape(line.text)}</text>"
    )
