"""The job of the alerts: look whether anything is wrong, write that down, tell of it.

    look ──▶ book, with its notices, on disk ──▶ each notice sent ──▶ book, without it, on disk

So a crash loses no notice; one that was sent just before may be sent twice. What cannot be sent is
tried again, ever later, for a day.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from datetime import datetime, timedelta

import msgspec
from pydantic import SecretStr

from analytics.alerts.reading import read_minutes, read_traffic
from analytics.alerts.silence import SILENCE_MIN
from analytics.door import Catalogue
from ingest.journal import Journal
from sms_analytics import alert_book, alert_rules, notifying
from sms_analytics.alert_book import Book, Finding, Kind, Notice
from sms_analytics.alert_findings import failing_jobs, silence
from sms_analytics.job_book import JobState
from sms_analytics.job_runs import Run
from sms_analytics.settings import Settings

log = logging.getLogger(__name__)

TRY_AGAIN = timedelta(seconds=30)
TRY_AGAIN_MAX = timedelta(minutes=30)
TRY_FOR = timedelta(hours=24)
TICK_SECONDS = 30
"""Between two tries to send; a look is taken less often."""

Send = Callable[[SecretStr, Notice], bool]
Seen = Callable[[], tuple[list[Run], dict[str, JobState]]]


def by_apprise(url: SecretStr, notice: Notice) -> bool:
    """Send a notice; return whether it arrived."""
    return notifying.send(url, notice.title, notice.body, is_good=notice.is_good)


class Alerting:
    """Looks, and sends what is due.

    `seen` tells of the jobs; `since` is when they began: before that nobody listened. What is
    remembered is kept in memory too, so that a disk that is full keeps nobody from being told of
    it.
    """

    def __init__(
        self, settings: Settings, seen: Seen, since: datetime, send: Send = by_apprise
    ) -> None:
        self._settings = settings
        self._seen = seen
        self._since = since
        self._send = send
        self._path = settings.layout.alerts
        self._book: Book | None = None
        self._fault: OSError | None = None

    def begin(self) -> None:
        """Put the file in place, if there is none: what is published from now on reads it."""
        if not self._path.exists():
            self._keep(Book())

    def run(self, now: datetime) -> int:
        """Look, if it is time, and send; return how many alerts began or ended, and were sent.

        Raises `AlertBookError`; at the end `OSError`, when not all could be written down, and what
        looking raises.
        """
        if self._book is None or self._fault is None:
            self._book = alert_book.read(self._path)
        else:
            self._keep(self._book)
        changed = 0
        try:
            if self._is_time(self._book, now):
                changed = self._look(self._book, now)
        finally:
            sent = self._tell(self._book, now)
        if self._fault is not None:
            raise self._fault
        return changed + sent

    def _keep(self, book: Book) -> None:
        """Remember, and write down if that is possible."""
        self._book, self._fault = book, None
        try:
            alert_book.write(self._path, book)
        except OSError as error:
            self._fault = error

    def _is_time(self, book: Book, now: datetime) -> bool:
        every = timedelta(seconds=self._settings.alerts.interval_seconds)
        return book.checked_at is None or not timedelta(0) <= now - book.checked_at < every

    def _look(self, before: Book, now: datetime) -> int:
        """Look at the jobs first: what is wrong there may keep the rest from being seen."""
        book = msgspec.structs.replace(before, checked_at=now)
        book = self._settle(book, "job", failing_jobs(*self._seen()), now)
        self._keep(book)
        catalogue_path = self._settings.layout.catalogue
        if catalogue_path.exists():
            with Catalogue.open(catalogue_path) as catalogue:
                book = self._look_at_figures(book, catalogue, now)
            self._keep(book)
        return _changes(before, book)

    def _look_at_figures(self, book: Book, catalogue: Catalogue, now: datetime) -> Book:
        about = catalogue.about()
        if not self._something_waits():
            found = []
            if about.last_event_at and about.as_of - about.last_event_at >= SILENCE_MIN:
                found = silence(read_minutes(catalogue), self._since, about.as_of)
            book = self._settle(book, "silence", found, now)
        traffic = read_traffic(catalogue)
        book = alert_rules.watch(book, traffic)
        return self._settle(book, "delivery", alert_rules.fallen(book, traffic), now)

    def _something_waits(self) -> bool:
        """Tell whether webhooks came that the catalogue does not know yet."""
        path = self._settings.layout.journal
        if not path.exists():
            return False
        with Journal.open(path) as journal:
            return journal.depth() > 0

    def _settle(self, book: Book, kind: Kind, found: list[Finding], now: datetime) -> Book:
        settings = self._settings
        url = settings.server.public_url
        return alert_rules.settle(
            book,
            kind,
            found,
            now,
            channels=len(settings.alerts.urls),
            time_zone=settings.definitions.time_zone,
            link=f"{url.rstrip('/')}/alerts" if url else "",
        )

    def _tell(self, book: Book, now: datetime) -> int:
        """Send what is due, in order; return how many notices arrived."""
        sent = 0
        held: set[tuple[str, int]] = set()
        for notice in book.notices:
            about = (notice.alert_id, notice.channel)
            if about in held or notice.due_at > now:
                held.add(about)
                continue
            if notice.channel >= len(self._settings.alerts.urls):  # it has fewer addresses now
                book = _without(book, notice)
            elif self._try(notice):
                book = _told(_without(book, notice), notice, now)
                sent += 1
            else:
                held.add(about)
                book = _later(book, notice, now)
            self._keep(book)
        return sent

    def _try(self, notice: Notice) -> bool:
        urls = self._settings.alerts.urls
        arrived = self._send(urls[notice.channel], notice)
        fields = {"to": notifying.named(urls, notice.channel), "alert": notice.alert_id}
        if arrived:
            log.info("alert sent", extra=fields)
        else:
            log.warning("alert not sent", extra=fields | {"attempts": notice.attempts + 1})
        return arrived


def _without(book: Book, notice: Notice) -> Book:
    notices = tuple(each for each in book.notices if each != notice)
    return msgspec.structs.replace(book, notices=notices)


def _told(book: Book, notice: Notice, now: datetime) -> Book:
    """Return a book that says when the first was told that an alert began."""
    alerts = tuple(
        msgspec.structs.replace(alert, told_at=now)
        if alert.alert_id == notice.alert_id and alert.told_at is None and not notice.is_good
        else alert
        for alert in book.alerts
    )
    return msgspec.structs.replace(book, alerts=alerts)


def _later(book: Book, notice: Notice, now: datetime) -> Book:
    """Return a book in which a notice is to be tried again later, or was tried for long enough."""
    if now - notice.made_at >= TRY_FOR:
        log.error("alert given up", extra={"alert": notice.alert_id, "to": notice.channel + 1})
        later: tuple[Notice, ...] = ()
    else:
        wait = min(TRY_AGAIN_MAX, TRY_AGAIN * 2 ** min(notice.attempts, 20))
        attempts = notice.attempts + 1
        later = (msgspec.structs.replace(notice, attempts=attempts, due_at=now + wait),)
    notices = (one for each in book.notices for one in (later if each == notice else (each,)))
    return msgspec.structs.replace(book, notices=tuple(notices))


def _changes(before: Book, after: Book) -> int:
    """Return how many alerts began or ended, and log each."""
    known = {alert.alert_id: alert.is_open for alert in before.alerts}
    changed = [alert for alert in after.alerts if known.get(alert.alert_id) != alert.is_open]
    for alert in changed:
        log.warning("alert" if alert.is_open else "alert over", extra={"alert": alert.alert_id})
    return len(changed)
