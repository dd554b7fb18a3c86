"""Takes recorded webhooks in, file by file, through the same decoder and journal as HTTP."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from eventlog.lock import held
from ingest.importer import ImportSummary, decoders, import_file
from ingest.journal import Journal
from ingest.taken import Taken
from sms_analytics.clock import utc_now
from sms_analytics.failures import CommandError
from sms_analytics.progress import Advance
from sms_analytics.settings import Settings


@dataclass(frozen=True)
class Imported:
    """What was taken from every file, and a line for each thing that was not."""

    events: int
    dead_letters: int
    taken_before: int
    complaints: tuple[str, ...]

    def __str__(self) -> str:
        before = f"; {self.taken_before:,} had been imported before" if self.taken_before else ""
        return (
            f"imported {self.events:,} events and {self.dead_letters:,} dead letters{before};"
            " `sms-analytics refresh` or a running server brings them into the reports"
        )


def import_files(
    settings: Settings, files: Sequence[Path], advance: Advance, *, allow_duplicates: bool = False
) -> Imported:
    """Import every file in turn; `advance` is told the bytes done and the bytes in all.

    What an earlier import has taken is left out, unless `allow_duplicates`. Raises `CommandError`
    before anything is taken when a file cannot be read, `JournalError` when the journal fails;
    what was taken before that is safe.
    """
    sizes = [_size(file) for file in files]
    total = sum(sizes)
    summaries = []
    with (
        held(settings.layout.import_lock),
        Journal.open(settings.layout.journal) as journal,
        decoders(total) as pool,
    ):
        for file, before in zip(files, _sums(sizes), strict=True):
            taken = Taken(() if allow_duplicates else journal.imported_keys())
            with file.open("rb") as lines:
                summaries.append(
                    import_file(
                        lines,
                        journal,
                        utc_now,
                        lambda done, before=before: advance(before + done, total),  # type: ignore[misc]
                        taken=taken,
                        pool=pool,
                    )
                )
    return Imported(
        events=sum(summary.events for summary in summaries),
        dead_letters=sum(summary.dead_letters for summary in summaries),
        taken_before=sum(summary.taken_before for summary in summaries),
        complaints=tuple(
            complaint
            for file, summary in zip(files, summaries, strict=True)
            for complaint in _complaints(file, summary)
        ),
    )


def _size(file: Path) -> int:
    try:
        if not file.is_fifo():  # who opens a pipe and closes it again takes its writer away
            file.open("rb").close()
        return file.stat().st_size
    except OSError as error:
        raise CommandError(f"cannot read {file}: {error.strerror}") from error


def _sums(sizes: Sequence[int]) -> list[int]:
    return [sum(sizes[:index]) for index in range(len(sizes))]


def _complaints(file: Path, summary: ImportSummary) -> list[str]:
    named = [f"{file}:{line.number}: {line.problem}" for line in summary.refused_lines]
    if unnamed := summary.refused - len(named):
        named.append(f"{file}: {unnamed:,} more lines like these")
    return named
