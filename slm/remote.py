"""Drafts from a server that holds the model: anything that speaks OpenAI's completions protocol.

    python -m slm.checkpoint --export DIR
    vllm serve DIR                              (or llama-server, transformers serve DIR, ...)
    python -m slm.generate --slm http://localhost:8000/v1 --topic "harvest fair"      (or .../v1#MODEL)

`transformers serve` lists the models of the hub's cache alone: a folder is named, as in .../v1#DIR.
The server is sent the command line and samples freely; guiding it token by token is not in the protocol. So
a guided prompt is the best of many drafts: one of another length than the wished one counts as one that
leaves something out.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import numpy as np
from openai import APIConnectionError, APIStatusError, OpenAI, OpenAIError, Timeout
from openai.types import CompletionChoice

from slm.command import END, Brief, count_words, render
from slm.coverage import missing
from slm.decode import Prompt, Sampling

CONNECT_SECONDS, ANSWER_SECONDS, RETRIES = 5, 60, 2
AT_ONCE = 8
"""Requests in flight to a server that answers each with one draft."""


class ServerError(ValueError):
    """The server can not be reached or does not do its part; the message says what to do."""


def connect(address: str) -> OpenAI:
    """A client with bounded patience. OPENAI_API_KEY is sent where it is set."""
    patience = Timeout(ANSWER_SECONDS, connect=CONNECT_SECONDS)
    key = os.environ.get("OPENAI_API_KEY", "none")
    return OpenAI(base_url=address, api_key=key, timeout=patience, max_retries=RETRIES)


def explain(address: str, error: OpenAIError) -> ServerError:
    """`error` in words that say what to do."""
    if isinstance(error, APIConnectionError):
        return ServerError(f"{address} does not answer: start the server or correct the address ({error})")
    if isinstance(error, APIStatusError):
        return ServerError(
            f"{address} refuses with status {error.status_code} ({error.response.text[:300]}): look at the "
            "address (it ends in /v1), the model's name, the key in OPENAI_API_KEY and the server's log"
        )
    return ServerError(f"{address} can not be used: {error}")


class Server:
    """The model behind `address`: the one named after a "#", else the first that the server lists.

    Raises ServerError when the server does not answer or serves no model.
    """

    def __init__(self, address: str) -> None:
        self.address, _, self.model = address.partition("#")
        self.client = connect(self.address)
        try:
            self.model = self.model or self.client.models.list().data[0].id
        except IndexError:
            raise ServerError(
                f"{self.address} lists no model: start it with the exported folder DIR, "
                f"and name that, as in {self.address}#DIR"
            ) from None
        except APIStatusError as error:
            raise ServerError(
                f"{self.address} does not list its models (status {error.status_code}): "
                f"name one, as in {self.address}#NAME"
            ) from error
        except OpenAIError as error:
            raise explain(self.address, error) from error

    def describe(self) -> str:
        return f"the model {self.model} on the server {self.address}"

    def draft(self, brief: Brief, batch: int, rng: np.random.Generator, sampling: Sampling) -> list[Prompt]:
        """`batch` drafts: in one request where the server can, else one request for each."""
        choices = self._ask(brief, batch, int(rng.integers(2**31)), sampling)[:batch]
        seeds = rng.integers(2**31, size=batch - len(choices)).tolist()
        with ThreadPoolExecutor(AT_ONCE) as pool:
            for more in pool.map(lambda seed: self._ask(brief, 1, seed, sampling), seeds):
                choices += more[:1]
        return [self._prompt(brief, choice, sampling) for choice in choices]

    def stream(self, brief: Brief, rng: np.random.Generator, sampling: Sampling) -> Iterator[str]:
        """One draft; the server's whole answer is waited for, as it takes a fraction of a second."""
        [prompt] = self.draft(brief, 1, rng, sampling)
        first = True
        for word in prompt.text.split():
            yield word if first else f" {word}"
            first = False

    def _ask(self, brief: Brief, count: int, seed: int, sampling: Sampling) -> list[CompletionChoice]:
        try:
            answer = self.client.completions.create(
                model=self.model,
                prompt=render(brief),
                n=count,
                max_tokens=3 * brief.length + 24,
                temperature=sampling.temperature,
                top_p=sampling.top_p,
                seed=seed,
                stop=[END],
                logprobs=1,
            )
        except OpenAIError as error:
            raise explain(self.address, error) from error
        if not answer.choices:
            raise ServerError(f"{self.address} answered without a completion")
        return list(answer.choices)

    def _prompt(self, brief: Brief, choice: CompletionChoice, sampling: Sampling) -> Prompt:
        text = " ".join(choice.text.partition("<|")[0].split())  # nothing after a control token is the prompt
        words = count_words(text)
        unnamed = tuple(missing(text, brief.terms))
        if choice.finish_reason == "length":
            unnamed = (*unnamed, "an end")
        if sampling.guided and words != brief.length:
            unnamed = (*unnamed, "the wished length")
        scores = [score for score in (choice.logprobs and choice.logprobs.token_logprobs) or [] if score]
        return Prompt(text, words, unnamed, sum(scores) / max(len(scores), 1))
