"""The key file: its records, its one byte form, and its two generations on disk. No cryptography.

    vault.key        the current generation
    vault.key.old    the one before it while a change is written, a second copy of it afterwards;
                     read only when the current one is damaged or gone

A key file holds nothing that opens a vault without one of its secrets. A generation that is left
behind would keep a passphrase alive that was changed, so it is written over in the same act, or at
the next unlock when that act was interrupted. Argon2 memory is in KiB, byte fields are hex.
"""

import errno
import json
import os
from contextlib import suppress
from dataclasses import dataclass, replace
from enum import StrEnum
from hashlib import sha256
from pathlib import Path
from typing import Any

from scribe import codec
from scribe.errors import BadInput, DiskFull, StoreError, VaultDamaged, VaultMissing
from scribe.files import write_whole

CURRENT = "vault.key"
PREVIOUS = "vault.key.old"

FORMAT = 2
FIRST_FORMAT = 1
"""One passphrase slot and one signing key, without a mark over the file as a whole."""

KEY_BYTES = 32
SALT_BYTES = 16
MAX_BYTES = 8192
MAX_MEMORY_KIB = 1024 * 1024
MAX_PASSES = 10
MAX_LANES = 16
MAX_SIGNING_KEYS = 32
MAX_LABEL = 80

FULL = (errno.ENOSPC, errno.EFBIG, errno.EDQUOT)
"""What the operating system says when there is no room."""

_DAMAGED = "The key file of this vault is not what was written."


class SlotKind(StrEnum):
    """Ways to reach the root key."""

    PASSPHRASE = "passphrase"
    RECOVERY = "recovery"
    KEYSTORE = "keystore"
    ESCROW = "escrow"


@dataclass(frozen=True, slots=True, kw_only=True)
class KdfCost:
    """What one guess at the passphrase costs: Argon2id memory in KiB, passes and lanes."""

    memory_kib: int
    passes: int
    lanes: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Slot:
    """One wrapped copy of the root key. All byte fields are hex.

    Attributes:
        cost: None where no passphrase is stretched.
        recipient: escrow only: the X25519 public key of the clinic.
        ephemeral: escrow only: our half of the agreement with it.
        label: escrow only: the name of that key, for people.
        confirmed: recovery only: two groups of the printed key were typed again.
    """

    id: str
    kind: SlotKind
    cost: KdfCost | None
    salt: str
    check: str
    nonce: str
    wrapped: str
    recipient: str = ""
    ephemeral: str = ""
    label: str = ""
    confirmed: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class SigningKey:
    """An Ed25519 key: public in the clear, private wrapped under the passphrase slot `slot`.

    A key that was replaced keeps its public half, so that what it signed can be verified; its
    slot, nonce and wrapped half are empty.
    """

    slot: str
    public_key: str
    nonce: str
    wrapped: str


@dataclass(frozen=True, slots=True, kw_only=True)
class KeyFile:
    """What stands in the key file.

    Attributes:
        generation: counts every change of the file.
        db_salt: the salt that the database file begins with.
        signing_keys: the one in use last.
        mark: keyed by the root key over all the rest; the first format has none.
        checksum: not keyed; tells damage from a wrong passphrase.
    """

    format: int
    vault_id: str
    generation: int
    db_salt: str
    slots: tuple[Slot, ...]
    signing_keys: tuple[SigningKey, ...]
    mark: str = ""
    checksum: str = ""

    def slot(self, kind: SlotKind) -> Slot | None:
        """The slot of this kind; there is never more than one."""
        return next((each for each in self.slots if each.kind is kind), None)


def sealed(key_file: KeyFile) -> KeyFile:
    """The same key file with the checksum that tells damage from a wrong passphrase."""
    return replace(key_file, checksum=_checksum(key_file))


def to_bytes(key_file: KeyFile) -> bytes:
    """The only byte form of a key file (JSON, sorted keys)."""
    return codec.canonical(_plain(key_file))


def from_bytes(data: bytes) -> KeyFile:
    """Read a key file; only exactly what `to_bytes` wrote is taken. Raises VaultDamaged."""
    if _is_newer(data):
        raise StoreError(
            "This vault was written by a newer version of the program.",
            advice="Nothing was changed. Update the program.",
        )
    try:
        key_file = codec.from_json(KeyFile, data, what="The key file")
    except BadInput as exc:
        raise VaultDamaged(_DAMAGED) from exc
    if (
        key_file.checksum != _checksum(key_file)
        or to_bytes(key_file) != data
        or not _well_formed(key_file)
    ):
        raise VaultDamaged(_DAMAGED)
    return key_file


# ---------------------------------------------------------------- on disk


def exists(folder: Path) -> bool:
    """Whether a key file, of either generation, lies in this folder."""
    return (folder / CURRENT).exists() or (folder / PREVIOUS).exists()


def write(folder: Path, key_file: KeyFile) -> None:
    """Make `key_file` the only generation; a whole one can be read at every instant.

    Raises DiskFull, StoreError; then the one before it is still in force.
    """
    content = to_bytes(key_file)
    current, previous = folder / CURRENT, folder / PREVIOUS
    try:
        # A damaged current file must never push out the good generation it was restored from.
        if exists(folder):
            _put(previous, to_bytes(read(folder)[0]))
        write_whole(current, content)
    except OSError as exc:
        raise _write_fault(exc) from exc
    settle(folder)


def settle(folder: Path) -> None:
    """Make the generation before this one a copy of it, so that what was replaced opens nothing.
    On a disk without room it is removed instead; then the next call brings the copy.
    """
    with suppress(VaultDamaged):
        content = _content(folder / CURRENT)
        from_bytes(content)
        try:
            _put(folder / PREVIOUS, content)
        except OSError:
            with suppress(OSError):
                (folder / PREVIOUS).unlink(missing_ok=True)


def read(folder: Path) -> tuple[KeyFile, bool]:
    """The key file, and whether it had to be taken from the previous generation.

    Raises VaultMissing when there is none, VaultDamaged when none is readable.
    """
    if not exists(folder):
        raise VaultMissing("There is no vault in this folder.")
    try:
        return from_bytes(_content(folder / CURRENT)), False
    except VaultDamaged:
        return from_bytes(_content(folder / PREVIOUS)), True


def sync_file(path: Path) -> None:
    """Make a file that others wrote, and its name, survive a power cut. Raises StoreError."""
    try:
        with path.open("rb+") as file:
            os.fsync(file.fileno())
        sync_folder(path.parent)
    except OSError as exc:
        raise _write_fault(exc) from exc


def sync_folder(folder: Path) -> None:
    """Make a rename in this folder survive a power cut, where the system can (not on Windows)."""
    if os.name == "nt":
        return
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _content(path: Path) -> bytes:
    try:
        with path.open("rb") as file:
            data = file.read(MAX_BYTES + 1)
    except OSError as exc:
        raise VaultDamaged("The key file of this vault cannot be read.") from exc
    if len(data) > MAX_BYTES:
        raise VaultDamaged(_DAMAGED)
    return data


def _put(path: Path, content: bytes) -> None:
    try:
        if path.read_bytes() == content:
            return
    except OSError:
        pass
    write_whole(path, content)


def _write_fault(error: OSError) -> StoreError:
    if error.errno in FULL:
        return DiskFull("The disk is full; the keys of this vault were left as they were.")
    return StoreError(f"The keys of this vault could not be written ({error.strerror}).")


# ---------------------------------------------------------------- inside


def bounded(cost: KdfCost) -> bool:
    """A hostile key file must not make us spend minutes or all memory."""
    return (
        1 <= cost.passes <= MAX_PASSES
        and 1 <= cost.lanes <= MAX_LANES
        and 8 * cost.lanes <= cost.memory_kib <= MAX_MEMORY_KIB
    )


def _is_newer(data: bytes) -> bool:
    try:
        seen = json.loads(data)
    except (ValueError, RecursionError):
        return False
    number = seen.get("format") if isinstance(seen, dict) else None
    return isinstance(number, int) and number > FORMAT


def _plain(key_file: KeyFile) -> Any:
    """As dicts and lists; what the first format did not have is left out of it."""
    plain = codec.plain(key_file)
    if key_file.format == FIRST_FORMAT:
        del plain["mark"]
        for slot in plain["slots"]:
            for name in ("recipient", "ephemeral", "label", "confirmed"):
                del slot[name]
    return plain


def _checksum(key_file: KeyFile) -> str:
    return sha256(to_bytes(replace(key_file, checksum=""))).hexdigest()


def _well_formed(key_file: KeyFile) -> bool:
    """Shapes and bounds: a hostile file must cost neither minutes nor memory."""
    kinds = [slot.kind for slot in key_file.slots]
    # What opens a quick unlock does not lie here: it is made anew at every unlock.
    allowed = len(set(kinds)) == len(kinds) and SlotKind.KEYSTORE not in kinds
    return (
        allowed
        and key_file.format >= FIRST_FORMAT
        and key_file.generation > 0
        and len(key_file.signing_keys) <= MAX_SIGNING_KEYS
        and all(_is_hex(text, SALT_BYTES) for text in (key_file.vault_id, key_file.db_salt))
        and (key_file.format == FIRST_FORMAT or _is_hex(key_file.mark, KEY_BYTES))
        and all(_slot_fits(each) for each in key_file.slots)
        and all(_signing_key_fits(each) for each in key_file.signing_keys)
    )


def _slot_fits(slot: Slot) -> bool:
    sealed_to = (slot.recipient, slot.ephemeral)
    return (
        (slot.cost is None or bounded(slot.cost))
        and _is_hex(slot.salt, SALT_BYTES)
        and all(_is_hex(text) for text in (slot.check, slot.nonce, slot.wrapped))
        and all(not text or _is_hex(text, KEY_BYTES) for text in sealed_to)
        and len(slot.label) <= MAX_LABEL
    )


def _signing_key_fits(key: SigningKey) -> bool:
    retired = not (key.slot or key.nonce or key.wrapped)
    return _is_hex(key.public_key, KEY_BYTES) and (
        retired or (_is_hex(key.nonce) and _is_hex(key.wrapped))
    )


def _is_hex(text: str, size: int | None = None) -> bool:
    """Lower-case hex of `size` bytes, or of one byte at least."""
    whole = len(text) >= 2 and len(text) % 2 == 0 and not set(text) - set("0123456789abcdef")
    return whole and (size is None or len(text) == 2 * size)
