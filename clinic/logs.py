"""Logs that hold nothing of a patient: what went wrong and where, never what was said.

Every record of every library passes through here before any handler sees it. A text is shown only
where it stands in the source code of whoever logs it; a value only where no patient can have
written it. All else becomes "…". Errors are shown by their kind and place, without their words.
"""

import json
import logging
import re
import sys
import threading
import traceback
import warnings
from collections.abc import Iterator
from types import FrameType
from typing import Any

import structlog

from clinic.errors import ContentError, ModelError, SettingsError, StartError
from clinic.reference import LENGTH, PREFIX

HIDDEN = "…"
# Their words are our own and name settings and files, never what a patient wrote.
OWN_WORDS = (ContentError, ModelError, SettingsError, StartError)
_VALUE = re.compile(rf"action_[a-z_]+|[\w.-]+\.(py|yml):\d+|{PREFIX}-[0-9A-Z]{{{LENGTH}}}")
_EVENT = re.compile(r"[a-z_]+(\.[a-z_]+)+")


class Shown(str):
    """A word that a log may show: our own code vouches that no patient wrote it."""


def install() -> None:
    """Make all output of this process hold nothing of a patient; twice is once."""
    logging.setLogRecordFactory(_record)
    # A record that cannot be formatted would be printed with its values.
    logging.raiseExceptions = False
    # Until Rasa sets it up, structlog would print by itself.
    structlog.configure(
        [structlog.processors.JSONRenderer()], logger_factory=structlog.stdlib.LoggerFactory()
    )
    warnings.showwarning = _drop
    traceback.print_exception = _print_given
    traceback.print_exc = _print_current
    traceback.print_stack = _drop
    sys.excepthook = lambda _, error, trace: _print(error)
    sys.unraisablehook = lambda event: _print(event.exc_value)
    threading.excepthook = lambda event: _print(event.exc_value)


def kind(error: BaseException) -> Shown:
    """The kind of an error."""
    return Shown(type(error).__name__)


def place(error: BaseException) -> Shown:
    """File and line where an error arose."""
    steps = [step for step, _ in traceback.walk_tb(error.__traceback__)]
    lines = [line for _, line in traceback.walk_tb(error.__traceback__)]
    return Shown(_at(steps[-1].f_code.co_filename, lines[-1]) if steps else "?")


def told(error: BaseException | None) -> str:
    """An error and what led to it, without their words unless these are our own."""
    return " after ".join(_told(error)) if error else "an error"


def _told(error: BaseException | None) -> Iterator[str]:
    seen: set[int] = set()
    while error is not None and id(error) not in seen:
        seen.add(id(error))
        words = f" ({error})" if isinstance(error, OWN_WORDS) else ""
        yield f"{kind(error)} at {place(error)}{words}"
        error = error.__cause__ or (None if error.__suppress_context__ else error.__context__)


def _record(
    name: str,
    level: int,
    path: str,
    line: int,
    message: Any,
    values: Any,
    exc_info: Any,
    function: str | None = None,
    stack: str | None = None,
    **more: Any,
) -> logging.LogRecord:
    """A record whose every part may be read by anybody."""
    text = _text(path, line, message, values)
    if exc_info and exc_info[1]:
        text = f"{text}: {told(exc_info[1])}"
    return logging.LogRecord(name, level, path, line, text, None, None, function)


def _text(path: str, line: int, message: Any, values: Any) -> str:
    if type(message) is not str:
        return f"{HIDDEN} at {_at(path, line)}"
    if message in _constants(path, line):
        return _filled(message, values)
    return _event(message) or f"{HIDDEN} at {_at(path, line)}"


def _constants(path: str, line: int) -> tuple[Any, ...]:
    """What stands in the source code of the function that logs."""
    frame: FrameType | None = sys._getframe(1)
    while frame and (frame.f_code.co_filename, frame.f_lineno) != (path, line):
        frame = frame.f_back
    return frame.f_code.co_consts if frame else ()


def _filled(message: str, values: Any) -> str:
    shown = (
        {name: _value(value) for name, value in values.items()}
        if isinstance(values, dict)
        else tuple(map(_value, values or ()))
    )
    try:
        return message % shown if shown else message
    except (TypeError, ValueError, KeyError):
        return message


def _value(value: Any) -> Any:
    """A value of a log line, or what takes its place."""
    if value is None or isinstance(value, bool | int | float | Shown):
        return value
    if isinstance(value, str) and (_VALUE.fullmatch(value) or value in _kinds()):
        return value
    return HIDDEN


def _kinds() -> set[str]:
    """The names of all kinds of error."""
    found, left = set(), [BaseException]
    while left:
        one = left.pop()
        if one not in found:
            found.add(one)
            left += one.__subclasses__()
    return {one.__name__ for one in found}


def _event(message: str) -> str:
    """What structlog, which Rasa uses, says as JSON: the name of the event and the kinds of error,
    without the values beside them.
    """
    try:
        said = json.loads(message)
        event = said["event"]
        kinds = [str(one["exc_type"]) for one in said.get("exception") or ()]
    except (ValueError, TypeError, KeyError, AttributeError):
        return ""
    known = _kinds()
    shown = [one if one in known else HIDDEN for one in kinds]
    return ": ".join([event if _EVENT.fullmatch(str(event)) else HIDDEN, *shown])


def _at(path: str, line: int | None) -> str:
    return f"{path.rsplit('/', 1)[-1]}:{line}"


def _print(error: BaseException | None) -> None:
    sys.stderr.write(f"{told(error)}\n")


def _print_given(*rest: Any, **more: Any) -> None:
    _print(next((one for one in rest if isinstance(one, BaseException)), None))


def _print_current(*rest: Any, **more: Any) -> None:
    _print(sys.exc_info()[1])


def _drop(*rest: Any, **more: Any) -> None:
    """Say nothing: what would be said here may hold what a patient wrote."""
