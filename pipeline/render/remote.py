"""A remote renderer: any service that speaks the OpenAI images API draws the prompt.

OpenAI itself, and servers of one's own such as vLLM, SGLang or LocalAI. The address ends where the API's
own paths begin; the model, where the service has several, follows a "#":

    TINYMUSE_IMAGES_KEY=... make app ARGS="--renderer https://api.openai.com/v1#gpt-image-2"
    make app ARGS="--renderer http://gpu.local:8000/v1"

What a service takes differs: an exact size and a seed are tried first and left out when it refuses them, as
the picture's notes say. A service that is busy or away for a moment is asked again.
"""

from __future__ import annotations

import asyncio
import base64
import binascii
import json
import os
import threading
from collections.abc import Callable
from urllib.parse import urlsplit

import httpx
from PIL import Image, ImageOps

from pipeline.canvas import MAX_BYTES, CanvasError, open_canvas
from pipeline.recipe import Picture, Recipe
from pipeline.render import RendererError, Stopped

CONNECT_SECONDS, ANSWER_SECONDS = 10.0, 180.0
TRIES = 4
LONGEST_WAIT = 30.0  # seconds between two tries, whatever the service wishes
BUSY = {408, 409, 429, 500, 502, 503, 504}  # worth another try
STANDARD_SIZES = ((1024, 1024), (1536, 1024), (1024, 1536))  # what a service takes that takes no others
_GRID = 16  # sides of any other size are multiples of this
_INSTEAD = "Or start with --renderer illustrator, which needs no service."


class Remote:
    """Draws by a service at `address`: "http(s)://host/v1", with "#model" where it has several."""

    starts = False

    def __init__(self, address: str, offline: bool = False) -> None:
        """Check the address; the service is first asked for the first picture. Raises RendererError."""
        parts = urlsplit(address)
        if parts.scheme not in ("http", "https") or not parts.hostname:
            raise RendererError(f"{address!r} is no address such as https://host/v1#model. {_INSTEAD}")
        if parts.username or parts.query:
            raise RendererError("Keep keys out of the address: set TINYMUSE_IMAGES_KEY in the environment.")
        if offline:
            raise RendererError(
                f"TinyMuse was started with --offline, so it asks no service. Start it without. {_INSTEAD}"
            )
        self.host, self.model = parts.netloc, parts.fragment
        self.name = f"remote ({self.host}{'#' * bool(self.model)}{self.model})"
        self._base = f"{parts.scheme}://{parts.netloc}{parts.path.rstrip('/')}"
        key = os.environ.get("TINYMUSE_IMAGES_KEY", "")
        if not key and parts.scheme == "https":  # a key that was meant for another host goes nowhere in clear
            key = os.environ.get("OPENAI_API_KEY", "")
        self._key = key.strip()
        self._seeds, self._exact = True, True  # until the service refuses a seed, a size of our own

    def describe(self) -> str:
        """One plain sentence: what draws, where, and how to change it."""
        model = f"{self.model} at " if self.model else ""
        return (
            f"Pictures are drawn by {model}{self.host}: prompts are sent there, canvases are not. "
            "Start with --renderer illustrator to keep everything here."
        )

    def draw(
        self,
        recipe: Recipe,
        *,
        canvas: Image.Image | None = None,
        on_step: Callable[[int, int], None] | None = None,
        stop: threading.Event | None = None,
    ) -> Picture:
        """Draw the recipe as an RGB picture of its size, cropped and scaled where the service has others.

        Only a service that takes seeds gives the same picture again. Raises Stopped at once when `stop` is
        set, RendererError when the service refuses or cannot be reached.
        """
        notes = (
            ["This service cannot be told what to leave out; that was ignored."] if recipe.negative else []
        )
        data, revised = asyncio.run(self._until(stop, recipe))
        try:
            image = open_canvas(data, "").image
        except CanvasError:
            image = None
        if image is None:
            raise RendererError(f"{self.host} answered with something that is no picture. {_INSTEAD}")
        if not self._seeds:
            notes.append("This service takes no seed: it will not draw the same picture again.")
        if revised:
            notes.append(f"The service drew from its own words: {revised[:500]}")
        if on_step:
            on_step(1, 1)
        return Picture(ImageOps.fit(image, recipe.size, Image.Resampling.LANCZOS), tuple(notes))

    async def _until(self, stop: threading.Event | None, recipe: Recipe) -> tuple[bytes, str]:
        """The answer, unless `stop` is set before it comes: then the connection is closed."""
        timeout = httpx.Timeout(ANSWER_SECONDS, connect=CONNECT_SECONDS)
        async with httpx.AsyncClient(timeout=timeout) as client:
            asking = asyncio.create_task(self._ask(client, recipe))
            while not asking.done():
                if stop and stop.is_set():
                    asking.cancel()
                    await asyncio.gather(asking, return_exceptions=True)
                    raise Stopped
                await asyncio.wait({asking}, timeout=0.1)
            return asking.result()

    async def _ask(self, client: httpx.AsyncClient, recipe: Recipe) -> tuple[bytes, str]:
        """The picture's file, and the prompt as the service changed it, if it did."""
        while True:
            status, answer = await self._post(client, self._request(recipe))
            if status == 200:
                break
            if status not in (400, 422) or not self._give_in(answer):
                raise RendererError(self._refusal(status, answer))
        try:
            item = answer["data"][0]
            revised = str(item.get("revised_prompt") or "")
            if item.get("b64_json"):
                return base64.b64decode(item["b64_json"], validate=True), revised
            return await self._fetch(client, str(item["url"])), revised
        except (LookupError, TypeError, AttributeError, binascii.Error):
            raise RendererError(
                f"{self.host} gave no picture: its answer is not that of an images API. {_INSTEAD}"
            ) from None

    def _request(self, recipe: Recipe) -> dict:
        width, height = recipe.size
        if self._exact:
            width, height = (max(_GRID, round(side / _GRID) * _GRID) for side in recipe.size)
        else:
            aspect = width / height
            width, height = min(STANDARD_SIZES, key=lambda size: abs(size[0] / size[1] - aspect))
        request: dict = {"prompt": recipe.prompt, "n": 1, "size": f"{width}x{height}"}
        if self.model:
            request["model"] = self.model
        if self._seeds:
            request["seed"] = recipe.seed
        return request

    def _give_in(self, answer: dict) -> bool:
        """Whether the refusal was over the seed or the size, and the next request goes without."""
        said = json.dumps(answer).lower()
        if self._seeds and "seed" in said:
            self._seeds = False
        elif self._exact and any(word in said for word in ("size", "width", "height", "resolution")):
            self._exact = False
        else:
            return False
        return True

    async def _post(self, client: httpx.AsyncClient, request: dict) -> tuple[int, dict]:
        """Status and answer; asked again while the service is busy or away."""
        headers = {"Authorization": f"Bearer {self._key}"} if self._key else {}
        address = f"{self._base}/images/generations"
        trouble = ""
        for attempt in range(TRIES):
            wait = float(2**attempt)
            try:
                async with client.stream("POST", address, json=request, headers=headers) as response:
                    status = response.status_code
                    answer = _as_dict(await _body(response))
                    if status not in BUSY or _code(answer) == "insufficient_quota":
                        return status, answer
                    trouble = f"it answers {status}"
                    wait = _seconds(response.headers.get("retry-after"), wait)
            except httpx.ReadTimeout:  # it may still be drawing, and charging: no second try
                trouble = f"no picture came within {ANSWER_SECONDS:.0f} seconds"
                break
            except httpx.HTTPError as error:
                trouble = f"it cannot be reached ({type(error).__name__})"
            if attempt + 1 < TRIES:
                await asyncio.sleep(min(wait, LONGEST_WAIT))
        if trouble == "it answers 429":
            trouble = "it has had too many requests"
        raise RendererError(f"{self.host} draws nothing: {trouble}. Try again later. {_INSTEAD}")

    async def _fetch(self, client: httpx.AsyncClient, url: str) -> bytes:
        """The file at an address that the service gave; without the key, since it may be on another host."""
        try:
            target = httpx.URL(self._base + "/").join(url)
            async with client.stream("GET", target, follow_redirects=True) as response:
                response.raise_for_status()
                return await _body(response)
        except (httpx.HTTPError, httpx.InvalidURL) as error:
            raise RendererError(
                f"{self.host} drew a picture that cannot be fetched ({type(error).__name__}). Try again."
            ) from None

    def _refusal(self, status: int, answer: dict) -> str:
        """Why there is no picture, for the person."""
        code, said = _code(answer), _message(answer)
        if self._key:
            said = said.replace(self._key, "…")
        if any(word in f"{code} {said}".lower() for word in ("moderation", "content_policy", "safety")):
            return f"{self.host} holds this prompt back for its content. Change the topic or its words."
        if code == "insufficient_quota":
            return f"The account at {self.host} has no credit left. Top it up. {_INSTEAD}"
        if status in (401, 403):
            key = "refuses the key" if self._key else "asks for a key"
            return f"{self.host} {key}: set TINYMUSE_IMAGES_KEY in the environment and start again."
        if status == 404:
            return (
                f"{self.host} has no images API at {urlsplit(self._base).path or '/'}, or no model "
                f"{self.model!r}. Check the address and the name after the #. {_INSTEAD}"
            )
        return f"{self.host} refused ({status}): {said[:300] or 'it does not say why'}. {_INSTEAD}"


async def _body(response: httpx.Response) -> bytes:
    """All of an answer, if it is of a size that a picture can have."""
    body = bytearray()
    async for piece in response.aiter_bytes():
        body += piece
        if len(body) > 2 * MAX_BYTES:  # base64 and JSON around a picture of MAX_BYTES
            raise RendererError("The service's answer is far too large for a picture.")
    return bytes(body)


def _as_dict(body: bytes) -> dict:
    try:
        answer = json.loads(body)
    except (ValueError, RecursionError):
        return {}
    return answer if isinstance(answer, dict) else {}


def _code(answer: dict) -> str:
    error = answer.get("error")
    return str(error.get("code") or error.get("type") or "") if isinstance(error, dict) else ""


def _message(answer: dict) -> str:
    """What the service says went wrong: OpenAI's form, or that of servers built on FastAPI."""
    error = answer.get("error", answer.get("detail", answer.get("message", "")))
    if isinstance(error, dict):
        error = error.get("message", "")
    return " ".join(str(error or "").split())


def _seconds(header: str | None, otherwise: float) -> float:
    try:
        return max(0.0, float(header or otherwise))
    except ValueError:  # a date
        return otherwise
