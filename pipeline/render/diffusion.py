"""Diffusion: any diffusers text-to-image model draws the prompt, from a local folder or by its hub name.

From words alone, from the canvas (image to image), or into a box of the canvas (inpainting): three pipelines
over one set of weights. The model's files are checked when the renderer is chosen, so that a half-finished
download is told at the start; the weights (and diffusers) are loaded by the first picture. One drawing owns
the device at a time. Where its memory is short, the model saves what it can, then draws smaller, and says so.

    Diffusion("models/sd-turbo").draw(Recipe("A red balloon over the sea.", size=(768, 768), seed=7)).image
"""

from __future__ import annotations

import gc
import inspect
import math
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

from PIL import Image, ImageChops, ImageFilter

from pipeline.canvas import Box
from pipeline.recipe import Picture, Recipe, Start
from pipeline.render import RendererError, Stopped
from pipeline.render.hub import INSTEAD, check_model, fetch_model, find_model

OnStep = Callable[[int, int], None]

PRESETS = {  # short names
    "sd-turbo": "stabilityai/sd-turbo",
    "sdxl-turbo": "stabilityai/sdxl-turbo",
    "sd-1.5": "stable-diffusion-v1-5/stable-diffusion-v1-5",
    "sdxl": "stabilityai/stable-diffusion-xl-base-1.0",
}
# Steps and guidance by a word in the model's name, as such models are commonly run: distilled ones need few
# steps and no guidance.
_PACES = {
    "turbo": (4, 0.0),
    "lightning": (4, 0.0),
    "schnell": (4, 0.0),
    "lcm": (6, 1.0),
    "xl": (30, 5.0),
}
_PACE = (25, 7.5)
_FEW = 4  # steps that a picture from the canvas takes at least, however little is to change

# What is tried in turn when memory runs out, in shares of the model's own side; before the second try the
# weights move off the device but for the part at work, and the picture is decoded in tiles. (Slicing the
# attention would save nothing: PyTorch's own needs no large matrix.)
_SIDES = (1.0, 1.0, 0.7, 0.5)
_GRID = 16  # sides are multiples of this

_DEVICE = threading.Lock()


class Diffusion:
    """Draws with the diffusion model at `source`: a preset's name, a diffusers folder, or a hub name."""

    starts = True

    def __init__(self, source: str, offline: bool = False):
        """Find and check the model; nothing large is loaded yet. Raises RendererError."""
        self.source = source if Path(source).is_dir() else PRESETS.get(source, source)
        title = Path(source).resolve().name if Path(source).is_dir() else self.source
        self.name = f"diffusion ({title})"
        self._folder = find_model(self.source, offline)  # None: to be downloaded by the first picture
        self._pipeline: Any = None

    def describe(self) -> str:
        """One plain sentence: what draws, where, and how to change it."""
        return (
            f"Pictures are drawn by the diffusion model {self.source} on {_where()}. "
            "To change it, start with --renderer illustrator, or with another folder or hub name."
        )

    def draw(
        self,
        recipe: Recipe,
        *,
        canvas: Image.Image | None = None,
        on_step: OnStep | None = None,
        stop: threading.Event | None = None,
    ) -> Picture:
        """Draw the recipe as an RGB picture of its size; the same recipe gives the same picture.

        The model works at the resolution it was trained for, in the shape of that size; the result is scaled.
        A recipe that starts from the canvas gives the whole canvas, changed all over or within the box alone.
        Raises Stopped within one step of `stop` being set, RendererError when the model cannot draw.
        """
        while not _DEVICE.acquire(timeout=0.1):
            if stop and stop.is_set():
                raise Stopped
        try:
            if stop and stop.is_set():
                raise Stopped
            if self._pipeline is None:
                self._pipeline = self._load(on_step, stop)
            drawing = _Drawing(self._pipeline, self.name, recipe, on_step, stop)
            if recipe.start is None:
                image = drawing.from_words()
            elif canvas is None:
                raise ValueError("This recipe starts from a canvas, and none was given.")
            elif recipe.start.box is None:
                image = drawing.from_canvas(canvas, recipe.start)
            else:
                image = drawing.into_canvas(canvas, recipe.start, recipe.start.box)
        finally:
            _DEVICE.release()
        return Picture(image.resize(recipe.size, Image.Resampling.LANCZOS), tuple(drawing.notes))

    def _load(self, on_step: OnStep | None, stop: threading.Event | None) -> Any:
        """The pipeline, on the GPU in half precision where there is one. Raises RendererError, Stopped."""
        import torch
        from diffusers import AutoPipelineForText2Image

        on_gpu = torch.cuda.is_available()
        if self._folder is None:
            folder = fetch_model(self.source, on_gpu, on_step, stop)
            check_model(folder)
            self._folder = folder
        halves = {file.parent for file in self._folder.glob("*/*.fp16*.safetensors")}
        wholes = {file.parent for file in self._folder.glob("*/*.safetensors") if ".fp16" not in file.name}
        # Transformers were trained in bfloat16, whose range float16 has not; UNets go with float16.
        half = torch.bfloat16 if (self._folder / "transformer").is_dir() else torch.float16
        try:
            pipeline = AutoPipelineForText2Image.from_pretrained(
                self._folder,
                dtype=half if on_gpu else torch.float32,
                variant="fp16" if halves and (on_gpu or halves - wholes) else None,
                use_safetensors=True,
                local_files_only=True,
            )
        except Exception as error:  # a folder of parts that do not fit one another raises anything
            raise RendererError(
                f"The model {self.source} could not be loaded ({str(error).strip().splitlines()[0][:200]}). "
                f"Download it again, or choose another text-to-image model. {INSTEAD}"
            ) from error
        if "callback_on_step_end" not in inspect.signature(pipeline.__call__).parameters:
            raise RendererError(
                f"The model {self.source} cannot be stopped while it draws; choose another. {INSTEAD}"
            )
        pipeline.set_progress_bar_config(disable=True)
        if on_gpu:
            try:
                pipeline.to("cuda")
            except torch.OutOfMemoryError:
                pipeline.enable_model_cpu_offload()
        return pipeline


class _Drawing:
    """One picture being drawn: the pipeline, what it is told, and the notes that come up on the way."""

    def __init__(
        self,
        pipeline: Any,
        name: str,
        recipe: Recipe,
        on_step: OnStep | None,
        stop: threading.Event | None,
    ) -> None:
        self.pipeline, self.recipe = pipeline, recipe
        self.on_step, self.stop = on_step, stop
        self.steps, self.guidance = _pace(name)
        self.notes: list[str] = []
        if recipe.negative and not self._heeds_negative():
            self.notes.append("This model cannot be told what to leave out; that was ignored.")

    def from_words(self) -> Image.Image:
        return self._draw(self.pipeline, self.recipe.size)

    def from_canvas(self, canvas: Image.Image, start: Start) -> Image.Image:
        """The canvas drawn anew; the more of it is kept, the lower the strength."""
        from diffusers import AutoPipelineForImage2Image

        pipeline = self._turned(AutoPipelineForImage2Image)
        if pipeline is None:
            raise RendererError(
                "This model cannot start from a picture. Draw from words alone, or choose another model."
            )
        if "strength" not in inspect.signature(pipeline.__call__).parameters:
            self.notes.append("This model decides by itself how much of the canvas it keeps.")
        return self._draw(pipeline, canvas.size, start.strength, canvas)

    def into_canvas(self, canvas: Image.Image, start: Start, box: Box) -> Image.Image:
        """The canvas with the box drawn anew, to suit what is around it; not a pixel outside changes."""
        from diffusers import AutoPipelineForInpainting

        window = _around(box, canvas.size)
        crop = canvas.crop(window)
        mask, soft = _masks(box, window)
        pipeline = self._turned(AutoPipelineForInpainting)
        if pipeline is None:  # no inpainting with this model: the surroundings are drawn too, and left out
            drawn = self.from_canvas(crop, start)
        else:
            drawn = self._draw(pipeline, crop.size, start.strength, crop, mask)
        result = canvas.copy()
        result.paste(drawn.resize(crop.size, Image.Resampling.LANCZOS), window[:2], soft)
        return result

    def _turned(self, kind: Any) -> Any:
        """The pipeline for another task with the same weights; None when the model has none."""
        try:
            turned = kind.from_pipe(self.pipeline)
        except ValueError:
            return None
        turned.set_progress_bar_config(disable=True)
        return turned

    def _draw(
        self,
        pipeline: Any,
        size: tuple[int, int],
        strength: float = 1.0,
        image: Image.Image | None = None,
        mask: Image.Image | None = None,
    ) -> Image.Image:
        """One picture in the shape of `size`, smaller where memory is short."""
        for attempt, share in enumerate(_SIDES):
            if attempt == 1:
                self._save_memory()
            working = _working_size(self.pipeline, size, share)
            drawn = self._attempt(pipeline, working, strength, image, mask)
            if drawn is not None:
                if share < 1:
                    told = " x ".join(map(str, working))
                    self.notes.append(f"Drawn at {told} pixels: the graphics card was short of memory.")
                return drawn
        raise RendererError(
            "There is too little free memory for this model. Close other programs that use the graphics "
            f"card, or choose a smaller model. {INSTEAD}"
        )

    def _attempt(
        self,
        pipeline: Any,
        size: tuple[int, int],
        strength: float,
        image: Image.Image | None,
        mask: Image.Image | None,
    ) -> Image.Image | None:
        """The picture, or None when memory ran out."""
        import torch

        def after_step(pipeline: Any, step: int, _time: Any, values: dict) -> dict:
            if self.stop and self.stop.is_set():
                raise Stopped
            if self.on_step:
                self.on_step(step + 1, getattr(pipeline, "num_timesteps", self.steps))
            return values

        width, height = size
        told = {
            "prompt": self.recipe.prompt,
            "negative_prompt": self.recipe.negative if self._heeds_negative() else None,
            "width": width,
            "height": height,
            # A picture that starts from the canvas takes only this share of the steps.
            "num_inference_steps": max(self.steps, math.ceil(min(self.steps, _FEW) / strength)),
            "guidance_scale": self.guidance,
            "strength": strength,
            "image": image and image.resize(size, Image.Resampling.LANCZOS),
            "mask_image": mask and mask.resize(size),
            "generator": torch.Generator("cpu").manual_seed(self.recipe.seed),  # one noise on every device
            "callback_on_step_end": after_step,
        }
        takes = inspect.signature(pipeline.__call__).parameters
        stopped = False
        try:
            result = pipeline(**{name: value for name, value in told.items() if name in takes})
        except Stopped:
            stopped = True
        except (RuntimeError, MemoryError) as error:
            if not _short_of_memory(error):
                raise
        else:
            if any(getattr(result, "nsfw_content_detected", None) or ()):
                raise RendererError(
                    "The model's safety checker held this picture back. Try another seed, or other words."
                )
            return result.images[0].convert("RGB")
        # Only here, with the exception and all that its frames held gone, can the memory be given back.
        self.pipeline.maybe_free_model_hooks()
        if torch.cuda.is_available():
            gc.collect()
            torch.cuda.empty_cache()
        if stopped:
            raise Stopped
        return None

    def _save_memory(self) -> None:
        import torch

        if hasattr(getattr(self.pipeline, "vae", None), "enable_tiling"):
            self.pipeline.vae.enable_tiling()
        if torch.cuda.is_available():
            self.pipeline.enable_model_cpu_offload()

    def _heeds_negative(self) -> bool:
        takes = inspect.signature(self.pipeline.__call__).parameters
        return self.guidance > 1 and "negative_prompt" in takes


def _short_of_memory(error: Exception) -> bool:
    """Whether the device's memory ran out; the processor's allocator has no error class of its own."""
    import torch

    return isinstance(error, torch.OutOfMemoryError | MemoryError) or "can't allocate memory" in str(error)


def _pace(name: str) -> tuple[int, float]:
    """(steps, guidance) that suit the model of this name."""
    return next((pace for word, pace in _PACES.items() if word in name.lower()), _PACE)


def _working_size(pipeline: Any, size: tuple[int, int], share: float) -> tuple[int, int]:
    """The size to denoise at: the shape of `size`, at most `share` of the side the model was trained on."""
    network = getattr(pipeline, "unet", None) or getattr(pipeline, "transformer", None)
    latent = getattr(getattr(network, "config", None), "sample_size", None)
    side = latent * pipeline.vae_scale_factor if isinstance(latent, int) else 1024
    shrink = min(1.0, side / (size[0] * size[1]) ** 0.5) * share
    width, height = (max(_GRID, round(pixels * shrink / _GRID) * _GRID) for pixels in size)
    return width, height


def _around(box: Box, size: tuple[int, int]) -> Box:
    """The box with half its size around it, as far as the canvas goes: what is drawn must suit that."""
    left, top, right, bottom = box
    beside, above = (right - left) // 2, (bottom - top) // 2
    return (
        max(0, left - beside),
        max(0, top - above),
        min(size[0], right + beside),
        min(size[1], bottom + above),
    )


def _masks(box: Box, window: Box) -> tuple[Image.Image, Image.Image]:
    """White where the box is in the window; and the same with soft edges, all of them inside the box."""
    left, top, right, bottom = (at - window[i % 2] for i, at in enumerate(box))
    size = (window[2] - window[0], window[3] - window[1])
    hard, soft = Image.new("L", size), Image.new("L", size)
    hard.paste(255, (left, top, right, bottom))
    edge = min(right - left, bottom - top) // 16
    inset = [edge * (at != end) for at, end in zip(box, window, strict=True)]  # no edge where the canvas ends
    soft.paste(255, (left + inset[0], top + inset[1], right - inset[2], bottom - inset[3]))
    return hard, ImageChops.darker(soft.filter(ImageFilter.GaussianBlur(edge / 2)), hard)


def _where() -> str:
    import torch

    if torch.cuda.is_available():
        return torch.cuda.get_device_name()
    return "the processor, which takes minutes for one picture"
