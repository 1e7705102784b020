import asyncio
import io
import json
import logging
import sys
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import pytest

from assistant.adapters.json_logs import JsonLines, configure_logs
from assistant.core.languages import Language

pytestmark = pytest.mark.unit

CANARY = "mari maasikas"
CODE = "60001019906"


@pytest.fixture
def logs(monkeypatch: pytest.MonkeyPatch) -> Iterator[io.StringIO]:
    output = io.StringIO()
    monkeypatch.setattr(sys, "stdout", output)
    root = logging.getLogger()
    handlers, level, raises = root.handlers[:], root.level, logging.raiseExceptions
    configure_logs()
    yield output
    root.handlers[:], logging.raiseExceptions = handlers, raises
    root.setLevel(level)


def _lines(logs: io.StringIO) -> list[dict[str, Any]]:
    return [json.loads(line) for line in logs.getvalue().split("\n") if line]


def test_line_when_a_turn_is_logged_then_has_its_fields_beside_the_message(logs: io.StringIO) -> None:
    fields = {"turn_id": "t1", "outcome": "answered", "confidence": 0.9, "model": None, "durations_ms": {"total": 1.5}}
    logging.getLogger("kratt.turn").info("turn", extra={"facts": fields})
    [line] = _lines(logs)
    age = datetime.now(UTC) - datetime.fromisoformat(line.pop("time"))
    assert 0 <= age.total_seconds() < 5
    assert line == {"level": "info", "logger": "kratt.turn", "message": "turn", **fields}


def test_line_when_written_then_begins_with_its_time_in_utc(logs: io.StringIO) -> None:
    logging.getLogger("kratt").warning("x", extra={"facts": {"a": 1}})
    [line] = _lines(logs)
    assert list(line) == ["time", "level", "logger", "message", "a"]
    assert line["time"].endswith("+00:00")


def test_line_when_fields_have_our_own_names_then_cannot_forge_them(logs: io.StringIO) -> None:
    logging.getLogger("kratt").info("real", extra={"facts": {"message": "forged", "level": "forged", "time": "forged"}})
    [line] = _lines(logs)
    assert "forged" not in line.values()


def test_line_when_values_name_citizens_then_masks_them_however_deep(logs: io.StringIO) -> None:
    fields = {"a": f"EE{CODE}", "b": {"c": [f"/persons/{CODE}", {"d": (CODE,)}]}, "e": {CODE}}
    logging.getLogger("kratt").info(f"failed for {CODE}", extra={"facts": fields})  # noqa: G004  # the mistake to survive
    [line] = _lines(logs)
    assert CODE not in str(line)
    assert line["b"] == {"c": ["/persons/[masked]", {"d": ["[masked]"]}]}


def test_line_when_a_value_is_no_json_then_shows_its_type_alone(logs: io.StringIO) -> None:
    class Secret:
        def __repr__(self) -> str:
            return CANARY

    logging.getLogger("kratt").info("x", extra={"facts": {"a": Secret(), "b": b"bytes", "c": Language.ET}})
    [line] = _lines(logs)
    assert (line["a"], line["b"], line["c"]) == ("Secret", "bytes", "et")


@pytest.mark.parametrize("text", ["line one\nline two", "\u2028", "õ\r\n{}"])
def test_line_when_a_value_has_line_ends_then_stays_one_line(logs: io.StringIO, text: str) -> None:
    logging.getLogger("kratt").info("x", extra={"facts": {"a": text}})
    assert logs.getvalue().count("\n") == 1
    assert _lines(logs)[0]["a"] == text


def test_line_when_another_library_logs_arguments_then_writes_its_template_alone(
    logs: io.StringIO,
) -> None:
    logging.getLogger("uvicorn.error").info('%s - "WebSocket %s" [accepted]', "127.0.0.1", f"/v1/speech?q={CANARY}")
    [line] = _lines(logs)
    assert line["message"] == '%s - "WebSocket %s" [accepted]'


def _fail() -> None:
    raise ValueError(CANARY)


def _fail_from() -> None:
    try:
        _fail()
    except ValueError as error:
        raise RuntimeError(CANARY) from error


def _fail_from_none() -> None:
    try:
        _fail()
    except ValueError:
        raise RuntimeError(CANARY) from None


def _fail_while_failing() -> None:
    try:
        _fail()
    except ValueError:
        raise KeyError(CANARY)  # noqa: B904  # the context is what is tested


def _fail_together() -> None:
    raise ExceptionGroup(CANARY, [ValueError(CANARY), TypeError(CANARY)])


def _fail_at_the_system() -> None:
    raise FileNotFoundError(2, CANARY, CANARY)


@pytest.mark.parametrize(
    ("fail", "types"),
    [
        (_fail, ["ValueError"]),
        (_fail_from, ["RuntimeError", "ValueError"]),
        (_fail_from_none, ["RuntimeError"]),
        (_fail_while_failing, ["KeyError", "ValueError"]),
        (_fail_together, ["ExceptionGroup", "ValueError", "TypeError"]),
        (_fail_at_the_system, ["FileNotFoundError ENOENT"]),
    ],
)
def test_exception_when_logged_then_shows_types_and_places_and_no_text(
    logs: io.StringIO, fail: Any, types: list[str]
) -> None:
    try:
        fail()
    except Exception:  # stands for the ASGI error handler
        logging.getLogger("kratt").exception("request failed")
    [line] = _lines(logs)
    assert [link["type"] for link in line["exception"]] == types
    assert line["exception"][0]["at"][-1].startswith(f"{__file__}:")
    assert CANARY not in str(line)


def test_exception_when_logged_as_the_message_then_shows_its_type(logs: io.StringIO) -> None:
    logging.getLogger("uvicorn.error").error(ValueError(CANARY))
    logging.getLogger("uvicorn.error").error(OSError(98, CANARY))
    assert [line["message"] for line in _lines(logs)] == ["ValueError", "OSError EADDRINUSE"]


async def test_exception_when_a_task_dies_unseen_then_its_text_is_not_written(
    logs: io.StringIO,
) -> None:
    async def die() -> None:
        raise ValueError(CANARY)

    task = asyncio.ensure_future(die())
    await asyncio.wait({task})
    context = {"message": "Task exception was never retrieved", "exception": task.exception(), "future": task}
    asyncio.get_running_loop().default_exception_handler(context)
    [line] = _lines(logs)
    assert line["message"] == "Task exception was never retrieved"
    assert line["exception"][0]["type"] == "ValueError"
    assert CANARY not in str(line)


def test_line_when_only_asked_for_the_current_exception_and_there_is_none_then_has_none() -> None:
    record = logging.LogRecord("kratt", logging.ERROR, __file__, 1, "x", (), sys.exc_info())
    assert "exception" not in json.loads(JsonLines().format(record))


@pytest.mark.parametrize("name", ["httpx", "httpcore.connection", "uvicorn.access", "sqlalchemy.engine"])
def test_loggers_when_their_lines_carry_addresses_then_are_quiet(logs: io.StringIO, name: str) -> None:
    logging.getLogger(name).info(f"GET /v1/persons/{CANARY}")  # noqa: G004  # as they do
    assert _lines(logs) == []


def test_line_when_it_is_a_detail_for_developers_then_is_not_written(logs: io.StringIO) -> None:
    logging.getLogger("kratt").debug("detail")
    assert _lines(logs) == []
