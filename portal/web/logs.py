"""The log: one line an occurrence, as JSON, with nothing secret or personal in it."""

import logging
import re
from collections.abc import Mapping, MutableMapping
from typing import Any

import structlog
from flask import Flask
from flask.logging import default_handler

from portal.text import access_code

#: Anything that could be an access code: three fours, with whatever stands between them.
_CODE = re.compile(r"(?<![0-9A-Za-z])(?:[0-9A-Za-z]{4}[\W_]{0,3}){2}[0-9A-Za-z]{4}(?![0-9A-Za-z])")
_EMAIL = re.compile(r"[^\s@<>()\"']+@[^\s@<>()\"']+")
#: What signs someone in or resets a password: long, and of capitals, small letters and digits.
_TOKEN = re.compile(r"(?=[\w-]*[0-9])(?=[\w-]*[A-Z])[\w-]{32,}(?:\.[\w-]+)*")
_SECRET = re.compile(r"(?:.*_)?(?:password|token|secret|email)|code|name")

_PREPARE: list[Any] = [
    structlog.processors.add_log_level,
    structlog.processors.TimeStamper(fmt="iso", utc=True),
    structlog.processors.format_exc_info,
]


def init_app(_app: Flask) -> None:
    """Write what we log, and what the libraries log, through `redact`."""
    finish: list[Any] = [redact, structlog.processors.JSONRenderer()]
    structlog.configure(
        processors=[*_PREPARE, *finish], wrapper_class=structlog.make_filtering_bound_logger(logging.INFO)
    )
    without_record = structlog.stdlib.ProcessorFormatter.remove_processors_meta
    default_handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(foreign_pre_chain=_PREPARE, processors=[without_record, *finish])
    )
    logging.getLogger().addHandler(default_handler)


def redact(_logger: Any, _method: str, line: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    """Take out what must never be in a log, wherever it comes from: the only place that does."""
    return {key: value if key == "timestamp" else _clean(key, value) for key, value in line.items()}


def _clean(key: str, value: Any) -> Any:
    if _SECRET.fullmatch(key):
        return "[left out]"
    if isinstance(value, Mapping):
        return {str(inner): _clean(str(inner), each) for inner, each in value.items()}
    if isinstance(value, list | tuple | set | frozenset):
        return [_clean("", each) for each in value]
    if value is None or isinstance(value, bool | int | float):
        return value
    return _EMAIL.sub("[email]", _TOKEN.sub("[token]", _CODE.sub(_without_code, str(value))))


def _without_code(found: re.Match[str]) -> str:
    """Three short words in a row stay; what has a digit in it, or the right check symbol, does not."""
    if any(sign.isdigit() for sign in found[0]):
        return "[code]"
    try:
        access_code.canonical(found[0])
    except access_code.Mistyped:
        return found[0]
    return "[code]"
