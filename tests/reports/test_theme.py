"""Colours are written once, legible in both themes, and a network keeps its own."""

from __future__ import annotations

import re

import pytest

from reports import assets, theme

PAIR = re.compile(r"--([\w-]+): (?:light-dark\((#\w{6}), (#\w{6})\)|(#\w{6}));")
COLOURS = {
    name: (light or both, dark or both)
    for name, light, dark, both in PAIR.findall(assets.content(assets.STYLE).decode())
}
TEXTS = ("ink", "mute", "accent", "bad", "good")
MARKS = (*theme.OUTCOMES[:4], "unknown", "p50", "p95", "p99", "explicit", "inferred")


def luminance(colour: str) -> float:
    parts = [int(colour[n : n + 2], 16) / 255 for n in (1, 3, 5)]
    red, green, blue = (p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    low, high = sorted((luminance(one), luminance(other)))
    return (high + 0.05) / (low + 0.05)


@pytest.mark.parametrize("side", [0, 1], ids=["light", "dark"])
@pytest.mark.parametrize("ground", ["card", "ground"])
@pytest.mark.parametrize("text", TEXTS)
def test_text_has_the_contrast_that_aa_asks_for(text: str, ground: str, side: int) -> None:
    assert contrast(COLOURS[text][side], COLOURS[ground][side]) >= 4.5


@pytest.mark.parametrize("side", [0, 1], ids=["light", "dark"])
def test_labels_drawn_in_a_colour_can_be_read(side: int) -> None:
    for name in ("p50", "p95"):
        assert contrast(COLOURS[name][side], COLOURS["card"][side]) >= 4.2, name
    assert contrast(COLOURS["on-accent"][side], COLOURS["accent"][side]) >= 4.5


@pytest.mark.parametrize("side", [0, 1], ids=["light", "dark"])
def test_marks_stand_out_from_their_card(side: int) -> None:
    for name in ("delivered", "undelivered", "error", "unknown", "p50", "p95", "p99"):
        assert contrast(COLOURS[name][side], COLOURS["card"][side]) >= 3, name


def test_networks_keep_their_colours_whatever_the_period() -> None:
    order = [("226", f"{n:02}") for n in range(8)]
    classes = theme.network_classes(order)
    assert [classes[key] for key in order] == [
        *(f"network-{n}" for n in range(1, 7)),
        "network-other",
        "network-other",
    ]


def test_text_for_plotly_has_no_markup_left() -> None:
    assert theme.plain("<b>a</b> & \x00b") == "&lt;b&gt;a&lt;/b&gt; &amp;  b"
    assert len(theme.plain("x" * 500)) == 60
