"""The other ways into a vault: the recovery key, quick unlock, the clinic's key. Each is logged
before anything is shown.
"""

from enum import StrEnum
from pathlib import Path

from scribe.errors import BadInput, StepRefused, WrongKey
from scribe.signoff import signature
from scribe.signoff.audit import Act
from scribe.store import delays, following, keyfile, keys, keystore, opening, quick, rekey, slots
from scribe.store.access import VAULT, remember_generation
from scribe.store.arrival import arrive
from scribe.store.escrow import ClinicKey
from scribe.store.keyfile import MAX_LABEL, KdfCost, SlotKind
from scribe.store.keystore import FindKeystore
from scribe.store.moment import SYSTEM, Clock
from scribe.store.opening import Held, Opened, Way
from scribe.store.quick import QuickState
from scribe.store.recovery import RecoveryKey
from scribe.store.trail import Trail
from scribe.store.vault import Vault
from scribe.store.verify import now, trail_of

QUICK_DETAIL = "quick unlock"


class Emergency(StrEnum):
    """Why the clinic opened a vault that is not its own; the log takes no free text."""

    PATIENT_CARE = "patient care"
    CLINICIAN_ABSENT = "clinician absent"
    LEGAL_DUTY = "legal duty"


def check_recovery(folder: Path, key: RecoveryKey, *, clock: Clock = SYSTEM) -> None:
    """Whether this recovery key opens this vault; opens nothing.

    Raises WrongKey, VaultMissing, VaultBusy, VaultDamaged.
    """
    with opening.held(folder) as ours:
        try:
            _root_by_recovery(ours, key, clock)
        finally:
            ours.lock.release()


def recover_vault(
    folder: Path,
    key: RecoveryKey,
    passphrase: str,
    *,
    cost: KdfCost | None = None,
    clock: Clock = SYSTEM,
) -> Vault:
    """Open by the recovery key alone, under a new passphrase and a new signing key. What was
    signed stays verifiable; the recovery key stays good. Psychotherapy notes follow.

    Raises WrongKey, BadInput for a short passphrase, VaultMissing, VaultBusy, VaultDamaged,
    DiskFull.
    """
    with opening.held(folder) as ours:
        root = _root_by_recovery(ours, key, clock)
        opened = _replaced(ours, root, passphrase, cost, Act.RECOVERY, "by the recovery key", None)
        try:
            following.recover(ours.folder, key.secret, passphrase)
        except BaseException:
            opened.database.close()
            raise
    trail, access = arrive(
        opened, Act.RECOVERY, detail=f"new signing key {_fingerprint(opened)}", clock=clock
    )
    return Vault(opened, trail, access)


def quick_state(folder: Path, *, clock: Clock = SYSTEM) -> QuickState:
    """Whether quick unlock can be offered for this vault now."""
    return quick.state(folder, clock.now())


def open_quick(
    folder: Path, *, clock: Clock = SYSTEM, find_keystore: FindKeystore = keystore.named
) -> Vault:
    """Unlock without the passphrase: within 8 hours of it, on the same start of the computer, and
    by the secret in the system's keystore. Signing still asks for the passphrase.

    Raises StepRefused when the passphrase is needed, StoreError, VaultMissing, VaultBusy,
    VaultDamaged.
    """
    with opening.held(folder) as ours:
        made = quick.read(ours.folder)
        if made is None:
            raise StepRefused("Quick unlock is off.", advice="Unlock with your passphrase.")
        found = find_keystore(made.keystore)
        root = quick.root(ours.folder, ours.key_file, found, clock.now())
        unlocked = keys.derive(root, ours.key_file.vault_id)
        keys.require_mark(ours.key_file, unlocked.file)
        opened = ours.open(ours.key_file, unlocked, Way.KEYSTORE)
    trail, access = arrive(
        opened, Act.UNLOCK, detail=QUICK_DETAIL, clock=clock, find_keystore=find_keystore
    )
    return Vault(opened, trail, access)


def open_emergency(
    folder: Path, clinic: ClinicKey, *, who: str, why: Emergency, clock: Clock = SYSTEM
) -> Vault:
    """Break glass: read a vault with the clinic's private key. The log says so first, in the name
    of `who`; nothing but the log is written until `reset_by_clinic`.

    Raises WrongKey, BadInput without a name, VaultMissing, VaultBusy, VaultDamaged, DiskFull.
    """
    name = _emergency_name(who)
    with opening.held(folder) as ours:
        root = _root_by_clinic(ours, clinic, clock)
        unlocked = keys.derive(root, ours.key_file.vault_id)
        opened = ours.open(ours.key_file, unlocked, Way.ESCROW)
    trail, access = arrive(opened, Act.BREAK_GLASS, detail=why.value, actor=name, clock=clock)
    return Vault(opened, trail, access)


def reset_by_clinic(
    folder: Path,
    clinic: ClinicKey,
    passphrase: str,
    *,
    who: str,
    why: Emergency,
    cost: KdfCost | None = None,
    clock: Clock = SYSTEM,
) -> Vault:
    """Set a new passphrase and a new signing key with the clinic's private key, and open.

    Raises as `open_emergency`, and BadInput for a short passphrase.
    """
    name = _emergency_name(who)
    with opening.held(folder) as ours:
        root = _root_by_clinic(ours, clinic, clock)
        opened = _replaced(ours, root, passphrase, cost, Act.BREAK_GLASS, why.value, name)
    detail = f"by the clinic, new signing key {_fingerprint(opened)}"
    trail, access = arrive(opened, Act.PASSPHRASE, detail=detail, actor=name, clock=clock)
    return Vault(opened, trail, access)


# ---------------------------------------------------------------- inside


def _root_by_recovery(ours: Held, key: RecoveryKey, clock: Clock) -> bytes:
    slot = ours.key_file.slot(SlotKind.RECOVERY)
    if slot is None:
        raise WrongKey("This vault has no recovery key.", advice="Unlock with your passphrase.")
    try:
        root = slots.open_recovery(ours.key_file, slot, key.secret)
    except WrongKey:
        delays.remember(ours.folder, clock)
        raise
    keys.require_mark(ours.key_file, keys.derive(root, ours.key_file.vault_id).file)
    return root


def _root_by_clinic(ours: Held, clinic: ClinicKey, clock: Clock) -> bytes:
    slot = ours.key_file.slot(SlotKind.ESCROW)
    if slot is None:
        raise WrongKey("No clinic's key opens this vault.", advice="Nothing was changed.")
    try:
        root = slots.open_escrow(ours.key_file, slot, clinic.raw)
    except WrongKey:
        delays.remember(ours.folder, clock)
        raise
    keys.require_mark(ours.key_file, keys.derive(root, ours.key_file.vault_id).file)
    return root


def _replaced(
    ours: Held,
    root: bytes,
    passphrase: str,
    cost: KdfCost | None,
    act: Act,
    detail: str,
    actor: str | None,
) -> Opened:
    """The row first, then the new passphrase: a row too many is better than one too few."""
    changed = rekey.without_old_passphrase(ours.key_file, root, passphrase, cost)
    unlocked = keys.derive(root, changed.vault_id)
    opened = ours.open(changed, unlocked, Way.RECOVERY)
    try:
        clinician = trail_of(opened).actor
        trail = Trail(opened.database, opened.keys.audit, actor=actor or clinician, clock=now)
        trail.append(act, VAULT, detail)
        keyfile.write(ours.folder, changed)
        quick.turn_off(ours.folder, changed.vault_id, None)
        remember_generation(opened.database, changed)
        return opened
    except BaseException:
        opened.database.close()
        raise


def _fingerprint(opened: Opened) -> str:
    return signature.fingerprint(bytes.fromhex(opened.key_file.signing_keys[-1].public_key))


def _emergency_name(who: str) -> str:
    name = who.strip()
    if not 0 < len(name) <= MAX_LABEL or not name.isprintable():
        raise BadInput(
            "An emergency opening needs the name of who opens.", advice="Nothing was opened."
        )
    return f"{name} (emergency)"
