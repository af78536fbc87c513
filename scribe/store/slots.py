"""The slots of a key file: making and opening each kind. Pure; no file is touched here.

    passphrase  --Argon2id-->  KEK   also wraps the clinician's signing key
    recovery    --HKDF------>  KEK   32 random bytes, on paper
    keystore    --HKDF------>  KEK   32 random bytes, in the keystore of the operating system
    escrow      --X25519---->  KEK   agreed with the public key of the clinic

    KEK --> key-check value            is this the right secret?
        --> AES-256-GCM(root key)      bound to the slot and to the vault

The secret of a recovery key is an X25519 key as well: a slot of another file (psychotherapy notes)
is sealed to its public half while the paper is in its drawer.
"""

import hmac
from dataclasses import replace
from secrets import token_bytes

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from scribe import codec
from scribe.errors import BadInput, VaultDamaged, WrongKey, WrongPassphrase
from scribe.signoff import signature
from scribe.store import kdf
from scribe.store.kdf import Kek
from scribe.store.keyfile import (
    FIRST_FORMAT,
    SALT_BYTES,
    KdfCost,
    KeyFile,
    SigningKey,
    Slot,
    SlotKind,
)

NONCE_BYTES = 12


# ---------------------------------------------------------------- making


def with_passphrase(base: KeyFile, root: bytes, passphrase: str, cost: KdfCost) -> Slot:
    """A passphrase slot. Raises StoreError when memory runs out."""
    bare = _bare("p1", SlotKind.PASSPHRASE, cost=cost)
    return _filled(base, bare, _stretched(bare, passphrase), root)


def with_recovery(base: KeyFile, root: bytes, secret: bytes) -> Slot:
    """A recovery slot, not yet confirmed; its recipient is the public half of `secret`."""
    public = _recovery_private(secret).public_key().public_bytes_raw()
    bare = replace(_bare("r1", SlotKind.RECOVERY), recipient=public.hex())
    return _filled(base, bare, _expanded(bare, secret), root)


def with_sealed_recovery(base: KeyFile, root: bytes, recipient: bytes) -> Slot:
    """A recovery slot of another key file, for the recovery key whose public half this is."""
    return _sealed(base, _bare("r1", SlotKind.RECOVERY), root, recipient)


def with_keystore(base: KeyFile, root: bytes, secret: bytes, label: str) -> Slot:
    """A slot for a secret in the operating system's keystore; `label` is bound to it."""
    bare = replace(_bare("k1", SlotKind.KEYSTORE), label=label)
    return _filled(base, bare, _expanded(bare, secret), root)


def with_escrow(base: KeyFile, root: bytes, recipient: bytes, label: str) -> Slot:
    """A slot that the holder of the private half of `recipient` (32 bytes) can open.

    Raises BadInput when `recipient` is no public key at all.
    """
    return _sealed(base, replace(_bare("e1", SlotKind.ESCROW), label=label), root, recipient)


def _sealed(base: KeyFile, kind: Slot, root: bytes, recipient: bytes) -> Slot:
    ours = X25519PrivateKey.generate()
    public = ours.public_key().public_bytes_raw()
    bare = replace(kind, recipient=recipient.hex(), ephemeral=public.hex())
    try:
        shared = ours.exchange(X25519PublicKey.from_public_bytes(recipient))
    except ValueError as exc:
        raise BadInput("The public key is not one.") from exc
    return _filled(base, bare, _expanded(bare, shared), root)


def with_signing_key(base: KeyFile, slot: Slot, kek: Kek, private: bytes) -> SigningKey:
    """A raw Ed25519 private key under the passphrase slot that `kek` opens."""
    public = signature.public_key_of(private).hex()
    nonce = token_bytes(NONCE_BYTES)
    header = _signing_header(base, slot.id, public)
    wrapped = AESGCM(kek.signing).encrypt(nonce, private, header)
    return SigningKey(slot=slot.id, public_key=public, nonce=nonce.hex(), wrapped=wrapped.hex())


# ---------------------------------------------------------------- opening


def open_passphrase(key_file: KeyFile, passphrase: str) -> Kek:
    """What the passphrase opens. Raises WrongPassphrase, VaultDamaged, StoreError."""
    slot = key_file.slot(SlotKind.PASSPHRASE)
    if slot is not None:
        kek = _stretched(slot, passphrase)
        if _right(slot, kek):
            return kek
    raise WrongPassphrase("This passphrase does not open the vault.")


def open_secret(key_file: KeyFile, slot: Slot, secret: bytes) -> bytes:
    """The root key, by the random secret of a recovery or keystore slot.

    Raises WrongKey, VaultDamaged.
    """
    kek = _expanded(slot, secret)
    if not _right(slot, kek):
        raise WrongKey("This key does not open the vault.")
    return root_of(key_file, slot, kek)


def open_recovery(key_file: KeyFile, slot: Slot, secret: bytes) -> bytes:
    """The root key, by the recovery key's secret, whichever way the slot was made.

    Raises WrongKey, VaultDamaged.
    """
    if slot.ephemeral:
        private = _recovery_private(secret).private_bytes_raw()
        return open_escrow(key_file, slot, private)
    return open_secret(key_file, slot, secret)


def open_escrow(key_file: KeyFile, slot: Slot, private: bytes) -> bytes:
    """The root key, by the raw X25519 private key a slot is sealed to. Raises WrongKey,
    VaultDamaged.
    """
    try:
        ephemeral = X25519PublicKey.from_public_bytes(bytes.fromhex(slot.ephemeral))
        shared = X25519PrivateKey.from_private_bytes(private).exchange(ephemeral)
    except ValueError as exc:
        raise VaultDamaged("A sealed slot of the key file is not what was written.") from exc
    return open_secret(key_file, slot, shared)


def root_of(key_file: KeyFile, slot: Slot, kek: Kek) -> bytes:
    """The root key in a slot whose secret is right. Raises VaultDamaged."""
    return _unwrap(kek.root, slot.nonce, slot.wrapped, _slot_header(key_file, slot))


def signing_key_of(key_file: KeyFile, kek: Kek) -> bytes:
    """The raw Ed25519 private key of the passphrase slot that `kek` opens. Raises VaultDamaged."""
    slot = key_file.slot(SlotKind.PASSPHRASE)
    for key in key_file.signing_keys:
        if slot is not None and key.slot == slot.id:
            header = _signing_header(key_file, key.slot, key.public_key)
            return _unwrap(kek.signing, key.nonce, key.wrapped, header)
    raise VaultDamaged("The key file holds no signing key for this passphrase.")


# ---------------------------------------------------------------- inside


def _bare(name: str, kind: SlotKind, cost: KdfCost | None = None) -> Slot:
    salt = token_bytes(SALT_BYTES).hex()
    return Slot(id=name, kind=kind, cost=cost, salt=salt, check="", nonce="", wrapped="")


def _filled(base: KeyFile, bare: Slot, kek: Kek, root: bytes) -> Slot:
    nonce = token_bytes(NONCE_BYTES)
    wrapped = AESGCM(kek.root).encrypt(nonce, root, _slot_header(base, bare))
    return replace(bare, check=kek.check.hex(), nonce=nonce.hex(), wrapped=wrapped.hex())


def _stretched(slot: Slot, passphrase: str) -> Kek:
    if slot.cost is None:
        raise VaultDamaged("A passphrase slot of the key file has no cost.")
    return kdf.stretch(passphrase, bytes.fromhex(slot.salt), slot.cost)


def _expanded(slot: Slot, secret: bytes) -> Kek:
    sealed_to = bytes.fromhex(slot.recipient + slot.ephemeral)
    return kdf.expand(secret, bytes.fromhex(slot.salt), slot.kind.value.encode() + sealed_to)


def _recovery_private(secret: bytes) -> X25519PrivateKey:
    seed = kdf.expand(secret, bytes(SALT_BYTES), b"recovery seal").root
    return X25519PrivateKey.from_private_bytes(seed)


def _right(slot: Slot, kek: Kek) -> bool:
    return hmac.compare_digest(kek.check.hex(), slot.check)


def _unwrap(key: bytes, nonce: str, wrapped: str, header: bytes) -> bytes:
    try:
        return AESGCM(key).decrypt(bytes.fromhex(nonce), bytes.fromhex(wrapped), header)
    except (InvalidTag, ValueError) as exc:
        raise VaultDamaged("The secret is right, but the key it guards is damaged.") from exc


def _slot_header(key_file: KeyFile, slot: Slot) -> bytes:
    """Everything a wrapped root key is bound to; a slot moved or edited no longer opens."""
    about = [slot.id, slot.kind.value, codec.plain(slot.cost), slot.salt]
    if key_file.format != FIRST_FORMAT:
        about += [slot.recipient, slot.ephemeral, slot.label]
    return codec.canonical(
        {
            "use": "root",
            "format": key_file.format,
            "vault": key_file.vault_id,
            "db_salt": key_file.db_salt,
            "slot": about,
        }
    )


def _signing_header(key_file: KeyFile, slot_id: str, public_key: str) -> bytes:
    return codec.canonical(["signing", key_file.format, key_file.vault_id, slot_id, public_key])
