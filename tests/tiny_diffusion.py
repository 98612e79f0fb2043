"""Diffusion pipelines of a few channels, seeded: real ones, made tiny."""

from pathlib import Path
from typing import Any

import torch

LETTERS = "abcdefghijklmnopqrstuvwxyz,. "
SYMBOLS = ["<|startoftext|>", "<|endoftext|>", *LETTERS, *(letter + "</w>" for letter in LETTERS)]
TEXT = {
    "vocab_size": len(SYMBOLS),
    "hidden_size": 16,
    "intermediate_size": 16,
    "num_hidden_layers": 2,
    "num_attention_heads": 2,
    "max_position_embeddings": 77,
    "bos_token_id": 0,
    "eos_token_id": 1,
    "projection_dim": 16,
}
UNET = {
    "sample_size": 32,
    "block_out_channels": (8, 16),
    "layers_per_block": 1,
    "down_block_types": ("DownBlock2D", "CrossAttnDownBlock2D"),
    "up_block_types": ("CrossAttnUpBlock2D", "UpBlock2D"),
    "norm_num_groups": 4,
    "attention_head_dim": 4,
}


def save_tiny_diffusion(folder: Path, consistency: Any = None) -> None:
    """Save a Stable Diffusion as a hub model is saved; with the scheduler of a latent consistency model, one
    of these."""
    from diffusers import LatentConsistencyModelPipeline, StableDiffusionPipeline, UNet2DConditionModel
    from transformers import CLIPTextConfig, CLIPTextModel

    torch.manual_seed(0)
    kind = LatentConsistencyModelPipeline if consistency else StableDiffusionPipeline
    kind(
        vae=_vae(),
        text_encoder=CLIPTextModel(CLIPTextConfig(**TEXT)),
        tokenizer=_tokenizer(),
        unet=UNet2DConditionModel(
            **UNET, cross_attention_dim=16, time_cond_proj_dim=8 if consistency else None
        ),
        scheduler=consistency or _scheduler(),
        safety_checker=None,
        feature_extractor=None,
        requires_safety_checker=False,
    ).save_pretrained(folder)


def save_tiny_xl(folder: Path) -> None:
    """The same for Stable Diffusion XL, which reads the prompt twice and is told sizes."""
    from diffusers import StableDiffusionXLPipeline, UNet2DConditionModel
    from transformers import CLIPTextConfig, CLIPTextModel, CLIPTextModelWithProjection

    torch.manual_seed(0)
    StableDiffusionXLPipeline(
        vae=_vae(),
        text_encoder=CLIPTextModel(CLIPTextConfig(**TEXT)),
        text_encoder_2=CLIPTextModelWithProjection(CLIPTextConfig(**TEXT)),
        tokenizer=_tokenizer(),
        tokenizer_2=_tokenizer(),
        unet=UNet2DConditionModel(
            **UNET,
            cross_attention_dim=32,
            addition_embed_type="text_time",
            addition_time_embed_dim=8,
            projection_class_embeddings_input_dim=16 + 6 * 8,
        ),
        scheduler=_scheduler(),
    ).save_pretrained(folder)


def _vae() -> Any:
    from diffusers import AutoencoderKL

    return AutoencoderKL(
        block_out_channels=(8, 8),
        down_block_types=("DownEncoderBlock2D",) * 2,
        up_block_types=("UpDecoderBlock2D",) * 2,
        latent_channels=4,
        norm_num_groups=4,
    )


def _tokenizer() -> Any:
    from transformers import CLIPTokenizer

    vocabulary = {symbol: index for index, symbol in enumerate(SYMBOLS)}
    return CLIPTokenizer(vocab=vocabulary, merges=[], model_max_length=77)


def _scheduler() -> Any:
    from diffusers import EulerDiscreteScheduler

    return EulerDiscreteScheduler(timestep_spacing="trailing", steps_offset=1)
