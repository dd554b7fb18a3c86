"""A record is one line, whatever its fields hold, and failures quote nobody."""

from __future__ import annotations

import logging
import sys

from sms_analytics.logs import FieldsFormatter


def formatted(error: Exception | None = None, **fields: object) -> str:
    record = logging.makeLogRecord({"msg": "sealed", "levelname": "INFO", "created": 0.0} | fields)
    if error is not None:
        try:
            raise error
        except type(error):
            record.exc_info = sys.exc_info()
    return FieldsFormatter().format(record)


def test_fields_follow_the_message() -> None:
    assert formatted(records=120) == "1970-01-01T00:00:00Z info sealed records=120"


def test_no_field_can_make_a_line_or_another_field_of_its_own() -> None:
    line = formatted(why='a b="c"\n1970-01-01T00:00:00Z error forged', empty="")
    assert line.endswith(r' why="a b=\"c\"\n1970-01-01T00:00:00Z error forged" empty=""')


def test_a_failure_quotes_no_number_and_no_uuid() -> None:
    said = "cannot convert '+40733111222' of 5E3C7A10-1111-4222-8333-abcdefabcdef, row 1234567"
    told = formatted(ValueError(said))
    assert told.count("cannot convert '•••' of •••, row 1234567") == 2
    assert "Traceback" in told
