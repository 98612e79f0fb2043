"""What a picture shows: open_clip, asked about the nouns, topics and design types it could show.

Every label is put into a few captions whose vectors are averaged; a picture is compared with all labels at
once. Label vectors are computed once per weights and labels and kept in the user's cache folder. Weights
are a local folder or file, a name that the model hub resolves, or the small model of the project's own
(assets/clip), which knows flat illustrations and designs, not photographs. The hub gets three seconds to
answer and is never asked when offline.

    python -m intent.clip PICTURE [--clip FOLDER] [--offline]
"""

from __future__ import annotations

import argparse
import hashlib
import json
import os
import sys
import threading
import urllib.error
import urllib.request
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import numpy as np
from PIL import Image

from intent.captions import DESIGN_CAPTIONS, DESIGN_TYPES, NOTHING, NOUN_CAPTIONS, TOPIC_CAPTIONS
from intent.drawings import load_nouns
from intent.graph import DEFAULT as GRAPH
from intent.graph import Graph, key, load_graph

DEFAULT = "ViT-B-32:laion2b_s34b_b79k"
DEFAULT_REPOSITORY = "laion/CLIP-ViT-B-32-laion2B-s34B-b79K"
EMBEDDED = Path(__file__).resolve().parents[1] / "assets" / "clip"
EMBEDDED_NAME = "the embedded CLIP, which knows flat illustrations and designs, not photographs"
HUB_SECONDS = 3.0
BATCH = 512  # captions encoded at once
LEAST = 0.05  # a label less likely than this is not listed
FLAT = 0.35  # less flat than this (intent/patches.py) is a photograph, or damaged like one
CAUTION = 2.0  # nats that the embedded model, which knows flat designs only, is less sure of things there


class ClipError(ValueError):
    """Weights that were asked for and cannot be used; the message says why."""


@dataclass(frozen=True)
class Calibration:
    """How to look with certain weights and how sure to be; `calibration.json` beside them.

    `intent.calibrate` fits it on composed canvases. Weights that have none are taken at their word: softmaxes
    over the labels and NOTHING.
    """

    nouns: tuple[str, ...]  # what the weights were taught to see
    sides: tuple[int, ...]  # longer sides, in pixels, of the copies whose patches are compared
    objects: tuple[float, ...]  # weights of a noun's scores in its log-odds, the last one constant
    # Sharpness of the softmax, score of "something else", and of topics the say of the things seen.
    topics: tuple[float, float, float]
    designs: tuple[float, float]

    def chances(self, scores: np.ndarray, caution: float = 0.0) -> np.ndarray:
        """The chance of each noun from its scores, (nouns, scores of each), less `caution` nats: (nouns,)."""
        *weights, constant = self.objects
        return 1 / (1 + np.exp(-(scores @ np.array(weights) + constant - caution)))


@dataclass(frozen=True)
class Seen:
    """What a picture shows. Labels come with their probability, the likeliest first."""

    objects: tuple[tuple[str, float], ...]
    topics: np.ndarray  # float32 (topics of the graph,); the rest to 1 is "not sure"
    designs: tuple[tuple[str, float], ...]


@dataclass(frozen=True)
class Scores:
    """The raw comparisons of a picture with all labels, before calibration."""

    objects: np.ndarray  # (nouns, scores of each)
    topics: np.ndarray  # (topics,)
    designs: np.ndarray  # (design types,)


class Clip:
    """Owns an open_clip model, and the label vectors of a graph's topics, the nouns and the design types."""

    def __init__(
        self, model: Any, preprocess: Any, tokenizer: Any, graph: Graph, name: str, cache: Path,
        calibration: Calibration | None = None,
    ) -> None:  # fmt: skip
        import torch

        self.name = name
        self.calibration = calibration
        self.nouns = calibration.nouns if calibration else tuple(noun.name for noun in load_nouns())
        self._torch = torch
        self._device = "cuda" if torch.cuda.is_available() else "cpu"
        self._half = (
            torch.bfloat16 if self._device == "cpu" or torch.cuda.is_bf16_supported() else torch.float16
        )
        # Channels last: convolutions on a CPU take a quarter less time.
        self._model = model.eval().to(self._device, memory_format=torch.channels_last)
        self._preprocess = preprocess
        self._tokenizer = tokenizer
        self._scale = float(model.logit_scale.exp().item())
        bias = getattr(model, "logit_bias", None)
        self._bias = float(bias.item()) if bias is not None else 0.0
        self._usual = _usual_things(graph, self.nouns)
        groups = [[c.format(noun) for c in NOUN_CAPTIONS] for noun in self.nouns]
        groups += [
            [*(c.format(name) for c in TOPIC_CAPTIONS), *topic.clip] for name, topic in graph.topics.items()
        ]
        groups += [[c.format(name) for c in DESIGN_CAPTIONS] for name in DESIGN_TYPES]
        groups += [[caption] for caption in NOTHING]
        self._counts = [len(self.nouns), len(graph.topics), len(DESIGN_TYPES), len(NOTHING)]
        self._labels = self._load_labels(groups, cache)  # float32 (labels, width), each of length 1

    def _load_labels(self, groups: list[list[str]], cache: Path) -> Any:
        """The label vectors from the cache, or computed and put there."""
        import safetensors.torch

        captions = [caption for group in groups for caption in group]
        # Two encoded captions stand for the weights, so that other weights of the same name get other labels.
        probe = self._encode(captions[:2]).round(decimals=3).cpu().numpy().tobytes()
        mark = hashlib.sha256("\n".join([self.name, *captions]).encode() + probe).hexdigest()[:20]
        file = cache / f"labels-{mark}.safetensors"
        if file.is_file():
            return safetensors.torch.load_file(file, device=self._device)["labels"]
        means = [
            part.mean(dim=0)
            for part in self._torch.split(self._encode(captions), [len(group) for group in groups])
        ]
        labels = self._torch.nn.functional.normalize(self._torch.stack(means), dim=-1)
        try:
            cache.mkdir(parents=True, exist_ok=True)
            part = file.with_suffix(f".{os.getpid()}")
            safetensors.torch.save_file({"labels": labels.contiguous()}, part)
            part.replace(file)
        except OSError:
            pass  # a cache that cannot be written costs time at the next start, nothing else
        return labels

    def _run(self) -> Any:
        """Half precision on a GPU, full precision on a CPU."""
        return self._torch.autocast(self._device, dtype=self._half, enabled=self._device == "cuda")

    def _encode(self, captions: list[str]) -> Any:
        """Captions as vectors of length 1: float32 (captions, width)."""
        with self._torch.inference_mode(), self._run():
            parts = [
                self._model.encode_text(
                    self._tokenizer(captions[i : i + BATCH]).to(self._device), normalize=True
                ).float()
                for i in range(0, len(captions), BATCH)
            ]
        return self._torch.cat(parts)

    def scores(self, image: Image.Image) -> Scores:
        """A picture compared with all labels: logits of the model, and traits of its patches."""
        from intent.patches import patch_vectors, traits

        image = image.convert("RGB")
        with self._torch.inference_mode(), self._run():
            views = [image] if self.calibration else _crops(image)
            pixels = self._torch.stack([self._preprocess(view) for view in views]).to(self._device)
            vectors = self._model.encode_image(pixels, normalize=True).float()  # (views, width)
            sides = self.calibration.sides if self.calibration else ()
            parts = [patch_vectors(self._model, image, side) for side in sides]
        nouns, topics, designs, nothing = (
            self._scale * part + self._bias for part in (vectors @ self._labels.T).split(self._counts, dim=1)
        )
        if parts:
            labels = self._labels[: len(self.nouns)].T
            said = [traits(self._scale * (part @ labels) + self._bias) for part in parts]
            objects = self._torch.cat([*said, nouns[0][:, None]], dim=1)
        else:  # log-odds of each noun against the others and NOTHING, in the view that shows it best
            shares = self._torch.cat([nouns, nothing], dim=1).softmax(1)[:, : len(self.nouns)].amax(0)
            objects = self._torch.logit(shares, eps=1e-6)[:, None]
        return Scores(*(part.cpu().numpy() for part in (objects, topics[0], designs[0])))

    def look(self, image: Image.Image) -> Seen:
        """What the picture shows, each label with a calibrated probability."""
        from intent.patches import flatness

        scores = self.scores(image)
        if self.calibration is None:
            chances = 1 / (1 + np.exp(-scores.objects[:, 0]))
            topics, designs = (_shares(values, 1.0, -np.inf) for values in (scores.topics, scores.designs))
        else:
            caution = CAUTION if flatness(image) < FLAT else 0.0
            chances = self.calibration.chances(scores.objects, caution)
            sharpness, other, say = self.calibration.topics
            topics = _shares(scores.topics + say * self.told_by(chances), sharpness, other)
            designs = _shares(scores.designs, *self.calibration.designs)
        return Seen(_listed(self.nouns, chances), topics.astype(np.float32), _listed(DESIGN_TYPES, designs))

    def told_by(self, chances: np.ndarray) -> np.ndarray:
        """How much the things seen, of chances (nouns,), speak for each topic of the graph: (topics,)."""
        return np.where(chances >= LEAST, chances, 0.0) @ self._usual

    def topics(self, image: Image.Image) -> np.ndarray:
        """Probabilities of the graph's topics for a picture: float32 (topics,), summing to 1 at the most."""
        return self.look(image).topics


def _usual_things(graph: Graph, nouns: tuple[str, ...]) -> np.ndarray:
    """float32 (nouns, topics): 0 for what is not usually seen with a topic, else the more the fewer topics it
    is usual for."""
    known = [{key(thing) for thing in topic.objects} for topic in graph.topics.values()]
    usual = np.array([[noun in things for things in known] for noun in map(key, nouns)], dtype=np.float32)
    return usual * np.log(len(known) / np.maximum(usual.sum(1, keepdims=True), 1))


def _shares(scores: np.ndarray, sharpness: float, other: float) -> np.ndarray:
    """A softmax over the scores and "something else", without the share of the latter."""
    all_ = np.append(scores, other) * sharpness
    powers = np.exp(all_ - all_.max())
    return (powers / powers.sum())[:-1]


def _listed(names: tuple[str, ...], chances: np.ndarray) -> tuple[tuple[str, float], ...]:
    order = np.argsort(-chances, kind="stable")
    return tuple((names[i], round(float(chances[i]), 3)) for i in order if chances[i] >= LEAST)


def _crops(image: Image.Image) -> list[Image.Image]:
    """The whole picture, its quarters and its middle, for weights that see one thing at a time."""
    wide, high = image.size
    boxes = [(x, y, x + 0.5, y + 0.5) for x in (0, 0.5) for y in (0, 0.5)] + [(0.25, 0.25, 0.75, 0.75)]
    cut = [image.crop((int(a * wide), int(b * high), int(c * wide), int(d * high))) for a, b, c, d in boxes]
    return [image, *(part for part in cut if min(part.size) >= 8)]


def load_clip(
    graph: Graph, wanted: str = "", offline: bool = False, cache: Path | None = None
) -> tuple[Clip | None, str]:
    """The encoder, and "" or the reason why it is the embedded one.

    `wanted`: a folder as open_clip saves it (open_clip_config.json beside the weights), "NAME:FILE" or
    "NAME:TAG" of open_clip, "embedded", or "" for the default, used when the cache or the hub has it.
    ClipError when weights that were named cannot be used.
    """
    cache = cache or label_folder()
    folder = Path(wanted).expanduser()
    if wanted == "embedded":
        return load_folder(graph, EMBEDDED, EMBEDDED_NAME, cache), ""
    if wanted and folder.is_dir():
        return load_folder(graph, folder, cache=cache), ""
    name, _, tag = (wanted or DEFAULT).partition(":")
    if Path(tag).expanduser().is_file():
        return _create(graph, name, str(Path(tag).expanduser()), f"{name} ({Path(tag).name})", cache), ""
    if not tag:
        raise ClipError(f"{wanted} is no folder; give a folder, NAME:FILE or NAME:TAG, such as {DEFAULT}")
    if not wanted and (weights := _cached_default()):
        return _create(graph, name, weights, DEFAULT, cache), ""
    if offline or os.environ.get("HF_HUB_OFFLINE", "0") not in ("", "0"):
        reason = "no weights on this machine, and the hub is not asked when offline"
    elif not hub_answers():
        reason = "no weights on this machine, and the model hub does not answer"
    else:
        print(f"Fetching the CLIP weights {name} ({tag}) from the model hub ...", file=sys.stderr, flush=True)
        try:
            return _create(graph, name, tag, wanted or DEFAULT, cache), ""
        except ClipError as error:  # the hub may break off; its own time-outs bound the wait
            reason = str(error)
    if wanted:
        raise ClipError(f"{wanted}: {reason}")
    if not EMBEDDED.is_dir():
        return None, reason
    return load_folder(graph, EMBEDDED, EMBEDDED_NAME, cache), reason


def label_folder() -> Path:
    """Where label vectors are kept between runs."""
    return Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "tinymuse"


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

    # A thread, since a name server may keep silent longer than any time-out.
    asking = threading.Thread(target=ask, daemon=True)
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


def load_folder(graph: Graph, folder: Path, name: str = "", cache: Path | None = None) -> Clip:
    """The encoder of a folder as open_clip saves it. ClipError says what is wrong with it."""
    if not (folder / "open_clip_config.json").is_file():
        raise ClipError(f"{folder} holds no open_clip_config.json; give a folder as open_clip saves it")
    if not any(file.suffix in (".safetensors", ".bin", ".pt") for file in folder.iterdir()):
        raise ClipError(f"{folder} holds no weights (.safetensors, .bin or .pt)")
    return _create(
        graph,
        f"local-dir:{folder}",
        None,
        name or folder.name,
        cache or label_folder(),
        read_calibration(folder),
    )


def read_calibration(folder: Path) -> Calibration | None:
    """The calibration beside the weights; None when they have none. ClipError when it cannot be read."""
    file = folder / "calibration.json"
    if not file.is_file():
        return None
    from intent.patches import TRAITS

    try:
        read = Calibration(**{name: tuple(value) for name, value in json.loads(file.read_text()).items()})
    except (ValueError, TypeError, AttributeError) as error:
        raise ClipError(f"{file} cannot be read: {error}") from error
    if (len(read.objects), len(read.topics)) != (TRAITS * len(read.sides) + 2, 3):
        raise ClipError(f"{file} is of an older version: run python -m intent.calibrate --clip {folder}")
    return read


def write_calibration(folder: Path, calibration: Calibration) -> None:
    """Put it beside the weights."""
    (folder / "calibration.json").write_text(json.dumps(asdict(calibration)) + "\n", encoding="utf-8")


def _create(
    graph: Graph, model: str, pretrained: str | None, name: str, cache: Path,
    calibration: Calibration | None = None,
) -> Clip:  # fmt: skip
    import open_clip  # takes seconds: only now

    try:
        network, _, preprocess = open_clip.create_model_and_transforms(model, pretrained=pretrained)
        tokenizer = open_clip.get_tokenizer(model)
    except Exception as error:  # open_clip, torch and safetensors each have their own
        raise ClipError(f"The CLIP weights {name} cannot be loaded: {error}") from error
    return Clip(network, preprocess, tokenizer, graph, name, cache, calibration)


def main(arguments: list[str] | None = None) -> None:
    """Print what a picture shows."""
    parser = argparse.ArgumentParser(prog="python -m intent.clip", description="Say what a picture shows.")
    parser.add_argument("picture")
    parser.add_argument(
        "--clip", default="", help="open_clip weights: a folder, NAME:FILE, NAME:TAG, or embedded"
    )
    parser.add_argument("--offline", action="store_true", help="never ask the model hub")
    wish = parser.parse_args(arguments)
    graph = load_graph(GRAPH)
    try:
        image = Image.open(wish.picture).convert("RGB")
        clip, why = load_clip(graph, wish.clip, wish.offline)
    except (ClipError, OSError, Image.DecompressionBombError) as error:
        sys.exit(f"Cannot look: {error}")
    if clip is None:
        sys.exit(f"Cannot look: {why}; give --clip FOLDER with open_clip weights")
    print(f"Looking with {clip.name}{f' ({why})' if why else ''}.")
    seen = clip.look(image)
    topics = _listed(tuple(graph.topics), seen.topics)
    for kind, listed in (("objects", seen.objects), ("topics", topics[:5]), ("design types", seen.designs)):
        print(f"{kind}: {', '.join(f'{label} {chance:.2f}' for label, chance in listed) or 'not sure'}")


if __name__ == "__main__":
    main()
