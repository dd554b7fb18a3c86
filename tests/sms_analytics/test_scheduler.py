"""The jobs keep the catalogue fresh, whoever changed a table."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from analytics import projector
from analytics.door import Catalogue
from analytics.projections.engine import ProjectionError
from eventlog.event import DeadLetter, Reason, Record, StatusReported, Webhook, encode_record
from ingest.compactor import Compactor
from ingest.journal import Journal
from ingest.sealer import Sealer
from sms_analytics import jobs, scheduler
from sms_analytics.scheduler import Freshness
from sms_analytics.settings import Settings, load
from tests.serving import wait_until

NOW = jobs.utc_now()


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return load(data=tmp_path, jobs__idle_publish_seconds=3600)


def take(settings: Settings, outcome: StatusReported | DeadLetter) -> None:
    record = Record(
        event_id="0",
        source="import",
        ingested_at=NOW,
        webhook=Webhook(raw=b"", content_type=""),
        outcome=outcome,
    )
    with Journal.open(settings.layout.journal) as journal:
        journal.append_many([encode_record(record)])
    jobs.seal(settings)


def published(settings: Settings, query: str) -> int:
    with Catalogue.open(settings.layout.catalogue) as catalogue:
        return int(catalogue.frame(query).item())


RECEIPT = StatusReported(
    message_id="m",
    status="delivered",
    sent_at=NOW,
    delivered_at=NOW,
    number="+40700000000",
    mcc="226",
    mnc="01",
)


def test_a_dead_letter_alone_is_published(settings: Settings) -> None:
    freshness = Freshness(settings)
    freshness.refresh()
    take(settings, DeadLetter(reasons=[Reason("body", "a body")]))
    freshness.refresh()
    assert published(settings, "select count(*) from dead_letters") == 1


def test_what_another_process_projected_is_published(settings: Settings) -> None:
    freshness = Freshness(settings)
    freshness.refresh()
    take(settings, RECEIPT)
    projector.project(settings.layout, settings.definitions_of_numbers())
    freshness.refresh()
    assert published(settings, "select count(*) from messages") == 1


def test_nothing_new_publishes_nothing(settings: Settings) -> None:
    freshness = Freshness(settings)
    take(settings, RECEIPT)
    freshness.refresh()
    before = settings.layout.catalogue.stat().st_ino
    freshness.refresh()
    assert settings.layout.catalogue.stat().st_ino == before


def another_is_published(settings: Settings) -> bool:
    let_wait(settings, 1)
    return published(settings, "select count(*) from messages") > 0


def test_what_was_sealed_is_published_without_waiting_for_the_next_turn(tmp_path: Path) -> None:
    settings = load(
        data=tmp_path, ingest__seal_interval_seconds=0.2, jobs__refresh_interval_seconds=86_400
    )
    with Sealer(settings.layout) as sealer, Compactor(settings.layout, 1_000) as compactor:
        running = scheduler.schedule(settings, sealer, compactor)
        running.start()
        try:
            wait_until(settings.layout.catalogue.exists, "the first turn has published")
            wait_until(lambda: another_is_published(settings), "a webhook is in the answers")
        finally:
            running.shutdown(wait=True)


def test_every_job_has_its_time(settings: Settings) -> None:
    with Sealer(settings.layout) as sealer, Compactor(settings.layout, 1_000) as compactor:
        scheduled = scheduler.schedule(settings, sealer, compactor)
    names = {job.id for job in scheduled.get_jobs()}
    assert names == {"seal", "refresh", "report", "compact", "alerts", "tidy"}


@pytest.fixture
def sealer(settings: Settings) -> Iterator[Sealer]:
    with Sealer(settings.layout) as sealer:
        yield sealer


def let_wait(settings: Settings, records: int) -> None:
    record = Record(
        event_id="0",
        source="import",
        ingested_at=NOW,
        webhook=Webhook(raw=b"", content_type=""),
        outcome=RECEIPT,
    )
    with Journal.open(settings.layout.journal) as journal:
        journal.append_many([encode_record(record)] * records)


def test_what_waited_long_is_folded_stretch_by_stretch(
    settings: Settings, sealer: Sealer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(scheduler, "STRETCH_RECORDS", 100)
    let_wait(settings, 250)
    folded: list[int] = []
    sealing = scheduler.Sealing(settings, sealer, lambda: folded.append(jobs.project(settings)))
    sealing._records_max = 50
    assert sealing.seal() == 250
    assert folded == [100, 100]
    assert jobs.project(settings) == 50


def test_a_fold_that_fails_keeps_nothing_unsealed(
    settings: Settings, sealer: Sealer, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail() -> None:
        raise ProjectionError("out of memory")

    monkeypatch.setattr(scheduler, "STRETCH_RECORDS", 100)
    let_wait(settings, 250)
    sealing = scheduler.Sealing(settings, sealer, fail)
    sealing._records_max = 50
    assert sealing.seal() == 250


def test_a_stop_that_cannot_seal_leaves_it_to_the_next_start(
    settings: Settings, caplog: pytest.LogCaptureFixture
) -> None:
    let_wait(settings, 3)
    with Sealer(settings.layout) as closed:
        pass
    scheduler._seal_the_rest(closed, 10)
    assert "not all is sealed" in caplog.text
    assert jobs.seal(settings) == 3
