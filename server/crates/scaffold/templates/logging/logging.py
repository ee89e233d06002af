"""Logs in JSON: one object a line, with the id of its request."""

import json
import logging
import logging.config
import re
from datetime import UTC, datetime
from typing import Any, cast

from {{ m.context }} import request_id_var

# What records have of their own; all else was given as `extra`.
STANDARD = frozenset(vars(logging.makeLogRecord({}))) | {
    "asctime",
    "color_message",
    "message",
    "taskName",
}

SECRET = re.compile(
    r"authorization|cookie|passw|secret|token|api_?key|private_?key",
    re.IGNORECASE,
)
REDACTED = "[redacted]"


def redact(value: Any, name: str = "") -> Any:
    """Leave out what is named like a secret, however deep it is."""
    if SECRET.search(name):
        return REDACTED
    if isinstance(value, dict):
        items = cast("dict[str, Any]", value).items()
        return {key: redact(inner, str(key)) for key, inner in items}
    if isinstance(value, list | tuple):
        return [redact(inner) for inner in cast("list[Any]", value)]
    return value


class JsonFormatter(logging.Formatter):
    """Write a record as one JSON object."""

    def format(self, record: logging.LogRecord) -> str:
        """Return the object's text."""
        entry: dict[str, Any] = {
            "timestamp": datetime.fromtimestamp(record.created, UTC).isoformat(),
            "level": record.levelname,
            "logger": record.name,
            "message": record.getMessage(),
        }
        request_id = request_id_var.get()
        if request_id is not None:
            entry["request_id"] = request_id
        extra = {name: value for name, value in vars(record).items() if name not in STANDARD}
        entry |= redact(extra)
        if record.exc_info:
            entry["exception"] = self.formatException(record.exc_info)
        return json.dumps(entry, default=str)


def configure_logging(level: str = "INFO") -> None:
    """Send all logs, the server's too, to standard output in JSON."""
    server: dict[str, Any] = {"handlers": [], "propagate": True}
    logging.config.dictConfig(
        {
            "version": 1,
            "disable_existing_loggers": False,
            "formatters": {"json": {"()": JsonFormatter}},
            "handlers": {
                "default": {
                    "class": "logging.StreamHandler",
                    "formatter": "json",
                    "stream": "ext://sys.stdout",
                }
            },
            "root": {"level": level, "handlers": ["default"]},
            "loggers": dict.fromkeys(("uvicorn", "uvicorn.error", "uvicorn.access"), server),
        }
    )
