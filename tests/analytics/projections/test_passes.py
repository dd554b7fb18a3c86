"""How a rebuild reads the log: each event at least once, the whole log little more than once."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from analytics.projections.passes import READ_MAX, Pass, Span, passes


def midnight(day: int) -> datetime:
    return datetime(1970, 1, 1, tzinfo=UTC) + timedelta(days=day)


def test_a_log_in_the_order_of_sending_is_read_by_days() -> None:
    spans = [Span(f"{day}", 10, (day, day)) for day in (3, 4, 5, 9)]
    assert passes(spans, 20) == [
        Pass(None, midnight(5), ["3", "4"]),
        Pass(midnight(5), None, ["5", "9"]),
    ]


def test_a_small_log_is_read_at_once() -> None:
    spans = [Span("a", 10, (3, 4)), Span("b", 10, (4, 4))]
    assert passes(spans, 1_000) == [Pass(None, None, ["a", "b"])]


def test_a_shuffled_log_is_read_at_once_rather_than_for_every_day() -> None:
    spans = [Span(f"{number}", 10, (0, 99)) for number in range(20)]
    assert passes(spans, 10) == [Pass(None, None, sorted(f"{number}" for number in range(20)))]


def test_row_groups_that_do_not_say_when_are_read_with_all_others() -> None:
    assert passes([Span("a", 1, (1, 1)), Span("b", 1, None)], 1) == [Pass(None, None, ["a", "b"])]


def test_a_log_without_status_events_needs_no_pass() -> None:
    assert passes([], 1) == [Pass(None, None, [])]


days = st.tuples(st.integers(-700_000, 20_000), st.integers(0, 9)).map(
    lambda drawn: (drawn[0], drawn[0] + drawn[1])
)
spans_of = st.lists(
    st.builds(Span, st.sampled_from("abcdef"), st.integers(1, 99), days), min_size=1, max_size=30
)


@settings(deadline=None)
@given(spans_of, st.integers(1, 300))
def test_every_day_is_in_one_pass_that_reads_its_files(spans: list[Span], rows_max: int) -> None:
    found = passes(spans, rows_max)
    for span in spans:
        assert span.days is not None
        for day in range(span.days[0], span.days[1] + 1):
            reading = [
                each
                for each in found
                if (each.begins is None or each.begins <= midnight(day))
                and (each.ends is None or midnight(day) < each.ends)
            ]
            assert len(reading) == 1
            assert span.file in reading[0].files


@settings(deadline=None)
@given(spans_of, st.integers(1, 300))
def test_the_log_is_not_read_much_more_than_once(spans: list[Span], rows_max: int) -> None:
    read = sum(
        span.rows
        for each in passes(spans, rows_max)
        for span in spans
        if span.days
        and (each.ends is None or midnight(span.days[0]) < each.ends)
        and (each.begins is None or midnight(span.days[1]) >= each.begins)
    )
    assert read <= READ_MAX * sum(span.rows for span in spans)
