"""Which renderer draws: a diffusion model where one can be had, a service, or the embedded illustrator."""

import sys

from pipeline.render import Renderer, RendererError
from pipeline.render.diffusion import Diffusion
from pipeline.render.illustrator import Illustrator
from pipeline.render.remote import Remote

DEFAULT_MODEL = "sd-turbo"


def choose_renderer(wanted: str = "auto", offline: bool = False) -> Renderer:
    """The renderer of that name: "illustrator", a diffusion model's preset, folder or hub name, the address
    of a service (http...), or "auto".

    "auto" takes DEFAULT_MODEL where a GPU is at hand and the model on this machine or the hub within reach;
    the look-up is bounded in time. Raises RendererError when a model asked for by name cannot be had.
    """
    if wanted == "illustrator":
        return Illustrator()
    if wanted.startswith(("http://", "https://")):
        return Remote(wanted, offline)
    if wanted != "auto":
        return Diffusion(wanted, offline)
    if _has_gpu():
        try:
            return Diffusion(DEFAULT_MODEL, offline)
        except RendererError as error:
            print(f"The illustrator draws instead. {error}", file=sys.stderr)
    return Illustrator()


def _has_gpu() -> bool:
    import torch  # here, since a start with the illustrator need not wait for it

    return torch.cuda.is_available()
