"""The key file: its records, its one byte form, and its two generations on disk. No cryptography.

    vault.key        the current generation
    vault.key.old    the one before it; read only when the current one is damaged or gone

A key file holds nothing that opens a vault without the passphrase. Argon2 memory is in KiB, byte
fields are hex.
"""

import errno
import json
import os
from dataclasses import dataclass, replace
from enum import StrEnum
from pathlib import Path

from scribe import codec
from scribe.errors import BadInput, DiskFull, StoreError, VaultDamaged, VaultMissing
from scribe.files import write_whole

CURRENT = "vault.key"
PREVIOUS = "vault.key.old"

FORMAT = 1
KEY_BYTES = 32
SALT_BYTES = 16
MAX_BYTES = 4096
MAX_MEMORY_KIB = 1024 * 1024
MAX_PASSES = 10
MAX_LANES = 16
MAX_SLOTS = 8

FULL = (errno.ENOSPC, errno.EFBIG, errno.EDQUOT)
"""What the operating system says when there is no room."""

_DAMAGED = "The key file of this vault is not what was written."


class SlotKind(StrEnum):
    """Ways to reach the root key; only the passphrase slot is made so far."""

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
    """One wrapped copy of the root key. All byte fields are hex; `cost` is None where no
    passphrase is stretched.
    """

    id: str
    kind: SlotKind
    cost: KdfCost | None
    salt: str
    check: str
    nonce: str
    wrapped: str


@dataclass(frozen=True, slots=True, kw_only=True)
class SigningKey:
    """An Ed25519 key: public in the clear, private wrapped under the passphrase slot `slot`."""

    slot: str
    public_key: str
    nonce: str
    wrapped: str


@dataclass(frozen=True, slots=True, kw_only=True)
class KeyFile:
    """What stands in the key file: nothing in it opens anything without the passphrase."""

    format: int
    vault_id: str
    generation: int
    db_salt: str
    slots: tuple[Slot, ...]
    signing_keys: tuple[SigningKey, ...]
    checksum: str = ""


def sealed(key_file: KeyFile) -> KeyFile:
    """The same key file with the checksum that tells damage from a wrong passphrase."""
    return replace(key_file, checksum=_checksum(key_file))


def to_bytes(key_file: KeyFile) -> bytes:
    """The only byte form of a key file (JSON, sorted keys)."""
    return codec.canonical(key_file)


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
    costs = [slot.cost for slot in key_file.slots if slot.cost is not None]
    salts = [key_file.vault_id, key_file.db_salt, *(slot.salt for slot in key_file.slots)]
    if (
        key_file.checksum != _checksum(key_file)
        or codec.canonical(key_file) != data
        or len(key_file.slots) > MAX_SLOTS
        or not all(bounded(cost) for cost in costs)
        or not all(_is_hex(text) for text in _hex_fields(key_file))
        or not all(len(salt) == 2 * SALT_BYTES for salt in salts)
    ):
        raise VaultDamaged(_DAMAGED)
    return key_file


# ---------------------------------------------------------------- on disk


def exists(folder: Path) -> bool:
    """Whether a key file, of either generation, lies in this folder."""
    return (folder / CURRENT).exists() or (folder / PREVIOUS).exists()


def write(folder: Path, key_file: KeyFile) -> None:
    """Make `key_file` the current generation; the one before it stays readable at every instant.

    Raises DiskFull, StoreError.
    """
    content = to_bytes(key_file)
    current, previous = folder / CURRENT, folder / PREVIOUS
    try:
        # A damaged current file must never push out the good generation it was restored from.
        kept = to_bytes(read(folder)[0]) if exists(folder) else content
        write_whole(previous, kept)
        sync_folder(folder)
        write_whole(current, content)
        sync_folder(folder)
    except OSError as exc:
        raise _write_fault(exc) from exc


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


def _write_fault(error: OSError) -> StoreError:
    if error.errno in FULL:
        return DiskFull("The disk is full; the key file was left as it was.")
    return StoreError(f"The key file could not be written ({error.strerror}).")


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


def _checksum(key_file: KeyFile) -> str:
    return codec.sha256(replace(key_file, checksum=""))


def _hex_fields(key_file: KeyFile) -> tuple[str, ...]:
    slots = [text for s in key_file.slots for text in (s.salt, s.check, s.nonce, s.wrapped)]
    signing = [text for k in key_file.signing_keys for text in (k.public_key, k.nonce, k.wrapped)]
    return (key_file.vault_id, key_file.db_salt, *slots, *signing)


def _is_hex(text: str) -> bool:
    return len(text) >= 2 and len(text) % 2 == 0 and not set(text) - set("0123456789abcdef")
