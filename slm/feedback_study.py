"""Do ratings teach the model? A demonstration on people whose taste is known, because it is made up.

    python -m slm.feedback_study [--ratings 4000] [--steps 600] [--intents 200]

Simulated people with a hidden taste (they like a named colour and dislike crowds; each a little differently)
rate prompts that the model wrote. The model learns from the ratings as it would from real ones
(`slm/feedback.py`): only accepted or rejected, nothing of the taste itself; but that a taste hangs on single
words is what the judge assumes, and people's may not. Then both models write for
intents whose topics neither has seen, and the same people decide again. What the taught model brings is
shown by itself, asked for several relevances, and with the judge that chooses among its drafts, as the app
uses it. Prints a table, writes `study.json` and `study.svg` into the run folder. A second call continues a
broken one.
"""

from __future__ import annotations

import argparse
import json
import math
import random
import sys
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

import numpy as np

from slm.checkpoint import SHIPPED, CheckpointError
from slm.command import BEST_RELEVANCE, Brief
from slm.corpus import Example, load_corpus, split
from slm.coverage import missing, words_of
from slm.feedback import teach
from slm.generate import Prompt, Writer
from slm.ledger import Ledger
from slm.train import follow

COLOURS = """
    red orange yellow green blue purple violet pink brown black white gray gold silver teal turquoise navy
    crimson scarlet amber emerald lavender lilac coral peach mint olive ivory cream beige burgundy copper
    magenta indigo rose"""
CROWDS = """
    crowd people guest visitor family friend audience team child kid neighbor neighbour shopper customer
    dancer player student worker colleague fan tourist passenger parent villager couple group"""
LIKED, DISLIKED = frozenset(COLOURS.split()), frozenset(CROWDS.split())
PEOPLE = 40
"""Simulated raters."""
LOOKS = 5
"""People who look at each prompt of the comparison."""
LENGTH = 20  # words


class Person:
    """One simulated rater: a bias and a strength of taste of their own."""

    def __init__(self, rng: random.Random) -> None:
        self.bias, self.strength = rng.gauss(-0.2, 0.5), rng.uniform(0.6, 1.4)

    def accepts(self, prompt: str, rng: random.Random) -> bool:
        """Says yes more often to a named colour, less often to a crowd; nobody is quite consistent."""
        words = set(words_of(prompt))
        taste = 1.8 * bool(words & LIKED) - 2.2 * bool(words & DISLIKED)
        return rng.random() < 1 / (1 + math.exp(-(self.bias + self.strength * taste)))


@dataclass(frozen=True)
class Outcome:
    """What one model, asked for one relevance, achieves on the unseen intents. Shares are 0 to 1. `judge`:
    did the judge choose among the drafts?"""

    model: str
    relevance: int
    judge: bool
    accepted: float
    low: float
    high: float
    """The 95% interval of `accepted`, by bootstrap over intents."""
    exact_length: float
    everything_named: float


def write_all(writer: Writer, examples: Sequence[Example], relevance: int, seed: int) -> list[Prompt]:
    """One prompt for each intent."""
    return [
        writer.write(example.brief(LENGTH, relevance), 1, seed + at)[0] for at, example in enumerate(examples)
    ]


def collect_ratings(writer: Writer, examples: Sequence[Example], count: int, file: Path, seed: int) -> None:
    """`count` ratings of prompts written for these intents, in the form that studies export. Adds to what the
    file holds."""
    crowd = people(seed)
    ledger = Ledger(file)
    for number in range(len(ledger.rows), count, 4):
        rng = random.Random(f"{seed}/{number}")
        brief = rng.choice(examples).brief(rng.randint(12, 28), writer.asked)
        for prompt in writer.write(brief, 4, number):
            row = asdict(brief) | {"prompt": prompt.text, "relevance": None, "correctness": None}
            ledger.add(row | {"accepted": rng.choice(crowd).accepts(prompt.text, rng)})


def people(seed: int) -> list[Person]:
    rng = random.Random(f"people/{seed}")
    return [Person(rng) for _ in range(PEOPLE)]


def votes(prompts: Sequence[Prompt], seed: int) -> np.ndarray:
    """The share of LOOKS people who accept each prompt. The same people look at the same intent whichever
    model wrote for it."""
    crowd = people(seed)
    shares = []
    for at, prompt in enumerate(prompts):
        rng = random.Random(f"votes/{seed}/{at}")
        shares.append(np.mean([person.accepts(prompt.text, rng) for person in rng.sample(crowd, LOOKS)]))
    return np.array(shares)


def interval(values: np.ndarray, seed: int = 0) -> tuple[float, float]:
    """95% bootstrap interval of the mean."""
    rng = np.random.default_rng(seed)
    means = rng.choice(values, (4000, len(values))).mean(axis=1)
    low, high = np.quantile(means, (0.025, 0.975))
    return float(low), float(high)


def measured(
    model: str, relevance: int, judge: bool, prompts: Sequence[Prompt], briefs: Sequence[Brief], seed: int
) -> Outcome:
    shares = votes(prompts, seed)
    return Outcome(
        model=model,
        relevance=relevance,
        judge=judge,
        accepted=float(shares.mean()),
        **dict(zip(("low", "high"), interval(shares), strict=True)),
        exact_length=float(np.mean([prompt.words == LENGTH for prompt in prompts])),
        everything_named=float(
            np.mean(
                [not missing(prompt.text, brief.terms) for prompt, brief in zip(prompts, briefs, strict=True)]
            )
        ),
    )


def study(run: Path, slm: Path, ratings: int, steps: int, intents: int, seed: int) -> dict:
    """The whole demonstration; returns the outcomes and the gain with its 95% interval, as shares."""
    run.mkdir(parents=True, exist_ok=True)
    seen, unseen = split(load_corpus())
    base = Writer.load(slm)
    file = run / "ratings.jsonl"
    collect_ratings(base, seen, ratings, file, seed)
    follow(teach(file, slm, run / "taught", steps, seed))
    taught = Writer.load(run / "taught")
    alone = Writer(taught.source, taught.name, taught.asked)
    examples = random.Random(seed).sample(unseen, min(intents, len(unseen)))
    briefs = [example.brief(LENGTH) for example in examples]
    before = write_all(base, examples, base.asked, seed)
    outcomes = [measured("before", base.asked, False, before, briefs, seed)]
    for writer, relevance in ((alone, 1), (alone, 3), (alone, BEST_RELEVANCE), (taught, BEST_RELEVANCE)):
        after = write_all(writer, examples, relevance, seed)
        outcomes.append(measured("after", relevance, writer is taught, after, briefs, seed))
    gains = votes(after, seed) - votes(before, seed)
    low, high = interval(gains)
    return {
        "ratings": ratings,
        "accepted_while_rating": float(np.mean([json.loads(row)["accepted"] for row in file.open()])),
        "intents": len(examples),
        "gain": float(gains.mean()),
        "gain_low": low,
        "gain_high": high,
        "outcomes": [asdict(outcome) for outcome in outcomes],
    }


def plot(result: dict) -> str:
    """Acceptance before and after, with intervals, as an SVG document."""
    left, right, top, row = 230, 640, 56, 46
    outcomes = result["outcomes"]
    height = top + row * len(outcomes) + 44

    def x(share: float) -> float:
        return left + share * (right - left)

    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 680 {height}" font-family="sans-serif" '
        'font-size="14" role="img" aria-label="Accepted prompts before and after learning from ratings">',
        f'<rect width="680" height="{height}" fill="#fff"/>',
        '<text x="20" y="30" font-size="16" font-weight="600" fill="#222">Accepted by simulated people, '
        f"on {result['intents']} unseen intents</text>",
    ]
    for share in (0, 0.25, 0.5, 0.75, 1):
        parts.append(
            f'<line x1="{x(share)}" x2="{x(share)}" y1="{top - 8}" y2="{height - 36}" stroke="#ddd"/>'
            f'<text x="{x(share)}" y="{height - 16}" text-anchor="middle" fill="#555">{share:.0%}</text>'
        )
    for at, each in enumerate(outcomes):
        y = top + row * at + row / 2
        label = "before" if each["model"] == "before" else f"after, asked for r{each['relevance']}"
        label += ", judged" if each["judge"] else ""
        colour = "#8a8f98" if each["model"] == "before" else "#2f6f62"
        end, low, high = (x(each[name]) for name in ("accepted", "low", "high"))
        parts.append(
            f'<text x="{left - 14}" y="{y + 5}" text-anchor="end" fill="#222">{label}</text>'
            f'<rect x="{left}" y="{y - 12}" width="{end - left}" height="24" fill="{colour}"/>'
            f'<line x1="{low}" x2="{high}" y1="{y}" y2="{y}" stroke="#111" stroke-width="2"/>'
            f'<text x="{high + 8}" y="{y + 5}" fill="#222">{each["accepted"]:.0%}</text>'
        )
    return "\n".join([*parts, "</svg>\n"])


def main() -> None:
    parser = argparse.ArgumentParser(description="Show that ratings teach the model, on simulated people.")
    parser.add_argument("--run", type=Path, default=Path("runs/feedback_study"), help="folder to work in")
    parser.add_argument("--slm", type=Path, default=SHIPPED, help="checkpoint folder to start from")
    parser.add_argument("--ratings", type=int, default=4000)
    parser.add_argument("--steps", type=int, default=600, help="of training on the ratings")
    parser.add_argument("--intents", type=int, default=200, help="unseen ones to compare on")
    parser.add_argument("--seed", type=int, default=1)
    arguments = parser.parse_args()
    try:
        result = study(**vars(arguments))
    except (CheckpointError, OSError, ValueError) as error:
        sys.exit(f"slm.feedback_study: {error}")
    (arguments.run / "study.json").write_text(json.dumps(result, indent=2) + "\n")
    (arguments.run / "study.svg").write_text(plot(result))
    for each in result["outcomes"]:
        asked = f"r{each['relevance']}{', judged' if each['judge'] else ''}"
        print(
            f"{each['model']:7} {asked:11} accepted {each['accepted']:.1%} "
            f"({each['low']:.1%} to {each['high']:.1%})  length exact {each['exact_length']:.1%}  "
            f"everything named {each['everything_named']:.1%}"
        )
    print(
        f"gain {100 * result['gain']:.1f} points "
        f"(95% interval {100 * result['gain_low']:.1f} to {100 * result['gain_high']:.1f})"
    )


if __name__ == "__main__":
    main()
