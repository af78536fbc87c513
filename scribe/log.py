"""The log: which event, when, with which ids, counts and durations; free text cannot get in.

A line is `2026-06-15T14:02:11.532Z transcribed encounter=e-0f1e2d3c4b5a6978 seconds=912.4`. Only
`event` makes lines, from an event code and fields that are both listed here; a field is a number or
has a form that holds no words. Lines made in any other way (`logging.info` of a library, a
traceback) never reach the file, because they may quote what a patient said.
"""

import logging
import os
import re
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum
from io import BufferedWriter, FileIO, TextIOWrapper
from logging.handlers import RotatingFileHandler
from pathlib import Path
from typing import TypeGuard

from scribe.errors import ScribeError

LOGGER = "scribe.events"
FILE_NAME = "scribe.log"

_FILE_BYTES = 1_000_000
_OLD_FILES = 3


class Code(StrEnum):
    """Everything that can be logged. A new event is one line here."""

    STARTED = "started"
    ENDED = "ended"
    FAILED = "failed"
    RECORDING_STARTED = "recording_started"
    RECORDING_STOPPED = "recording_stopped"
    RECORDING_GAP = "recording_gap"
    RECORDING_RECOVERED = "recording_recovered"
    WORKER_STARTED = "worker_started"
    WORKER_LOST = "worker_lost"
    TRANSCRIBED = "transcribed"
    DRAFTED = "drafted"
    CODED = "coded"
    SIGNED = "signed"
    AMENDED = "amended"
    EXPORTED = "exported"
    VAULT_OPENED = "vault_opened"
    VAULT_LOCKED = "vault_locked"
    WEIGHTS_VERIFIED = "weights_verified"
    WEIGHTS_FETCHED = "weights_fetched"


Value = int | float | str | type[ScribeError]

_NUMBERS = frozenset(
    {"seconds", "bytes", "count", "done", "total", "words", "statements", "findings", "codes",
     "rows", "version", "exit_code", "threads", "attempt"}
)  # fmt: skip
_FORMS = {
    "encounter": re.compile(r"e-[0-9a-f]{16}"),
    "note": re.compile(r"n-[0-9a-f]{16}"),
    "utterance": re.compile(r"u[0-9]{1,6}"),
    "statement": re.compile(r"s[0-9]{1,6}"),
    "sha256": re.compile(r"[0-9a-f]{64}"),
    "worker": re.compile(r"speech|writer"),
    "kind": re.compile(r"text|pdf|docx|fhir|json"),
}
_MOST = 1e15


@dataclass(frozen=True, slots=True)
class _Line:
    text: str

    def __str__(self) -> str:
        return self.text


class NotLoggable(ValueError):
    """A field that is not listed or does not have its form: a mistake in the program. The message
    never repeats the value.
    """


def event(code: Code, /, **fields: Value) -> None:
    """Write one line. Numbers: seconds, bytes, counts. Ids: encounter, note, utterance, statement,
    sha256 (of a model file). `error` takes the class of a known error, never its message.

    Raises NotLoggable for any other field, and for text where an id is due.
    """
    line = " ".join(
        [Code(code).value, *(f"{name}={_shown(name, v)}" for name, v in fields.items())]
    )
    logging.getLogger(LOGGER).info(_Line(line))


def open_log(folder: Path) -> Path:
    """Send events to a rotating file in `folder` (4 files of at most 1 MB); returns its path."""
    close_log()
    path = folder / FILE_NAME
    handler = _PrivateFile(
        path, maxBytes=_FILE_BYTES, backupCount=_OLD_FILES, encoding="utf-8", delay=True
    )
    handler.addFilter(_only_events)
    handler.setFormatter(_EventFormatter())
    logger = logging.getLogger(LOGGER)
    logger.propagate = False
    logger.setLevel(logging.INFO)
    logger.addHandler(handler)
    return path


def close_log() -> None:
    """Close the file; harmless when none is open."""
    logger = logging.getLogger(LOGGER)
    for handler in tuple(logger.handlers):
        logger.removeHandler(handler)
        handler.close()


def _shown(name: str, value: Value) -> str:
    if name == "error" and isinstance(value, type) and issubclass(value, ScribeError):
        return value.__name__
    if name in _NUMBERS and _is_number(value):
        return f"{value:.6g}" if isinstance(value, float) else str(value)
    if name in _FORMS and isinstance(value, str) and _FORMS[name].fullmatch(value):
        return value
    known = name in _NUMBERS or name in _FORMS or name == "error"
    raise NotLoggable(
        f"The log field {name!r} has a value that is not a number or an id of its form."
        if known
        else "A log field that is not listed."
    )


def _is_number(value: Value) -> TypeGuard[int | float]:
    # A truth value is an int to Python; a huge number has room for a message.
    return isinstance(value, int | float) and not isinstance(value, bool) and abs(value) < _MOST


def _only_events(record: logging.LogRecord) -> bool:
    return isinstance(record.msg, _Line) and not record.args


class _PrivateFile(RotatingFileHandler):
    def _open(self) -> TextIOWrapper:
        def private(path: str, flags: int) -> int:
            return os.open(path, flags, 0o600)

        file = BufferedWriter(FileIO(self.baseFilename, self.mode, opener=private))
        return TextIOWrapper(file, encoding=self.encoding)


class _EventFormatter(logging.Formatter):
    def format(self, record: logging.LogRecord) -> str:
        # Not the base class: it would append a traceback, whose lines may quote a patient.
        when = datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds")
        return f"{when.replace('+00:00', 'Z')} {record.msg}"
