"""Prove that the projections equal a rebuild from the log, row for row."""

from __future__ import annotations

import shutil

from analytics.definitions import Definitions
from analytics.projections import conversations
from analytics.projections.engine import Engine, Resources
from analytics.projections.run import nobody, open_log, open_projection, run
from analytics.projections.schema import SCHEMAS
from eventlog.layout import Layout
from eventlog.lock import held


def differences(
    layout: Layout, definitions: Definitions, resources: Resources | None = None
) -> list[str]:
    """Bring the projections up to date, rebuild them aside, and name each that differs.

    Raises `ProjectionError`, `TableError`.
    """
    resources = resources or Resources()
    aside = Layout(layout.job_scratch)
    with held(layout.job_lock):
        events = open_log(layout)
        try:
            for place, from_zero in ((layout, False), (aside, True)):
                run(place, events, definitions, resources, nobody, from_zero=from_zero)
            with Engine.open(aside.job_scratch, resources) as engine:
                found = [_difference(engine, name, layout, aside) for name in SCHEMAS]
        finally:
            shutil.rmtree(layout.job_scratch, ignore_errors=True)
    return [line for line in found if line]


def _difference(engine: Engine, name: str, layout: Layout, aside: Layout) -> str | None:
    engine.forget()
    for state, place in (("published", layout), ("rebuilt", aside)):
        files = open_projection(place, name).files()
        if name == conversations.NAME:
            conversations.show_effective(engine, files)
            engine.keep(state, "effective")
        else:
            engine.show(state, files, SCHEMAS[name])
    ((published, rebuilt),) = engine.run("shared/differing.sql")
    if not (published or rebuilt):
        return None
    return f"{name}: {published} rows that a rebuild has not, {rebuilt} rows that only it has"
