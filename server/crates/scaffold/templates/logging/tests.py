"""Tests of the logs."""

import json
import logging
import sys
from typing import Any

from {{ m.context }} import request_id_var
from {{ m.logging }} import JsonFormatter


def written(record: logging.LogRecord) -> dict[str, Any]:
    """Read what is written of a record."""
    entry: dict[str, Any] = json.loads(JsonFormatter().format(record))
    return entry


def record_of(message: str, **extra: Any) -> logging.LogRecord:
    """Make a record as a logger would."""
    attributes = {"msg": message, "levelname": "INFO", "name": "tests"}
    return logging.makeLogRecord(attributes | extra)


def test_records_are_objects_with_the_request_id() -> None:
    """A record is one object, with what was given as `extra`."""
    token = request_id_var.set("abc")
    try:
        entry = written(record_of("Order shipped", order_id=7))
    finally:
        request_id_var.reset(token)
    assert entry["message"] == "Order shipped"
    assert (entry["level"], entry["logger"]) == ("INFO", "tests")
    assert (entry["request_id"], entry["order_id"]) == ("abc", 7)


def test_secrets_are_left_out() -> None:
    """What is named like a secret is not written, however deep it is."""
    headers = {"Authorization": "two", "accept": "*/*"}
    entry = written(record_of("Login", password="one", headers=headers))
    assert "one" not in str(entry)
    assert "two" not in str(entry)
    assert entry["headers"]["accept"] == "*/*"


def test_exceptions_stay_in_the_object() -> None:
    """A traceback makes no line of its own."""
    try:
        raise ValueError("no such order")
    except ValueError:
        entry = written(record_of("Failed", exc_info=sys.exc_info()))
    assert "ValueError: no such order" in entry["exception"]
