"""What the audit log gets to know when somebody comes into a vault: who, by what, the wrong
passphrases before, and whether the key file is the one this database last saw.
"""

from scribe.signoff.audit import Act
from scribe.store import delays, keystore
from scribe.store.access import (
    OPENINGS,
    VAULT,
    Access,
    LastOpened,
    known_generation,
    remember_generation,
)
from scribe.store.keystore import FindKeystore
from scribe.store.moment import SYSTEM, Clock
from scribe.store.opening import Opened, Way
from scribe.store.trail import Trail
from scribe.store.verify import now, trail_of

OLDER_KEY_FILE = "an older key file was put back"
UNLOGGED_KEY_FILE = "changed without its row"
RESTORED_KEY_FILE = "key file restored"


def arrive(
    opened: Opened,
    act: Act,
    *,
    detail: str = "",
    actor: str | None = None,
    clock: Clock = SYSTEM,
    find_keystore: FindKeystore = keystore.named,
) -> tuple[Trail, Access]:
    """Log that `actor` (None: the clinician) came in by `act`. Closes `opened` when that fails.

    By the clinic's key `act` is the first row, and nothing but the log is written from then on.
    """
    try:
        trail = trail_of(opened)
        if actor is not None:
            trail = Trail(opened.database, opened.keys.audit, actor=actor, clock=now)
        last = _last_opened(opened, trail)
        if opened.way is not Way.ESCROW:
            _log_failures(opened, trail)
            _log_key_file(opened, trail)
        trail.append(act, VAULT, RESTORED_KEY_FILE if opened.repaired else detail)
        access = Access(opened, trail, clock=clock, find_keystore=find_keystore, last_opened=last)
        if opened.way is Way.ESCROW:
            opened.database.only_log()
        return trail, access
    except BaseException:
        opened.close()
        raise


def _last_opened(opened: Opened, trail: Trail) -> LastOpened | None:
    row = trail.latest(OPENINGS, VAULT)
    if row is None:
        return None
    failed = len(delays.read(opened.folder).unlogged)
    return LastOpened(by=row.actor, at=row.at, act=row.act, failed=failed)


def _log_failures(opened: Opened, trail: Trail) -> None:
    failed = delays.read(opened.folder).unlogged
    if failed:
        trail.append(Act.FAILED_UNLOCK, VAULT, f"{len(failed)}, last at {failed[-1].isoformat()}")
    delays.forget(opened.folder)


def _log_key_file(opened: Opened, trail: Trail) -> None:
    """An older key file may open with a passphrase that was changed; a newer one was changed by
    an act that was cut off before its row.
    """
    known, present = known_generation(opened.database), opened.key_file.generation
    if known == present:
        return
    with opened.database.transaction():
        if known is not None:
            found = OLDER_KEY_FILE if present < known else UNLOGGED_KEY_FILE
            trail.append(Act.KEY_FILE, VAULT, found)
        remember_generation(opened.database, opened.key_file)
