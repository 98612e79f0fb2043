"""The choice of the renderer: what was asked for, or a sentence that says why not."""

import numpy as np
import pytest
import torch

from pipeline.recipe import Recipe
from pipeline.render import RendererError
from pipeline.render.choose import choose_renderer
from pipeline.render.illustrator import Illustrator


def test_offline_there_is_always_a_renderer():
    """A machine without a GPU, a hub or a setting must still draw."""
    if torch.cuda.is_available():
        pytest.skip("this machine has a GPU")
    renderer = choose_renderer("auto", offline=True)
    assert isinstance(renderer, Illustrator)
    image = renderer.draw(Recipe("A red balloon over the sea.", 1, (256, 192))).image
    assert image.size == (256, 192)
    assert np.asarray(image).std() > 3


def test_the_illustrator_can_be_asked_for():
    """On a machine with a GPU, too, a person may want the illustrator."""
    assert isinstance(choose_renderer("illustrator"), Illustrator)
    assert "--renderer" in choose_renderer("illustrator").describe()


def test_a_model_that_cannot_be_had_is_an_error_not_a_silent_change(tmp_path):
    """Who names a model and gets another renderer's pictures rates the wrong thing."""
    for wanted in (str(tmp_path), "tinymuse-tests/no-such-model", "no-such-folder"):
        with pytest.raises(RendererError, match="--renderer illustrator"):
            choose_renderer(wanted, offline=True)
