"""The canvas: a design in progress, as a picture and its text, made safe and regular.

Everything a person drops or types enters here once. The header of a picture is read before its pixels, so a
small file that unpacks to hundreds of megapixels is refused without unpacking it. What comes out is always an
upright RGB picture of bounded size and clean text, or a CanvasError whose message can be shown as it is.

    from pipeline.canvas import open_canvas
    canvas = open_canvas("poster.png", "Jazz Night\\n12 May, 8 pm")
"""

import io
import re
import unicodedata
import warnings
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from PIL import Image, ImageChops, ImageCms, ImageDraw, ImageFilter, ImageOps

FORMATS = ("PNG", "JPEG", "WEBP", "GIF", "BMP", "TIFF")
MAX_BYTES = 25_000_000
MAX_PIXELS = 50_000_000  # 50 MP of RGBA is 200 MB while it is open; phones and cameras stay below
WORKING_SIDE = 2048  # enough to read small print, small enough for every later step to be quick
MIN_SIDE = 16
MAX_TEXT = 5_000  # about 800 words: more than any design holds

warnings.simplefilter("ignore", Image.DecompressionBombWarning)  # MAX_PIXELS is stricter, and answers

_SAVE_AS = "Save it as PNG or JPEG and drop it again."


Box = tuple[int, int, int, int]  # left, top, right, bottom in pixels


class CanvasError(ValueError):
    """The picture or text cannot be used; the message says why and what to do."""


@dataclass(frozen=True)
class Canvas:
    """A design in progress: an upright RGB picture of at most WORKING_SIDE a side, and typed text."""

    image: Image.Image | None
    text: str
    notes: tuple[str, ...] = ()  # what was changed on the way in, in sentences for the person


def open_canvas(picture: bytes | str | Path | None, text: str) -> Canvas:
    """Read a picture (its bytes or its file) and the typed text into a Canvas.

    Raises CanvasError when the picture cannot be used, or when there is neither a picture nor text.
    """
    notes: list[str] = []
    words = _clean_text(text, notes)
    if picture is None and not words:
        raise CanvasError("The canvas is empty. Drop a picture of your design, or type its text, or both.")
    image = None if picture is None else _open_picture(_read(picture), notes)
    return Canvas(image, words, tuple(notes))


# --- text ---------------------------------------------------------------------------------------------------


def _clean_text(text: str, notes: list[str]) -> str:
    if len(text) > MAX_TEXT:
        notes.append(f"The text is {len(text):,} characters long; the first {MAX_TEXT:,} are used.")
        text = text[:MAX_TEXT]
    text = unicodedata.normalize("NFC", text).replace("\r\n", "\n").replace("\r", "\n")
    text = "".join(map(_visible, text))
    # Control tokens of language models. A space takes their place, so no two halves can join into a new one.
    text = re.sub(r"<\|[^<>|\n]{0,40}\|>", " ", text)
    text = text.replace("<|", " ").replace("|>", " ")
    lines = [" ".join(line.split()) for line in text.split("\n")]
    return re.sub(r"\n{3,}", "\n\n", "\n".join(lines)).strip()


def _visible(character: str) -> str:
    """The character, a space for a control character, or nothing for an invisible one."""
    if character == "\n":
        return character
    category = unicodedata.category(character)
    if category == "Cf" and character not in "\u200c\u200d":  # the joiners shape Persian, Hindi and emoji
        return ""
    return " " if category in ("Cc", "Cs", "Co", "Zl", "Zp") else character


# --- picture ------------------------------------------------------------------------------------------------


def _read(picture: bytes | str | Path) -> bytes:
    if isinstance(picture, bytes):
        size = len(picture)
    else:
        path = Path(picture)
        if not path.is_file():  # also keeps devices and pipes, which never end, from being read
            raise CanvasError(f"There is no file {path.name!r}. Check the path and try again.")
        size = path.stat().st_size
    if size > MAX_BYTES:
        raise CanvasError(
            f"The picture file is {size / 1e6:.0f} MB; at most {MAX_BYTES // 1_000_000} MB can be opened. "
            "Save it smaller, for example as JPEG, and drop it again."
        )
    try:
        data = picture if isinstance(picture, bytes) else Path(picture).read_bytes()
    except OSError as error:
        raise CanvasError(f"The picture file cannot be read ({error.strerror}).") from error
    if not data:
        raise CanvasError("The picture file is empty. Choose another file.")
    return data


def _open_picture(data: bytes, notes: list[str]) -> Image.Image:
    try:
        image = Image.open(io.BytesIO(data), formats=FORMATS)
    except Image.DecompressionBombError:
        raise CanvasError(_too_many_pixels()) from None
    except Exception:  # Pillow's readers raise whatever a broken header makes them raise
        raise CanvasError(_not_a_picture(data)) from None
    width, height = image.size
    if width * height > MAX_PIXELS:
        raise CanvasError(_too_many_pixels(width, height))
    shrink = min(1.0, WORKING_SIDE / max(width, height))
    if min(width, height) * shrink < MIN_SIDE:
        raise CanvasError(
            f"The picture is {width} x {height} pixels, too small or too narrow to work with. "
            "Use one of a few hundred pixels a side."
        )
    try:
        moves = getattr(image, "is_animated", False)
        if moves and image.format != "MPO":  # MPO: a photo that carries its depth map or a smaller twin
            tiff = image.format == "TIFF"
            what, part = ("has several pages", "page") if tiff else ("moves", "frame")
            notes.append(f"The picture {what}; only the first {part} is used.")
        rgb = _to_rgb(ImageOps.exif_transpose(image))
    except CanvasError:
        raise
    except Exception:
        raise CanvasError(
            "The picture is damaged or only half there: it could not be read to its end. "
            "Download or export it again, then drop it here."
        ) from None
    if shrink < 1:
        rgb.thumbnail((WORKING_SIDE, WORKING_SIDE), Image.Resampling.LANCZOS)
    return rgb


def _too_many_pixels(width: int = 0, height: int = 0) -> str:
    size = f"{width:,} x {height:,} pixels" if width else "far too many pixels"
    return f"The picture has {size}; at most {MAX_PIXELS // 1_000_000} million are opened. Make it smaller."


def _not_a_picture(data: bytes) -> str:
    start = data[:1024].lstrip().lower()
    if b"<svg" in start:
        return (
            "SVG drawings cannot be opened, since they can hold programs. Export it as PNG and drop it again."
        )
    if start.startswith(b"%pdf"):
        return "PDF files cannot be opened. Export the page as PNG and drop it again."
    if data[4:8] == b"ftyp":
        return f"This kind of picture (HEIC, AVIF or a video) cannot be opened. {_SAVE_AS}"
    return f"This file is not a picture that can be opened (PNG, JPEG, WebP, GIF, BMP or TIFF). {_SAVE_AS}"


def _to_rgb(image: Image.Image) -> Image.Image:
    """Any Pillow mode to 8-bit RGB; what is transparent becomes white, as on paper."""
    if image.mode in ("I;16", "I;16B", "I;16L", "I", "F"):
        values = np.nan_to_num(np.asarray(image, dtype=np.float64))
        white = max(1.0 if image.mode == "F" else 65535.0, values.max())
        return Image.fromarray((values.clip(0) / white * 255).round().astype(np.uint8)).convert("RGB")
    if image.mode == "LAB":
        raise CanvasError(f"The picture uses the LAB colour space, which cannot be opened. {_SAVE_AS}")
    if image.has_transparency_data:
        image = image.convert("RGBA")
        paper = Image.new("RGBA", image.size, "white")
        return Image.alpha_composite(paper, image).convert("RGB")
    profile = image.info.get("icc_profile")
    if profile and image.mode in ("CMYK", "RGB"):  # print colours look garish without their profile
        try:
            source = ImageCms.ImageCmsProfile(io.BytesIO(profile))
            converted = ImageCms.profileToProfile(
                image, source, ImageCms.createProfile("sRGB"), outputMode="RGB"
            )
            if converted is not None:
                return converted
        except (OSError, ImageCms.PyCMSError):
            pass  # a broken profile is no reason to refuse the picture
    return image.convert("RGB")


# --- putting a candidate on the canvas ----------------------------------------------------------------------

_CELLS = 160  # cells along the longer side of the grid on which free space is searched
_EDGE = 10  # a step in brightness (of 255) that the eye reads as detail; noise and soft gradients stay below
_CROP = 1.35  # how far a candidate may be cropped to use a slot of another shape
_FRAME_CROP = 1.5  # how far it may be cropped to fill a frame that was drawn for a picture
_MARGIN = 0.03  # air around the placed picture, in shares of the canvas's shorter side


def place_on_canvas(canvas: Canvas, picture: Image.Image) -> Image.Image:
    """The canvas with `picture` in its place, as a new RGB picture; without a canvas, `picture` itself.

    Its place is an empty frame drawn for it where the design has one, else the largest quiet area.
    """
    if canvas.image is None:
        return picture.convert("RGB")
    page = canvas.image.copy()
    aspect = picture.width / picture.height
    frame = empty_frame(page)
    (left, top, right, bottom), is_round = frame or (quiet_area(page, aspect), False)
    if frame and not is_round:
        left, top, right, bottom = _inside((left, top, right, bottom), aspect)
    size = (right - left, bottom - top)
    fitted = ImageOps.fit(picture.convert("RGB"), size, Image.Resampling.LANCZOS)
    mask = Image.new("L", (size[0] * 4, size[1] * 4), 0)  # drawn four times too large for a smooth edge
    edge = (0, 0, mask.width - 1, mask.height - 1)
    if is_round:
        ImageDraw.Draw(mask).ellipse(edge, fill=255)
    else:
        ImageDraw.Draw(mask).rounded_rectangle(edge, round(0.16 * min(size)), fill=255)
    page.paste(fitted, (left, top), mask.resize(size, Image.Resampling.LANCZOS))
    return page


def _inside(frame: Box, aspect: float) -> Box:
    """The largest box in the middle of the frame in which a picture of this aspect is not cropped too far."""
    left, top, right, bottom = frame
    width, height = right - left, bottom - top
    shape = min(max(width / height, aspect / _FRAME_CROP), aspect * _FRAME_CROP)
    across, down = round(min(width, height * shape)), round(min(height, width / shape))
    left, top = left + (width - across) // 2, top + (height - down) // 2
    return left, top, left + max(1, across), top + max(1, down)


def empty_frame(page: Image.Image) -> tuple[Box, bool] | None:
    """The largest empty frame of a design, and whether it is round; None when there is none.

    A frame is a closed area without detail but for a small sign in its middle, left for a picture.
    """
    quiet = _edges(page) <= _EDGE
    cell = max(page.size) / _CELLS
    best: tuple[float, Box, bool] | None = None
    unseen = quiet.copy()
    while unseen.any():
        area = _reach(unseen, divmod(int(unseen.argmax()), unseen.shape[1]))
        unseen &= ~area
        rows, columns = np.flatnonzero(area.any(axis=1)), np.flatnonzero(area.any(axis=0))
        top, bottom, left, right = rows[0], rows[-1] + 1, columns[0], columns[-1] + 1
        touches = top == 0 or left == 0 or bottom == quiet.shape[0] or right == quiet.shape[1]
        if touches or area.sum() < 0.035 * quiet.size or (best and area.sum() <= best[0]):
            continue
        inner = area[top:bottom, left:right]
        outside = np.pad(~inner, 1, constant_values=True)
        holes = ~_reach(outside, (0, 0))[1:-1, 1:-1] & ~inner
        high, wide = (max(1, round(0.3 * side)) for side in inner.shape)
        middle = holes[high:-high, wide:-wide]
        full = (inner | holes).mean()
        is_round = full < 0.9
        if full > 0.72 and holes.mean() < 0.1 and middle.sum() == holes.sum():
            edges = (round(float(edge) * cell) for edge in (left, top, right, bottom))
            x1, y1, x2, y2 = edges
            best = (float(area.sum()), (x1, y1, min(x2, page.width), min(y2, page.height)), is_round)
    return best[1:] if best else None


def _reach(free: np.ndarray, start: tuple[int, ...]) -> np.ndarray:
    """The cells that can be reached from `start` over free ones: bool, as `free`."""
    reached = np.zeros_like(free)
    reached[start] = True
    while True:
        grown = reached.copy()
        grown[1:] |= reached[:-1]
        grown[:-1] |= reached[1:]
        grown[:, 1:] |= reached[:, :-1]
        grown[:, :-1] |= reached[:, 1:]
        grown &= free
        if (grown == reached).all():
            return reached
        reached = grown


def quiet_area(page: Image.Image, aspect: float) -> Box:
    """Where a picture of this aspect (width / height) fits best: (left, top, right, bottom) in pixels.

    The largest rectangle free of detail, of that aspect or a little cropped; on a page that is busy all over,
    the quietest box of about a fifth of the page.
    """
    edges = _edges(page)
    rows, columns = edges.shape
    cell = max(page.size) / _CELLS
    busy = _integral(edges > _EDGE)
    margin = max(1, round(_MARGIN * min(rows, columns)))
    best: tuple[float, tuple[int, int, int, int]] | None = None
    for crop in (1.0, _CROP, 1 / _CROP):
        for share in np.linspace(1.0, 0.2, 41):
            height = min(rows, columns / (aspect * crop)) * share
            width = height * aspect * crop
            kept = min(crop, 1 / crop)
            if best is not None and width * height * kept <= best[0]:
                break
            across, down = round(width), round(height)
            if min(across, down) <= 2 * margin + 2:
                break
            detail = _windows(busy, down, across)
            free = np.argwhere(detail <= 0.004 * across * down)
            if len(free):
                # In the middle of the free positions, so that the air around the picture is even.
                top, left = free[np.abs(free - free.mean(axis=0)).sum(axis=1).argmin()]
                best = (width * height * kept, (left, top, left + across, top + down))
                break
    if best is None or best[0] < 0.05 * rows * columns:
        height = min((0.2 * rows * columns / aspect) ** 0.5, rows, columns / aspect)
        down, across = max(1, int(height)), max(1, int(height * aspect))
        detail = _windows(_integral(edges), down, across)
        top, left = np.unravel_index(detail.argmin(), detail.shape)
        best = (0.0, (int(left), int(top), int(left) + across, int(top) + down))
    left, top, right, bottom = (round(float(edge) * cell) for edge in best[1])
    inset = round(margin * cell)
    box = (left + inset, top + inset, min(right, page.width) - inset, min(bottom, page.height) - inset)
    return box if box[2] > box[0] and box[3] > box[1] else (0, 0, page.width, page.height)


def _edges(page: Image.Image) -> np.ndarray:
    """The strongest step in brightness in each cell of a coarse grid: float [rows, columns], 0 to 255."""
    fine = ImageOps.contain(page, (_CELLS * 4, _CELLS * 4), Image.Resampling.BOX).filter(
        ImageFilter.BoxBlur(0.5)
    )
    channels = [fine.getchannel(name) for name in "RGB"]
    steps = [
        ImageChops.subtract(c.filter(ImageFilter.MaxFilter(3)), c.filter(ImageFilter.MinFilter(3)))
        for c in channels
    ]
    strongest = ImageChops.lighter(ImageChops.lighter(steps[0], steps[1]), steps[2])
    values = np.asarray(strongest, dtype=np.float64)
    rows, columns = -(-values.shape[0] // 4), -(-values.shape[1] // 4)
    padded = np.zeros((rows * 4, columns * 4))
    padded[: values.shape[0], : values.shape[1]] = values
    return padded.reshape(rows, 4, columns, 4).max(axis=(1, 3))


def _integral(values: np.ndarray) -> np.ndarray:
    """Sums over all rectangles from the corner: [rows + 1, columns + 1]."""
    return np.pad(values.astype(np.float64).cumsum(axis=0).cumsum(axis=1), ((1, 0), (1, 0)))


def _windows(integral: np.ndarray, down: int, across: int) -> np.ndarray:
    """The sum in every window of `down` x `across` cells, by its top left corner."""
    return (
        integral[down:, across:]
        - integral[:-down, across:]
        - integral[down:, :-across]
        + integral[:-down, :-across]
    )
