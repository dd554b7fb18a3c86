"""Charts take a frame and return the figure that belongs to it."""

from __future__ import annotations

import json
import re
from datetime import date
from typing import Any

import plotly.graph_objects as go
import polars as pl
from hypothesis import given
from hypothesis import strategies as st

from reports import assets, axes, charts, dots, heat_map, histogram, slots, theme, words
from reports.period import last_days
from reports.sparkline import sparkline


def checked(figure: theme.Figure) -> go.Figure:
    """Return the figure as Plotly's own classes, which refuse what Plotly does not know."""
    return go.Figure(figure)


def days(count: int, **columns: list[Any]) -> pl.DataFrame:
    return slots.date_slots(last_days(count, date(2026, 11, 24)), "day").with_columns(
        *(pl.Series(name, values) for name, values in columns.items())
    )


def outcomes(count: int, provisional: int) -> pl.DataFrame:
    counts = {name: [10] * count for name in theme.OUTCOMES}
    late = [n >= count - provisional for n in range(count)]
    return days(count, **counts, provisional=late)


def test_outcomes_are_stacked_and_only_provisional_days_hatched() -> None:
    figure = checked(charts.stacked(outcomes(5, provisional=2), theme.OUTCOMES))
    assert [bar.name for bar in figure.data] == list(theme.OUTCOMES)
    assert figure.layout.barmode == "stack"
    assert figure.data[0].marker.pattern.shape == ("", "", "", "/", "/")


def test_few_messages_are_not_counted_in_fractions() -> None:
    one = days(2, replies=[0, 1], provisional=[False, False])
    assert checked(charts.stacked(one, ["replies"])).layout.yaxis.dtick == 1


PERCENTILES: dict[str, list[Any]] = {
    "latency_p50": [4.0, None, 0.0, 5.0, 6.0],
    "latency_p95": [20.0, None, 0.0, 21.0, 30.0],
    "latency_p99": [60.0, None, 0.0, 70.0, 90.0],
    "provisional": [False, False, False, False, True],
}


def test_percentiles_are_labelled_in_words_of_time_and_gaps_stay_gaps() -> None:
    figure = checked(charts.percentiles(days(5, **PERCENTILES)))
    assert figure.layout.yaxis.type == "log"
    assert "20\u00a0s" in figure.layout.yaxis.ticktext
    assert {note.text for note in figure.layout.annotations} == {"p50", "p95", "p99"}
    solid, dotted = figure.data[0].y, figure.data[1].y
    assert solid == (4.0, None, 0.5, 5.0, None)
    assert dotted == (None, None, None, 5.0, 6.0)


def test_labels_at_the_ends_of_lines_stand_apart_and_inside() -> None:
    same = {key: [4.0, 4.0] for key in charts.PERCENTILES}
    figure = checked(charts.percentiles(days(2, **same, provisional=[False, False])))
    heights = sorted(note.y for note in figure.layout.annotations)
    low, high = figure.layout.yaxis.range
    assert low < heights[0] < heights[1] < heights[2] < high


@given(st.floats(-0.4, 6), st.floats(0.1, 5))
def test_time_ticks_are_few_and_rise(low: float, span: float) -> None:
    ticks = axes.time_ticks(low, low + span)
    assert 1 <= len(ticks) <= 8
    assert ticks == sorted(set(ticks))


def test_histogram_keeps_empty_bins_and_ends_at_all() -> None:
    bars, line = checked(histogram.histogram([(0, 1, 5), (3, 4, 3), (10, 15, 2)])).data
    assert bars.y == (5, 0, 0, 3, 0, 0, 2)
    assert line.y[0] == 0
    assert line.y[-1] == 1


RATES = {"delivery_rate": 0.9, "delivery_rate_low": 0.85, "delivery_rate_high": 0.94}


def test_each_network_is_a_dot_in_its_colour_with_its_interval() -> None:
    row = {"label": "<b>%{x}</b>", "colour": "network-2", "messages": 200, "delivered": 180}
    figure = checked(dots.dots(pl.DataFrame([row | RATES]), 0.9))
    bar, dot = figure.data
    assert list(bar.x) == [0.85, 0.94]
    assert dot.marker.color == "var(--network-2)"
    assert "<b>" not in json.dumps([figure.layout.yaxis.ticktext, dot.text])
    low, high = figure.layout.xaxis.range
    assert low < 0.85
    assert high > 0.94


def said(value: float | None) -> str:
    return words.counted(int(value or 0), "reply", "replies")


def test_latency_of_networks_goes_from_median_to_p95() -> None:
    row = {"label": "A", "colour": "network-1", "messages": 9, "latency_p50": 0, "latency_p95": 90}
    bar, dot = checked(dots.ranges(pl.DataFrame([row]))).data
    assert (list(bar.x), dot.x[0]) == ([0.5, 90], 0.5)
    assert "median 0\u00a0s, p95 1\u00a0min 30\u00a0s" in dot.text[0]


def test_rates_have_a_band_and_are_dotted_where_provisional() -> None:
    rated = {f"rate{end}": [value] * 3 for end, value in (("", 0.5), ("_low", 0.4), ("_high", 0.6))}
    frame = days(3, **rated, messages=[10, 10, 10], provisional=[False, False, True])
    band, solid, dotted = checked(charts.rates(frame, "rate", "delivered", "messages")).data
    assert (band.y, band.fill) == ((0.6, 0.6, 0.6, 0.4, 0.4, 0.4, None), "toself")
    assert solid.y == (0.5, 0.5, None)
    assert dotted.y == (None, 0.5, 0.5)


def test_a_band_is_in_pieces_where_nothing_is_known_and_says_of_how_many() -> None:
    known = {"p50": [60, None, 5, 6], "p50_low": [50, None, 0, 4], "p50_high": [70, None, 8, 9]}
    frame = days(4, **known, answers=[40, 0, 30, 50], provisional=[False] * 4)
    band, line = checked(charts.percentiles(frame, {"p50": "p50"}, counts="answers")).data
    first, *others = frame["slot"].to_list()
    assert band.x == (first, first, None, *others[1:], *others[:0:-1], None)
    assert band.y == (70, 50, None, 8, 9, 4, 0.5, None)
    assert line.text[0] == (
        "p50  1\u00a0min, 95\u00a0% interval 50\u00a0s\u00a0–\u00a01\u00a0min 10\u00a0s"
        "<br>of 40 answers"
    )


def test_heat_map_has_a_cell_for_every_hour_of_the_week() -> None:
    frame = pl.DataFrame({"weekday": [1, 7], "hour_of_day": [0, 23], "count": [4, 2]})
    (map_,) = checked(heat_map.heat_map(frame, "count", said)).data
    assert len(map_.z) == 7
    assert {len(row) for row in map_.z} == {24}
    assert (map_.z[0][0], map_.z[6][23], map_.text[0][0]) == (4, 2, "4 replies")


def test_every_colour_of_a_figure_is_in_the_stylesheet() -> None:
    style = assets.content(assets.STYLE).decode()
    frame = pl.DataFrame({"weekday": [1], "hour_of_day": [0], "count": [4]})
    known = {f"rate{end}": [0.5, 0.5] for end in ("", "_low", "_high")}
    rated = days(2, **known, replies=[1, 1], provisional=[False, True])
    figures = [
        charts.stacked(outcomes(3, 1), theme.OUTCOMES),
        charts.percentiles(days(5, **PERCENTILES)),
        *(charts.rates(rated, "rate", name, "replies") for name in (*theme.OUTCOMES, "explicit")),
        heat_map.heat_map(frame, "count", said),
    ]
    used = set(re.findall(r"var\((--[\w-]+)\)", "".join(json.dumps(figure) for figure in figures)))
    assert used
    assert all(f"  {name}: " in style for name in used)


def test_sparkline_leaves_gaps_and_needs_two_values() -> None:
    assert sparkline([1.0, None]) == ""
    assert sparkline([1.0, 2.0, None, 3.0, 4.0]).count("M") == 2


def test_points_that_would_be_told_as_none_do_not_fill_the_axis() -> None:
    assert axes.points([0.01, None, -0.049])["range"] == [-0.1, 0.1]
    assert "range" not in axes.points([0.01, -0.06])
    assert axes.points([])["range"] == [-0.1, 0.1]
