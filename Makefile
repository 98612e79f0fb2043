# Two commands do all the set-up: `make app` (serve on http://127.0.0.1:7860) and `make test` (lint, types, all tests).
# Each makes .venv when there is none and installs only what a changed requirements file asks for.
#   make app ARGS="--port 8000 --renderer illustrator"     arguments for app.py
#   make app PYTHON=python3.12                             another Python than python3
# `make model` trains a language model from nothing, through every stage: RECIPE=tiny takes minutes on two cores,
# RECIPE=paper is the paper's training (104M, 300,000 steps: give it GPUs). Called again it goes on where it stood.
PYTHON ?= python3
ARGS ?=
RECIPE ?= tiny
RUN ?= runs/$(RECIPE)
PRESET = $(or $(PRESET_$(RECIPE)),$(error RECIPE is tiny, ours or paper))
PRESET_tiny := tiny
PRESET_ours := small
PRESET_paper := base
VENV := .venv
BIN := $(VENV)/bin

.PHONY: app test check lint browser bench model clean
.DEFAULT_GOAL := app

app: $(VENV)/.installed
	@exec $(BIN)/python app.py $(ARGS)

test: lint browser
	$(BIN)/python -m pytest

# Everything but the browser: what to run before each commit.
check: lint
	$(BIN)/python -m pytest -m "not bench and not browser"

lint: $(VENV)/.installed-dev
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy

bench: $(VENV)/.installed-dev browser
	$(BIN)/python -m pytest -m bench -s

model: $(RUN)/tokenizer.json
	$(BIN)/python -m slm.train --run $(RUN) --recipe $(RECIPE) $(ARGS)
	$(BIN)/python -m slm.figures --slm $(RUN)
	@echo "Let it write:  make app ARGS=\"--slm $(RUN)\""

$(RUN)/tokenizer.json: | $(VENV)/.installed
	$(BIN)/python -m slm.tokenizer --preset $(PRESET) --out $@

# The browser tests drive a headless Chromium; without one they are skipped, and say so.
browser: $(VENV)/.installed-dev
	@command -v chromium chromium-browser google-chrome >/dev/null 2>&1 \
	|| $(BIN)/python -c "import os; from playwright.sync_api import sync_playwright as p; d = p().start(); f = d.chromium.executable_path; d.stop(); raise SystemExit(not os.path.exists(f))" \
	|| { [ "$$(id -u)" = 0 ] && command -v apt-get >/dev/null && apt-get update -qq && apt-get install -y -qq chromium >/dev/null; } \
	|| $(BIN)/playwright install chromium \
	|| echo "No browser could be fetched: the browser tests will be skipped."

clean:
	rm -rf $(VENV) .pytest_cache .mypy_cache .ruff_cache
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

$(BIN)/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' \
	|| { echo "TinyMuse needs Python 3.11 or newer, and $(PYTHON) is not: name one, as in  make app PYTHON=python3.12"; exit 1; }
	@$(PYTHON) -m venv $(VENV) \
	|| { rm -rf $(VENV); echo "$(PYTHON) cannot make a virtual environment: install its venv module (Debian, Ubuntu: apt-get install python3-venv)"; exit 1; }

# opencv-python, which the reader of text on pictures asks for, needs the machine's OpenGL library;
# where there is none its headless build, the same module without windows, takes its place.
$(VENV)/.installed: requirements.txt | $(BIN)/python
	@echo "Installing what requirements.txt asks for: some minutes the first time, mostly torch."
	$(BIN)/python -m pip install --disable-pip-version-check --quiet -r requirements.txt
	@$(BIN)/python -c "import cv2" 2>/dev/null || { \
	version=$$($(BIN)/python -c "from importlib.metadata import version; print(version('opencv-python'))") \
	&& $(BIN)/python -m pip uninstall --quiet -y opencv-python \
	&& $(BIN)/python -m pip install --disable-pip-version-check --quiet --no-deps --force-reinstall "opencv-python-headless==$$version"; }
	@touch $@

$(VENV)/.installed-dev: requirements-dev.txt $(VENV)/.installed
	$(BIN)/python -m pip install --disable-pip-version-check --quiet -r requirements-dev.txt
	@touch $@
