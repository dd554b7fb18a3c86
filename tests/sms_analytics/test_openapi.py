"""The schema speaks of every answer that the endpoint gives, and of no other."""

from __future__ import annotations

from ingest import answers
from ingest.answers import Answer
from sms_analytics.openapi import document


def test_every_answer_of_the_endpoint_is_in_the_schema() -> None:
    made = {str(each.status) for each in vars(answers).values() if isinstance(each, Answer)}
    for path, operations in document()["paths"].items():
        if path.startswith("/webhooks"):
            described = set(operations["post"]["responses"])
            assert described == made | {"404", "422"}
