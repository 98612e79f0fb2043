"""Distillation: a large language model writes prompts for intents of the graph, as training data.

    python -m slm.teacher --url http://127.0.0.1:8000/v1 --model NAME --intents 1000 --out runs/teacher
    python -m slm.train --run runs/mine --teacher-data runs/teacher ...

Any server that speaks OpenAI's chat completions will do: vLLM, llama.cpp, `transformers serve`, a hosted one
(its key in OPENAI_API_KEY). Many questions are in flight at once; what was answered is on the disk before it
counts, and a second call asks only what has no answer yet. To outgrow one machine put more vLLM replicas
behind the same URL and raise --concurrency. A server that answers one question at a time (`transformers
serve` as it starts) wants --concurrency 2, so that none waits for its turn longer than --timeout.
"""

from __future__ import annotations

import argparse
import asyncio
import os
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from itertools import islice
from pathlib import Path
from typing import Any

import openai

from intent.graph import load_graph
from slm.corpus import load_corpus, split
from slm.ledger import Ledger
from slm.remote import CONNECT_SECONDS, explain
from slm.teacher.llm.answers import OddAnswer, Seen, fault, read_answer
from slm.teacher.llm.intents import Question, sample
from slm.teacher.llm.messages import Librarian, messages
from slm.teacher.llm.shards import SHARD, write_shards

LETTERS_PER_TOKEN = 4  # of English, for the estimate
TOKENS_PER_WORD = 1.5  # with JSON around


@dataclass(frozen=True)
class DistillConfig:
    """What to ask, and whom. Prices are per million tokens, in any currency."""

    url: str
    model: str
    out: Path
    intents: int = 1000
    prompts: int = 5
    shots: int = 3
    concurrency: int = 16
    requests_per_minute: float = 0  # 0: no limit
    attempts: int = 3
    """Of one question before it is given up because its answers are odd."""
    timeout: float = 120  # seconds for one answer, its turn at a busy server included
    retries: int = 6
    """Of one request that fails: the client backs off by itself and obeys Retry-After."""
    temperature: float = 0.9
    price_in: float = 0
    price_out: float = 0
    seed: int = 1

    def __post_init__(self) -> None:
        for name in ("intents", "prompts", "concurrency"):
            if getattr(self, name) < 1:
                raise ValueError(f"{name} must be at least 1")


@dataclass(frozen=True)
class Estimate:
    """What a run will take. Tokens are rough: letters and words counted, not tokenised."""

    questions: int
    tokens_in: int
    tokens_out: int
    cost: float


class Teacher:
    """One run of distillation in one folder."""

    def __init__(self, config: DistillConfig) -> None:
        """Reads what the folder holds. Nothing is asked yet."""
        self.config = config
        config.out.mkdir(parents=True, exist_ok=True)
        self.ledger = Ledger(config.out / "answers.jsonl")
        self.odd = Ledger(config.out / "odd.jsonl")
        answered = {row["intent"]["id"] for row in self.ledger.rows}
        wanted = islice(sample(load_graph(), config.seed, config.prompts), config.intents)
        self.questions = [question for question in wanted if question.id not in answered]
        self.librarian = Librarian(split(load_corpus())[0])
        self.seen = Seen(prompt for row in self.ledger.rows for prompt in row["prompts"])

    def chat(self, question: Question) -> list[dict[str, str]]:
        shots = self.librarian.similar(question, self.config.shots)
        return [asdict(message) for message in messages(question, shots)]

    def estimate(self) -> Estimate:
        """What the questions still to be asked will take, from a sample of them."""
        some = self.questions[:: max(1, len(self.questions) // 20)]
        letters = [sum(len(message["content"]) for message in self.chat(question)) for question in some]
        tokens_in = int(sum(letters) / max(1, len(some)) / LETTERS_PER_TOKEN * len(self.questions))
        tokens_out = int(sum(sum(question.lengths) for question in self.questions) * TOKENS_PER_WORD)
        cost = (tokens_in * self.config.price_in + tokens_out * self.config.price_out) / 1e6
        return Estimate(len(self.questions), tokens_in, tokens_out, cost)

    async def run(self, report: Callable[[int, int], None]) -> dict[str, Any]:
        """Asks everything that has no answer yet; `report(answered, of)` after each. Returns the manifest.

        Raises openai.OpenAIError when the server can not be reached or refuses, after the client's own
        retries; what was answered until then is kept.
        """
        config = self.config
        client = openai.AsyncOpenAI(
            base_url=config.url,
            api_key=os.environ.get("OPENAI_API_KEY", "none"),
            timeout=openai.Timeout(config.timeout, connect=CONNECT_SECONDS),
            max_retries=config.retries,
        )
        pace = Pace(config.requests_per_minute)
        waiting = iter(self.questions)
        done = 0

        async def work() -> None:
            nonlocal done
            for question in waiting:  # shared: each question goes to one worker
                await self.ask(client, pace, question)
                done += 1
                report(done, len(self.questions))
                if len(self.ledger.rows) % SHARD == 0:
                    self.shards()

        try:
            async with asyncio.TaskGroup() as group:
                for _ in range(min(config.concurrency, len(self.questions))):
                    group.create_task(work())
        except* openai.OpenAIError as errors:
            raise errors.exceptions[0] from None
        finally:
            await client.close()
            manifest = self.shards()
        return manifest

    async def ask(self, client: openai.AsyncOpenAI, pace: Pace, question: Question) -> None:
        """Asks until the answer is what was asked for, or gives the question up; either is written down."""
        tokens_in = tokens_out = 0
        prompts: list[str] = []
        chat: Any = self.chat(question)
        for attempt in range(self.config.attempts):
            await pace.turn()
            answer = await client.chat.completions.create(
                model=self.config.model,
                messages=chat,
                temperature=self.config.temperature,
                max_tokens=int(sum(question.lengths) * 3 + 100),
                seed=self.config.seed + attempt,
            )
            tokens_in += answer.usage.prompt_tokens if answer.usage else 0
            tokens_out += answer.usage.completion_tokens if answer.usage else 0
            text = answer.choices[0].message.content if answer.choices else None
            try:
                prompts = read_answer(text)
                break
            except OddAnswer as error:
                self.odd.add({"id": question.id, "attempt": attempt, "why": str(error), "answer": text})
        kept, rejected = self.sift(prompts)
        self.ledger.add(
            {
                "intent": asdict(question),
                "prompts": kept,
                "rejected": rejected,
                "given_up": not prompts,
                "tokens_in": tokens_in,
                "tokens_out": tokens_out,
            }
        )

    def sift(self, prompts: Sequence[str]) -> tuple[list[str], dict[str, str]]:
        """(the prompts to learn from, why each other one is not)."""
        kept: list[str] = []
        rejected: dict[str, str] = {}
        for prompt in prompts:
            if why := fault(prompt):
                rejected[prompt] = why
            elif not self.seen.add(prompt):
                rejected[prompt] = "duplicate"
            else:
                kept.append(prompt)
        return kept, rejected

    def shards(self) -> dict[str, Any]:
        settings = {
            key: str(value) for key, value in asdict(self.config).items() if key not in ("out", "url")
        }
        odd = {"odd_answers": len(self.odd.rows)}
        tokens = {key: sum(row[key] for row in self.ledger.rows) for key in ("tokens_in", "tokens_out")}
        return write_shards(self.config.out, self.ledger.rows, settings | odd | tokens)


class Pace:
    """Lets so many requests a minute begin, evenly."""

    def __init__(self, per_minute: float) -> None:
        self.gap = 60 / per_minute if per_minute else 0.0
        self.next = 0.0

    async def turn(self) -> None:
        now = time.monotonic()
        start = max(now, self.next)
        self.next = start + self.gap
        await asyncio.sleep(start - now)


def main() -> None:
    parser = argparse.ArgumentParser(
        prog="python -m slm.teacher", description="Distil prompts from a large language model."
    )
    parser.add_argument("--url", required=True, help="of an OpenAI-compatible server, ending in /v1")
    parser.add_argument("--model", required=True)
    parser.add_argument("--out", type=Path, required=True, help="folder of the run")
    for name in ("intents", "prompts", "shots", "concurrency", "retries", "seed"):
        parser.add_argument(f"--{name}", type=int, default=getattr(DistillConfig, name))
    for name in ("requests_per_minute", "timeout", "temperature", "price_in", "price_out"):
        parser.add_argument(f"--{name.replace('_', '-')}", type=float, default=getattr(DistillConfig, name))
    parser.add_argument("--estimate", action="store_true", help="say what it will take, and ask nothing")
    said = vars(parser.parse_args())
    only_estimate = said.pop("estimate")
    try:
        config = DistillConfig(**said)
        teacher = Teacher(config)
    except (OSError, ValueError) as error:
        parser.error(str(error))
    estimate = teacher.estimate()
    cost = f", about {estimate.cost:.2f}" if config.price_in or config.price_out else ""
    print(
        f"{estimate.questions} questions to ask ({len(teacher.ledger.rows)} answered before), about "
        f"{estimate.tokens_in:,} tokens in and {estimate.tokens_out:,} out{cost}",
        flush=True,
    )
    if only_estimate:
        return
    began = time.monotonic()

    def report(done: int, of: int) -> None:
        if done % 10 == 0 or done == of:
            left = (time.monotonic() - began) / done * (of - done)
            print(f"{done} of {of} answered, about {left / 60:.0f} minutes left", flush=True)

    try:
        manifest = asyncio.run(teacher.run(report))
    except openai.OpenAIError as error:
        late = isinstance(error, openai.APITimeoutError)
        hint = "; if it is only slow, lower --concurrency or raise --timeout" if late else ""
        why = f"{explain(config.url, error)}{hint}"
        sys.exit(f"slm.teacher: {why}. What was answered is kept; call again to go on.")
    except KeyboardInterrupt:
        sys.exit("slm.teacher: stopped. What was answered is kept; call again to go on.")
    print(
        f"{manifest['prompts']} prompts of {manifest['intents']} intents in {config.out} "
        f"({manifest['given_up']} given up, rejected: {manifest['rejected'] or 'none'}; "
        f"{len(teacher.odd.rows)} odd answers kept aside in {teacher.odd.path.name})"
    )
