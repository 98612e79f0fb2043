"""The look: one theme, one style sheet, the scripts of our own components.

Gradio's theme carries colours and shapes into its components; `web/style.css` holds the same colours as
variables for ours, light and dark. The fonts ship with Gradio, so the page asks nobody else for anything.
Only weights 400 and 700 are named: the semi-bold files that ship lack the Latin letters.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import gradio as gr

WEB = Path(__file__).parent / "web"
SCRIPTS = (
    "core.js",
    "outbox.js",
    "place.js",
    "dropzone.js",
    "start.js",
    "understood.js",
    "board.js",
    "plot.js",
    "save.js",
    "explore.js",
    "ratings.js",
    "training.js",
)
STYLES = ("style.css", "place.css", "explore.css", "ratings.css", "training.css")

PINE = gr.themes.Color(
    name="pine",
    c50="#eef7f4",
    c100="#d6ece5",
    c200="#add9cc",
    c300="#7cc1ae",
    c400="#4aa58e",
    c500="#1f8a72",
    c600="#0f6f5b",
    c700="#0c5a4a",
    c800="#0b483c",
    c900="#093a31",
    c950="#05211c",
)
STONE = gr.themes.Color(
    name="stone",
    c50="#faf9f6",
    c100="#f3f1ec",
    c200="#e6e3db",
    c300="#d2cec3",
    c400="#a39e92",
    c500="#78736a",
    c600="#5a564f",
    c700="#433f3a",
    c800="#2a2825",
    c900="#1c1b19",
    c950="#121110",
)


def theme() -> gr.themes.Base:
    """The colours and shapes for Gradio's own components."""
    return gr.themes.Base(
        primary_hue=PINE,
        secondary_hue=PINE,
        neutral_hue=STONE,
        radius_size=gr.themes.sizes.radius_lg,
        font=[gr.themes.LocalFont("IBM Plex Sans", weights=(400, 700)), "system-ui", "sans-serif"],
        font_mono=[gr.themes.LocalFont("IBM Plex Mono", weights=(400, 700)), "ui-monospace", "monospace"],
    ).set(
        body_background_fill="*neutral_50",
        body_background_fill_dark="*neutral_950",
        body_text_color="*neutral_900",
        body_text_color_dark="*neutral_100",
        body_text_color_subdued="*neutral_600",
        body_text_color_subdued_dark="*neutral_300",
        background_fill_primary="white",
        background_fill_primary_dark="*neutral_900",
        background_fill_secondary="*neutral_100",
        background_fill_secondary_dark="*neutral_800",
        border_color_primary="*neutral_200",
        border_color_primary_dark="*neutral_700",
        block_background_fill="transparent",
        block_background_fill_dark="transparent",
        block_border_width="0px",
        block_shadow="none",
        block_padding="0px",
        block_label_text_color="*neutral_700",
        block_label_text_color_dark="*neutral_200",
        block_title_text_color="*neutral_700",
        block_title_text_color_dark="*neutral_200",
        block_title_text_weight="700",
        block_info_text_color="*neutral_600",
        block_info_text_color_dark="*neutral_300",
        input_background_fill="white",
        input_background_fill_dark="*neutral_900",
        input_border_color="*neutral_400",
        input_border_color_dark="*neutral_600",
        input_border_color_focus="*primary_600",
        input_border_color_focus_dark="*primary_300",
        input_placeholder_color="*neutral_500",
        input_placeholder_color_dark="*neutral_400",
        slider_color="*primary_600",
        slider_color_dark="*primary_400",
        button_primary_background_fill="*primary_600",
        button_primary_background_fill_dark="*primary_300",
        button_primary_background_fill_hover="*primary_700",
        button_primary_background_fill_hover_dark="*primary_200",
        button_primary_text_color="white",
        button_primary_text_color_dark="*primary_950",
        button_secondary_background_fill="white",
        button_secondary_background_fill_dark="*neutral_800",
        button_secondary_border_color="*neutral_400",
        button_secondary_border_color_dark="*neutral_600",
        checkbox_label_background_fill_selected="*primary_600",
        checkbox_label_background_fill_selected_dark="*primary_300",
        checkbox_label_text_color_selected="white",
        checkbox_label_text_color_selected_dark="*primary_950",
    )


def css() -> str:
    """The style sheet of our own components and of the page's frame."""
    return "".join((WEB / name).read_text(encoding="utf-8") for name in STYLES)


def head() -> str:
    """Our scripts, in the page's head so that they are there before the components that call them."""
    return "".join(f"<script>{(WEB / name).read_text(encoding='utf-8')}</script>" for name in SCRIPTS)


def component(name: str, css_class: str, value: object, events: list[str], **props: Any) -> gr.HTML:
    """One of our own components: an empty element that the script `tm.NAME` of `web/` fills."""
    return gr.HTML(
        value,
        html_template=f'<div class="{css_class}"></div>',
        js_on_load=f"tm.{name}(element, props, trigger, watch, {json.dumps(events)})",
        apply_default_css=False,
        elem_id=name,
        **props,
    )
