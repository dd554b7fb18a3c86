"""The events that a projection has not folded.

A node's events come into the log in the order of their seq, so one seq per node says how far a
projection has come. Only files that came into the log since are read, and of those only the ones
with a later seq: merging brings old events in new files.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from analytics.projections.job import Job, difference, source
from eventlog.schema import EVENTS
from eventlog.table import Table


@dataclass(frozen=True)
class NewEvents:
    """How many events are new, and what the checkpoints become once they are folded."""

    count: int
    checkpoints: dict[str, int]

    def moves(self, projection: Table) -> bool:
        """Say whether the log has anything that `projection` has not taken note of."""
        return any(projection.checkpoint(name) != at for name, at in self.checkpoints.items())


def show_new_events(job: Job, name: str, kind: str) -> NewEvents:
    """Make the events new to a projection visible as `new_events`, and count those of `kind`."""
    projection = job.tables[name]
    job.engine.show("log_files", _files(job, projection), EVENTS)
    _show_unfolded(job, {} if job.from_zero else _folded(job, projection))
    ((count,),) = job.engine.run("shared/count.sql", type=kind)
    checkpoints = reached_by_all(job.events) if job.from_zero else None
    if checkpoints is None:
        checkpoints = dict(job.engine.run("shared/reached.sql"))
    if job.events is not None:
        checkpoints[source(job.events)] = job.events.version
    return NewEvents(count, checkpoints)


def reached_by_all(events: Table | None) -> dict[str, int] | None:
    """Return the last seq of every node by what the log says of its files; None if it does not."""
    reached: dict[str, int] = {}
    if events is not None:
        for node, seq_max in events.actions().select("node", "seq_max").rows():
            if node is None or seq_max is None:
                return None
            reached[node] = max(seq_max, reached.get(node, 0))
    return reached


def _show_unfolded(job: Job, folded: dict[str, int]) -> None:
    """Leave out what is folded; with nothing to leave out, the join would only cost time."""
    if not folded:
        job.engine.alias("new_events", "log_files")
        return
    job.engine.run("shared/checkpoints.sql", nodes=list(folded), seqs=list(folded.values()))
    job.engine.run("shared/new_events.sql")


def _files(job: Job, projection: Table) -> list[Path]:
    if job.events is None:
        return []
    if job.from_zero:
        return job.events.files()
    since = difference(job.events, projection)
    files = job.events.actions() if since is None else since.came
    return [
        job.events.folder / path
        for path, node, seq_max in files.select("path", "node", "seq_max").rows()
        if node is None or (projection.checkpoint(node) or 0) < seq_max
    ]


def _folded(job: Job, projection: Table) -> dict[str, int]:
    nodes = [node for (node,) in job.engine.run("shared/nodes.sql")]
    seqs = {node: projection.checkpoint(node) for node in nodes}
    return {node: seq for node, seq in seqs.items() if seq is not None}
