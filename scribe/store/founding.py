"""Making a vault, whole or not at all: keys, an empty database with the first row of its log, and
the anchor of that row, built beside the folder and put in place in one step.
"""

from pathlib import Path

from scribe.errors import BadInput
from scribe.records import AuditRow
from scribe.signoff import signature
from scribe.signoff.audit import Act
from scribe.store import anchor, kdf, keyfile, keys, leftovers, opening, rekey
from scribe.store.access import VAULT, Access, remember_generation
from scribe.store.database import Database
from scribe.store.keyfile import KdfCost, KeyFile
from scribe.store.keys import VaultKeys
from scribe.store.moment import Clock
from scribe.store.opening import Opened
from scribe.store.recovery import Confirmation, new_recovery_key
from scribe.store.trail import Trail
from scribe.store.verify import now, trail_of


def found(
    folder: Path,
    passphrase: str,
    *,
    clinician: str,
    cost: KdfCost | None,
    test_cost: KdfCost | None,
    clock: Clock,
) -> tuple[Opened, Trail, Access]:
    """Make a vault and open it; see `vault.create_vault`."""
    if not clinician.strip():
        raise BadInput("The clinician's name is empty.", advice="Nothing was created.")
    folder = folder.absolute()
    opening.require_free(folder)
    leftovers.sweep_workshops(folder)
    kdf.require_good(passphrase)
    chosen = cost or test_cost or kdf.calibrate()
    bare, root = keys.new_root(passphrase, cost=chosen, test_cost=test_cost)
    recovery = new_recovery_key()
    key_file = rekey.with_recovery(bare, root, recovery.secret)
    unlocked = keys.derive(root, key_file.vault_id)
    built = opening.workshop(folder)
    try:
        keyfile.write(built, key_file)
        salt = bytes.fromhex(key_file.db_salt)
        database = Database(built / opening.DATABASE, unlocked.database, salt, create=True)
        try:
            first = _begin(database, unlocked, clinician.strip(), key_file)
            anchor.lay(built, unlocked.audit, first)
        finally:
            database.close()
        opening.put_in_place(built, folder)
    except BaseException:
        opening.discard(built)
        raise
    opened = opening.hold(folder, key_file, unlocked)
    trail = trail_of(opened)
    return opened, trail, Access(opened, trail, clock=clock, confirmation=Confirmation(recovery))


def _begin(database: Database, unlocked: VaultKeys, clinician: str, key_file: KeyFile) -> AuditRow:
    """Write what every vault begins with and return the first row of its log."""
    trail = Trail(database, unlocked.audit, actor=clinician, clock=now)
    public = bytes.fromhex(key_file.signing_keys[-1].public_key)
    with database.transaction():
        database.execute("INSERT INTO meta VALUES ('clinician', ?)", (clinician,))
        remember_generation(database, key_file)
        return trail.append(Act.CREATE, VAULT, signature.fingerprint(public))
