"""The flow, from top to bottom, as it reads:

    AudioClip -> transcribe -> Transcript -> draft -> Draft -> code -> CodedNote
        -> sign -> SignedNote -> store / export

Each stage is a function from records to a record; this file alone knows their order. It holds no
thread, no file handling beyond reading audio blocks, and no rule.
"""

from collections.abc import Iterable
from dataclasses import replace
from datetime import date
from pathlib import Path

from scribe import notetext
from scribe.coding import check, spoken_codes
from scribe.draft import template
from scribe.draft import write as drafting
from scribe.errors import Cancelled
from scribe.events import Heard, Never, Progress, Stop, Tell, silence
from scribe.ids import TemplateId
from scribe.ports import Recogniser, Writer
from scribe.records import (
    SAMPLE_RATE,
    CodedDiagnosis,
    CodedNote,
    Draft,
    Encounter,
    Finding,
    Quote,
    Samples,
    Transcript,
    Utterance,
)
from scribe.signoff.review import sign
from scribe.speech.speakers import assign, assign_all
from scribe.worker.audiofile import AudioFile

__all__ = ["code", "dictated", "draft", "sign", "transcribe", "transcribe_file"]


def transcribe(
    blocks: Iterable[Samples],
    recogniser: Recogniser,
    *,
    seconds: float = 0.0,
    tell: Tell = silence,
    stop: Stop | None = None,
) -> Transcript:
    """Hear 16 kHz mono `blocks` to their end; `seconds` is the expected length, for progress.

    Raises Cancelled, AudioUnusable, EngineError, WeightsError.
    """
    stop = stop or Never()
    heard: list[Utterance] = []
    samples = 0

    def final(utterances: tuple[Utterance, ...]) -> None:
        for each in utterances:
            heard.append(assign(each, tuple(heard)))
            tell(Heard(utterance=heard[-1]))

    for block in blocks:
        if stop.is_set():
            raise Cancelled("Transcription was stopped; the audio is untouched.")
        samples += len(block)
        final(recogniser.hear(block))
        tell(Progress(step="transcribe", done=samples / SAMPLE_RATE, total=seconds, unit="s"))
    final(recogniser.flush())
    return Transcript(
        utterances=assign_all(heard), model_id=recogniser.model_id, seconds=samples / SAMPLE_RATE
    )


def transcribe_file(
    path: Path, recogniser: Recogniser, *, tell: Tell = silence, stop: Stop | None = None
) -> Transcript:
    """Hear a WAV, FLAC, MP3 or OGG file. Raises AudioUnusable and what `transcribe` raises."""
    with AudioFile(path) as file:
        return transcribe(
            file.blocks(), recogniser, seconds=file.info.seconds, tell=tell, stop=stop
        )


def draft(
    transcript: Transcript,
    template_id: TemplateId,
    writer: Writer | None,
    *,
    tell: Tell = silence,
    stop: Stop | None = None,
) -> Draft:
    """Write the note; without a writer by rules alone. Raises Cancelled, EngineError."""
    return drafting.draft(transcript, template.load(template_id), writer, tell, stop or Never())


def dictated(transcript: Transcript, day: date) -> tuple[CodedDiagnosis, ...]:
    """The diagnosis list the clinician dictated, read by the spoken-code grammar."""
    return spoken_codes.dictated(transcript, day)


def code(encounter: Encounter, note: Draft, diagnoses: tuple[CodedDiagnosis, ...]) -> CodedNote:
    """Check the claim's codes against the note. Pure, deterministic, no model."""
    findings = check.check(notetext.render(note.statements), encounter, diagnoses)
    spans = notetext.locate(note.statements)
    return CodedNote(
        encounter=encounter,
        draft=note,
        diagnoses=diagnoses,
        findings=tuple(_tied(each, spans) for each in findings),
        tables=check.edition(encounter.date_of_service),
    )


def _tied(finding: Finding, spans: tuple[notetext.Span, ...]) -> Finding:
    """The finding with each quote tied to the utterances behind the statements it touches."""
    return replace(finding, evidence=tuple(_spoken(each, spans) for each in finding.evidence))


def _spoken(quote: Quote, spans: tuple[notetext.Span, ...]) -> Quote:
    behind = (
        utterance
        for span in spans
        if span.section is quote.section and span.start < quote.end and quote.start < span.end
        for utterance in span.utterances
    )
    return replace(quote, utterances=tuple(dict.fromkeys(behind)))
