"""Diffusion: any diffusers text-to-image model draws the prompt, from a local folder or by its hub name.

Weights are read from safetensors only, since unpickling runs what the file says. The folder is checked when
the renderer is chosen, so that a half-finished download is told at the start, not at the first picture; the
weights themselves (and diffusers) are loaded by the first picture. One drawing owns the device at a time.

    Diffusion("models/sd-turbo").draw(Recipe("A red balloon over the sea.", size=(768, 768), seed=7)).image
"""

import inspect
import json
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

from PIL import Image

from pipeline.recipe import Picture, Recipe
from pipeline.render import RendererError, Stopped

HUB_SECONDS = 5.0  # how long the hub may take to answer before it counts as away

# Steps and guidance by a word in the model's name: distilled models need few steps and no guidance.
_PACES = {"turbo": (4, 0.0), "lightning": (4, 0.0), "schnell": (4, 0.0), "lcm": (6, 1.0)}
_PACE = (25, 7.0)

_DEVICE = threading.Lock()
_INSTEAD = "Or start with --renderer illustrator, which needs no model."


class Diffusion:
    """Draws with the diffusion model at `source`: a folder as saved by diffusers, or a hub name."""

    starts = False

    def __init__(self, source: str, offline: bool = False):
        """Find and check the model; nothing large is loaded yet. Raises RendererError."""
        self.source = source
        self.name = f"diffusion ({Path(source).resolve().name if Path(source).is_dir() else source})"
        self._folder = find_model(source, offline)  # None: to be downloaded by the first picture
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
        on_step: Callable[[int, int], None] | None = None,
        stop: threading.Event | None = None,
    ) -> Picture:
        """Draw the prompt as an RGB picture of the recipe's size; the same seed gives the same picture.

        The model works at the resolution it was trained for, in the shape of that size; the result is scaled.
        Raises Stopped within one step of `stop` being set, RendererError when the model cannot draw.
        """
        while not _DEVICE.acquire(timeout=0.1):
            if stop and stop.is_set():
                raise Stopped
        try:
            if stop and stop.is_set():
                raise Stopped
            if self._pipeline is None:
                self._pipeline = _load(self.source, self._folder)
            image = self._denoise(recipe.prompt, recipe.size, recipe.seed, on_step, stop)
            return Picture(image.resize(recipe.size, Image.Resampling.LANCZOS))
        finally:
            _DEVICE.release()

    def _denoise(
        self,
        prompt: str,
        size: tuple[int, int],
        seed: int,
        on_step: Callable[[int, int], None] | None,
        stop: threading.Event | None,
    ) -> Image.Image:
        import torch

        steps, guidance = _pace(self.name)
        width, height = _working_size(self._pipeline, size)

        def after_step(_pipeline: Any, step: int, _time: Any, values: dict) -> dict:
            if stop and stop.is_set():
                raise Stopped
            if on_step:
                on_step(step + 1, steps)
            return values

        try:
            result = self._pipeline(
                prompt=prompt,
                width=width,
                height=height,
                num_inference_steps=steps,
                guidance_scale=guidance,
                generator=torch.Generator("cpu").manual_seed(seed),  # the same noise on every device
                callback_on_step_end=after_step,
            )
        except torch.OutOfMemoryError:
            raise RendererError(
                f"The graphics card has too little free memory for {self.source}. Close other programs that "
                f"use it, or choose a smaller model. {_INSTEAD}"
            ) from None
        if any(getattr(result, "nsfw_content_detected", None) or ()):
            raise RendererError(
                "The model's safety checker held this picture back. Try another seed or change the prompt."
            )
        return result.images[0].convert("RGB")


def find_model(source: str, offline: bool) -> Path | None:
    """The folder of the model, given or already downloaded; None when the hub has it to download.

    Raises RendererError, within HUB_SECONDS or so, when it can be had from nowhere.
    """
    if Path(source).is_dir():
        check_model(Path(source))
        return Path(source)
    if source.count("/") != 1 or source.startswith((".", "/", "~")):
        raise RendererError(
            f"There is no model folder {source}. Give the folder of a diffusers model. {_INSTEAD}"
        )
    import huggingface_hub
    from huggingface_hub.errors import HFValidationError, RepositoryNotFoundError

    try:
        folder = Path(huggingface_hub.snapshot_download(source, local_files_only=True))
        check_model(folder)
        return folder
    except HFValidationError:
        raise RendererError(f"{source!r} is neither a folder nor a hub name. {_INSTEAD}") from None
    except (OSError, RendererError):  # not on this machine, or only in part
        if offline:
            raise RendererError(
                f"The model {source} is not whole on this machine and TinyMuse was started with --offline. "
                f"Start it without, or download the model elsewhere and give its folder. {_INSTEAD}"
            ) from None
    answer: list[Exception | None] = []

    def ask() -> None:
        try:
            huggingface_hub.model_info(source, timeout=HUB_SECONDS)
            answer.append(None)
        except Exception as error:  # whatever keeps the hub from answering is told below
            answer.append(error)

    # In a thread of its own, since looking up the hub's address can take longer than the request's time-out.
    asking = threading.Thread(target=ask, daemon=True)
    asking.start()
    asking.join(HUB_SECONDS)
    if answer and answer[0] is None:
        return None
    if answer and isinstance(answer[0], RepositoryNotFoundError):
        raise RendererError(f"The hub has no model {source}, or it needs a login. Check the name. {_INSTEAD}")
    raise RendererError(
        f"The model {source} is not on this machine and the hub does not answer. Check the connection, or "
        f"download the model elsewhere and give its folder. {_INSTEAD}"
    )


def check_model(folder: Path) -> None:
    """Raise RendererError unless `folder` holds every part of a diffusers model, as whole safetensors."""
    broken = f"The model in {folder} cannot be used: "
    again = f"Download it again, or choose another. {_INSTEAD}"
    try:
        parts = json.loads((folder / "model_index.json").read_text("utf-8"))
        names = [name for name, part in parts.items() if isinstance(part, list) and part[0]]
    except (OSError, ValueError, AttributeError, IndexError):
        raise RendererError(
            f"{folder} is not the folder of a diffusers model: it has no readable model_index.json. "
            f"Give the folder that holds that file. {_INSTEAD}"
        ) from None
    for name in names:
        part = folder / name
        if not part.is_dir():
            raise RendererError(f"{broken}the part {name!r} is missing. {again}")
        is_network = (part / "config.json").is_file()
        weights = list(part.glob("*.safetensors"))
        if is_network and not weights:
            raise RendererError(
                f"{broken}the part {name!r} has no .safetensors weights (others are not loaded). {again}"
            )
        shards = {
            shard
            for index in part.glob("*.safetensors.index*.json")
            for shard in json.loads(index.read_text("utf-8"))["weight_map"].values()
        }
        missing = shards - {file.name for file in weights}
        cut = [file.name for file in weights if not _is_whole(file)]
        if missing or cut:
            raise RendererError(
                f"{broken}{name}/{(sorted(missing) + cut)[0]} is missing or cut short. {again}"
            )


def _is_whole(file: Path) -> bool:
    """Whether a safetensors file is as long as its header says."""
    with file.open("rb") as opened:
        length = int.from_bytes(opened.read(8), "little")
        try:
            header = json.loads(opened.read(min(length, 100_000_000)))
            end = max(item["data_offsets"][1] for name, item in header.items() if name != "__metadata__")
        except (ValueError, KeyError, TypeError, AttributeError):
            return False
    return file.stat().st_size == 8 + length + end


def _load(source: str, folder: Path | None) -> Any:
    """The pipeline, on the GPU in half precision where there is one. Raises RendererError."""
    import torch
    from diffusers import AutoPipelineForText2Image, DiffusionPipeline

    on_gpu = torch.cuda.is_available()
    try:
        if folder is None:
            folder = Path(_download(DiffusionPipeline, source, on_gpu))
            check_model(folder)
        halves = {file.parent for file in folder.glob("*/*.fp16*.safetensors")}
        wholes = {file.parent for file in folder.glob("*/*.safetensors") if ".fp16" not in file.name}
        variant = "fp16" if halves and (on_gpu or halves - wholes) else None
        pipeline = AutoPipelineForText2Image.from_pretrained(
            folder,
            dtype=torch.float16 if on_gpu else torch.float32,
            variant=variant,
            use_safetensors=True,
            local_files_only=True,
        )
    except RendererError:
        raise
    except Exception as error:  # a folder of parts that do not fit one another raises anything
        raise RendererError(
            f"The model {source} could not be loaded ({str(error).strip().splitlines()[0][:200]}). "
            f"Download it again, or choose another text-to-image model. {_INSTEAD}"
        ) from error
    if "callback_on_step_end" not in inspect.signature(pipeline.__call__).parameters:
        raise RendererError(
            f"The model {source} cannot be stopped while it draws; choose another. {_INSTEAD}"
        )
    pipeline.set_progress_bar_config(disable=True)
    return pipeline.to("cuda" if on_gpu else "cpu")


def _download(pipeline_class: Any, source: str, on_gpu: bool) -> str:
    try:
        return pipeline_class.download(source, use_safetensors=True, variant="fp16" if on_gpu else None)
    except ValueError:  # the model has no half-precision files
        return pipeline_class.download(source, use_safetensors=True)


def _pace(name: str) -> tuple[int, float]:
    """(steps, guidance) that suit the model of this name."""
    return next((pace for word, pace in _PACES.items() if word in name.lower()), _PACE)


def _working_size(pipeline: Any, size: tuple[int, int]) -> tuple[int, int]:
    """The size to denoise at: the shape of `size`, the area the model was trained on, in multiples of 8."""
    network = getattr(pipeline, "unet", None) or getattr(pipeline, "transformer", None)
    latent = getattr(getattr(network, "config", None), "sample_size", None)
    side = latent * pipeline.vae_scale_factor if isinstance(latent, int) else 1024
    shrink = min(1.0, side / (size[0] * size[1]) ** 0.5)
    width, height = (max(8, round(pixels * shrink / 8) * 8) for pixels in size)
    return width, height


def _where() -> str:
    import torch

    if torch.cuda.is_available():
        return torch.cuda.get_device_name()
    return "the processor, which takes minutes for one picture"
