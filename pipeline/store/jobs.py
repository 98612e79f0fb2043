"""Jobs as rows: what runs, since when, and whether it is still alive."""

from __future__ import annotations

import time
from dataclasses import asdict, dataclass, replace
from typing import Any

import sqlalchemy as sa

from pipeline.store.database import Store
from pipeline.store.tables import jobs

SILENT_SECONDS = 20.0
"""A running job that has not been heard of for so long is dead."""
RUNNING, DONE, FAILED, STOPPED, DEAD = "running", "done", "failed", "stopped", "dead"


@dataclass(frozen=True)
class Job:
    """One piece of long work. Times are seconds since 1970."""

    id: str
    run: str  # the model it belongs to
    step: str
    command: tuple[str, ...]
    state: str
    pid: int | None
    started_at: float
    heartbeat_at: float
    ended_at: float | None = None
    exit_code: int | None = None


class JobRows:
    """The table of jobs."""

    def __init__(self, store: Store) -> None:
        self.store = store

    def add(self, job: Job) -> bool:
        """Store a new job; False when the same step of the same run is running already."""
        with self.store.engine.begin() as connection:
            if self.store.engine.dialect.name == "sqlite":
                connection.exec_driver_sql("BEGIN IMMEDIATE")
            last = self._latest(connection, job.run, job.step)
            if last is not None and last.state == RUNNING:
                return False
            connection.execute(sa.insert(jobs).values(asdict(job) | {"command": list(job.command)}))
        return True

    def update(self, job_id: str, **values: Any) -> None:
        """Change some columns of a job."""
        with self.store.engine.begin() as connection:
            connection.execute(sa.update(jobs).where(jobs.c.id == job_id).values(values))

    def get(self, job_id: str) -> Job | None:
        with self.store.engine.connect() as connection:
            row = connection.execute(sa.select(jobs).where(jobs.c.id == job_id)).mappings().first()
        return None if row is None else _job(row)

    def latest(self, run: str, step: str) -> Job | None:
        """The newest job of a step."""
        with self.store.engine.connect() as connection:
            return self._latest(connection, run, step)

    @staticmethod
    def _latest(connection: sa.Connection, run: str, step: str) -> Job | None:
        statement = sa.select(jobs).where(jobs.c.run == run, jobs.c.step == step)
        row = connection.execute(statement.order_by(jobs.c.started_at.desc()).limit(1)).mappings().first()
        return None if row is None else _job(row)


def _job(row: Any) -> Job:
    """A row as it stands now: one that should be heard of and is not, is dead."""
    job = Job(**{**row, "command": tuple(row["command"])})
    silent = time.time() - job.heartbeat_at > SILENT_SECONDS
    return replace(job, state=DEAD) if job.state == RUNNING and silent else job
