"""What people see: the page, the rater's page, the administration, and everything they ask for over HTTP."""

import tomllib
from pathlib import Path

_PROJECT = tomllib.loads((Path(__file__).resolve().parents[1] / "pyproject.toml").read_text(encoding="utf-8"))
VERSION: str = _PROJECT["project"]["version"]
"""Logged with every rating."""
