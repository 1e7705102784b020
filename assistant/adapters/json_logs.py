"""Logs as one JSON object per line, with nothing of a citizen in them."""

import errno
import json
import logging
import logging.config
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from assistant.core.redaction import places_of, redact

# Their lines carry addresses, and an address carries personal codes.
_QUIET_LOGGERS = ("httpx", "httpcore", "uvicorn.access", "sqlalchemy", "aiosqlite")
_LONGEST_CHAIN = 8


class JsonLines(logging.Formatter):
    """One line per record: time, level, logger, message, then the fields of the record's `facts`.

    A message is written as its constant template: what other libraries put in by arguments may be a citizen's. Of an
    exception, the type and the places it passed are written, never its text.
    """

    def format(self, record: logging.LogRecord) -> str:
        """The line, without its end."""
        own = {
            "time": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
            "logger": record.name,
            "message": _message(record.msg),
        }
        fields = getattr(record, "facts", None)
        line = {**own, **(_redacted(fields) if isinstance(fields, Mapping) else {}), **own}  # own come first and win
        if record.exc_info and record.exc_info[1]:
            line["exception"] = _chain(record.exc_info[1])
        return json.dumps(line, ensure_ascii=False)


def configure_logs() -> None:
    """Send every log of this process to standard output."""
    logging.raiseExceptions = False  # a record that cannot be written would be printed, arguments and all
    logging.config.dictConfig(
        {
            "version": 1,
            "disable_existing_loggers": False,
            "formatters": {"json": {"()": JsonLines}},
            "handlers": {
                "stdout": {"class": "logging.StreamHandler", "stream": "ext://sys.stdout", "formatter": "json"}
            },
            "root": {"level": "INFO", "handlers": ["stdout"]},
            "loggers": {
                # uvicorn brings handlers of its own, which would print what we write as a line.
                **{name: {"level": "INFO", "handlers": [], "propagate": True} for name in ("uvicorn", "uvicorn.error")},
                **{name: {"level": "WARNING", "handlers": [], "propagate": True} for name in _QUIET_LOGGERS},
            },
        }
    )


def _message(template: object) -> str:
    if isinstance(template, BaseException):
        return _named(template)
    # asyncio writes the representation of what failed below its first line.
    return redact(next(iter(str(template).splitlines()), ""))


def _redacted(value: object) -> Any:  # whatever JSON can hold
    if isinstance(value, Mapping):
        return {str(key): _redacted(entry) for key, entry in value.items()}
    if isinstance(value, list | tuple | set | frozenset):
        return [_redacted(entry) for entry in value]
    if value is None or isinstance(value, bool | int | float):
        return value
    return redact(value) if isinstance(value, str) else type(value).__name__


def _chain(error: BaseException) -> list[dict[str, object]]:
    links: list[dict[str, object]] = []
    waiting = [error]
    while waiting and len(links) < _LONGEST_CHAIN:
        current = waiting.pop(0)
        links.append({"type": _named(current), "at": places_of(current)})
        waiting += _causes(current)
    return links


def _causes(error: BaseException) -> list[BaseException]:
    if isinstance(error, BaseExceptionGroup):
        return list(error.exceptions)
    cause = error.__cause__ or (None if error.__suppress_context__ else error.__context__)
    return [cause] if cause else []


def _named(error: BaseException) -> str:
    # The number of an operating system's error is a fact about the machine, and what an operator looks for.
    number = errno.errorcode.get(error.errno or 0, "") if isinstance(error, OSError) else ""
    return f"{type(error).__name__} {number}".rstrip()
