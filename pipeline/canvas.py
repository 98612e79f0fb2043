"""The canvas: a design in progress, as a picture and its text, made safe and regular.

Everything a person drops or types enters here once. The header of a picture is read before its pixels, so a
small file that unpacks to hundreds of megapixels is refused without unpacking it. What comes out is always an
upright RGB picture of bounded size and clean text, or a CanvasError whose message can be shown as it is.

    from pipeline.canvas import open_canvas
    canvas = open_canvas("poster.png", "Jazz Night\\n12 May, 8 pm")
"""

import hashlib
import io
import re
import unicodedata
import warnings
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from PIL import Image, ImageCms, ImageOps

from pipeline.recipe import fingerprint

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

    @property
    def id(self) -> str:
        """32 hexadecimal digits that follow from the picture, or from the text where there is none: whoever
        drops the same picture works on the same canvas."""
        if self.image is not None:
            return fingerprint(self.image)
        return hashlib.sha256(self.text.encode()).hexdigest()[:32]


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
