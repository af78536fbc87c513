"""Restoring a vault from a backup into an absent or empty folder, whole or not at all: unpacked and
examined beside it, logged, then put in place in one step. A vault that is there is never touched.

45 CFR 164.308(a)(7)(ii)(B): procedures to restore any loss of data.
"""

import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from scribe.errors import BackupUnusable, DiskFull, StoreError, VaultDamaged, VaultExists, WrongKey
from scribe.events import Never, Stop, Tell, silence
from scribe.ports import Restored
from scribe.signoff.audit import Act
from scribe.store import entrances, kdf, keyfile, keys, leftovers, opening, replica, slots
from scribe.store.access import VAULT
from scribe.store.backupfile import Reader
from scribe.store.entrances import Emergency
from scribe.store.escrow import ClinicKey
from scribe.store.keyfile import KeyFile, SlotKind
from scribe.store.keys import VaultKeys
from scribe.store.recovery import RecoveryKey
from scribe.store.verify import drop_anchor, trail_of

_NOTHING = "Nothing was restored."
_VAULT = "vault"


def restore_vault(
    backup: Path,
    folder: Path,
    passphrase: str,
    *,
    tell: Tell = silence,
    stop: Stop | None = None,
) -> Restored:
    """Restore with the passphrase that the vault had when the backup was made; it stays.

    Raises VaultExists, BackupUnusable, WrongPassphrase, DiskFull, Cancelled, StoreError.
    """

    def unlocked(key_file: KeyFile) -> VaultKeys:
        return keys.unlock(key_file, passphrase)

    return _restore(backup, folder, unlocked, lambda built: None, tell, stop or Never())


def restore_by_recovery(
    backup: Path,
    folder: Path,
    key: RecoveryKey,
    passphrase: str,
    *,
    tell: Tell = silence,
    stop: Stop | None = None,
) -> Restored:
    """Restore with the recovery key alone, under a new `passphrase` and a new signing key. What was
    signed stays verifiable.

    Raises as `restore_vault`, and WrongKey, BadInput for a passphrase that is too short.
    """
    kdf.require_good(passphrase)

    def unlocked(key_file: KeyFile) -> VaultKeys:
        slot = key_file.slot(SlotKind.RECOVERY)
        if slot is None:
            raise WrongKey("This backup has no recovery key.", advice="Use its passphrase.")
        return _marked(key_file, slots.open_recovery(key_file, slot, key.secret))

    def renewed(built: Path) -> None:
        entrances.recover_vault(built, key, passphrase).close()

    return _restore(backup, folder, unlocked, renewed, tell, stop or Never())


def restore_by_clinic(
    backup: Path,
    folder: Path,
    clinic: ClinicKey,
    passphrase: str,
    *,
    who: str,
    why: Emergency,
    tell: Tell = silence,
    stop: Stop | None = None,
) -> Restored:
    """Restore with the clinic's private key, in the name of `who`, under a new passphrase.

    Raises as `restore_by_recovery`, and BadInput without a name.
    """
    kdf.require_good(passphrase)

    def unlocked(key_file: KeyFile) -> VaultKeys:
        slot = key_file.slot(SlotKind.ESCROW)
        if slot is None:
            raise WrongKey("No clinic's key opens this backup.", advice="Nothing was changed.")
        return _marked(key_file, slots.open_escrow(key_file, slot, clinic.raw))

    def renewed(built: Path) -> None:
        entrances.reset_by_clinic(built, clinic, passphrase, who=who, why=why).close()

    return _restore(backup, folder, unlocked, renewed, tell, stop or Never())


# ---------------------------------------------------------------- inside


def _restore(
    backup: Path,
    folder: Path,
    unlocked: Callable[[KeyFile], VaultKeys],
    then: Callable[[Path], None],
    tell: Tell,
    stop: Stop,
) -> Restored:
    folder = folder.absolute()
    _require_free(folder)
    leftovers.sweep_workshops(folder)
    with _told(), backup.open("rb") as file:
        reader = Reader(file)
        working = unlocked(reader.start.key_file)
        shop = opening.workshop(folder)
        try:
            built = shop / _VAULT
            found = replica.unpack(
                reader.unlock(working.backup), built, tell=tell, stop=stop, keep=True
            )
            clinician = _examine(found, reader.start.key_file, working)
            then(built)
            opening.put_in_place(built, folder)
        finally:
            opening.discard(shop)
    counted = dict(found.contents.rows)
    return Restored(
        folder=folder,
        clinician=clinician,
        made=found.contents.made,
        visits=counted["visits"],
        notes=counted["notes"],
        recordings=found.recordings,
        psychotherapy=found.contents.psychotherapy,
    )


def _examine(found: replica.Replica, key_file: KeyFile, working: VaultKeys) -> str:
    """Check the vault and say in its log where it comes from; returns whose it is. A database of an
    older schema is brought to ours by opening it, one of a newer schema is refused by it.
    """
    opened = opening.hold(found.folder, key_file, working)
    try:
        replica.require_sound(found, opened)
        trail, contents = trail_of(opened), found.contents
        told = f"backup of {contents.made.isoformat()}, log up to row {contents.log_seq}"
        trail.append(Act.RESTORED, VAULT, told)
        drop_anchor(opened)
        return trail.actor
    finally:
        opened.close()


def _marked(key_file: KeyFile, root: bytes) -> VaultKeys:
    working = keys.derive(root, key_file.vault_id)
    keys.require_mark(key_file, working.file)
    return working


def _require_free(folder: Path) -> None:
    try:
        opening.require_free(folder)
    except VaultExists as exc:
        raise VaultExists(
            exc.message,
            advice="A backup is never put over what is there. Choose an empty folder, or move "
            "this one away first.",
        ) from exc


@contextmanager
def _told() -> Iterator[None]:
    """Faults on the way in the words of restoring."""
    try:
        yield
    except DiskFull as exc:
        raise DiskFull(f"The disk is full. {_NOTHING}") from exc
    except VaultDamaged as exc:
        raise BackupUnusable(f"The vault in this backup is damaged. {exc.message}") from exc
    except OSError as exc:
        if exc.errno in keyfile.FULL:
            raise DiskFull(f"The disk is full. {_NOTHING}") from exc
        raise StoreError(
            f"The backup cannot be restored ({os.strerror(exc.errno or 0)}). {_NOTHING}",
            advice="Check the file and the disk, then try again.",
        ) from exc
