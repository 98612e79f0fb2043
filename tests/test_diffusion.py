"""Diffusion: a real Stable Diffusion pipeline of a few channels, through the path that a real model takes."""

import gc
import json
import shutil
import threading
import time

import numpy as np
import pytest
import torch
from PIL import Image, ImageDraw
from torch.utils._python_dispatch import TorchDispatchMode
from torch.utils._pytree import tree_leaves

from pipeline.recipe import Recipe, Start, fingerprint
from pipeline.render import RendererError, Stopped
from pipeline.render.diffusion import PRESETS, Diffusion, _pace
from tests.tiny_diffusion import save_tiny_diffusion, save_tiny_xl

torch.set_num_threads(1)


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    folder = tmp_path_factory.mktemp("models") / "tiny-turbo"
    save_tiny_diffusion(folder)
    return folder


@pytest.fixture(scope="module")
def painter(folder):
    return Diffusion(str(folder))


@pytest.fixture(scope="module")
def guided(folder, tmp_path_factory):
    """The same model under a name that no distilled model has: 25 steps, with guidance."""
    copy = tmp_path_factory.mktemp("models") / "tiny"
    shutil.copytree(folder, copy)
    return Diffusion(str(copy))


@pytest.fixture(scope="module")
def canvas():
    page = Image.new("RGB", (96, 64), "#e0c060")
    ImageDraw.Draw(page).ellipse((20, 10, 70, 50), "#204080")
    return page


def draw(painter, prompt="a red balloon", seed=1, size=(64, 48), **more):
    return painter.draw(Recipe(prompt, seed, size), **more).image


def redraw(painter, canvas, strength=0.5, box=None, seed=1, prompt="a red balloon", **more):
    start = Start(fingerprint(canvas), strength, box)
    return painter.draw(Recipe(prompt, seed, canvas.size, start=start), canvas=canvas, **more)


def difference(one, other):
    return float(np.abs(np.asarray(one, dtype=int) - np.asarray(other, dtype=int)).mean())


def test_a_prompt_becomes_a_picture(painter):
    """The whole path: load from a folder, encode, denoise, decode, scale to any size that is asked."""
    for size in ((64, 48), (51, 77)):
        image = draw(painter, size=size)
        assert (image.mode, image.size) == ("RGB", size)
        assert np.asarray(image).std() > 3, "the picture is blank"
    assert "tiny-turbo" in painter.name
    assert "--renderer illustrator" in painter.describe()


def test_seed_and_prompt_decide_the_picture(painter, folder):
    """A rated picture must be drawable again, also by another process; two candidates must differ."""
    first = draw(painter).tobytes()
    assert draw(Diffusion(str(folder))).tobytes() == first
    assert draw(painter, seed=2).tobytes() != first
    assert draw(painter, prompt="a calm blue sea").tobytes() != first


def test_steps_are_reported(painter):
    """The progress bar needs every step; a turbo model must not take the 25 steps of an undistilled one."""
    steps = []
    draw(painter, on_step=lambda done, total: steps.append((done, total)))
    assert steps == [(1, 4), (2, 4), (3, 4), (4, 4)]


def test_every_preset_has_the_pace_of_its_kind():
    """Guidance burns the pictures of a distilled model, and four steps are noise from any other."""
    paces = {name: _pace(PRESETS[name]) for name in PRESETS}
    assert paces["sd-turbo"] == paces["sdxl-turbo"] == (4, 0.0)
    assert paces["sd-1.5"] == (25, 7.5)
    assert paces["sdxl"] == (30, 5.0)


def test_the_canvas_is_a_start(painter, canvas):
    """The slider must mean something: the less the strength, the more the canvas counts."""
    other = canvas.transpose(Image.Transpose.FLIP_LEFT_RIGHT)
    pairs = {
        strength: [redraw(painter, page, strength).image for page in (canvas, other)]
        for strength in (0.1, 0.6, 1.0)
    }
    assert {picture.size for pair in pairs.values() for picture in pair} == {canvas.size}
    much, some, little = (difference(*pair) for pair in pairs.values())
    assert much > 2 * some > 2 * little
    assert redraw(painter, canvas, 0.6).image.tobytes() == pairs[0.6][0].tobytes()
    assert redraw(painter, canvas, 0.6, seed=2).image.tobytes() != pairs[0.6][0].tobytes()


def test_a_start_takes_few_steps_but_never_none(painter, guided, canvas):
    """A turbo model at a tenth of the strength would take no step at all and give the canvas back."""
    for model, strength, total in ((painter, 0.1, 4), (painter, 1.0, 4), (guided, 0.2, 5), (guided, 0.04, 4)):
        steps = []
        redraw(model, canvas, strength, on_step=lambda *step, steps=steps: steps.append(step))
        assert steps == [(step, total) for step in range(1, total + 1)]


@pytest.mark.parametrize("box", [(30, 20, 62, 52), (0, 0, 40, 40), (0, 0, 96, 64)])
def test_only_the_box_is_drawn_into_the_canvas(painter, canvas, box):
    """A logo outside the box that changes by a shade is a spoilt design."""
    left, top, right, bottom = box
    before = np.asarray(canvas).astype(int)
    after = np.asarray(redraw(painter, canvas, 1.0, box).image).astype(int)
    assert after.shape == before.shape
    changed = np.abs(after - before).max(axis=-1)
    inside = changed[top:bottom, left:right]
    assert (inside > 2).mean() > 0.8
    changed[top:bottom, left:right] = 0
    assert not changed.any()


def test_a_model_without_inpainting_still_draws_into_the_box(tmp_path, canvas):
    """Latent consistency models have no inpainting pipeline: the box is drawn from what it holds."""
    from diffusers import LCMScheduler

    save_tiny_diffusion(tmp_path / "tiny-lcm", consistency=LCMScheduler())
    model = Diffusion(str(tmp_path / "tiny-lcm"))
    picture = redraw(model, canvas, 0.8, (30, 20, 62, 52)).image
    changed = np.abs(np.asarray(picture).astype(int) - np.asarray(canvas)).max(axis=-1)
    assert (changed[20:52, 30:62] > 2).mean() > 0.7
    changed[20:52, 30:62] = 0
    assert not changed.any()


def test_the_larger_kind_of_model_takes_every_path_too(tmp_path, canvas):
    """Stable Diffusion XL has other pipelines with other arguments; its presets must not fail on one."""
    save_tiny_xl(tmp_path / "tiny-xl-turbo")
    model = Diffusion(str(tmp_path / "tiny-xl-turbo"))
    words = model.draw(Recipe("a sea", 1, canvas.size)).image
    whole = redraw(model, canvas, 0.5, prompt="a sea").image
    boxed = redraw(model, canvas, 1.0, (30, 20, 62, 52), prompt="a sea").image
    assert len({picture.tobytes() for picture in (words, whole, boxed, canvas)}) == 4
    assert {picture.size for picture in (words, whole, boxed)} == {canvas.size}


def test_what_to_leave_out_is_heeded_or_said_not_to_be(painter, guided):
    """A person who types what they do not want and gets it must know that nobody listened."""
    plain, without = (guided.draw(Recipe("a sea", 1, (64, 48), negative=no)) for no in ("", "a boat, red"))
    assert difference(plain.image, without.image) > 0
    assert without.notes == ()
    deaf, same = (painter.draw(Recipe("a sea", 1, (64, 48), negative=no)) for no in ("a boat", ""))
    assert deaf.image.tobytes() == same.image.tobytes()
    assert "ignored" in deaf.notes[0]
    assert same.notes == ()


class SmallCard(TorchDispatchMode):
    """An allocator that gives no tensor of more than `limit` numbers to what runs under it."""

    def __init__(self, limit, error=None):
        super().__init__()
        self.limit = limit
        self.error = error or torch.OutOfMemoryError("CUDA out of memory. Tried to allocate 2.00 GiB.")

    def __torch_dispatch__(self, func, types, args=(), kwargs=None):
        result = func(*args, **(kwargs or {}))
        if any(isinstance(leaf, torch.Tensor) and leaf.numel() > self.limit for leaf in tree_leaves(result)):
            raise self.error
        return result


@pytest.fixture(scope="module")
def most(painter):
    """The numbers in the largest tensor of a drawing of 64 x 64 pixels."""
    seen = []

    class Watch(TorchDispatchMode):
        def __torch_dispatch__(self, func, types, args=(), kwargs=None):
            result = func(*args, **(kwargs or {}))
            seen.extend(leaf.numel() for leaf in tree_leaves(result) if isinstance(leaf, torch.Tensor))
            return result

    draw(painter)
    with Watch():
        draw(painter, size=(64, 64))
    return max(seen)


@pytest.mark.parametrize(
    "error", [None, RuntimeError("DefaultCPUAllocator: can't allocate memory: you tried to allocate 9 bytes")]
)
def test_when_memory_runs_out_it_is_drawn_smaller_and_said(folder, most, error):
    """A card shared with another program must give a smaller picture, not a failure or a crash."""
    model = Diffusion(str(folder))
    recipe = Recipe("a red balloon", 1, (64, 64))
    model.draw(recipe)
    with SmallCard(most * 2 // 3, error):
        picture = model.draw(recipe)
    assert picture.image.size == (64, 64)
    assert picture.notes == ("Drawn at 48 x 48 pixels: the graphics card was short of memory.",)
    with SmallCard(most // 8, error), pytest.raises(RendererError, match="too little free memory"):
        model.draw(recipe)
    assert model.draw(recipe).notes == ()


def test_another_error_is_not_taken_for_a_lack_of_memory(painter, most):
    """A bug that is answered with smaller pictures would be seen by nobody."""
    with SmallCard(most // 2, RuntimeError("expected Half")), pytest.raises(RuntimeError, match="Half"):
        draw(painter, size=(64, 64))


def test_stop_takes_effect_within_one_step(painter):
    """Who presses Stop must not wait for the rest, and the device must be free for the next drawing."""
    stop, steps = threading.Event(), []

    def press(done, total):
        steps.append(done)
        if done == 2:
            stop.set()

    with pytest.raises(Stopped):
        draw(painter, on_step=press, stop=stop)
    assert steps == [1, 2]
    with pytest.raises(Stopped):
        draw(painter, stop=stop)
    draw(painter)


def test_one_drawing_at_a_time_and_the_waiting_one_can_stop(painter, folder):
    """Two drawings at once run out of memory on a small card; one that waits must still hear Stop."""
    entered, leave, stop = threading.Event(), threading.Event(), threading.Event()
    ended = []

    def hold(done, total):
        entered.set()
        leave.wait(5)

    def wait():
        try:
            draw(Diffusion(str(folder)), stop=stop)
        except Stopped:
            ended.append("stopped")

    first = threading.Thread(target=draw, args=(painter,), kwargs={"on_step": hold})
    first.start()
    assert entered.wait(20)
    second = threading.Thread(target=wait)
    second.start()
    time.sleep(0.3)
    assert second.is_alive(), "the second drawing did not wait"
    stop.set()
    second.join(5)
    assert ended == ["stopped"]
    leave.set()
    first.join(20)
    assert not first.is_alive()


def tensors():
    """How many tensors are alive, and of how many numbers."""
    gc.collect()
    alive = [thing for thing in gc.get_objects() if isinstance(thing, torch.Tensor)]
    return len(alive), sum(tensor.numel() for tensor in alive)


@pytest.mark.filterwarnings("ignore")  # some of the objects looked at are deprecated
def test_twenty_starts_and_stops_leave_no_thread_and_no_memory(painter, canvas):
    """A demo runs for days; a thread, a lock or a tensor left by each Stop would end it."""
    box = (10, 10, 60, 60)
    starts = (None, Start(fingerprint(canvas), 0.5), Start(fingerprint(canvas), 0.5, box))
    redraw(painter, canvas, 0.5, box)
    draw(painter)
    before, held = threading.active_count(), tensors()
    for number in range(20):
        stop = threading.Event()
        recipe = Recipe("a sea", number, canvas.size, start=starts[number % 3])
        with pytest.raises(Stopped):
            painter.draw(recipe, canvas=canvas, on_step=lambda *_, stop=stop: stop.set(), stop=stop)
    draw(painter)
    assert threading.active_count() == before
    assert tensors() == held


def damaged(folder, tmp_path, harm):
    copy = tmp_path / "copy"
    shutil.copytree(folder, copy)
    harm(copy)
    return str(copy)


def test_parts_that_do_not_fit_are_told(folder, tmp_path):
    """Whole files of different models pass the first look; loading them must still end in words."""

    def swap(copy):
        config = json.loads((copy / "unet" / "config.json").read_text())
        (copy / "unet" / "config.json").write_text(json.dumps(config | {"block_out_channels": [16, 32]}))

    with pytest.raises(RendererError, match="could not be loaded"):
        draw(Diffusion(damaged(folder, tmp_path, swap)))


def test_only_half_precision_weights_load_too(folder, tmp_path):
    """Many hub models are downloaded as fp16 files alone; the processor must load these in float32."""

    def rename(copy):
        for file in copy.glob("*/*.safetensors"):
            file.rename(file.with_name(file.stem + ".fp16.safetensors"))

    assert draw(Diffusion(damaged(folder, tmp_path, rename))).size == (64, 48)


def test_the_safety_checker_is_respected(folder, tmp_path):
    """A model that ships a checker must not show what it holds back, nor a black square without a word."""
    from diffusers import StableDiffusionPipeline
    from diffusers.pipelines.stable_diffusion import StableDiffusionSafetyChecker
    from transformers import CLIPConfig, CLIPImageProcessor, CLIPVisionConfig

    sizes = {"hidden_size": 16, "intermediate_size": 16, "num_hidden_layers": 1, "num_attention_heads": 2}
    vision = CLIPVisionConfig(image_size=32, patch_size=8, **sizes)
    checker = StableDiffusionSafetyChecker(CLIPConfig(vision_config=vision.to_dict(), projection_dim=16))
    with torch.no_grad():
        checker.concept_embeds_weights.fill_(-2)  # below any cosine: every picture is held back
    pipeline = StableDiffusionPipeline.from_pretrained(
        folder,
        safety_checker=checker,
        feature_extractor=CLIPImageProcessor(size={"shortest_edge": 32}, crop_size=32),
    )
    pipeline.save_pretrained(tmp_path / "checked")
    with pytest.raises(RendererError, match="safety checker held this picture back"):
        draw(Diffusion(str(tmp_path / "checked")))
