"""The clinician's review and signature: what was seen, overridden and dismissed, and the act of
signing as it runs in the vault's lane. What blocks a signature is decided in scribe/signoff only.
"""

from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import UTC, datetime

from PySide6.QtCore import QObject, Signal

from gui import texts
from scribe import session
from scribe.build import model_sha256
from scribe.errors import ScribeError
from scribe.ids import StatementId
from scribe.ports import Store
from scribe.records import (
    Attestation,
    CodedNote,
    Dismissal,
    Finding,
    Omission,
    Override,
    ReviewMarks,
    Severity,
    Statement,
    Support,
    Visit,
    VisitState,
)
from scribe.signoff import points, review
from scribe.signoff.points import Point


class Reviewing(QObject):
    """What the clinician has dealt with so far; `marks` is kept with the visit, so that it is there
    after the program was closed.

    Signals:
        changed: something was opened, or a finding was overridden, dismissed or taken up again.
    """

    changed = Signal()

    def __init__(self, marks: ReviewMarks | None = None) -> None:
        super().__init__()
        self.marks = marks or ReviewMarks()

    def see(self, what: Statement | Omission) -> None:
        """The clinician opened a sentence, or something said that is not in the note. What has to
        be opened before signing is remembered with the words it has now.
        """
        if isinstance(what, Statement) and what.support is not Support.UNSUPPORTED:
            return
        if not self.has_seen(what):
            self._keep(seen=(*self.marks.seen, points.seen_as(what)))

    def has_seen(self, what: Statement | Omission) -> bool:
        """Whether it was opened with the words it has now."""
        return points.seen_as(what) in self.marks.seen

    def unseen(self, statements: tuple[Statement, ...]) -> tuple[StatementId, ...]:
        """The unsupported sentences among `statements` that were not opened."""
        return tuple(
            each.id
            for each in statements
            if each.support is Support.UNSUPPORTED and not self.has_seen(each)
        )

    def override(self, finding: Finding, reason: str) -> None:
        """Keep the codes of a finding that blocks, for a typed reason."""
        made = Override(
            rule_id=finding.rule_id,
            codes=finding.codes,
            reason=reason.strip(),
            by="",
            at=datetime.now(UTC),
        )
        self._keep(overrides=(*self._others(finding), made))

    def dismiss(self, finding: Finding) -> None:
        """A warning was looked at."""
        made = Dismissal(rule_id=finding.rule_id, codes=finding.codes)
        if made not in self.marks.dismissed:
            self._keep(dismissed=(*self.marks.dismissed, made))

    def reopen(self, finding: Finding) -> None:
        """Take an override or a dismissal back."""
        gone = Dismissal(rule_id=finding.rule_id, codes=finding.codes)
        kept = tuple(each for each in self.marks.dismissed if each != gone)
        self._keep(overrides=self._others(finding), dismissed=kept)

    def settled(self, finding: Finding) -> bool:
        """Whether the finding was dealt with without changing the codes."""
        if finding.severity is Severity.BLOCK:
            return bool(self.reason(finding))
        return Dismissal(rule_id=finding.rule_id, codes=finding.codes) in self.marks.dismissed

    def reason(self, finding: Finding) -> str:
        """The reason typed for keeping the codes, or nothing."""
        return next((o.reason for o in self.marks.overrides if _about(o, finding)), "")

    def overrides(self, coded: CodedNote, by: str) -> tuple[Override, ...]:
        """The overrides of findings that this note still has, in the name of `by`."""
        return overrides_of(self.marks, coded, by)

    def left(self, coded: CodedNote) -> tuple[Point, ...]:
        """What still stands between this note and a signature."""
        # Whose reasons these are is said with the signature itself.
        reasons = self.overrides(coded, by=texts.SIGNER)
        return points.left(coded, reasons, points.still_seen(coded, self.marks.seen))

    def _others(self, finding: Finding) -> tuple[Override, ...]:
        return tuple(each for each in self.marks.overrides if not _about(each, finding))

    def _keep(self, **changes: object) -> None:
        self.marks = replace(self.marks, **changes)  # type: ignore[arg-type]  # fields of ReviewMarks
        self.changed.emit()


def overrides_of(marks: ReviewMarks, coded: CodedNote, by: str) -> tuple[Override, ...]:
    """The overrides among `marks` of findings that this note has, in the name of `by`."""
    return tuple(
        replace(each, by=by)
        for each in marks.overrides
        if any(_about(each, finding) for finding in coded.findings)
    )


def _about(override: Override, finding: Finding) -> bool:
    return override.rule_id == finding.rule_id and override.codes in ((), finding.codes)


@dataclass(frozen=True, slots=True, kw_only=True)
class Signing:
    """One act of signing; calling it signs, keeps, and reads back what was kept.

    Raises StepRefused, WrongPassphrase, DiskFull; then nothing was signed. The passphrase goes no
    further than the store.
    """

    visit: Visit
    coded: CodedNote
    marks: ReviewMarks
    attestation: Attestation
    passphrase: str

    def __call__(self, store: Store) -> Visit:
        """Runs in the vault's lane."""
        store.save(self.visit)
        heard = self.visit.transcript
        wrote = (*((heard.model_id,) if heard else ()), self.coded.draft.model_id)
        models = tuple(dict.fromkeys(each for each in wrote if each != session.NO_MODEL))
        note = review.sign(
            self.coded,
            transcript=heard,
            overrides=overrides_of(self.marks, self.coded, self.attestation.signer),
            seen_unsupported=points.still_seen(self.coded, self.marks.seen),
            attestation=self.attestation,
            models=models,
            model_sha256=tuple(model_sha256(each) for each in models),
            make_signature=lambda digest: store.sign_digest(digest, self.passphrase),
            log=store.log_head(),
        )
        reviewed = session.step(self.visit.state, VisitState.REVIEWED)
        visit = replace(self.visit, state=session.step(reviewed, VisitState.SIGNED))
        store.sign(visit, note)
        # Kept until the note is signed, and no longer; a legal hold on the visit keeps it.
        with suppress(ScribeError):
            store.shred(visit.encounter.id, "signed")
        return store.load(visit.encounter.id)
