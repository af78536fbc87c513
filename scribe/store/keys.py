"""The keys of a vault: slots, wrapping, derivation. Pure bytes in and out; no file is touched here.

    passphrase --Argon2id--> KEK --HKDF--> key-check value   (is this the right passphrase?)
                                      +--> AES-256-GCM(DRK)      one per slot
                                      +--> AES-256-GCM(Ed25519)  the clinician's signing key
    DRK (32 random bytes) --HKDF--> database key, audit key, wrapping key

Secrets never appear in a repr or an error. Key sizes are in bytes, Argon2 memory in KiB.
"""

import hmac
import time
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from secrets import token_bytes

from argon2.exceptions import HashingError
from argon2.low_level import Type, hash_secret_raw
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF, HKDFExpand

from scribe import codec
from scribe.errors import BadInput, StoreError, VaultDamaged, WrongPassphrase
from scribe.signoff import signature
from scribe.store.keyfile import (
    FORMAT,
    KEY_BYTES,
    MAX_MEMORY_KIB,
    SALT_BYTES,
    KdfCost,
    KeyFile,
    SigningKey,
    Slot,
    SlotKind,
    bounded,
    sealed,
)

NONCE_BYTES = 12
MIN_PASSPHRASE = 12
"""Shortest passphrase taken when a vault is created, in characters after normalisation."""


FLOOR = KdfCost(memory_kib=64 * 1024, passes=3, lanes=4)
"""Never cheaper than this (RFC 9106, section 4, second recommended option)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class VaultKeys:
    """The keys an open vault works with, 32 bytes each; kept out of every repr."""

    database: bytes = field(repr=False)
    audit: bytes = field(repr=False)
    wrap: bytes = field(repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Stretched:
    """The three uses of a stretched passphrase, apart from each other."""

    check: bytes = field(repr=False)
    root: bytes = field(repr=False)
    signing: bytes = field(repr=False)


# ---------------------------------------------------------------- making and opening


def new_key_file(
    passphrase: str, *, cost: KdfCost = FLOOR, test_cost: KdfCost | None = None
) -> tuple[KeyFile, VaultKeys]:
    """A fresh root key, salt and signing key behind one passphrase slot.

    `test_cost` replaces `cost` without a floor and is for tests only. Raises BadInput when the
    passphrase is too short or `cost` is cheaper than FLOOR or dearer than what is read back.
    """
    if len(_normal(passphrase)) < MIN_PASSPHRASE:
        raise BadInput(
            f"The passphrase is shorter than {MIN_PASSPHRASE} characters.",
            advice="Nothing was created. Four or five random words make a good passphrase.",
        )
    if test_cost is None and (
        cost.memory_kib < FLOOR.memory_kib or cost.passes < FLOOR.passes or not bounded(cost)
    ):
        raise BadInput("The cost of a passphrase guess is outside the allowed range.")
    chosen = test_cost or cost
    root = token_bytes(KEY_BYTES)
    vault_id, db_salt = token_bytes(SALT_BYTES).hex(), token_bytes(SALT_BYTES).hex()
    empty = KeyFile(
        format=FORMAT, vault_id=vault_id, generation=1, db_salt=db_salt, slots=(), signing_keys=()
    )
    bare = Slot(
        id="p1",
        kind=SlotKind.PASSPHRASE,
        cost=chosen,
        salt=token_bytes(SALT_BYTES).hex(),
        check="",
        nonce="",
        wrapped="",
    )
    stretched = _stretch(passphrase, bare)
    nonce = token_bytes(NONCE_BYTES)
    slot = replace(
        bare,
        check=stretched.check.hex(),
        nonce=nonce.hex(),
        wrapped=AESGCM(stretched.root).encrypt(nonce, root, _slot_header(empty, bare)).hex(),
    )
    key_file = replace(
        empty, slots=(slot,), signing_keys=(_new_signing_key(empty, slot, stretched),)
    )
    return sealed(key_file), derive(root, vault_id)


def unlock(key_file: KeyFile, passphrase: str) -> VaultKeys:
    """The working keys of this vault.

    Raises WrongPassphrase, or VaultDamaged when the passphrase is right and the slot is not
    what was written.
    """
    slot, stretched = _open_slot(key_file, passphrase)
    root = _unwrap(stretched.root, slot.nonce, slot.wrapped, _slot_header(key_file, slot))
    return derive(root, key_file.vault_id)


def unlock_signing_key(key_file: KeyFile, passphrase: str) -> bytes:
    """The clinician's raw Ed25519 private key (32 bytes), from the passphrase itself each time.

    Raises WrongPassphrase, VaultDamaged.
    """
    slot, stretched = _open_slot(key_file, passphrase)
    for key in key_file.signing_keys:
        if key.slot == slot.id:
            header = _signing_header(key_file, key.slot, key.public_key)
            return _unwrap(stretched.signing, key.nonce, key.wrapped, header)
    raise VaultDamaged("The key file holds no signing key for this passphrase.")


def derive(root: bytes, vault_id: str) -> VaultKeys:
    """HKDF-SHA256 (RFC 5869): three independent 32-byte keys from the root key of one vault."""

    def key(label: bytes) -> bytes:
        salt = bytes.fromhex(vault_id)
        info = b"clinic-scribe " + label
        return HKDF(algorithm=SHA256(), length=KEY_BYTES, salt=salt, info=info).derive(root)

    return VaultKeys(database=key(b"database"), audit=key(b"audit"), wrap=key(b"wrap"))


def wrap(key: bytes, secret: bytes, *, about: str) -> bytes:
    """`secret` under `key`, bound to what it belongs to; nonce first."""
    nonce = token_bytes(NONCE_BYTES)
    return nonce + AESGCM(key).encrypt(nonce, secret, about.encode())


def unwrap(key: bytes, wrapped: bytes, *, about: str) -> bytes:
    """The inverse of `wrap`. Raises VaultDamaged."""
    nonce, sealed_secret = wrapped[:NONCE_BYTES], wrapped[NONCE_BYTES:]
    try:
        return AESGCM(key).decrypt(nonce, sealed_secret, about.encode())
    except (InvalidTag, ValueError) as exc:
        raise VaultDamaged("A wrapped key in the vault is not what was written.") from exc


def calibrate(target: float = 1.0, *, measure: Callable[[KdfCost], float] | None = None) -> KdfCost:
    """The dearest cost, doubling memory from FLOOR, that stays within `target` seconds here.

    `measure` returns the seconds that one guess takes; by default it is tried out.
    """
    timed = measure or _seconds
    best = FLOOR
    while best.memory_kib * 2 <= MAX_MEMORY_KIB:
        dearer = replace(best, memory_kib=best.memory_kib * 2)
        if timed(dearer) > target:
            break
        best = dearer
    return best


# ---------------------------------------------------------------- inside


def _new_signing_key(key_file: KeyFile, slot: Slot, stretched: _Stretched) -> SigningKey:
    private = signature.new_private_key()
    public = signature.public_key_of(private).hex()
    nonce = token_bytes(NONCE_BYTES)
    header = _signing_header(key_file, slot.id, public)
    wrapped = AESGCM(stretched.signing).encrypt(nonce, private, header)
    return SigningKey(slot=slot.id, public_key=public, nonce=nonce.hex(), wrapped=wrapped.hex())


def _open_slot(key_file: KeyFile, passphrase: str) -> tuple[Slot, _Stretched]:
    for slot in key_file.slots:
        if slot.kind is SlotKind.PASSPHRASE:
            stretched = _stretch(passphrase, slot)
            if hmac.compare_digest(stretched.check.hex(), slot.check):
                return slot, stretched
    raise WrongPassphrase("This passphrase does not open the vault.")


def _stretch(passphrase: str, slot: Slot) -> _Stretched:
    cost = slot.cost
    if cost is None:
        raise VaultDamaged("A passphrase slot of the key file has no cost.")
    try:
        kek = hash_secret_raw(
            _normal(passphrase).encode("utf-8", "surrogatepass"),
            bytes.fromhex(slot.salt),
            time_cost=cost.passes,
            memory_cost=cost.memory_kib,
            parallelism=cost.lanes,
            hash_len=KEY_BYTES,
            type=Type.ID,
        )
    except HashingError as exc:
        raise StoreError(
            f"Checking the passphrase needs {cost.memory_kib // 1024} MB of free memory.",
            advice="Nothing was changed. Close other programs and try again.",
        ) from exc

    def use(label: bytes, length: int) -> bytes:
        info = b"clinic-scribe slot " + label
        return HKDFExpand(algorithm=SHA256(), length=length, info=info).derive(kek)

    return _Stretched(
        check=use(b"check", 16), root=use(b"root", KEY_BYTES), signing=use(b"signing", KEY_BYTES)
    )


def _unwrap(key: bytes, nonce: str, wrapped: str, header: bytes) -> bytes:
    try:
        return AESGCM(key).decrypt(bytes.fromhex(nonce), bytes.fromhex(wrapped), header)
    except (InvalidTag, ValueError) as exc:
        raise VaultDamaged("The passphrase is right, but the key it guards is damaged.") from exc


def _slot_header(key_file: KeyFile, slot: Slot) -> bytes:
    """Everything a wrapped root key is bound to; a slot moved or edited no longer opens."""
    return codec.canonical(
        {
            "use": "root",
            "format": key_file.format,
            "vault": key_file.vault_id,
            "db_salt": key_file.db_salt,
            "slot": [slot.id, slot.kind.value, codec.plain(slot.cost), slot.salt],
        }
    )


def _signing_header(key_file: KeyFile, slot_id: str, public_key: str) -> bytes:
    return codec.canonical(["signing", key_file.format, key_file.vault_id, slot_id, public_key])


def _normal(passphrase: str) -> str:
    # Keyboards compose accents differently; NFKC makes them the same passphrase.
    return unicodedata.normalize("NFKC", passphrase)


def _seconds(cost: KdfCost) -> float:
    slot = Slot(
        id="", kind=SlotKind.PASSPHRASE, cost=cost, salt="00" * 16, check="", nonce="", wrapped=""
    )
    started = time.perf_counter()
    _stretch("calibration", slot)
    return time.perf_counter() - started
