"""A chunk to the question the writer is asked; pure, and the only place that words it."""

import re

from scribe.draft import dialogue
from scribe.draft.chunks import Chunk, estimated_tokens
from scribe.draft.routing import RoutedTurn
from scribe.draft.segment import sentences
from scribe.draft.template import Phase, Template
from scribe.records import Prompt, Speaker

_EXTRA_TOKENS = 22
_LETTER = {Speaker.CLINICIAN: "D", Speaker.PATIENT: "P", Speaker.OTHER: "P", Speaker.UNKNOWN: "D"}


def source_text(chunk: Chunk) -> str:
    """The turns of a chunk, one a line, with D (clinician) or P (patient or companion)."""
    lines = ((each, _plain(_findings(each, chunk.phase))) for each in chunk.turns)
    return "\n".join(f"{_LETTER[each.speaker]}: {text}" for each, text in lines if text)


def build(chunk: Chunk, template: Template) -> Prompt:
    """The prompt for one chunk; its prefix is the same for every chunk of a phase."""
    prefix = template.prompts[chunk.phase]
    user = source_text(chunk)
    return Prompt(
        system=prefix.system,
        examples=tuple((each.said, each.written) for each in prefix.examples),
        user=user,
        max_tokens=estimated_tokens(user) + _EXTRA_TOKENS,
    )


def _findings(each: RoutedTurn, phase: Phase) -> str:
    """The turn; during the exam without the sentences that only tell the patient what to do."""
    if phase is not Phase.EXAM or each.asks or each.answers:
        return each.turn.text
    return " ".join(s for s in sentences(each.turn.text) if not dialogue.is_instruction(s))


def _plain(text: str) -> str:
    """Spoken text as data: nothing in it may look like the marks that divide a chat."""
    return re.sub(r"<\|?[^<>]{0,40}\|?>|\[/?INST\]|<</?SYS>>", " ", text).strip()
