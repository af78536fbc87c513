"""The keys of a vault: from the root key to what an open vault works with, and the mark that tells
a key file of ours from one that somebody else put together. Pure bytes in and out.

    DRK (32 random bytes) --HKDF--> keys of database, audit log, wrapping, key file, backups

Secrets never appear in a repr or an error. Key sizes are in bytes.
"""

import hmac
from dataclasses import dataclass, field, replace
from secrets import token_bytes

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from scribe.errors import VaultDamaged
from scribe.signoff import signature
from scribe.store import kdf, keyfile, slots
from scribe.store.kdf import FLOOR, Kek, calibrate
from scribe.store.keyfile import (
    FIRST_FORMAT,
    FORMAT,
    KEY_BYTES,
    SALT_BYTES,
    KdfCost,
    KeyFile,
    SlotKind,
)

__all__ = [
    "FLOOR",
    "Entry",
    "VaultKeys",
    "calibrate",
    "derive",
    "enter",
    "finished",
    "new_key_file",
    "new_root",
    "require_mark",
    "unlock",
    "unlock_signing_key",
    "unwrap",
    "wrap",
]


@dataclass(frozen=True, slots=True, kw_only=True)
class VaultKeys:
    """The keys an open vault works with, 32 bytes each; kept out of every repr."""

    database: bytes = field(repr=False)
    audit: bytes = field(repr=False)
    wrap: bytes = field(repr=False)
    file: bytes = field(repr=False)
    backup: bytes = field(repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """What the passphrase gives: for the length of one act, never kept."""

    root: bytes = field(repr=False)
    kek: Kek = field(repr=False)
    keys: VaultKeys


def new_key_file(
    passphrase: str, *, cost: KdfCost = FLOOR, test_cost: KdfCost | None = None
) -> tuple[KeyFile, VaultKeys]:
    """A fresh root key, salt and signing key behind one passphrase slot.

    `test_cost` replaces `cost` without a floor and is for tests only. Raises BadInput when the
    passphrase is too short or `cost` is cheaper than FLOOR or dearer than what is read back.
    """
    key_file, root = new_root(passphrase, cost=cost, test_cost=test_cost)
    return key_file, derive(root, key_file.vault_id)


def new_root(
    passphrase: str, *, cost: KdfCost, test_cost: KdfCost | None = None
) -> tuple[KeyFile, bytes]:
    """Like `new_key_file`, with the root key itself, so that more slots can be made."""
    kdf.require_good(passphrase)
    if test_cost is None:
        kdf.require_dear(cost)
    root = token_bytes(KEY_BYTES)
    empty = KeyFile(
        format=FORMAT,
        vault_id=token_bytes(SALT_BYTES).hex(),
        generation=1,
        db_salt=token_bytes(SALT_BYTES).hex(),
        slots=(),
        signing_keys=(),
    )
    slot = slots.with_passphrase(empty, root, passphrase, test_cost or cost)
    kek = slots.open_passphrase(replace(empty, slots=(slot,)), passphrase)
    signing = slots.with_signing_key(empty, slot, kek, signature.new_private_key())
    made = replace(empty, slots=(slot,), signing_keys=(signing,))
    return finished(made, derive(root, made.vault_id).file), root


def enter(key_file: KeyFile, passphrase: str) -> Entry:
    """Everything the passphrase gives, and the proof that this key file is ours.

    Raises WrongPassphrase, or VaultDamaged when the passphrase is right and something is not
    what was written.
    """
    kek = slots.open_passphrase(key_file, passphrase)
    slot = key_file.slot(SlotKind.PASSPHRASE)
    assert slot is not None  # it has just been opened
    root = slots.root_of(key_file, slot, kek)
    keys = derive(root, key_file.vault_id)
    require_mark(key_file, keys.file)
    return Entry(root=root, kek=kek, keys=keys)


def unlock(key_file: KeyFile, passphrase: str) -> VaultKeys:
    """The working keys of this vault. Raises WrongPassphrase, VaultDamaged."""
    return enter(key_file, passphrase).keys


def unlock_signing_key(key_file: KeyFile, passphrase: str) -> bytes:
    """The clinician's raw Ed25519 private key (32 bytes), from the passphrase itself each time.

    Raises WrongPassphrase, VaultDamaged.
    """
    return slots.signing_key_of(key_file, enter(key_file, passphrase).kek)


def derive(root: bytes, vault_id: str) -> VaultKeys:
    """HKDF-SHA256 (RFC 5869): independent 32-byte keys from the root key of one vault."""

    def key(label: bytes) -> bytes:
        salt = bytes.fromhex(vault_id)
        info = b"clinic-scribe " + label
        return HKDF(algorithm=SHA256(), length=KEY_BYTES, salt=salt, info=info).derive(root)

    return VaultKeys(
        database=key(b"database"),
        audit=key(b"audit"),
        wrap=key(b"wrap"),
        file=key(b"key file"),
        backup=key(b"backup"),
    )


def finished(key_file: KeyFile, file_key: bytes) -> KeyFile:
    """The same key file with its mark and its checksum."""
    bare = replace(key_file, mark="", checksum="")
    return keyfile.sealed(replace(bare, mark=_mark(bare, file_key)))


def require_mark(key_file: KeyFile, file_key: bytes) -> None:
    """Refuse a key file that was not written with this key: a slot taken out or put in, another
    clinic's key, another public key. The first format had no mark. Raises VaultDamaged.
    """
    if key_file.format == FIRST_FORMAT:
        return
    bare = replace(key_file, mark="", checksum="")
    if not hmac.compare_digest(key_file.mark, _mark(bare, file_key)):
        raise VaultDamaged("The key file of this vault was changed by another program.")


def wrap(key: bytes, secret: bytes, *, about: str) -> bytes:
    """`secret` under `key`, bound to what it belongs to; nonce first."""
    nonce = token_bytes(slots.NONCE_BYTES)
    return nonce + AESGCM(key).encrypt(nonce, secret, about.encode())


def unwrap(key: bytes, wrapped: bytes, *, about: str) -> bytes:
    """The inverse of `wrap`. Raises VaultDamaged."""
    nonce, sealed_secret = wrapped[: slots.NONCE_BYTES], wrapped[slots.NONCE_BYTES :]
    try:
        return AESGCM(key).decrypt(nonce, sealed_secret, about.encode())
    except (InvalidTag, ValueError) as exc:
        raise VaultDamaged("A wrapped key in the vault is not what was written.") from exc


def _mark(bare: KeyFile, file_key: bytes) -> str:
    return hmac.digest(file_key, b"key file\x00" + keyfile.to_bytes(bare), "sha256").hex()
