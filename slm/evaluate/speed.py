"""Tokens a second and memory, beside other programs that run the same weights, in one run.

`ours` is what the app writes with (`slm/runtime.py`), sampling included; `transformers` its generate() in
float32 with its cache; `nanogpt` the loop of nanoGPT's sample.py, which computes everything anew for each
token. Each measures in a process of its own, so that memory is its own.
"""

from __future__ import annotations

import multiprocessing
import re
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from slm.checkpoint import Checkpoint, write_checkpoint
from slm.command import Brief, Task, render
from slm.decode import USUAL, Decoder, sample
from slm.generate import Writer

BATCHES = (1, 8, 32)
TOKENS = 64
"""Tokens that a measurement writes."""
BRIEF = Brief(Task.T2I, "harvest fair", ("scarecrow", "pumpkin"), length=20)
Measure = Callable[[int], Callable[[], object]]


@dataclass(frozen=True)
class SpeedRow:
    """One program at one batch size; the best of several measurements. `peak_mb` is the most memory its
    process has held so far, 0 where the system does not say."""

    program: str
    batch: int
    tokens_per_second: float
    peak_mb: float


@dataclass(frozen=True)
class AnswerRow:
    """What a person waits for: four guided candidates of 20 words."""

    program: str
    candidates: int
    seconds: float
    peak_mb: float


def evaluate_speed(slm: Path, programs: tuple[str, ...], repeats: int = 3) -> list[SpeedRow | AnswerRow]:
    """Rows of all `programs`, names of PROGRAMS."""
    rows: list[SpeedRow | AnswerRow] = []
    with tempfile.TemporaryDirectory() as folder:
        stored = Checkpoint(slm)
        weights = {name: stored.weight(name) for name in stored.names}
        write_checkpoint(Path(folder), stored.shape, weights, stored.tokenizer, stored.meta, "float32")
        for program in programs:
            where = slm if program == "ours" else Path(folder)
            with multiprocessing.get_context("spawn").Pool(1) as pool:
                rows += pool.apply(_measure, (program, where, repeats))
    return rows


def _measure(program: str, slm: Path, repeats: int) -> list[SpeedRow | AnswerRow]:
    begin = PROGRAMS[program](slm)
    rows: list[SpeedRow | AnswerRow] = []
    for batch in BATCHES:
        seconds = _best(begin(batch), repeats)
        rows.append(SpeedRow(program, batch, batch * TOKENS / seconds, _peak_mb()))
    if program == "ours":
        writer = Writer.load(slm)
        seconds = _best(lambda: writer.write(BRIEF, 4, 1), repeats)
        rows.append(AnswerRow(program, 4, seconds, _peak_mb()))
    return rows


def _best(work: Callable[[], object], repeats: int) -> float:
    """Seconds of the quickest of `repeats` runs, after one to warm up."""
    work()
    taken = []
    for _ in range(repeats):
        began = time.perf_counter()
        work()
        taken.append(time.perf_counter() - began)
    return min(taken)


def _peak_mb() -> float:
    status = Path("/proc/self/status")
    peak = re.search(r"VmHWM:\s*(\d+) kB", status.read_text()) if status.exists() else None
    return int(peak.group(1)) / 1000 if peak else 0.0


def _ours(slm: Path) -> Measure:
    decoder = Decoder(Checkpoint(slm))
    ids = decoder.tokenizer.encode(render(BRIEF)).ids
    rng = np.random.default_rng(0)

    def begin(batch: int) -> Callable[[], object]:
        def work() -> None:
            run = decoder.network.begin(ids, batch, len(ids) + TOKENS)
            for _ in range(TOKENS):
                run.step(sample(run.logits, rng, USUAL))

        return work

    return begin


def _transformers(slm: Path) -> Measure:
    import torch
    from transformers import GPT2LMHeadModel

    model = GPT2LMHeadModel.from_pretrained(slm).eval()
    ids = torch.tensor([Checkpoint(slm).tokenizer.encode(render(BRIEF)).ids])

    def begin(batch: int) -> Callable[[], object]:
        return lambda: model.generate(
            ids.expand(batch, -1),
            attention_mask=torch.ones(batch, ids.size(1), dtype=torch.long),
            do_sample=True,
            top_k=64,
            min_new_tokens=TOKENS,
            max_new_tokens=TOKENS,
            pad_token_id=0,
        )

    return begin


def _nanogpt(slm: Path) -> Measure:
    import torch

    from slm.checkpoint import load_checkpoint

    model, tokenizer, _ = load_checkpoint(slm)
    ids = torch.tensor([tokenizer.encode(render(BRIEF)).ids])

    def begin(batch: int) -> Callable[[], object]:
        @torch.inference_mode()
        def work() -> None:
            line = ids.expand(batch, -1)
            for _ in range(TOKENS):
                shares = model(line)[:, -1].softmax(-1)
                line = torch.cat([line, torch.multinomial(shares, 1)], dim=1)

        return work

    return begin


PROGRAMS: dict[str, Callable[[Path], Measure]] = {
    "ours": _ours,
    "transformers": _transformers,
    "nanogpt": _nanogpt,
}
