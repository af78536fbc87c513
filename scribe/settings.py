"""One frozen record of everything a person can set, read from and written to TOML; no screen label
and no default that a part would override may live anywhere else.
"""

import json
import os
import tomllib
from dataclasses import dataclass, fields
from pathlib import Path

from scribe import codec
from scribe.errors import DiskFull, SettingsUnusable, TranscriptUnusable
from scribe.ids import ModelId, TemplateId

RULES_ONLY = ModelId("none")
"""The writer that is no model: notes are assembled by rules alone."""

_DEFAULT_SPEECH = ModelId("whisper-base")
_DEFAULT_WRITER = ModelId("qwen2.5-coder-1.5b-instruct-q4_k_m")
_DEFAULT_TEMPLATE = TemplateId("soap")
_MOST_THREADS = 256
LOCK_MINUTES = range(2, 31)
"""An automatic logoff is due (45 CFR 164.312(a)(2)(iii)); when is left to the clinic."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """What a person can set.

    Attributes:
        speech_model: id in the model catalogue of the model that hears.
        writer_model: id of the model that writes, or `none` for rules only.
        threads: processor threads for each model; 0 means all cores.
        microphone: name of the input device; empty means the system's default.
        template: id of the note template that a new visit starts with.
        vault: name of the vault to open, one per clinician; empty means the unnamed one.
        lock_minutes: without a touch for so long the window locks, 2 to 30.
    """

    speech_model: ModelId = _DEFAULT_SPEECH
    writer_model: ModelId = _DEFAULT_WRITER
    threads: int = 0
    microphone: str = ""
    template: TemplateId = _DEFAULT_TEMPLATE
    vault: str = ""
    lock_minutes: int = 10

    @property
    def cores(self) -> int:
        """Threads to use: `threads`, or every core this process may run on."""
        return self.threads or usable_cores()


def usable_cores() -> int:
    """Cores this process may run on: fewer than the machine has, in a container."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def load(path: Path) -> Settings:
    """The settings in `path`; the defaults if there is no such file.

    Raises SettingsUnusable naming the file and each key that is unknown or out of range.
    """
    try:
        text = path.read_text(encoding="utf-8")
    except FileNotFoundError:
        return Settings()
    except (OSError, UnicodeDecodeError) as error:
        raise SettingsUnusable(f"The settings file {path} cannot be read.") from error
    return parse(text, what=str(path))


def parse(text: str, *, what: str) -> Settings:
    """Settings from TOML; `what` names the file in the error. Raises SettingsUnusable."""
    try:
        table = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise SettingsUnusable(f"The settings file {what} is not TOML: {error}.") from error
    known = {each.name for each in fields(Settings)}
    unknown = sorted(set(table) - known)
    if unknown:
        raise SettingsUnusable(
            f"The settings file {what} names the unknown setting {', '.join(unknown)}. "
            f"Known are: {', '.join(sorted(known))}."
        )
    try:
        settings = codec.from_plain(Settings, table, what=f"The settings file {what}")
    except TranscriptUnusable as error:
        raise SettingsUnusable(error.message) from error
    if not 0 <= settings.threads <= _MOST_THREADS:
        raise SettingsUnusable(
            f"The settings file {what} sets threads to {settings.threads}; "
            f"it must be between 0 (all cores) and {_MOST_THREADS}."
        )
    if settings.lock_minutes not in LOCK_MINUTES:
        raise SettingsUnusable(
            f"The settings file {what} sets lock_minutes to {settings.lock_minutes}; "
            f"it must be between {LOCK_MINUTES[0]} and {LOCK_MINUTES[-1]}."
        )
    return settings


def save(settings: Settings, path: Path) -> None:
    """Replace `path` by these settings in one step. Raises DiskFull; the old file is then kept."""
    part = path.with_name(path.name + ".part")
    try:
        part.write_text(to_toml(settings), encoding="utf-8")
        os.replace(part, path)
    except OSError as error:
        raise DiskFull(
            f"The settings could not be written to {path} ({error.strerror})."
        ) from error


def to_toml(settings: Settings) -> str:
    """Settings as TOML, one line each, in the order of the record."""
    return "".join(
        f"{each.name} = {_quoted(getattr(settings, each.name))}\n" for each in fields(Settings)
    )


def _quoted(value: str | int) -> str:
    # JSON's escapes are TOML's, but JSON lets the delete character through as it is.
    return json.dumps(value, ensure_ascii=False).replace("\x7f", "\\u007f")
