"""Catalogues to look at, each made by the whole pipeline, from journal to views."""

from __future__ import annotations

import io
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from urllib.parse import urlencode

from analytics.catalogue import publish
from analytics.definitions import Definitions
from analytics.projector import project
from eventlog.layout import Layout
from ingest.importer import import_file
from ingest.journal import Journal
from ingest.sealer import Sealer
from reports.period import Period
from simulator.recording import write_recording
from simulator.traffic import Delivery, history

AS_OF = datetime(2026, 11, 24, 9, 30, tzinfo=UTC)
MONTH = Period(date(2026, 10, 26), date(2026, 11, 24))
TODAY = Period(date(2026, 11, 24), date(2026, 11, 24))
DEFINITIONS = Definitions(time_zone="Europe/Bucharest")
HOSTILE = "</script><img src=x onerror=\"document.title='!'\"><b>%{x}</b>"
ONE_WORD = "W" * 120


@dataclass(frozen=True)
class Made:
    """A published catalogue, and the webhooks that it was made from."""

    path: Path
    deliveries: list[Delivery]


def made(folder: Path, deliveries: Iterable[Delivery], names: Path | None = None) -> Made:
    """Take the webhooks through everything that a running service takes them through."""
    layout = Layout(folder / "data")
    listed = list(deliveries)
    lines = io.StringIO()
    write_recording(listed, lines)
    with Journal.open(layout.journal) as journal:
        import_file(
            lines.getvalue().encode().splitlines(), journal, lambda: AS_OF, lambda _bytes: None
        )
    with Sealer(layout) as sealer:
        while sealer.seal(10_000):
            pass
    project(layout, DEFINITIONS)
    publish(layout, DEFINITIONS, AS_OF, names)
    return Made(layout.catalogue, listed)


def busy(folder: Path) -> Made:
    """Make a catalogue of two thousand messages of 40 days, with a bad stretch."""
    return made(folder, history(1, AS_OF - timedelta(days=40), AS_OF, 2_000))


def sparse(folder: Path) -> Made:
    """Make a catalogue of ten messages."""
    return made(folder, (receipt(n) for n in range(10)))


def empty(folder: Path) -> Made:
    """Make a catalogue of nothing at all."""
    return made(folder, [])


def hostile(folder: Path) -> Made:
    """Make a catalogue whose campaign and busiest network have markup for names.

    The other network's is a word longer than a line.
    """
    folder.mkdir(parents=True, exist_ok=True)
    names = folder / "names.csv"
    quoted = HOSTILE.replace('"', '""')
    names.write_text(
        "mcc,mnc,network,country,country_code,valid_from,valid_to\n"
        f'226,01,"{quoted}",Romania,RO,,\n226,10,{ONE_WORD},Romania,RO,,\n',
        encoding="utf-8",
    )
    receipts = [receipt(n, campaign=HOSTILE) for n in range(60)]
    return made(folder, [*receipts, reply(1), reply(2)], names)


def renamed(folder: Path) -> Made:
    """Make a catalogue whose busiest network changed its name amidst its messages."""
    folder.mkdir(parents=True, exist_ok=True)
    names = folder / "names.csv"
    names.write_text(
        "mcc,mnc,network,country,country_code,valid_from,valid_to\n"
        "226,01,Elder,Romania,RO,,2026-11-19\n"
        "226,01,Younger,Romania,RO,2026-11-20,\n",
        encoding="utf-8",
    )
    return made(folder, [*map(receipt, range(60)), reply(1), reply(2)], names)


def receipt(number: int, campaign: str = "") -> Delivery:
    """Make the receipt of a message; one in five was not delivered, every third is on Orange."""
    sent = AS_OF - timedelta(days=4, hours=number % 24)
    delivered = sent + timedelta(seconds=2 + number % 9)
    form = {
        "uuid": f"11111111-2222-4333-8444-{number:012d}",
        "status": "delivered" if number % 5 else "undelivered",
        "sent_at": f"{sent:%Y-%m-%d %H:%M:%S}",
        "delivered_at": f"{delivered:%Y-%m-%d %H:%M:%S}" if number % 5 else "",
        **_person("receiver", number),
    }
    url = f"/webhooks/smso?{urlencode({'campaign': campaign})}" if campaign else "/webhooks/smso"
    return _delivery(delivered, form, url)


def reply(number: int) -> Delivery:
    """Make a reply whose text is markup."""
    received = AS_OF - timedelta(days=3, hours=number)
    form = {
        "body": HOSTILE,
        "replied_to": "sent",
        "received_at": f"{received:%Y-%m-%d %H:%M:%S}",
        **_person("sender", number),
    }
    return _delivery(received, form, "/webhooks/smso")


def _person(role: str, number: int) -> dict[str, str]:
    return {
        f"{role}[number]": f"+40722{number:06d}",
        f"{role}[mcc]": "226",
        f"{role}[mnc]": "10" if number % 3 == 0 else "01",
    }


def _delivery(at: datetime, form: dict[str, str], url: str) -> Delivery:
    return Delivery(at, "application/x-www-form-urlencoded", urlencode(form).encode(), url)
