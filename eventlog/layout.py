"""Where everything lies under the data directory. The one module that knows these paths. Pure.

journal/           the durable tail, SQLite
events/            Delta table, append-only, partitioned by ingested_date
dead_letters/      Delta table, append-only
tokens/            what is kept of the webhook tokens, one file each
viewer/            the hash of the viewer's password
projections/NAME/  Delta tables, disposable
analytics.duckdb   the published catalogue of views
reports/           HTML, with one shared copy of plotly.js
exports/           CSV and Parquet
alerts/            what the alerts remember
run/               what the server's processes say of themselves, for /metrics and /readyz
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Layout:
    """The data directory of one installation."""

    root: Path

    @property
    def journal_folder(self) -> Path:
        return self.root / "journal"

    @property
    def journal(self) -> Path:
        return self.journal_folder / "journal.sqlite"

    @property
    def seal_lock(self) -> Path:
        """Held by the one process that is sealing."""
        return self.journal_folder / "seal.lock"

    @property
    def import_lock(self) -> Path:
        """Held by the one process that is importing."""
        return self.journal_folder / "import.lock"

    @property
    def compact_lock(self) -> Path:
        """Held by the one process that is merging files of the event log."""
        return self.journal_folder / "compact.lock"

    @property
    def job_lock(self) -> Path:
        """Held by the one process that is projecting or publishing."""
        return self.root / "projections" / "job.lock"

    @property
    def job_scratch(self) -> Path:
        """Filled and emptied by whoever holds the job lock."""
        return self.root / "projections" / "scratch"

    @property
    def events(self) -> Path:
        return self.root / "events"

    @property
    def dead_letters(self) -> Path:
        return self.root / "dead_letters"

    @property
    def tokens(self) -> Path:
        return self.root / "tokens"

    @property
    def viewer_password(self) -> Path:
        """The hash of the password of those who see the site; only its owner can read it."""
        return self.root / "viewer" / "password.json"

    @property
    def viewer_sessions(self) -> Path:
        """One file for each viewer who is signed in."""
        return self.root / "run" / "sessions"

    @property
    def viewer_attempts(self) -> Path:
        """When passwords were tried of late, which all server processes count together."""
        return self.root / "run" / "attempts.json"

    @property
    def projections(self) -> Path:
        return self.root / "projections"

    def projection(self, name: str) -> Path:
        return self.projections / name

    @property
    def catalogue(self) -> Path:
        return self.root / "analytics.duckdb"

    @property
    def reports(self) -> Path:
        return self.root / "reports"

    @property
    def exports(self) -> Path:
        return self.root / "exports"

    @property
    def daily_exports(self) -> Path:
        """A folder for each day, written by the jobs."""
        return self.exports / "daily"

    @property
    def alerts(self) -> Path:
        """The alerts that there were, what is watched, and what must still be told."""
        return self.root / "alerts" / "alerts.json"

    @property
    def counters(self) -> Path:
        """One file of counts for each process that takes webhooks."""
        return self.root / "run" / "counters"

    @property
    def job_book(self) -> Path:
        """When each job ran, for how long, and how it ended."""
        return self.root / "run" / "jobs.json"

    @property
    def job_runs(self) -> Path:
        """The latest runs of each job, which the view of that name reads."""
        return self.root / "run" / "job_runs.ndjson"

    @property
    def jobs_lock(self) -> Path:
        """Held by the one process that runs the jobs, of however many servers."""
        return self.root / "run" / "jobs.lock"
