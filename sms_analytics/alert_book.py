"""What alerts there were, what is watched, and what must still be told: one small file.

It is written whole, synced and renamed into place, with an alert and the notices of it in one step:
no crash loses a notice. The view `alerts` reads the alerts in it. Addresses to tell are not in it,
only their places in the setting.
"""

from __future__ import annotations

import os
from datetime import datetime
from pathlib import Path
from typing import Literal

import msgspec

from analytics.alerts.cusum import Watch
from eventlog.durable import make_folder, replace_file

ALERTS_KEPT = 1_000

Kind = Literal["delivery", "silence", "job"]


class Finding(msgspec.Struct, frozen=True, kw_only=True):
    """Something that is wrong now.

    `delivery`: a network's rate has fallen, or that of all of them (no mcc); counts are of messages
    sent since `began_at`. `silence`: no webhook since then. `job`: `job` fails since then.
    """

    kind: Kind
    began_at: datetime
    mcc: str | None = None
    mnc: str | None = None
    network: str | None = None
    job: str | None = None
    messages: int | None = None
    delivered: int | None = None
    usual_rate: float | None = None
    usual_silence_seconds: float | None = None
    error: str | None = None

    @property
    def subject(self) -> str:
        """What two findings about the same thing have in common."""
        network = f"{self.mcc}-{self.mnc}" if self.mcc else "all"
        return {"delivery": f"delivery-{network}", "job": f"job-{self.job}"}.get(
            self.kind, self.kind
        )


class Alert(Finding, frozen=True, kw_only=True):
    """A finding that was told: the columns of the view `alerts`. Open until it is resolved.

    `told_at`: when the notice that it began had reached the first who is to be told.
    """

    alert_id: str
    fired_at: datetime
    resolved_at: datetime | None = None
    told_at: datetime | None = None

    @property
    def is_open(self) -> bool:
        return self.resolved_at is None


class Notice(msgspec.Struct, frozen=True, kw_only=True):
    """What must be told to one address, at place `channel` of the setting, from `due_at` on."""

    alert_id: str
    channel: int
    is_good: bool
    title: str
    body: str
    made_at: datetime
    due_at: datetime
    attempts: int = 0


class Book(msgspec.Struct, frozen=True, kw_only=True):
    """All that is remembered between two checks. Alerts lie in the order in which they began."""

    checked_at: datetime | None = None
    alerts: tuple[Alert, ...] = ()
    watches: dict[str, Watch] = {}
    notices: tuple[Notice, ...] = ()

    @property
    def open(self) -> dict[str, Alert]:
        """The open alerts by their subject."""
        return {alert.subject: alert for alert in self.alerts if alert.is_open}


class AlertBookError(Exception):
    """The file of the alerts cannot be read; moved away, it is begun anew."""


_decoder = msgspec.json.Decoder(Book)


def read(path: Path) -> Book:
    """Return what is remembered; nothing if there is no file. Raises `AlertBookError`."""
    try:
        return _decoder.decode(path.read_bytes())
    except FileNotFoundError:
        return Book()
    except (OSError, msgspec.DecodeError) as error:
        raise AlertBookError(f"cannot read the alerts at {path}: {error}") from error


def write(path: Path, book: Book) -> None:
    """Put the file in place, synced. The oldest alerts that are over are forgotten."""
    over = [alert for alert in book.alerts if not alert.is_open][:-ALERTS_KEPT]
    forgotten = {alert.alert_id for alert in over}
    kept = tuple(alert for alert in book.alerts if alert.alert_id not in forgotten)
    make_folder(path.parent)
    aside = path.with_name(f".{path.name}.{os.getpid()}")
    aside.write_bytes(msgspec.json.encode(msgspec.structs.replace(book, alerts=kept)))
    replace_file(aside, path)
