"""The worker: one thread that draws, so that one picture at a time owns the graphics card.

Whoever waits is told how many are ahead, and again whenever that changes; a job that is still waiting can be
cancelled at once.

    job = worker.submit(draw, on_place=print); job.result()
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from typing import TypeVar

T = TypeVar("T")


class Worker:
    """Does jobs one after the other, in the order in which they came."""

    def __init__(self) -> None:
        self._thread = ThreadPoolExecutor(max_workers=1, thread_name_prefix="renderer")
        self._line: dict[Future, Callable[[int], None]] = {}  # the job at work, then those that wait
        self._lock = threading.Lock()

    def submit(self, job: Callable[[], T], on_place: Callable[[int], None]) -> Future[T]:
        """Put a job at the end of the line. `on_place(ahead)` is called now and whenever its place changes,
        from any thread; 0 says that its turn has come."""
        with self._lock:
            future = self._thread.submit(job)
            self._line[future] = on_place
            on_place(len(self._line) - 1)
        future.add_done_callback(self._leave)
        return future

    def _leave(self, future: Future) -> None:
        with self._lock:
            del self._line[future]
            for ahead, on_place in enumerate(self._line.values()):
                on_place(ahead)
