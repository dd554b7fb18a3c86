"""What keeps the answers fresh: seal, project, publish, report. Each can run again at any time."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from analytics import projector
from analytics.catalogue import publish as publish_catalogue
from analytics.door import Catalogue
from ingest.sealer import Sealer
from reports.build import write_report
from reports.period import last_days
from sms_analytics.settings import Settings

Say = Callable[[str], None]


@dataclass(frozen=True)
class Refreshed:
    """What one refresh did: webhooks sealed, events folded into projections."""

    sealed: int
    folded: int


def seal(settings: Settings) -> int:
    """Move all that the journal holds into the event log; return how many webhooks that were."""
    with Sealer(settings.layout) as sealer:
        return drain(sealer, settings.ingest.seal_records_max)


def drain(sealer: Sealer, records_max: int) -> int:
    """Seal batch after batch until the journal is empty."""
    total = 0
    while sealed := sealer.seal(records_max):
        total += sealed
    return total


def publish(settings: Settings, as_of: datetime) -> None:
    """Publish the catalogue as it stands at `as_of`."""
    publish_catalogue(settings.layout, settings.definitions_of_numbers(), as_of)


def refresh(settings: Settings, as_of: datetime, say: Say) -> Refreshed:
    """Seal, project, publish and report, once."""
    say("sealing the journal")
    sealed = seal(settings)
    say("projecting new events")
    folded = projector.project(settings.layout, settings.definitions_of_numbers())
    say("publishing the catalogue")
    publish(settings, as_of)
    say("writing the report")
    report(settings)
    return Refreshed(sealed, folded)


def rebuild(settings: Settings, as_of: datetime, say: Say) -> int:
    """Make every projection again from zero, and publish; return the number of events folded."""
    say("rebuilding the projections")
    folded = projector.rebuild(settings.layout, settings.definitions_of_numbers())
    say("publishing the catalogue")
    publish(settings, as_of)
    return folded


def report(settings: Settings) -> Path:
    """Write the static report of the last days into the data directory; return the page's path."""
    with Catalogue.open(settings.layout.catalogue) as catalogue:
        period = last_days(settings.reports.days, catalogue.about().today)
        return write_report(catalogue, period, settings.layout.reports)


def tidy(settings: Settings, now: datetime) -> None:
    """Delete replaced projection files that no reader can still need."""
    projector.prune(settings.layout, timedelta(hours=settings.jobs.keep_old_files_hours), now)


def utc_now() -> datetime:
    """Return the time; the one clock of the jobs."""
    return datetime.now(UTC)
