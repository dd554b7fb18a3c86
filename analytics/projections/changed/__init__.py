"""The messages that are not what they were, found once for all projections that follow messages.

A message is as it was if as many events spoke of it: events only come. Files are replaced whole,
and most of what went came again. A run that folded events has the few rows at hand that changed, so
that nobody need read the files after it; whoever follows from further back compares the files.
"""

from __future__ import annotations

from analytics.projections.engine import LASTING, Engine
from analytics.projections.job import Difference
from analytics.projections.schema import MESSAGES

CAME, WENT = f"{LASTING}came", f"{LASTING}went"


def keep_changed(engine: Engine, since: Difference, came: str, went: str) -> None:
    """Keep the rows of the tables `came` and `went` as what this difference amounts to."""
    for name, rows in ((CAME, came), (WENT, went)):
        engine.alias("followed_messages", rows)
        engine.run("changed/followed.sql")
        engine.keep(f"{name}_{since.digest}", "followed")


def show_changed(engine: Engine, since: Difference) -> None:
    """Set up `came` and `went`: the messages as they are, and as they were."""
    if not engine.has(f"{WENT}_{since.digest}"):
        engine.show("came_files", since.came_files, MESSAGES)
        engine.show("went_files", since.went_files, MESSAGES)
        engine.run("changed/came.sql")
        engine.run("changed/went.sql")
        keep_changed(engine, since, "really_came", "really_went")
    engine.alias("came", f"{CAME}_{since.digest}")
    engine.alias("went", f"{WENT}_{since.digest}")
