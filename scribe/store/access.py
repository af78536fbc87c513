"""Who may get into an open vault again, and by what: passphrase, recovery key, clinic's key, quick
unlock; and whether the passphrase was typed just now. Every change of it has its audit row.

What an act needs is asked for with the act: no root key and no passphrase is kept here.
"""

from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime

from scribe.errors import StepRefused, StoreError, WrongPassphrase
from scribe.signoff.audit import Act
from scribe.store import (
    delays,
    escrow,
    following,
    kdf,
    keyfile,
    keys,
    keystore,
    quick,
    rekey,
    slots,
)
from scribe.store.database import Database
from scribe.store.escrow import ClinicKey
from scribe.store.keyfile import KdfCost, KeyFile, SlotKind
from scribe.store.keys import Entry
from scribe.store.keystore import FindKeystore, Keystore
from scribe.store.moment import SYSTEM, Clock, Moment, seconds_between
from scribe.store.opening import Opened, Way
from scribe.store.quick import QuickState
from scribe.store.recovery import Confirmation, RecoveryKey, new_recovery_key
from scribe.store.trail import Trail

FRESH = 300.0
"""Seconds after the passphrase was typed in which signing, exporting and the like may follow."""

VAULT = "vault"
"""The audit log's name for the vault itself."""

KEY_GENERATION = "key_generation"
"""Where the database remembers which key file it last saw."""

OPENINGS = (Act.CREATE, Act.UNLOCK, Act.RECOVERY, Act.BREAK_GLASS)
"""Acts on the vault itself that say who was in it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class LastOpened:
    """Who was in the vault before this time, for the person who opens it now to recognise."""

    by: str
    at: datetime
    act: str
    failed: int = 0
    """Wrong passphrases typed since."""


class Access:
    """The ways into one open vault."""

    def __init__(
        self,
        opened: Opened,
        trail: Trail,
        *,
        clock: Clock = SYSTEM,
        find_keystore: FindKeystore = keystore.named,
        confirmation: Confirmation | None = None,
        last_opened: LastOpened | None = None,
    ) -> None:
        """`confirmation` holds a recovery key that was made and not yet typed again."""
        self._opened, self._trail, self._clock = opened, trail, clock
        self._find_keystore = find_keystore
        self._key_file = opened.key_file
        self._confirmation = confirmation
        typed = opened.way in (Way.PASSPHRASE, Way.RECOVERY)
        self._typed: Moment | None = clock.now() if typed else None
        self.last_opened = last_opened

    @property
    def way(self) -> Way:
        """By what the vault was opened."""
        return self._opened.way

    @property
    def public_key(self) -> bytes:
        """The clinician's raw Ed25519 public key, 32 bytes."""
        return self.public_keys[-1]

    @property
    def public_keys(self) -> tuple[bytes, ...]:
        """All that notes of this vault may be signed with; the one in use last."""
        return tuple(bytes.fromhex(each.public_key) for each in self._key_file.signing_keys)

    @property
    def passphrase_cost(self) -> KdfCost:
        """What a guess at the passphrase costs."""
        slot = self._key_file.slot(SlotKind.PASSPHRASE)
        return kdf.FLOOR if slot is None or slot.cost is None else slot.cost

    # ------------------------------------------------------------ the passphrase, just now

    @property
    def fresh(self) -> bool:
        """Whether the passphrase was typed in the last five minutes."""
        if self._typed is None:
            return False
        passed = seconds_between(self._typed, self._clock.now())
        return passed is not None and passed <= FRESH

    def require_fresh(self) -> None:
        """For export, psychotherapy notes, settings. Raises StepRefused when `confirm` is due."""
        if not self.fresh:
            raise StepRefused(
                "This needs your passphrase, typed in the last five minutes.",
                advice="Nothing was changed. Type your passphrase, then repeat the step.",
            )

    def confirm(self, passphrase: str) -> None:
        """Type the passphrase again; good for five minutes. Raises WrongPassphrase, TooSoon."""
        self._enter(passphrase, "confirming")

    def signing_key(self, passphrase: str) -> bytes:
        """The raw Ed25519 private key, by the passphrase itself each time; never kept.

        Raises WrongPassphrase, TooSoon, VaultDamaged.
        """
        return slots.signing_key_of(self._key_file, self._enter(passphrase, "signing").kek)

    def change_passphrase(self, old: str, new: str, cost: KdfCost | None = None) -> None:
        """Wrap root key and signing key anew; `cost` None keeps what a guess costs.

        Copies of the old key file (backups) still open with the old passphrase: after a suspicion
        rotate the vault instead. Raises WrongPassphrase, TooSoon, BadInput, DiskFull.
        """
        entry = self._enter(old, "passphrase change")
        kdf.require_good(new)
        following.prepare(self._opened.folder, old, new)
        self._put(
            rekey.with_new_passphrase(self._key_file, entry, new, cost), Act.PASSPHRASE, "changed"
        )
        following.follow(self._opened.folder, new)
        quick.renew_if_on(
            self._opened.folder,
            self._key_file,
            entry.root,
            self._find_keystore,
            self._clock.now(),
        )

    # ------------------------------------------------------------ recovery key

    @property
    def setup_finished(self) -> bool:
        """Whether a recovery key exists and two groups of it were typed from paper."""
        slot = self._key_file.slot(SlotKind.RECOVERY)
        return slot is not None and slot.confirmed

    @property
    def recovery_recipient(self) -> str:
        """The public half (hex) of the recovery key; empty when there is none."""
        slot = self._key_file.slot(SlotKind.RECOVERY)
        return "" if slot is None else slot.recipient

    @property
    def asked(self) -> tuple[int, ...]:
        """The numbers, from 1, of the groups to type again; empty when no key waits for that."""
        return () if self._confirmation is None else self._confirmation.asked

    def take_recovery_key(self) -> RecoveryKey:
        """The key that `create_vault` made, once, to be printed. Raises StepRefused."""
        if self._confirmation is None:
            raise _no_key_waits()
        return self._confirmation.take()

    def new_recovery_key(self, passphrase: str) -> RecoveryKey:
        """Another one, to be printed; the one before it opens nothing from now on.

        Raises WrongPassphrase, TooSoon, DiskFull.
        """
        entry = self._enter(passphrase, "recovery key")
        key = new_recovery_key()
        changed = rekey.with_recovery(self._key_file, entry.root, key.secret)
        self._put(changed, Act.RECOVERY_KEY, "made")
        following.seal(self._opened.folder, passphrase, self.recovery_recipient)
        self._confirmation = Confirmation(key)
        return self._confirmation.take()

    def confirm_recovery(self, groups: Mapping[int, str]) -> None:
        """The asked groups as typed from paper, by number; this finishes the setup.

        Raises BadInput (then `asked` names others), StepRefused, DiskFull.
        """
        if self._confirmation is None:
            raise _no_key_waits()
        self._confirmation.check(groups)
        changed = rekey.with_recovery_confirmed(self._key_file, self._opened.keys.file)
        self._put(changed, Act.RECOVERY_KEY, "confirmed")
        self._confirmation = None

    # ------------------------------------------------------------ the clinic's key

    @property
    def escrow(self) -> ClinicKey | None:
        """The public half of the clinic's key that may open this vault in an emergency."""
        slot = self._key_file.slot(SlotKind.ESCROW)
        if slot is None:
            return None
        return ClinicKey(kind=escrow.PUBLIC_KIND, label=slot.label, key=slot.recipient)

    def add_escrow(self, passphrase: str, clinic: ClinicKey) -> None:
        """Let the holder of the clinic's private key open this vault; replaces another clinic's.

        Raises WrongPassphrase, TooSoon, BadInput, DiskFull.
        """
        entry = self._enter(passphrase, "clinic key")
        changed = rekey.with_escrow(self._key_file, entry.root, clinic.raw, clinic.label)
        self._put(changed, Act.ESCROW, f"added {clinic.fingerprint}")

    def remove_escrow(self, passphrase: str) -> None:
        """No clinic's key opens the present files any more. Raises WrongPassphrase, TooSoon."""
        self._enter(passphrase, "clinic key")
        changed = rekey.without_escrow(self._key_file, self._opened.keys.file)
        self._put(changed, Act.ESCROW, "removed")

    # ------------------------------------------------------------ quick unlock

    @property
    def quick(self) -> QuickState:
        """Whether quick unlock is on."""
        return quick.state(self._opened.folder, self._clock.now())

    def turn_on_quick(self, passphrase: str, keystore_name: str) -> None:
        """Allow quick unlock through a keystore that `keystore.available()` names.

        Raises WrongPassphrase, TooSoon, StepRefused, StoreError.
        """
        entry = self._enter(passphrase, "quick unlock")
        found = self._find_keystore(keystore_name)
        folder, now = self._opened.folder, self._clock.now()
        quick.renew(folder, self._key_file, entry.root, found, now)
        self._trail.append(Act.QUICK_UNLOCK, VAULT, f"on, {found.name}")

    def turn_off_quick(self) -> None:
        """Forget the slot and the secret. Raises DiskFull."""
        made = quick.read(self._opened.folder)
        found: Keystore | None = None
        with suppress(StoreError):
            found = None if made is None else self._find_keystore(made.keystore)
        quick.turn_off(self._opened.folder, self._key_file.vault_id, found)
        self._trail.append(Act.QUICK_UNLOCK, VAULT, "off")

    # ------------------------------------------------------------ inside

    def _enter(self, passphrase: str, what_for: str) -> Entry:
        if self.way is Way.ESCROW:
            raise StepRefused(
                "The vault is open for reading only.",
                advice="Nothing was changed. Set a new passphrase, then open it with that.",
            )
        folder = self._opened.folder
        delays.keep(folder, self._clock)
        try:
            entry = keys.enter(self._key_file, passphrase)
        except WrongPassphrase:
            delays.remember(folder, self._clock, logged=True)
            self._trail.append(Act.FAILED_UNLOCK, VAULT, what_for)
            raise
        delays.forget(folder)
        self._typed = self._clock.now()
        return entry

    def _put(self, changed: KeyFile, act: Act, detail: str) -> None:
        keyfile.write(self._opened.folder, changed)
        self._key_file = changed
        with self._opened.database.transaction():
            remember_generation(self._opened.database, changed)
            self._trail.append(act, VAULT, detail)


def remember_generation(database: Database, key_file: KeyFile) -> None:
    """Which key file belongs to this state of the database."""
    database.execute(
        "INSERT INTO meta VALUES (?, ?) ON CONFLICT (name) DO UPDATE SET value = excluded.value",
        (KEY_GENERATION, str(key_file.generation)),
    )


def known_generation(database: Database) -> int | None:
    """The key file that the database saw last; None before it was ever told."""
    found = database.execute("SELECT value FROM meta WHERE name = ?", (KEY_GENERATION,))
    return int(found[0][0]) if found and str(found[0][0]).isdecimal() else None


def _no_key_waits() -> StepRefused:
    return StepRefused(
        "No recovery key waits to be confirmed.",
        advice="Nothing was changed. Make a new recovery key with your passphrase.",
    )
