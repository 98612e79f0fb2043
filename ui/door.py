"""The door: everything that comes in over HTTP passes here first, Gradio's part included.

It limits the size of what comes in and how fast it comes, turns away the pages of other sites and what
Gradio would fetch from elsewhere, tells raters apart by a signed random cookie, and sends the headers that
keep a page to itself.
"""

from __future__ import annotations

import ipaddress
import re
import secrets
from collections.abc import Callable, MutableMapping
from http.cookies import CookieError, SimpleCookie
from math import ceil
from urllib.parse import urlsplit

from fastapi import HTTPException, Request
from fastapi.responses import JSONResponse

from pipeline.canvas import MAX_BYTES
from ui.pace import Buckets
from ui.seal import Seal

COOKIE = "tinymuse_rater"
YEAR = 365 * 24 * 3600
MAX_JSON = 1_000_000
RATER_PACE = (5, 100)  # posts a second, and at once: a queue that waited for the network comes in a burst
PEER_PACE = (60, 1200)  # the same for an address: sixty people behind one router
GREETED = re.compile(r"/|/api/ratings|/api/study/[^/]+/join")  # where a new rater gets the cookie
OWN_PAGES = ("/study/", "/admin")
# Gradio would fetch an address for anyone who asks, and take files that no component of ours takes.
SHUT = re.compile(r"/gradio_api/(file[=/]\s*https?:|proxy=|upload)", re.IGNORECASE)

_EVERYWHERE = {"X-Content-Type-Options": "nosniff", "Referrer-Policy": "same-origin"}
_POLICY = (
    "default-src 'self'; script-src 'self'{scripts}; style-src 'self'{styles}; img-src 'self' data: blob:; "
    "font-src 'self' data:; connect-src 'self'; worker-src 'self' blob:; object-src 'none'; base-uri 'self'; "
    "form-action 'self'"
)
# Gradio compiles its HTML templates in the browser, hence the two unsafe words.
GRADIO_HEADERS = _EVERYWHERE | {
    "Content-Security-Policy": _POLICY.format(
        scripts=" 'unsafe-inline' 'unsafe-eval'", styles=" 'unsafe-inline'"
    )
}
OWN_HEADERS = _EVERYWHERE | {
    "Content-Security-Policy": _POLICY.format(scripts="", styles="") + "; frame-ancestors 'none'"
}


class Door:
    """ASGI middleware around everything.

    `public_url`, such as "https://study.example.org", is the address under which a reverse proxy serves this:
    pages of that origin may post, the cookie is for https alone, and the proxy's X-Forwarded-For is believed.
    Without it no forwarded header is.
    """

    def __init__(self, app: Callable, *, seal: Seal, public_url: str = "") -> None:
        self.app, self._seal = app, seal
        self._public = urlsplit(public_url)
        self._raters, self._peers = Buckets(*RATER_PACE), Buckets(*PEER_PACE)

    async def __call__(self, scope: dict, receive: Callable, send: Callable) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        headers = {
            name.decode("latin-1").lower(): value.decode("latin-1") for name, value in scope["headers"]
        }
        rater = self._rater(headers.get("cookie", ""))
        state = scope.setdefault("state", {})
        state["rater"] = rater or secrets.token_hex(16)
        state["secure"] = "https" in (scope["scheme"], self._public.scheme)
        state["peer"] = peer_of(scope, headers.get("x-forwarded-for", "") if self._public.netloc else "")
        path = scope["path"]
        limit = MAX_BYTES if path == "/api/canvas" else MAX_JSON
        too_large = f"This is too large: at most {limit / 1e6:.0f} MB are taken."

        taken = 0

        async def limited() -> dict:
            nonlocal taken
            message = await receive()
            taken += len(message.get("body", b""))
            if taken > limit:  # a body that came without its length, in pieces
                raise HTTPException(413, too_large)
            return message

        async def dressed(message: MutableMapping) -> None:
            if message["type"] == "http.response.start":
                dress = OWN_HEADERS if path.startswith(OWN_PAGES) else GRADIO_HEADERS
                given = {name.lower() for name, _ in message["headers"]}
                extra = [
                    (name.encode(), value.encode())
                    for name, value in dress.items()
                    if name.lower().encode() not in given
                ]
                if rater is None and GREETED.fullmatch(path) and message["status"] < 400:
                    extra.append((b"set-cookie", self._cookie(state).encode()))
                message = {**message, "headers": [*message["headers"], *extra]}
            await send(message)

        refusal = None
        if SHUT.match(path):
            refusal = refused(404, "There is nothing here.")
        elif int(headers.get("content-length", "0") or "0") > limit:
            refusal = refused(413, too_large)
        elif scope["method"] not in ("GET", "HEAD"):
            if self._foreign(headers):
                refusal = refused(403, "This request comes from another site.")
            elif wait := self._peers.take(state["peer"]) or (self._raters.take(rater) if rater else 0):
                refusal = too_fast(wait)
        if refusal is not None:
            await refusal(scope, receive, dressed)
            return
        await self.app(scope, limited, dressed)

    def _rater(self, cookies: str) -> str | None:
        """The rater's id from the cookie header, when it is one that was given out here."""
        try:
            morsel = SimpleCookie(cookies).get(COOKIE)
        except CookieError:
            return None
        return self._seal.opened("rater", morsel.value) if morsel else None

    def _cookie(self, state: dict) -> str:
        secure = "; Secure" if state["secure"] else ""
        token = self._seal.sign("rater", state["rater"])
        return f"{COOKIE}={token}; Max-Age={YEAR}; Path=/; HttpOnly; SameSite=Lax{secure}"

    def _foreign(self, headers: dict[str, str]) -> bool:
        """Whether a browser says that the request was made by a page of another site."""
        origin = headers.get("origin")
        ours = {self._public.netloc, headers.get("host", "")} - {""}
        return origin is not None and urlsplit(origin).netloc not in ours


def peer_of(scope: dict, forwarded_for: str) -> str:
    """The address a request came from, which the nearest proxy wrote last; of IPv6 the network, as one home
    has 2**64 addresses."""
    address = forwarded_for.split(",")[-1].strip() or (scope["client"] or ("",))[0]
    try:
        parsed = ipaddress.ip_address(address)
    except ValueError:
        return address
    return str(ipaddress.ip_network((parsed, 64), strict=False)) if parsed.version == 6 else address


def store_is_away(_request: Request, error: Exception) -> JSONResponse:
    """The answer when the database cannot be used just now: another try may well succeed."""
    return refused(503, str(error))


def too_fast(wait: float) -> JSONResponse:
    """The answer to who posts faster than anyone can click."""
    seconds = ceil(wait)
    return JSONResponse(
        {"error": f"That was too fast. Try again in {seconds} s; nothing is lost."},
        status_code=429,
        headers={"Retry-After": str(seconds)},
    )


def refused(status: int, reason: str) -> JSONResponse:
    """A refusal whose reason can be shown as it is."""
    return JSONResponse({"error": reason}, status_code=status)
