"""`receipt_cells`: exact, mergeable counts of when receipts came, by our clock and by SMSO's."""

from __future__ import annotations

from analytics.projections.counting import count_messages
from analytics.projections.job import Job

NAME = "receipt_cells"


def project(job: Job) -> None:
    """Count the receipts of the messages that came and went, and commit."""
    count_messages(job, NAME, {"time_zone": job.definitions.time_zone})
