"""A model made in the browser, from the tokenizer to writing prompts; minutes long."""

import json
import os
import signal
import subprocess
import sys
import time

import pytest
import torch
from playwright.sync_api import expect

from slm.checkpoint import load_checkpoint

pytestmark = [pytest.mark.browser, pytest.mark.bench]
STEPS = 240


def card(page, title):
    return page.get_by_role("region", name=title, exact=True)


def start(page, title, label="Start"):
    card(page, title).get_by_role("button", name=label).click()


def ended(page, title, state="done"):
    expect(card(page, title).locator(".tm-step-state")).to_contain_text(state)


def fill(page, label, value):
    page.get_by_label(label, exact=True).last.fill(str(value))
    page.get_by_label(label, exact=True).last.blur()


def open_training(page):
    page.get_by_role("tab", name="Training").click()
    page.wait_for_selector("#tm-training-new")


def test_a_person_makes_a_model_and_lets_it_write(page, server, tmp_path):
    """Breaks when a step cannot be taken from the page, a reload or a killed trainer costs anything, the
    continued training ends elsewhere than an unbroken one, or the published model does not write."""
    open_training(page)
    page.fill("#tm-training-new", "mine")
    page.get_by_role("button", name="Begin").click()
    fill(page, "Vocabulary", 700)
    start(page, "Tokenizer")
    ended(page, "Tokenizer")
    fill(page, "Steps", STEPS)
    fill(page, "Tokens a step", 1024)
    start(page, "Train")
    run = server.data / "models" / "mine"
    while not (run / "log.jsonl").is_file() or (run / "log.jsonl").read_bytes().count(b"\n") < 120:
        time.sleep(0.1)
    page.reload()
    open_training(page)
    ended(page, "Train", "running")
    trainer = subprocess.run(["pgrep", "-f", f"slm.train --run {run}"], capture_output=True, text=True).stdout
    os.kill(int(trainer.split()[0]), signal.SIGKILL)
    ended(page, "Train", "failed")
    start(page, "Train", "Resume")
    ended(page, "Train")
    expect(page.locator(".tm-written li")).to_have_count(3)

    whole = tmp_path / "whole"
    whole.mkdir()
    (whole / "tokenizer.json").write_bytes((run / "tokenizer.json").read_bytes())
    said = ["--steps", STEPS, "--decay", STEPS // 4, "--batch-tokens", 1024, "--preset", "tiny", "--seed", 1]
    command = [sys.executable, "-m", "slm.train", "--run", whole, *said]
    subprocess.run([str(each) for each in command], check=True, stdout=subprocess.DEVNULL)
    one, two = (load_checkpoint(folder)[0].state_dict() for folder in (run, whole))
    assert all(torch.equal(one[name], two[name]) for name in one)

    fill(page, "Intents", 5)
    start(page, "Evaluate")
    ended(page, "Evaluate")
    expect(card(page, "Publish").locator("tbody tr")).to_have_count(5)
    page.get_by_role("button", name="Publish").click()
    expect(card(page, "Publish")).to_contain_text("Prompts are written by mine")
    history = json.loads((server.data / "published" / "history.json").read_text())
    assert history[-1]["figures"] == json.loads((run / "figures.json").read_text())
    page.get_by_role("button", name="Roll back").click()
    expect(card(page, "Publish")).to_contain_text("the model that ships with TinyMuse")
