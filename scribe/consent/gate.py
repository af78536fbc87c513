"""The one gate before every microphone and every file: who has to have agreed, and to what. Pure,
but for `Permit`, which a recording asks before each block of sound.

All parties, everywhere: the strictest state laws ask for it, and nobody is asked twice for less.
"""

from collections.abc import Iterator

from scribe.consent import wording
from scribe.errors import ConsentNeeded
from scribe.records import Arrival, Consent, Encounter, Visit

SPOKEN = "spoken"
WRITTEN = "written"
METHODS = (SPOKEN, WRITTEN)


def lacking(visit: Visit) -> tuple[str, ...]:
    """Why this visit may not be recorded now, in words; empty when it may."""
    consent = visit.consent
    if consent is None:
        return ("Nobody has agreed to be recorded yet.",)
    left = tuple(faults(consent, visit.encounter))
    if consent.wording_id == wording.IMPORTED:
        left += ("The consent is for a file recorded elsewhere, not for a recording.",)
    if open_arrivals(visit):
        left += ("Somebody who came in has not agreed to be recorded.",)
    return left


def lacking_for_file(visit: Visit) -> tuple[str, ...]:
    """Why an audio file may not be heard for this visit, in words; empty when it may."""
    consent = visit.consent
    if consent is None or consent.wording_id != wording.IMPORTED:
        return ("It has not been stated how those in the file agreed to be recorded.",)
    return tuple(faults(consent, visit.encounter))


def faults(consent: Consent, encounter: Encounter) -> Iterator[str]:
    """What this record of consent lacks for this visit, in words.

    Therapy: Illinois Public Act 104-0054, written, specific to AI transcription, revocable.
    """
    if not consent.given_by.strip():
        yield "The consent does not say who agreed."
    if consent.at.utcoffset() is None:
        yield "The time of the consent has no time zone."
    if consent.method not in METHODS:
        yield "The consent does not say whether it was spoken or written."
    if not wording.is_published(consent.wording_id, consent.wording_version):
        yield "The consent names no wording of this program."
    if consent.wording_id == wording.IMPORTED and not consent.statement.strip():
        yield "It is not stated how consent to the recording was had."
    if wording.is_therapy(encounter):
        if not consent.ai_transcription:
            yield "Therapy needs the patient's specific consent to transcription with AI."
        if consent.method != WRITTEN:
            yield "Therapy needs this consent in writing."


def open_arrivals(visit: Visit) -> tuple[Arrival, ...]:
    """Those who came in later, are still there and have not agreed."""
    return tuple(each for each in visit.arrivals if each.consent is None and each.left is None)


def require_recording(visit: Visit) -> None:
    """Raises ConsentNeeded, with everything that is missing."""
    _require(lacking(visit))


def require_file(visit: Visit) -> None:
    """Raises ConsentNeeded, with everything that is missing."""
    _require(lacking_for_file(visit))


def require_kept(visit: Visit) -> None:
    """Raises ConsentNeeded for a visit with something heard and no consent: it is not kept."""
    if visit.consent is None and visit.transcript is not None:
        raise ConsentNeeded("What was heard without a recorded consent is not kept.")


class Permit:
    """Leave to take the sound of one visit. A recording asks `open` before every block, so that it
    stops with the block in which somebody comes in or takes the consent back.
    """

    def __init__(self, visit: Visit) -> None:
        """Raises ConsentNeeded unless everybody present has agreed."""
        require_recording(visit)
        self._visit = visit.encounter.id
        self._held = self._revoked = False

    @property
    def open(self) -> bool:
        """Whether sound may be taken now."""
        return not (self._held or self._revoked)

    @property
    def revoked(self) -> bool:
        """Whether the consent was taken back: nothing more is heard or written either."""
        return self._revoked

    def hold(self) -> None:
        """Take no sound from now on."""
        self._held = True

    def resume(self, visit: Visit) -> None:
        """Take sound again. Raises ConsentNeeded, as long as anybody has not agreed."""
        require_recording(visit)
        if self._revoked or visit.encounter.id != self._visit:
            raise ConsentNeeded("This recording was ended because a consent was taken back.")
        self._held = False

    def revoke(self) -> None:
        """Never again."""
        self._revoked = True


def _require(left: tuple[str, ...]) -> None:
    if left:
        raise ConsentNeeded(" ".join(left))
