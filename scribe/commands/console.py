"""How the command line speaks: results on standard output, everything else on standard error."""

import argparse
import json
import sys
import time
from datetime import date
from pathlib import Path
from typing import Any

from scribe import codec
from scribe.errors import BadInput, DiskFull, ScribeError
from scribe.events import Event, Progress
from scribe.files import write_whole

DONE, BLOCKED, USAGE, KNOWN_ERROR, BUG = 0, 1, 2, 3, 70
"""Exit codes: done; findings that block; wrong usage; a known error; a fault of ours."""


def say(text: str = "") -> None:
    """One line of the result."""
    sys.stdout.write(text + "\n")


def say_json(value: Any, *, indent: int | None = 2) -> None:
    """The result as JSON."""
    sys.stdout.write(codec.to_json(value, indent=indent) + "\n")


def tell_error(error: ScribeError, *, as_json: bool) -> None:
    """A known error: what happened and what to do next."""
    if as_json:
        body = {"error": type(error).__name__, "message": error.message, "advice": error.advice}
        sys.stdout.write(json.dumps({"error": body}) + "\n")
    else:
        remark(f"scribe: {error.message}")
        if error.advice:
            remark(f"        {error.advice}")


def remark(text: str) -> None:
    """A line for the person, not part of the result."""
    sys.stderr.write(text + "\n")


class ProgressLine:
    """Draws progress on one line of the terminal; silent when standard error is not one."""

    def __init__(self, label: str) -> None:
        self._label = label
        self._terminal = sys.stderr.isatty()
        self._drawn = 0.0

    def __call__(self, event: Event) -> None:
        """Show a Progress event, at most five times a second."""
        if not self._terminal or not isinstance(event, Progress):
            return
        now = time.monotonic()
        last = event.total > 0 and event.done >= event.total
        if now - self._drawn < 0.2 and not last:
            return
        self._drawn = now
        share = min(event.done / event.total, 1.0) if event.total else 0.0
        bar = "#" * round(share * 30)
        sys.stderr.write(f"\r{self._label:<28} [{bar:<30}] {share:4.0%}" + ("\n" if last else ""))
        sys.stderr.flush()


def a_date(text: str) -> date:
    """An ISO date from the command line."""
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise argparse.ArgumentTypeError("a date looks like 2026-06-15") from None


def read_text(path: str) -> str:
    """A text file, or standard input for `-`. Raises BadInput."""
    try:
        return sys.stdin.read() if path == "-" else Path(path).read_text(encoding="utf-8")
    except OSError as error:
        raise BadInput(f"{path} cannot be read ({error.strerror}).") from error
    except UnicodeDecodeError as error:
        raise BadInput(f"{path} is not a text file in UTF-8.") from error


def write_files(folder: Path, files: dict[str, str]) -> None:
    """Write each file whole or not at all. Raises DiskFull, BadInput."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise BadInput(f"The folder {folder} cannot be used ({error.strerror}).") from error
    for name, text in files.items():
        try:
            write_whole(folder / name, text.encode())
        except OSError as error:
            raise DiskFull(f"{name} could not be written ({error.strerror}).") from error
