"""A visit of about two minutes, written for these tests: one-sided weakness after an old stroke."""

from pathlib import Path

from scribe.ids import ModelId, utterance_id
from scribe.records import Speaker, Transcript, Utterance

_C, _P = Speaker.CLINICIAN, Speaker.PATIENT
_WORDS_PER_SECOND = 2.5

Lines = tuple[tuple[Speaker, str], ...]


def read(name: str) -> Lines:
    """The lines of a text file beside this one; "D: " is the clinician, "P: " the patient."""
    text = (Path(__file__).parent / name).read_text(encoding="utf-8")
    pairs = (line.split(": ", 1) for line in text.splitlines() if line)
    return tuple(({"D": _C, "P": _P}[who], said) for who, said in pairs)


LINES = read("visit.txt")


def transcript(lines: Lines = LINES, *, speakers: bool = True) -> Transcript:
    """The lines as a transcript with even timing; without `speakers` all are unknown."""
    utterances: list[Utterance] = []
    at = 0.0
    for number, (speaker, text) in enumerate(lines, start=1):
        long = len(text.split()) / _WORDS_PER_SECOND
        utterances.append(
            Utterance(
                id=utterance_id(number),
                speaker=speaker if speakers else Speaker.UNKNOWN,
                start=at,
                end=at + long,
                text=text,
            )
        )
        at += long + 0.3
    return Transcript(utterances=tuple(utterances), model_id=ModelId("hand"), seconds=at)
