"""The state machine of one encounter: which step may follow which. It does no work itself.

    new -> consented -> recording -> transcribed -> drafted -> coded -> reviewed -> signed
        -> amended

A file that was recorded elsewhere goes from consented straight to transcribed; a note may be
drafted, coded and reviewed as often as the clinician likes until it is signed.
"""

from scribe.errors import StepRefused
from scribe.records import VisitState as S

NEXT: dict[S, frozenset[S]] = {
    S.NEW: frozenset({S.CONSENTED}),
    S.CONSENTED: frozenset({S.RECORDING, S.TRANSCRIBED}),
    S.RECORDING: frozenset({S.TRANSCRIBED}),
    S.TRANSCRIBED: frozenset({S.TRANSCRIBED, S.DRAFTED}),
    S.DRAFTED: frozenset({S.TRANSCRIBED, S.DRAFTED, S.CODED}),
    S.CODED: frozenset({S.DRAFTED, S.CODED, S.REVIEWED}),
    S.REVIEWED: frozenset({S.DRAFTED, S.CODED, S.REVIEWED, S.SIGNED}),
    S.SIGNED: frozenset({S.AMENDED}),
    S.AMENDED: frozenset({S.AMENDED}),
}


def step(now: S, to: S) -> S:
    """Return `to` if it may follow `now`. Raises StepRefused, which names both."""
    if to not in NEXT[now]:
        raise StepRefused(f"This visit is {now.value}; it cannot become {to.value} from here.")
    return to
