"""What the audit log is told of the consents of a visit when it is saved. Pure: wording, method and
count, never who it was.
"""

from collections.abc import Iterator

from scribe.records import Consent, Visit
from scribe.signoff.audit import Act


def changes(before: Visit | None, after: Visit) -> Iterator[tuple[Act, str]]:
    """Act and detail of every row that `after` is due, compared with what was stored `before`."""
    old_arrivals = before.arrivals if before else ()
    old_withdrawals = before.withdrawals if before else ()
    for taken in after.withdrawals[len(old_withdrawals) :]:
        yield Act.CONSENT_WITHDRAWN, _named(taken.consent)
    if after.consent is not None and (before is None or after.consent != before.consent):
        yield Act.CONSENT_GIVEN, _named(after.consent)
    for number, arrival in enumerate(after.arrivals):
        known = old_arrivals[number] if number < len(old_arrivals) else None
        if known is None:
            yield Act.ARRIVAL, f"{number + 1} came in"
        if arrival.consent is not None and (known is None or known.consent is None):
            yield Act.CONSENT_GIVEN, f"arrival {number + 1}, {_named(arrival.consent)}"
        if arrival.left is not None and (known is None or known.left is None):
            yield Act.ARRIVAL, f"{number + 1} left"


def _named(consent: Consent) -> str:
    special = ", AI transcription" if consent.ai_transcription else ""
    return f"{consent.wording_id} {consent.wording_version}, {consent.method}{special}"
