"""A vault under new keys, after somebody may have got hold of the old ones: root key, database key,
signing key, recovery key, and the passphrase if a new one is given.

    1  vault.db.new   a copy of the database, encrypted anew, its recording keys wrapped anew
    2  vault.key      written: from here on the new keys are in force
    3  vault.db       replaced by the copy; when 2 happened and 3 did not, the next opening does it

Cut off before 2, the vault is as it was. Backups and whoever kept a copy of the old files still
have what was in them: nothing can take that back. The audit log is chained from its first row on
and keeps its key, wrapped under the new one; without the new database key nobody can write to it.
Psychotherapy notes follow with new keys of their own.
"""

import os
import shutil
from contextlib import closing, suppress
from dataclasses import dataclass, field
from pathlib import Path

from scribe.errors import DiskFull, StoreError, VaultDamaged
from scribe.signoff.audit import Act
from scribe.store import following, keyfile, keys, leftovers, opening, quick, rekey
from scribe.store.access import VAULT, Access, remember_generation
from scribe.store.arrival import arrive
from scribe.store.database import Database
from scribe.store.keyfile import KeyFile, SlotKind
from scribe.store.keys import VaultKeys
from scribe.store.moment import SYSTEM, Clock
from scribe.store.opening import DATABASE, KEPT_AUDIT_KEY, NEW_DATABASE, Opened, Way
from scribe.store.recovery import Confirmation, new_recovery_key
from scribe.store.trail import Trail
from scribe.store.vault import Vault
from scribe.store.verify import now, trail_of

WRAPPED = (("audio_keys", "visit_id", "wrapped"),)
"""Every column that holds keys under the wrapping key: table, what each belongs to, column."""

_UNTOUCHED = "The vault and its keys are as they were."


def rotate_vault(
    folder: Path,
    passphrase: str,
    *,
    new_passphrase: str | None = None,
    clock: Clock = SYSTEM,
) -> Vault:
    """Put a vault that no program has open under new keys, and open it. Its setup is unfinished
    until the new recovery key was printed and confirmed; quick unlock is off.

    Raises as `open_vault`, BadInput for a new passphrase that is too short, VaultDamaged when a
    page is damaged (a copy of damage helps nobody), DiskFull.
    """
    recovery = new_recovery_key()
    with opening.held(folder) as ours:
        old, entry = opening.enter(ours, passphrase, clock)
        new, root = rekey.rotated(old, new_passphrase or passphrase, recovery.secret)
        unlocked = keys.derive(root, new.vault_id)
        before = ours.open(old, entry.keys, Way.PASSPHRASE)
        log = _checked(before)
        following.prepare(ours.folder, passphrase, new_passphrase or passphrase, rotate=True)
        try:
            _copy(ours.folder)
            _encrypt_anew(before, new, unlocked, log)
            keyfile.write(ours.folder, new)
        except StoreError:
            # The key file on the disk says which of the two databases is the one.
            with suppress(OSError, StoreError):
                present, _ = keyfile.read(ours.folder)
                leftovers.finish_swap(ours.folder, present, DATABASE, NEW_DATABASE)
            raise
        quick.turn_off(ours.folder, new.vault_id, None)
        following.follow(ours.folder, new_passphrase or passphrase)
        paper = new.slot(SlotKind.RECOVERY)
        if paper is not None:
            following.seal(ours.folder, new_passphrase or passphrase, paper.recipient)
        after = ours.open(new, unlocked, Way.PASSPHRASE)
    trail, _ = arrive(after, Act.UNLOCK, detail="after the rotation", clock=clock)
    access = Access(after, trail, clock=clock, confirmation=Confirmation(recovery))
    return Vault(after, trail, access)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Log:
    """What the audit log is continued with in the copy."""

    key: bytes = field(repr=False)
    actor: str


def _checked(before: Opened) -> _Log:
    """Close the database, sound and written back into its one file."""
    try:
        log = _Log(key=before.keys.audit, actor=trail_of(before).actor)
        problems = before.database.problems()
    finally:
        before.database.close()
    if problems:
        raise VaultDamaged(f"The database of this vault is damaged. {_UNTOUCHED}")
    if (before.folder / f"{DATABASE}-wal").exists():
        raise StoreError(f"The database could not be written back. {_UNTOUCHED}")
    return log


def _copy(folder: Path) -> None:
    new = folder / NEW_DATABASE
    try:
        handle = os.open(new, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with os.fdopen(handle, "wb") as target, (folder / DATABASE).open("rb") as source:
            shutil.copyfileobj(source, target)
    except OSError as exc:
        if exc.errno in keyfile.FULL:
            raise DiskFull(f"The disk has no room for a second database. {_UNTOUCHED}") from exc
        raise StoreError(f"The database cannot be copied ({exc.strerror}).") from exc


def _encrypt_anew(before: Opened, new: KeyFile, unlocked: VaultKeys, log: _Log) -> None:
    """The copy, complete and on the disk, without a file of changes beside it."""
    path = before.folder / NEW_DATABASE
    old_salt, new_salt = (bytes.fromhex(each.db_salt) for each in (before.key_file, new))
    with closing(Database(path, before.keys.database, old_salt)) as copy:
        copy.rekey(unlocked.database, new_salt)
    with closing(Database(path, unlocked.database, new_salt)) as copy, copy.transaction():
        _wrap_anew(copy, before.keys.wrap, unlocked.wrap)
        kept = keys.wrap(unlocked.wrap, log.key, about=KEPT_AUDIT_KEY).hex()
        copy.execute("DELETE FROM meta WHERE name = ?", (KEPT_AUDIT_KEY,))
        copy.execute("INSERT INTO meta VALUES (?, ?)", (KEPT_AUDIT_KEY, kept))
        remember_generation(copy, new)
        Trail(copy, log.key, actor=log.actor, clock=now).append(Act.ROTATE, VAULT, "new keys")
    keyfile.sync_file(path)


def _wrap_anew(copy: Database, old: bytes, new: bytes) -> None:
    for table, owner, column in WRAPPED:
        for name, wrapped in copy.execute(f"SELECT {owner}, {column} FROM {table}"):
            again = keys.wrap(new, keys.unwrap(old, wrapped, about=name), about=name)
            copy.execute(f"UPDATE {table} SET {column} = ? WHERE {owner} = ?", (again, name))
