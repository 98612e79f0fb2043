"""What the patches of a picture say of each noun: the embedded CLIP looks at several copies of a picture.

A drawing fills one patch of a small copy or a few of a large one. Of every copy four traits are kept for each
noun; `intent.calibrate` weighs them.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import torch
from PIL import Image
from torch import Tensor
from torch.nn.functional import normalize

PATCH = 32  # the model's stride: one patch of its map answers for so many pixels
TRAITS = 4


def patch_vectors(model: Any, image: Image.Image, side: int) -> Tensor:
    """The vectors of all patches of a copy whose longer side is `side` pixels: float32 (patches, width), of
    length 1.

    `model` is an open_clip model over a timm trunk; its head is linear, so that it serves one patch as it
    serves their mean.
    """
    visual = model.visual
    scale = side / max(image.size)
    wide, high = (max(1, round(length * scale)) for length in image.size)
    sheet = Image.new("RGB", [-(-length // PATCH) * PATCH for length in (wide, high)], (127, 127, 127))
    sheet.paste(image.resize((wide, high), Image.Resampling.BICUBIC, reducing_gap=3.0))
    pixels = torch.from_numpy(np.array(sheet)).to(next(visual.parameters()).device)
    pixels = pixels.permute(2, 0, 1)[None].float()
    mean, std = (
        torch.tensor(value, device=pixels.device)[:, None, None]
        for value in (visual.image_mean, visual.image_std)
    )
    map_ = visual.trunk.forward_features((pixels / 255 - mean) / std)
    return normalize(visual.head(map_.flatten(2).mT)[0].float(), dim=-1)


def flatness(image: Image.Image) -> float:
    """The share, 0 to 1, of neighbouring pixels of a small copy that hardly differ: on flat designs most, on
    photographs few."""
    small = image.convert("L")
    small.thumbnail((192, 192), Image.Resampling.BOX)
    grey = np.asarray(small, np.float32)
    down, across = (np.abs(np.diff(grey, axis=axis)) for axis in (0, 1))
    return float((np.maximum(down[:, :-1], across[:-1]) < 1.5).mean()) if min(grey.shape) > 1 else 1.0


def traits(logits: Tensor) -> Tensor:
    """Of each noun, from the logits of a copy's patches (patches, nouns): its best logit, its best share of a
    patch among all nouns (log), its best lead over the next noun, and how many patches it has in all (log).
    float32 (nouns, TRAITS).
    """
    shares = logits.log_softmax(1)
    first, second = logits.topk(2, dim=1).values.T[..., None]
    lead = logits - torch.where(logits == first, second, first)
    area = torch.log(shares.exp().sum(0) + 1e-6)
    return torch.stack([logits.amax(0), shares.amax(0), lead.amax(0), area], dim=1)
