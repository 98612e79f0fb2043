"""A chosen picture lands where the design has room for it, or where the person says."""

import numpy as np
import pytest
from PIL import Image, ImageDraw

from pipeline.canvas import CanvasError
from pipeline.place import Place, empty_frame, find_place, place_on_page, quiet_area


def placed(page, picture):
    return place_on_page(page, picture, find_place(page, picture.width / picture.height))


def poster(size=(900, 1300)):
    page = Image.new("RGB", size, "#fdf3e0")
    draw = ImageDraw.Draw(page)
    for y in (90, 130, 1180, 1220):
        for x in range(80, 800, 40):
            draw.rectangle((x, y, x + 22, y + 26), fill="#222")
    return page


def test_the_picture_lands_between_the_lines():
    """A candidate pasted over the headline spoils the canvas it is shown on."""
    page = poster()
    picture = Image.new("RGB", (512, 512), "teal")
    for aspect_picture in (picture, picture.resize((512, 300)), picture.resize((300, 512))):
        result = placed(page, aspect_picture)
        left, top, right, bottom = quiet_area(page, aspect_picture.width / aspect_picture.height)
        assert result.size == page.size
        assert 156 < top < bottom < 1180
        assert (right - left) * (bottom - top) > 0.25 * page.width * page.height
        outside = np.ones((1300, 900), dtype=bool)
        outside[top:bottom, left:right] = False
        assert (np.asarray(result)[outside] == np.asarray(page)[outside]).all()
        middle = result.getpixel(((left + right) // 2, (top + bottom) // 2))
        assert np.abs(np.array(middle) - (0, 128, 128)).max() <= 1
    assert page.tobytes() == poster().tobytes(), "the canvas itself must stay as it was"


def framed(shape, sign, size=(1080, 1080)):
    """A poster with an empty frame below its headline and something in the frame's middle."""
    page = poster(size)
    draw = ImageDraw.Draw(page)
    box = (180, 400, 780, 1000) if shape == "ellipse" else (180, 400, 900, 800)
    getattr(draw, shape)(box, fill="#ffffff", outline="#cc9966", width=6)
    x, y = (box[0] + box[2]) // 2, (box[1] + box[3]) // 2
    if sign == "icon":
        draw.rectangle((x - 50, y - 40, x + 50, y + 40), outline="#cc9966", width=8)
    elif sign == "words":
        for step in range(-5, 6):
            draw.rectangle((x + step * 50 - 16, y - 20, x + step * 50 + 16, y + 20), fill="#222")
    return page, box


def test_an_empty_frame_takes_the_picture():
    """A design with a frame left for a picture shows it there and nowhere else."""
    for shape, aspect in (("rectangle", 1.0), ("rectangle", 1.8), ("ellipse", 1.0), ("ellipse", 0.6)):
        page, box = framed(shape, "icon")
        found, is_round = empty_frame(page)
        assert np.abs(np.array(found) - box).max() < 20
        assert is_round is (shape == "ellipse")
        picture = Image.new("RGB", (int(600 * aspect), 600), "teal")
        result = np.asarray(placed(page, picture)).astype(int)
        changed = np.argwhere((result != np.asarray(page)).any(axis=2))
        assert (changed.min(axis=0) >= (box[1], box[0])).all()
        assert (changed.max(axis=0) <= (box[3], box[2])).all()
        x, y = (box[0] + box[2]) // 2, (box[1] + box[3]) // 2
        assert np.abs(result[y - 40, x - 50] - (0, 128, 128)).max() <= 1, "the frame's sign still shows"


def test_a_panel_with_words_is_no_frame():
    """A candidate pasted over the words of a panel hides what the design says."""
    for shape in ("rectangle", "ellipse"):
        assert empty_frame(framed(shape, "words")[0]) is None
    assert empty_frame(Image.new("RGB", (500, 700), "white")) is None


def test_a_busy_or_odd_canvas_still_takes_the_picture():
    """No free area, a strip or a tiny canvas must not end in an error or an empty box."""
    picture = Image.new("RGB", (512, 512), "teal")
    noise = Image.fromarray(np.random.default_rng(0).integers(0, 255, (300, 400, 3), dtype=np.uint8))
    for page in (
        noise,
        Image.new("RGB", (2048, 16)),
        Image.new("RGB", (16, 16)),
        Image.new("RGB", (16, 2048)),
    ):
        result = placed(page, picture)
        assert result.size == page.size
        assert result.tobytes() != page.tobytes()


def test_the_person_says_where():
    """A box that is dragged elsewhere must be filled to its edges, and nothing beside it touched."""
    page, picture = poster(), Image.new("RGB", (512, 512), "teal")
    for place in (Place((10, 20, 310, 120)), Place((10, 20, 310, 120), is_round=True)):
        result = np.asarray(place_on_page(page, picture, place)).astype(int)
        changed = np.argwhere((result != np.asarray(page)).any(axis=2))
        assert (changed.min(axis=0) == (20, 10)).all()
        assert (changed.max(axis=0) == (119, 309)).all()
        assert (np.abs(result[22, 12] - (0, 128, 128)).max() < 30) != place.is_round


@pytest.mark.parametrize(
    "box", [(-1, 0, 50, 50), (0, 0, 901, 50), (50, 50, 50, 90), (60, 50, 50, 90), (5, 5, 12, 90)]
)
def test_a_place_off_the_canvas_is_refused(box):
    """A made-up box must end in a sentence, not in a traceback or a picture nobody sees."""
    with pytest.raises(CanvasError):
        place_on_page(poster(), Image.new("RGB", (64, 64), "teal"), Place(box))
