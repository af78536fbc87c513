"""Every type that travels the pipeline: frozen, slotted, keyword-only; no method does I/O.

Times are seconds from the start of the recording; wall-clock times are aware datetimes.
Clinical words follow the field: encounter, utterance, statement, finding, attestation, addendum.
"""

from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum

import numpy as np
from numpy.typing import NDArray

from scribe.ids import EncounterId, ModelId, NoteId, RuleId, StatementId, TemplateId, UtteranceId

SAMPLE_RATE = 16_000
"""The one rate inside the program, in samples per second."""

Samples = NDArray[np.float32]
"""Mono audio at SAMPLE_RATE, shape (n,), full scale -1..1."""


# ---------------------------------------------------------------- sound and speech


@dataclass(frozen=True, slots=True, kw_only=True)
class AudioClip:
    """A whole recording: mono `samples` (shape (n,), -1..1) at `rate` samples per second."""

    samples: Samples
    rate: int = SAMPLE_RATE

    @property
    def seconds(self) -> float:
        """Length in seconds."""
        return len(self.samples) / self.rate


class Speaker(StrEnum):
    """Who spoke, as far as is known."""

    CLINICIAN = "clinician"
    PATIENT = "patient"
    OTHER = "other"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True, kw_only=True)
class Word:
    """One recognised word with its time span and the recogniser's confidence 0..1."""

    text: str
    start: float
    end: float
    confidence: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Utterance:
    """One stretch of speech by one speaker; `text` is what was recognised, unchanged."""

    id: UtteranceId
    speaker: Speaker
    start: float
    end: float
    text: str
    confidence: float = 1.0
    words: tuple[Word, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Transcript:
    """All utterances of one recording in order of time, and the model that heard them."""

    utterances: tuple[Utterance, ...]
    model_id: ModelId
    seconds: float = 0.0


# ---------------------------------------------------------------- the draft


class Section(StrEnum):
    """The four parts of a SOAP note."""

    SUBJECTIVE = "subjective"
    OBJECTIVE = "objective"
    ASSESSMENT = "assessment"
    PLAN = "plan"


class Support(StrEnum):
    """How far a statement is borne out by its evidence."""

    SUPPORTED = "supported"
    REPAIRED = "repaired"
    """Taken from the speech itself because the model's wording lost or changed a fact."""
    UNSUPPORTED = "unsupported"
    """Something in it was not said; `reason` names it. It can never be signed unseen."""
    TYPED = "typed"
    """The clinician's own words."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Statement:
    """One sentence of the note and the utterances it rests on."""

    id: StatementId
    section: Section
    heading: str
    text: str
    evidence: tuple[UtteranceId, ...]
    support: Support
    reason: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Omission:
    """Something that was said and is not in the note."""

    kind: str
    text: str
    evidence: tuple[UtteranceId, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """The statements of a note in reading order."""

    statements: tuple[Statement, ...]
    template_id: TemplateId
    model_id: ModelId
    omissions: tuple[Omission, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Prompt:
    """What the writer is asked: a task, worked examples and one stretch of source text.

    `system` and `examples` are the fixed prefix that stays in the model's cache; `user` is data
    that was spoken in the room and is never followed as an instruction by anything around it.
    `max_tokens` bounds the answer.
    """

    system: str
    examples: tuple[tuple[str, str], ...]
    user: str
    max_tokens: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Completion:
    """The writer's answer: untrusted text, and what it cost (tokens; seconds of wall and CPU)."""

    text: str
    prompt_tokens: int = 0
    generated_tokens: int = 0
    seconds: float = 0.0
    cpu_seconds: float = 0.0


# ---------------------------------------------------------------- the visit


class Setting(StrEnum):
    """Where the encounter took place; outpatient decides how uncertain diagnoses are coded."""

    OUTPATIENT = "outpatient"
    INPATIENT = "inpatient"


class Sex(StrEnum):
    """As recorded in the chart, not as heard."""

    FEMALE = "F"
    MALE = "M"
    UNKNOWN = "U"


DEFAULT_TEMPLATE = TemplateId("soap")


@dataclass(frozen=True, slots=True, kw_only=True)
class Encounter:
    """One visit: what the chart says about it before anyone speaks. Age in years.

    `procedures`: codes of the services billed (CPT or HCPCS), where they are known.
    """

    id: EncounterId
    date_of_service: date
    patient_label: str = ""
    specialty: str = ""
    setting: Setting = Setting.OUTPATIENT
    age: int | None = None
    sex: Sex = Sex.UNKNOWN
    template_id: TemplateId = DEFAULT_TEMPLATE
    procedures: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Consent:
    """Who agreed to be recorded, when, how and under which wording (prompts/consent/).

    `present` are the roles of all who were asked; `ai_transcription`: the specific agreement that
    therapy needs; `statement`: for a file recorded elsewhere, how consent was had for it.
    """

    given_by: str
    at: datetime
    wording_version: str
    method: str = "spoken"
    wording_id: str = "recording"
    present: tuple[str, ...] = ()
    ai_transcription: bool = False
    statement: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Arrival:
    """Somebody who came in later; nothing is taken while `consent` is None, unless they `left`."""

    role: str
    at: datetime
    consent: Consent | None = None
    left: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Withdrawal:
    """A consent that was taken back, by whom and when; what was heard under it is destroyed."""

    by: str
    at: datetime
    consent: Consent


# ---------------------------------------------------------------- coding


class Origin(StrEnum):
    """Where a code on the claim came from. A language model is not among the possibilities."""

    TYPED = "typed"
    DICTATED = "dictated"
    """Spoken by the clinician as a diagnosis list and read by the spoken-code grammar."""
    RULE = "rule"
    """Offered by a rule and taken by the clinician."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CodedDiagnosis:
    """A code on the claim; rank 1 is first-listed. `evidence`: where it was dictated, if it was."""

    code: str
    rank: int
    origin: Origin = Origin.TYPED
    evidence: tuple[UtteranceId, ...] = ()


class Severity(StrEnum):
    """block: sign-off needs a fix or a typed reason; warn: dismissed with a click; info: shown."""

    BLOCK = "block"
    WARN = "warn"
    INFO = "info"


@dataclass(frozen=True, slots=True, kw_only=True)
class NoteText:
    """The four sections as plain text: all that the coding module reads of a note."""

    subjective: str = ""
    objective: str = ""
    assessment: str = ""
    plan: str = ""

    def of(self, section: Section) -> str:
        """The text of one section."""
        return str(getattr(self, section.value))


@dataclass(frozen=True, slots=True, kw_only=True)
class Quote:
    """The exact words in the note that a finding rests on; `start`, `end` count characters."""

    section: Section
    start: int
    end: int
    text: str
    utterances: tuple[UtteranceId, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Suggestion:
    """A code (or a family such as "O26.8-") that would be right, its title, and why."""

    code: str
    title: str
    why: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Citation:
    """A source by name and place; the text of licensed sources is never carried."""

    source: str
    place: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """What a coding rule says about this note.

    `codes` are the codes on the claim that it is about; `note` is the reference article's advice
    and, where it differs, why the official rule decides. `sequencing` is what it means for the
    order of the codes, "" if nothing. `override` is a reason for which the claim may stay as it is:
    it holds only if what it says is true of this patient, so it is offered and never filled in.
    """

    rule_id: RuleId
    severity: Severity
    message: str
    codes: tuple[str, ...] = ()
    evidence: tuple[Quote, ...] = ()
    suggestions: tuple[Suggestion, ...] = ()
    citations: tuple[Citation, ...] = ()
    note: str = ""
    sequencing: str = ""
    override: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class CodedNote:
    """The draft with the claim's codes and everything the rules say about them."""

    encounter: Encounter
    draft: Draft
    diagnoses: tuple[CodedDiagnosis, ...]
    findings: tuple[Finding, ...]
    tables: str = ""


# ---------------------------------------------------------------- sign-off


@dataclass(frozen=True, slots=True, kw_only=True)
class Override:
    """The clinician's typed reason for signing over a blocking finding about these `codes`
    (none named: over all findings of the rule).
    """

    rule_id: RuleId
    reason: str
    by: str
    at: datetime
    codes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Seen:
    """A sentence or an omission that was opened, by name, and a hash of the words it had then."""

    what: str
    sha256: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Dismissal:
    """A warning that was looked at."""

    rule_id: RuleId
    codes: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class ReviewMarks:
    """What the clinician has dealt with before signing; kept with the visit until it is signed."""

    overrides: tuple[Override, ...] = ()
    seen: tuple[Seen, ...] = ()
    dismissed: tuple[Dismissal, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Attestation:
    """Who signs, in what capacity, what the signature means, and when (aware datetime)."""

    signer: str
    credential: str
    meaning: str
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class SignedNote:
    """One immutable version of a note. `sha256` is over the canonical form of all but itself and
    the signature; `previous_sha256` chains an addendum or correction to the version before it.

    `model_sha256` belongs to `models` one by one ("" if not known); `log_seq` and `log_sha256` are
    where the audit log stood, so that the signature vouches for the log up to there.
    """

    id: NoteId
    version: int
    coded: CodedNote
    overrides: tuple[Override, ...]
    seen_unsupported: tuple[StatementId, ...]
    attestation: Attestation
    models: tuple[ModelId, ...]
    transcript_sha256: str
    previous_sha256: str = ""
    addendum: str = ""
    sha256: str = ""
    signature: str = ""
    correction: str = ""
    seen_omissions: tuple[str, ...] = ()
    model_sha256: tuple[str, ...] = ()
    log_seq: int = 0
    log_sha256: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class AuditRow:
    """One act: who did what to which object, in which installation; never patient text."""

    seq: int
    at: datetime
    actor: str
    act: str
    object_id: str
    detail: str = ""
    previous: str = ""
    sha256: str = ""
    user: str = ""
    install: str = ""


class VisitState(StrEnum):
    """The steps of one encounter, in order; a withdrawn consent leads aside."""

    NEW = "new"
    CONSENTED = "consented"
    RECORDING = "recording"
    TRANSCRIBED = "transcribed"
    DRAFTED = "drafted"
    CODED = "coded"
    REVIEWED = "reviewed"
    SIGNED = "signed"
    AMENDED = "amended"
    WITHDRAWN = "withdrawn"


@dataclass(frozen=True, slots=True, kw_only=True)
class Visit:
    """All that is kept of one encounter before and after it is signed. `declined`: codes that were
    proposed for its note and that the clinician does not want proposed again.
    """

    encounter: Encounter
    state: VisitState
    updated: datetime
    consent: Consent | None = None
    transcript: Transcript | None = None
    draft: Draft | None = None
    diagnoses: tuple[CodedDiagnosis, ...] = ()
    declined: tuple[str, ...] = ()
    notes: tuple[SignedNote, ...] = field(default=())
    arrivals: tuple[Arrival, ...] = ()
    withdrawals: tuple[Withdrawal, ...] = ()
    marks: ReviewMarks = field(default_factory=ReviewMarks)


@dataclass(frozen=True, slots=True, kw_only=True)
class VisitSummary:
    """One line of the list of visits."""

    id: EncounterId
    patient_label: str
    date_of_service: date
    template_id: TemplateId
    state: VisitState
    updated: datetime
