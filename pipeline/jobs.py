"""Long work as subprocesses: started, followed, stopped, taken up again.

A job is a command of the project (`python -m slm.train ...`) with a watchman: a process of its own that runs
the command, writes what it prints to a file, and says in the database every few seconds that it is alive.
Both outlive the page and the app. A job whose watchman is not heard of any more is dead; starting the step
again goes on where it stood, since the commands themselves continue what their folders hold.
"""

from __future__ import annotations

import argparse
import contextlib
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Sequence
from pathlib import Path
from uuid import uuid4

from pipeline.store.database import Store, open_store
from pipeline.store.jobs import DONE, FAILED, RUNNING, STOPPED, Job, JobRows

ROOT = Path(__file__).resolve().parent.parent
HEARTBEAT_SECONDS = 3.0
STOP_SECONDS = 10.0
"""How long a command may take to end once it is asked to."""


class JobError(ValueError):
    """A job cannot be started or stopped; the message says why."""


class Jobs:
    """Starts jobs and looks after them. `logs` is the folder of what they print."""

    def __init__(self, store: Store, logs: Path) -> None:
        self.rows, self.logs = JobRows(store), logs
        logs.mkdir(parents=True, exist_ok=True)

    def start(self, run: str, step: str, command: Sequence[str]) -> Job:
        """Start `python -m command` for a step of a run. Raises JobError while that step is running."""
        now = time.time()
        job = Job(uuid4().hex, run, step, tuple(command), RUNNING, None, now, now)
        if not self.rows.add(job):
            raise JobError("This step is running already.")
        watchman = [sys.executable, "-m", "pipeline.jobs", "--job", job.id, "--log", str(self.log(job))]
        quiet = subprocess.DEVNULL
        # The address may hold a password, which the list of processes would show.
        environment = os.environ | {"TINYMUSE_JOBS_DB": self.rows.store.url}
        subprocess.Popen(
            watchman,
            cwd=ROOT,
            env=environment,
            stdin=quiet,
            stdout=quiet,
            stderr=quiet,
            start_new_session=True,  # the end of the app is not the end of the work
        )
        return job

    def stop(self, run: str, step: str) -> None:
        """Ask the running job of a step to end. Raises JobError when none is."""
        job = self.rows.latest(run, step)
        if job is None or job.state != RUNNING:
            raise JobError("This step is not running.")
        if job.pid is not None:
            with contextlib.suppress(ProcessLookupError):
                os.kill(job.pid, signal.SIGTERM)

    def latest(self, run: str, step: str) -> Job | None:
        """The newest job of a step, with its state as it is now."""
        return self.rows.latest(run, step)

    def log(self, job: Job) -> Path:
        """The file of what the job prints."""
        return self.logs / f"{job.id}.log"

    def tail(self, job: Job, lines: int = 12) -> list[str]:
        """The last lines that the job printed."""
        with contextlib.suppress(FileNotFoundError), self.log(job).open("rb") as file:
            file.seek(max(0, file.seek(0, os.SEEK_END) - 8000))
            return file.read().decode("utf-8", "replace").splitlines()[-lines:]
        return []


def watch(rows: JobRows, job_id: str, log: Path) -> None:
    """Run the job's command and report on it until it ends."""
    job = rows.get(job_id)
    if job is None:
        sys.exit(f"pipeline.jobs: there is no job {job_id}")
    rows.update(job_id, pid=os.getpid(), heartbeat_at=time.time())
    stopping = threading.Event()
    signal.signal(signal.SIGTERM, lambda *_: stopping.set())
    with log.open("ab") as out:
        work = subprocess.Popen(
            [sys.executable, "-m", *job.command], cwd=ROOT, stdin=subprocess.DEVNULL, stdout=out, stderr=out
        )
    heard = time.monotonic()
    while work.poll() is None:
        if stopping.wait(0.2):
            work.terminate()
            try:
                work.wait(STOP_SECONDS)
            except subprocess.TimeoutExpired:
                work.kill()
                work.wait()
            break
        if time.monotonic() - heard > HEARTBEAT_SECONDS:
            heard = time.monotonic()
            rows.update(job_id, heartbeat_at=time.time())
    state = STOPPED if stopping.is_set() else DONE if work.returncode == 0 else FAILED
    now = time.time()
    rows.update(job_id, state=state, ended_at=now, heartbeat_at=now, exit_code=work.returncode)


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m pipeline.jobs", description="Watch over one job.")
    parser.add_argument("--job", required=True)
    parser.add_argument("--log", type=Path, required=True)
    arguments = parser.parse_args()
    store = open_store(os.environ["TINYMUSE_JOBS_DB"])
    watch(JobRows(store), arguments.job, arguments.log)


if __name__ == "__main__":
    main()
