"""The clinician's review and signature: what was seen, overridden and dismissed, and the act of
signing as it runs in the vault's lane. What blocks a signature is decided in scribe/signoff only.
"""

from dataclasses import dataclass, replace
from datetime import UTC, datetime

from PySide6.QtCore import QObject, Signal

from gui import texts
from scribe import session
from scribe.ids import RuleId, StatementId
from scribe.ports import Store
from scribe.records import (
    Attestation,
    CodedNote,
    Finding,
    Override,
    Severity,
    Statement,
    Support,
    Visit,
    VisitState,
)
from scribe.signoff import review


class Reviewing(QObject):
    """What the clinician has dealt with so far; kept while the visit is on the desk.

    Signals:
        changed: a sentence was seen, or a finding was overridden, dismissed or taken up again.
    """

    changed = Signal()

    def __init__(self) -> None:
        super().__init__()
        self._reasons: dict[RuleId, Override] = {}
        self._dismissed: set[tuple[RuleId, tuple[str, ...]]] = set()
        self._seen: dict[StatementId, str] = {}

    def see(self, sentence: Statement) -> None:
        """The clinician opened a sentence; an unsupported one cannot be signed unseen."""
        if sentence.support is Support.UNSUPPORTED and not self.has_seen(sentence):
            self._seen[sentence.id] = sentence.text
            self.changed.emit()

    def has_seen(self, sentence: Statement) -> bool:
        """Whether the sentence was opened with the words it has now."""
        return self._seen.get(sentence.id) == sentence.text

    def seen(self, statements: tuple[Statement, ...]) -> tuple[StatementId, ...]:
        """The unsupported sentences among `statements` that were opened."""
        return tuple(
            each.id
            for each in statements
            if each.support is Support.UNSUPPORTED and self.has_seen(each)
        )

    def unseen(self, statements: tuple[Statement, ...]) -> tuple[StatementId, ...]:
        """The unsupported sentences among `statements` that were not opened."""
        return tuple(
            each.id
            for each in statements
            if each.support is Support.UNSUPPORTED and not self.has_seen(each)
        )

    def override(self, finding: Finding, reason: str) -> None:
        """Keep a code that a rule blocks, for a typed reason."""
        self._reasons[finding.rule_id] = Override(
            rule_id=finding.rule_id, reason=reason.strip(), by="", at=datetime.now(UTC)
        )
        self.changed.emit()

    def dismiss(self, finding: Finding) -> None:
        """A warning was looked at."""
        self._dismissed.add((finding.rule_id, finding.codes))
        self.changed.emit()

    def reopen(self, finding: Finding) -> None:
        """Take an override or a dismissal back."""
        self._reasons.pop(finding.rule_id, None)
        self._dismissed.discard((finding.rule_id, finding.codes))
        self.changed.emit()

    def settled(self, finding: Finding) -> bool:
        """Whether the finding was dealt with without changing the codes."""
        if finding.severity is Severity.BLOCK:
            return finding.rule_id in self._reasons
        return (finding.rule_id, finding.codes) in self._dismissed

    def reason(self, finding: Finding) -> str:
        """The reason typed for keeping the code, or nothing."""
        found = self._reasons.get(finding.rule_id)
        return found.reason if found else ""

    def overrides(self, coded: CodedNote, by: str) -> tuple[Override, ...]:
        """The overrides of rules that still fire on this note, in the name of `by`."""
        firing = {each.rule_id for each in coded.findings}
        return tuple(replace(each, by=by) for rule, each in self._reasons.items() if rule in firing)

    def blocking(self, coded: CodedNote) -> tuple[str, ...]:
        """What still stands between this note and a signature, in words."""
        # Whose reasons these are is said with the signature itself.
        reasons = self.overrides(coded, by=texts.SIGNER)
        return review.blocking(coded, reasons, self.seen(coded.draft.statements))


@dataclass(frozen=True, slots=True, kw_only=True)
class Signing:
    """One act of signing; calling it signs, keeps, and reads back what was kept.

    Raises StepRefused, WrongPassphrase, DiskFull; then nothing was signed. The passphrase goes no
    further than the store.
    """

    visit: Visit
    coded: CodedNote
    overrides: tuple[Override, ...]
    seen: tuple[StatementId, ...]
    attestation: Attestation
    passphrase: str

    def __call__(self, store: Store) -> Visit:
        """Runs in the vault's lane."""
        store.save(self.visit)
        heard = self.visit.transcript
        models = (*((heard.model_id,) if heard else ()), self.coded.draft.model_id)
        note = review.sign(
            self.coded,
            transcript=heard,
            overrides=self.overrides,
            seen_unsupported=self.seen,
            attestation=self.attestation,
            models=tuple(dict.fromkeys(models)),
            make_signature=lambda digest: store.sign_digest(digest, self.passphrase),
            log=store.log_head(),
        )
        reviewed = session.step(self.visit.state, VisitState.REVIEWED)
        visit = replace(self.visit, state=session.step(reviewed, VisitState.SIGNED))
        store.sign(visit, note)
        return store.load(visit.encounter.id)
