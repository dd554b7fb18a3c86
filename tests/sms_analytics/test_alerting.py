"""The job finds what is wrong in a real catalogue, and no crash loses a notice of it."""

from __future__ import annotations

import os
import shutil
import stat
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import msgspec
import pytest
from pydantic import SecretStr

from analytics.door import Catalogue, CatalogueMissing
from eventlog.event import encode_record
from ingest.journal import Journal
from sms_analytics import alert_book, job_book, job_runs, jobs
from sms_analytics.alert_book import AlertBookError, Book, Notice
from sms_analytics.alerting import TRY_FOR, Alerting, Send, by_apprise
from sms_analytics.job_book import JobState
from sms_analytics.job_runs import JobRuns, Outcome, Run
from sms_analytics.settings import Settings
from tests.analytics.made import Message, write_events, write_projections
from tests.ingest.records import record
from tests.serving import run
from tests.sms_analytics.receiving import Inbox, http_inbox

NOW = datetime(2026, 11, 24, 12, tzinfo=UTC)
LONG_AGO = NOW - timedelta(days=30)
LOOK = timedelta(minutes=5)
EVERY = timedelta(minutes=2)
NETWORKS = ("01", "10")


class Killed(BaseException):
    """What ends a process at once."""


@pytest.fixture
def inbox() -> Iterator[Inbox]:
    with http_inbox() as inbox:
        yield inbox


@pytest.fixture
def settings(tmp_path: Path, inbox: Inbox) -> Settings:
    urls = (SecretStr(inbox.url),)
    return Settings(data=tmp_path / "data", alerts={"urls": urls})


def alerting_of(settings: Settings, send: Send = by_apprise) -> Alerting:
    layout = settings.layout

    def seen() -> tuple[list[Run], dict[str, JobState]]:
        return job_runs.read(layout.job_runs), job_book.read(layout.job_book)

    return Alerting(settings, seen, LONG_AGO, send)


def fail_twice(settings: Settings, *more: Outcome) -> None:
    runs = JobRuns(settings.layout.job_runs)
    for number, outcome in enumerate(("failed", "failed", *more)):
        at = NOW + timedelta(seconds=number)
        runs.put(Run(job="refresh", started_at=at, outcome=outcome, error="OSError"))
    runs.write(synced=False)


def titles(inbox: Inbox) -> list[str]:
    return [post["title"] for post in inbox.posts]


def test_a_job_that_fails_twice_is_told_of_once_and_when_it_is_well(
    settings: Settings, inbox: Inbox
) -> None:
    fail_twice(settings)
    alerting = alerting_of(settings)
    assert alerting.run(NOW) == 2
    assert alerting.run(NOW + timedelta(seconds=30)) == 0
    assert alerting.run(NOW + LOOK) == 0
    fail_twice(settings, "succeeded")
    alerting.run(NOW + LOOK + timedelta(seconds=30))
    assert titles(inbox) == ["Job refresh fails"]
    alerting.run(NOW + 2 * LOOK)
    assert titles(inbox) == ["Job refresh fails", "Job refresh is well again"]
    (alert,) = alert_book.read(settings.layout.alerts).alerts
    assert (alert.told_at, alert.resolved_at) == (NOW, NOW + 2 * LOOK)


def test_a_crash_before_the_notice_is_sent_loses_nothing(settings: Settings, inbox: Inbox) -> None:
    def killed(_: SecretStr, __: Notice) -> bool:
        raise Killed

    fail_twice(settings)
    with pytest.raises(Killed):
        alerting_of(settings, killed).run(NOW)
    alerting_of(settings).run(NOW + timedelta(seconds=30))
    assert titles(inbox) == ["Job refresh fails"]


def test_a_crash_just_after_it_was_sent_sends_it_twice_at_most(
    settings: Settings, inbox: Inbox
) -> None:
    def killed(url: SecretStr, notice: Notice) -> bool:
        assert by_apprise(url, notice)
        raise Killed

    fail_twice(settings)
    with pytest.raises(Killed):
        alerting_of(settings, killed).run(NOW)
    for minutes in (1, 2, 3):
        alerting_of(settings).run(NOW + timedelta(minutes=minutes))
    assert titles(inbox) == ["Job refresh fails"] * 2


def test_what_is_not_taken_is_tried_again_ever_later_and_in_order(
    settings: Settings, inbox: Inbox, caplog: pytest.LogCaptureFixture
) -> None:
    fail_twice(settings)
    alerting = alerting_of(settings)
    inbox.status = 500
    seconds = range(0, 600, 30)
    tries = []
    for second in seconds:
        alerting.run(NOW + timedelta(seconds=second))
        tries.append(len(inbox.posts))
        if second == 300:
            fail_twice(settings, "succeeded")
    tried_at = [s for s, now, last in zip(seconds, tries, [0, *tries], strict=False) if now > last]
    assert tried_at == [0, 30, 90, 210, 450]
    assert set(titles(inbox)) == {"Job refresh fails"}
    inbox.status = 200
    alerting.run(NOW + timedelta(hours=1))
    assert titles(inbox)[-2:] == ["Job refresh fails", "Job refresh is well again"]
    assert alert_book.read(settings.layout.alerts).notices == ()
    assert "s3cr3t" not in caplog.text


def test_after_a_day_it_is_given_up(settings: Settings, inbox: Inbox) -> None:
    fail_twice(settings)
    inbox.status = 500
    alerting = alerting_of(settings)
    alerting.run(NOW)
    alerting.run(NOW + TRY_FOR)
    book = alert_book.read(settings.layout.alerts)
    assert book.notices == ()
    assert book.open["job-refresh"].told_at is None


def test_an_address_that_is_gone_from_the_setting_holds_nothing_up(
    settings: Settings, inbox: Inbox
) -> None:
    fail_twice(settings)
    inbox.status = 500
    alerting_of(settings).run(NOW)
    assert alerting_of(Settings(data=settings.data)).run(NOW + LOOK) == 0
    book = alert_book.read(settings.layout.alerts)
    assert (book.notices, book.open["job-refresh"].told_at) == ((), None)


def test_a_disk_that_takes_nothing_keeps_nobody_from_being_told_once(
    settings: Settings, inbox: Inbox
) -> None:
    alerting = alerting_of(settings)
    alerting.begin()
    in_the_way = settings.layout.alerts.with_name(f".alerts.json.{os.getpid()}")
    in_the_way.mkdir()
    fail_twice(settings)
    for minutes in (0, 1, 5, 6):
        with pytest.raises(IsADirectoryError):
            alerting.run(NOW + timedelta(minutes=minutes))
    assert titles(inbox) == ["Job refresh fails"]
    in_the_way.rmdir()
    assert alerting.run(NOW + timedelta(minutes=7)) == 0
    assert alert_book.read(settings.layout.alerts).open["job-refresh"].told_at == NOW


def test_without_addresses_alerts_are_kept_for_the_site(tmp_path: Path) -> None:
    settings = Settings(data=tmp_path / "data")
    fail_twice(settings)
    assert alerting_of(settings).run(NOW) == 1
    book = alert_book.read(settings.layout.alerts)
    assert (len(book.open), book.notices) == (1, ())


def test_what_is_secret_is_not_in_the_file(settings: Settings, inbox: Inbox) -> None:
    inbox.status = 500
    fail_twice(settings)
    alerting_of(settings).run(NOW)
    assert b"s3cr3t" not in settings.layout.alerts.read_bytes()
    assert "s3cr3t" not in repr(settings)


def test_what_is_published_before_the_first_alert_shows_it_later(settings: Settings) -> None:
    alerting = alerting_of(settings)
    alerting.begin()
    jobs.publish(settings, NOW)
    fail_twice(settings)
    alerting.run(NOW)
    alerting.begin()
    with Catalogue.open(settings.layout.catalogue) as catalogue:
        assert catalogue.frame("select job from alerts").item() == "refresh"


def test_a_file_that_cannot_be_read_is_said_and_left(settings: Settings) -> None:
    settings.layout.alerts.parent.mkdir(parents=True)
    settings.layout.alerts.write_text('{"alerts": [')
    with pytest.raises(AlertBookError, match="cannot read the alerts"):
        alerting_of(settings).run(NOW)
    assert settings.layout.alerts.read_text() == '{"alerts": ['


def test_a_catalogue_that_cannot_be_read_keeps_no_failing_job_untold(
    settings: Settings, inbox: Inbox
) -> None:
    fail_twice(settings)
    settings.layout.catalogue.write_text("no catalogue")
    with pytest.raises(CatalogueMissing):
        alerting_of(settings).run(NOW)
    assert titles(inbox) == ["Job refresh fails"]


def message(sent_at: datetime, mnc: str, number: int, fallen: Sequence[str]) -> Message:
    sent = Message(message_id=f"{mnc}-{sent_at:%d%H%M%S}", sent_at=sent_at, mnc=mnc)
    if mnc in fallen:
        return sent
    if number % 20 == 0:
        return replace(sent, final_status="error")
    delivered_at = sent_at + timedelta(seconds=4)
    return replace(sent, final_status="delivered", delivered_at=delivered_at)


def send(settings: Settings, since: datetime, upto: datetime, *fallen: str) -> None:
    """Have messages sent, nineteen of twenty of them delivered, but on networks that have fallen.

    Receipts come at once, of all but those that fell, and the catalogue is published.
    """
    count = int((upto - since) / EVERY)
    messages = [
        message(since + number * EVERY, mnc, number, fallen)
        for number in range(count)
        for mnc in NETWORKS
    ]
    write_projections(settings.layout, messages, [], settings.definitions_of_numbers())
    write_events(settings.layout, messages)
    jobs.publish(settings, upto)


@pytest.fixture(scope="module")
def week(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Make the data folder of some days in which all was as usual."""
    settings = Settings(data=tmp_path_factory.mktemp("week"))
    send(settings, NOW - timedelta(days=4), NOW)
    return settings.data


def test_a_network_that_falls_is_told_of_and_that_it_is_back(
    settings: Settings, inbox: Inbox, week: Path
) -> None:
    alerting = alerting_of(settings)
    hour = timedelta(hours=1)
    shutil.copytree(week, settings.data, dirs_exist_ok=True)
    jobs.publish(settings, NOW)
    assert alerting.run(NOW) == 0
    send(settings, NOW, NOW + hour, "10")
    assert alerting.run(NOW + hour) == 2
    (post,) = inbox.posts
    assert post["title"] == "Delivery on Orange has fallen"
    assert (
        "0.0 % were delivered within 5 minutes; usual at this time of day is 9" in post["message"]
    )
    send(settings, NOW + hour, NOW + 2 * hour)
    with Catalogue.open(settings.layout.catalogue) as catalogue:
        told = catalogue.frame("select network, mnc, is_open, delivered, usual_rate from alerts")
        assert told.row(0)[:4] == ("Orange", "10", True, 0)
    assert alerting.run(NOW + 2 * hour) == 2
    assert titles(inbox)[1:] == ["Delivery on Orange is back"]


def test_all_networks_that_fall_are_told_of_as_one_and_silence_is_something_else(
    settings: Settings, inbox: Inbox, week: Path
) -> None:
    alerting = alerting_of(settings)
    hour = timedelta(hours=1)
    shutil.copytree(week, settings.data, dirs_exist_ok=True)
    send(settings, NOW, NOW + hour, *NETWORKS)
    alerting.run(NOW + hour)
    assert titles(inbox) == ["Delivery on all networks has fallen"]
    jobs.publish(settings, NOW + 2 * hour)
    alerting.run(NOW + 2 * hour)
    assert titles(inbox)[1:] == ["No webhook comes"]
    assert "was 2 minutes" in inbox.posts[1]["message"]
    with Journal.open(settings.layout.journal) as journal:
        journal.append_many([encode_record(record(1))])
    jobs.publish(settings, NOW + 3 * hour)
    assert alerting.run(NOW + 3 * hour) == 0, "what waits to be sealed may be a webhook"


def test_the_commands_list_and_try(settings: Settings, inbox: Inbox, tmp_path: Path) -> None:
    fail_twice(settings)
    alerting_of(settings).run(NOW)
    listed = run("alerts", "list", "--data", settings.data).stdout
    assert listed.startswith("24 Nov 12:00  Job refresh fails: It failed twice in a row")
    assert listed.endswith("[open]\n")
    assert run("alerts", "list", "--data", tmp_path / "other").stdout == ""
    nobody = run("alerts", "test", "--data", settings.data)
    assert nobody.returncode == 1
    assert "alerts.urls has no address" in nobody.stderr


def test_a_test_says_which_address_it_reached(
    inbox: Inbox, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    good, bad = inbox.url, "nonsense://s3cr3t"
    urls = msgspec.json.encode([good, bad]).decode()
    monkeypatch.setenv("SMS_ANALYTICS_ALERTS__URLS", urls)
    tried = run("alerts", "test", "--data", tmp_path)
    assert (tried.returncode, tried.stdout) == (1, "1 (json): sent\n")
    assert "2 (nonsense)" in tried.stderr
    assert "s3cr3t" not in tried.stderr
    assert titles(inbox) == ["A test of the alerts"]


def test_the_file_is_whole_or_the_one_before(tmp_path: Path) -> None:
    path = tmp_path / "data" / "alerts.json"
    alert_book.write(path, Book(checked_at=NOW))
    alert_book.write(path, Book(checked_at=NOW + LOOK))
    assert alert_book.read(path).checked_at == NOW + LOOK
    assert [entry.name for entry in path.parent.iterdir()] == [path.name]
    assert stat.S_ISREG(path.stat().st_mode)
