"""Reads notes to be checked from JSON or JSON Lines; judges nothing about their content.

One object per note: id, date_of_service, specialty, setting, age, sex, codes (code and rank) and
note (subjective, objective, assessment, plan). The services billed may be given as `procedures`
(a list) or `cpt` (one code or a list). `expect` and `why` of test files are ignored.
"""

import json
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from scribe.codec import from_plain
from scribe.errors import BadInput, TranscriptUnusable
from scribe.ids import EncounterId
from scribe.records import CodedDiagnosis, Encounter, NoteText, Setting, Sex

_IGNORED = ("expect", "why")
_SHORT = "cpt"
"""The other name of `procedures`."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """One note to check."""

    id: str
    note: NoteText
    encounter: Encounter
    diagnoses: tuple[CodedDiagnosis, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Code:
    code: str
    rank: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class _Note:
    subjective: str = ""
    objective: str = ""
    assessment: str = ""
    plan: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Form:
    date_of_service: date
    id: str = ""
    specialty: str = ""
    setting: Setting = Setting.OUTPATIENT
    age: int | None = None
    sex: Sex = Sex.UNKNOWN
    codes: tuple[_Code, ...] = ()
    procedures: tuple[str, ...] = ()
    note: _Note = field(default_factory=_Note)


def read_requests(text: str) -> tuple[Request, ...]:
    """All notes of a document: one JSON object, a JSON array, or one object per line.

    Raises BadInput with the line (or the place in the array) that does not fit, never its content.
    """
    return tuple(_request(value, where) for value, where in _values(text))


def _values(text: str) -> list[tuple[Any, str]]:
    if not text.strip():
        raise BadInput("The file with notes is empty.")
    try:
        whole = json.loads(text)
    except (ValueError, RecursionError):
        return [
            (_line(line, number), f"Line {number}")
            for number, line in enumerate(text.splitlines(), start=1)
            if line.strip()
        ]
    if isinstance(whole, list):
        return [(value, f"Note {number}") for number, value in enumerate(whole, start=1)]
    return [(whole, "Line 1")]


def _line(line: str, number: int) -> Any:
    try:
        return json.loads(line)
    except (ValueError, RecursionError):
        raise BadInput(f"Line {number} is not a JSON object.") from None


def _request(value: Any, where: str) -> Request:
    if not isinstance(value, dict):
        raise BadInput(f"{where} is not a JSON object.")
    known = {key: part for key, part in value.items() if key not in (*_IGNORED, _SHORT)}
    if _SHORT in value:
        services = value[_SHORT]
        known["procedures"] = [services] if isinstance(services, str) else services
    try:
        form = from_plain(_Form, known, what=where)
    except TranscriptUnusable as error:
        raise BadInput(error.message) from None
    return Request(
        id=form.id or where,
        note=NoteText(
            subjective=form.note.subjective,
            objective=form.note.objective,
            assessment=form.note.assessment,
            plan=form.note.plan,
        ),
        encounter=Encounter(
            id=EncounterId(form.id or where),
            date_of_service=form.date_of_service,
            specialty=form.specialty,
            setting=form.setting,
            age=form.age,
            sex=form.sex,
            procedures=form.procedures,
        ),
        diagnoses=tuple(
            CodedDiagnosis(code=each.code, rank=each.rank or position)
            for position, each in enumerate(form.codes, start=1)
        ),
    )
