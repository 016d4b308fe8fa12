"""The log: one line an occurrence, as JSON, with nothing secret or personal in it."""

import logging
import re
from collections.abc import MutableMapping
from typing import Any

import structlog
from flask import Flask

#: Anything that could be an access code, in whatever spelling.
_CODE = re.compile(r"\b[0-9A-Za-z]{4}[- ]?[0-9A-Za-z]{4}[- ]?[0-9A-Za-z]{4}\b")
_EMAIL = re.compile(r"[^\s@<>]+@[^\s@<>]+")
_SECRETS = frozenset({"password", "code", "token", "email", "name", "csrf_token"})


def init_app(_app: Flask) -> None:
    structlog.configure(
        processors=[
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            redact,
            structlog.processors.JSONRenderer(),
        ],
        wrapper_class=structlog.make_filtering_bound_logger(logging.INFO),
    )


def redact(_logger: Any, _method: str, line: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    """Take out what must never be in a log, wherever it comes from: the only place that does."""
    return {key: _clean(key, value) for key, value in line.items()}


def _clean(key: str, value: Any) -> Any:
    if key in _SECRETS:
        return "[left out]"
    if isinstance(value, str) and key != "timestamp":
        return _EMAIL.sub("[email]", _CODE.sub("[code]", value))
    return value
