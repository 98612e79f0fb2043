"""Which topics a picture shows: open_clip, zero-shot over the captions of the knowledge graph.

The captions of a topic are averaged over templates into one label vector; a picture is compared with all
of them. Label vectors are computed once per model and graph and kept in the user's cache folder. Weights
are a local folder or file, or a name that the model hub resolves: the hub gets three seconds to answer
and is never asked when offline. Without weights there is no encoder, and the reason is handed back in
plain words.
"""

from __future__ import annotations

import hashlib
import os
import threading
import urllib.error
import urllib.request
from pathlib import Path
from typing import Any

import numpy as np
from PIL import Image

from intent.graph import Graph

DEFAULT = "ViT-B-32:laion2b_s34b_b79k"
DEFAULT_REPOSITORY = "laion/CLIP-ViT-B-32-laion2B-s34B-b79K"
HUB_SECONDS = 3.0
TEMPLATES = ("{}", "a design showing {}")
BATCH = 512  # captions encoded at once


class ClipError(ValueError):
    """Weights that were asked for and cannot be used; the message says why."""


class Clip:
    """Owns an open_clip model and the label vectors of a graph's topics."""

    def __init__(
        self, model: Any, preprocess: Any, tokenizer: Any, graph: Graph, name: str, cache: Path
    ) -> None:
        import torch

        self.name = name
        self._torch = torch
        self._device = "cuda" if torch.cuda.is_available() else "cpu"
        self._model = model.eval().to(self._device)
        self._preprocess = preprocess
        self._tokenizer = tokenizer
        self._scale = float(model.logit_scale.exp().item())
        self._labels = self._load_labels(graph, cache)  # (topics, width) float32, each of length 1

    def _load_labels(self, graph: Graph, cache: Path) -> Any:
        """The label vectors from the cache, or computed and put there."""
        import safetensors.torch

        captions = [
            template.format(caption)
            for topic in graph.topics.values()
            for caption in topic.clip or (topic.topic,)
            for template in TEMPLATES
        ]
        counts = [len(topic.clip or (topic.topic,)) * len(TEMPLATES) for topic in graph.topics.values()]
        # One encoded caption stands for the weights, so that other weights of the same name get other labels.
        probe = self._encode(captions[:1]).round(decimals=3).cpu().numpy().tobytes()
        mark = hashlib.sha256("\n".join([self.name, *captions]).encode() + probe).hexdigest()[:20]
        file = cache / f"labels-{mark}.safetensors"
        if file.is_file():
            return safetensors.torch.load_file(file, device=self._device)["labels"]
        means = [part.mean(dim=0) for part in self._torch.split(self._encode(captions), counts)]
        labels = self._torch.nn.functional.normalize(self._torch.stack(means), dim=-1)
        try:
            cache.mkdir(parents=True, exist_ok=True)
            part = file.with_suffix(f".{os.getpid()}")
            safetensors.torch.save_file({"labels": labels.contiguous()}, part)
            part.replace(file)
        except OSError:
            pass  # a cache that cannot be written costs time at the next start, nothing else
        return labels

    def _encode(self, captions: list[str]) -> Any:
        """Captions as vectors of length 1: float32 (captions, width)."""
        with self._torch.inference_mode():
            parts = [
                self._model.encode_text(
                    self._tokenizer(captions[i : i + BATCH]).to(self._device), normalize=True
                )
                for i in range(0, len(captions), BATCH)
            ]
        return self._torch.cat(parts).float()

    def topics(self, image: Image.Image) -> np.ndarray:
        """Zero-shot probabilities of the topics for a picture: float32 (topics,), summing to 1."""
        with self._torch.inference_mode():
            pixels = self._preprocess(image.convert("RGB")).unsqueeze(0).to(self._device)
            vector = self._model.encode_image(pixels, normalize=True).float()
            return self._torch.softmax(self._scale * (vector @ self._labels.T)[0], dim=0).cpu().numpy()


def load_clip(
    graph: Graph, wanted: str = "", offline: bool = False, cache: Path | None = None
) -> tuple[Clip | None, str]:
    """The encoder and "", or None and the reason why there is none.

    `wanted`: a folder as open_clip saves it (open_clip_config.json beside the weights), "NAME:FILE" or
    "NAME:TAG" of open_clip, or "" for the default, which is used when the cache or the hub has it. ClipError
    when weights that were named cannot be used.
    """
    cache = cache or Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "tinymuse"
    folder = Path(wanted).expanduser()
    if wanted and folder.is_dir():
        if not (folder / "open_clip_config.json").is_file():
            raise ClipError(f"{folder} holds no open_clip_config.json; give a folder as open_clip saves it")
        if not any(file.suffix in (".safetensors", ".bin", ".pt") for file in folder.iterdir()):
            raise ClipError(f"{folder} holds no weights (.safetensors, .bin or .pt)")
        return _create(graph, f"local-dir:{folder}", None, folder.name, cache), ""
    name, _, tag = (wanted or DEFAULT).partition(":")
    if Path(tag).expanduser().is_file():
        return _create(graph, name, str(Path(tag).expanduser()), f"{name} ({Path(tag).name})", cache), ""
    if not tag:
        raise ClipError(f"{wanted} is no folder; give a folder, NAME:FILE or NAME:TAG, such as {DEFAULT}")
    if not wanted and (weights := _cached_default()):
        return _create(graph, name, weights, wanted or DEFAULT, cache), ""
    if offline or os.environ.get("HF_HUB_OFFLINE", "0") not in ("", "0"):
        reason = "no weights on this machine, and the hub is not asked when offline"
    elif not hub_answers():
        reason = "no weights on this machine, and the model hub does not answer"
    else:
        return _create(graph, name, tag, wanted or DEFAULT, cache), ""
    if wanted:
        raise ClipError(f"{wanted}: {reason}")
    return None, reason


def hub_answers(seconds: float = HUB_SECONDS) -> bool:
    """Does the model hub answer within so many seconds? Resolving its name is bounded too."""
    address = f"{os.environ.get('HF_ENDPOINT', 'https://huggingface.co').rstrip('/')}/{DEFAULT_REPOSITORY}"
    answers = []

    def ask() -> None:
        try:
            with urllib.request.urlopen(urllib.request.Request(address, method="HEAD"), timeout=seconds):
                answers.append(True)
        except (OSError, ValueError):
            pass

    asking = threading.Thread(
        target=ask, daemon=True
    )  # a name server may keep silent longer than any time-out
    asking.start()
    asking.join(seconds)
    return bool(answers)


def _cached_default() -> str:
    """The default weights where the hub's own cache keeps them, or ""."""
    from huggingface_hub import try_to_load_from_cache

    for file in ("open_clip_model.safetensors", "open_clip_pytorch_model.bin"):
        found = try_to_load_from_cache(DEFAULT_REPOSITORY, file)
        if isinstance(found, str):
            return found
    return ""


def _create(graph: Graph, model: str, pretrained: str | None, name: str, cache: Path) -> Clip:
    import open_clip  # takes seconds: only when there are weights

    try:
        network, _, preprocess = open_clip.create_model_and_transforms(model, pretrained=pretrained)
        tokenizer = open_clip.get_tokenizer(model)
    except Exception as error:  # open_clip, torch and safetensors each have their own
        raise ClipError(f"The CLIP weights {name} cannot be loaded: {error}") from error
    return Clip(network, preprocess, tokenizer, graph, name, cache)
