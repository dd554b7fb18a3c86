"""The chart of how times are spread: bars on bins that widen, and the share there by then. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import accumulate

from reports import axes, bins, theme, words
from reports.comparison import Bin
from reports.theme import Figure

_EDGES_NAMED = (0, 2, 5, 30, 60, 300, 1_800, 3_600, 43_200, 86_400, 259_200)
_LABELS_MAX = 6


def histogram(binned: Sequence[Bin], noun: str = "message", arrived: str = "arrived") -> Figure:
    """Draw how many took how long, and the share that had arrived by then as a line.

    Takes the bins that are not empty; there is at least one.
    """
    counted = {low: many for low, _, many in binned}
    last = bins.EDGES_SECONDS.index(int(max(counted))) + 1
    counts = [counted.get(edge, 0) for edge in bins.EDGES_SECONDS[:last]]
    total = sum(counts)
    shares = [seen / total for seen in accumulate(counts)]
    figure = _frame(last, max(counts))
    figure["data"] = [
        {
            "type": "bar",
            "x": list(range(last)),
            "y": counts,
            "marker": {"color": theme.variable("delivered"), "line": {"width": 0}},
            "text": [
                f"{bins.name(index)}<br>{words.counted(count, *words.forms(noun))}"
                f"<br>{words.percent(share)} had {arrived} by then"
                for index, (count, share) in enumerate(zip(counts, shares, strict=True))
            ],
            "textposition": "none",
            "hovertemplate": "%{text}<extra></extra>",
        },
        {
            "type": "scatter",
            "x": [-0.5 + n for n in range(last + 1)],
            "y": [0.0, *shares],
            "yaxis": "y2",
            "mode": "lines",
            "line": {"color": theme.variable("p50"), "width": 2},
            "hoverinfo": "skip",
        },
    ]
    return figure


def _frame(count: int, top: int) -> Figure:
    edges = bins.EDGES_SECONDS[: count + 1]
    positions = {edge: index - 0.5 for index, edge in enumerate(edges)}
    wanted = [edge for edge in _EDGES_NAMED if edge in positions] if count > 8 else list(positions)
    wanted = axes.spaced(wanted, positions, count / _LABELS_MAX)
    return theme.figure(
        bargap=0.12,
        hovermode="closest",
        xaxis={
            "range": [-0.7, count - 0.3],
            "tickvals": [positions[edge] for edge in wanted],
            "ticktext": [words.seconds(edge) if edge else "0" for edge in wanted],
            "tickangle": 0,
            "ticks": "outside",
            "ticklen": 4,
            "showline": True,
        },
        yaxis=axes.counts(top),
        yaxis2={
            "overlaying": "y",
            "side": "right",
            "range": [0, 1.0],
            "tickvals": [0, 0.25, 0.5, 0.75, 1],
            "ticktext": [words.percent(share, 0) for share in (0, 0.25, 0.5, 0.75, 1)],
            "tickfont": {"color": theme.variable("p50"), "size": 12},
        },
    )
