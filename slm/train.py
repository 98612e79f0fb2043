"""Training by upside-down RL: next-token prediction, and counting, on lines that say what they achieved.

    python -m slm.train --preset small --run runs/small --steps 6000 --decay 1200

    python -m slm.train --recipe paper --run runs/paper
    torchrun --nproc-per-node=2 -m slm.train -- --preset base --run runs/base

Stops and continues: the run folder keeps everything (model, optimisers, position in the data) and a second
call goes on where the first one stood, bit for bit. Muon for the matrices of the blocks, AdamW for the rest;
a trapezoid schedule, whose last `decay` steps also turn from composed pairs to the corpus. Under torchrun
every process takes its share of each step's batches.

torch.compile is left out: measured on a CPU it makes no step faster (the time is in the matrices), and the
shapes change from batch to batch.
"""

from __future__ import annotations

import argparse
import json
import os
import sys
import time
from collections.abc import Iterator
from contextlib import nullcontext
from dataclasses import asdict, astuple, dataclass, replace
from itertools import chain, islice
from pathlib import Path
from typing import Any

import torch
import torch.distributed as dist
from filelock import FileLock, Timeout
from tensorboardX import SummaryWriter
from tokenizers import Tokenizer
from torch import nn
from torch.nn.parallel import DistributedDataParallel

from slm.checkpoint import load_checkpoint, save_checkpoint
from slm.command import ASKED_RELEVANCE, BEST_RELEVANCE, Brief, Task
from slm.corpus import load_distilled, load_drafts
from slm.data import Position, Stream
from slm.generate import Sampling, Writer
from slm.model import GPT, PRESETS
from slm.objective import COUNTING_WEIGHT, Objective
from slm.taste import TASTE_FILE, read_ratings


@dataclass(frozen=True)
class TrainConfig:
    """How to train. Raises ValueError when the decay is longer than the run."""

    run: Path
    preset: str = "small"
    steps: int = 6000
    decay: int = 1200
    """The last steps: the learning rate falls to zero and the mixture turns to the corpus."""
    warmup: int = 50
    batch_tokens: int = 4096
    """Per process."""
    optimiser: str = "muon"
    """Of the matrices of the blocks: "muon" or "adamw"; everything else is AdamW's."""
    matrix_lr: float = 2e-3
    """For Muon scaled to AdamW's update size (adjust_lr_fn="match_rms_adamw")."""
    other_lr: float = 2e-3
    """For embeddings, norms, biases and the counter (`slm/objective.py`)."""
    weight_decay: float = 0.05
    clip: float = 1.0
    composed: float = 0.75
    """Share of the grammar's pairs before the decay; the rest is the corpus."""
    teacher_data: Path | None = None
    """Folder of distilled prompts that join the corpus (`python -m slm.teacher`)."""
    ratings: Path | None = None
    """Exported ratings to learn from (`slm/feedback.py`)."""
    drafts: Path | None = None
    """The model's own drafts (`slm/drafts.py`), to be graded by what the ratings say."""
    composed_at_end: float = 0.35
    seed: int = 1
    save_every: int = 100
    bf16: bool = True

    def __post_init__(self) -> None:
        if self.decay > self.steps:
            raise ValueError(f"a decay of {self.decay} steps does not fit a run of {self.steps}")


RECIPES: dict[str, dict[str, Any]] = {
    "ours": {},
    "tiny": {"preset": "tiny", "steps": 600, "decay": 150},  # minutes on two cores
    # Batches of 128 prompts of about 64 tokens; the shape of the schedule is nanoGPT's, with a straight fall.
    "paper": {
        "preset": "base",
        "optimiser": "adamw",
        "matrix_lr": 6e-4,
        "other_lr": 6e-4,
        "weight_decay": 0.1,
        "batch_tokens": 8192,
        "steps": 300_000,
        "decay": 298_000,
        "warmup": 2000,
        "save_every": 1000,
    },
}


@dataclass(frozen=True)
class Progress:
    """One optimiser step."""

    step: int
    loss: float
    counting: float
    """The loss of telling how many words are to come (`Objective`)."""
    tokens: int
    tokens_per_second: float


def schedule(config: TrainConfig, step: int) -> float:
    """The factor on the learning rates: up, flat, down to zero (a trapezoid)."""
    left = config.steps - step
    return min((step + 1) / config.warmup, left / config.decay if config.decay else 1.0, 1.0)


def composed_share(config: TrainConfig, step: int) -> float:
    """The share of composed pairs that the schedule wants at this step."""
    return config.composed_at_end if step >= config.steps - config.decay else config.composed


def optimisers_of(objective: Objective, config: TrainConfig) -> list[torch.optim.Optimizer]:
    """Two, the first for the matrices of the blocks. Each group remembers its peak learning rate."""
    weights = list(objective.named_parameters())
    matrices = [w for name, w in weights if ".h." in name and w.ndim == 2]
    others = [w for name, w in weights if not (".h." in name and w.ndim == 2)]
    ours = {"params": matrices, "lr": config.matrix_lr, "peak": config.matrix_lr}
    rest = {"params": others, "lr": config.other_lr, "peak": config.other_lr}
    first: torch.optim.Optimizer
    if config.optimiser == "muon":
        first = torch.optim.Muon([ours], weight_decay=config.weight_decay, adjust_lr_fn="match_rms_adamw")
    else:
        first = torch.optim.AdamW([ours], betas=(0.9, 0.95), weight_decay=config.weight_decay)
    return [first, torch.optim.AdamW([rest], betas=(0.9, 0.95), weight_decay=0.0)]


def train(config: TrainConfig) -> Iterator[Progress]:
    """Trains up to `config.steps`, continuing what the run folder holds, and yields after every step.

    The folder gets `tokenizer.json` beforehand (`python -m slm.tokenizer`), `state.pt` while training, and is
    a checkpoint (`slm/checkpoint.py`) after every save. A folder that holds a checkpoint but no `state.pt`
    (`python -m slm.grow`, or a copy of a trained model) is trained on from its weights. Raises
    FileNotFoundError without a tokenizer, ValueError when the weights are not of the preset's shape and when
    another process trains in the folder.
    """
    rank, world = join()
    lock = FileLock(config.run / ".lock", timeout=0)
    if rank == 0:
        try:
            lock.acquire()
        except Timeout:
            raise ValueError(f"{config.run} is being trained by another process") from None
    try:
        yield from _train(config, rank, world)
    finally:
        lock.release()


def _train(config: TrainConfig, rank: int, world: int) -> Iterator[Progress]:
    torch.manual_seed(config.seed)
    device = torch.device("cuda" if torch.cuda.is_available() else "cpu")
    tokenizer_file = config.run / "tokenizer.json"
    if not tokenizer_file.is_file():
        raise FileNotFoundError(f"{tokenizer_file} not found: make it with python -m slm.tokenizer first")
    tokenizer = Tokenizer.from_file(str(tokenizer_file))
    shape = replace(PRESETS[config.preset], vocab_size=tokenizer.get_vocab_size())
    model = GPT(shape).to(device)
    objective = Objective(model, tokenizer).to(device)
    optimisers = optimisers_of(objective, config)
    position, step, tokens = Position(composed=composed_share(config, 0)), 0, 0
    state_file = config.run / "state.pt"
    if state_file.is_file():
        state = torch.load(state_file, map_location=device, weights_only=True)
        if "objective" not in state:
            raise ValueError(
                f"{state_file} is of an older version and cannot be continued: train in a new folder"
            )
        objective.load_state_dict(state["objective"])
        for optimiser, saved in zip(optimisers, state["optimisers"], strict=True):
            optimiser.load_state_dict(saved)
        position, step, tokens = Position(*state["position"]), state["step"], state["tokens"]
    elif (config.run / "config.json").is_file():
        begun = load_checkpoint(config.run)[0]
        if begun.config != shape:
            raise ValueError(f"{config.run} holds {begun.config}, the preset {config.preset} is {shape}")
        model.load_state_dict(begun.state_dict())

    def save() -> None:
        state = {
            "objective": objective.state_dict(),
            "optimisers": [optimiser.state_dict() for optimiser in optimisers],
            "position": astuple(position),
            "step": step,
            "tokens": tokens,
        }
        part = state_file.with_suffix(".part")  # a kill while writing must not cost the run
        torch.save(state, part)
        part.replace(state_file)
        settings = {key: str(value) for key, value in asdict(config).items() if key != "run"}
        # Whoever learned from ratings is asked for what people liked best.
        asked = BEST_RELEVANCE if config.ratings else ASKED_RELEVANCE
        meta = {"step": step, "target_tokens": tokens, "asked_relevance": asked, "settings": settings}
        save_checkpoint(config.run, model, tokenizer, meta)
        if stream.feedback:
            stream.feedback.taste.save(config.run / TASTE_FILE)
        else:  # the judge of a taught model that is trained on without ratings
            (config.run / TASTE_FILE).unlink(missing_ok=True)

    losses: nn.Module = DistributedDataParallel(objective) if world > 1 else objective
    rated = read_ratings(config.ratings) if config.ratings else []
    drafts = load_drafts(config.drafts) if config.drafts else []
    distilled = load_distilled(config.teacher_data) if config.teacher_data else []
    stream = Stream(tokenizer, config.seed, config.batch_tokens, shape.n_positions, distilled, rated, drafts)
    workers = max(1, (os.cpu_count() or 1) // world - 1) if device.type == "cuda" else 0
    half = torch.autocast(device.type, torch.bfloat16) if config.bf16 else nullcontext()
    batches = stream.batches(position, workers)
    while step < config.steps:
        if (share := composed_share(config, step)) != position.composed:
            position = Position(position.block + 1, composed=share)  # a block has one mixture
            batches = stream.batches(position, workers)
        began = time.perf_counter()
        turn = list(islice(batches, world))  # one batch for each process, the same list in all
        ids, targets, _ = turn[rank]
        position = turn[-1][2]
        with half:
            loss, counting = losses(ids.to(device), targets.to(device))
        (loss + COUNTING_WEIGHT * counting).backward()
        torch.nn.utils.clip_grad_norm_(objective.parameters(), config.clip)
        for optimiser in optimisers:
            for group in optimiser.param_groups:
                group["lr"] = group["peak"] * schedule(config, step)
            optimiser.step()
            optimiser.zero_grad(set_to_none=True)
        step += 1
        tokens += sum(int((targets >= 0).sum()) for _, targets, _ in turn)
        if rank == 0 and (step % config.save_every == 0 or step == config.steps):
            save()
        taken = sum(ids.numel() for ids, _, _ in turn)
        speed = taken / (time.perf_counter() - began)
        yield Progress(step, float(loss.detach()), float(counting.detach()), tokens, speed)


def join() -> tuple[int, int]:
    """(rank, number of processes): joins the others where torchrun started this one."""
    if "TORCHELASTIC_RUN_ID" not in os.environ:
        return 0, 1
    if not dist.is_initialized():
        on_gpu = torch.cuda.is_available()
        if on_gpu:
            torch.cuda.set_device(int(os.environ["LOCAL_RANK"]))
        dist.init_process_group("nccl" if on_gpu else "gloo")
    return dist.get_rank(), dist.get_world_size()


SAMPLED = (
    Brief(Task.T2I, "harvest fair", ("pumpkin", "scarecrow"), length=15),
    Brief(Task.T2T, "birthday party", ("balloon",), "invitation", "playful", 12),
    Brief(Task.T2I, "night market", ("lantern",), length=20),
)
"""The same few intents, so that one sees the model learn."""


def write_samples(run: Path, step: int) -> list[tuple[str, str]]:
    """Adds a raw prompt for each sampled intent to `samples.jsonl`, as the checkpoint in `run` writes it, and
    returns (topic, prompt) of each."""
    writer, prompts = Writer.load(run), []
    for brief in SAMPLED:
        wish = replace(brief, relevance=writer.asked)
        written = writer.write(wish, 1, 1, Sampling(guided=False))  # nothing where nothing decent came
        prompts.append({"topic": brief.topic, "text": written[0].text if written else ""})
    with (run / "samples.jsonl").open("a", encoding="utf-8") as file:
        file.write(json.dumps({"step": step, "prompts": prompts}, ensure_ascii=False) + "\n")
    return [(prompt["topic"], prompt["text"]) for prompt in prompts]


def arguments(argv: list[str] | None = None) -> TrainConfig:
    """The command line as a configuration: what is not said comes from the recipe."""
    parser = argparse.ArgumentParser(description="Train the language model, or continue its training.")
    parser.add_argument(
        "--run", type=Path, required=True, help="folder of the run, with tokenizer.json in it"
    )
    parser.add_argument("--recipe", choices=RECIPES, default="ours", help="what is not said otherwise")
    parser.add_argument("--preset", choices=PRESETS)
    parser.add_argument("--teacher-data", type=Path, help="folder of distilled prompts to learn from, too")
    parser.add_argument("--optimiser", choices=("muon", "adamw"))
    for name in ("steps", "decay", "warmup", "batch_tokens", "seed", "save_every"):
        parser.add_argument(f"--{name.replace('_', '-')}", type=int)
    for name in ("matrix_lr", "other_lr", "composed", "composed_at_end"):
        parser.add_argument(f"--{name.replace('_', '-')}", type=float)
    said = {name: value for name, value in vars(parser.parse_args(argv)).items() if value is not None}
    try:
        return TrainConfig(**RECIPES[said.pop("recipe")] | said)
    except ValueError as error:
        parser.error(str(error))


def follow(config: TrainConfig) -> None:
    """Trains, and says how it goes: every step in `log.jsonl` and for TensorBoard (`pip install tensorboard`,
    `tensorboard --logdir RUN`), samples at every save, a line now and then."""
    if os.environ.get("RANK", "0") != "0":  # one process of several speaks for all
        for _ in train(config):
            pass
        return
    steps = train(config)
    if (first := next(steps, None)) is None:  # it was trained to the end before
        return
    with (
        (config.run / "log.jsonl").open("a", buffering=1) as log,
        SummaryWriter(str(config.run), purge_step=first.step) as board,
    ):
        for progress in chain([first], steps):
            log.write(json.dumps(asdict(progress)) + "\n")
            board.add_scalar("loss", progress.loss, progress.step)
            board.add_scalar("counting", progress.counting, progress.step)
            board.add_scalar("tokens_per_second", progress.tokens_per_second, progress.step)
            board.add_scalar("learning_rate_factor", schedule(config, progress.step - 1), progress.step)
            last = progress.step == config.steps
            if progress.step % 20 == 0 or last:
                rate = f"{progress.tokens_per_second:.0f} tok/s"
                print(
                    f"step {progress.step} loss {progress.loss:.3f} counting {progress.counting:.3f} {rate}",
                    flush=True,
                )
            if progress.step % config.save_every == 0 or last:
                for topic, text in write_samples(config.run, progress.step):
                    board.add_text(topic.replace(" ", "_"), text, progress.step)
                board.flush()


def main() -> None:
    config = arguments()
    try:
        follow(config)
    except (OSError, ValueError) as error:
        sys.exit(f"slm.train: {error}")
    finally:
        if dist.is_initialized():
            dist.destroy_process_group()


if __name__ == "__main__":
    main()
