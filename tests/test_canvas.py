"""Whatever a person drops, a clean picture and text come out, or a sentence that says what to do."""

import contextlib
import io
import struct
import zlib

import numpy as np
import pytest
from PIL import Image, ImageCms

from pipeline.canvas import (
    MAX_TEXT,
    WORKING_SIDE,
    Canvas,
    CanvasError,
    open_canvas,
)


def encoded(image, format="PNG", **options):
    out = io.BytesIO()
    image.save(out, format, **options)
    return out.getvalue()


def bomb(side=13_000):
    """A valid PNG of about 20 KB whose pixels are side * side."""

    def chunk(kind, data):
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    header = struct.pack(">IIBBBBB", side, side, 1, 0, 0, 0, 0)
    pixels = zlib.compress(bytes((side // 8 + 2) * side), 9)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", pixels) + chunk(b"IEND", b"")


pytestmark = pytest.mark.filterwarnings("ignore")  # Pillow's remarks on the damaged files

PHOTO = Image.fromarray(np.random.default_rng(0).integers(0, 255, (90, 120, 3), dtype=np.uint8))


def test_every_usual_picture_opens_as_rgb(tmp_path):
    """A format or mode that Pillow reads but does not turn into RGB would fail later, far from its cause."""
    gray16 = Image.fromarray((np.arange(90 * 120).reshape(90, 120) * 6).astype(np.uint16))
    pictures = {
        "png": encoded(PHOTO),
        "jpeg": encoded(PHOTO, "JPEG"),
        "webp": encoded(PHOTO, "WEBP"),
        "bmp": encoded(PHOTO, "BMP"),
        "tiff": encoded(PHOTO, "TIFF"),
        "gif": encoded(PHOTO, "GIF"),
        "palette": encoded(PHOTO.quantize(16)),
        "bits": encoded(PHOTO.convert("1")),
        "gray": encoded(PHOTO.convert("L")),
        "gray alpha": encoded(PHOTO.convert("LA")),
        "gray 16": encoded(gray16),
        "cmyk": encoded(PHOTO.convert("CMYK"), "JPEG"),
        "float": encoded(PHOTO.convert("F"), "TIFF"),
    }
    for name, data in pictures.items():
        image = open_canvas(data, "").image
        assert image.mode == "RGB", name
        assert image.size == (120, 90), name
        assert np.ptp(np.asarray(image)) > 100, f"{name} came out flat"
    path = tmp_path / "photo.png"
    path.write_bytes(pictures["png"])
    assert (
        open_canvas(path, "").image.tobytes() == open_canvas(str(path), "").image.tobytes() == PHOTO.tobytes()
    )


def test_transparent_pixels_become_white():
    """Alpha dropped rather than blended shows the hidden colours, mostly black boxes around logos."""
    logo = Image.new("RGBA", (64, 64), (0, 0, 0, 0))
    logo.paste((255, 0, 0, 255), (16, 16, 48, 48))
    palette = logo.quantize(4)
    for data in (encoded(logo), encoded(palette), encoded(logo, "WEBP", lossless=True)):
        image = open_canvas(data, "").image
        assert image.getpixel((2, 2)) == (255, 255, 255)
        assert image.getpixel((32, 32))[0] > 240


def test_exif_rotation_is_applied():
    """A phone's upright photo would be read lying on its side."""
    exif = Image.Exif()
    exif[0x0112] = 6
    image = open_canvas(encoded(PHOTO, "JPEG", exif=exif), "").image
    assert image.size == (90, 120)


def test_colour_profiles_are_used_and_broken_ones_ignored():
    """A broken profile must not refuse a picture that every browser shows."""
    profile = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    near = np.asarray(open_canvas(encoded(PHOTO, icc_profile=profile), "").image).astype(int)
    assert np.abs(near - np.asarray(PHOTO)).max() <= 2
    assert open_canvas(encoded(PHOTO, icc_profile=b"nonsense"), "").image.size == (120, 90)


def test_large_pictures_shrink_and_keep_their_shape():
    """Reading and drawing on a 20-megapixel picture would take minutes on two cores."""
    image = open_canvas(encoded(Image.new("RGB", (5000, 2500), "navy"), "JPEG"), "").image
    assert image.size == (WORKING_SIDE, WORKING_SIDE // 2)


def test_moving_pictures_give_their_first_frame_and_say_so():
    """An animation silently cut to one frame leaves the person wondering."""
    frames = [Image.new("RGB", (40, 40), color) for color in ("red", "blue")]
    for format in ("GIF", "WEBP", "PNG", "TIFF"):
        canvas = open_canvas(encoded(frames[0], format, save_all=True, append_images=frames[1:]), "")
        assert canvas.image.getpixel((20, 20))[0] > 240, format
        assert "only the first" in canvas.notes[0], format


def test_a_bomb_is_refused_before_it_is_decoded():
    """169 megapixels from 20 KB would take the memory of the whole server."""
    data = bomb()
    assert len(data) < 30_000
    with pytest.raises(CanvasError, match=r"13,000 x 13,000 pixels; at most 50 million are"):
        open_canvas(data, "")
    with pytest.raises(CanvasError, match="too many pixels"):
        open_canvas(bomb(20_000), "")


@pytest.mark.parametrize(
    ("data", "says"),
    [
        (b"", "empty"),
        (b"hello, I am a text", "not a picture"),
        (b"<?xml version='1.0'?>\n<svg xmlns='http://www.w3.org/2000/svg'/>", "SVG"),
        (b"%PDF-1.7 ...", "PDF"),
        (b"\0\0\0\x18ftypheic....", "HEIC"),
        (encoded(PHOTO)[:200], "damaged"),
        (encoded(PHOTO, "JPEG")[:700], "damaged"),
        (encoded(PHOTO, "GIF")[:1500], "damaged"),
        (encoded(PHOTO)[:20], "not a picture"),
        (encoded(Image.new("RGB", (1, 1))), "1 x 1 pixels"),
        (encoded(Image.new("RGB", (4000, 20))), "too narrow"),
        (b"\0" * 26_000_000, "26 MB"),
    ],
)
def test_what_cannot_be_opened_says_why(data, says):
    """A traceback or "Error" tells the person nothing."""
    with pytest.raises(CanvasError, match=says):
        open_canvas(data, "some text")


def test_a_missing_file_or_a_folder_says_so(tmp_path):
    """A mistyped path on the command line must not end in a traceback; a device must not be read for ever."""
    for path in (tmp_path / "none.png", tmp_path, "/dev/zero"):
        with pytest.raises(CanvasError, match="There is no file"):
            open_canvas(path, "")


def test_a_hundred_broken_pictures_raise_nothing_else():
    """Damage anywhere in a file must not reach the person as a traceback of Pillow."""
    rng = np.random.default_rng(1)
    exif = Image.Exif()
    exif[0x0112] = 8
    good = [encoded(PHOTO, f) for f in ("PNG", "WEBP", "GIF", "BMP", "TIFF")] + [
        encoded(PHOTO, "JPEG", exif=exif)
    ]
    for index in range(100):
        data = bytearray(good[index % len(good)])
        for place in rng.integers(0, min(len(data), 400), 12):
            data[place] = rng.integers(0, 256)
        with contextlib.suppress(CanvasError):
            open_canvas(bytes(data), "")


def test_neither_picture_nor_text():
    """An empty canvas must ask for one, also when the text is only blanks and invisible characters."""
    for text in ("", "  \n\t ", "\u200b\ufeff\u202e", "<|TP|>"):
        with pytest.raises(CanvasError, match="Drop a picture of your design, or type its text"):
            open_canvas(None, text)


def test_text_is_cleaned():
    """Control characters break files and terminals; control tokens steer the language model."""
    dirty = (
        "Jazz\tNight \x00\x1b[31m\r\n\r\n\r\n\r\n12 May\u202e,  8 pm <|TP|> <|endoftext|>now <|<|TP|>|>\ud800"
    )
    text = open_canvas(None, dirty).text
    assert text == "Jazz Night [31m\n\n12 May, 8 pm now"
    assert open_canvas(None, "Cafe\u0301").text == "Caf\u00e9"
    assert open_canvas(None, "a < b | c > d").text == "a < b | c > d"


def test_endless_text_is_cut_with_a_note():
    """100,000 characters would stall every step after this one; refusing would lose the person's canvas."""
    canvas = open_canvas(None, "word " * 20_000)
    assert len(canvas.text) <= MAX_TEXT
    assert canvas.notes == ("The text is 100,000 characters long; the first 5,000 are used.",)


def test_a_canvas_is_known_again():
    """Two people who drop the same picture rate the same canvas; other pictures and texts are others."""
    red, blue = (Canvas(Image.new("RGB", (32, 32), color), "Fair") for color in ("red", "blue"))
    assert red.id == Canvas(red.image.copy(), "another text").id != blue.id
    assert Canvas(None, "Fair").id == Canvas(None, "Fair", ("a note",)).id != Canvas(None, "Jazz").id
