"""The acts of the audit log in plain words, one line each; a test finds the forgotten one."""

import re
from collections.abc import Mapping
from datetime import datetime

from scribe.records import AuditRow
from scribe.signoff.audit import Act

WORDS: Mapping[str, str] = {
    Act.CREATE: "created",
    Act.UNLOCK: "unlocked",
    Act.FAILED_UNLOCK: "wrong passphrase",
    Act.VIEW: "looked at",
    Act.EDIT: "saved",
    Act.SIGN: "signed",
    Act.OVERRIDE: "code kept with a reason",
    Act.EXPORT: "exported",
    Act.VERIFY: "everything checked, sound",
    Act.DELETE: "deleted",
    Act.SHRED: "recording destroyed",
    Act.RECORDING_KEY: "recording begun",
    Act.SETTINGS: "settings changed",
    Act.CONSENT_GIVEN: "consent noted",
    Act.CONSENT_WITHDRAWN: "consent taken back",
    Act.ARRIVAL: "somebody joined",
    Act.HOLD: "legal hold",
    Act.RELEASE: "legal hold released",
    Act.RETENTION: "removed what was due",
    Act.PSYCHOTHERAPY: "psychotherapy notes",
    Act.CLOCK: "clock of the computer went back",
    Act.PASSPHRASE: "passphrase changed",
    Act.RECOVERY: "opened with the recovery key",
    Act.RECOVERY_KEY: "recovery key",
    Act.ESCROW: "clinic's key",
    Act.BREAK_GLASS: "opened by the clinic in an emergency",
    Act.QUICK_UNLOCK: "quick unlock",
    Act.ROTATE: "new keys made",
    Act.KEY_FILE: "key file found otherwise",
    Act.BACKUP: "backed up",
    Act.RESTORED: "restored from a backup",
}

_MOMENT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?[+-]\d\d:\d\d")
_KINDS = {"e-": "visit", "n-": "note", "t-": "psychotherapy note"}
_PLACES = {"vault": "your visits", "psychotherapy": "psychotherapy notes", "clock": "the clock"}
_TOLD = {
    Act.FAILED_UNLOCK,
    Act.EXPORT,
    Act.SHRED,
    Act.OVERRIDE,
    Act.RETENTION,
    Act.PSYCHOTHERAPY,
    Act.RECOVERY_KEY,
    Act.ESCROW,
    Act.BREAK_GLASS,
    Act.QUICK_UNLOCK,
    Act.KEY_FILE,
    Act.CLOCK,
    Act.HOLD,
    Act.CONSENT_GIVEN,
    Act.CONSENT_WITHDRAWN,
    Act.ARRIVAL,
}
"""Acts whose detail says something to a person; of the others it is a mark or a hash."""


def act(row: AuditRow) -> str:
    """What was done. An act that is not known is told as it stands in the log."""
    said = WORDS.get(row.act, row.act)
    detail = _MOMENT.sub(_minute, row.detail)
    return f"{said}: {detail}" if detail and row.act in _TOLD else said


def _minute(found: re.Match[str]) -> str:
    return f"{datetime.fromisoformat(found.group()).astimezone():%Y-%m-%d %H:%M}"


def about(row: AuditRow, labels: Mapping[str, str]) -> str:
    """What it was done to; `labels` name visits by their identifiers."""
    name = row.object_id
    if name in _PLACES:
        return _PLACES[name]
    kind = _KINDS.get(name[:2], "")
    named = labels.get(name, name)
    return f"{kind} {named}".strip()
