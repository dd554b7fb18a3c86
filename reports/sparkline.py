"""A line so small that it needs no axes, as SVG. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import groupby

WIDTH, HEIGHT, INSET = 160, 32, 3


def sparkline(values: Sequence[float | None]) -> str:
    """Return the SVG of a line through the values; gaps stay gaps. Empty for under two values.

    It scales to its box; its colour is the text colour of wherever it stands.
    """
    known = [value for value in values if value is not None]
    if len(known) < 2:
        return ""
    low, high = min(known), max(known)
    across = (WIDTH - 2 * INSET) / (len(values) - 1)
    tall = HEIGHT - 2 * INSET

    def point(index: int, value: float) -> str:
        up = (value - low) / (high - low) if high > low else 0.5
        return f"{INSET + index * across:.1f} {HEIGHT - INSET - up * tall:.1f}"

    runs = groupby(enumerate(values), key=lambda one: one[1] is not None)
    lines = [
        "M" + " L".join(point(index, value) for index, value in run if value is not None)
        for known_run, run in runs
        if known_run
    ]
    return (
        f'<svg class="spark" width="{WIDTH}" height="{HEIGHT}" viewBox="0 0 {WIDTH} {HEIGHT}" '
        f'preserveAspectRatio="none" fill="none" stroke="currentColor" aria-hidden="true">'
        f'<path d="{" ".join(lines)}"/></svg>'
    )
