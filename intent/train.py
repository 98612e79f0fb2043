"""Train the embedded CLIP: a small open_clip model of the project's drawings, topics and design types.

The image tower is a ResNet of timm, the text tower a small transformer over a vocabulary of its own, both
from an open_clip config. Training stores no picture: canvases are composed as they are needed. Lessons grow
harder: one drawing at a time, then a few, then whole canvases; taught canvases at once, a network this
small has learnt nothing after hundreds of steps. open_clip's sigmoid loss compares every patch of a canvas
with the nouns ("is the fox in this patch?") and the whole canvas with nouns, topics and design types; it is
told which are true, since many are at once. The labels are free vectors until the pictures are learnt; then
the text tower learns, by open_clip's contrastive loss, to put every caption on the vector of its label.

Run again with the same --run, it goes on where it stopped; torchrun shares the steps among processes.

    python -m intent.train --run runs/clip
    python -m intent.calibrate --clip runs/clip
"""

from __future__ import annotations

import argparse
import json
import math
import os
import random
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import open_clip
import safetensors.torch
import torch
import torch.distributed as dist
from open_clip.loss import ClipLoss, SigLipLoss
from torch.nn.attention import SDPBackend, sdpa_kernel
from torch.nn.functional import normalize

from intent.captions import DESIGN_CAPTIONS, DESIGN_TYPES, NOUN_CAPTIONS, TOPIC_CAPTIONS
from intent.compose import Composer, sprite_folder
from intent.drawings import Noun, Sprites
from intent.graph import Graph, load_graph
from intent.lessons import Lessons

CONFIG: dict[str, Any] = {
    "model_cfg": {
        "embed_dim": 256,
        "init_logit_scale": math.log(20),
        "init_logit_bias": -8.0,
        "vision_cfg": {
            "timm_model_name": "resnet10t", "timm_pool": "avg", "timm_proj": "linear", "image_size": 128,
        },
        "text_cfg": {
            "context_length": 14, "vocab_size": 4096, "hf_tokenizer_name": "tokenizer of this folder",
            "width": 256, "heads": 4, "layers": 2,
        },
    },
    "preprocess_cfg": {
        "mean": [0.5, 0.5, 0.5], "std": [0.25, 0.25, 0.25], "interpolation": "bicubic",
        "resize_mode": "longest", "fill_color": 127,
    },
}  # fmt: skip


@dataclass(frozen=True)
class Plan:
    """What the person running it may choose."""

    run: Path
    steps: int = 14000  # about half a second each on one core
    words: int = 600  # steps of the text tower, after the pictures
    rate: float = 2e-3
    seed: int = 0


class ToldLoss(SigLipLoss):
    """open_clip's sigmoid loss for rows and captions of which any number are true.

    `told` is (rows, captions): 1 true, -1 false, 0 not asked (its loss is constant, so nothing is learnt).
    """

    told: torch.Tensor

    def get_ground_truth(
        self, device: Any, dtype: Any, num_logits: int, negative_only: bool = False
    ) -> torch.Tensor:
        return self.told.to(device, dtype)


def write_tokenizer(folder: Path, texts: list[str]) -> None:
    """A byte-pair tokenizer of the captions, in the form open_clip reads from a local folder.

    The end token has the highest number: open_clip's text tower pools there.
    """
    from tokenizers import Tokenizer, decoders, models, normalizers, pre_tokenizers, processors, trainers
    from transformers import PreTrainedTokenizerFast

    bpe = Tokenizer(models.BPE())
    bpe.normalizer = normalizers.Sequence([normalizers.NFKC(), normalizers.Lowercase()])
    bpe.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=True)
    bpe.decoder = decoders.ByteLevel()
    size = CONFIG["model_cfg"]["text_cfg"]["vocab_size"]
    bpe.train_from_iterator(
        texts,
        trainers.BpeTrainer(
            vocab_size=size - 1,
            special_tokens=["<pad>", "<start>"],
            initial_alphabet=pre_tokenizers.ByteLevel.alphabet(),
        ),
    )
    bpe.add_special_tokens(["<end>"])
    ends = [(name, bpe.token_to_id(name)) for name in ("<start>", "<end>")]
    bpe.post_processor = processors.TemplateProcessing(single="<start> $A <end>", special_tokens=ends)
    PreTrainedTokenizerFast(
        tokenizer_object=bpe, pad_token="<pad>", bos_token="<start>", eos_token="<end>"
    ).save_pretrained(folder)


def captions_of(graph: Graph, nouns: tuple[Noun, ...]) -> dict[str, list[str]]:
    """The captions of every label by its name: the nouns, then the topics, then the design types."""
    return {
        **{
            f"noun {noun.name}": [c.format(word) for word in (noun.name, *noun.words) for c in NOUN_CAPTIONS]
            for noun in nouns
        },
        **{
            f"topic {name}": [
                *topic.clip,
                *(c.format(word) for word in (name, *topic.aliases) for c in TOPIC_CAPTIONS),
            ]
            for name, topic in graph.topics.items()
        },
        **{f"design {name}": [c.format(name) for c in DESIGN_CAPTIONS] for name in DESIGN_TYPES},
    }


def teach_pictures(
    model: Any, table: torch.nn.Parameter, composer: Composer, plan: Plan, first: int, device: str
) -> Iterator[dict[str, float]]:
    """Teach image tower and label vectors from step `first` on; yields step, losses and the share of patches
    whose likeliest noun is right, every 50 steps."""
    many = dist.get_world_size() if dist.is_initialized() else 1
    rank = dist.get_rank() if many > 1 else 0
    learnt = [p for name, p in model.named_parameters() if name.startswith(("visual.", "logit_"))]
    learnt.append(table)
    optimizer = torch.optim.AdamW(
        [
            {"params": [p for p in learnt if p.ndim >= 2], "weight_decay": 0.05},
            {"params": [p for p in learnt if p.ndim < 2], "weight_decay": 0.0},
        ],
        lr=plan.rate, betas=(0.9, 0.98), fused=True,
    )  # fmt: skip
    lessons = Lessons(composer, plan.seed, plan.steps, first + rank, many)
    workers = max(1, (os.cpu_count() or 2) - 2) if device == "cuda" else 1  # a CPU is busy learning
    loader = torch.utils.data.DataLoader(lessons, batch_size=None, num_workers=workers, prefetch_factor=2)
    loss_of, nouns, seen = ToldLoss(), len(composer.sprites.nouns), []
    for number, lesson in enumerate(loader):
        step = first + many * (number + 1)
        cool = min(1.0, max(0.01, 1 - step / plan.steps) / 0.4)
        for group in optimizer.param_groups:
            group["lr"] = plan.rate * min(1.0, (number + 1) / 30) * cool
        pixels = lesson["pixels"].to(device).permute(0, 3, 1, 2).float()
        pixels = ((pixels / 255 - 0.5) / 0.25).contiguous(memory_format=torch.channels_last)
        with torch.autocast(device, dtype=torch.bfloat16):
            map_ = model.visual.trunk.forward_features(pixels)  # (batch, channels, side/32, side/32)
            cells = model.visual.head(map_.flatten(2).mT).float()  # (batch, patches, width)
        labels, scale, bias = normalize(table, dim=-1), model.logit_scale.exp(), model.logit_bias
        patches = normalize(cells.flatten(0, 1), dim=-1)
        wholes = normalize(cells.mean(1), dim=-1)  # what encode_image gives: the head is linear
        asked = lesson["patches"].flatten(0, 1).to(device)
        loss_of.told = asked
        near = loss_of(patches, labels[:nouns], scale, bias)
        loss_of.told = lesson["wholes"]
        far = loss_of(wholes, labels, scale, bias) - (lesson["wholes"] == 0).sum(1).float().mean() * math.log(
            2
        )
        # Sigmoids say yes or no to each noun; that the right one comes first is learnt faster by this.
        truth = (asked > 0).float()
        some = truth.any(1)
        scores = scale * patches[some] @ labels[:nouns].T
        shares = scores.masked_fill(asked[some] == 0, -1e4).log_softmax(1)
        order = -((shares * truth[some]).sum(1) / truth[some].sum(1)).mean()
        loss = order + 0.3 * near + 0.1 * far
        optimizer.zero_grad(set_to_none=True)
        loss.backward()
        if many > 1:
            flat = torch.cat([p.grad.flatten() for p in learnt])
            dist.all_reduce(flat)
            for p, part in zip(learnt, flat.split([p.numel() for p in learnt]), strict=True):
                p.grad.copy_(part.view_as(p) / many)  # in place: the optimizer relies on its memory layout
        torch.nn.utils.clip_grad_norm_(learnt, 2.0)
        optimizer.step()
        right = truth[some].gather(1, scores.argmax(1)[:, None]).mean()
        seen.append((order.item(), near.item(), far.item(), right.item()))
        if len(seen) == 50 or step + many > plan.steps:
            means = np.mean(seen, axis=0).tolist()
            yield {"step": step, **dict(zip(("order", "patches", "wholes", "right"), means, strict=True))}
            seen = []


def teach_words(
    model: Any, table: torch.Tensor, tokenizer: Any, labels: list[list[str]], plan: Plan, device: str
) -> Iterator[dict[str, float]]:
    """Teach the text tower to put captions on the vectors of their labels; yields the losses now and then."""
    tower = [p for name, p in model.named_parameters() if not name.startswith(("visual.", "logit_"))]
    optimizer = torch.optim.AdamW(tower, lr=plan.rate, weight_decay=0.01)
    dice, loss_of = random.Random(f"words {plan.seed}"), ClipLoss()
    sharp = torch.tensor(20.0, device=device)
    for step in range(plan.words):
        for group in optimizer.param_groups:
            group["lr"] = plan.rate * min(1.0, (step + 1) / 20, 1.5 * (1 - step / plan.words))
        chosen = dice.sample(range(len(labels)), min(384, len(labels)))
        wanted = normalize(table.detach()[chosen], dim=-1)
        # For a dozen tokens the plain attention is far faster backwards than the fused one.
        with torch.autocast(device, dtype=torch.bfloat16), sdpa_kernel(SDPBackend.MATH):
            tokens = tokenizer([dice.choice(labels[number]) for number in chosen]).to(device)
            vectors = model.encode_text(tokens, normalize=True).float()
        near = 1 - (vectors * wanted).sum(1).mean()
        loss = loss_of(vectors, wanted, sharp) + 4 * near
        optimizer.zero_grad(set_to_none=True)
        loss.backward()
        optimizer.step()
        if (step + 1) % 50 == 0:
            yield {"words": step + 1, "loss": loss.item(), "distance": near.item()}


def train(plan: Plan, composer: Composer) -> Iterator[dict[str, float]]:
    """Train, or go on, until the steps are done, yielding figures now and then.

    Leaves an open_clip folder in plan.run: open_clip_config.json, open_clip_model.safetensors (in half
    precision) and the tokenizer; its folder `state` holds what is needed to go on. OSError when it cannot
    be written.
    """
    device = "cuda" if torch.cuda.is_available() else "cpu"
    if "WORLD_SIZE" in os.environ:  # started by torchrun
        dist.init_process_group("gloo")
    leads = not dist.is_initialized() or dist.get_rank() == 0
    labels = captions_of(composer.graph, composer.sprites.nouns)
    state, kept = plan.run / "state" / "state.json", plan.run / "state" / "training.safetensors"
    if leads and not state.is_file():
        state.parent.mkdir(parents=True, exist_ok=True)
        (plan.run / "open_clip_config.json").write_text(json.dumps(CONFIG, indent=2) + "\n")
        write_tokenizer(plan.run, [caption for captions in labels.values() for caption in captions])
    if dist.is_initialized():
        dist.barrier()
    torch.manual_seed(plan.seed)
    model = open_clip.create_model(f"local-dir:{plan.run}", load_weights=False)
    model = model.to(device, memory_format=torch.channels_last).train()
    table = torch.nn.Parameter(torch.randn(len(labels), CONFIG["model_cfg"]["embed_dim"], device=device))
    first = 0
    if state.is_file():
        known = json.loads(state.read_text())
        first, weights = known["step"], safetensors.torch.load_file(kept)
        vectors = dict(zip(known["labels"], weights.pop("table"), strict=True))
        for number, name in enumerate(
            labels
        ):  # what the graph and the art have gained since starts at random
            if name in vectors:
                table.data[number] = vectors[name]
        model.load_state_dict(weights)

    def save(step: int) -> None:
        weights = {name: value.contiguous() for name, value in model.state_dict().items()}
        part = kept.with_suffix(".part")
        safetensors.torch.save_file({**weights, "table": table.detach()}, part)
        part.replace(kept)
        state.write_text(json.dumps({"step": step, "labels": list(labels)}) + "\n")

    for row in teach_pictures(model, table, composer, plan, first, device):
        if leads:
            save(int(row["step"]))
        yield row
    if leads:
        tokenizer = open_clip.get_tokenizer(f"local-dir:{plan.run}")
        yield from teach_words(model, table, tokenizer, list(labels.values()), plan, device)
        save(plan.steps)
        weights = {name: value.half().contiguous() for name, value in model.state_dict().items()}
        safetensors.torch.save_file(weights, plan.run / "open_clip_model.safetensors")


def main(arguments: list[str] | None = None) -> None:
    """The command line."""
    parser = argparse.ArgumentParser(prog="python -m intent.train", description="Train the embedded CLIP.")
    parser.add_argument(
        "--run", type=Path, required=True, help="the folder to write; goes on with what is there"
    )
    parser.add_argument("--steps", type=int, default=Plan.steps, help="steps in all, of 262,144 pixels each")
    parser.add_argument(
        "--words", type=int, default=Plan.words, help="steps of the text tower, after the pictures"
    )
    parser.add_argument("--rate", type=float, default=Plan.rate, help="the highest learning rate")
    parser.add_argument("--seed", type=int, default=Plan.seed)
    wish = parser.parse_args(arguments)
    try:
        composer = Composer(Sprites(sprite_folder()), load_graph())
        for row in train(Plan(**vars(wish)), composer):
            print(" ".join(f"{name} {value:.4g}" for name, value in row.items()), flush=True)
    except OSError as error:
        sys.exit(f"Cannot train: {error}")
    except KeyboardInterrupt:
        sys.exit("Stopped; the same command goes on from the last checkpoint.")


if __name__ == "__main__":
    main()
