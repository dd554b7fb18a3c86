"""Every figure of every view equals the same figure counted message by message."""

from __future__ import annotations

import warnings
from collections.abc import Iterator
from dataclasses import replace
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

import polars as pl
import pytest
from lifelines import AalenJohansenFitter
from polars.testing import assert_frame_equal

from analytics.catalogue import publish
from analytics.definitions import Definitions
from analytics.door import Catalogue
from analytics.projector import project
from eventlog.layout import Layout
from tests.analytics.made import Message, Reply, utc, write_dead_letters, write_projections
from tests.analytics.make_catalogue import random_messages, random_replies
from tests.analytics.projections.log import Log, record, reply, status

EXPECTED = Path(__file__).parent / "expected"
KEYS = ("date", "hour", "mcc", "mnc", "network", "country", "campaign")
VIEWS = {
    "delivery_daily": ("date", "network"),
    "delivery_hourly": ("date", "hour", "network"),
    "delivery_total_daily": ("date",),
    "network_performance": ("network",),
    "campaign_performance": ("campaign",),
}
MACROS = {
    "delivery_between": (),
    "network_performance_between": ("network",),
    "campaign_performance_between": ("campaign",),
}
CLOCKS = {
    "on the hour": ("2026-11-20T12:00:00", Definitions()),
    "half past, with half-hour zone": (
        "2026-11-20T12:30:00",
        Definitions(time_zone="Asia/Kolkata"),
    ),
    "a microsecond before the hour": (
        "2026-11-20T11:59:59.999999",
        Definitions(time_zone="Europe/Bucharest"),
    ),
    "seconds after the hour": ("2026-11-20T12:00:07.5", Definitions(reply_window_hours=5)),
    "horizon and window within the hour": (
        "2026-11-20T12:03:00",
        Definitions(horizon_hours=1, reply_window_hours=1),
    ),
    "the hour that comes twice": (
        "2026-10-25T01:10:00",
        Definitions(time_zone="Europe/Bucharest", horizon_hours=2, reply_window_hours=24),
    ),
    "three days after the hour that comes twice": (
        "2026-10-28T00:40:00",
        Definitions(time_zone="Europe/Bucharest"),
    ),
    "three days after the hour that is left out": (
        "2026-04-01T01:00:00",
        Definitions(time_zone="Europe/Bucharest"),
    ),
}


PROJECTED = "projected from the event log"


def awkward_messages(as_of: datetime, definitions: Definitions) -> Iterator[Message]:
    """Messages whose age is exactly what something is judged by, and a microsecond off it."""
    ages = [5, 10, 30, 60, 300, definitions.horizon_hours * 3600]
    ages.append(definitions.reply_window_hours * 3600)
    instants = [
        as_of - timedelta(seconds=age, microseconds=off) for age in ages for off in (-1, 0, 1)
    ]
    for number, at in enumerate([*instants, as_of, as_of + timedelta(hours=2)]):
        pending = Message(message_id=f"p{number}", sent_at=at)
        yield pending
        delivered = replace(pending, message_id=f"d{number}", final_status="delivered")
        yield delivered
        for seconds in (0, 5, 6, 4_000, -5, -100_000, 300_000):
            moved = at + timedelta(seconds=seconds)
            yield replace(delivered, message_id=f"d{number}.{seconds}", delivered_at=moved)
        for days in (1, 5):
            sent_at = at - timedelta(days=days)
            yield replace(
                delivered, message_id=f"l{number}.{days}", sent_at=sent_at, delivered_at=at
            )


def awkward_replies(messages: list[Message], definitions: Definitions) -> Iterator[Reply]:
    """Replies at the end of the window and a microsecond after it, and as the message is sent."""
    window = timedelta(hours=definitions.reply_window_hours)
    for number, message in enumerate(each for each in messages if each.message_id[0] in "dl"):
        since = message.delivered_at or message.sent_at
        offsets = (window, window + timedelta(microseconds=1), message.sent_at - since)
        yield Reply(
            reply_id=f"a{number}",
            received_at=since + offsets[number % len(offsets)],
            message=message,
            attribution="explicit",
        )


def write_log(layout: Layout, messages: list[Message], replies: list[Reply]) -> None:
    """Write the webhooks that these messages and replies would have come as."""
    receipts = [
        record(
            status(
                message.message_id,
                message.final_status or "sent",
                sent_at=message.sent_at,
                delivered_at=message.delivered_at,
                number=message.number,
                mnc=message.mnc,
            ),
            message.sent_at,
            {"campaign": message.campaign} if message.campaign else {},
        )
        for message in messages
    ]
    answers = [
        record(
            reply(
                each.body,
                received_at=each.received_at,
                replied_to=each.replied_to,
                number=each.number,
            ),
            each.received_at,
        )
        for each in replies
    ]
    Log(layout).seal([*receipts, *answers])


@pytest.fixture(scope="module", params=[*CLOCKS, PROJECTED])
def catalogue(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Catalogue]:
    clock, definitions = CLOCKS.get(request.param, CLOCKS["the hour that comes twice"])
    as_of = utc(clock)
    messages = [
        *random_messages(7, as_of, 1_500, 7),
        *awkward_messages(as_of, definitions),
    ]
    layout = Layout(tmp_path_factory.mktemp("data"))
    replies = [
        *random_replies(7, as_of + timedelta(days=9), messages),
        *awkward_replies(messages, definitions),
    ]
    if request.param == PROJECTED:
        write_log(layout, messages, replies)
        project(layout, definitions)
    else:
        write_projections(layout, messages, replies, definitions)
    publish(layout, definitions, as_of)
    with Catalogue.open(layout.catalogue) as opened:
        yield opened


def expected(catalogue: Catalogue, name: str, **parameters: Any) -> pl.DataFrame:
    sql = (EXPECTED / f"{name}.sql").read_text()
    used = {key: value for key, value in parameters.items() if f"${key}" in sql}
    return catalogue.frame(sql, **used)


def grouped(keys: tuple[str, ...]) -> dict[str, bool]:
    return {f"by_{key}": key in keys for key in ("date", "hour", "network", "campaign")}


def assert_same(actual: pl.DataFrame, wanted: pl.DataFrame) -> None:
    columns = [column for column in wanted.columns if column in actual.columns]
    missing = {column for column in wanted.columns if column not in KEYS} - set(columns)
    assert missing <= {"eligible_messages", "replied", "reply_rate"}
    by = [column for column in columns if column in KEYS]
    assert_frame_equal(
        actual.select(columns).sort(by or columns[:1], nulls_last=True),
        wanted.select(columns).sort(by or columns[:1], nulls_last=True),
        check_dtypes=False,
        rel_tol=1e-13,
        abs_tol=0,
    )


@pytest.mark.parametrize("view", VIEWS)
def test_view_equals_counting_the_messages(catalogue: Catalogue, view: str) -> None:
    everything = {"from_date": None, "to_date": None}
    wanted = expected(catalogue, "delivery", **grouped(VIEWS[view]), **everything)
    assert wanted.height > 1 or view == "delivery_total_daily"
    assert_same(catalogue.frame(f"from {view}"), wanted)


@pytest.mark.parametrize("macro", MACROS)
def test_period_equals_counting_its_messages(catalogue: Catalogue, macro: str) -> None:
    today = catalogue.about().today
    period = {"from_date": today - timedelta(days=4), "to_date": today - timedelta(days=1)}
    wanted = expected(catalogue, "delivery", **grouped(MACROS[macro]), **period)
    assert wanted["messages"].sum() > 100
    assert_same(catalogue.frame(f"from {macro}($from_date, $to_date)", **period), wanted)


def test_shares_add_up_to_all_messages(catalogue: Catalogue) -> None:
    rows = catalogue.frame("from network_performance")
    shares = rows["messages"] / rows["messages"].sum()
    assert rows["share"].to_list() == pytest.approx(shares.to_list())


def test_replies_by_day_and_network_equal_counting_them(catalogue: Catalogue) -> None:
    wanted = expected(
        catalogue, "replies", by_date=True, by_network=True, from_date=None, to_date=None
    )
    actual = catalogue.frame("from reply_daily")
    assert_same(actual.filter(pl.col("replies") > 0), wanted)
    rates = expected(
        catalogue, "delivery", **grouped(("date", "network")), from_date=None, to_date=None
    )
    rates = rates.filter(pl.col("eligible_messages") > 0).rename({"replied": "replied_messages"})
    columns = ["date", "mcc", "mnc", "network", "eligible_messages", "replied_messages"]
    assert_same(
        actual.filter(pl.col("eligible_messages") > 0).select(*columns, "reply_rate"),
        rates.select(*columns, "reply_rate"),
    )


def test_replies_of_a_period_equal_counting_them(catalogue: Catalogue) -> None:
    today = catalogue.about().today
    period = {"from_date": today - timedelta(days=6), "to_date": today - timedelta(days=2)}
    actual = catalogue.frame("from reply_between($from_date, $to_date)", **period)
    wanted = expected(catalogue, "replies", by_date=False, by_network=False, **period)
    rates = expected(catalogue, "delivery", **grouped(()), **period)
    assert_same(actual, wanted)
    assert actual["eligible_messages"].item() == rates["eligible_messages"].item()
    assert actual["replied_messages"].item() == rates["replied"].item()
    reached, answering, opting_out = people(catalogue, period["from_date"], period["to_date"])
    counts = len(reached), len(reached & answering), len(reached & opting_out)
    assert actual.select("recipients", "repliers", "opted_out").row(0) == counts
    assert actual["recipient_reply_rate"].item() == counts[1] / counts[0]
    assert actual["opt_out_rate"].item() == counts[2] / counts[0]


def people(
    catalogue: Catalogue, from_date: date, to_date: date, mnc: str = "%"
) -> tuple[set[str], set[str], set[str]]:
    """Return the numbers that were reached, that replied and that opted out."""
    messages = catalogue.frame(
        "from messages where state = 'delivered' and mnc like $mnc"
        " and sent_date between $from_date and $to_date",
        from_date=from_date,
        to_date=to_date,
        mnc=mnc,
    )
    replies = catalogue.frame(
        "from replies where mnc like $mnc and received_date between $from_date and $to_date",
        from_date=from_date,
        to_date=to_date,
        mnc=mnc,
    )
    return (
        set(messages["number"]),
        set(replies["number"]),
        set(replies.filter("opt_out")["number"]),
    )


def test_recipients_of_a_day_and_network_equal_counting_them(catalogue: Catalogue) -> None:
    rows = catalogue.frame("from recipient_daily where mnc = '01' order by date")
    assert rows.height > 5
    for row in rows.rows(named=True):
        reached, answering, opting_out = people(catalogue, row["date"], row["date"], "01")
        counts = len(reached), len(reached & answering), len(reached & opting_out)
        assert (row["recipients"], row["repliers"], row["opted_out"]) == counts
        assert row["recipient_reply_rate"] == counts[1] / counts[0]
        assert row["opt_out_rate_low"] <= row["opt_out_rate"] <= row["opt_out_rate_high"]


def test_honesty_of_each_network_equals_counting_its_cases(catalogue: Catalogue) -> None:
    today = catalogue.about().today
    period = {"from_date": today - timedelta(days=6), "to_date": today}
    rows = catalogue.frame("from receipt_honesty_between($from_date, $to_date)", **period)
    doubts = catalogue.frame("from receipt_doubts_between($from_date, $to_date)", **period)
    wanted = expected(catalogue, "doubts", **period)
    by = ["doubt", "reply_id"]
    assert_frame_equal(doubts.select(wanted.columns).sort(by), wanted.sort(by), check_dtypes=False)
    assert set(wanted["doubt"]) == {"undelivered", "expired", "error", "unknown", "before_delivery"}
    for row in rows.rows(named=True):
        of = wanted.filter((pl.col("mnc") == row["mnc"]) & (pl.col("network") == row["network"]))
        kinds = of["doubt"].to_list()
        assert row["doubts"] == len(kinds)
        assert row["replies_before_delivery"] == kinds.count("before_delivery")
        assert [row[f"replies_to_{kind}"] for kind in ("undelivered", "expired", "error")] == [
            kinds.count(kind) for kind in ("undelivered", "expired", "error")
        ]
        not_delivered = of.filter(pl.col("doubt") != "before_delivery")
        assert row["not_delivered_replied"] == not_delivered["message_id"].n_unique()
        assert row["explicit_doubts"] == of.filter(attribution="explicit").height
    whole = catalogue.frame("from delivery_between($from_date, $to_date)", **period)
    assert rows["messages"].sum() == whole["messages"].item()
    assert rows["latencies"].sum() == whole["latencies"].item()
    assert rows["replied"].sum() == whole["replied"].item()
    failed = whole.select("undelivered", "expired", "error", "unknown").sum_horizontal().item()
    assert rows["not_delivered"].sum() == failed
    instant = catalogue.frame(
        "from messages where latency_seconds <= 1 and sent_date between $from_date and $to_date",
        **period,
    )
    assert rows["instant"].sum() == instant.height


def test_histogram_holds_every_known_latency_in_its_bin(catalogue: Catalogue) -> None:
    bins = catalogue.frame("from latency_histogram")
    messages = catalogue.frame("from messages where latency_seconds is not null")
    edges = sorted(catalogue.frame("from internal.latency_bins")["latency_from_seconds"])
    assert (edges[0], edges[-1], len(edges)) == (0, 259_200, 31)
    wanted = messages.select(
        pl.col("sent_date").alias("date"),
        "mcc",
        "mnc",
        pl.col("latency_seconds")
        .map_elements(lambda s: max(e for e in edges if e <= s), return_dtype=pl.Int64)
        .alias("latency_from_seconds"),
    )
    by = ["date", "mcc", "mnc", "latency_from_seconds"]
    assert_frame_equal(
        bins.select(*by, "messages").sort(by),
        wanted.group_by(by).agg(pl.len().cast(pl.Int64).alias("messages")).sort(by),
    )
    assert bins.filter(pl.col("latency_to_seconds").is_null())["latency_from_seconds"].unique()[
        0
    ] == (259_200)


def test_data_quality_counts_every_fault_once(catalogue: Catalogue) -> None:
    rows = catalogue.frame(
        'select "check", sum("count")::bigint from data_quality'
        " where seconds is null and instant is null group by 1"
    )
    found = dict(rows.rows())
    messages = catalogue.frame("from messages")
    replies = catalogue.frame("from replies")
    repeated = pl.concat([messages["duplicates"], replies["copies"] - 1])
    assert found == {
        "duplicates": repeated.sum(),
        "out_of_order": messages["out_of_order"].sum(),
        "conflicting_finals": messages["conflicting_final"].sum(),
        "clock_anomalies": messages["clock_anomaly"].sum(),
        "dead_letters": 0,
        "unknown_networks": messages.filter(pl.col("network") == "226-99").height,
        "unknown_references": replies["unknown_reference"].sum(),
        "replies_before_delivery": replies["before_delivery"].sum(),
    }


@pytest.mark.parametrize("outcome", ["delivered", "other"])
def test_curve_is_that_of_aalen_and_johansen(catalogue: Catalogue, outcome: str) -> None:
    today = catalogue.about().today
    period = {"from_date": today - timedelta(days=6), "to_date": today}
    ends = expected(catalogue, "ends", **period)
    curves = catalogue.frame("from delivery_curve_between($from_date, $to_date)", **period)
    whole = catalogue.frame("from delivery_curve_total_between($from_date, $to_date)", **period)
    assert_curve(whole, ends, outcome)
    assert curves["network"].n_unique() > 3
    for (network,), curve in curves.group_by("network"):
        assert_curve(curve, ends.filter(network=network), outcome)


def assert_curve(curve: pl.DataFrame, ends: pl.DataFrame, outcome: str) -> None:
    """Compare with lifelines, which shakes tied times: what is censored must stay after them."""
    kinds = ends["end"].replace_strict(
        {"open": 0, "delivered": 1, "other": 2}, return_dtype=pl.Int64
    )
    times = 1 + ends["seconds"] + (kinds == 0).cast(float) / 4
    kind = {"delivered": 1, "other": 2}[outcome]
    if kind not in kinds:
        assert curve[f"{outcome}_share"].sum() == 0
        return
    fitter = AalenJohansenFitter(calculate_variance=False, seed=1)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        fitter.fit(times.to_numpy(), kinds.to_numpy(), event_of_interest=kind)
    estimate = fitter.cumulative_density_.iloc[:, 0]
    ordered = curve.sort("seconds")
    wanted = [float(estimate.loc[: second + 1.1].iloc[-1]) for second in ordered["seconds"]]
    assert ordered[f"{outcome}_share"].to_list() == pytest.approx(wanted, abs=1e-9)


def test_receipt_lag_is_from_delivery_to_its_receipt(catalogue: Catalogue) -> None:
    today = catalogue.about().today
    period = {"from_date": today - timedelta(days=3), "to_date": today}
    lag = catalogue.frame("from receipt_lag_between($from_date, $to_date)", **period)
    daily = catalogue.frame(
        "from receipt_lag_daily where date between $from_date and $to_date", **period
    )
    lags = pl.col("final_ingested_at") - pl.col("delivered_at")
    wanted = catalogue.frame(
        "from messages where sent_date between $from_date and $to_date"
        " and delivered_at is not null",
        **period,
    ).with_columns(lags.dt.total_milliseconds().alias("lag_ms"))
    assert lag["receipts"].item() == wanted.height == daily["receipts"].sum()
    seconds = wanted["lag_ms"].quantile(0.95, "linear")
    assert lag["receipt_lag_p95"].item() * 1000 == pytest.approx(seconds)
    by = ["date", "mnc", "network"]
    p50 = wanted.rename({"sent_date": "date"}).group_by(by).agg(pl.col("lag_ms").median() / 1000)
    both = daily.join(p50, on=by)
    assert both.height == daily.height > 5
    assert both["receipt_lag_p50"].to_list() == pytest.approx(both["lag_ms"].to_list())


def test_without_any_reply_the_reply_rate_is_not_applicable(tmp_path: Path) -> None:
    as_of = utc("2026-11-20T12:00:00")
    layout = Layout(tmp_path)
    write_projections(layout, random_messages(1, as_of, 200, 9), [], Definitions())
    publish(layout, Definitions(), as_of)
    with Catalogue.open(layout.catalogue) as catalogue:
        row = catalogue.frame("from delivery_between(null, null)").row(0, named=True)
        assert row["eligible_messages"] > 0
        assert (row["reply_rate"], row["reply_rate_low"], row["reply_rate_high"]) == (None,) * 3
        assert catalogue.frame("from reply_between(null, null)")["opt_out_rate"].item() is None


def test_dead_letters_count_on_the_day_they_came_in_the_report_time_zone(tmp_path: Path) -> None:
    layout = Layout(tmp_path)
    write_dead_letters(layout, [utc("2026-11-19T22:30:00"), utc("2026-11-19T21:30:00")])
    publish(layout, Definitions(time_zone="Europe/Bucharest"), utc("2026-11-20T12:00:00"))
    with Catalogue.open(layout.catalogue) as catalogue:
        rows = catalogue.frame(
            "select date, count from data_quality where \"check\" = 'dead_letters' order by date"
        )
    assert rows.rows() == [(date(2026, 11, 19), 1), (date(2026, 11, 20), 1)]
