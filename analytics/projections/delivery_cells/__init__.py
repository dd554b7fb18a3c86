"""`delivery_cells`: exact, mergeable counts of messages, so that a report costs the same for a
thousand messages as for a hundred million.
"""

from __future__ import annotations

from analytics.projections.counting import count_messages
from analytics.projections.job import Job

NAME = "delivery_cells"


def project(job: Job) -> None:
    """Count the messages that came and went, and commit."""
    count_messages(job, NAME, {"time_zone": job.definitions.time_zone})
