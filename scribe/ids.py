"""Identifier types and their makers; nothing here knows what an identifier points to."""

from secrets import token_hex
from typing import NewType

EncounterId = NewType("EncounterId", str)
UtteranceId = NewType("UtteranceId", str)
StatementId = NewType("StatementId", str)
NoteId = NewType("NoteId", str)
RuleId = NewType("RuleId", str)
ModelId = NewType("ModelId", str)
TemplateId = NewType("TemplateId", str)


def new_encounter_id() -> EncounterId:
    """A random identifier that says nothing about the patient or the day."""
    return EncounterId(f"e-{token_hex(8)}")


def new_note_id() -> NoteId:
    """A random identifier for one version of a signed note."""
    return NoteId(f"n-{token_hex(8)}")


def utterance_id(number: int) -> UtteranceId:
    """The identifier of the `number`-th utterance of a transcript, counted from 1."""
    return UtteranceId(f"u{number}")


def statement_id(number: int) -> StatementId:
    """The identifier of the `number`-th statement of a draft, counted from 1."""
    return StatementId(f"s{number}")
