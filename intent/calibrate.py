"""How sure the picture encoder may be: fitted on composed canvases, measured on others.

What it says is right when the drawing is plainly there: half of it to be seen and its side at least a
twentieth of the canvas's. What is smaller or more hidden is neither asked for nor counted as a mistake.
Fitting and measuring never share a seed; measuring also uses arrangements that training never shows.

    python -m intent.calibrate --clip FOLDER              # fits, writes FOLDER/calibration.json, measures
    python -m intent.calibrate --clip FOLDER --measure    # measures
"""

from __future__ import annotations

import argparse
import sys
import time
from collections.abc import Iterator
from dataclasses import replace
from functools import partial
from pathlib import Path

import numpy as np
from PIL import Image

from intent.captions import DESIGN_TYPES
from intent.clip import Calibration, Clip, ClipError, Scores, load_folder, write_calibration
from intent.compose import Composed, Composer, sprite_folder
from intent.drawings import Sprites
from intent.fit import fit_chance
from intent.graph import load_graph
from intent.patches import TRAITS

SIDE = 512  # pixels of the canvases measured
SAYS = (0.0, 0.5, 1.0, 2.0, 4.0, 8.0)  # of the things in a topic's score, to choose from
SAID = 0.3  # a thing this likely is said to be there
TAUGHT_SIDES = (128, 224, 320)


def canvases(composer: Composer, count: int, part: str, held_out: bool) -> Iterator[Composed]:
    """Canvases of a part ("fit", "test", ...); parts share no seed with each other or with training. Those to
    fit on are joined by a quarter as many that look like photographs and show nothing known."""
    for number in range(count // 4 if part == "fit" else 0):
        yield composer.photograph(f"{part} photograph {number}", SIDE)
    for number in range(count):
        yield composer.compose(f"{part} {number}", SIDE, held_out=held_out)


def fit(clip: Clip, seen: list[tuple[Composed, Scores]], topics: list[str]) -> Calibration:
    """The calibration that makes the probabilities of these canvases the likeliest."""
    assert clip.calibration is not None
    rows, truths = [], []
    for made, scores in seen:
        told = made.seen()
        asked = np.array([told.get(number) is not False for number in range(len(clip.nouns))])
        rows.append(scores.objects[asked])
        truths.append(np.array([told.get(number, False) for number in range(len(clip.nouns))])[asked])
    about = np.array([topics.index(made.topic) if made.topic else len(topics) for made, _ in seen])
    kinds = np.array(
        [DESIGN_TYPES.index(made.design) if made.design else len(DESIGN_TYPES) for made, _ in seen]
    )
    objects = logistic(np.concatenate(rows), np.concatenate(truths))
    known = replace(clip.calibration, objects=tuple(objects))
    voices = np.stack([clip.told_by(known.chances(scores.objects)) for _, scores in seen])
    alone = np.stack([scores.topics for _, scores in seen])
    topics_of = {say: sharpness(alone + say * voices, about) for say in SAYS}
    say = min(SAYS, key=lambda each: topics_of[each][0])
    _, sharp, other = topics_of[say]
    _, *designs = sharpness(np.stack([scores.designs for _, scores in seen]), kinds)
    return replace(known, topics=(sharp, other, say), designs=(designs[0], designs[1]))


def logistic(rows: np.ndarray, truths: np.ndarray) -> list[float]:
    """Logistic regression: a weight for every column and a constant."""
    scale = np.abs(rows).max(0)
    inputs = np.concatenate([rows / scale, np.ones((len(rows), 1))], axis=1).astype(np.float32)
    *weights, constant = fit_chance(inputs, truths, penalty=0.1).tolist()
    return [round(float(weight), 4) for weight in weights / scale] + [round(constant, 4)]


def sharpness(scores: np.ndarray, truths: np.ndarray) -> tuple[float, float, float]:
    """The least loss in nats, and the sharpness and the score of "something else" (the number after the last
    label) that bring it, by trying a grid."""
    best = (np.inf, 1.0, 0.0)
    for other in np.linspace(scores.min(), scores.max() + 2, 40):
        all_ = np.concatenate([scores, np.full((len(scores), 1), other)], axis=1)
        for sharp in np.geomspace(0.1, 4, 30):
            powers = sharp * (all_ - all_.max(1, keepdims=True))
            loss = (np.log(np.exp(powers).sum(1)) - powers[np.arange(len(truths)), truths]).mean()
            best = min(best, (float(loss), float(sharp), float(other)))
    return best[0], round(best[1], 4), round(best[2], 4)


def measure(clip: Clip, made: list[Composed], topics: list[str]) -> dict[str, float]:
    """What the encoder says of canvases, counted: shares of 0..1, milliseconds a canvas."""
    right = wanted = said = 0
    chances: list[float] = []
    truths: list[bool] = []
    about: list[tuple[float, bool, bool]] = []
    kinds: list[tuple[float, bool]] = []
    number = {name: i for i, name in enumerate(clip.nouns)}
    seconds = 0.0
    for canvas in made:
        started = time.perf_counter()
        seen = clip.look(Image.fromarray(canvas.pixels))
        seconds += time.perf_counter() - started
        told = canvas.seen()
        wanted += sum(told.values())
        for name, chance in seen.objects:
            plain = told.get(number[name])
            if plain is not False:  # half hidden things are not judged
                chances.append(chance)
                truths.append(bool(plain))
                said += chance >= SAID
                right += chance >= SAID and bool(plain)
        order = np.argsort(-seen.topics)[:3]
        if canvas.topic:
            first = topics[order[0]] == canvas.topic
            about.append((float(seen.topics[order[0]]), first, canvas.topic in {topics[i] for i in order}))
        kind, chance = seen.designs[0] if seen.designs else ("", 1.0)
        if canvas.design:
            kinds.append((chance, kind == canvas.design))
    return {
        "canvases": len(made),
        "object recall": right / max(wanted, 1),
        "object precision": right / max(said, 1),
        "object recall at 85% precision": recall_at(0.85, chances, truths, wanted),
        "object calibration error": gap(chances, truths),
        "topic top-1": float(np.mean([first for _, first, _ in about])),
        "topic top-3": float(np.mean([third for *_, third in about])),
        "topic calibration error": gap([chance for chance, *_ in about], [first for _, first, _ in about]),
        "design type": float(np.mean([hit for _, hit in kinds])),
        "design type calibration error": gap([chance for chance, _ in kinds], [hit for _, hit in kinds]),
        "milliseconds": 1000 * seconds / len(made),
    }


def recall_at(precision: float, chances: list[float], truths: list[bool], wanted: int) -> float:
    """The share of the `wanted` things that are said where as many are said as this precision allows."""
    right = np.array(truths)[np.argsort(-np.array(chances), kind="stable")].cumsum()
    allowed = right[right >= precision * np.arange(1, len(right) + 1)]
    return float(allowed.max(initial=0) / max(wanted, 1))


def gap(chances: list[float], truths: list[bool], bins: int = 10) -> float:
    """Expected calibration error over what was listed."""
    values, right = np.array(chances), np.array(truths, float)
    which = np.minimum((values * bins).astype(int), bins - 1)
    parts = [which == number for number in range(bins)]
    return float(sum(abs((right[part] - values[part]).sum()) for part in parts) / max(len(values), 1))


def report(clip: Clip, count: int) -> dict[str, dict[str, float]]:
    """The measures on so many fresh canvases of trained and of held-out arrangements."""
    graph = load_graph()
    composer = Composer(Sprites(sprite_folder()), graph)
    return {
        name: measure(clip, list(canvases(composer, count, "test", held_out)), list(graph.topics))
        for name, held_out in (("trained arrangements", False), ("new arrangements", True))
    }


def calibrate(folder: Path, count: int) -> Clip:
    """Fit on so many canvases what is said with the weights of a folder, and write it beside them.

    ClipError when they cannot be loaded, OSError when the folder cannot be written.
    """
    graph = load_graph()
    composer = Composer(Sprites(sprite_folder()), graph)
    names = tuple(noun.name for noun in composer.sprites.nouns)
    zeros = (0.0,) * (TRAITS * len(TAUGHT_SIDES) + 2)
    write_calibration(folder, Calibration(names, TAUGHT_SIDES, zeros, (1.0, 0.0, 0.0), (1.0, 0.0)))
    clip = load_folder(graph, folder)
    seen = [
        (made, clip.scores(Image.fromarray(made.pixels)))
        for made in canvases(composer, count, "fit", held_out=False)
    ]
    clip.calibration = fit(clip, seen, list(graph.topics))
    write_calibration(folder, clip.calibration)
    return clip


def main(arguments: list[str] | None = None) -> None:
    """Fit, write, and say how well it does on canvases it was not fitted on."""
    parser = argparse.ArgumentParser(prog="python -m intent.calibrate", description="Fit how sure to be.")
    parser.add_argument("--clip", type=Path, required=True, help="a folder that intent.train wrote")
    parser.add_argument(
        "--canvases", type=int, default=400, help="how many to fit on; half as many to measure"
    )
    parser.add_argument("--measure", action="store_true", help="leave the calibration as it is, only measure")
    wish = parser.parse_args(arguments)
    try:
        load = partial(load_folder, load_graph()) if wish.measure else partial(calibrate, count=wish.canvases)
        clip = load(wish.clip)
    except (ClipError, OSError) as error:
        sys.exit(f"Cannot calibrate: {error}")
    for kind, scores in report(clip, wish.canvases // 2).items():
        print(f"{kind}: " + ", ".join(f"{name} {value:.3f}" for name, value in scores.items()))


if __name__ == "__main__":
    main()
