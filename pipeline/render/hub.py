"""Diffusion models on disk and on the hub: finding one, checking that it is whole, fetching it.

Only safetensors are fetched and loaded, since unpickling runs what the file says. Asking the hub is bounded
in time; a download tells its progress, hears Stop within a chunk and goes on where it was when it is asked
for again.

    folder = find_model(name, offline=False) or fetch_model(name, half=True)
"""

from __future__ import annotations

import json
import re
import threading
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

from pipeline.render import RendererError, Stopped

HUB_SECONDS = 5.0  # how long the hub may take to answer before it counts as away
INSTEAD = "Or start with --renderer illustrator, which needs no model."

_WEIGHTS = re.compile(r"(diffusion_pytorch_)?model(\.fp16)?(-\d+-of-\d+)?(\.fp16)?\.safetensors")
_INDEX = re.compile(r".+\.safetensors\.index(\.fp16)?\.json")


def find_model(source: str, offline: bool) -> Path | None:
    """The folder of the model, given or already downloaded; None when the hub has it to download.

    Raises RendererError, within HUB_SECONDS or so, when it can be had from nowhere.
    """
    if Path(source).is_dir():
        check_model(Path(source))
        return Path(source)
    if source.count("/") != 1 or source.startswith((".", "/", "~")):
        raise RendererError(
            f"There is no model folder {source}. Give the folder of a diffusers model. {INSTEAD}"
        )
    import huggingface_hub
    from huggingface_hub.errors import HFValidationError

    try:
        folder = Path(huggingface_hub.snapshot_download(source, local_files_only=True))
        check_model(folder)
        return folder
    except HFValidationError:
        raise RendererError(f"{source!r} is neither a folder nor a hub name. {INSTEAD}") from None
    except (OSError, RendererError):  # not on this machine, or only in part
        if offline:
            raise RendererError(
                f"The model {source} is not whole on this machine and TinyMuse was started with --offline. "
                f"Start it without, or download the model elsewhere and give its folder. {INSTEAD}"
            ) from None
    _files_on_hub(source)
    return None


def _files_on_hub(source: str) -> list[str]:
    """The names of the model's files on the hub. RendererError when it does not answer in time."""
    import huggingface_hub
    from huggingface_hub.errors import RepositoryNotFoundError

    answer: list[Any] = []

    def ask() -> None:
        try:
            answer.append(huggingface_hub.model_info(source, timeout=HUB_SECONDS))
        except Exception as error:  # whatever keeps the hub from answering is told below
            answer.append(error)

    # In a thread of its own, since looking up the hub's address can take longer than the request's time-out.
    asking = threading.Thread(target=ask, daemon=True)
    asking.start()
    asking.join(HUB_SECONDS)
    if answer and isinstance(answer[0], RepositoryNotFoundError):
        raise RendererError(f"The hub has no model {source}, or it needs a login. Check the name. {INSTEAD}")
    if not answer or isinstance(answer[0], Exception):
        raise RendererError(
            f"The model {source} is not on this machine and the hub does not answer. Check the connection, "
            f"or download the model elsewhere and give its folder. {INSTEAD}"
        )
    return [file.rfilename for file in answer[0].siblings or ()]


def fetch_model(
    source: str,
    half: bool,
    on_step: Callable[[int, int], None] | None = None,
    stop: threading.Event | None = None,
) -> Path:
    """Download a model from the hub; returns its folder. `on_step` is told megabytes.

    Raises Stopped within a chunk of `stop` being set, RendererError when the download fails; what has come by
    then is kept for the next try.
    """
    import huggingface_hub
    from tqdm import tqdm

    class Bar(tqdm):
        """The terminal's bar, and the page's."""

        def update(self, n: float | None = 1) -> bool | None:
            if stop and stop.is_set():
                raise Stopped
            if on_step and self.unit == "B" and self.total:
                on_step(int(self.n + (n or 0)) // 1_000_000, int(self.total) // 1_000_000)
            return super().update(n)

    wanted = files_to_fetch(_files_on_hub(source), half)
    try:
        return Path(huggingface_hub.snapshot_download(source, allow_patterns=wanted, tqdm_class=Bar))
    except Stopped:
        raise
    except Exception as error:  # the network, the disk, the hub: all the same to the person
        raise RendererError(
            f"The model {source} could not be downloaded ({type(error).__name__}). Check the connection and "
            f"the disk and try again: what has come is kept. {INSTEAD}"
        ) from error


def files_to_fetch(names: Iterable[str], half: bool) -> list[str]:
    """Of a model's files: the settings of every part, and its weights once, in half precision if `half`."""
    parts: dict[str, list[str]] = {}
    for name in names:
        part, _, file = name.rpartition("/")
        parts.setdefault(part, []).append(file)
    wanted = ["model_index.json"]
    for part, files in parts.items():
        if part.count("/") or not part:
            continue
        weights = [file for file in files if _WEIGHTS.fullmatch(file)]
        halves = [file for file in weights if ".fp16" in file]
        wholes = [file for file in weights if ".fp16" not in file]
        chosen = halves if halves and (half or not wholes) else wholes
        index = [file for file in files if _INDEX.fullmatch(file) and (".fp16" in file) == (chosen is halves)]
        texts = [
            file for file in files if file.endswith((".json", ".txt", ".model")) and ".index." not in file
        ]
        wanted += [f"{part}/{file}" for file in [*chosen, *index, *texts]]
    return wanted


def check_model(folder: Path) -> None:
    """Raise RendererError unless `folder` holds every part of a diffusers model, as whole safetensors."""
    broken = f"The model in {folder} cannot be used: "
    again = f"Download it again, or choose another. {INSTEAD}"
    try:
        parts = json.loads((folder / "model_index.json").read_text("utf-8"))
        names = [name for name, part in parts.items() if isinstance(part, list) and part[0]]
    except (OSError, ValueError, AttributeError, IndexError):
        raise RendererError(
            f"{folder} is not the folder of a diffusers model: it has no readable model_index.json. "
            f"Give the folder that holds that file. {INSTEAD}"
        ) from None
    for name in names:
        part = folder / name
        if not part.is_dir():
            raise RendererError(f"{broken}the part {name!r} is missing. {again}")
        is_network = (part / "config.json").is_file()
        weights = list(part.glob("*.safetensors"))
        if is_network and not weights:
            raise RendererError(
                f"{broken}the part {name!r} has no .safetensors weights (others are not loaded). {again}"
            )
        shards = {
            shard
            for index in part.glob("*.safetensors.index*.json")
            for shard in json.loads(index.read_text("utf-8"))["weight_map"].values()
        }
        missing = shards - {file.name for file in weights}
        cut = [file.name for file in weights if not _is_whole(file)]
        if missing or cut:
            raise RendererError(
                f"{broken}{name}/{(sorted(missing) + cut)[0]} is missing or cut short. {again}"
            )


def _is_whole(file: Path) -> bool:
    """Whether a safetensors file is as long as its header says."""
    with file.open("rb") as opened:
        length = int.from_bytes(opened.read(8), "little")
        try:
            header = json.loads(opened.read(min(length, 100_000_000)))
            end = max(item["data_offsets"][1] for name, item in header.items() if name != "__metadata__")
        except (ValueError, KeyError, TypeError, AttributeError):
            return False
    return file.stat().st_size == 8 + length + end
