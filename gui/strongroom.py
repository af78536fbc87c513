"""The one door of the window to the keys of a vault, and to what it keeps how long: who may open
it, by what, its log, its retention, its psychotherapy notes. No widget, no SQL, no cryptography.

Everything here is slow or touches the disk and runs in the work lane. A store that is no vault (a
scripted one, which forgets everything) has no keys: it is always set up and fresh, and refuses the
rest with a known error.
"""

from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from scribe.errors import ScribeError, StepRefused
from scribe.ids import EncounterId
from scribe.ports import Store
from scribe.records import AuditRow, VisitSummary
from scribe.store import delays, entrances, escrow, keystore, recovery, rotate, vault
from scribe.store.access import LastOpened
from scribe.store.escrow import ClinicKey
from scribe.store.kdf import MIN_PASSPHRASE
from scribe.store.moment import SYSTEM
from scribe.store.psychotherapy import EXCLUDED, Line, PsychotherapyNotes
from scribe.store.quick import HOURS, QuickState
from scribe.store.recovery import GROUP, GROUPS, RecoveryKey
from scribe.store.retention import LEAST_YEARS, Kind, Removal, Rules
from scribe.store.vault import Vault, VaultReport

__all__ = [
    "EXCLUDED",
    "GROUP",
    "GROUPS",
    "HOURS",
    "LEAST_YEARS",
    "MIN_PASSPHRASE",
    "ClinicKey",
    "Kind",
    "LastOpened",
    "Line",
    "Made",
    "PsychotherapyNotes",
    "RecoveryKey",
    "Removal",
    "Rules",
    "VaultReport",
]


@dataclass(frozen=True, slots=True, kw_only=True)
class Arrival:
    """What is known as soon as a store is unlocked."""

    finished: bool = True
    """Whether a recovery key is on paper; without it no visit is begun."""
    has_keys: bool = False
    """Whether it is a vault, which the security page can work on."""
    clinician: str = ""
    last: LastOpened | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Ways:
    """By what a vault can be opened now, for the security page."""

    clinic: ClinicKey | None
    quick: bool
    keystores: tuple[str, ...]
    """Those of this computer that would serve for quick unlock, best first."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Log:
    """The rows of the audit log, and the visits they may be about."""

    rows: tuple[AuditRow, ...]
    visits: tuple[VisitSummary, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Kept:
    """What retention rules would take away today, and which visits are under a legal hold."""

    due: tuple[Removal, ...]
    visits: tuple[VisitSummary, ...]
    held: frozenset[EncounterId]


Made = tuple[RecoveryKey, tuple[int, ...]]
"""A recovery key to be shown, and the numbers of the groups that will be asked for."""

# ---------------------------------------------------------------- a vault that is open


def arrival(store: Store) -> Arrival:
    """What the window has to know of a store that was just unlocked."""
    if not isinstance(store, Vault):
        return Arrival()
    access = store.access
    return Arrival(
        finished=access.setup_finished,
        has_keys=True,
        clinician=store.clinician,
        last=access.last_opened,
    )


def is_fresh(store: Store) -> bool:
    """Whether the passphrase was typed in the last five minutes."""
    return not isinstance(store, Vault) or store.access.fresh


def confirm(store: Store, passphrase: str) -> None:
    """Type the passphrase again; good for five minutes. Raises WrongPassphrase, TooSoon."""
    _vault(store).access.confirm(passphrase)


def change_passphrase(store: Store, old: str, new: str) -> None:
    """See `Access.change_passphrase`."""
    _vault(store).access.change_passphrase(old, new)


def first_key(store: Store) -> Made:
    """The recovery key made with the vault, once, and the groups that will be asked for."""
    access = _vault(store).access
    return access.take_recovery_key(), access.asked


def new_key(store: Store, passphrase: str) -> Made:
    """Another recovery key; the one before it opens nothing from now on.

    Raises WrongPassphrase, TooSoon, DiskFull.
    """
    access = _vault(store).access
    return access.new_recovery_key(passphrase), access.asked


def asked(store: Store) -> tuple[int, ...]:
    """The groups to type again; empty when no key waits for that."""
    return _vault(store).access.asked


def confirm_key(store: Store, groups: Mapping[int, str]) -> None:
    """Finish the setup with two groups from paper. Raises BadInput (then others are asked)."""
    _vault(store).access.confirm_recovery(groups)


@dataclass(frozen=True, slots=True, kw_only=True)
class Rotated:
    """What became of a vault that was closed to be put under new keys.

    Attributes:
        store: the vault, open again; None when it could not be opened and stays closed.
        error: why its keys are the old ones; None when they are new.
    """

    store: Store | None
    error: ScribeError | None = None


def rotate_keys(store: Store, passphrase: str, new_passphrase: str | None) -> Rotated:
    """Close this vault, put it under new keys, and open it. The passphrase is tried before
    anything is closed; when the change fails, the vault is opened again as it was.

    Raises WrongPassphrase, TooSoon; then nothing was closed.
    """
    ours = _vault(store)
    ours.access.confirm(passphrase)
    ours.close()
    try:
        changed = rotate.rotate_vault(ours.folder, passphrase, new_passphrase=new_passphrase)
        return Rotated(store=changed)
    except ScribeError as error:
        for typed in (passphrase, new_passphrase):
            with suppress(ScribeError):
                return Rotated(store=vault.open_vault(ours.folder, typed or ""), error=error)
        return Rotated(store=None, error=error)


def ways(store: Store) -> Ways:
    """By what this vault can be opened."""
    access = _vault(store).access
    return Ways(
        clinic=access.escrow,
        quick=access.quick is not QuickState.OFF,
        keystores=keystore.available(),
    )


def read_clinic_key(path: Path) -> ClinicKey:
    """The public half of a clinic's key, from its file. Raises BadInput."""
    return escrow.read(path, escrow.PUBLIC_KIND)


def add_clinic(store: Store, passphrase: str, clinic: ClinicKey) -> None:
    """See `Access.add_escrow`."""
    _vault(store).access.add_escrow(passphrase, clinic)


def remove_clinic(store: Store, passphrase: str) -> None:
    """See `Access.remove_escrow`."""
    _vault(store).access.remove_escrow(passphrase)


def turn_on_quick(store: Store, passphrase: str, name: str) -> None:
    """See `Access.turn_on_quick`."""
    _vault(store).access.turn_on_quick(passphrase, name)


def turn_off_quick(store: Store) -> None:
    """See `Access.turn_off_quick`."""
    _vault(store).access.turn_off_quick()


def log(store: Store) -> Log:
    """The whole audit log. Raises VaultDamaged, DiskFull."""
    return Log(rows=store.audit(), visits=store.list())


def verify(store: Store) -> VaultReport:
    """Check every page, note and audit row."""
    return _vault(store).verify()


def kept(store: Store, rules: Rules, today: date) -> Kept:
    """What these rules would take away; changes nothing. Raises VaultDamaged."""
    keeping = _vault(store).keeping
    held = (each.visit for each in keeping.holdings() if each.held)
    return Kept(due=keeping.preview(rules, today), visits=store.list(), held=frozenset(held))


def remove_due(store: Store, rules: Rules, today: date) -> tuple[Removal, ...]:
    """Remove what is due, all or nothing. Raises StepRefused, DiskFull."""
    return _vault(store).keeping.apply(rules, today)


def hold(store: Store, visit: EncounterId, reason: str) -> None:
    """See `Keeping.hold`."""
    _vault(store).keeping.hold(visit, reason)


def release(store: Store, visit: EncounterId) -> None:
    """See `Keeping.release`."""
    _vault(store).keeping.release(visit)


def open_psychotherapy(
    store: Store, passphrase: str
) -> tuple[PsychotherapyNotes, tuple[VisitSummary, ...]]:
    """The author's psychotherapy notes, to be closed when done, and the visits to write about.

    Raises WrongPassphrase, TooSoon, VaultDamaged, DiskFull.
    """
    opened = _vault(store).psychotherapy(passphrase)
    try:
        return opened, store.list()
    except BaseException:
        opened.close()
        raise


# ---------------------------------------------------------------- a vault that is closed


def waiting(folder: Path) -> float:
    """Seconds to wait for the next passphrase; waits that the store sits out itself count as 0."""
    seconds = delays.remaining(delays.read(folder), SYSTEM.now())
    return seconds if seconds > delays.SAT_OUT else 0.0


def quick_ready(folder: Path) -> bool:
    """Whether quick unlock can be offered."""
    return entrances.quick_state(folder) is QuickState.READY


def open_quick(folder: Path) -> Store:
    """See `entrances.open_quick`."""
    return entrances.open_quick(folder)


def check_recovery(folder: Path, text: str) -> RecoveryKey:
    """The recovery key as typed, if it opens this vault. Raises BadInput, WrongKey, VaultBusy."""
    key = recovery.from_text(text)
    entrances.check_recovery(folder, key)
    return key


def recover(folder: Path, key: RecoveryKey, passphrase: str) -> Store:
    """Open under a new passphrase. Raises BadInput, WrongKey, VaultBusy, DiskFull."""
    return entrances.recover_vault(folder, key, passphrase)


def _vault(store: Store) -> Vault:
    if not isinstance(store, Vault):
        raise StepRefused("Nothing is kept here, so there are no keys to look after.", advice="")
    return store
