"""Long work as subprocesses: real processes, a real database."""

import os
import signal
import time

import pytest

from pipeline.jobs import JobError, Jobs
from pipeline.store.database import open_store
from pipeline.store.jobs import DEAD, DONE, FAILED, RUNNING, SILENT_SECONDS, STOPPED


@pytest.fixture
def jobs(tmp_path):
    store = open_store(f"sqlite:///{tmp_path / 'jobs.sqlite'}")
    yield Jobs(store, tmp_path / "logs")
    store.close()


def until(condition):
    end = time.monotonic() + 60
    while not condition():
        assert time.monotonic() < end, "it never happened"
        time.sleep(0.1)


def state(jobs, step="tokenizer"):
    return jobs.latest("mine", step).state


def test_a_job_runs_to_its_end_and_its_words_are_kept(jobs):
    """Breaks when finished work is not known as such, or what it printed is lost."""
    job = jobs.start("mine", "tokenizer", ["platform"])
    until(lambda: state(jobs) == DONE)
    assert jobs.latest("mine", "tokenizer").exit_code == 0
    assert "Linux" in jobs.tail(job)[-1] or jobs.tail(job)[-1]
    assert jobs.latest("mine", "train") is None


def test_a_failing_job_says_why(jobs, tmp_path):
    """Breaks when a step that failed looks like one that is done, or its reason is not shown."""
    job = jobs.start("mine", "train", ["slm.train", "--run", str(tmp_path / "nothing")])
    until(lambda: state(jobs, "train") == FAILED)
    assert "slm.train:" in jobs.tail(job)[-1]
    assert "Traceback" not in "".join(jobs.tail(job))


def test_stop_ends_the_work_and_one_step_runs_once(jobs):
    """Breaks when a stopped command runs on, or a double click starts two trainings in one folder."""
    jobs.start("mine", "train", ["http.server", "0"])
    with pytest.raises(JobError, match="running already"):
        jobs.start("mine", "train", ["http.server", "0"])
    until(lambda: jobs.latest("mine", "train").pid is not None)
    jobs.stop("mine", "train")
    until(lambda: state(jobs, "train") == STOPPED)
    with pytest.raises(JobError, match="not running"):
        jobs.stop("mine", "train")


def test_a_dead_job_is_shown_as_such_and_can_be_started_again(jobs):
    """Breaks when work that died with its machine looks alive for ever."""
    job = jobs.start("mine", "train", ["http.server", "0"])
    until(lambda: jobs.latest("mine", "train").pid is not None)
    work = int(os.popen(f"pgrep -P {jobs.latest('mine', 'train').pid}").read())
    os.kill(jobs.latest("mine", "train").pid, signal.SIGKILL)
    os.kill(work, signal.SIGKILL)
    assert state(jobs, "train") == RUNNING  # nobody knows yet
    jobs.rows.update(job.id, heartbeat_at=time.time() - SILENT_SECONDS - 1)
    assert state(jobs, "train") == DEAD
    jobs.start("mine", "train", ["platform"])
    until(lambda: state(jobs, "train") == DONE)
