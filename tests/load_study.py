"""Fifty raters at once against the real server, killed in between: is every acknowledged rating there?

    python -m tests.load_study                       three minutes, three kills, on this machine
    python -m tests.load_study --seconds 30 --raters 10 --kills 1

Each rater does what the page does: joins, asks for what comes next, fetches both pictures, thinks, saves, and
tries again with the same id when the server is away. A save is timed from its sending to its answer; those
made while the server was away, or loaded its models after a kill, are counted apart.
"""

from __future__ import annotations

import argparse
import http.client
import json
import os
import random
import sqlite3
import sys
import tempfile
import threading
import time
import urllib.error
import urllib.request
import uuid
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path

from tests.conftest import Server
from tests.studied import open_study

THINKING = (2.0, 5.0)  # seconds from an item to its rating: faster than people are


@dataclass
class Rater:
    """One simulated person; `saved` is what the server acknowledged, `took` when each was sent and how long
    that took."""

    port: int
    seed: int
    until: float
    saved: dict[str, dict] = field(default_factory=dict)
    took: list[tuple[float, float]] = field(default_factory=list)
    sent: set[str] = field(default_factory=set)
    refused: Counter = field(default_factory=Counter)

    def run(self) -> None:
        chance = random.Random(self.seed)
        self.jar: dict[str, str] = {}
        self.line: http.client.HTTPConnection | None = None
        while time.monotonic() < self.until:
            self.ask("POST", "/api/study/pilot/join", {})
            while items := json.loads(self.ask("GET", "/api/study/pilot/next?count=4"))["next"]:
                for item in items:
                    self.ask("GET", item["canvas"])
                    self.ask("GET", item["suggestion"])
                    time.sleep(chance.uniform(*THINKING))
                    if time.monotonic() > self.until:
                        return
                    self.save(item, chance)
            self.jar.clear()  # all rated: the next person sits down

    def save(self, item: dict, chance: random.Random) -> None:
        grades = {name: chance.randint(1, 3) for name in ("relevance", "correctness")}
        rating = {"id": str(uuid.uuid4()), "presentation": item["id"], "accepted": chance.random() < 0.8}
        rating |= grades | {"seconds": 2.0, "device": "desktop", "note": ""}
        self.sent.add(rating["id"])
        self.ask("POST", "/api/study/pilot/ratings", rating)
        self.took.append(self.last)
        self.saved[rating["id"]] = rating

    def ask(self, verb: str, path: str, body: dict | None = None) -> bytes:
        """The answer's body; asked again until there is one, as the page's outbox does."""
        while True:
            started = time.monotonic()
            try:
                status, answer = self._once(verb, path, body)
            except (OSError, http.client.HTTPException):
                status, answer = 0, b""
                self.line = None
            self.last = started, time.monotonic() - started
            if status == 200:
                return answer
            if status and status != 429 and status < 500:
                raise AssertionError(f"{verb} {path}: {status} {answer[:200]!r}")
            self.refused[status] += 1
            time.sleep(0.5)

    def _once(self, verb: str, path: str, body: dict | None) -> tuple[int, bytes]:
        if self.line is None:
            self.line = http.client.HTTPConnection("127.0.0.1", self.port, timeout=30)
        headers = {"Cookie": "; ".join(f"{name}={value}" for name, value in self.jar.items())}
        self.line.request(verb, path, None if body is None else json.dumps(body), headers)
        reply = self.line.getresponse()
        for told in reply.headers.get_all("Set-Cookie", []):
            name, _, value = told.split(";")[0].partition("=")
            self.jar[name] = value
        return reply.status, reply.read()


def simulate(seconds: float, raters: int, kills: int) -> dict[str, float]:
    """Run it; AssertionError when an acknowledged rating is missing, doubled or another than was sent."""
    with tempfile.TemporaryDirectory() as folder:
        data = Path(folder) / "data"
        data.mkdir()
        studies, _ = open_study(data, canvases=40, side=512)
        studies.ratings.store.close()
        server = Server(data, probe="/healthz")
        try:
            settle(server)
            until = time.monotonic() + seconds
            people = [Rater(server.port, seed, until) for seed in range(raters)]
            threads = [threading.Thread(target=person.run, daemon=True) for person in people]
            load, away = [os.getloadavg()[0]], []
            for thread in threads:
                thread.start()
                time.sleep(0.02)
            for _ in range(kills):
                time.sleep(seconds / (kills + 1))
                gone = time.monotonic()
                server.stop()  # kill -9
                server.start()
                settle(server)
                away.append((gone, time.monotonic()))
                load.append(os.getloadavg()[0])
            for thread in threads:
                thread.join(seconds + 120)
            assert not any(thread.is_alive() for thread in threads), "a rater never came to an end"
        finally:
            server.stop()
        with sqlite3.connect(server.database) as database:
            rows = database.execute(
                "select id, presentation, accepted, relevance, correctness from ratings"
            ).fetchall()
    saved = {name: rating for person in people for name, rating in person.saved.items()}
    sent = {name for person in people for name in person.sent}
    stored = Counter(row[0] for row in rows)
    lost = [name for name in saved if not stored[name]]
    assert not lost, f"{len(lost)} acknowledged ratings are not there"
    assert max(stored.values()) == 1, "a rating is there twice"
    assert set(stored) <= sent, "a rating is there that nobody sent"
    for name, *answers in rows:
        if name in saved:
            said = saved[name]
            assert answers == [
                said["presentation"],
                *(said[k] for k in ("accepted", "relevance", "correctness")),
            ]
    every = [each for person in people for each in person.took]
    calm = [
        1000 * seconds
        for started, seconds in every
        if not any(started < back and started + seconds > gone for gone, back in away)
    ]
    took = sorted(calm)
    refused = sum((person.refused for person in people), Counter())
    return {
        "acknowledged": len(saved),
        "of them around a kill": len(every) - len(calm),
        "each second": len(saved) / seconds,
        "p50 ms": took[len(took) // 2],
        "p95 ms": took[int(len(took) * 0.95)],
        "p99 ms": took[int(len(took) * 0.99)],
        "p95 ms, kills included": sorted(1000 * took for _, took in every)[int(len(every) * 0.95)],
        "not reached": refused[0],
        "asked to slow down": refused[429],
        "errors": sum(count for status, count in refused.items() if status >= 500),
        "machine load at the start": load[0],
        "at most": max(load),
    }


def settle(server: Server) -> None:
    """Wait until the server's models are loaded, or cannot be."""
    while True:
        try:
            with urllib.request.urlopen(f"{server.url}/readyz", timeout=30):
                return
        except urllib.error.HTTPError as error:
            if b"cannot be loaded" in error.read():
                return
        time.sleep(0.5)


def main(argv: list[str] | None = None) -> None:
    parser = argparse.ArgumentParser(prog="python -m tests.load_study", description=__doc__.split("\n")[0])
    parser.add_argument("--seconds", type=float, default=180)
    parser.add_argument("--raters", type=int, default=50)
    parser.add_argument("--kills", type=int, default=3)
    found = simulate(**vars(parser.parse_args(argv)))
    for name, value in found.items():
        print(f"{name:>26}  {value:,.1f}")


if __name__ == "__main__":
    sys.exit(main())
