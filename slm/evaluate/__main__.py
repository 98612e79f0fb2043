"""The command line of the measures; see the package."""

from __future__ import annotations

import argparse
import json
import sys
from dataclasses import asdict
from pathlib import Path
from typing import Any

import slm.evaluate
from slm.checkpoint import SHIPPED
from slm.decode import Sampling
from slm.evaluate import print_table, unseen, write_one
from slm.evaluate.length import EVERY_LENGTH, PAPER_LENGTHS, evaluate_length
from slm.generate import Writer


def measure(arguments: argparse.Namespace) -> list[Any]:
    """The rows that were asked for. Modules with large dependencies are imported by the measure that needs
    them."""
    if arguments.measure == "speed":
        from slm.evaluate.speed import PROGRAMS, evaluate_speed

        return list(evaluate_speed(Path(arguments.slm), tuple(arguments.only or PROGRAMS)))
    examples = unseen(arguments.intents)
    sampling = Sampling(guided=not arguments.raw)
    length, relevance = arguments.length, arguments.relevance
    if arguments.measure == "relevance":
        from slm.evaluate.relevance import baseline, evaluate_relevance
        from slm.judge import GPT_4O_MINI, Judge

        judge = Judge(arguments.judge or GPT_4O_MINI)
        if arguments.baseline:
            name = f"{arguments.baseline} ({arguments.shots} shots)"
            texts = baseline(arguments.baseline, examples, arguments.shots, length)
        else:
            writer = Writer.load(arguments.slm)
            name, texts = writer.name, list(write_one(writer, examples, length, sampling, relevance))
        return list(evaluate_relevance(name, judge, examples, texts, length))
    writer = Writer.load(arguments.slm)
    if arguments.measure == "length":
        lengths = EVERY_LENGTH if arguments.every else arguments.lengths
        return list(evaluate_length(writer, examples, lengths, sampling, relevance))
    if arguments.measure == "coverage":
        from slm.evaluate.coverage import evaluate_coverage

        return list(evaluate_coverage(writer, examples, length, sampling, relevance))
    from slm.evaluate.diversity import evaluate_diversity

    return list(evaluate_diversity(writer, examples, length, sampling, relevance))


def main() -> None:
    parser = argparse.ArgumentParser(
        prog="python -m slm.evaluate",
        description=slm.evaluate.__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("measure", choices=("length", "coverage", "diversity", "speed", "relevance"))
    parser.add_argument("--slm", default=SHIPPED, help="checkpoint folder, or http://host:port/v1")
    parser.add_argument("--intents", type=int, default=200)
    parser.add_argument("--length", type=int, default=20, help="words, where one length is measured")
    parser.add_argument("--lengths", type=int, nargs="+", default=PAPER_LENGTHS, help="for length")
    parser.add_argument("--every", action="store_true", help="for length: all of 8 to 40")
    parser.add_argument("--relevance", type=int, choices=range(1, 6), help="the model's best without it")
    parser.add_argument("--raw", action="store_true", help="without guided decoding")
    parser.add_argument("--only", nargs="+", choices=("ours", "transformers", "nanogpt"), help="for speed")
    parser.add_argument("--judge", default="", help="for relevance: URL#MODEL (GPT-4o-mini)")
    parser.add_argument(
        "--baseline", default="", help="for relevance: another writer, URL#MODEL or a folder for transformers"
    )
    parser.add_argument("--shots", type=int, default=0, help="examples that the baseline is shown")
    parser.add_argument("--json", action="store_true")
    arguments = parser.parse_args()
    try:
        rows = measure(arguments)
    except (ValueError, OSError) as error:
        sys.exit(f"slm.evaluate: {error}")
    if arguments.json:
        print(json.dumps([asdict(row) for row in rows]))
    else:
        print_table(rows)


if __name__ == "__main__":
    main()
