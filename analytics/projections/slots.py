"""Tell the engine in which file the rows of each hour go."""

from __future__ import annotations

from analytics.projections.engine import Engine
from analytics.projections.parts import Plan


def show_slots(engine: Engine, planned: Plan) -> None:
    """Make the slots of a plan visible as `slots`."""
    engine.run(
        "shared/slots.sql",
        days=[day for day, _, _ in planned.slots],
        hours=[hour for _, hour, _ in planned.slots],
        ranges=[hours for _, _, hours in planned.slots],
    )
