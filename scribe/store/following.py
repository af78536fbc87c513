"""How the psychotherapy notes follow when the vault's passphrase or keys change: two key files
cannot be written in one step, so one is prepared first and taken over after the other.

    vault.key.next           the key file to come
    psychotherapy.db.new     the database under its keys, where these change as well

Cut off before the vault's own change, the old passphrase still opens both, and what was prepared is
thrown away; cut off behind it, the new passphrase is tried on what was prepared.
"""

import shutil
from contextlib import closing, suppress
from pathlib import Path

from scribe.errors import DiskFull, StoreError, VaultDamaged, WrongKey, WrongPassphrase
from scribe.files import write_whole
from scribe.store import keyfile, keys, leftovers, rekey, slots
from scribe.store.database import Database
from scribe.store.keyfile import KeyFile, SlotKind
from scribe.store.keys import Entry

FOLDER = "psychotherapy"
DATABASE = "psychotherapy.db"
SCHEMA = "migrations_psychotherapy"
_AUTHORS = (SlotKind.PASSPHRASE, SlotKind.RECOVERY)
NEXT = "vault.key.next"
NEW_DATABASE = f"{DATABASE}.new"


def enter(folder: Path, passphrase: str) -> tuple[KeyFile, Entry]:
    """What the passphrase gives; finishes or throws away a change that was cut off.

    Raises WrongPassphrase, VaultDamaged, DiskFull.
    """
    key_file, _ = keyfile.read(folder)
    waiting = _waiting(folder)
    try:
        entry = keys.enter(_authors(key_file), passphrase)
    except WrongPassphrase:
        if waiting is None:
            raise
        return _take_over(folder, waiting, passphrase)
    _tidy(folder, key_file)
    return key_file, entry


def prepare(vault: Path, old: str, new: str, *, rotate: bool = False) -> None:
    """Make ready for the passphrase `new`, and with `rotate` for another root key. Nothing is in
    force before `follow`. Nothing is done where there are no notes, or none that `old` opens.

    Raises VaultBusy while the notes are open, VaultDamaged, DiskFull.
    """
    folder = vault / FOLDER
    if not keyfile.exists(folder):
        return
    try:
        key_file, entry = enter(folder, old)
    except WrongPassphrase:
        # Left behind by a passphrase that was lost: they must not keep the vault from changing.
        return
    if rotate:
        changed, root = rekey.rotated(key_file, new, None)
        _encrypt_anew(folder, key_file, entry, changed, root)
    else:
        changed = rekey.with_new_passphrase(key_file, entry, new)
    try:
        write_whole(folder / NEXT, keyfile.to_bytes(changed))
    except OSError as exc:
        raise _fault(exc) from exc


def seal(vault: Path, passphrase: str, recipient: str) -> None:
    """Let the recovery key with this public half (hex, from a key file whose mark was checked) open
    the notes, and no other one. Nothing is done where there are no notes.

    Raises WrongPassphrase, VaultDamaged, DiskFull.
    """
    folder = vault / FOLDER
    if not recipient or not keyfile.exists(folder):
        return
    slot = keyfile.read(folder)[0].slot(SlotKind.RECOVERY)
    if slot is not None and slot.recipient == recipient:
        return
    key_file, entry = enter(folder, passphrase)
    sealed = rekey.with_sealed_recovery(key_file, entry.root, bytes.fromhex(recipient))
    keyfile.write(folder, sealed)


def recover(vault: Path, secret: bytes, passphrase: str) -> None:
    """A new passphrase for the notes by the recovery key; nothing is done where they are not sealed
    to it. Raises VaultDamaged, DiskFull.
    """
    folder = vault / FOLDER
    if not keyfile.exists(folder):
        return
    key_file = _authors(keyfile.read(folder)[0])
    slot = key_file.slot(SlotKind.RECOVERY)
    if slot is None:
        return
    try:
        root = slots.open_recovery(key_file, slot, secret)
    except WrongKey:
        return
    keys.require_mark(key_file, keys.derive(root, key_file.vault_id).file)
    keyfile.write(folder, rekey.without_old_passphrase(key_file, root, passphrase))
    with suppress(OSError):
        (folder / NEXT).unlink(missing_ok=True)


def follow(vault: Path, new: str) -> None:
    """Take over what was prepared. Raises VaultDamaged, DiskFull."""
    folder = vault / FOLDER
    waiting = _waiting(folder)
    if waiting is not None:
        _take_over(folder, waiting, new)


def _take_over(folder: Path, waiting: KeyFile, passphrase: str) -> tuple[KeyFile, Entry]:
    entry = keys.enter(_authors(waiting), passphrase)
    keyfile.write(folder, waiting)
    _tidy(folder, waiting)
    return waiting, entry


def _waiting(folder: Path) -> KeyFile | None:
    """What was prepared, if it was written to its end."""
    try:
        with (folder / NEXT).open("rb") as file:
            return keyfile.from_bytes(file.read(keyfile.MAX_BYTES))
    except (OSError, StoreError):
        return None


def _authors(key_file: KeyFile) -> KeyFile:
    if any(slot.kind not in _AUTHORS for slot in key_file.slots):
        raise VaultDamaged("Somebody else than the author was let into the psychotherapy notes.")
    return key_file


def _tidy(folder: Path, key_file: KeyFile) -> None:
    keyfile.settle(folder)
    leftovers.sweep(folder)
    try:
        leftovers.finish_swap(folder, key_file, DATABASE, NEW_DATABASE)
    except OSError as exc:
        raise _fault(exc) from exc
    with suppress(OSError):
        (folder / NEXT).unlink(missing_ok=True)


def _encrypt_anew(folder: Path, old: KeyFile, entry: Entry, new: KeyFile, root: bytes) -> None:
    source, copy = folder / DATABASE, folder / NEW_DATABASE
    if not source.exists():
        return
    old_salt, new_salt = (bytes.fromhex(each.db_salt) for each in (old, new))
    # Opening it writes a log that was left behind back into the file.
    with closing(Database(source, entry.keys.database, old_salt, schema=SCHEMA)) as database:
        if database.problems():
            raise VaultDamaged("The psychotherapy notes are damaged. Nothing was changed.")
    try:
        shutil.copyfile(source, copy)
        copy.chmod(0o600)
    except OSError as exc:
        raise _fault(exc) from exc
    with closing(Database(copy, entry.keys.database, old_salt, schema=SCHEMA)) as database:
        database.rekey(keys.derive(root, new.vault_id).database, new_salt)
    keyfile.sync_file(copy)


def _fault(error: OSError) -> StoreError:
    if error.errno in keyfile.FULL:
        return DiskFull("The disk is full; the psychotherapy notes are as they were.")
    return StoreError(f"The psychotherapy notes cannot be kept ({error.strerror}).")
