"""Renderers: what turns a prompt into a picture or a design.

Every renderer is a class with `name`, `describe()` (plain words: what it is and how to change it) and

    draw(prompt, *, size, seed, task="T2I", design_type="", words=(), palette=(), on_step=None, stop=None)

which gives an RGB picture of `size` (a template: of its area, in the shape of its design type), the same for
the same arguments. `on_step(done, total)` reports progress; `stop` is a
threading.Event that ends the drawing with Stopped.
"""


class RendererError(RuntimeError):
    """The renderer cannot be loaded or cannot draw; the message says why and what to do."""


class Stopped(Exception):
    """The drawing was stopped on request."""
