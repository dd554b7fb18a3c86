"""What keeps the answers fresh: seal, project, publish, report. Each can run again at any time."""

from __future__ import annotations

import os
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from analytics import daybook, projector
from analytics.catalogue import publish as publish_catalogue
from analytics.door import Catalogue
from analytics.projections.engine import Resources
from ingest.compactor import Compactor, delete_replaced
from ingest.sealer import Sealer
from reports.build import write_report
from reports.period import last_days
from sms_analytics.clock import utc_now as utc_now
from sms_analytics.settings import Settings
from sms_analytics.turn import is_taken

Say = Callable[[str], None]


MERGES_PER_RUN = 100
PAUSE_BETWEEN_MERGES_SECONDS = 0.02


@dataclass(frozen=True)
class Refreshed:
    """What one refresh did: webhooks sealed, events folded into projections."""

    sealed: int
    folded: int


def seal(settings: Settings) -> int:
    """Move all that the journal holds into the event log; return how many webhooks that were."""
    with Sealer(settings.layout) as sealer:
        return drain(sealer, settings.ingest.seal_records_max)


def drain(sealer: Sealer, records_max: int, total_max: int | None = None) -> int:
    """Seal batch after batch until the journal is empty, or so many records are sealed."""
    total = 0
    while (total_max is None or total < total_max) and (sealed := sealer.seal(records_max)):
        total += sealed
    return total


def project(settings: Settings) -> int:
    """Fold what is new in the event log into the projections; return how many events that were.

    DuckDB's threads compute when nobody else wants to. This one goes on with them, no slower than
    it was: it may be needed by who seals.
    """
    resources = Resources(settings.jobs.memory_bytes_max, give_way=True)
    return projector.project(settings.layout, settings.definitions_of_numbers(), resources)


def publish(settings: Settings, as_of: datetime) -> None:
    """Publish the catalogue as it stands at `as_of`."""
    publish_catalogue(settings.layout, settings.definitions_of_numbers(), as_of)


def refresh(settings: Settings, as_of: datetime, say: Say) -> Refreshed:
    """Seal, project, publish and report, once."""
    done = bring_in(settings, as_of, say)
    say("writing the report")
    report(settings)
    return done


def bring_in(settings: Settings, as_of: datetime, say: Say) -> Refreshed:
    """Seal, project and publish, so that the catalogue has all that was acknowledged."""
    say("sealing the journal")
    sealed = seal(settings)
    say("projecting new events")
    folded = project(settings)
    say("publishing the catalogue")
    publish(settings, as_of)
    return Refreshed(sealed, folded)


def compact(settings: Settings, as_of: datetime, say: Say) -> int:
    """Seal, merge small files, project and publish, so that readers go to the merged ones.

    Then delete what was replaced long ago: where no server runs, nobody else does.
    Returns how many files were merged into others.
    """
    say("sealing the journal")
    seal(settings)
    say("merging small files")
    merged = 0
    with Compactor(settings.layout, settings.jobs.compact_file_rows) as compactor:
        while count := compactor.compact():
            merged += count
            say(f"merging small files: {merged:,}")
    say("projecting new events")
    project(settings)
    say("publishing the catalogue")
    publish(settings, as_of)
    say("deleting old files")
    tidy(settings, as_of)
    return merged


def merge(compactor: Compactor) -> int:
    """Merge small files, so many times at most; return how many files were merged into others.

    Between two merges whoever waits to seal has a turn.
    """
    merged = 0
    for _ in range(MERGES_PER_RUN):
        count = compactor.compact()
        if not count:
            break
        merged += count
        time.sleep(PAUSE_BETWEEN_MERGES_SECONDS)
    return merged


def rebuild(settings: Settings, as_of: datetime, say: Say) -> int:
    """Make every projection again from zero, and publish; return the number of events folded.

    Beside a server one processor is left to it, where there are two.
    """
    say("rebuilding the projections")
    others = max(1, (os.cpu_count() or 1) - 1)
    threads = others if is_taken(settings.layout.jobs_lock) else None
    resources = Resources(settings.jobs.memory_bytes_max, threads)
    folded = projector.rebuild(settings.layout, settings.definitions_of_numbers(), resources)
    say("publishing the catalogue")
    publish(settings, as_of)
    return folded


def report(settings: Settings) -> Path:
    """Write the static report of the last days into the data directory; return the page's path."""
    with Catalogue.open(settings.layout.catalogue) as catalogue:
        period = last_days(settings.reports.days, catalogue.about().today)
        return write_report(catalogue, period, settings.layout.reports)


def tidy(settings: Settings, now: datetime) -> None:
    """Delete replaced files that no reader can still need.

    A file that was replaced after the catalogue's moment may be named in it, however long ago that
    was; so the grace period counts back from that moment, when nothing was published since.
    """
    grace = timedelta(hours=settings.jobs.keep_old_files_hours)
    before = min(now - grace, _published_as_of(settings, now))
    projector.prune(settings.layout, timedelta(0), before)
    daybook.prune(settings.layout, before)
    delete_replaced(settings.layout, before)


def _published_as_of(settings: Settings, now: datetime) -> datetime:
    if not settings.layout.catalogue.exists():
        return now
    with Catalogue.open(settings.layout.catalogue) as catalogue:
        return catalogue.about().as_of
