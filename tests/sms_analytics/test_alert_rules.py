"""An alert begins once, is quiet for an hour after its end, and tells of all networks as one."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import msgspec
import pytest

from analytics.alerts.cusum import BUCKET, Bucket, Watch
from analytics.alerts.reading import Key, Traffic
from analytics.alerts.usual import Hour
from sms_analytics.alert_book import Alert, Book, Finding
from sms_analytics.alert_rules import QUIET, fallen, settle, watch

NOW = datetime(2026, 11, 24, 12, tzinfo=UTC)
HOUR = timedelta(hours=1)
SILENT = Finding(kind="silence", began_at=NOW, usual_silence_seconds=60)
ORANGE, DIGI = ("226", "10"), ("226", "05")


def settled(book: Book, now: datetime, *findings: Finding) -> Book:
    return settle(book, "silence", findings, now, channels=2, time_zone="Europe/Bucharest")


def test_an_alert_begins_once_and_ends_once_each_with_a_notice_to_everyone() -> None:
    book = settled(Book(), NOW, SILENT)
    for minutes in (5, 10):
        book = settled(book, NOW + timedelta(minutes=minutes), SILENT)
    assert [notice.channel for notice in book.notices] == [0, 1]
    assert "24 Nov 14:00" in book.notices[0].body
    over = settled(book, NOW + HOUR)
    assert settled(over, NOW + 2 * HOUR) == over
    (alert,) = over.alerts
    assert (alert.fired_at, alert.resolved_at) == (NOW, NOW + HOUR)
    assert [notice.is_good for notice in over.notices] == [False, False, True, True]
    assert over.notices[-1].body.endswith("is over after 60 minutes.")


def test_for_an_hour_after_its_end_the_same_alert_is_quiet() -> None:
    over = settled(settled(Book(), NOW, SILENT), NOW + HOUR)
    assert settled(over, NOW + HOUR + QUIET - BUCKET, SILENT) == over
    again = settled(over, NOW + HOUR + QUIET, SILENT)
    assert [alert.is_open for alert in again.alerts] == [False, True]
    assert len({alert.alert_id for alert in again.alerts}) == 2


def test_an_open_alert_is_told_what_is_known_now_and_other_kinds_are_left_alone() -> None:
    book = settled(Book(), NOW, SILENT)
    job = Finding(kind="job", job="seal", began_at=NOW, error="OSError")
    book = settle(book, "job", [job], NOW, channels=0, time_zone="UTC")
    later = msgspec.structs.replace(SILENT, began_at=NOW + HOUR, usual_silence_seconds=9)
    alert = settled(book, NOW + HOUR, later).open["silence"]
    assert (alert.began_at, alert.usual_silence_seconds) == (NOW, 9)
    assert settled(book, NOW + HOUR).open.keys() == {"job-seal"}


def traffic(*counts: tuple[int, int], name: str = "Orange", upto: datetime = NOW) -> Traffic:
    """A network with a usual week of 240 an hour at 95 %, and buckets up to a moment."""
    begins = NOW - timedelta(days=7)
    hours = [Hour(begins + n * HOUR, (begins + n * HOUR).hour, 240, 228) for n in range(7 * 24)]
    first = upto - len(counts) * BUCKET
    buckets = [Bucket(first + n * BUCKET, 12, *pair) for n, pair in enumerate(counts)]
    return Traffic(name, upto, hours=hours, buckets=buckets)


WELL, BAD = ((20, 19),) * 6, ((20, 19),) * 2 + ((20, 2),) * 4


def found(networks: dict[Key, Traffic], book: Book | None = None) -> list[str]:
    watched = watch(book or Book(), networks)
    return [finding.subject for finding in fallen(watched, networks)]


def test_a_network_that_fell_is_found_alone() -> None:
    networks = {ORANGE: traffic(*BAD), DIGI: traffic(*WELL, name="Digi")}
    (finding,) = fallen(watch(Book(), networks), networks)
    assert (finding.network, finding.messages, finding.delivered) == ("Orange", 80, 8)
    assert finding.began_at == NOW - 4 * BUCKET
    assert finding.usual_rate == pytest.approx(0.95, abs=0.005)


def test_all_networks_are_told_of_as_one() -> None:
    networks = {ORANGE: traffic(*BAD), DIGI: traffic(*BAD, name="Digi")}
    (finding,) = fallen(watch(Book(), networks), networks)
    assert (finding.network, finding.mcc, finding.messages) == (None, None, 160)


def test_one_network_is_not_all_and_one_without_traffic_is_not_asked() -> None:
    idle = traffic(*((1, 1),) * 6, name="Digi")
    assert found({ORANGE: traffic(*BAD)}) == ["delivery-226-10"]
    assert found({ORANGE: traffic(*BAD), DIGI: idle}) == ["delivery-226-10"]


def test_one_that_is_half_way_there_makes_it_all() -> None:
    half = traffic(*WELL[:5], (20, 12), name="Digi")
    watched = watch(Book(), {DIGI: half}).watches["226-05"]
    assert 0.5 <= watched.share < 1
    assert found({ORANGE: traffic(*BAD), DIGI: half}) == ["delivery-all"]


def alert(**fields: object) -> Alert:
    known = {"kind": "delivery", "began_at": NOW, "fired_at": NOW, "alert_id": "a"}
    return msgspec.convert(known | fields, Alert, from_attributes=True)


def test_while_all_is_open_no_network_has_one_of_its_own_but_an_open_one_goes_on() -> None:
    networks = {ORANGE: traffic(*BAD), DIGI: traffic(*WELL, name="Digi")}
    book = Book(alerts=(alert(),))
    assert found(networks, book) == ["delivery-all"]
    both = Book(alerts=(alert(), alert(alert_id="b", mcc="226", mnc="10")))
    assert found(networks, both) == ["delivery-all", "delivery-226-10"]
    assert found({ORANGE: traffic(*WELL), DIGI: traffic(*WELL)}, both) == []


def test_no_bucket_is_judged_twice() -> None:
    networks = {ORANGE: traffic(*BAD)}
    once = watch(Book(), networks)
    assert watch(once, networks) == once


def test_a_network_without_a_known_week_is_not_judged() -> None:
    young = traffic(*BAD)
    young.hours = young.hours[-30:]
    assert found({ORANGE: young}) == []


def test_hours_of_an_outage_are_not_usual_for_a_day() -> None:
    bad = traffic(*WELL)
    yesterday = NOW - timedelta(days=1)
    bad.hours = [
        hour if hour.starts_at < yesterday else Hour(hour.starts_at, hour.hour_of_day, 240, 0)
        for hour in bad.hours
    ]
    outage = alert(mcc="226", mnc="10", began_at=yesterday, resolved_at=NOW)
    known = watch(Book(alerts=(outage,)), {ORANGE: bad}).watches["226-10"]
    assert known == Watch(judged_upto=NOW)
    assert watch(Book(), {ORANGE: bad}).watches["226-10"] == Watch(judged_upto=NOW)
    dipped = traffic(*((20, 15),) * 6)
    dipped.hours = bad.hours
    assert found({ORANGE: dipped}, Book(alerts=(outage,))) == ["delivery-226-10"]
    assert found({ORANGE: dipped}) == []


def test_what_sends_nothing_any_more_is_forgotten() -> None:
    book = watch(Book(), {ORANGE: traffic(*WELL)})
    gone = traffic(upto=NOW + timedelta(hours=25))
    assert book.watches.keys() == {"226-10"}
    assert watch(book, {ORANGE: gone}).watches == {}


def test_what_is_down_stays_so_while_it_sends_nothing_or_its_week_is_gone() -> None:
    book = watch(Book(), {ORANGE: traffic(*BAD)})
    gone = traffic(upto=NOW + timedelta(hours=25))
    assert watch(book, {ORANGE: gone}).watches == book.watches
    gone.hours = []
    assert watch(book, {ORANGE: gone}).watches == book.watches
