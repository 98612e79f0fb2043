"""The look: colours that can be read, scripts and fonts that are there."""

import re

import pytest

from ui.theme import css, head, theme

PAIRS = [  # text on its ground; 4.5 to 1 is the Web Content Accessibility Guidelines' bar for text
    ("ink", "paper"),
    ("ink", "card"),
    ("ink", "sunk"),
    ("ink", "wash"),
    ("soft", "paper"),
    ("soft", "card"),
    ("soft", "sunk"),
    ("soft", "wash"),
    ("accent", "paper"),
    ("accent", "card"),
    ("accent", "wash"),
    ("accent-ink", "accent"),
    ("no", "card"),
    ("no", "no-wash"),
    ("card", "no"),
    ("warn", "card"),
]


def luminance(color: str) -> float:
    channels = [int(color[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    red, green, blue = (c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    low, high = sorted((luminance(one), luminance(other)))
    return (high + 0.05) / (low + 0.05)


@pytest.mark.parametrize("shade", [":root", ".dark"])
def test_text_can_be_read_in_light_and_dark(shade):
    """Breaks when a colour is changed for its looks and someone cannot read the page."""
    block = re.search(re.escape(shade) + r"\s*\{(.*?)\}", css(), re.S).group(1)
    colors = dict(re.findall(r"--tm-([\w-]+):\s*(#[0-9a-f]{6})", block))
    poor = {pair: round(contrast(colors[pair[0]], colors[pair[1]]), 2) for pair in PAIRS}
    assert not {pair: value for pair, value in poor.items() if value < 4.5}
    assert contrast(colors["edge"], colors["card"]) >= 3  # borders of controls


def test_every_variable_is_defined():
    """Breaks when a misspelt colour leaves an element transparent."""
    used = set(re.findall(r"var\(--tm-([\w-]+)", css()))
    defined = set(re.findall(r"--tm-([\w-]+):", css()))
    assert used <= defined


def test_scripts_come_in_order_and_nothing_comes_from_outside():
    """Breaks when a component is defined before what it uses, or a font or script is fetched elsewhere."""
    scripts = head()
    assert scripts.index("window.tm =") < scripts.index("tm.dropzone =") < scripts.index("tm.board =")
    # An address of this very machine, as an example in a field, is not outside.
    outside = re.findall(r"https?://(?!127\.0\.0\.1)[^\s\"')]+", scripts + css() + theme()._get_theme_css())
    assert set(outside) <= {"http://www.w3.org/2000/svg"}
