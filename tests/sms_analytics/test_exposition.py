"""Metrics as Prometheus reads them."""

from __future__ import annotations

from sms_analytics.exposition import Family, Sample, exposition, histogram


def test_a_counter_with_labels_that_need_escaping() -> None:
    family = Family("hooks_total", "counter", "Two\nlines.", [Sample(3, {"kind": 'a"\\\n'})])
    assert exposition([family]) == (
        "# HELP hooks_total Two\\nlines.\n"
        "# TYPE hooks_total counter\n"
        'hooks_total{kind="a\\"\\\\\\n"} 3\n'
    )


def test_a_histogram_is_cumulated() -> None:
    family = Family("s", "histogram", "Seconds.", histogram((0.5, 1), [2, 1, 4], 9.25))
    assert exposition([family]).splitlines()[2:] == [
        's_bucket{le="0.5"} 2',
        's_bucket{le="1"} 3',
        's_bucket{le="+Inf"} 7',
        "s_sum 9.25",
        "s_count 7",
    ]


def test_a_family_without_samples_is_left_out() -> None:
    assert exposition([Family("none", "gauge", "Nothing.", [])]) == ""
