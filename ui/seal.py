"""Signed values: what a browser carries for us and cannot make up.

A rater is a random number in a cookie. The number alone would let anyone rate in another's name, or as a
thousand people; signed with a key of this installation, only numbers that were given out here count. The key
is made on the first start and lies in the data folder, readable by its owner alone. Whoever deletes it makes
every rater a new person.

    seal = Seal.at(Path("data")); token = seal.sign("rater", "4f0c..."); seal.opened("rater", token)
"""

from __future__ import annotations

import hashlib
import hmac
import os
import secrets
from pathlib import Path

KEY_BYTES = 32
FILE = "cookies.key"


class Seal:
    """Signs and checks short texts without dots, each for one purpose."""

    def __init__(self, key: bytes) -> None:
        self._key = key

    @classmethod
    def at(cls, folder: Path) -> Seal:
        """The seal of the installation that keeps its data in `folder`; its key is made when there is none.

        Raises OSError when the key cannot be read or written, ValueError when the file holds no key.
        """
        path = folder / FILE
        try:
            handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        except FileExistsError:
            key = path.read_bytes()
        else:
            key = secrets.token_bytes(KEY_BYTES)
            with os.fdopen(handle, "wb") as file:
                file.write(key)
        if len(key) != KEY_BYTES:
            raise ValueError(
                f"{path} holds no key. Delete it: a new one is made, and every rater is a new person."
            )
        return cls(key)

    def sign(self, purpose: str, value: str) -> str:
        """`value` with its signature; `opened` with the same purpose gives it back."""
        return f"{value}.{self._mac(purpose, value)}"

    def opened(self, purpose: str, token: str) -> str | None:
        """The value that was signed, or None for anything else."""
        value, _, mac = token.partition(".")
        return value if hmac.compare_digest(self._mac(purpose, value).encode(), mac.encode()) else None

    def _mac(self, purpose: str, value: str) -> str:
        return hmac.new(self._key, f"{purpose}\0{value}".encode(), hashlib.sha256).hexdigest()[:32]
