"""Quick unlock: open the vault again without the passphrase, for hours and on one start of this
computer. Off until somebody turns it on.

    vault.quick   one keystore slot, made anew at every unlock with the passphrase; the secret that
                  opens it lies in the keystore of the operating system. Removing the file turns it
                  off. It falls with the password of the system account, so it never signs and
                  never exports.
"""

from contextlib import suppress
from dataclasses import dataclass, replace
from enum import StrEnum
from pathlib import Path
from secrets import token_bytes

from scribe import codec
from scribe.errors import BadInput, StepRefused, StoreError, VaultDamaged, WrongKey
from scribe.files import write_whole
from scribe.store import slots
from scribe.store.keyfile import KEY_BYTES, KeyFile, Slot
from scribe.store.keystore import FindKeystore, Keystore
from scribe.store.moment import Moment

QUICK = "vault.quick"
HOURS = 8
_MOST_BYTES = 4096


class QuickState(StrEnum):
    """What the unlock screen has to know before anybody types."""

    OFF = "off"
    READY = "ready"
    OVER = "over"
    """Turned on, and the passphrase has to be typed first."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Quick:
    """What stands in the file: the keystore's name, when it was made, and the slot."""

    keystore: str
    boot: str
    uptime: float
    slot: Slot


def renew(folder: Path, key_file: KeyFile, root: bytes, keystore: Keystore, now: Moment) -> None:
    """Turn quick unlock on, or begin its hours again. Raises StepRefused, StoreError."""
    if not now.boot:
        raise StepRefused(
            "This system does not tell when it was started.",
            advice="Nothing was changed. Unlock with your passphrase.",
        )
    secret = token_bytes(KEY_BYTES)
    label = _label(keystore.name, now.boot, now.uptime)
    slot = slots.with_keystore(key_file, root, secret, label)
    made = Quick(keystore=keystore.name, boot=now.boot, uptime=now.uptime, slot=slot)
    keystore.put(key_file.vault_id, secret.hex())
    try:
        write_whole(folder / QUICK, codec.canonical(made))
    except OSError as exc:
        raise StoreError(f"Quick unlock could not be prepared ({exc.strerror}).") from exc


def renew_if_on(
    folder: Path, key_file: KeyFile, root: bytes, find: FindKeystore, now: Moment
) -> None:
    """Begin the hours again after a passphrase, if quick unlock is on. When the keystore does not
    answer, the slot that was there is made unusable: the passphrase will be asked for.
    """
    if not (folder / QUICK).exists():
        return
    made = read(folder)
    if made is None:
        return
    try:
        renew(folder, key_file, root, find(made.keystore), now)
    except (StoreError, StepRefused):
        with suppress(OSError):
            write_whole(folder / QUICK, codec.canonical(replace(made, boot="")))


def state(folder: Path, now: Moment) -> QuickState:
    """Whether quick unlock can be offered at `now`."""
    if not (folder / QUICK).exists():
        return QuickState.OFF
    made = read(folder)
    return QuickState.READY if made is not None and _in_time(made, now) else QuickState.OVER


def root(folder: Path, key_file: KeyFile, keystore: Keystore, now: Moment) -> bytes:
    """The root key, by the secret in the keystore.

    Raises StepRefused when the passphrase is needed first, StoreError.
    """
    made = read(folder)
    secret = keystore.get(key_file.vault_id) if made and _in_time(made, now) else None
    if made is None or made.keystore != keystore.name or secret is None:
        raise _over()
    if made.slot.label != _label(made.keystore, made.boot, made.uptime):
        raise _over()
    try:
        return slots.open_secret(key_file, made.slot, bytes.fromhex(secret))
    except (WrongKey, VaultDamaged, ValueError) as exc:
        raise _over() from exc


def read(folder: Path) -> Quick | None:
    """What stands in the file; None when there is none or it is not ours."""
    try:
        with (folder / QUICK).open("rb") as file:
            return codec.from_json(Quick, file.read(_MOST_BYTES), what="The quick unlock file")
    except (OSError, BadInput):
        return None


def turn_off(folder: Path, vault_id: str, keystore: Keystore | None) -> None:
    """Forget the slot, and the secret as far as the keystore answers."""
    with suppress(OSError):
        (folder / QUICK).unlink(missing_ok=True)
    if keystore is not None:
        with suppress(StoreError):
            keystore.drop(vault_id)


def _in_time(made: Quick, now: Moment) -> bool:
    same_start = bool(now.boot) and made.boot == now.boot
    return same_start and 0 <= now.uptime - made.uptime <= HOURS * 3600


def _label(keystore: str, boot: str, uptime: float) -> str:
    """Bound to the slot: the hours cannot be edited longer."""
    return f"{keystore} {boot} {uptime!r}"


def _over() -> StepRefused:
    return StepRefused(
        f"Quick unlock works for {HOURS} hours after the passphrase, until the computer restarts.",
        advice="Nothing was changed. Unlock with your passphrase.",
    )
