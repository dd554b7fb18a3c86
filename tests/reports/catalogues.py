"""Catalogues to look at, made once a run on invented rows: a busy one, one of ten, an empty one."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path

from analytics.catalogue import publish
from analytics.definitions import Definitions
from eventlog.layout import Layout
from reports.period import Period
from tests.analytics.made import write_events, write_projections
from tests.analytics.make_catalogue import make_catalogue, random_messages, random_replies

AS_OF = datetime(2026, 11, 24, 3, 30, tzinfo=UTC)
MONTH = Period(date(2026, 10, 26), date(2026, 11, 24))
TODAY = Period(date(2026, 11, 24), date(2026, 11, 24))
DEFINITIONS = Definitions(time_zone="Europe/Bucharest")


def busy(folder: Path) -> Path:
    """Publish a catalogue of a few thousand messages of 65 days; return its path."""
    return make_catalogue(folder, AS_OF, DEFINITIONS, count=4_000, days=65).catalogue


def sparse(folder: Path) -> Path:
    """Publish a catalogue of ten messages."""
    return make_catalogue(folder, AS_OF, DEFINITIONS, count=10, days=5).catalogue


def empty(folder: Path) -> Path:
    """Publish a catalogue of nothing at all."""
    layout = Layout(folder)
    publish(layout, DEFINITIONS, AS_OF)
    return layout.catalogue


HOSTILE = "</script><img src=x onerror=\"document.title='taken'\"><b>%{x}</b>"


def hostile(folder: Path) -> Path:
    """Publish a catalogue whose campaigns and network names are markup."""
    layout = Layout(folder)
    made = random_messages(2, AS_OF, 400, 12)
    messages = [replace(one, campaign=HOSTILE, number="+40799999999") for one in made]
    replies = [replace(one, body=HOSTILE) for one in random_replies(2, AS_OF, messages)]
    write_projections(layout, messages, replies, DEFINITIONS)
    write_events(layout, [message.sent_at for message in messages])
    names = folder / "names.csv"
    quoted = HOSTILE.replace('"', '""')
    names.write_text(
        "mcc,mnc,network,country,country_code,valid_from,valid_to\n"
        f'226,01,"{quoted}",Romania,RO,,\n',
        encoding="utf-8",
    )
    publish(layout, DEFINITIONS, AS_OF, names)
    return layout.catalogue
