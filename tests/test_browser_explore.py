"""The Explore tab in a real browser against the real server."""

import csv
import json
import re
import shlex

import pytest
from playwright.sync_api import expect

pytestmark = pytest.mark.browser
DONE = '.tm-board[data-phase="done"]'
WRITTEN = '.tm-explore-note[data-state="done"]'
ATTACK = '<img src=x onerror="window.hacked=1"> ${window.hacked=1} {{this}} "><script>window.hacked=1'


def explore(page):
    page.get_by_role("tab", name="Explore").click()
    page.wait_for_selector(".tm-explore-form")


def test_the_grid_is_written_kept_and_taken_home(page, tmp_path):
    """Breaks when a cell stays empty, a reload loses the prompts, or the files do not hold them."""
    explore(page)
    page.get_by_label("Topic", exact=True).last.fill("farmer's market")
    page.get_by_label("Seed").last.fill("11")
    page.get_by_role("button", name="Write the grid").click()
    page.wait_for_selector(WRITTEN)
    expect(page.locator('.tm-cell[data-state="done"]')).to_have_count(20)
    expect(page.locator(".tm-explore-note").first).to_contain_text("seed 11")
    lines = page.locator(".tm-control").all_inner_texts()
    assert lines[0].startswith("<|10|> <|r4|> <|intent|> Topic: farmer's market")
    assert [int(re.match(r"<\|(\d+)\|>", line)[1]) for line in lines[::2]] == [10, 20, 30, 35, 15]
    prompts = page.locator(".tm-cell .tm-prompt").all_inner_texts()
    with page.expect_download() as download:
        page.get_by_role("button", name="CSV").first.click()
    download.value.save_as(tmp_path / "grid.csv")
    with (tmp_path / "grid.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    assert [" ".join(row["prompt"].split()) for row in rows] == [" ".join(p.split()) for p in prompts]
    assert {row["seed"] for row in rows} == {"11"}
    with page.expect_download() as download:
        page.get_by_role("button", name="JSON").click()
    download.value.save_as(tmp_path / "grid.json")
    assert len(json.loads((tmp_path / "grid.json").read_text("utf-8"))["prompts"]) == 20
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    page.get_by_label("Copy the prompt: 10 words, image, guided").click()
    page.wait_for_function("navigator.clipboard.readText().then((text) => text.length > 0)")
    assert page.evaluate("navigator.clipboard.readText()").split() == prompts[0].split()
    page.get_by_label("Copy the command that writes this: 10 words, template, raw").click()
    page.wait_for_function("navigator.clipboard.readText().then((text) => text.startsWith('python'))")
    said = shlex.split(page.evaluate("navigator.clipboard.readText()"))
    assert said[:7] == ["python", "-m", "slm.generate", "--task", "T2T", "--topic", "farmer's market"]
    assert said[-3:] == ["--seed", "11", "--raw"]
    page.reload()
    explore(page)
    assert page.locator(".tm-cell .tm-prompt").all_inner_texts() == prompts


def test_a_sweep_can_be_stopped_and_keeps_its_points(page):
    """Breaks when Stop does nothing, or throws away what was measured."""
    explore(page)
    page.get_by_role("button", name="Run the sweep").click()
    page.wait_for_selector(".tm-plot-raw")
    page.get_by_role("button", name="Stop").last.click()
    expect(page.locator('.tm-explore-note[data-state="stopped"]')).to_contain_text("Stopped")
    dots = page.locator(".tm-plot-raw").count()
    assert dots
    page.wait_for_timeout(1500)
    assert page.locator(".tm-plot-raw").count() == dots
    expect(page.locator(".tm-plot-paper")).to_have_count(4)
    expect(page.locator(".tm-plot-frame tbody tr")).to_have_count(5)
    expect(page.get_by_role("button", name="Run the sweep")).to_be_visible()


def test_an_explored_intent_is_drawn_on_the_canvas(page):
    """Breaks when "Send to Canvas" loses the intent, the task or the length, or draws nothing."""
    explore(page)
    page.get_by_label("Topic", exact=True).last.fill("pottery workshop")
    page.get_by_label("Topic", exact=True).last.blur()
    page.get_by_label("Fifth length").fill("12")
    page.get_by_role("button", name="Write the grid").click()
    page.get_by_role("button", name="Send to Canvas: 12 words, image, guided").click()
    page.wait_for_selector(DONE)
    expect(page.locator("#tm-field-topic")).to_have_value("pottery workshop")
    expect(page.get_by_label("Text on the canvas")).to_have_value("pottery workshop")
    expect(page.get_by_label("number input for Words")).to_have_value("12")
    expect(page.locator(".tm-zoom img").first).to_be_visible()


def test_the_canvas_is_where_exploring_starts(page):
    """Breaks when the person must type again what the Canvas tab has understood."""
    page.get_by_label("Text on the canvas").fill("Farmers market on Saturday")
    page.get_by_label("Text on the canvas").blur()
    expect(page.locator("#tm-field-topic")).to_have_value("farmers market")
    explore(page)
    expect(page.locator("#tm-explore-topic")).to_have_value("farmers market")


def test_what_is_explored_never_runs(page):
    """Breaks when a topic, an object or a prompt can run a script in someone's page."""
    explore(page)
    page.locator("#tm-explore-topic").fill(ATTACK)
    page.get_by_label("Add an object").last.fill(ATTACK)
    page.get_by_label("Add an object").last.press("Enter")
    page.locator("#tm-explore-style").fill(ATTACK)
    page.get_by_role("button", name="Write the grid").click()
    page.get_by_role("button", name="Send to Canvas: 10 words, image, guided").click()
    page.wait_for_selector(f"{DONE}, .tm-alert")
    explore(page)
    page.reload()
    explore(page)
    expect(page.locator(".tm-chip span").last).to_contain_text("${window.hacked=1}")
    assert page.evaluate("window.hacked") is None


def test_what_cannot_be_written_is_said(page):
    """Breaks when an intent without a topic shows an empty grid and no word."""
    explore(page)
    page.locator("#tm-explore-topic").fill("")
    page.get_by_role("button", name="Write the grid").click()
    expect(page.locator('.tm-explore-note[data-state="error"]')).to_contain_text("topic is needed")


def test_nothing_is_cut_off_sideways(page):
    """Breaks when a phone has to scroll sideways to read a prompt."""
    explore(page)
    page.get_by_role("button", name="Write the grid").click()
    page.wait_for_selector('.tm-cell[data-state="done"]')
    page.get_by_role("button", name="Run the sweep").click()
    page.wait_for_selector(".tm-plot-raw")
    for width in (390, 1024, 1440):
        page.set_viewport_size({"width": width, "height": 844})
        assert page.evaluate("document.documentElement.scrollWidth") <= width
