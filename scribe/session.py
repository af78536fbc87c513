"""The state machine of one encounter: which step may follow which, and what consent has to be there
for it. Pure: it takes a visit and returns the next one; it does no work itself.

    new -> consented -> recording -> transcribed -> drafted -> coded -> reviewed -> signed
        -> amended

A file that was recorded elsewhere goes from consented straight to transcribed; a note may be
drafted, coded and reviewed as often as the clinician likes until it is signed. A consent that is
taken back leads from any step before signing to withdrawn: what was heard is gone, the clinician's
own words stay and may be signed, or consent is given anew.
"""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime

from scribe.consent import gate
from scribe.errors import ConsentNeeded, StepRefused
from scribe.ids import ModelId
from scribe.records import (
    Arrival,
    CodedDiagnosis,
    Consent,
    Draft,
    Origin,
    Support,
    Transcript,
    Visit,
    Withdrawal,
)
from scribe.records import VisitState as S

NEXT: dict[S, frozenset[S]] = {
    S.NEW: frozenset({S.CONSENTED}),
    S.CONSENTED: frozenset({S.CONSENTED, S.RECORDING, S.TRANSCRIBED, S.WITHDRAWN}),
    S.RECORDING: frozenset({S.TRANSCRIBED, S.WITHDRAWN}),
    S.TRANSCRIBED: frozenset({S.TRANSCRIBED, S.DRAFTED, S.WITHDRAWN}),
    S.DRAFTED: frozenset({S.TRANSCRIBED, S.DRAFTED, S.CODED, S.WITHDRAWN}),
    S.CODED: frozenset({S.DRAFTED, S.CODED, S.REVIEWED, S.WITHDRAWN}),
    S.REVIEWED: frozenset({S.DRAFTED, S.CODED, S.REVIEWED, S.SIGNED, S.WITHDRAWN}),
    S.WITHDRAWN: frozenset({S.WITHDRAWN, S.CONSENTED, S.REVIEWED}),
    S.SIGNED: frozenset({S.AMENDED}),
    S.AMENDED: frozenset({S.AMENDED}),
}

NO_MODEL = ModelId("")
"""Stands where no model wrote anything."""


def step(now: S, to: S) -> S:
    """Return `to` if it may follow `now`. Raises StepRefused, which names both."""
    if to not in NEXT[now]:
        raise StepRefused(f"This visit is {now.value}; it cannot become {to.value} from here.")
    return to


def advance(visit: Visit, to: S) -> S:
    """The state after a step of the work. A file opened without a vault is heard before anybody was
    asked; its visit stays new, and cannot be kept, until `agree` lets it take the steps it made.
    Raises StepRefused, ConsentNeeded.
    """
    if to is S.RECORDING:
        gate.require_recording(visit)
    if visit.state is S.NEW and visit.consent is None:
        return visit.state
    return step(visit.state, to)


# ---------------------------------------------------------------- consent


def agree(visit: Visit, consent: Consent) -> Visit:
    """The visit with its consent; it may be given anew as long as nothing was heard.

    A file that was opened before anybody was asked has been heard already; its visit goes through
    the steps that were made. Raises ConsentNeeded for a consent that does not suffice.
    """
    left = tuple(gate.faults(consent, visit.encounter))
    if left:
        raise ConsentNeeded(" ".join(left))
    state = step(visit.state, S.CONSENTED)
    for then, done in (
        (S.TRANSCRIBED, visit.transcript is not None),
        (S.DRAFTED, visit.draft is not None and visit.transcript is not None),
    ):
        state = step(state, then) if done else state
    return replace(visit, state=state, consent=consent)


def start_recording(visit: Visit) -> Visit:
    """The visit while it is recorded. Raises ConsentNeeded, StepRefused."""
    gate.require_recording(visit)
    return replace(visit, state=step(visit.state, S.RECORDING))


def hear(visit: Visit, transcript: Transcript) -> Visit:
    """The visit with what was heard. Raises ConsentNeeded without a consent, StepRefused."""
    if visit.consent is None:
        raise ConsentNeeded("What was heard without a recorded consent is not kept.")
    return replace(visit, state=step(visit.state, S.TRANSCRIBED), transcript=transcript)


def join(visit: Visit, role: str, at: datetime) -> Visit:
    """Somebody came in: from now on nothing may be taken until they agree or leave."""
    if not role.strip():
        raise StepRefused("It is not said who came in.", advice="Choose a role.")
    return replace(visit, arrivals=(*visit.arrivals, Arrival(role=role.strip(), at=at)))


def joined_agree(visit: Visit, consent: Consent) -> Visit:
    """Everybody who came in agreed. Raises ConsentNeeded for a consent that does not suffice, and
    when nobody was waiting to be asked.
    """
    left = tuple(gate.faults(consent, visit.encounter))
    if left or not gate.open_arrivals(visit):
        raise ConsentNeeded(" ".join(left) or "Nobody came in who has not been asked.")
    return _settle(visit, lambda each: replace(each, consent=consent))


def joined_left(visit: Visit, at: datetime) -> Visit:
    """Those who came in and did not agree are gone again."""
    return _settle(visit, lambda each: replace(each, left=at))


def withdraw(visit: Visit, by: str, at: datetime) -> Visit:
    """The consent was taken back before the note was signed. The transcript, everything drafted
    from it, codes that were dictated and everything that quotes it go; what the clinician typed
    stays, tied to no speech.
    The recording itself is destroyed by the vault. Raises StepRefused.
    """
    if visit.consent is None:
        raise StepRefused("There is no consent that could be taken back.", advice="")
    if not by.strip():
        raise StepRefused("It is not said who took the consent back.", advice="Say who it was.")
    taken = Withdrawal(by=by.strip(), at=at, consent=visit.consent)
    return replace(
        visit,
        state=step(visit.state, S.WITHDRAWN),
        consent=None,
        transcript=None,
        draft=_own_words(visit),
        diagnoses=_own_codes(visit),
        arrivals=(),
        withdrawals=(*visit.withdrawals, taken),
    )


def _own_codes(visit: Visit) -> tuple[CodedDiagnosis, ...]:
    """Without those that were read from the recording."""
    kept = [each for each in visit.diagnoses if each.origin is not Origin.DICTATED]
    return tuple(replace(each, rank=rank, evidence=()) for rank, each in enumerate(kept, start=1))


def _own_words(visit: Visit) -> Draft:
    statements = visit.draft.statements if visit.draft else ()
    return Draft(
        statements=tuple(
            replace(each, evidence=()) for each in statements if each.support is Support.TYPED
        ),
        template_id=visit.encounter.template_id,
        model_id=NO_MODEL,
    )


def _settle(visit: Visit, settled: Callable[[Arrival], Arrival]) -> Visit:
    waiting = gate.open_arrivals(visit)
    return replace(
        visit,
        arrivals=tuple(settled(each) if each in waiting else each for each in visit.arrivals),
    )
